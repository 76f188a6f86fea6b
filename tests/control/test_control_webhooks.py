"""Calls to the application, replies of handsets and forced statuses over the control API."""

import pytest

NOBODY = "http://127.0.0.1:9/receipts"  # nothing listens there; the call is recorded all the same


@pytest.fixture
def account(control):
    """The demo account of Skycore, called at an address where nobody listens."""
    return control.patch("/accounts/skycore-demo", callback_url=NOBODY, inbound_url=f"{NOBODY}/in")


def inbound(client, **changes):
    document = {"provider": "skycore", "to": "00000", "from": "+27999000001", "text": "hi", **changes}
    return client.post("/_emulator/inbound", json={key: value for key, value in document.items() if value is not None})


class TestWebhooks:
    def test_there_are_none_at_first(self, control):
        assert control.get("/webhooks") == {"webhooks": [], "next_cursor": None}

    def test_nothing_is_posted_without_a_url(self, skycore, control):
        skycore.sendsms()
        control.advance(10)
        assert control.get("/webhooks")["webhooks"] == []

    def test_a_call_is_listed_before_it_is_made(self, skycore, control, account):
        skycore.sendsms()
        [webhook] = control.get("/webhooks")["webhooks"]
        assert list(webhook) == [
            "id",
            "provider",
            "account",
            "message",
            "method",
            "url",
            "headers",
            "body",
            "state",
            "attempts",
        ]
        assert (webhook["provider"], webhook["account"]) == ("skycore", "skycore-demo")
        assert webhook["message"] == control.messages()[0]["id"]
        assert (webhook["method"], webhook["url"], webhook["headers"]) == ("POST", NOBODY, {"Content-Type": "application/json"})
        assert (webhook["state"], webhook["attempts"]) == ("pending", [])

    def test_an_attempt_says_when_and_why_not(self, skycore, control, account):
        skycore.sendsms()
        control.advance(0)
        [attempt] = control.get("/webhooks")["webhooks"][0]["attempts"]
        assert (attempt["at"], attempt["status"]) == ("2026-01-01T00:00:00Z", None)
        assert "refused" in attempt["error"]

    def test_the_newest_come_first_page_by_page(self, skycore, control, account):
        for _ in range(3):
            skycore.sendsms()
        everything = [webhook["id"] for webhook in control.get("/webhooks")["webhooks"]]
        first = control.get("/webhooks?limit=2")
        second = control.get(f"/webhooks?limit=2&cursor={first['next_cursor']}")
        assert [webhook["id"] for page in (first, second) for webhook in page["webhooks"]] == everything
        assert (len(everything), second["next_cursor"]) == (3, None)

    @pytest.mark.parametrize("limit", ["0", "1001", "x"])
    def test_a_limit_that_makes_no_sense_is_400(self, client, limit):
        answer = client.get(f"/_emulator/webhooks?limit={limit}")
        assert (answer.status_code, answer.get_json()["error"]["field"]) == (400, "limit")

    def test_a_message_shows_who_was_told_of_it_oldest_first(self, skycore, control, account):
        skycore.sendsms()
        skycore.sendsms()
        control.advance(2)
        detail = control.newest()
        assert ['"N201"' in webhook["body"] for webhook in detail["webhooks"]] == [True, False]
        assert {webhook["message"] for webhook in detail["webhooks"]} == {detail["id"]}

    def test_a_message_nobody_was_told_of_shows_none(self, skycore, control):
        skycore.sendsms()
        assert control.newest()["webhooks"] == []


class TestResend:
    def test_it_is_another_call_with_the_same_content(self, client, skycore, control, account):
        skycore.sendsms()
        [first] = control.get("/webhooks")["webhooks"]
        answer = client.post(f"/_emulator/webhooks/{first['id']}/resend")
        again = answer.get_json()
        assert (answer.status_code, again["id"] != first["id"]) == (202, True)
        assert {**again, "id": ""} == {**first, "id": ""}
        assert [webhook["id"] for webhook in control.get("/webhooks")["webhooks"]] == [again["id"], first["id"]]

    def test_an_unknown_one_is_404(self, client):
        answer = client.post("/_emulator/webhooks/nosuch/resend")
        assert (answer.status_code, answer.get_json()["error"]["code"]) == (404, "unknown_webhook")


