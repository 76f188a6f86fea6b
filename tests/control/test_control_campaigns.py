"""Campaigns as the control API shows them."""

import json

import pytest

from emulator.app import create_app
from emulator.config import Settings
from emulator.core.campaigns import Campaign
from emulator.core.clock import ManualClock
from emulator.core.tallies import Tally
from emulator.edge.context import EXTENSION

AUTH = ("api-username", "api-password")
NOON = 1_767_268_800  # seconds; the manual clock begins at midnight


@pytest.fixture
def launch(client):
    def launch(**fields):
        body = {"list_id": 428, "name": "May", "body": "Hello", **fields}
        answer = client.post("/clicksend/v3/sms-campaigns/send", json=body, auth=AUTH).get_json()
        return str(answer["data"]["sms_campaign_id"])

    return launch


@pytest.fixture
def campaign(control):
    return lambda identifier: control.get(f"/campaigns/{identifier}")


def test_a_campaign_that_waits_says_for_whom_and_when(launch, campaign):
    found = campaign(launch(schedule=NOON))
    assert (found["name"], found["status"], found["text"], found["list"]) == ("May", "scheduled", "Hello", 428)
    assert (found["recipients"], found["messages"], found["by_status"]) == (10, 0, {})
    assert found["due_at"] == "2026-01-01T12:00:00Z"
    assert found["is_cancellable"]


def test_messages_are_counted_by_status_as_they_move(launch, campaign, control):
    identifier = launch()
    control.advance(2)
    assert campaign(identifier)["by_status"] == {"sent": 10}
    control.advance(2)
    found = campaign(identifier)
    assert (found["status"], found["by_status"], found["ended"], found["segments"]) == ("sent", {"delivered": 10}, 10, 10)
    assert found["price"] == "0.792"


def test_a_forced_status_is_counted(launch, campaign, control):
    identifier = launch()
    control.advance(2)
    control.post(f"/messages/{control.messages()[0]['id']}/status", status="undelivered")
    assert campaign(identifier)["by_status"] == {"sent": 9, "undelivered": 1}


def test_the_price_of_what_is_refunded_is_not_counted(skycore, campaign, control):
    control.patch("/accounts/skycore-demo", fate="rejected")
    skycore.sendsms(**{"campaign-ref": "spring"})
    assert campaign("skycore-demo/spring")["price"] != "0.00"
    control.advance(5)
    found = campaign("skycore-demo/spring")
    assert (found["by_status"], found["price"]) == ({"rejected": 1}, "0.00")


def test_the_counts_outlive_the_messages(launch, campaign, control):
    identifier = launch()
    control.advance(10)
    control.delete("/messages")
    assert campaign(identifier)["by_status"] == {"delivered": 10}


def test_the_counts_outlive_messages_that_a_full_store_drops():
    client = create_app(Settings(max_messages=3), clock=ManualClock()).test_client()
    sent = client.post(
        "/clicksend/v3/sms-campaigns/send", json={"list_id": 428, "name": "May", "body": "Hello"}, auth=AUTH
    ).get_json()
    client.post("/_emulator/clock/advance", json={"seconds": 2})
    number = sent["data"]["sms_campaign_id"]
    assert client.get("/_emulator/messages").get_json()["total"] == 3
    assert client.get(f"/_emulator/campaigns/{number}").get_json()["by_status"] == {"sent": 10}


def test_the_counts_travel_in_a_snapshot(launch, campaign, control, client):
    identifier = launch()
    control.advance(10)
    control.delete("/messages")
    document = client.get("/_emulator/snapshot").get_json()
    control.post("/reset")
    assert client.get(f"/_emulator/campaigns/{identifier}").status_code == 404
    assert client.put("/_emulator/snapshot", data=json.dumps(document)).status_code == 200
    assert campaign(identifier)["by_status"] == {"delivered": 10}


