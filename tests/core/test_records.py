import pytest
from core_builders import START, after

from emulator.core.errors import Reason, Refusal
from emulator.core.ids import IdSource
from emulator.core.records import Records
from emulator.stores.memory import MemoryStore


@pytest.fixture
def records():
    store = MemoryStore()
    return Records(store, IdSource(0, store.next_number))


def is_missing(records, *where):
    with pytest.raises(Refusal) as caught:
        records.row(*where)
    return caught.value.reason is Reason.NOT_FOUND


def test_rows_stand_in_the_order_they_were_added(records):
    for name in ("b", "a"):
        records.add("acme-1", "template", {"name": name}, START)
    assert [row.values["name"] for row in records.rows("acme-1", "template")] == ["b", "a"]


def test_a_row_is_found_by_its_number_in_its_table_and_account_alone(records):
    row = records.add("acme-1", "template", {"name": "a"}, after(5))
    assert records.row("acme-1", "template", str(row.number)) == records.row("acme-1", "template", row.number) == row
    assert row.created_at == after(5)
    assert is_missing(records, "acme-2", "template", row.number)
    assert is_missing(records, "acme-1", "rule", row.number)
    assert is_missing(records, "acme-1", "template", f"0{row.number}")
    assert list(records.rows("acme-2", "template")) == list(records.rows("acme-1", "rule")) == []


def test_a_change_replaces_what_it_names_and_keeps_the_rest(records):
    row = records.add("acme-1", "template", {"name": "a", "body": "x"}, START)
    changed = records.change(row, {"body": "y"})
    assert records.row("acme-1", "template", row.number) == changed
    assert (changed.values, changed.number) == ({"name": "a", "body": "y"}, row.number)


def test_a_removed_row_is_gone_and_its_number_is_not_used_again(records):
    first = records.add("acme-1", "template", {}, START)
    records.remove(first)
    second = records.add("acme-1", "template", {}, START)
    assert [row.number for row in records.rows("acme-1", "template")] == [second.number]
    assert second.number != first.number


def test_what_was_given_may_change_without_changing_the_row(records):
    values = {"name": "a"}
    row = records.add("acme-1", "template", values, START)
    values["name"] = "b"
    assert records.row("acme-1", "template", row.number).values == {"name": "a"}


def test_two_accounts_that_draw_the_same_number_get_different_ones():
    class Same(IdSource):
        def number(self, account, kind):
            return super().number("the same for all", kind) // 2

    store = MemoryStore()
    records = Records(store, Same(0, store.next_number))
    rows = [records.add(owner, "template", {}, START) for owner in ("acme-1", "acme-2", "acme-1", "acme-2")]
    assert len({row.number for row in rows}) == 4
    assert [len(list(records.rows(owner, "template"))) for owner in ("acme-1", "acme-2")] == [2, 2]