class TestInbound:
    def test_a_reply_is_a_message_of_the_account(self, client, control):
        answer = inbound(client)
        assert answer.status_code == 201
        reply = answer.get_json()
        assert (reply["direction"], reply["status"], reply["account"]) == ("in", "received", "skycore-demo")
        assert (reply["sender"], reply["recipient"], reply["text"]) == ("+27999000001", "00000", "hi")
        assert (reply["price"], reply["provider"], reply["encoding"]) == ("0.00", "skycore", "gsm7")
        assert control.messages("direction:in") == [reply]

    def test_a_number_may_be_without_its_plus(self, client):
        assert inbound(client, **{"from": "27999000001"}).get_json()["sender"] == "+27999000001"

    def test_it_is_posted_to_the_inbound_url(self, client, control, account):
        reply = inbound(client).get_json()
        [webhook] = control.get("/webhooks")["webhooks"]
        assert (webhook["url"], webhook["message"]) == (f"{NOBODY}/in", reply["id"])
        assert control.get(f"/messages/{reply['id']}")["webhooks"] == [webhook]

    def test_it_has_no_receipt(self, client, control, account):
        inbound(client)
        control.advance(10)
        assert len(control.get("/webhooks")["webhooks"]) == 1

    def test_it_reaches_the_account_that_owns_the_number(self, client, control):
        owner = control.account("skycore", senders=["00001"])["id"]
        control.account("skycore", senders=["00002"])
        assert inbound(client, to="00001").get_json()["account"] == owner

    def test_an_owned_number_is_the_same_with_and_without_its_plus(self, client, control):
        owner = control.account("skycore", senders=["+15551230000"])["id"]
        assert inbound(client, to="15551230000").get_json()["account"] == owner

    def test_else_the_account_that_last_texted_the_handset(self, client, control):
        made = [control.account("skycore") for _ in range(2)]
        for account in made:
            body = {"action": "sendsms", "message-text": "x", "to": "+27999000001", "from": "00000"}
            client.post("/skycore/ep/v2/", headers={"x-api-key": account["credentials"]["api_key"]}, json=body)
        assert inbound(client).get_json()["account"] == made[1]["id"]
        assert inbound(client, **{"from": "+27999000002"}).get_json()["account"] == "skycore-demo"

    def test_the_owner_comes_before_who_last_texted(self, client, control, skycore):
        owner = control.account("skycore", senders=["00001"])["id"]
        skycore.sendsms(to="+27999000001")
        assert inbound(client, to="00001").get_json()["account"] == owner

    def test_a_reply_is_no_message_that_was_texted_to_the_handset(self, client, control):
        """The handset's own texts to others say nothing of whom it answers."""
        control.account("skycore")
        inbound(client, to="+27999000002")
        assert inbound(client, **{"from": "+27999000002"}).get_json()["account"] == "skycore-demo"

    def test_an_account_may_be_named(self, client, control, skycore):
        named = control.account("skycore")["id"]
        skycore.sendsms(to="+27999000001")
        assert inbound(client, account=named).get_json()["account"] == named

    def test_a_named_account_is_of_the_provider(self, client):
        answer = inbound(client, account="clickatell-demo")
        assert (answer.status_code, answer.get_json()["error"]["code"]) == (404, "unknown_account")

    def test_a_provider_without_accounts_is_404(self, client, control):
        control.delete("/accounts/skycore-demo")
        assert inbound(client).status_code == 404

    @pytest.mark.parametrize(
        ("changes", "status", "code", "field"),
        [
            ({"provider": "nosuch"}, 404, "unknown_provider", "provider"),
            ({"account": "nosuch"}, 404, "unknown_account", "account"),
            ({"provider": None}, 400, "missing_field", "provider"),
            ({"from": None}, 400, "missing_field", "from"),
            ({"to": None}, 400, "missing_field", "to"),
            ({"text": None}, 400, "missing_field", "text"),
            ({"from": "ACME"}, 400, "invalid_field", "from"),
            ({"from": "123"}, 400, "invalid_field", "from"),
            ({"from": "+2799900000112345"}, 400, "invalid_field", "from"),
            ({"to": ""}, 400, "invalid_field", "to"),
            ({"text": 5}, 400, "invalid_field", "text"),
            ({"colour": "red"}, 400, "invalid_field", "colour"),
        ],
    )
    def test_what_is_wrong_is_named_and_nothing_is_kept(self, client, control, changes, status, code, field):
        answer = inbound(client, **changes)
        error = answer.get_json()["error"]
        assert (answer.status_code, error["code"], error["field"]) == (status, code, field)
        assert control.messages() == []

    @pytest.mark.parametrize("body", ["", "[]", "{", '"x"'])
    def test_what_is_no_object_is_400(self, client, body):
        assert client.post("/_emulator/inbound", data=body).status_code == 400

    def test_a_stop_opts_out_and_a_start_opts_in_again(self, client, skycore):
        inbound(client, text="Stop")
        assert skycore.sendsms(to="+27999000001")["error-code"] == "E114"
        inbound(client, text="START")
        assert skycore.sendsms(to="+27999000001")["status"] == "Success"


