"""What Skycore posts, to the octet: delivery postbacks, replies, clicks."""

import json
from urllib.parse import parse_qsl, urlsplit

import pytest

URL = "http://127.0.0.1:9/postback"  # nothing listens there; the call is recorded all the same


@pytest.fixture
def posted(control):
    """The calls so far, oldest first."""
    control.patch("/accounts/skycore-demo", callback_url=URL, inbound_url=f"{URL}/mo", click_url=f"{URL}/click")
    return lambda: control.get("/webhooks?limit=1000")["webhooks"][::-1]


def test_sent_then_delivered_to_the_octet(skycore, control, posted):
    tracking = skycore.sendsms()["tracking-id"]
    control.advance(2)
    assert {(one["method"], one["url"], tuple(one["headers"].items())) for one in posted()} == {
        ("POST", URL, (("Content-Type", "application/json"),))
    }
    rest = '"sent-as":"SMS","from":"00000","to":"10000000001",' + f'"tracking-id":"{tracking}","timestamp":"2026-01-01T00:00:0'
    assert [one["body"] for one in posted()] == [
        f'{{"origin":"SMS_MT","code":"N201","status":"Sent",{rest}0.000000+00:00"}}',
        f'{{"origin":"SMS_MT","code":"N202","status":"Delivered",{rest}2.000000+00:00"}}',
    ]


@pytest.mark.parametrize(
    ("status", "code", "word"),
    [
        ("delivered", "N202", "Delivered"),
        ("undelivered", "E201", "Failed"),
        ("expired", "E201", "Failed"),
        ("rejected", "E202", "Rejected"),
    ],
)
def test_each_end_has_its_code(skycore, control, posted, status, code, word):
    skycore.sendsms()
    control.post(f"/messages/{control.messages()[0]['id']}/status", status=status)
    document = json.loads(posted()[-1]["body"])
    assert (document["code"], document["status"]) == (code, word)


def test_the_campaign_is_named_only_where_the_request_had_one(skycore, posted):
    skycore.sendsms(**{"campaign-ref": "campaign2345"})
    assert list(json.loads(posted()[0]["body"]).items())[-1] == ("campaign-ref", "campaign2345")


def test_a_mask_is_who_it_is_from(skycore, posted):
    skycore.sendsms(to="+27999000001", **{"from-mask": "Dunder Mifflin"})
    assert json.loads(posted()[0]["body"])["from"] == "Dunder Miff"


def test_a_get_has_the_keys_as_parameters(skycore, control, posted):
    control.patch("/accounts/skycore-demo", callback_method="GET")
    skycore.sendsms()
    [webhook] = posted()
    assert (webhook["method"], webhook["body"]) == ("GET", "")
    query = dict(parse_qsl(urlsplit(webhook["url"]).query))
    assert (query["code"], query["timestamp"]) == ("N201", "2026-01-01T00:00:00.000000+00:00")


def test_a_reply_to_the_octet(control, posted):
    reply = control.post("/inbound", provider="skycore", to="00000", text='DEMO "ä"', **{"from": "+10000000000"})
    [webhook] = posted()
    assert webhook["url"] == f"{URL}/mo"
    assert webhook["body"] == (
        '{"origin":"SMS_MO","code":"N211","from":"10000000000","to":"00000","message-text":"DEMO \\"ä\\"",'
        f'"tracking-id":"smsmo{reply["id"][:10]}","timestamp":"2026-01-01T00:00:00+00:00"}}'
    )


def test_a_click_is_told_each_time(client, skycore, control, posted):
    tracking = skycore.sendsms("See https://www.fakeurl.com/a?b=1", **{"click-tracking": True})["tracking-id"]
    [link] = control.messages()[0]["links"]
    control.advance(1)
    for _ in range(2):
        assert client.get(link["local"]).status_code == 302
    clicks = [one for one in posted() if one["url"] == f"{URL}/click"]
    assert len(clicks) == 2
    assert clicks[0]["body"] == (
        f'{{"origin":"CLICK","from":"00000","to":"10000000001","tracking-id":"{tracking}",'
        f'"url":"https://www.fakeurl.com/a?b=1","short-url":"{link["url"]}","timestamp":"2026-01-01T00:00:01.000000+00:00"}}'
    )


def test_each_kind_of_call_needs_its_own_url(client, skycore, control):
    skycore.sendsms("See https://www.fakeurl.com/", **{"click-tracking": True})
    control.post("/inbound", provider="skycore", to="00000", text="x", **{"from": "+10000000000"})
    client.get(control.messages("direction:out")[0]["links"][0]["local"])
    assert control.get("/webhooks")["webhooks"] == []


def test_stop_opts_out_of_the_whole_account_and_start_comes_back(skycore, control):
    def reply(text):
        control.post("/inbound", provider="skycore", to="00000", text=text, **{"from": "+10000000001"})

    reply("STOP")
    refused = skycore.sendsms(**{"from": "00001"})
    assert (refused["status"], refused["error-code"]) == ("Failure", "E114")
    reply("hello")
    assert skycore.sendsms()["status"] == "Failure"
    reply("START")
    assert skycore.sendsms()["status"] == "Success"
