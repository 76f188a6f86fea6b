"""Single messages: per-message refusals, prices, parts, senders, schedules, history and its queries."""

import pytest

LATER = 1767229200
PHONE, OTHER = "+61491570156", "+61491570157"


def send(clicksend, *messages, **more):
    return clicksend.post("/sms/send", messages=list(messages), **more)["data"]


def statuses(data):
    return [message["status"] for message in data["messages"]]


class TestSending:
    def test_one_bad_message_refuses_no_other(self, clicksend):
        data = send(
            clicksend,
            {"to": PHONE, "body": "one"},
            {"to": "+000", "body": "two"},
            {"to": PHONE},
            {"body": "nobody"},
            {"to": PHONE, "body": " "},
            {"to": PHONE, "body": "x", "schedule": "soon"},
            {"to": PHONE, "body": "x", "from": "MuchTooLongTag"},
            {"list_id": 1, "body": "x"},
            5,
            {"to": PHONE, "body": "last"},
        )
        assert statuses(data) == [
            "SUCCESS", "INVALID_RECIPIENT", "MISSING_REQUIRED_FIELDS", "MISSING_REQUIRED_FIELDS", "EMPTY_MESSAGE",
            "INVALID_SCHEDULE", "INVALID_SENDER_ID", "NOT_ENOUGH_PERMISSION_TO_LIST_ID", "MISSING_REQUIRED_FIELDS", "SUCCESS",
        ]  # fmt: skip
        assert (data["total_count"], data["queued_count"], data["blocked_count"]) == (10, 2, 0)
        assert (data["total_price"], clicksend.balance) == (0.1584, "999.841600")

    def test_a_country_that_is_not_enabled_is_counted_as_blocked(self, clicksends):
        clicksend = clicksends(enabled_countries=["AU"])
        data = send(clicksend, {"to": PHONE, "body": "x"}, {"to": "+12025550143", "body": "x"})
        assert (statuses(data), data["blocked_count"]) == (["SUCCESS", "COUNTRY_NOT_ENABLED"], 1)
        blocked = data["messages"][1]
        assert (blocked["message_parts"], blocked["message_price"], blocked["country"]) == (0, "0.0000", "US")

    @pytest.mark.parametrize("path", ["/sms/send", "/sms/price"])
    def test_no_messages_are_as_good_as_none_said(self, clicksend, path):
        answer = clicksend.post(path, messages=[])
        assert (answer["http_code"], answer["response_msg"]) == (400, "The messages field is required.")

    def test_a_thousand_are_taken_and_one_more_is_refused_whole(self, clicksend):
        thousand = [{"to": PHONE, "body": "x"}] * 1000
        answer = clicksend.post("/sms/send", messages=[*thousand, {"to": PHONE, "body": "x"}])
        assert (answer["http_code"], answer["response_code"], answer["data"]) == (400, "TOO_MANY_RECIPIENTS", None)
        assert clicksend.get("/sms/history")["data"]["total"] == 0
        assert send(clicksend, *thousand)["queued_count"] == 1000

    def test_those_of_a_list_count_as_recipients(self, clicksend):
        people = clicksend.list(PHONE, OTHER)
        messages = [{"list_id": people, "body": "x"}] * 500
        assert send(clicksend, *messages)["queued_count"] == 1000
        answer = clicksend.post("/sms/send", messages=[*messages, {"to": PHONE, "body": "x"}])
        assert answer["response_code"] == "TOO_MANY_RECIPIENTS"

    def test_what_the_balance_pays_is_sent_and_the_rest_refused(self, clicksends):
        clicksend = clicksends(balance="0.1")
        data = send(clicksend, {"to": PHONE, "body": "x"}, {"to": PHONE, "body": "x"})
        assert (statuses(data), clicksend.balance) == (["SUCCESS", "INSUFFICIENT_CREDIT"], "0.020800")

    @pytest.mark.parametrize(("to", "country"), [("0491 570 156", None), ("0491570156", "AU"), ("61491570156", "US")])
    def test_a_number_may_be_written_as_people_write_it(self, clicksend, to, country):
        assert clicksend.send(to=to, country=country)["to"] == PHONE

    @pytest.mark.parametrize("country", ["GB", "gb"])
    def test_a_local_number_belongs_to_the_country_of_the_message(self, clicksend, country):
        assert clicksend.send(to="07700 900123", country=country)["to"] == "+447700900123"

    @pytest.mark.parametrize(
        ("body", "parts"),
        [
            ("x" * 160, 1),
            ("x" * 161, 2),
            ("€" * 80, 1),
            ("€" * 81, 2),
            ("ї" * 70, 1),
            ("ї" * 71, 2),
            ("x" * 158 + "\n", 1),
            ("x" * 159 + "\n", 2),
        ],
    )
    def test_parts_are_counted_and_charged(self, clicksend, body, parts):
        """A line break counts two characters."""
        sent = clicksend.send(body=body)
        assert (sent["message_parts"], sent["message_price"]) == (parts, f"{0.0792 * parts:.4f}")

    @pytest.mark.parametrize(("limit", "kept"), [(None, 918), (8, 1224), (1, 160)])
    def test_a_longer_text_is_cut_at_the_accounts_limit(self, clicksends, control, limit, kept):
        clicksend = clicksends(char_limit=limit)
        sent = clicksend.send(body="x" * 2000)
        assert len(sent["body"]) == kept
        assert "text cut" in control.newest()["warnings"][-1]

    @pytest.mark.parametrize(
        ("body", "kept"),
        [
            ("x" * 152 + "\n" * 2000, "x" * 152 + "\n" * 4),
            ("x" * 159 + "\n" + "x" * 200, "x" * 159),
            ("x" * 159 + "€" + "x" * 200, "x" * 159),
            ("x" * 160 + "ї", "x" * 160),
            ("ї" * 69 + "😀" * 9, "ї" * 69),
        ],
    )
    def test_a_text_is_cut_between_two_characters(self, clicksends, body, kept):
        """Never within a line break, which travels as two, or within one that counts twice."""
        sent = clicksends(char_limit=1).send(body=body)
        assert (sent["body"], sent["message_parts"]) == (kept, 1)

    def test_a_test_number_costs_nothing_and_counts_no_parts(self, clicksend):
        sent = clicksend.send(to="+61411111111")
        assert (sent["status"], sent["message_parts"], sent["message_price"]) == ("SUCCESS", 0, "0.0000")
        assert clicksend.balance == "1000.000000"

    def test_the_same_again_is_throttled_where_the_account_wants_it(self, clicksends, control):
        clicksend = clicksends(repeat_window=5)
        assert [clicksend.send()["status"], clicksend.send()["status"]] == ["SUCCESS", "THROTTLED"]
        assert clicksend.send(body="other")["status"] == clicksend.send(to=OTHER)["status"] == "SUCCESS"
        control.advance(5)
        assert clicksend.send()["status"] == "SUCCESS"

    def test_the_price_says_what_sending_costs_and_changes_nothing(self, clicksend):
        messages = [{"to": PHONE, "body": "x" * 161}, {"to": "+000", "body": "x"}, {"list_id": 428, "body": "(First Name)"}]
        price = clicksend.post("/sms/price", messages=messages)["data"]
        assert (clicksend.balance, clicksend.get("/sms/history")["data"]["total"]) == ("1000.000000", 0)
        sent = send(clicksend, *messages)
        assert (price["total_price"], price["total_count"]) == (sent["total_price"], sent["total_count"]) == (0.9504, 12)
        assert statuses(price) == statuses(sent)
        assert [one["body"] for one in price["messages"]] == [one["body"] for one in sent["messages"]]


