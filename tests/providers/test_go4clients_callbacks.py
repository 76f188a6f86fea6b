"""What Go4clients posts, to the octet: delivery receipts of final statuses, and replies."""

import json
from urllib.parse import parse_qsl, urlsplit

import pytest

URL = "http://127.0.0.1:9/dlr"  # nothing listens there; the call is recorded all the same
KEYS = {"Apikey": "5bf54d157a214f748eede4e4131b874d", "Apisecret": "712968662797"}


@pytest.fixture
def posted(control):
    """The calls so far, oldest first."""
    control.patch("/accounts/go4clients-demo", callback_url=URL, inbound_url=f"{URL}/mo")
    return lambda: control.get("/webhooks?limit=1000")["webhooks"][::-1]


@pytest.fixture
def send(client, control):
    def sent(**changes):
        body = {"to": "573178117399", "message": "Hello", **changes}
        answer = client.post("/go4clients/TelintelSms/api/sms/send", headers=KEYS, json=body).get_json()
        assert answer["success"] is True
        return control.messages()[0]

    return sent


def test_a_receipt_to_the_octet(send, control, posted):
    identifier = send()["provider_message_id"]
    control.advance(2)
    [webhook] = posted()
    assert (webhook["method"], webhook["url"], webhook["headers"]) == ("POST", URL, {"Content-Type": "application/json"})
    assert webhook["body"] == (
        f'{{"messageId":"{identifier}","deliverInitTStamp":"2026-01-01","mblNetworkReceiveTStamp":"2026-01-01",'
        '"requestId":null,"sourceNumber":"Random","recipentNumber":"573178117399","deliverReceiptStatus":"DELIVRD",'
        '"errorCode":"000","messagePrice":0.011,"mccmnc":"123/981","campaignUuid":"General 1-way Campaign",'
        '"operatorName":"sms-emulator","dlrDeliverInitTStamp":"2026-01-01 00:00:00.000+0000",'
        '"recipientNumber":"573178117399"}'
    )


def test_with_the_keys_of_the_sample_alone(send, control, posted):
    control.patch("/accounts/go4clients-demo", receipt_keys="sample")
    send()
    control.advance(2)
    assert list(json.loads(posted()[0]["body"])) == [
        "messageId",
        "deliverInitTStamp",
        "mblNetworkReceiveTStamp",
        "requestId",
        "sourceNumber",
        "recipentNumber",
        "deliverReceiptStatus",
        "errorCode",
        "messagePrice",
        "mccmnc",
        "campaignUuid",
        "operatorName",
    ]


@pytest.mark.parametrize(
    ("status", "word", "code"),
    [
        ("delivered", "DELIVRD", "000"),
        ("undelivered", "UNDELIV", "001"),
        ("expired", "EXPIRED", "001"),
        ("rejected", "REJECTD", "001"),
    ],
)
def test_each_end_has_its_word(send, control, posted, status, word, code):
    control.post(f"/messages/{send()['id']}/status", status=status)
    document = json.loads(posted()[0]["body"])
    assert (document["deliverReceiptStatus"], document["errorCode"]) == (word, code)


def test_nothing_is_posted_before_the_end(send, posted):
    send()
    assert posted() == []


def test_the_campaign_is_named_and_the_sender_shown(send, control, posted):
    send(**{"from": "85555", "campaignName": "Spring"})
    control.advance(2)
    assert json.loads(posted()[0]["body"])["sourceNumber"] == "85555"


def test_a_get_has_the_keys_as_parameters(send, control, posted):
    control.patch("/accounts/go4clients-demo", callback_method="GET")
    send()
    control.advance(2)
    query = dict(parse_qsl(urlsplit(posted()[0]["url"]).query, keep_blank_values=True))
    assert (posted()[0]["method"], query["deliverReceiptStatus"], query["requestId"]) == ("GET", "DELIVRD", "")


def test_a_reply_to_the_octet(control, posted):
    reply = control.post("/inbound", provider="go4clients", to="85555", text="Win a prize", **{"from": "+573178117399"})
    [webhook] = posted()
    assert webhook["url"] == f"{URL}/mo"
    assert webhook["body"] == (
        f'{{"messageId":"{reply["provider_message_id"]}","dlrDeliverInitTStamp":1767225600000,'
        '"mblNetworkReceiveTStamp":1767225600000,"senderId":"85555","sourceNumber":"573178117399",'
        '"message":"Win a prize","keyword":"Win","mccmnc":"123/981","operatorName":"sms-emulator"}'
    )


@pytest.mark.parametrize("text", ["", "  "])
def test_a_reply_without_a_word_has_an_empty_keyword(control, posted, text):
    control.post("/inbound", provider="go4clients", to="85555", text=text, **{"from": "+573178117399"})
    assert json.loads(posted()[0]["body"])["keyword"] == ""


def test_stop_is_a_reply_like_others(send, control):
    """No opt-out by reply is documented."""
    control.post("/inbound", provider="go4clients", to="85555", text="STOP", **{"from": "+573178117399"})
    assert send()["status"] == "sent"
