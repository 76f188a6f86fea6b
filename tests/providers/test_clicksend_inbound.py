"""Replies: pushed in three forms, fetched with POLL, and what rules do with them by themselves."""

import json
from urllib.parse import parse_qsl, urlsplit

import pytest

URL = "http://127.0.0.1:9/inbound"
NUMBER, PHONE, OTHER = "+61353787448", "+61491570156", "+61491570157"


def rule(clicksend, action="URL", address=URL, **fields):
    wanted = {"rule_name": "x", "dedicated_number": "*", "message_search_type": 0, "message_search_term": "", "enabled": 1}
    answer = clicksend.post("/automations/sms/inbound", **{**wanted, "action": action, "action_address": address, **fields})
    return answer["data"]["inbound_rule_id"]


@pytest.fixture
def reply(control):
    def made(text="Hello there", **fields):
        return control.post("/inbound", **{"provider": "clicksend", "from": PHONE, "to": NUMBER, "text": text, **fields})

    return made


def pushed(control):
    return control.get("/webhooks?limit=1000")["webhooks"][::-1]


def unread(clicksend):
    return [row["body"] for row in clicksend.rows("/sms/inbound")]


def sent(control):
    return [(one["recipient"], one["text"], one["sender"]) for one in control.messages("direction:out")[::-1]]


@pytest.mark.parametrize("family", ["receipts", "inbound"])
@pytest.mark.parametrize(
    ("address", "words"),
    [("notaurl", "is invalid."), ("ftp://127.0.0.1/", "is invalid."), ("", "field is required."), (None, "field is required.")],
)
def test_a_rule_that_pushes_needs_an_address_to_push_to(clicksend, family, address, words):
    path, wanted = f"/automations/sms/{family}", {"rule_name": "x", "action": "URL", "enabled": 1}
    number = clicksend.post(path, **wanted, action_address=URL)["data"][
        "inbound_rule_id" if family == "inbound" else "receipt_rule_id"
    ]
    refused = [
        clicksend.post(path, **wanted, action_address=address),
        clicksend.put(f"{path}/{number}", action_address=address),
    ]
    assert [one["response_msg"] for one in refused] == [f"The action address {words}"] * 2
    assert [row["action_address"] for row in clicksend.rows(path)] == [URL]


