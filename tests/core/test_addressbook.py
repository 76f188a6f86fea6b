from collections import Counter

import pytest
from core_builders import PHONE, START, account, after, new_contact, new_list, new_smsc, phones, send, submission

from emulator.core.addressbook import AddressBook
from emulator.core.clock import ManualClock
from emulator.core.contacts import Contact
from emulator.core.errors import Reason, Refusal
from emulator.core.ids import IdSource
from emulator.core.message import Accepted, Link, Reply
from emulator.core.optouts import OptOutRules
from emulator.stores.memory import MemoryStore

STOP = OptOutRules(words=frozenset({"stop"}), back=frozenset({"start"}), of_every_sender=True)


def refused(command, *arguments):
    with pytest.raises(Refusal) as caught:
        command(*arguments)
    return caught.value.reason


def names(book, owner="acme-1"):
    return [one.name for one in book.lists(owner)]


def listed(book, contact_list):
    return [contact.phone for contact in book.contacts(contact_list)]


def is_out(smsc, phone=PHONE, owner="acme-1"):
    [outcome] = smsc.submit(account(id=owner), [submission(recipient=phone)])
    return not isinstance(outcome, Accepted)


@pytest.fixture
def smsc():
    return new_smsc(account(), account(id="acme-2", login="road"), opt_out=STOP)


@pytest.fixture
def opt_outs(smsc):
    return new_list(smsc, name="Opt-Out List", is_opt_out=True)


# Lists


def test_lists_stand_in_the_order_they_were_opened_and_may_have_one_name(smsc):
    for name in ("b", "a", "b"):
        smsc.contacts.open_list("acme-1", name)
    assert names(smsc.contacts) == ["b", "a", "b"]


def test_a_list_has_the_number_it_was_given(smsc):
    opened = smsc.contacts.open_list("acme-1", "people", number=428)
    assert smsc.contacts.list_of("acme-1", 428) == smsc.contacts.list_of("acme-1", "428") == opened


def test_a_list_of_another_account_is_not_found(smsc):
    opened = new_list(smsc, PHONE)
    assert refused(smsc.contacts.list_of, "acme-2", opened.number) is Reason.NOT_FOUND
    assert names(smsc.contacts, "acme-2") == []


@pytest.mark.parametrize("number", ["", "x", "0", "-1", "428.0", 10**30])
def test_a_list_that_is_not_there_is_not_found(smsc, number):
    assert refused(smsc.contacts.list_of, "acme-1", number) is Reason.NOT_FOUND


def test_numbers_of_lists_and_contacts_are_unique_over_all_accounts():
    """Even if two accounts drew the same ones."""

    class Same(IdSource):
        def number(self, account, kind):
            return super().number("the same for all", kind) // 2

    store = MemoryStore()
    counted = Counter()

    def next_number(sequence):
        counted[sequence] += 1
        return counted[sequence]

    book = AddressBook(store, Same(0, next_number), ManualClock().now)
    lists = [book.open_list(owner, "people") for owner in ("acme-1", "acme-2", "acme-1")]
    contacts = [book.add(one, phone="", country=None, first_name="", last_name="") for one in lists for _ in range(3)]
    assert len({one.number for one in lists}) == 3
    assert len({one.number for one in contacts}) == store.count(Contact) == 9


def test_a_list_is_renamed_in_its_place(smsc):
    first, _ = new_list(smsc, PHONE, name="first"), new_list(smsc, name="second")
    renamed = smsc.contacts.rename(first, "other")
    assert names(smsc.contacts) == ["other", "second"]
    assert listed(smsc.contacts, renamed) == [PHONE]


def test_closing_a_list_forgets_its_contacts_and_no_others(smsc):
    closed, kept = new_list(smsc, PHONE), new_list(smsc, PHONE, name="kept")
    smsc.contacts.close_list(closed)
    assert names(smsc.contacts) == ["kept"]
    assert [contact.in_list for contact in smsc.store.find(Contact)] == [kept.key]


def test_the_opt_out_list_cannot_be_closed(smsc, opt_outs):
    new_contact(smsc, opt_outs)
    assert refused(smsc.contacts.close_list, opt_outs) is Reason.NOT_PERMITTED
    assert listed(smsc.contacts, opt_outs) == [PHONE]


# Contacts


def test_a_contact_is_found_on_its_list_alone(smsc):
    here, elsewhere = new_list(smsc), new_list(smsc)
    contact = new_contact(smsc, here)
    assert smsc.contacts.contact_of(here, str(contact.number)) == contact
    assert refused(smsc.contacts.contact_of, elsewhere, contact.number) is Reason.NOT_FOUND


def test_a_list_counts_its_contacts(smsc):
    assert smsc.contacts.size(new_list(smsc, *phones(3))) == 3


def test_a_changed_contact_keeps_the_rest_and_says_when_it_was_changed(smsc):
    here = new_list(smsc)
    contact = new_contact(smsc, here, first_name="John", details={"email": "j@example.com"})
    smsc.advance_to(after(60))
    changed = smsc.contacts.change(here, contact, last_name="Doe")
    assert (changed.first_name, changed.last_name, changed.details) == ("John", "Doe", {"email": "j@example.com"})
    assert (changed.created_at, changed.updated_at) == (START, after(60))


def test_a_copy_is_another_contact_with_the_same_facts(smsc):
    here, there = new_list(smsc), new_list(smsc)
    contact = new_contact(smsc, here, first_name="John", details={"email": "j@example.com"})
    copied = smsc.contacts.copy(contact, there)
    assert copied.number != contact.number
    assert (copied.phone, copied.first_name, copied.details) == (PHONE, "John", contact.details)
    assert [smsc.contacts.size(one) for one in (here, there)] == [1, 1]