class TestSenders:
    @pytest.mark.parametrize(
        ("fields", "sender", "is_shared"),
        [
            ({}, "+61353787448", True),
            ({"from": "MyShop"}, "MyShop", False),
            ({"from": ""}, "+61353787448", True),
            ({"from": "+61411111111"}, "+61411111111", False),
            ({"from": "0411 111 111"}, "+61411111111", False),
            ({"from": "+12025550143"}, "+61353787448", True),  # of another country
            ({"from": "+61411111111", "to": "+447400123456"}, "+447700900456", True),
            ({"from": "+61411111111", "to": "+33612345678"}, "+33639980123", True),
            ({"from": "+61411111111", "to": "+35943012345"}, "+61411111111", False),  # there are no local numbers
            ({"to": "+35943012345"}, "+61353787448", True),
        ],
    )
    def test_from_is_used_where_it_can_be(self, clicksend, fields, sender, is_shared):
        sent = clicksend.send(**fields)
        assert (sent["from"], sent["is_shared_system_number"]) == (sender, is_shared)

    def test_a_number_the_account_does_not_own_is_replaced_with_a_warning(self, clicksends, control):
        clicksend = clicksends(senders=["+61411111111", "MyShop"])
        assert [clicksend.send(**{"from": one})["from"] for one in ("MyShop", "Other", "+61422222222")] == [
            "MyShop",
            "+61411111111",
            "+61411111111",
        ]
        assert "replaced by +61411111111" in control.newest()["warnings"][0]

    def test_a_blocked_sender_is_replaced(self, clicksends):
        clicksend = clicksends(blocked_senders=["MyShop"])
        assert clicksend.send(**{"from": "MyShop"})["from"] == "+61353787448"

    @pytest.mark.parametrize(
        ("entry", "sender"),
        [
            ({"sender_id": "ABC"}, "ABC"),
            ({"sender_id": "A+1bcdefgh3"}, "A+1bcdefgh3"),
            ({"sender_id": "AB"}, "Default"),
            ({"sender_id": "ABCDEFGHIJKL"}, "Default"),
            ({"sender_id": "My Shop"}, "Default"),
            ({"sender_type": "shared_longcode"}, "+61353787448"),
            ({"sender_type": "shared_longcode", "sender_country_code": "GB"}, "+4477009"),
        ],
    )
    def test_a_sender_by_country_is_used_or_the_countrys_default(self, clicksends, entry, sender):
        clicksend = clicksends(default_senders={"AU": ["Default"]})
        senders = [{"recipient_country_code": "AU", **entry}]
        answer = clicksend.post("/sms/send", messages=[{"to": PHONE, "body": "x", "from": "MyShop"}], senders=senders)
        assert answer["data"]["messages"][0]["from"].startswith(sender)

    def test_the_same_recipient_always_sees_the_same_shared_number(self, clicksend):
        numbers = {clicksend.send(to="+12025550143")["from"] for _ in range(5)}
        assert len(numbers) == 1
        many = {clicksend.send(to=f"+1202555{place:04}")["from"] for place in range(100, 140)}
        assert len(many) == 3

    @pytest.mark.parametrize("phone", ["+447700900123", "+447700900456", "+33639980123", "+61353787448"])
    def test_nobody_gets_a_message_from_their_own_number(self, clicksend, phone):
        sent = clicksend.send(to=phone)
        assert sent["from"] != phone
        assert sent["is_shared_system_number"]

    def test_the_united_states_have_no_shared_numbers(self, clicksend, control):
        clicksend.send(to="+12025550143")
        assert "no sender of the account's own for US" in control.newest()["warnings"][0]


