"""Delivery receipts: pushed by rules, fetched with POLL, read, tried again."""

from urllib.parse import parse_qsl

import pytest

from receivers import receiving

URL = "http://127.0.0.1:9/receipts"  # nothing listens there; the call is recorded all the same
LATER = 1767229200
PHONE = "+61491570156"


def rule(clicksend, action="URL", address=URL, **fields):
    wanted = {"rule_name": "x", "match_type": 0, "action": action, "action_address": address, "enabled": 1}
    return clicksend.post("/automations/sms/receipts", **{**wanted, **fields})["data"]["receipt_rule_id"]


def pushed(control):
    """The calls so far, oldest first."""
    return control.get("/webhooks?limit=1000")["webhooks"][::-1]


def forms(control):
    return [dict(parse_qsl(one["body"], keep_blank_values=True)) for one in pushed(control)]


def unread(clicksend):
    return [row["message_id"] for row in clicksend.rows("/sms/receipts")]


class TestPushed:
    def test_a_receipt_is_posted_as_a_form_once_the_message_has_ended(self, clicksend, control):
        rule(clicksend)
        sent = clicksend.send(custom_string="order 7")
        assert pushed(control) == []
        control.advance(2)
        [call] = pushed(control)
        assert (call["method"], call["url"]) == ("POST", URL)
        assert call["headers"] == {"Content-Type": "application/x-www-form-urlencoded"}
        assert forms(control) == [
            {
                "timestamp_send": "1767225600",
                "timestamp": "1767225602",
                "message_id": sent["message_id"],
                "status": "Sent",
                "status_code": "201",
                "status_text": "Success: Message received on handset.",
                "error_code": "",
                "error_text": "",
                "custom_string": "order 7",
                "user_id": "1",
                "subaccount_id": "1",
                "message_type": "sms",
                "messageid": sent["message_id"],
                "customstring": "order 7",
            }
        ]

    def test_null_is_empty_in_a_form(self, clicksend, control):
        rule(clicksend)
        clicksend.send()
        control.advance(2)
        assert (forms(control)[0]["custom_string"], forms(control)[0]["error_text"]) == ("", "")

    @pytest.mark.parametrize(
        ("status", "error", "code", "meant"),
        [
            ("undelivered", None, "301", "7"),
            ("undelivered", "12", "301", "12"),
            ("undelivered", "16", "300", "16"),
            ("undelivered", "999", "301", "7"),
            ("expired", None, "301", "20"),
            ("rejected", None, "301", "15"),
        ],
    )
    def test_an_end_that_is_none_says_why(self, clicksend, control, status, error, code, meant):
        rule(clicksend)
        clicksend.send()
        reason = {} if error is None else {"error": error}
        control.post(f"/messages/{control.messages()[0]['id']}/status", status=status, **reason)
        [form] = forms(control)
        assert (form["status"], form["status_code"], form["error_code"]) == ("Failed", code, meant)
        assert form["error_text"] == form["status_text"] != ""

    def test_each_message_of_a_campaign_has_one(self, clicksend, control):
        rule(clicksend)
        campaign = clicksend.campaign(custom_string="mine")
        control.advance(10)
        assert len(forms(control)) == 10
        assert {form["custom_string"] for form in forms(control)} == {"mine"}
        assert len({form["message_id"] for form in forms(control)}) == 10
        assert campaign["custom_string"] == "mine"

    def test_each_rule_has_one_but_those_that_are_off_or_gone(self, clicksend, control):
        rule(clicksend, address=f"{URL}/1")
        rule(clicksend, address=f"{URL}/2")
        rule(clicksend, address=f"{URL}/3", enabled=0)
        gone = rule(clicksend, address=f"{URL}/4")
        clicksend.delete(f"/automations/sms/receipts/{gone}")
        clicksend.send()
        control.advance(2)
        assert [call["url"] for call in pushed(control)] == [f"{URL}/1", f"{URL}/2"]

    def test_a_rule_that_is_switched_on_counts_from_then_on(self, clicksend, control):
        number = rule(clicksend, enabled=0)
        clicksend.send()
        control.advance(2)
        clicksend.put(f"/automations/sms/receipts/{number}", enabled=1)
        clicksend.send()
        control.advance(2)
        assert len(pushed(control)) == 1

    def test_a_cancelled_message_and_one_that_came_in_have_none(self, clicksend, control):
        rule(clicksend)
        sent = clicksend.send(schedule=LATER)
        clicksend.put(f"/sms/{sent['message_id']}/cancel")
        control.post("/inbound", provider="clicksend", to="+61353787448", text="hi", **{"from": PHONE})
        control.advance(7200)
        assert pushed(control) == []

    @pytest.mark.parametrize(("is_told", "calls"), [(True, 1), (False, 0)])
    def test_a_test_number_is_told_of_where_the_account_wants_it(self, clicksends, control, is_told, calls):
        clicksend = clicksends(test_number_receipts=is_told)
        rule(clicksend)
        clicksend.send(to="+61411111111")
        control.advance(60)
        assert len(pushed(control)) == calls
        assert clicksend.rows("/sms/history")[0]["status"] == ("Sent" if is_told else "Completed")

    def test_the_accounts_own_address_is_told_too(self, clicksend, control):
        control.patch("/accounts/clicksend-demo", callback_url=f"{URL}/own", callback_method="GET")
        rule(clicksend)
        clicksend.send()
        control.advance(2)
        assert [(call["method"], call["url"].partition("?")[0]) for call in pushed(control)] == [
            ("GET", f"{URL}/own"),
            ("POST", URL),
        ]

    @pytest.mark.parametrize(
        "address", ["http://[", "http://a:port/", "http://127.0.0.1:0/", "http://127.0.0.1:99999/", "http://\x00/"]
    )
    def test_an_address_that_cannot_be_called_harms_nobody(self, clicksend, control, caplog, address):
        rule(clicksend, address=address)
        rule(clicksend)
        clicksend.send()
        control.advance(2)
        assert URL in [call["url"] for call in pushed(control)]
        assert clicksend.rows("/sms/history")[0]["status"] == "Sent"
        assert caplog.records == []