def test_a_moved_contact_keeps_its_number_and_leaves_its_list(smsc):
    here, there = new_list(smsc), new_list(smsc)
    contact = new_contact(smsc, here)
    moved = smsc.contacts.move(contact, here, there)
    assert moved.number == contact.number
    assert (listed(smsc.contacts, here), listed(smsc.contacts, there)) == ([], [PHONE])


def test_removing_answers_how_many_were_there(smsc):
    here = new_list(smsc, *phones(3))
    two = list(smsc.contacts.contacts(here))[:2]
    assert (smsc.contacts.remove(here, two), smsc.contacts.remove(here, two)) == (2, 0)
    assert smsc.contacts.size(here) == 1


# The opt-out list


def test_who_is_put_on_the_opt_out_list_gets_no_messages(smsc, opt_outs):
    new_contact(smsc, opt_outs)
    assert is_out(smsc)
    assert not is_out(smsc, owner="acme-2")


def test_another_list_opts_nobody_out(smsc, opt_outs):
    new_list(smsc, PHONE)
    assert not is_out(smsc)


def test_who_is_taken_off_the_opt_out_list_gets_messages_again(smsc, opt_outs):
    contact = new_contact(smsc, opt_outs)
    smsc.contacts.remove(opt_outs, [contact])
    assert not is_out(smsc)


def test_a_phone_that_is_on_the_opt_out_list_twice_is_out_until_both_are_gone(smsc, opt_outs):
    first, second = new_contact(smsc, opt_outs), new_contact(smsc, opt_outs)
    smsc.contacts.remove(opt_outs, [first])
    assert is_out(smsc)
    smsc.contacts.remove(opt_outs, [second])
    assert not is_out(smsc)


def test_a_changed_phone_on_the_opt_out_list_is_out_instead_of_the_old_one(smsc, opt_outs):
    contact = new_contact(smsc, opt_outs)
    smsc.contacts.change(opt_outs, contact, phone=phones(1)[0])
    assert (is_out(smsc), is_out(smsc, phones(1)[0])) == (False, True)


def test_a_changed_name_on_the_opt_out_list_changes_nothing_else(smsc, opt_outs):
    smsc.contacts.change(opt_outs, new_contact(smsc, opt_outs), first_name="John")
    assert is_out(smsc)


def test_moving_to_the_opt_out_list_and_back_opts_out_and_in(smsc, opt_outs):
    here = new_list(smsc)
    moved = smsc.contacts.move(new_contact(smsc, here), here, opt_outs)
    assert is_out(smsc)
    smsc.contacts.move(moved, opt_outs, here)
    assert not is_out(smsc)


def test_a_copy_on_the_opt_out_list_is_out(smsc, opt_outs):
    smsc.contacts.copy(new_contact(smsc, new_list(smsc)), opt_outs)
    assert is_out(smsc)


def test_a_contact_without_a_phone_opts_nobody_out(smsc, opt_outs):
    contact = new_contact(smsc, opt_outs, phone="")
    assert not is_out(smsc)
    smsc.contacts.remove(opt_outs, [contact])


def test_stop_puts_the_handset_on_the_opt_out_list_once_with_its_name(smsc, opt_outs):
    new_contact(smsc, new_list(smsc), first_name="John", last_name="Doe")
    for _ in range(2):
        smsc.receive(account(), Reply(PHONE, "+15550001111", "STOP"))
    [contact] = smsc.contacts.contacts(opt_outs)
    assert (contact.phone, contact.first_name, contact.last_name, contact.country) == (PHONE, "John", "Doe", "US")
    assert is_out(smsc)


def test_start_takes_the_handset_off_the_opt_out_list(smsc, opt_outs):
    smsc.receive(account(), Reply(PHONE, "+15550001111", "stop"))
    smsc.receive(account(), Reply(PHONE, "+15550001111", "start"))
    assert listed(smsc.contacts, opt_outs) == []
    assert not is_out(smsc)


def test_start_opts_in_whom_somebody_else_has_put_on_the_opt_out_list(smsc, opt_outs):
    for _ in range(2):
        new_contact(smsc, opt_outs)
    smsc.receive(account(), Reply(PHONE, "+15550001111", "start"))
    assert (listed(smsc.contacts, opt_outs), is_out(smsc)) == ([], False)


def test_an_opt_out_link_puts_its_handset_on_the_list_of_its_account(smsc, opt_outs):
    other = new_list(smsc, by="acme-2", is_opt_out=True)
    sent = send(smsc, links={"x.yz/abc": "opt-out:"})
    smsc.follow("acme", "abc")
    assert listed(smsc.contacts, opt_outs) == [sent.recipient]
    assert listed(smsc.contacts, other) == []
    assert is_out(smsc)


def test_looking_where_an_opt_out_link_leads_opts_nobody_out(smsc, opt_outs):
    send(smsc, links={"x.yz/abc": "opt-out:"})
    smsc.follow("acme", "abc", count=False)
    assert not is_out(smsc)


def test_a_link_remembers_when_it_was_first_opened(smsc):
    send(smsc, links={"x.yz/abc": "https://example.com"})
    for moment in (10, 20):
        smsc.advance_to(after(moment))
        smsc.follow("acme", "abc")
    [link] = smsc.store.find(Link)
    assert (link.clicks, link.opened_at) == (2, after(10))


def test_an_account_without_an_opt_out_list_opts_out_all_the_same(smsc):
    smsc.receive(account(), Reply(PHONE, "+15550001111", "stop"))
    assert is_out(smsc)
    assert names(smsc.contacts) == []
