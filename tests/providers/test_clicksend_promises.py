"""What a campaign promises where several rules meet: faults, updates, reviews, cut texts, lists that change."""

from urllib.parse import parse_qs

import pytest

from receivers import receiving


@pytest.mark.parametrize(
    ("reason", "status", "code"),
    [
        ("no_credit", 400, "INSUFFICIENT_CREDIT"),
        ("invalid_sender", 400, "INVALID_SENDER_ID"),
        ("too_many_recipients", 400, "TOO_MANY_RECIPIENTS"),
        ("invalid_schedule", 400, "INVALID_SCHEDULE"),
        ("internal", 500, "INTERNAL_SERVER_ERROR"),
    ],
)
def test_a_fault_rule_refuses_the_campaign_as_the_provider_would(clicksend, control, reason, status, code):
    control.post("/faults", effect={"refuse": reason}, provider="clicksend", times=1)
    answer = clicksend.call("POST", "/sms-campaigns/send", {"list_id": 428, "name": "n", "body": "b"})
    assert (answer.status_code, answer.get_json()["response_code"]) == (status, code)
    assert clicksend.campaign()["status"] == "Queued"


def test_a_fault_rule_about_messages_leaves_requests_alone_that_send_none(clicksend, control):
    control.post("/faults", effect={"refuse": "no_credit"}, provider="clicksend", times=1)
    assert clicksend.get("/account")["response_code"] == "SUCCESS"
    assert control.get("/faults")["faults"][0]["used"] == 0


def test_a_fault_rule_that_names_the_operation_refuses_any(clicksend, control):
    control.post("/faults", effect={"refuse": "not_found"}, operation="view_campaign")
    assert clicksend.get("/sms-campaigns/1")["http_code"] == 404


def test_an_update_keeps_what_it_does_not_say(clicksend):
    senders = [{"sender_id": "Brand", "recipient_country_code": "AU"}]
    extra = {"url_to_shorten": "http://e.com/", "custom_string": "order-9", "source": "crm", "senders": senders}
    sent = clicksend.campaign(schedule=4_000_000_000, **extra)
    path = f"/sms-campaigns/{sent['sms_campaign_id']}"
    changed = clicksend.put(path, list_id="428", name="n", body="typo mended", schedule=4_000_000_000)["data"]
    assert {name: changed[name] for name in extra} == extra
    assert (changed["body"], changed["from"]) == ("typo mended", sent["from"])


class TestReview:
    @pytest.fixture
    def reviewed(self, clicksends):
        clicksend = clicksends(campaign_review=5)
        clicksend.people = clicksend.list("+61491570156")
        return clicksend

    def status(self, clicksend, campaign):
        return clicksend.get(f"/sms-campaigns/{campaign['sms_campaign_id']}")["data"]["status"]

    def test_a_scheduled_campaign_is_scheduled_once_it_is_approved(self, reviewed, control):
        campaign = reviewed.campaign(reviewed.people, schedule=1767225600 + 1000)
        assert campaign["status"] == "WaitApproval"
        control.advance(301)
        assert self.status(reviewed, campaign) == "Scheduled"
        control.advance(700)
        assert self.status(reviewed, campaign) == "Sent"

    def test_one_for_now_goes_out_with_its_approval(self, reviewed, control):
        campaign = reviewed.campaign(reviewed.people)
        control.advance(299)
        assert self.status(reviewed, campaign) == "WaitApproval"
        control.advance(1)
        assert self.status(reviewed, campaign) == "Approved"
        control.advance(2)
        assert self.status(reviewed, campaign) == "Sent"

    def test_an_update_waits_for_an_approval_of_its_own(self, reviewed, control):
        campaign = reviewed.campaign(reviewed.people)
        control.advance(200)
        path = f"/sms-campaigns/{campaign['sms_campaign_id']}"
        assert reviewed.put(path, list_id=reviewed.people, name="n", body="b")["data"]["status"] == "WaitApproval"
        control.advance(200)
        assert self.status(reviewed, campaign) == "WaitApproval"


def test_a_campaign_of_which_no_message_goes_out_has_failed_and_costs_nothing(clicksend, control):
    campaign = clicksend.campaign()
    control.patch("/accounts/clicksend-demo", uncovered_prefixes=["61"])
    control.advance(2)
    assert clicksend.get(f"/sms-campaigns/{campaign['sms_campaign_id']}")["data"]["status"] == "Failed"
    assert clicksend.balance == "1000.000000"


def test_a_list_that_has_grown_too_long_since_is_not_sent_to(clicksend, control, app):
    smsc = app.extensions["sms-emulator"].smsc
    contact_list = smsc.contacts.list_of("clicksend-demo", 428)
    control.patch("/accounts/clicksend-demo", balance="10000")
    campaign = clicksend.campaign(schedule=1767225600 + 100)
    for number in range(20_000):
        smsc.contacts.add(contact_list, phone=f"+61492{number:06}", country="AU", first_name="", last_name="")
    control.advance(100)
    assert clicksend.get(f"/sms-campaigns/{campaign['sms_campaign_id']}")["data"]["status"] == "Failed"
    assert control.messages() == []


@pytest.mark.parametrize("length", [900, 905, 910, 1000, 3000])
def test_the_short_link_stays_however_long_the_text(clicksend, control, length):
    number = clicksend.list("+61491570156")
    clicksend.campaign(number, body="x" * length, url_to_shorten="http://www.google.com/")
    control.advance(2)
    [message] = control.messages()
    [link] = message["links"]
    assert message["text"].endswith(f" {link['url']}")
    assert len(message["text"]) == min(length + 14, 918)


def test_a_text_of_which_placeholders_leave_nothing_is_not_sent(clicksend, control):
    number = clicksend.post("/lists", list_name="Nameless")["data"]["list_id"]
    clicksend.post(f"/lists/{number}/contacts", phone_number="+61491570156")
    clicksend.campaign(number, body="(First Name)")
    control.advance(2)
    assert control.messages()[0]["status"] == "rejected"
    assert clicksend.balance == "1000.000000"


def test_a_test_receipt_is_posted_with_the_keys_of_a_real_one(clicksend, control):
    with receiving() as receiver:
        clicksend.post("/sms/receipts", url=receiver.url)
        control.patch("/accounts/clicksend-demo", callback_url=receiver.url)
        clicksend.send()
        control.advance(2)
    made_up, real = (set(parse_qs(body, keep_blank_values=True)) for body in receiver.bodies)
    assert made_up == real
