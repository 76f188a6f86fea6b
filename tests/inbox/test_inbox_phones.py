"""Phones: a thread per handset."""

import pytest


@pytest.fixture
def talk(clickatell, control):
    clickatell.send(text="Are you coming?")
    control.post("/inbound", provider="clickatell", **{"from": "2799900001", "to": "27000000000", "text": "On my way"})


def test_each_handset_has_one_thread_the_last_heard_of_first(inbox, talk, skycore):
    skycore.sendsms("Hi", to="+12025550143")
    skycore.sendsms("Hi again", to="+12025550143")
    phones = inbox("/phones").texts("phone")
    assert len(phones) == 2
    assert phones[0].startswith("+12025550143")
    assert "2 messages" in phones[0]


def test_a_thread_reads_from_top_to_bottom_both_ways(inbox, talk):
    said = inbox("/phones/clickatell/+2799900001").xpath('//*[contains(@class, "bubble")]/text()')
    assert said == ["Are you coming?", "On my way"]


def test_a_number_without_its_plus_is_the_same_phone(inbox, talk):
    assert inbox("/phones/clickatell/2799900001").all("said-out")


def test_who_replied_stop_is_marked_and_the_next_send_stands_refused_in_the_thread(inbox, talk, clickatell, control):
    control.post("/inbound", provider="clickatell", **{"from": "2799900001", "to": "27000000000", "text": "STOP"})
    clickatell.send(text="Still there?")
    page = inbox("/phones/clickatell/+2799900001")
    assert page.text("opted-out") == "opted out of +27000000000"
    assert "refused 122" in page.text("said-refused")


def test_a_reply_goes_to_the_number_that_texted(inbox, talk):
    form = inbox("/phones/clickatell/+2799900001").all("reply")[0]
    assert form.get("data-api") == "POST /_emulator/inbound"
    assert {field.get("name"): field.get("value") for field in form.xpath(".//input")} == {
        "provider": "clickatell", "from": "+2799900001", "to": "+27000000000",
    }  # fmt: skip


def test_a_phone_that_said_nothing_yet_can_still_write(inbox):
    page = inbox("/phones/clickatell/+2799900009")
    assert page.status == 200
    assert page.all("reply")


def test_the_phone_that_was_reached_knows_nothing_of_others_that_were_refused(inbox, some_refused, control):
    assert not inbox("/phones/clicksend/+61411111111").all("said-refused")
    refusals = control.exchange()["refused"]
    for refusal in refusals:
        assert refusal["rule"] in inbox(f"/phones/clicksend/{refusal['to']}").text("said-refused")


def test_a_handset_that_was_texted_by_an_alpha_tag_is_told_that_it_cannot_answer_that(inbox, client):
    text_by_alpha_tag(client)
    page = inbox("/phones/go4clients/573000000000")
    assert page.text("no-answer").startswith("Random is an alpha tag: no handset can answer it.")
    assert not page.all("quick-stop")
    assert page.xpath('//input[@id="reply-to"]/@value') == [""]


def test_instead_of_an_alpha_tag_another_number_of_the_account_is_offered(inbox, client, control):
    text_by_alpha_tag(client)
    control.patch("/accounts/go4clients-demo", senders=["85123", "Random"])
    page = inbox("/phones/go4clients/573000000000")
    assert page.text("no-answer").endswith("Reply to another number of the account.")
    assert page.xpath('//input[@id="reply-to"]/@value') == ["85123"]
    assert page.all("quick-stop")


def text_by_alpha_tag(client):
    credentials = {"Apikey": "5bf54d157a214f748eede4e4131b874d", "Apisecret": "712968662797"}
    client.post("/go4clients/TelintelSms/api/sms/send", json={"to": "573000000000", "message": "Hello"}, headers=credentials)


@pytest.mark.parametrize(("provider", "says_so"), [("clickatell", False), ("go4clients", True)])
def test_a_phone_says_where_no_reply_opts_out(inbox, provider, says_so):
    assert bool(inbox(f"/phones/{provider}/+2799900009").all("no-opt-out")) is says_so


@pytest.mark.parametrize(
    ("to", "more", "told"),
    [("2799900001", {"deliv_time": "10"}, ["Not on the handset yet"]), ("15005550002", {}, ["Never arrived here"]),
     ("15005550003", {}, ["Never arrived here"]), ("15005550005", {}, ["Never arrived here"]), ("15005550006", {}, [])],
)  # fmt: skip
def test_a_message_that_is_not_on_the_handset_is_drawn_as_such(inbox, clickatell, control, to, more, told):
    clickatell.send(to=to, **more)
    control.advance(2 if more else 200_000)
    assert inbox(f"/phones/clickatell/+{to}").texts("absent") == told


def test_a_phone_of_no_provider_is_not_there(inbox):
    assert inbox("/phones/nobody/+2799900001").status == 404