class TestRetries:
    def test_it_is_tried_ten_times_every_ten_minutes(self, clicksend, control):
        with receiving(answer=lambda _: 500) as receiver:
            rule(clicksend, address=receiver.url)
            clicksend.send()
            control.advance(2)
            tries = [len(receiver.taken)]
            for _ in range(11):
                control.advance(600)
                tries.append(len(receiver.taken))
        assert tries == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10, 10]
        assert pushed(control)[0]["state"] == "given_up"

    @pytest.mark.parametrize("status", [200, 201, 204])
    def test_any_success_ends_it(self, clicksend, control, status):
        with receiving(answer=lambda _: status) as receiver:
            rule(clicksend, address=receiver.url)
            clicksend.send()
            control.advance(7200)
        assert len(receiver.taken) == 1

    def test_it_ends_with_the_first_success(self, clicksend, control):
        with receiving(answer=lambda call: 200 if len(receiver.taken) == 3 else 503) as receiver:
            rule(clicksend, address=receiver.url)
            clicksend.send()
            control.advance(7200)
        assert len(receiver.taken) == 3
        assert len(set(receiver.bodies)) == 1


class TestFetched:
    def test_without_a_rule_that_keeps_them_there_are_none(self, clicksend, control):
        rule(clicksend)
        rule(clicksend, action="POLL", enabled=0)
        clicksend.send()
        control.advance(2)
        assert unread(clicksend) == []

    def test_they_are_there_from_the_rule_on(self, clicksend, control):
        before = clicksend.send()
        control.advance(2)
        control.advance(1)
        rule(clicksend, action="POLL", address="")
        after = clicksend.send()
        assert unread(clicksend) == []
        control.advance(2)
        assert unread(clicksend) == [after["message_id"]]
        assert clicksend.get(f"/sms/receipts/{before['message_id']}")["http_code"] == 200

    def test_listing_them_marks_nothing_and_marking_takes_them_away(self, clicksend, control):
        rule(clicksend, action="POLL")
        sent = clicksend.send()
        control.advance(2)
        assert unread(clicksend) == unread(clicksend) == [sent["message_id"]]
        assert clicksend.put("/sms/receipts-read")["data"] is None
        assert unread(clicksend) == []
        assert clicksend.get(f"/sms/receipts/{sent['message_id']}")["data"]["status_code"] == 201

    @pytest.mark.parametrize("before", [1767225610, "1767225610"])
    def test_those_sent_before_an_instant_are_marked(self, clicksend, control, before):
        rule(clicksend, action="POLL")
        clicksend.send()
        control.advance(10)
        second = clicksend.send()
        control.advance(10)
        clicksend.put("/sms/receipts-read", date_before=before)
        assert unread(clicksend) == [second["message_id"]]

    def test_a_message_under_way_has_none_yet(self, clicksend, control):
        sent = clicksend.send()
        answer = clicksend.get(f"/sms/receipts/{sent['message_id']}")
        assert (answer["http_code"], answer["response_msg"]) == (404, "Receipt record not found.")
        control.advance(2)
        assert clicksend.get(f"/sms/receipts/{sent['message_id']}")["data"]["message_id"] == sent["message_id"]

    def test_message_ids_are_told_apart_by_case(self, clicksend, control):
        sent = clicksend.send()
        control.advance(2)
        assert clicksend.get(f"/sms/receipts/{sent['message_id'].lower()}")["http_code"] == 404

    def test_a_test_receipt_is_kept_until_it_is_read(self, clicksend):
        made = clicksend.post("/sms/receipts", url="poll")["data"]
        assert unread(clicksend) == [made["message_id"]]
        clicksend.put("/sms/receipts-read")
        assert unread(clicksend) == []

    def test_a_test_receipt_is_pushed_to_the_address_given(self, clicksend, control):
        made = clicksend.post("/sms/receipts", url=URL)["data"]
        assert forms(control)[0]["message_id"] == made["message_id"]
        assert unread(clicksend) == []
