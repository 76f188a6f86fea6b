"""Campaigns by the clock: status, messages, money, links and opt-outs, as a client sees them."""

import pytest

from emulator.edge.context import EXTENSION

NOW, LATER = 1767225600, 1767229200  # the clock's start, and an hour after
PEOPLE = ("+61491570156", "+61491570157", "+61491570158")


@pytest.fixture
def people(clicksend):
    return clicksend.list(*PEOPLE)


def status(clicksend, campaign):
    return clicksend.get(f"/sms-campaigns/{campaign['sms_campaign_id']}")["data"]["status"]


def update(clicksend, campaign, **fields):
    return clicksend.put(f"/sms-campaigns/{campaign['sms_campaign_id']}", **{"name": "Spring", "body": "Bye", **fields})


def cancel(clicksend, campaign):
    return clicksend.put(f"/sms-campaigns/{campaign['sms_campaign_id']}/cancel")


def brought_by(control, campaign):
    """The exchanges that the campaign's messages come from."""
    found = control.messages(f"campaign:{campaign['sms_campaign_id']}")
    return {control.get(f"/messages/{message['id']}")["exchange_id"] for message in found}


def texts(control):
    return [message["text"] for message in control.messages()][::-1]


class TestLife:
    def test_one_goes_from_queued_to_sent_and_its_messages_to_delivered(self, clicksend, control):
        campaign = clicksend.campaign()
        assert (campaign["status"], campaign["schedule"], campaign["date_added"]) == ("Queued", NOW, NOW)
        control.advance(1)
        assert (status(clicksend, campaign), control.messages()) == ("Queued", [])
        control.advance(1)
        assert status(clicksend, campaign) == "Sent"
        assert {row["status"] for row in clicksend.rows("/sms/history")} == {"Completed"}
        control.advance(2)
        assert {row["status"] for row in clicksend.rows("/sms/history")} == {"Sent"}

    def test_a_scheduled_one_waits_for_its_time(self, clicksend, control):
        campaign = clicksend.campaign(schedule=LATER)
        control.advance(3599)
        assert (status(clicksend, campaign), control.messages()) == ("Scheduled", [])
        control.advance(1)
        assert (status(clicksend, campaign), len(control.messages())) == ("Sent", 10)

    @pytest.mark.parametrize("schedule", [None, LATER])
    def test_its_messages_lead_back_to_the_request_that_launched_it(self, clicksend, control, people, schedule):
        campaign = clicksend.campaign(people, schedule=schedule)
        launching = control.exchange()
        clicksend.send()
        control.advance(3600)
        assert launching["request"]["path"].endswith("/sms-campaigns/send")
        assert brought_by(control, campaign) == {launching["id"]}

    def test_its_messages_lead_back_to_the_update_that_changed_what_is_sent(self, clicksend, control, people):
        campaign = clicksend.campaign(people, schedule=LATER)
        update(clicksend, campaign, list_id=people)
        updating = control.exchange()["id"]
        control.advance(2)
        assert brought_by(control, campaign) == {updating}

    def test_the_way_back_outlives_a_snapshot(self, clicksend, control, people):
        campaign = clicksend.campaign(people, schedule=LATER)
        launching = control.exchange()["id"]
        document = control.get("/snapshot")
        control.post("/reset")
        control.put("/snapshot", **document)
        control.advance(3600)
        assert brought_by(control, campaign) == {launching}

    @pytest.mark.parametrize("schedule", [None, "", "0", 0, -5, 1, "1444821615", NOW])
    def test_no_time_and_a_time_that_is_over_mean_now(self, clicksend, schedule):
        campaign = clicksend.campaign(schedule=schedule)
        assert (campaign["status"], campaign["schedule"]) == ("Queued", NOW)

    def test_one_that_is_reviewed_waits_for_approval(self, clicksends, control):
        clicksend = clicksends(campaign_review=5)
        campaign = clicksend.campaign(clicksend.list(*PEOPLE))
        assert campaign["status"] == "WaitApproval"
        control.advance(299)
        assert (status(clicksend, campaign), control.messages()) == ("WaitApproval", [])
        control.advance(1)
        assert (status(clicksend, campaign), control.messages()) == ("Approved", [])
        control.advance(2)
        assert (status(clicksend, campaign), len(control.messages())) == ("Sent", 3)

    def test_one_is_cancelled_until_its_time_and_paid_back(self, clicksend, control):
        campaign = clicksend.campaign(schedule=LATER)
        assert clicksend.balance == "999.208000"
        control.advance(3599)
        assert (cancel(clicksend, campaign)["response_msg"], clicksend.balance) == ("Your SMS Campaign.", "1000.000000")
        assert cancel(clicksend, campaign)["response_msg"] == "Only scheduled SMS campaign can be cancelled."
        control.advance(3600)
        assert (status(clicksend, campaign), control.messages(), clicksend.balance) == ("Cancelled", [], "1000.000000")

    def test_one_that_is_sent_can_neither_be_cancelled_nor_updated(self, clicksend, control):
        campaign = clicksend.campaign()
        control.advance(10)
        before = clicksend.get(f"/sms-campaigns/{campaign['sms_campaign_id']}")
        for answer, said in [
            (cancel(clicksend, campaign), "Only scheduled SMS campaign can be cancelled."),
            (update(clicksend, campaign, list_id=428), "SMS campaign can no longer be updated."),
        ]:
            assert (answer["http_code"], answer["response_msg"], answer["data"]) == (400, said, None)
        assert clicksend.get(f"/sms-campaigns/{campaign['sms_campaign_id']}") == before

    def test_a_queued_one_can_be_updated_but_not_cancelled(self, clicksend, control):
        campaign = clicksend.campaign()
        assert cancel(clicksend, campaign)["http_code"] == 400
        assert update(clicksend, campaign, list_id="428", schedule=LATER)["data"]["status"] == "Scheduled"
        control.advance(100)
        assert control.messages() == []

    def test_an_update_replaces_schedule_and_keeps_the_sender(self, clicksend, control):
        campaign = clicksend.campaign(schedule=LATER, **{"from": "MyShop"})
        control.advance(60)
        updated = update(clicksend, campaign, list_id="428")["data"]
        assert (updated["status"], updated["from"], updated["date_added"]) == ("Queued", "MyShop", NOW + 60)
        control.advance(2)
        assert {(one["text"], one["sender"]) for one in control.messages()} == {("Bye", "MyShop")}
        control.advance(7200)
        assert len(control.messages()) == 10

    @pytest.mark.parametrize(
        ("senders", "sender"),
        [
            ({}, "+61353787448"),
            ({"senders": ["+447700900999", "+61400000001"]}, "+61400000001"),
            ({"senders": ["+61400000001"], "default_senders": {"AU": ["MyShop"]}}, "MyShop"),
        ],
    )
    def test_without_from_it_shows_the_sender_that_its_messages_have(self, clicksends, control, senders, sender):
        clicksend = clicksends(**senders)
        people = clicksend.list(PEOPLE[0])
        price = clicksend.post("/sms-campaigns/price", list_id=people, name="x", body="y")["data"]["data"]
        campaign = clicksend.campaign(people)
        control.advance(2)
        assert (price["from"], campaign["from"], control.newest()["sender"]) == (sender, sender, sender)

    def test_an_update_pays_the_difference(self, clicksend, people):
        campaign = clicksend.campaign(schedule=LATER)
        update(clicksend, campaign, list_id=people, schedule=LATER, body="x" * 161)
        assert clicksend.balance == "999.524800"  # three times two parts

    def test_one_that_cannot_be_paid_is_refused_whole(self, clicksends, control):
        clicksend = clicksends(balance="0.20")
        people = clicksend.list(*PEOPLE)
        answer = clicksend.post("/sms-campaigns/send", list_id=people, name="x", body="y")
        assert (answer["http_code"], answer["response_code"], answer["data"]) == (400, "INSUFFICIENT_CREDIT", None)
        assert (clicksend.rows("/sms-campaigns"), clicksend.balance) == ([], "0.200000")

    def test_one_whose_account_is_suspended_meanwhile_fails(self, clicksend, control):
        campaign = clicksend.campaign()
        control.patch("/accounts/clicksend-demo", blocked=True)
        control.advance(10)
        control.patch("/accounts/clicksend-demo", blocked=False)
        assert (status(clicksend, campaign), control.messages(), clicksend.balance) == ("Failed", [], "1000.000000")

    def test_one_whose_list_is_deleted_meanwhile_fails_and_has_no_list_name(self, clicksend, control, people):
        campaign = clicksend.campaign(people)
        clicksend.delete(f"/lists/{people}")
        control.advance(10)
        shown = clicksend.get(f"/sms-campaigns/{campaign['sms_campaign_id']}")["data"]
        assert (shown["status"], shown["_list_name"], clicksend.balance) == ("Failed", "", "1000.000000")

    def test_times_are_texts_where_the_account_wants_the_documents_types(self, clicksends):
        clicksend = clicksends(type_profile="seed")
        campaign = clicksend.campaign(clicksend.list(*PEOPLE), schedule=LATER)
        view = clicksend.get(f"/sms-campaigns/{campaign['sms_campaign_id']}")["data"]
        updated = update(clicksend, campaign, list_id=campaign["list_id"], schedule=LATER)["data"]
        for shown in (campaign, view, updated):
            assert (shown["schedule"], shown["date_added"]) == (str(LATER), str(NOW))
        for shown in (clicksend.rows("/sms-campaigns")[0], cancel(clicksend, campaign)["data"]):
            assert (shown["schedule"], shown["date_added"]) == (LATER, NOW)

    def test_cancelling_all_messages_cancels_campaigns_that_wait_too(self, clicksend, people):
        mine = clicksend.campaign(people, schedule=LATER, custom_string="mine")
        other = clicksend.campaign(people, schedule=LATER)
        clicksend.send(schedule=LATER, custom_string="mine")
        assert clicksend.put("/sms/cancel-all", custom_string="mine")["data"] == {"count": 4}
        assert [status(clicksend, one) for one in (mine, other)] == ["Cancelled", "Scheduled"]
        assert clicksend.put("/sms/cancel-all")["data"] == {"count": 3}
        assert clicksend.balance == "1000.000000"


