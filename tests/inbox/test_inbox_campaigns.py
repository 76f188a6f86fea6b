"""The campaigns page, as a browser gets it."""

import json

import pytest

from emulator.app import create_app
from emulator.config import Settings
from emulator.core.clock import ManualClock
from emulator.core.contacts import Contact
from emulator.core.message import Message
from emulator.edge.context import EXTENSION

AUTH = ("api-username", "api-password")
NOON = 1_767_268_800  # the manual clock begins at midnight
HTML = {"Accept": "text/html"}


@pytest.fixture
def launch(client):
    def launch(**fields):
        body = {"list_id": 428, "name": "May", "body": "Hello (First Name)", **fields}
        return client.post("/clicksend/v3/sms-campaigns/send", json=body, auth=AUTH).get_json()["data"]["sms_campaign_id"]

    return launch


@pytest.fixture
def page(client):
    return lambda path, **headers: client.get(path, headers=HTML | headers).get_data(as_text=True)


def test_without_campaigns_the_page_says_what_will_stand_here(page):
    assert 'data-testid="no-campaigns"' in page("/campaigns")


def test_each_campaign_has_a_row_with_its_progress(launch, page, control):
    launch()
    control.advance(10)
    launch(name="June", schedule=NOON)
    html = page("/campaigns")
    assert html.count('data-testid="campaign"') == 2
    assert html.index("June") < html.index("May")
    assert "10 of 10 ended" in html
    assert "0 of 10 ended" in html


def test_a_name_on_messages_is_hostile_text(skycore, page):
    skycore.sendsms(**{"campaign-ref": "<script>x</script>/1?&#"})
    html = page("/campaigns")
    assert "<script>x" not in html
    assert "&lt;script&gt;x" in html
    href = html.partition('<a href="/campaigns/skycore-demo/')[2].partition('"')[0]
    assert "&lt;script&gt;x" in page(f"/campaigns/skycore-demo/{href}")


def test_a_campaign_tells_its_recipients_by_status(launch, page, control):
    number = launch()
    control.advance(2)
    control.post(f"/messages/{control.messages()[0]['id']}/status", status="undelivered")
    html = page(f"/campaigns/{number}")
    assert 'data-testid="tally-sent"' in html
    assert 'data-testid="tally-undelivered"' in html
    assert html.count('data-testid="recipient"') == 10
    assert page(f"/campaigns/{number}?status=undelivered").count('data-testid="recipient"') == 1


def test_a_recipient_whose_message_failed_says_why(launch, page, control):
    number = launch(schedule=NOON)
    control.post("/faults", provider="clicksend", match="to:+61491570157", effect={"refuse": "no_credit"}, times=1)
    control.post("/faults", provider="clicksend", match="to:+61491570158", effect={"refuse": "invalid_recipient"}, times=1)
    control.advance(24 * 3600)
    html = page(f"/campaigns/{number}?status=rejected")
    assert "Failed, 7 Unknown failure. (no_credit)" in html
    assert "Failed, 8 Unknown subscriber. (invalid_recipient)" in html


def test_a_campaign_tells_how_many_of_its_list_it_skips_because_they_opted_out(launch, page, control):
    assert 'data-testid="skipped"' not in page(f"/campaigns/{launch()}")
    control.advance(2)
    handset = control.messages()[0]["recipient"]
    control.post("/inbound", provider="clicksend", **{"from": handset, "to": "61353787448", "text": "STOP"})
    second = launch()
    for _ in ("before it is sent", "afterwards"):
        assert 'data-testid="skipped">1 skipped: opted out<' in page(f"/campaigns/{second}")
        control.advance(2)


def test_a_campaign_that_waits_is_cancelled_by_a_button(launch, page, client, control):
    number = launch(schedule=NOON)
    assert 'data-testid="cancel"' in page(f"/campaigns/{number}")
    html = client.post(f"/campaigns/{number}", headers=HTML).get_data(as_text=True)
    assert 'data-testid="cancel"' not in html
    assert control.get(f"/campaigns/{number}")["status"] == "cancelled"


def test_a_campaign_that_has_begun_says_why_it_is_not_cancelled(launch, client, control):
    number = launch()
    control.advance(5)
    html = client.post(f"/campaigns/{number}", headers=HTML).get_data(as_text=True)
    assert 'data-testid="objection"' in html


def test_counts_of_forgotten_messages_stay_and_the_page_says_so(launch, page, control):
    number = launch()
    control.advance(10)
    control.delete("/messages")
    html = page(f"/campaigns/{number}")
    assert "10 messages are not kept any more" in html
    assert 'data-testid="tally-delivered"' in html


@pytest.mark.parametrize("path", ["/campaigns/0", "/campaigns/nobody/nothing"])
def test_an_unknown_campaign_is_a_page_of_its_own(client, path):
    answer = client.get(path, headers=HTML)
    assert answer.status_code == 404
    assert 'data-testid="failure"' in answer.get_data(as_text=True)


@pytest.mark.parametrize("number", ["0", "-1", "x", "99999999999999", "٣"])
def test_a_page_number_that_is_none_is_the_first(launch, page, number):
    launch()
    assert 'data-testid="campaign"' in page(f"/campaigns?page={number}")


def test_a_refresh_gets_the_part_that_changes_and_no_frame(launch, page):
    launch()
    html = page("/campaigns", **{"HX-Request": "true", "HX-Target": "campaigns"})
    assert html.lstrip().startswith('<div class="page" id="campaigns"')


@pytest.fixture
def large():
    """A campaign to 20,000 recipients, on its way."""
    app = create_app(Settings(), clock=ManualClock())
    client = app.test_client()
    smsc = app.extensions[EXTENSION].smsc
    now = smsc.clock.now()
    client.patch("/_emulator/accounts/clicksend-demo", json={"balance": "100000"})
    contacts = (
        Contact(10_000_000 + n, "clicksend-demo", "428", f"+614{91_000_000 + n}", "AU", "A", "B", now, now)
        for n in range(19_990)
    )
    smsc.store.put(*contacts)
    body = json.dumps({"list_id": 428, "name": "May", "body": "Hello"})
    sent = client.post("/clicksend/v3/sms-campaigns/send", data=body, content_type="application/json", auth=AUTH)
    client.post("/_emulator/clock/advance", json={"seconds": 2})
    return client, smsc, sent.get_json()["data"]["sms_campaign_id"]


def test_twenty_thousand_recipients_come_in_pages(large):
    client, _, number = large
    last = client.get(f"/campaigns/{number}?page=400", headers=HTML).get_data(as_text=True)
    assert last.count('data-testid="recipient"') == 50
    assert "19,951–20,000 of 20,000" in last
    assert 'data-testid="next"' not in last
    assert len(last) < 60_000


def test_the_tallies_of_twenty_thousand_are_shown_without_reading_them(large):
    client, smsc, number = large
    read = 0
    find = smsc.store.find

    def counting(kind, **wanted):
        nonlocal read
        for one in find(kind, **wanted):
            read += kind is Message
            yield one

    smsc.store.find = counting
    html = client.get(f"/campaigns/{number}", headers=HTML).get_data(as_text=True)
    assert '<span class="number">20,000</span> sent' in html
    assert read <= 52  # a page and whether there is another; and the newest of all, to count from
    client.get("/campaigns", headers=HTML)
    assert read <= 53
