"""The whole state out and in."""

import copy
import json

import pytest

from emulator.app import StartError, create_app
from emulator.config import Settings
from emulator.core.clock import ManualClock, SystemClock


@pytest.fixture
def lived(clickatell, skycore, control, client):
    """An emulator with some of everything in it."""
    control.patch("/accounts/skycore-demo", callback_url="http://127.0.0.1:9/x")
    control.post("/faults", effect={"fate": "late"}, match="to:10000000003")
    control.post("/faults", effect={"rate": {"limit": 100, "per": 60}}, provider="clickatell")
    clickatell.get("/http/auth", user="MyUserName", password="MyPassword", api_id="123456")
    clickatell.send(text="Hello")
    clickatell.send(text="Later", deliv_time="30")
    clickatell("sendmsg", to="2799900001", data="00FF", udh="0605040B8423F0")
    skycore.sendsms("see http://example.com/x", **{"click-tracking": True})
    skycore.sendsms(to="+15005550011")
    control.advance(3)
    control.post("/inbound", provider="clickatell", **{"from": "2799900001", "to": "27000000000", "text": "STOP"})
    control.account("go4clients", balance="5")
    client.get("/clickatell/http/nothing")
    return control


def again(document):
    """Another emulator with the snapshot put into it."""
    client = create_app(Settings(), clock=ManualClock()).test_client()
    answer = client.put("/_emulator/snapshot", json=document)
    assert (answer.status_code, answer.get_json()) == (200, {"loaded": True})
    return client


LISTS = ["messages?limit=1000", "exchanges?limit=1000", "webhooks?limit=1000", "accounts", "faults", "clock", "health"]


def test_what_comes_out_goes_in_again(lived):
    document = lived.get("/snapshot")
    other = again(document)
    assert other.get("/_emulator/snapshot").get_json() == document
    for path in LISTS:
        assert other.get(f"/_emulator/{path}").get_json() == lived.get(f"/{path}")


def test_life_goes_on_the_same_in_both(lived, client):
    other = again(lived.get("/snapshot"))
    sent = "/clickatell/http/sendmsg?user=MyUserName&password=MyPassword&api_id=123456&to=2799900002&text=more"
    for one in (client, other):
        one.get(sent)
        one.post("/_emulator/clock/advance", json={"seconds": 86400})
    for path in LISTS:
        assert other.get(f"/_emulator/{path}").get_json() == client.get(f"/_emulator/{path}").get_json()


def test_a_reset_after_a_snapshot_goes_back_to_the_seed(lived):
    other = again(lived.get("/snapshot"))
    other.post("/_emulator/reset")
    assert other.get("/_emulator/messages").get_json()["total"] == 0
    accounts = other.get("/_emulator/accounts").get_json()["accounts"]
    assert [one["id"] for one in accounts if one["provider"] == "skycore"] == ["skycore-demo"]


def test_one_account_is_reset_to_the_state_it_was_made_with_after_a_snapshot_too(lived):
    other = again(lived.get("/snapshot"))
    [made] = [one for one in lived.get("/accounts")["accounts"] if one["balance"] == "5.00"]
    other.patch(f"/_emulator/accounts/{made['id']}", json={"balance": "1"})
    other.post("/_emulator/reset", json={"account": made["id"]})
    assert other.get(f"/_emulator/accounts/{made['id']}").get_json()["balance"] == "5.00"


def broken(document, path, value):
    changed = copy.deepcopy(document)
    *way, last = path
    place = changed
    for step in way:
        place = place[step]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return changed


