"""Skycore beyond its examples."""

import pytest


@pytest.mark.parametrize(
    "address",
    [
        "https://www.fakeurl.com/",
        "http://a.example",
        "www.fakeurl.com",
        "fakeurl.com",
        "FAKEURL.COM/Path",
        "shop.fakeurl.co.uk/x?y=z#w",
        "https://fakeurl.com:8443/a/b.html",
    ],
)
def test_click_tracking_replaces_every_form_of_address(skycore, control, address):
    skycore.sendsms(f"See {address}, now.", **{"click-tracking": True})
    message = control.messages()[0]
    [link] = message["links"]
    assert link["target"] == address
    assert message["text"] == f"See {link['url']}, now."


@pytest.mark.parametrize("text", ["No address here. None", "write to me@fakeurl.com", "1.5 litres at 3.00", "e.g.this"])
def test_click_tracking_leaves_what_is_no_address(skycore, control, text):
    skycore.sendsms(text, **{"click-tracking": True})
    assert control.messages()[0]["text"] == text


def test_an_address_twice_in_a_text_is_one_link(skycore, control):
    skycore.sendsms("a.com b.com a.com", **{"click-tracking": True})
    assert [link["target"] for link in control.messages()[0]["links"]] == ["a.com", "b.com"]


def test_short_links_count_for_the_length_of_the_text(skycore, control):
    skycore.sendsms("a" * 140 + " " + "http://fakeurl.com/" + "b" * 80, **{"click-tracking": True})
    assert control.messages()[0]["segments"] == 1


def test_enforced_campaign_lifecycle(client, control):
    account = control.account("skycore", enforce_campaign_check=True, campaigns={"spring": []})
    headers = {"x-api-key": account["credentials"]["api_key"]}

    def act(action, **fields):
        return client.post("/skycore/", headers=headers, json={"action": action, **fields}).get_json().get("error-code", "ok")

    send = {"message-text": "x", "to": "+10000000001", "from": "00000", "campaign-ref": "spring"}
    person = {"campaign-ref": "spring", "mobile": "10000000001"}
    answers = [act("sendsms", **send), act("subscribe", **person), act("sendsms", **send), act("unsubscribe", **person)]
    assert [*answers, act("sendsms", **send)] == ["E715", "ok", "ok", "ok", "E715"]


def test_subscribing_shows_in_the_account_s_settings(skycore, control):
    skycore.act("subscribe", **{"campaign-ref": "campaign2345", "mobile": "+10000000001"})
    skycore.act("subscribe", **{"campaign-ref": "campaign2345", "mobile": "10000000001"})
    assert control.get("/accounts/skycore-demo")["settings"]["campaigns"] == {"campaign2345": ["+10000000001"]}


@pytest.mark.parametrize("sender", ["00000", "123", "+15550001111", "18005550100"])
def test_short_codes_and_numbers_may_send(skycore, sender):
    assert skycore.sendsms(**{"from": sender})["from"] == sender


@pytest.mark.parametrize("sender", ["12", "ACME", "+", "1234567890123456", "12 34", "١٢٣٤٥"])
def test_anything_else_may_not(skycore, sender):
    assert skycore.sendsms(**{"from": sender})["error-code"] == "E111"


@pytest.mark.parametrize("recipient", ["+10000000001", "10000000001", "+4915112345678", "1234567"])
def test_a_recipient_is_7_to_15_digits_after_an_optional_plus(skycore, recipient):
    assert skycore.sendsms(to=recipient)["status"] == "Success"


@pytest.mark.parametrize(
    "recipient", ["+123456", "+1234567890123456", "0049151", "+049151123456", "++4915112345678", "+49 151 1234567", "١٢٣٤٥٦٧٨"]
)
def test_any_other_recipient_is_refused(skycore, recipient):
    assert skycore.sendsms(to=recipient)["error-code"] == "E110"


def test_the_answer_s_bytes_are_the_document_s(client):
    body = {"action": "sendsms", "message-text": "x", "to": "10000000001", "from": "ACME"}
    answer = client.post("/skycore/", headers={"x-api-key": "x" * 31}, json=body)
    assert answer.get_data() == b'{"status":"Failure","error-code":"E111","error-info":"Invalid Sender.","to":"10000000001"}'


def test_a_text_of_more_parts_than_can_be_numbered_is_refused(skycore, control):
    assert skycore.sendsms("a" * 153 * 255)["status"] == "Success"
    assert skycore.sendsms("a" * (153 * 255 + 1))["error-code"] == "E100"
    assert control.get("/accounts/skycore-demo")["balance"] == "998.0875"


def test_parentheses_within_an_address_belong_to_it(skycore, control):
    skycore.sendsms("(see https://x.org/a_(b))", **{"click-tracking": True})
    message = control.messages()[0]
    assert message["links"][0]["target"] == "https://x.org/a_(b)"
    assert message["text"] == f"(see {message['links'][0]['url']})"
