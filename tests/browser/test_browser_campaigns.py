"""Campaigns in a browser: their progress by itself, their recipients in pages."""

import json
import time
from base64 import b64encode
from urllib.request import Request, urlopen

import pytest
from axe_playwright_python.sync_playwright import Axe

from emulator.app import create_app
from emulator.config import Settings
from emulator.core.clock import ManualClock
from emulator.core.contacts import Contact
from emulator.edge.context import EXTENSION

LOGIN = {"Authorization": f"Basic {b64encode(b'api-username:api-password').decode()}", "Content-Type": "application/json"}
NARROW = {"width": 360, "height": 740}


@pytest.fixture
def launch(emulator):
    def launch(**fields):
        body = json.dumps({"list_id": 428, "name": "May", "body": "Hello (First Name)", **fields}).encode()
        with urlopen(Request(f"{emulator.url}/clicksend/v3/sms-campaigns/send", body, LOGIN), timeout=10) as answer:
            return json.load(answer)["data"]["sms_campaign_id"]

    return launch


@pytest.fixture
def frozen(emulator):
    emulator.call("PUT", "/clock", {"frozen": True})
    return lambda seconds: emulator.call("POST", "/clock/advance", {"seconds": seconds})


def test_a_campaign_arrives_and_grows_without_a_reload(opened, launch, frozen):
    page = opened("/campaigns")
    page.get_by_test_id("no-campaigns").wait_for()
    page.evaluate("window.sameDocument = true")
    launch()
    page.get_by_text("0 of 10 ended").wait_for()
    frozen(10)
    page.get_by_text("10 of 10 ended").wait_for()
    assert page.evaluate("window.sameDocument")


def test_the_recipients_of_one_status_are_one_click_away(opened, launch, frozen, emulator):
    number = launch()
    frozen(2)
    emulator.call("POST", f"/messages/{emulator.newest()['id']}/status", {"status": "undelivered"})
    page = opened(f"/campaigns/{number}")
    assert page.get_by_test_id("recipient").count() == 10
    page.get_by_test_id("tally-undelivered").click()
    page.wait_for_url("**?status=undelivered")
    assert page.get_by_test_id("recipient").count() == 1
    page.get_by_test_id("recipient").get_by_role("link").click()
    page.wait_for_url("**/messages/*")


def test_a_campaign_that_waits_is_cancelled(opened, launch, emulator):
    number = launch(schedule=int(time.time()) + 86400)
    page = opened("/campaigns")
    page.get_by_test_id("campaign-link").click()
    page.get_by_test_id("cancel").click()
    assert emulator.call("GET", f"/campaigns/{number}")["status"] == "scheduled"
    page.get_by_test_id("confirm-cancel").click()
    page.get_by_test_id("cancel").wait_for(state="detached")
    assert emulator.call("GET", f"/campaigns/{number}")["status"] == "cancelled"
    assert page.get_by_test_id("campaign-status").inner_text() == "cancelled"


@pytest.fixture
def twenty_thousand(emulator):
    """A campaign to so many, on its way."""
    app = create_app(Settings(), clock=ManualClock())
    client, smsc = app.test_client(), app.extensions[EXTENSION].smsc
    now = smsc.clock.now()
    client.patch("/_emulator/accounts/clicksend-demo", json={"balance": "100000"})
    smsc.store.put(
        *(
            Contact(10_000_000 + n, "clicksend-demo", "428", f"+614{91_000_000 + n}", "AU", "A", "B", now, now)
            for n in range(19_990)
        )
    )
    sent = client.post("/clicksend/v3/sms-campaigns/send", data='{"list_id":428,"name":"May","body":"Hi"}', headers=LOGIN)
    client.post("/_emulator/clock/advance", json={"seconds": 2})
    snapshot = client.get("/_emulator/snapshot").get_data()
    load = Request(f"{emulator.url}/_emulator/snapshot", snapshot, {"Content-Type": "application/json"}, method="PUT")
    with urlopen(load, timeout=60) as answer:
        assert answer.status == 200
    return sent.get_json()["data"]["sms_campaign_id"]


def test_twenty_thousand_recipients_stay_smooth(opened, twenty_thousand):
    page = opened(f"/campaigns/{twenty_thousand}")
    assert page.get_by_test_id("recipients").inner_text() == "20,000"
    assert page.locator("*").count() < 2_000
    page.get_by_test_id("next").click()
    page.get_by_text("51–100 of 20,000").wait_for()
    began = time.monotonic()
    page.goto(f"/campaigns/{twenty_thousand}?page=400")
    assert page.get_by_test_id("recipient").count() == 50
    assert time.monotonic() - began < 2
    assert page.get_by_test_id("next").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(opened, launch, frozen, scheme, emulator):
    number = launch()
    emulator.skycore("Hi", **{"campaign-ref": "spring"})
    frozen(2)
    emulator.call("POST", f"/messages/{emulator.newest()['id']}/status", {"status": "undelivered"})
    for path in ("/campaigns", f"/campaigns/{number}"):
        page = opened(path, color_scheme=scheme)
        violations = [one for one in Axe().run(page).response["violations"] if one["impact"] in {"serious", "critical"}]
        assert not [(one["id"], one["nodes"][0]["html"]) for one in violations]


def test_nothing_is_wider_than_a_phone(opened, launch, frozen):
    number = launch(name="A campaign with quite a long name, ThatAlsoHasWordsWhichAreVeryLong" * 2)
    frozen(2)
    for path in ("/campaigns", f"/campaigns/{number}"):
        page = opened(path, viewport=NARROW)
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
