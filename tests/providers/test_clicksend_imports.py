"""Contacts from a file that the application has put somewhere."""

import pytest

from receivers import receiving

COLUMNS = ["phone", "first_name", "last_name", "custom1", "email"]
FILE = b"0491 570 156,Ellen,Diaz,gold,ellen@example.com\n+61491570157,Cody,,,\n"


@pytest.fixture
def people(clicksend):
    return clicksend.list()


@pytest.fixture
def imported(clicksend, people):
    """The answer to an import of a file with this content, and the contacts that the list then has."""

    def run(content, columns=COLUMNS, status=200, path="/lists/{}/import"):
        with receiving(answer=lambda _: (status, {}, content)) as host:
            said = clicksend.post(path.format(people), file_url=f"{host.url}/x.csv", field_order=columns)
        return said, clicksend.rows(f"/lists/{people}/contacts")

    return run


def phones(contacts):
    return [one["phone_number"] for one in contacts]


def test_each_row_becomes_a_contact(imported):
    said, (ellen, cody) = imported(FILE)
    assert (said["http_code"], said["response_msg"]) == (200, "Your file is now queued.")
    assert said["data"] == {"msg": "Messages put on queue.", "ids": [said["data"]["id"]], "id": said["data"]["id"]}
    assert [ellen[name] for name in ("phone_number", "first_name", "last_name", "custom_1", "email")] == [
        "+61491570156", "Ellen", "Diaz", "gold", "ellen@example.com",
    ]  # fmt: skip
    assert (cody["phone_number"], cody["last_name"]) == ("+61491570157", "")


def test_a_row_that_names_the_columns_is_no_contact(imported):
    assert phones(imported(b"phone,first_name,last_name,custom1,email\n" + FILE)[1]) == ["+61491570156", "+61491570157"]


def test_the_columns_may_be_a_text_with_commas_and_one_may_be_skipped(imported):
    assert phones(imported(b"Ellen,42,+61491570156\n", "first_name,,phone")[1]) == ["+61491570156"]


def test_marks_quotes_and_line_ends_of_spreadsheets_are_read(imported):
    _, [contact] = imported('\ufeff+61491570156,"Müller, Jörg"\r\n\r\n'.encode(), ["phone", "first_name"])
    assert contact["first_name"] == "Müller, Jörg"


def test_the_preview_is_the_first_row_and_adds_nobody(imported):
    said, contacts = imported(FILE, path="/lists/{}/import-csv-preview")
    assert (said["response_msg"], contacts) == ("Your file preview.", [])
    assert said["data"] == {"row": ["0491 570 156", "Ellen", "Diaz", "gold", "ellen@example.com"]}


@pytest.mark.parametrize(("content", "status"), [(FILE, 404), (b"", 302), (b"\xff\xfe\x00", 200), (b"+61" * 3_000_000, 200)])
def test_what_cannot_be_fetched_or_read_is_refused_and_adds_nobody(imported, content, status):
    said, contacts = imported(content, status=status)
    assert (said["http_code"], said["response_code"], contacts) == (400, "BAD_REQUEST", [])


@pytest.mark.parametrize("url", ["http://93.184.216.34/x.csv", "http://169.254.169.254/latest/meta-data"])
def test_a_file_is_fetched_from_where_receipts_may_go_only(clicksend, people, control, url):
    assert clicksend.post(f"/lists/{people}/import", file_url=url, field_order=["phone"])["http_code"] == 400
    assert "no private address" in control.exchange()["refusal"]["detail"]
