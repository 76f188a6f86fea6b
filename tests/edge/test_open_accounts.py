"""AUTH=open: credentials that nobody has make their own account."""

import re
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from emulator.config import Settings


@pytest.fixture
def settings():
    return Settings(auth="open")


def made(control):
    """Accounts that are none of the seed."""
    return [one for one in control.get("/accounts")["accounts"] if re.search("-[0-9a-f]{12}$", one["id"])]


def test_new_credentials_make_an_account_on_first_use(clickatell, control):
    sent = {"user": "new", "password": "word", "api_id": "99", "to": "2799900001", "text": "x"}
    assert clickatell.get("/http/sendmsg", **sent).startswith("ID: ")
    assert clickatell.get("/http/sendmsg", **sent).startswith("ID: ")
    [account] = [one for one in control.get("/accounts")["accounts"] if one["credentials"].get("user") == "new"]
    assert len(control.messages(f"account:{account['id']}")) == 2
    assert account["balance"] == "998.00"


def test_it_works_in_every_dialect(client, control):
    client.post("/skycore/", headers={"x-api-key": "mine"}, json={"action": "nothing"})
    body = {"to": "573000000001", "message": "x"}
    client.post("/go4clients/TelintelSms/api/sms/send", headers={"Apikey": "a", "Apisecret": "b"}, json=body)
    client.get("/clicksend/v3/account", auth=("new", "key"))
    assert [one["provider"] for one in made(control)] == ["skycore", "go4clients", "clicksend"]


def test_the_demo_credentials_still_mean_the_demo_account(skycore, control):
    skycore.sendsms()
    assert control.messages()[0]["account"] == "skycore-demo"


@pytest.mark.parametrize(
    "credentials",
    [
        {"user": "MyUserName", "password": "wrong", "api_id": "123456"},
        {"user": "new", "password": "", "api_id": "99"},
        {"user": "new", "api_id": "99"},
        {"user": "ne\nw", "password": "word", "api_id": "99"},
        {"user": "new", "password": "word", "api_id": "none"},
    ],
    ids=["another's login", "empty", "missing", "not printable", "no number"],
)
def test_credentials_that_are_taken_or_malformed_are_refused(clickatell, control, credentials):
    assert clickatell.get("/http/getbalance", **credentials).startswith("ERR: ")
    assert made(control) == []


def test_many_first_uses_at_once_make_one_account(app, control, monkeypatch):
    store = app.extensions["sms-emulator"].smsc.store
    count = store.count

    def slow_count(kind, **equals):
        counted = count(kind, **equals)
        time.sleep(0.01)  # for others to come in between
        return counted

    monkeypatch.setattr(store, "count", slow_count)

    def send(_):
        return app.test_client().post("/skycore/", headers={"x-api-key": "mine"}, json={"action": "nothing"}).status_code

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(send, range(40)))
    assert len(made(control)) == 1


def test_a_reset_forgets_them(clickatell, control):
    clickatell.get("/http/getbalance", user="new", password="word", api_id="99")
    control.post("/reset")
    assert made(control) == []