MESSAGE = ("entities", "core.message.Message", 0)
ACCOUNT = ("entities", "core.accounts.Account", 0)
RULE = ("entities", "core.faults.FaultRule", 0)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("format",), 2),
        (("clock",), ...),
        (("version",), {}),
        (("extra",), 1),
        (("clock", "now"), "soon"),
        (("clock", "now"), "9999-12-31T23:59:59+00:00"),
        (("clock", "shift"), 1e200),
        (("clock", "shift"), -2e11),
        (("numbers",), {"x": "1"}),
        (("numbers",), {"x": -1}),
        (("events",), [{"is": "core.message.Message", "value": {}}]),
        (("entities",), []),
        (("entities", "core.nothing.Kind"), []),
        (("entities", "core.message.Fate"), []),
        ((*MESSAGE, "status"), "lost"),
        ((*MESSAGE, "text"), ...),
        ((*MESSAGE, "id"), "no hex"),
        ((*MESSAGE, "timeline"), []),
        ((*MESSAGE, "provider"), "nosuch"),
        ((*MESSAGE, "price"), "Infinity"),
        ((*ACCOUNT, "provider"), "nosuch"),
        ((*ACCOUNT, "login"), "another"),
        ((*ACCOUNT, "credentials"), {}),
        ((*ACCOUNT, "settings"), {"blocked": "yes"}),
        ((*ACCOUNT, "settings"), {"nosuch": 1}),
        ((*ACCOUNT, "balance"), "1E+50"),
        ((*RULE, "match"), "nosuch:x"),
        ((*RULE, "described"), "{"),
    ],
    ids=lambda value: ".".join(map(str, value)) if isinstance(value, tuple) else None,
)
def test_a_document_that_cannot_be_is_refused_and_changes_nothing(lived, client, path, value):
    before = lived.get("/snapshot")
    answer = client.put("/_emulator/snapshot", json=broken(before, path, value))
    assert answer.status_code == 400
    assert answer.get_json()["error"]["message"]
    assert lived.get("/snapshot") == before


@pytest.mark.parametrize("body", ["", "null", "[]", "5", "{", '{"format": 1}'])
def test_what_is_no_snapshot_is_refused(client, body):
    assert client.put("/_emulator/snapshot", data=body).status_code == 400


def test_two_with_one_key_are_refused(lived, client):
    document = lived.get("/snapshot")
    document["entities"]["core.message.Message"] *= 2
    assert "two have the same key" in client.put("/_emulator/snapshot", json=document).get_json()["error"]["message"]


def test_only_a_snapshot_may_be_large(client, control):
    large = b" " * (3 * 1024 * 1024)
    document = json.dumps(control.get("/snapshot")).encode()
    assert client.put("/_emulator/snapshot", data=large + document).status_code == 200
    assert client.put("/_emulator/clock", data=large).status_code == 413


def test_an_account_of_an_older_snapshot_gets_the_settings_it_has_not(control, client):
    document = control.get("/snapshot")
    del document["entities"]["core.accounts.Account"][0]["settings"]["blocked"]
    client.put("/_emulator/snapshot", json=document)
    assert control.get("/accounts")["accounts"][0]["settings"]["blocked"] is False


def clock_after(document):
    client = create_app(Settings(), clock=SystemClock()).test_client()
    client.put("/_emulator/snapshot", json=document)
    return client.get("/_emulator/snapshot").get_json()["clock"]


def test_a_frozen_clock_stands_where_it_stood(control):
    document = control.get("/snapshot")
    document["clock"] = {"now": "2030-05-05T05:05:05+00:00", "frozen": True, "shift": 0}
    assert clock_after(document) == document["clock"]


def test_a_running_clock_stays_as_far_from_the_wall_clock_as_it_was(control):
    document = control.get("/snapshot")
    document["clock"] = {"now": "2030-05-05T05:05:05+00:00", "frozen": False, "shift": 3600}
    after = clock_after(document)
    assert not after["frozen"]
    assert after["shift"] == pytest.approx(3600, abs=5)


def test_a_file_is_loaded_at_the_start(lived, tmp_path):
    file = tmp_path / "state.json"
    file.write_text(json.dumps(lived.get("/snapshot")))
    client = create_app(Settings(snapshot=file), clock=ManualClock()).test_client()
    assert client.get("/_emulator/messages").get_json()["total"] == lived.get("/messages")["total"]


@pytest.mark.parametrize("content", ["{", "{}"])
def test_a_file_that_cannot_be_loaded_stops_the_start_and_is_named(tmp_path, content):
    file = tmp_path / "state.json"
    file.write_text(content)
    with pytest.raises(StartError, match=r"state\.json"):
        create_app(Settings(snapshot=file))