class TestSchedules:
    def test_one_waits_for_its_time(self, clicksend, control):
        sent = clicksend.send(schedule=LATER)
        assert sent["schedule"] == LATER
        assert clicksend.rows("/sms/history")[0]["status"] == "Scheduled"
        control.advance(3602)
        assert clicksend.rows("/sms/history")[0]["status"] == "Sent"

    def test_one_is_cancelled_until_its_time_and_paid_back(self, clicksend, control):
        sent = clicksend.send(schedule=LATER)
        assert clicksend.put(f"/sms/{sent['message_id']}/cancel") == {
            "http_code": 200,
            "response_code": "SUCCESS",
            "response_msg": "Scheduled sms message has been cancelled.",
            "data": None,
        }
        assert clicksend.balance == "1000.000000"
        again = clicksend.put(f"/sms/{sent['message_id']}/cancel")
        assert (again["http_code"], again["response_msg"]) == (400, "Only scheduled SMS message can be cancelled.")
        control.advance(7200)
        assert clicksend.rows("/sms/history")[0]["status"] == "Cancelled"

    def test_one_that_is_sent_cannot_be_cancelled(self, clicksend):
        assert clicksend.put(f"/sms/{clicksend.send()['message_id']}/cancel")["http_code"] == 400


class TestHistory:
    @pytest.fixture
    def history(self, clicksend, control):
        """Five messages a minute apart; answers what a query finds."""
        for number, to in enumerate((PHONE, OTHER, PHONE, "+15005550002", PHONE)):
            clicksend.send(to=to, body=f"Text {'edcba'[number]}")
            control.advance(60)

        def found(**query):
            return [row["body"][-1] for row in clicksend.rows("/sms/history", **query)]

        return found

    @pytest.mark.parametrize(
        ("query", "letters"),
        [
            ({}, "edcba"),
            ({"q": f"to:{PHONE}"}, "eca"),
            ({"q": "to:0157"}, "d"),
            ({"q": "status:failed"}, "b"),
            ({"q": "Status:Sent"}, "edca"),
            ({"q": f"to:{PHONE},body:c"}, "c"),
            ({"q": "body:c,body:d", "operator": "OR"}, "dc"),
            ({"q": "body:c,body:d", "operator": "AND"}, ""),
            ({"q": "body:"}, "edcba"),
            ({"q": "message_id:nosuch"}, ""),
            ({"order_by": "date:desc"}, "abcde"),
            ({"order_by": "body:asc"}, "abcde"),
            ({"order_by": "body"}, "abcde"),
            ({"order_by": "body:DESC"}, "edcba"),
            ({"date_from": 1767225660}, "dcba"),
            ({"date_to": 1767225660}, "ed"),
            ({"date_from": 1767225660, "date_to": 1767225720}, "dc"),
            ({"date_from": "", "date_to": ""}, "edcba"),
            ({"q": "body:Text c, to:0156"}, "c"),
            ({"q": "body:Text c, there: x"}, ""),
            ({"page": 2}, ""),
            ({"page": "x", "limit": "x"}, "edcba"),
        ],
    )
    def test_a_query_finds(self, history, query, letters):
        assert history(**query) == list(letters)

    @pytest.mark.parametrize(
        "query",
        [
            {"q": "nosuch:x"},
            {"q": "x"},
            {"q": "to:1,nosuch:x"},
            {"order_by": "nosuch:asc"},
            {"order_by": "date:up"},
            {"date_from": "x"},
            {"date_to": "2026-01-01"},
            {"date_from": -1},
        ],
    )
    def test_a_query_for_what_is_not_there_is_refused(self, clicksend, query):
        answer = clicksend.get("/sms/history", **query)
        assert (answer["http_code"], answer["response_code"], answer["data"]) == (400, "BAD_REQUEST", None)

    def test_a_comma_within_a_text_is_part_of_what_is_asked_for(self, clicksend):
        send(clicksend, {"to": PHONE, "body": "Hi, there: x"}, {"to": PHONE, "body": "Hi"})
        assert [row["body"] for row in clicksend.rows("/sms/history", q="body:Hi, there: x")] == ["Hi, there: x"]

    @pytest.mark.parametrize(("month", "code"), [(0, 400), (1, 200), (12, 200), (13, 400)])
    def test_usage_knows_twelve_months(self, clicksend, month, code):
        assert clicksend.get(f"/account/usage/2026/{month}/subaccount")["http_code"] == code

    @pytest.mark.parametrize(("limit", "size"), [(None, 15), (1, 15), (15, 15), (20, 20), (100, 40), (1000, 40), (-5, 15)])
    def test_a_limit_is_brought_within_bounds(self, clicksend, limit, size):
        send(clicksend, *[{"to": PHONE, "body": str(number)} for number in range(40)])
        assert len(clicksend.rows("/sms/history", limit=limit)) == size

    def test_pages_say_where_they_are(self, clicksend):
        send(clicksend, *[{"to": PHONE, "body": str(number)} for number in range(40)])
        pages = [clicksend.get("/sms/history", page=page)["data"] for page in (1, 2, 3, 4)]
        assert [[row["body"] for row in page.pop("data")][:1] for page in pages] == [["0"], ["15"], ["30"], []]
        url = "http://localhost/clicksend/v3/sms/history?page="
        shown = {"total": 40, "per_page": 15, "last_page": 3}
        assert pages == [
            shown | {"current_page": 1, "next_page_url": f"{url}2", "prev_page_url": None, "from": 1, "to": 15},
            shown | {"current_page": 2, "next_page_url": f"{url}3", "prev_page_url": f"{url}1", "from": 16, "to": 30},
            shown | {"current_page": 3, "next_page_url": None, "prev_page_url": f"{url}2", "from": 31, "to": 40},
            shown | {"current_page": 4, "next_page_url": None, "prev_page_url": f"{url}3", "from": None, "to": None},
        ]

    def test_an_empty_listing_has_no_last_page(self, clicksend):
        page = clicksend.get("/sms/history")["data"]
        assert (page["total"], page["current_page"], page["last_page"], page["from"], page["to"]) == (0, 1, 0, None, None)


def test_the_exchange_names_the_status_that_the_message_was_refused_by(clicksend, control):
    assert clicksend.send(to="+000")["status"] == "INVALID_RECIPIENT"
    refusal = control.exchange()["refusal"]
    assert (refusal["code"], refusal["field"]) == ("INVALID_RECIPIENT", "to")