class TestRecipients:
    @pytest.fixture
    def crowd(self, app, clicksend):
        """A list with as many people as are asked for, put there by the core."""
        smsc = app.extensions[EXTENSION].smsc

        def made(size):
            opened = smsc.contacts.open_list("clicksend-demo", "Crowd")
            for number in range(size):
                phone = f"+614{number:08}"
                smsc.contacts.add(opened, phone=phone, country="AU", first_name=str(number), last_name="")
            return opened.number

        return made

    def test_twenty_thousand_are_sent_to(self, clicksend, control, crowd):
        control.patch("/accounts/clicksend-demo", balance="2000")
        campaign = clicksend.campaign(crowd(20_000), body="Hi (First Name)")
        assert (campaign["_total_count"], clicksend.balance) == (20_000, "416.000000")
        control.advance(2)
        assert status(clicksend, campaign) == "Sent"
        last = clicksend.get("/sms/history", q=f"message_id:{control.newest()['provider_message_id']}")["data"]["data"]
        assert [(row["to"], row["body"]) for row in last] == [("+61400019999", "Hi 19999")]
        assert clicksend.get("/sms/history")["data"]["total"] == 20_000
        assert clicksend.balance == "416.000000"

    def test_one_more_is_refused_by_send_price_and_update(self, clicksend, control, crowd):
        control.patch("/accounts/clicksend-demo", balance="2000")
        waiting = clicksend.campaign(schedule=LATER)
        fields = {"list_id": crowd(20_001), "name": "x", "body": "y"}
        for answer in (
            clicksend.post("/sms-campaigns/send", **fields),
            clicksend.post("/sms-campaigns/price", **fields),
            update(clicksend, waiting, **fields),
        ):
            assert (answer["http_code"], answer["response_code"], answer["data"]) == (400, "TOO_MANY_RECIPIENTS", None)
        assert len(clicksend.rows("/sms-campaigns")) == 1

    def test_contacts_that_are_not_sent_to_do_not_count(self, app, clicksend, crowd):
        number = crowd(20)
        smsc = app.extensions[EXTENSION].smsc
        for _ in range(20_000):
            smsc.contacts.add(
                smsc.contacts.list_of("clicksend-demo", number), phone="", country=None, first_name="", last_name=""
            )
        price = clicksend.post("/sms-campaigns/price", list_id=number, name="x", body="y")
        assert price["data"]["total_count"] == 20

    @pytest.mark.parametrize(("field", "words"), [("list_id", "list id"), ("name", "name"), ("body", "body")])
    def test_an_empty_array_is_as_good_as_a_field_that_is_missing(self, clicksend, field, words):
        answer = clicksend.post("/sms-campaigns/send", **{"list_id": 428, "name": "x", "body": "y", field: []})
        assert (answer["http_code"], answer["response_msg"]) == (400, f"The {words} field is required.")

    def test_nobody_to_send_to_is_refused(self, clicksend):
        answer = clicksend.post("/sms-campaigns/send", list_id=clicksend.list(), name="x", body="y")
        assert (answer["http_code"], answer["response_msg"]) == (400, "Your list is empty.")

    def test_each_gets_a_text_of_its_own_and_stands_in_history_with_name_and_list(self, clicksend, control):
        people = clicksend.list()
        for name, custom in (("John", "gold"), ("Gail", "")):
            clicksend.post(
                f"/lists/{people}/contacts",
                phone_number=f"+6149157015{len(name)}",
                first_name=name,
                last_name="Doe",
                custom_2=custom,
            )
        clicksend.campaign(people, body="(First Name) {lastname} (Cust. 2)|(cust.2)|{CustomString2}|(Cust. 5)|(Nobody)")
        control.advance(2)
        assert texts(control) == ["John Doe gold|gold|gold|(Cust. 5)|(Nobody)", "Gail Doe |||(Cust. 5)|(Nobody)"]
        rows = clicksend.rows("/sms/history")
        assert [(row["first_name"], row["last_name"], row["list_id"]) for row in rows] == [
            ("John", "Doe", str(people)),
            ("Gail", "Doe", str(people)),
        ]

    def test_a_fault_rule_decides_what_becomes_of_its_messages(self, clicksend, control, people):
        control.post("/faults", provider="clicksend", match=f"to:{PEOPLE[1]}", effect={"fate": "undelivered"})
        control.post("/faults", provider="clicksend", match=f"to:{PEOPLE[2]}", effect={"refuse": "no_credit"})
        clicksend.campaign(people)
        control.advance(10)
        assert [row["status"] for row in clicksend.rows("/sms/history")] == ["Sent", "Failed", "Failed"]
        assert clicksend.balance == "999.841600"  # what was refused costs nothing

    @pytest.mark.parametrize(
        ("phone", "reason", "code", "text"),
        [
            ("+15005550012", "no_credit", "7", "Unknown failure."),
            ("+15005550004", "opted_out", "7", "Unknown failure."),
            ("+15005550001", "invalid_recipient", "8", "Unknown subscriber."),
            ("+919876543210", "unroutable", "18", "Routing failure."),
            ("+15005550008", "throttled", "19", "Blocked as spam."),
        ],
    )
    def test_one_that_is_refused_when_its_turn_comes_fails_with_the_fitting_code(
        self, clicksends, control, phone, reason, code, text
    ):
        clicksend = clicksends(enabled_countries=["AU", "US"])
        clicksend.campaign(clicksend.list(PEOPLE[0], phone))
        control.advance(10)
        row = next(one for one in clicksend.rows("/sms/history") if one["to"] == phone)
        assert (row["status"], row["status_code"], row["error_code"], row["error_text"]) == ("Failed", "301", code, text)
        assert next(one["error"] for one in control.messages() if one["recipient"] == phone) == reason

    def test_one_that_runs_out_of_credit_half_way_says_which_messages_could_not_be_paid(self, clicksends, control):
        clicksend = clicksends(balance="0.10")
        people = clicksend.list(PEOPLE[0])
        campaign = clicksend.campaign(people, schedule=LATER)
        clicksend.post(f"/lists/{people}/contacts", phone_number=PEOPLE[1])
        control.advance(LATER - NOW + 10)
        errors = {one["recipient"]: one["error"] for one in control.messages()}
        assert errors == {PEOPLE[0]: None, PEOPLE[1]: "no_credit"}
        assert "0.0792 AUD needed, 0.0208 left" in control.newest()["warnings"][0]
        assert control.get(f"/campaigns/{campaign['sms_campaign_id']}")["by_status"] == {"delivered": 1, "rejected": 1}

    def test_countries_that_are_not_enabled_are_not_in_the_price(self, clicksends, control):
        clicksend = clicksends(enabled_countries=["AU"])
        people = clicksend.list(PEOPLE[0], "+12025550143")
        price = clicksend.post("/sms-campaigns/price", list_id=people, name="x", body="y")["data"]
        clicksend.campaign(people)
        control.advance(2)
        assert (price["total_price"], clicksend.balance) == ("0.0792", "999.920800")
        assert [message["status"] for message in control.messages()] == ["rejected", "sent"]
