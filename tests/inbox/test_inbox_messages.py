"""One message: text, timeline, wire."""

import pytest

from receivers import receiving

TYPOGRAPHIC = (
    "We’ve got your order – it’s on its way! You’ll get another text as soon as the driver is close, so please keep your "
    "phone nearby and don’t worry."
)


@pytest.fixture
def opened(inbox, control):
    """The newest message's page; ``tab`` says which view."""

    def open_newest(tab="text", part=None):
        return inbox(f"/messages/{control.newest()['id']}?tab={tab}", part=part)

    return open_newest


def test_the_text_tab_draws_every_character_of_every_part(opened, skycore):
    skycore.sendsms("a" * 161)
    page = opened()
    assert len(page.all("part")) == 2
    assert len(page.xpath('//*[contains(concat(" ", @class, " "), " grid ")]/span')) == 161


@pytest.mark.parametrize(
    ("text", "legend"),
    [("plain", []), ("5 € each", ["€takes two septets"]), ("it’s", ["’is not in GSM-7: it makes the whole text UCS-2"])],
)
def test_the_legend_explains_only_what_the_text_has(opened, skycore, text, legend):
    skycore.sendsms(text)
    assert opened().texts("legend") == legend


def test_characters_that_take_two_septets_are_marked(opened, skycore):
    skycore.sendsms("4 €")
    [cell] = opened().xpath('//*[contains(@class, "grid")]/span[contains(@class, "two")]')
    assert cell.text == "€"
    assert "2 septets" in cell.get("title")


def test_characters_that_force_ucs2_are_marked(opened, skycore):
    skycore.sendsms("It’s")
    [cell] = opened().xpath('//*[contains(@class, "grid")]/span[contains(@class, "forces")]')
    assert cell.text == "’"


def test_look_alikes_that_would_save_parts_are_named_with_what_they_save(opened, skycore):
    skycore.sendsms(TYPOGRAPHIC)
    assert opened().text("advice") == "Replace ’ by ', – by - and save 2 parts 3 parts now, 1 part then; each is paid for."


def test_what_nothing_can_stand_for_is_to_be_left_out(opened, skycore):
    skycore.sendsms("😀" + "a" * 100)
    assert opened().text("advice").startswith("Leave out 😀 and save 1 part")


def test_what_nobody_can_see_is_named(opened, skycore):
    skycore.sendsms("\u200d" + "a" * 100)
    page = opened()
    assert page.text("advice").startswith("Replace zero width joiner (U+200D) by nothing")
    assert "zero width joiner (U+200D)" in page.text("warnings")


def test_double_characters_are_advised_against_only_where_that_saves_a_part(opened, skycore):
    skycore.sendsms("[" + "a" * 159)
    assert "Replace [ by (" in opened().text("advice")
    skycore.sendsms("[" + "a" * 200)
    assert not opened().all("advice")


def test_the_timeline_tells_each_status_with_its_time_in_the_providers_words(opened, clickatell, control):
    clickatell.send(to="15005550002")
    control.advance(2)
    steps = opened("timeline").texts("step")
    assert steps == [
        "queued 00:00:00 008 OK",
        "sent 00:00:00 003 Delivered to gateway",
        "undelivered 00:00:02 007 Error delivering message",
    ]


def test_what_will_happen_by_itself_is_announced(opened, skycore):
    skycore.sendsms()
    assert opened("timeline").text("planned") == "delivered planned 00:00:02"


def test_what_is_planned_for_another_day_says_which(opened, clickatell, control):
    clickatell.send(deliv_time=str(26 * 60))
    assert "02 Jan 02:00:00" in opened("timeline").text("planned")


def test_what_was_sent_on_another_day_says_which_in_the_stream_and_on_the_phone(inbox, clickatell, control):
    clickatell.send()
    control.advance(86_400)
    clickatell.send()
    assert inbox("/").xpath('//*[@id="rows"]//time/text()') == ["00:00:00", "Thu 01 Jan 00:00:00"]
    talk = inbox("/phones/clickatell/+2799900001").xpath('//*[@data-testid="talk"]//time/text()')
    assert talk == ["Thu 01 Jan 00:00:00", "00:00:00"]


@pytest.mark.parametrize(
    ("changed", "why"),
    [({}, "the account has no callback_url."), ({"callback_url": "http://127.0.0.1:9/"}, "the request asked for none, or")],
)
def test_a_message_without_a_receipt_says_which_is_missing(opened, clickatell, control, changed, why):
    control.patch("/accounts/clickatell-demo", **changed)
    clickatell.send()
    assert why in opened("timeline").text("no-receipt")


def test_every_attempt_to_tell_the_application_stands_in_the_timeline_with_its_payload(opened, skycore, control):
    answers = iter([503, 200, 200])
    with receiving(answer=lambda _: next(answers)) as receiver:
        control.patch("/accounts/skycore-demo", callback_url=receiver.url)
        skycore.sendsms()
        control.advance(0)
        control.advance(300)
    page = opened("timeline")
    assert "your application answered 503" in page.texts("attempt")[0]
    assert "your application answered 200" in page.texts("attempt")[1]
    assert page.texts("app-answer") == ["thank you"] * 3
    assert '"code": "N201"' in page.texts("payload")[0].replace('":"', '": "')