class TestPushed:
    def document(self, sent, received):
        return {
            "originalsenderid": NUMBER,
            "body": "Yes & no",
            "message": "Yes & no",
            "sms": PHONE,
            "custom_string": "order 7",
            "to": NUMBER,
            "original_message_id": sent["message_id"],
            "originalmessageid": sent["message_id"],
            "customstring": "order 7",
            "from": PHONE,
            "originalmessage": "Coming?",
            "user_id": 1,
            "subaccount_id": 1,
            "original_body": "Coming?",
            "timestamp": 1767225660,
            "message_id": received["provider_message_id"],
        }

    @pytest.mark.parametrize("webhook_type", ["post", "get", "json", None])
    def test_each_form_says_the_same(self, clicksend, control, reply, webhook_type):
        rule(clicksend, **({"webhook_type": webhook_type} if webhook_type else {}))
        outgoing = clicksend.send(body="Coming?", custom_string="order 7")
        control.advance(60)
        expected = self.document(outgoing, reply("Yes & no"))
        [call] = pushed(control)
        if webhook_type == "json":
            assert (call["method"], call["url"]) == ("POST", URL)
            assert json.loads(call["body"]) == expected
            return
        texts = {name: str(value) for name, value in expected.items()}
        if webhook_type == "get":
            assert (call["method"], call["body"]) == ("GET", "")
            assert dict(parse_qsl(urlsplit(call["url"]).query, keep_blank_values=True)) == texts
        else:
            assert (call["method"], call["url"]) == ("POST", URL)
            assert call["headers"] == {"Content-Type": "application/x-www-form-urlencoded"}
            assert dict(parse_qsl(call["body"], keep_blank_values=True)) == texts

    def test_a_get_goes_behind_a_query_that_is_there(self, clicksend, control, reply):
        rule(clicksend, address=f"{URL}?key=1", webhook_type="get")
        reply()
        assert pushed(control)[0]["url"].startswith(f"{URL}?key=1&originalsenderid=")

    def test_a_message_that_answers_nothing_has_no_original(self, clicksend, control, reply):
        rule(clicksend, webhook_type="json")
        reply(account="clicksend-demo")
        document = json.loads(pushed(control)[0]["body"])
        assert [document[name] for name in ("original_message_id", "original_body", "custom_string")] == ["", "", ""]

    @pytest.mark.parametrize(
        ("wanted", "text", "is_pushed"),
        [
            ((0, ""), "anything", True),
            ((0, "ignored"), "anything", True),
            ((1, "yes"), "Yes please", True),
            ((1, "yes"), "Oh yes", False),
            ((2, "YES"), "Oh yes", True),
            ((2, "yes"), "no", False),
            ((3, "yes"), "no", True),
            ((3, "yes"), "Oh YES", False),
        ],
    )
    def test_a_rule_looks_at_the_text(self, clicksend, control, reply, wanted, text, is_pushed):
        rule(clicksend, message_search_type=wanted[0], message_search_term=wanted[1])
        reply(text)
        assert len(pushed(control)) == is_pushed

    @pytest.mark.parametrize(
        ("number", "is_pushed"),
        [("*", True), ("", True), (None, True), (NUMBER, True), (NUMBER[1:], True), ("+61400000000", False)],
    )
    def test_a_rule_looks_at_the_number(self, clicksend, control, reply, number, is_pushed):
        rule(clicksend, dedicated_number=number)
        reply()
        assert len(pushed(control)) == is_pushed

    @pytest.mark.parametrize(
        "address", ["http://[", "http://a:port/", "http://127.0.0.1:0/", "http://127.0.0.1:99999/", "http://\x00/"]
    )
    @pytest.mark.parametrize("webhook_type", ["post", "get", "json"])
    def test_an_address_that_cannot_be_called_harms_nobody(self, clicksend, control, reply, caplog, address, webhook_type):
        rule(clicksend, address=address, webhook_type=webhook_type)
        rule(clicksend)
        reply()
        control.advance(2)
        assert URL in [call["url"] for call in pushed(control)]
        assert caplog.records == []

    def test_a_rule_that_is_off_does_nothing(self, clicksend, control, reply):
        rule(clicksend, enabled=0)
        reply()
        assert pushed(control) == []

    @pytest.mark.parametrize("webhook_type", ["post", "get", "json"])
    def test_a_test_message_is_pushed(self, clicksend, control, webhook_type):
        made = clicksend.post("/sms/inbound", url=URL, webhook_type=webhook_type)["data"]
        [call] = pushed(control)
        assert made["message_id"] in call["url"] + call["body"]
        assert unread(clicksend) == []


class TestFetched:
    def test_they_are_there_where_a_rule_keeps_them_and_from_then_on(self, clicksend, control, reply):
        reply("before")
        control.advance(1)
        rule(clicksend, action="POLL")
        reply("after")
        assert unread(clicksend) == ["after"]

    def test_reading_one_leaves_the_others(self, clicksend, reply):
        rule(clicksend, action="POLL")
        first, _ = reply("one"), reply("two")
        answer = clicksend.put(f"/sms/inbound-read/{first['provider_message_id']}")
        assert (answer["data"], unread(clicksend)) == (1, ["two"])

    def test_those_before_an_instant_are_read(self, clicksend, control, reply):
        rule(clicksend, action="POLL")
        reply("one")
        control.advance(60)
        reply("two")
        clicksend.put("/sms/inbound-read", date_before=1767225660)
        assert unread(clicksend) == ["two"]
        clicksend.put("/sms/inbound-read")
        assert unread(clicksend) == []

    def test_one_that_was_sent_cannot_be_read(self, clicksend):
        answer = clicksend.put(f"/sms/inbound-read/{clicksend.send()['message_id']}")
        assert (answer["http_code"], answer["data"]) == (404, None)

    def test_the_newest_answer_to_a_message_is_found_by_it(self, clicksend, reply):
        outgoing = clicksend.send()
        reply("first")
        reply("second")
        assert clicksend.get(f"/sms/inbound/{outgoing['message_id']}")["data"]["body"] == "second"

    def test_the_keyword_is_the_first_word_in_small_letters(self, clicksend, reply):
        rule(clicksend, action="POLL")
        for text in (" YES please", ""):
            reply(text)
        assert [row["_keyword"] for row in clicksend.rows("/sms/inbound")] == ["yes", ""]