class TestForcedStatus:
    @pytest.fixture
    def sent(self, skycore, control):
        skycore.sendsms()
        return control.messages()[0]["id"]

    def force(self, client, message, document):
        return client.post(f"/_emulator/messages/{message}/status", json=document)

    @pytest.mark.parametrize("status", ["delivered", "undelivered", "expired", "rejected"])
    def test_a_message_ends_at_once(self, client, control, sent, status):
        answer = self.force(client, sent, {"status": status})
        assert (answer.status_code, answer.get_json()["status"]) == (200, status)
        control.advance(86400)
        assert [step["status"] for step in control.newest()["timeline"]] == ["queued", "sent", status]

    def test_with_an_error_of_the_provider(self, client, sent):
        assert self.force(client, sent, {"status": "undelivered", "error": "12"}).get_json()["error"] == "12"

    def test_its_receipt_follows(self, client, control, sent, account):
        self.force(client, sent, {"status": "undelivered"})
        [webhook] = control.get(f"/messages/{sent}")["webhooks"]
        assert '"E201"' in webhook["body"]

    def test_a_scheduled_message_can_be_released_before_its_time(self, client, clickatell, control):
        clickatell.send(deliv_time="10")
        message = control.messages()[0]["id"]
        assert self.force(client, message, {"status": "sent"}).get_json()["status"] == "sent"

    def test_a_rejected_one_costs_nothing_where_the_provider_says_so(self, client, control, sent):
        before = control.get("/accounts/skycore-demo")["balance"]
        answer = self.force(client, sent, {"status": "rejected"}).get_json()
        assert (before, control.get("/accounts/skycore-demo")["balance"]) == ("999.9925", "1000.00")
        assert answer["price"] == "0.00"

    @pytest.mark.parametrize(
        ("document", "field"),
        [
            ({}, "status"),
            ({"status": "gone"}, "status"),
            ({"status": None}, "status"),
            ({"status": 4}, "status"),
            ({"status": "sent"}, "status"),
            ({"status": "queued"}, "status"),
            ({"status": "scheduled"}, "status"),
            ({"status": "cancelled"}, "status"),
            ({"status": "received"}, "status"),
            ({"status": "delivered", "error": 12}, "error"),
            ({"status": "delivered", "why": "so"}, "why"),
        ],
    )
    def test_what_makes_no_sense_is_400_and_changes_nothing(self, client, control, sent, document, field):
        answer = self.force(client, sent, document)
        assert (answer.status_code, answer.get_json()["error"]["field"]) == (400, field)
        assert control.newest()["status"] == "sent"

    def test_a_message_that_has_ended_stays_as_it_is(self, client, control, sent):
        control.advance(2)
        answer = self.force(client, sent, {"status": "undelivered"})
        assert (answer.status_code, answer.get_json()["error"]["code"]) == (400, "invalid_field")
        assert control.newest()["status"] == "delivered"

    def test_a_reply_has_no_other_status(self, client, control):
        reply = inbound(client).get_json()["id"]
        assert self.force(client, reply, {"status": "delivered"}).status_code == 400

    def test_an_unknown_message_is_404(self, client):
        answer = self.force(client, "nosuch", {"status": "delivered"})
        assert (answer.status_code, answer.get_json()["error"]["code"]) == (404, "unknown_message")


def test_a_handset_that_stops_the_gateway_s_own_number_gets_nothing_from_it(clickatell, control):
    control.post("/inbound", provider="clickatell", to="27000000000", text="STOP", **{"from": "2799900001"})
    assert clickatell.send() == "ERR: 122, Destination mobile opted out"
    assert clickatell.send(**{"from": "27831234567"}).startswith("ID: ")


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:99999/", "http://127.0.0.1:0/", "http://u:p@127.0.0.1/", "http://127.0.0.1/a\r\nb", "http://"]
)
def test_an_address_that_cannot_be_called_is_refused_when_it_is_set(client, url):
    assert client.patch("/_emulator/accounts/skycore-demo", json={"callback_url": url}).status_code == 400


def test_an_address_with_a_login_is_refused_for_its_login(control):
    refused = control.patch("/accounts/skycore-demo", callback_url="http://bob:pw@127.0.0.1/r")
    assert "without a login" in refused["error"]["message"]