def test_a_receipt_says_which_status_it_reports(opened, skycore, control):
    with receiving() as receiver:
        control.patch("/accounts/skycore-demo", callback_url=receiver.url)
        skycore.sendsms()
        control.advance(10)
    assert opened("timeline").texts("reports") == ["sent", "delivered"]


def test_a_receipt_out_of_order_reports_what_was_then(opened, clickatell, control):
    with receiving() as receiver:
        control.patch("/accounts/clickatell-demo", callback_url=receiver.url)
        clickatell.send(to="15005550011", callback="3")
        control.advance(10)
    assert opened("timeline").texts("reports") == ["delivered", "sent"]


def test_a_reply_on_its_way_to_the_application_is_no_receipt(opened, control):
    with receiving() as receiver:
        control.patch("/accounts/clickatell-demo", inbound_url=receiver.url)
        control.post("/inbound", provider="clickatell", **{"from": "2799900001", "to": "27000000000", "text": "Hi"})
        control.advance(1)
    assert opened("timeline").text("webhook-state") == "Reply taken"


def test_a_message_that_has_ended_offers_no_status(opened, skycore, control):
    skycore.sendsms()
    assert opened("timeline").all("deliver")
    control.advance(2)
    page = opened("timeline")
    assert not page.all("deliver")
    assert not page.all("fail")


def test_the_wire_shows_request_and_answer_pretty_and_raw_with_secrets_masked(opened, skycore):
    skycore.sendsms("Hello")
    page = opened("wire")
    assert '"action": "sendsms",' in page.text("request-pretty")
    assert '"action": "sendsms", "message-text"' in page.text("request-raw")
    assert '"status": "Success"' in page.text("answer-pretty")
    assert "x" * 31 not in page.source
    assert "***" in page.source


def test_the_wire_can_be_copied_in_three_tongues_with_variables_for_secrets(opened, skycore):
    skycore.sendsms("It's")
    page = opened("wire")
    texts = {key: page.xpath(f'//*[@id="copy-{key}"]/text()')[0] for key in ("curl", "httpie", "python")}
    assert texts["curl"].startswith("curl ")
    assert texts["httpie"].startswith("http ")
    assert texts["python"].startswith("import os\n\nimport requests")
    for text in texts.values():
        assert "SKYCORE_API_KEY" in text


def test_a_message_that_no_request_brought_says_so(opened, control):
    control.post("/inbound", provider="clickatell", **{"from": "2799900001", "to": "27000000000", "text": "Hi"})
    assert "A handset sent it to you" in opened("wire").source


def test_a_request_that_launched_a_campaign_is_told_as_one(opened, inbox, client, control, monkeypatch):
    mailing = {"list_id": 428, "name": "May", "body": "Hi"}
    client.post("/clicksend/v3/sms-campaigns/send", auth=("api-username", "api-password"), json=mailing)
    launch = control.exchange()["id"]
    control.advance(10)
    monkeypatch.setattr("emulator.inbox.routes.messages.exchange_of", lambda _: launch)
    page = opened("wire")
    assert page.text("launched-by").startswith("This request launched the whole campaign May")
    assert "/sms-campaigns/send" in page.text("wire-request")


def test_the_request_that_brought_the_message_itself_needs_no_word(opened, skycore):
    skycore.sendsms(**{"campaign-ref": "May"})
    assert not opened("wire").all("launched-by")


def test_xml_is_indented_on_the_wire(opened, soap):
    soap("sendmsg", "2799900001", text="Hello")
    assert "\n    " in opened("wire").xpath('//*[@data-testid="request-pretty"]/text()')[0]


def test_the_detail_alone_is_answered_where_only_that_changes(opened, skycore):
    skycore.sendsms()
    page = opened(part="detail")
    assert page.source.lstrip().startswith('<div id="detail"')
    assert not page.all("row")


def test_a_message_that_is_gone_is_a_page_that_says_so(inbox):
    page = inbox("/messages/nothing")
    assert page.status == 404
    assert "There is no message nothing" in page.text("failure")


def test_an_unknown_tab_is_the_text(inbox, skycore, control):
    skycore.sendsms()
    assert inbox(f"/messages/{control.newest()['id']}?tab=../../../secret").all("bubble")


@pytest.mark.parametrize("name", ["May offers", "50% off/now? <b>"])
def test_the_campaign_of_a_message_leads_to_its_page(opened, inbox, client, name):
    headers = {"Apikey": "5bf54d157a214f748eede4e4131b874d", "Apisecret": "712968662797"}
    body = {"to": "573000000000", "message": "Hi", "campaignName": name}
    client.post("/go4clients/TelintelSms/api/sms/send", headers=headers, json=body)
    page = opened()
    assert page.text("campaign-page") == name
    assert inbox(page.all("campaign-page")[0].get("href")).status == 200


def test_a_launched_campaign_is_called_by_its_name(opened, inbox, client, control):
    mailing = {"list_id": 428, "name": "May", "body": "Hi"}
    client.post("/clicksend/v3/sms-campaigns/send", auth=("api-username", "api-password"), json=mailing)
    control.advance(10)
    assert set(inbox("/").texts("campaign")) == {"May"}
    page = opened()
    assert inbox(page.all("campaign-page")[0].get("href")).status == 200
