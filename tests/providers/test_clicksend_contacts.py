"""Lists and contacts: what a change leaves alone, what is cleaned up, and how people are found."""

import pytest

PHONE, OTHER = "+61491570156", "+61491570157"


def add(clicksend, number, **facts):
    return clicksend.post(f"/lists/{number}/contacts", **facts)["data"]


def phones(clicksend, number):
    return [row["phone_number"] for row in clicksend.rows(f"/lists/{number}/contacts")]


class TestContacts:
    @pytest.mark.parametrize(
        ("facts", "phone"),
        [
            ({"phone_number": "0491 570 156"}, PHONE),
            ({"phone_number": "07700 900123", "address_country": "GB"}, "+447700900123"),
            ({"phone_number": "0061491570156"}, PHONE),
            ({"phone_number": "not a phone"}, "not a phone"),
            ({"email": "a@example.com"}, ""),
            ({"fax_number": "+61281234567"}, ""),
        ],
    )
    def test_a_number_becomes_international_where_it_can(self, clicksend, facts, phone):
        assert add(clicksend, clicksend.list(), **facts)["phone_number"] == phone

    @pytest.mark.parametrize("facts", [{}, {"first_name": "John"}, {"phone_number": ""}, {"phone_number": None, "email": ""}])
    def test_without_any_way_to_reach_them_nobody_is_added(self, clicksend, facts):
        number = clicksend.list()
        answer = clicksend.post(f"/lists/{number}/contacts", **facts)
        assert (answer["http_code"], answer["data"], phones(clicksend, number)) == (400, None, [])

    def test_one_whose_number_is_none_is_kept_and_not_sent_to(self, clicksend):
        number = clicksend.list(PHONE)
        add(clicksend, number, phone_number="not a phone")
        assert clicksend.campaign(number)["_total_count"] == 1

    def test_an_update_changes_what_it_names(self, clicksend, control):
        number = clicksend.list()
        made = add(clicksend, number, phone_number=PHONE, first_name="John", custom_1="gold", email="a@example.com")
        control.advance(60)
        changed = clicksend.put(f"/lists/{number}/contacts/{made['contact_id']}", first_name="Jane", custom_1=None)["data"]
        assert changed == made | {"first_name": "Jane", "custom_1": "", "date_updated": made["date_updated"] + 60}

    def test_an_update_that_leaves_no_way_to_reach_them_is_refused(self, clicksend):
        number = clicksend.list(PHONE)
        contact = clicksend.rows(f"/lists/{number}/contacts")[0]
        answer = clicksend.put(f"/lists/{number}/contacts/{contact['contact_id']}", phone_number="")
        assert (answer["http_code"], phones(clicksend, number)) == (400, [PHONE])

    def test_those_changed_since_an_instant_are_listed(self, clicksend, control):
        number = clicksend.list(PHONE, OTHER)
        control.advance(60)
        contact = clicksend.rows(f"/lists/{number}/contacts")[0]
        clicksend.put(f"/lists/{number}/contacts/{contact['contact_id']}", last_name="Doe")
        found = clicksend.rows(f"/lists/{number}/contacts", updated_after=1767225600)
        assert [row["phone_number"] for row in found] == [PHONE]

    @pytest.mark.parametrize("form", ["transfer/", ""])
    def test_a_transferred_contact_keeps_its_number_in_both_forms_of_the_path(self, clicksend, form):
        origin, target = clicksend.list(PHONE), clicksend.list()
        contact = clicksend.rows(f"/lists/{origin}/contacts")[0]["contact_id"]
        answer = clicksend.put(f"/lists/{origin}/contacts/{contact}/{form}{target}")
        assert (answer["data"]["contact_id"], answer["data"]["list_id"]) == (contact, target)
        assert (phones(clicksend, origin), phones(clicksend, target)) == ([], [PHONE])