def test_a_tally_that_is_not_kept_is_counted_from_the_messages(app, launch, campaign, control):
    identifier = launch()
    control.advance(2)
    store = app.extensions[EXTENSION].smsc.store
    store.remove(Tally)
    assert campaign(identifier)["by_status"] == {"sent": 10}
    control.advance(2)
    assert campaign(identifier)["by_status"] == {"delivered": 10}


def test_a_message_more_does_not_hide_those_before_a_tally_was_dropped(app, skycore, campaign):
    skycore.sendsms(**{"campaign-ref": "spring"})
    app.extensions[EXTENSION].smsc.store.remove(Tally)
    skycore.sendsms(**{"campaign-ref": "spring"})
    assert campaign("skycore-demo/spring")["messages"] == 2


def test_a_name_on_messages_is_a_campaign_too(skycore, campaign, client):
    skycore.sendsms(**{"campaign-ref": "spring sale/1"})
    skycore.sendsms(**{"campaign-ref": "spring sale/1"})
    found = client.get("/_emulator/campaigns/skycore-demo/spring%20sale/1").get_json()
    assert (found["name"], found["campaign"], found["messages"]) == ("spring sale/1", "spring sale/1", 2)
    assert (found["status"], found["text"], found["due_at"], found["is_cancellable"]) == (None, None, None, False)


def test_campaigns_are_listed_newest_first_page_by_page(launch, skycore, control):
    first = launch()
    control.advance(60)
    skycore.sendsms(**{"campaign-ref": "spring"})
    control.advance(60)
    last = launch()
    page = control.get("/campaigns?limit=2")
    assert [one["id"] for one in page["campaigns"]] == [last, "skycore-demo/spring"]
    rest = control.get(f"/campaigns?limit=2&cursor={page['next_cursor']}")
    assert ([one["id"] for one in rest["campaigns"]], rest["next_cursor"]) == ([first], None)


def test_campaigns_are_listed_of_one_provider_or_account(launch, skycore, control):
    identifier = launch()
    skycore.sendsms(**{"campaign-ref": "spring"})
    assert [one["id"] for one in control.get("/campaigns?provider=clicksend")["campaigns"]] == [identifier]
    assert [one["id"] for one in control.get("/campaigns?account=skycore-demo")["campaigns"]] == ["skycore-demo/spring"]


def test_a_campaign_that_waits_is_cancelled_and_its_money_given_back(launch, control):
    balance = control.get("/accounts/clicksend-demo")["balance"]
    identifier = launch(schedule=NOON)
    assert control.get("/accounts/clicksend-demo")["balance"] != balance
    assert control.post(f"/campaigns/{identifier}/cancel")["status"] == "cancelled"
    assert control.get("/accounts/clicksend-demo")["balance"] == balance


def test_a_campaign_that_has_begun_is_not_cancelled(launch, control, client):
    identifier = launch()
    control.advance(10)
    answer = client.post(f"/_emulator/campaigns/{identifier}/cancel")
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (409, "not_cancellable")


def test_a_name_on_messages_cannot_be_cancelled(skycore, client):
    skycore.sendsms(**{"campaign-ref": "spring"})
    assert client.post("/_emulator/campaigns/skycore-demo%2Fspring/cancel").status_code in {404, 405, 409}


@pytest.mark.parametrize("path", ["/campaigns/0", "/campaigns/x/y"])
def test_an_unknown_campaign_is_said_to_be(client, path):
    answer = client.get(f"/_emulator{path}")
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (404, "unknown_campaign")


def test_the_reset_of_an_account_forgets_its_campaigns(app, launch, control):
    launch()
    control.advance(10)
    control.post("/reset", account="clicksend-demo")
    assert control.get("/campaigns")["campaigns"] == []
    assert app.extensions[EXTENSION].smsc.store.count(Campaign) == 0


def test_a_cursor_that_is_no_campaign_is_refused_as_any_cursor(control):
    error = control.get("/campaigns?cursor=0")["error"]
    assert error["field"] == "cursor"
