"""Accounts over the control API: demo, fresh, changed, closed, reset."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from emulator.edge.context import EXTENSION

DEMO = {
    "clickatell": {"user": "MyUserName", "password": "MyPassword", "api_id": "123456"},
    "clicksend": {"username": "api-username", "api_key": "api-password"},
    "go4clients": {"api_key": "5bf54d157a214f748eede4e4131b874d", "api_secret": "712968662797"},
    "skycore": {"api_key": "x" * 31},
}
TEST_LOGINS = ("clicksend-nocredit", "clicksend-notactive", "clicksend-banned")  # the vendor's own
SEEDED = 7


def test_the_demo_accounts_carry_the_documents_credentials(control):
    accounts = [control.get(f"/accounts/{provider}-demo") for provider in DEMO]
    assert {account["provider"]: account["credentials"] for account in accounts} == DEMO
    assert {account["balance"] for account in accounts} == {"1000.00"}


def test_clicksends_test_logins_are_there(control):
    accounts = [control.get(f"/accounts/{identifier}") for identifier in TEST_LOGINS]
    assert [account["credentials"]["username"] for account in accounts] == ["nocredit", "notactive", "banned"]
    assert {account["credentials"]["api_key"] for account in accounts} == {"D83DED51-9E35-4D42-9BB9-0E34B7CA85AE"}
    assert [account["balance"] for account in accounts] == ["0.00", "1000.00", "1000.00"]
    assert [account["settings"]["active"] for account in accounts] == [True, False, True]
    assert [account["settings"]["blocked"] for account in accounts] == [False, False, True]


def test_no_other_accounts_are_there(control):
    found = {account["id"] for account in control.get("/accounts")["accounts"]}
    assert found == {*TEST_LOGINS, *(f"{provider}-demo" for provider in DEMO)}


def test_a_fresh_account_can_send_at_once(client, control):
    account = control.account("skycore")
    headers = {"x-api-key": account["credentials"]["api_key"]}
    body = {"action": "sendsms", "message-text": "x", "to": "+10000000001", "from": "00000"}
    assert client.post("/skycore/", headers=headers, json=body).get_json()["status"] == "Success"


def test_fresh_credentials_look_like_the_provider_s(control):
    credentials = control.account("clickatell")["credentials"]
    assert credentials["user"].isalnum() or "." in credentials["user"] or "-" in credentials["user"]
    assert len(credentials["password"]) == 10
    assert credentials["api_id"].isdecimal()
    assert len(control.account("go4clients")["credentials"]["api_key"]) == 32
    assert len(set(control.account("skycore")["credentials"]["api_key"])) > 10


def test_two_fresh_accounts_differ(control):
    assert control.account("clickatell")["credentials"] != control.account("clickatell")["credentials"]


def test_credentials_may_be_given(client, control):
    control.account("skycore", credentials={"api_key": "ci-key"}, balance="5")
    assert (
        client.post("/skycore/", headers={"x-api-key": "ci-key"}, json={"action": "sendsms"}).get_json()["error-code"] == "E110"
    )


def test_credentials_of_another_account_are_refused(control):
    assert control.account("skycore", credentials={"api_key": "x" * 31})["error"]["code"] == "credentials_taken"


def test_accounts_are_worlds_of_their_own(client, control, clickatell):
    mine = clickatell.send().removeprefix("ID: ")
    other = control.account("clickatell")["credentials"]
    answer = client.get("/clickatell/http/querymsg", query_string={**other, "apimsgid": mine})
    assert answer.get_data(as_text=True) == "ERR: 103, Unknown API message ID"


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"provider": "nosuch"}, "provider"),
        ({}, "provider"),
        ({"provider": "skycore", "colour": "red"}, "colour"),
        ({"provider": "skycore", "balance": "much"}, "balance"),
        ({"provider": "skycore", "balance": "NaN"}, "balance"),
        ({"provider": "skycore", "balance": True}, "balance"),
        ({"provider": "skycore", "blocked": "yes"}, "blocked"),
        ({"provider": "skycore", "senders": "12345"}, "senders"),
        ({"provider": "skycore", "rate_limit": 0}, "rate_limit"),
        ({"provider": "skycore", "callback_url": "ftp://x"}, "callback_url"),
        ({"provider": "skycore", "callback_method": "PUT"}, "callback_method"),
        ({"provider": "skycore", "api_access": "some"}, "api_access"),
        ({"provider": "skycore", "campaigns": {"a": "b"}}, "campaigns"),
        ({"provider": "go4clients", "time_zone": "Mars/Base"}, "time_zone"),
        ({"provider": "skycore", "credentials": "x"}, "credentials"),
        ({"provider": "skycore", "credentials": []}, "credentials"),
        ({"provider": "skycore", "credentials": None}, "credentials"),
        ({"provider": "skycore", "credentials": {"user": "x"}}, "credentials.user"),
        ({"provider": "skycore", "credentials": {"api_key": 5}}, "credentials.api_key"),
    ],
)
def test_a_wish_that_cannot_be_granted_is_400_and_names_the_field(client, control, wanted, field):
    answer = client.post("/_emulator/accounts", json=wanted)
    assert answer.status_code in {400, 404}
    assert answer.get_json()["error"]["field"] == field
    assert len(control.get("/accounts")["accounts"]) == SEEDED


@pytest.mark.parametrize(("setting", "unit"), [("campaign_review", "minutes"), ("repeat_window", "seconds")])
def test_a_wish_for_a_time_that_is_none_names_the_unit(client, setting, unit):
    answer = client.patch("/_emulator/accounts/clicksend-demo", json={setting: "5s"})
    assert answer.get_json()["error"]["message"] == f"{setting}: must be a whole number above 0, in {unit}"


def test_settings_change_by_flat_keys(control):
    changed = control.patch("/accounts/skycore-demo", balance="0", callback_url="http://127.0.0.1:9/x", blocked=True)
    assert changed["balance"] == "0.00"
    assert changed["settings"]["callback_url"] == "http://127.0.0.1:9/x"
    assert changed["settings"]["blocked"] is True


def test_null_puts_a_setting_back_to_its_default(control):
    control.patch("/accounts/skycore-demo", senders=["1234"])
    assert control.patch("/accounts/skycore-demo", senders=None)["settings"]["senders"] is None


def test_a_bad_setting_changes_nothing(control):
    control.patch("/accounts/skycore-demo", blocked=True, colour="red")
    assert control.get("/accounts/skycore-demo")["settings"]["blocked"] is False


def test_closing_an_account_forgets_all_of_it(client, control):
    account = control.account("skycore")
    headers = {"x-api-key": account["credentials"]["api_key"]}
    client.post(
        "/skycore/", headers=headers, json={"action": "sendsms", "message-text": "x", "to": "+10000000001", "from": "00000"}
    )
    control.delete(f"/accounts/{account['id']}")
    assert control.messages() == []
    assert client.get(f"/_emulator/accounts/{account['id']}").status_code == 404
    assert client.post("/skycore/", headers=headers, json={}).get_json()["error-code"] == "E104"


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_an_unknown_account_is_404(client, method):
    answer = client.open("/_emulator/accounts/nosuch", method=method, json={})
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (404, "unknown_account")


def test_a_message_is_debited_and_a_stopped_one_given_back(clickatell, control):
    identifier = clickatell.send(text="a" * 161, concat="2", deliv_time="60").removeprefix("ID: ")
    assert control.get("/accounts/clickatell-demo")["balance"] == "998.00"
    clickatell("delmsg", apimsgid=identifier)
    assert control.get("/accounts/clickatell-demo")["balance"] == "1000.00"


def test_reset_restores_the_seed(clickatell, control):
    first = clickatell.send()
    extra = control.account("skycore")
    control.patch("/accounts/clickatell-demo", blocked=True)
    control.advance(3600)
    control.post("/reset")
    assert control.messages() == []
    assert len(control.get("/accounts")["accounts"]) == SEEDED
    assert extra["id"] not in str(control.get("/accounts"))
    assert control.get("/clock")["now"] == "2026-01-01T00:00:00Z"
    assert clickatell.send() == first  # the same seed, the same calls: the same ids


def test_reset_of_one_account_leaves_the_others(clickatell, skycore, control):
    first = clickatell.send()
    skycore.sendsms()
    control.patch("/accounts/clickatell-demo", balance="5", concat=3)
    control.post("/reset", account="clickatell-demo")
    assert [message["provider"] for message in control.messages()] == ["skycore"]
    account = control.get("/accounts/clickatell-demo")
    assert (account["balance"], account["settings"]["concat"]) == ("1000.00", 1)
    assert clickatell.send() == first


def test_a_fresh_account_resets_to_the_state_it_was_made_with(control):
    account = control.account("skycore", balance="7", senders=["12345"])
    control.patch(f"/accounts/{account['id']}", balance="1", senders=None)
    control.post("/reset", account=account["id"])
    assert control.get(f"/accounts/{account['id']}") == account


def test_reset_of_an_unknown_account_is_404(client):
    assert client.post("/_emulator/reset", json={"account": "nosuch"}).status_code == 404


@pytest.mark.parametrize("balance", ["1e999999", "1000000000000", "0.0000000001", "Infinity"])
def test_money_beyond_reason_is_refused(client, balance):
    assert client.patch("/_emulator/accounts/skycore-demo", json={"balance": balance}).status_code == 400


@pytest.mark.parametrize("whose", [{}, {"account": "clicksend-demo"}])
def test_reset_waits_for_the_step_under_way(app, control, clicksend, whose):
    """A campaign that is being sent would leave its messages and its price behind."""
    smsc = app.extensions[EXTENSION].smsc
    begun, go_on = threading.Event(), threading.Event()

    class Slow:
        def write(self, *arguments):
            begun.set()
            go_on.wait(10)
            return writer.write(*arguments)

    clicksend.campaign()
    writer = smsc.terms["clicksend"].writer
    smsc.terms["clicksend"] = replace(smsc.terms["clicksend"], writer=Slow())
    with ThreadPoolExecutor() as pool:
        sending = pool.submit(smsc.advance_to, smsc.clock.now() + timedelta(seconds=2))
        assert begun.wait(10)
        resetting = pool.submit(app.test_client().post, "/_emulator/reset", json=whose)
        threading.Event().wait(0.05)
        go_on.set()
        assert resetting.result(10).status_code == 200
        sending.result(10)
    assert (control.messages(), clicksend.balance, clicksend.rows("/sms-campaigns")) == ([], "1000.000000", [])