class TestLists:
    def test_a_list_comes_in_the_pages_of_the_newer_paginator(self, clicksend):
        for number in range(20):
            clicksend.post("/lists", list_name=str(number))
        page = clicksend.get("/lists", page=2)["data"]
        url = "http://localhost/clicksend/v3/lists"
        assert (page["path"], page["first_page_url"], page["last_page_url"]) == (url, f"{url}?page=1", f"{url}?page=2")
        assert [(link["label"], link["url"], link["active"]) for link in page["links"]] == [
            ("&laquo; Previous", f"{url}?page=1", False),
            ("1", f"{url}?page=1", False),
            ("2", f"{url}?page=2", True),
            ("Next &raquo;", None, False),
        ]

    def test_lists_may_have_one_name_and_keep_apart(self, clicksend):
        first, second = clicksend.list(PHONE), clicksend.list()
        assert first != second
        assert clicksend.get(f"/lists/{first}")["data"]["_contacts_count"] == 1
        assert (
            clicksend.get(f"/lists/{first}")["data"]["list_email_id"]
            != clicksend.get(f"/lists/{second}")["data"]["list_email_id"]
        )

    def test_deleting_a_list_leaves_the_others(self, clicksend):
        first, second = clicksend.list(PHONE), clicksend.list(PHONE)
        clicksend.delete(f"/lists/{first}")
        assert clicksend.get(f"/lists/{first}")["http_code"] == 404
        assert phones(clicksend, second) == [PHONE]

    @pytest.mark.parametrize("path", ["remove-duplicates", "remove-duplicates/"])
    def test_of_those_with_one_number_the_first_stays(self, clicksend, path):
        number = clicksend.list(PHONE, OTHER, "0491570156")
        for _ in range(2):
            add(clicksend, number, email="a@example.com")
        assert clicksend.put(f"/lists/{number}/{path}")["data"] == {"deleted": 1}
        assert phones(clicksend, number) == [PHONE, OTHER, "", ""]

    def test_what_makes_a_duplicate_can_be_said(self, clicksend):
        number = clicksend.list()
        for name, phone in (("John", PHONE), ("john", OTHER), ("Jane", PHONE)):
            add(clicksend, number, phone_number=phone, first_name=name)
        answer = clicksend.put(f"/lists/{number}/remove-duplicates", fields={"first_name": "first_name"})
        assert (answer["data"], phones(clicksend, number)) == ({"deleted": 1}, [PHONE, PHONE])

    def test_those_on_the_opt_out_list_are_removed(self, clicksend):
        opt_out = clicksend.rows("/lists")[0]["list_id"]
        add(clicksend, opt_out, phone_number=PHONE)
        number = clicksend.list(PHONE, OTHER, PHONE)
        answer = clicksend.put(f"/lists/{number}/remove-opted-out-contacts/{opt_out}")
        assert (answer["data"], phones(clicksend, number)) == ({"deleted": 2}, [OTHER])
        clicksend.put(f"/lists/{opt_out}/remove-opted-out-contacts/{opt_out}")
        assert phones(clicksend, opt_out) == [PHONE]

    @pytest.mark.parametrize(
        ("q", "names"),
        [
            ("hay", ["Haystack"]),
            ("JOHN", ["John Doe"]),
            ("doe", ["John Doe"]),
            ("0156", ["John Doe"]),
            ("a@example", ["Jane"]),
            ("a:b", []),
            ("nobody", []),
            ("", ["Opt-Out List", "Haystack", "John Doe", "Jane"]),
        ],
    )
    def test_lists_and_people_are_found_by_what_is_known_of_them(self, clicksends, q, names):
        clicksend = clicksends()
        number = clicksend.list(name="Haystack")
        add(clicksend, number, phone_number=PHONE, first_name="John", last_name="Doe")
        add(clicksend, number, email="a@example.com", first_name="Jane")
        rows = clicksend.rows("/search/contacts-lists", q=q)
        assert [row["name"] for row in rows] == names
        assert {row["type"] for row in rows} <= {"list", "contact"}