class TestActions:
    def test_an_auto_reply_answers_from_the_number_texted(self, clicksend, control, reply):
        rule(clicksend, "AUTO_REPLY", "", body="Thank you", message_search_type=1, message_search_term="info")
        reply("INFO please")
        reply("something else")
        assert sent(control) == [(PHONE, "Thank you", NUMBER)]
        assert clicksend.balance == "999.920800"

    def test_who_has_said_stop_gets_no_auto_reply(self, clicksend, control, reply):
        rule(clicksend, "AUTO_REPLY", "", body="Thank you")
        reply("STOP")
        assert sent(control) == []

    def test_a_message_is_passed_on_to_a_phone(self, clicksend, control, reply):
        rule(clicksend, "SMS", OTHER)
        reply("Hello")
        assert sent(control) == [(OTHER, "Hello", NUMBER)]

    def test_a_message_is_passed_on_to_a_list(self, clicksend, control, reply):
        rule(clicksend, "GROUP_SMS", str(clicksend.list(PHONE, OTHER)))
        reply("Hello")
        assert sent(control) == [(PHONE, "Hello", NUMBER), (OTHER, "Hello", NUMBER)]

    @pytest.mark.parametrize("action", ["CREATE_CONTACT", "CREATE_CONTACT_PLUS_NAME", "CREATE_CONTACT_PLUS_EMAIL"])
    def test_the_handset_is_put_on_a_list_once(self, clicksend, reply, action):
        number = clicksend.list()
        rule(clicksend, action, str(number))
        reply()
        reply()
        assert [row["phone_number"] for row in clicksend.rows(f"/lists/{number}/contacts")] == [PHONE]

    def test_the_handset_is_moved_to_a_list(self, clicksend, reply):
        origin, target = clicksend.list(PHONE, OTHER), clicksend.list()
        rule(clicksend, "MOVE_CONTACT", str(target))
        reply()
        phones = [[row["phone_number"] for row in clicksend.rows(f"/lists/{one}/contacts")] for one in (origin, target)]
        assert phones == [[OTHER], [PHONE]]

    def test_a_list_of_another_account_is_left_alone(self, clicksend, clicksends, control, reply):
        other = clicksends()
        theirs = other.list(OTHER)
        for action in ("GROUP_SMS", "CREATE_CONTACT", "MOVE_CONTACT"):
            rule(clicksend, action, str(theirs))
        reply(account="clicksend-demo")
        assert sent(control) == []
        assert [row["phone_number"] for row in other.rows(f"/lists/{theirs}/contacts")] == [OTHER]

    @pytest.mark.parametrize(
        "action", ["AUTO_REPLY", "SMS", "GROUP_SMS", "CREATE_CONTACT", "MOVE_CONTACT", "EMAIL_USER", "SMPP", "NONE"]
    )
    @pytest.mark.parametrize("address", ["", "x", "0", "+000", "http://127.0.0.1:9/"])
    def test_an_address_that_makes_no_sense_does_nothing(self, clicksend, control, reply, caplog, action, address):
        rule(clicksend, action, address)
        reply()
        assert (sent(control), pushed(control), caplog.records) == ([], [], [])

    def test_a_rule_that_cannot_be_paid_does_nothing(self, clicksends, control, reply, caplog):
        clicksend = clicksends(balance="0")
        rule(clicksend, "AUTO_REPLY", "", body="Thank you")
        reply(account=clicksend.id)
        assert (sent(control), clicksend.balance, caplog.records) == ([], "0.000000", [])
