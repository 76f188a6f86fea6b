"""The journal: what was asked, what was answered, whom it concerned, what refused it."""

import json

import pytest

from emulator.config import Settings


def test_an_exchange_holds_request_answer_account_and_messages(skycore, control):
    answer = skycore.sendsms()
    exchange = control.exchange()
    assert exchange["provider"] == "skycore"
    assert exchange["operation"] == "sendsms"
    assert exchange["account"] == "skycore-demo"
    assert json.loads(exchange["request"]["body"])["action"] == "sendsms"
    assert json.loads(exchange["response"]["body"]) == answer
    assert exchange["refusal"] is None
    assert exchange["messages"] == [control.messages()[0]["id"]]


def test_a_refusal_names_rule_field_source_evidence_and_setting(client, control):
    account = control.account("skycore", senders=["12345"])
    headers = {"x-api-key": account["credentials"]["api_key"]}
    body = {"action": "sendsms", "message-text": "x", "to": "+10000000001", "from": "00000"}
    client.post("/skycore/", headers=headers, json=body)
    refusal = control.exchange()["refusal"]
    assert refusal["code"] == "E111"
    assert refusal["field"] == "from"
    assert "not the account's" in refusal["detail"]
    assert refusal["source"] == "Skycore Send SMS API V2, failure example"
    assert refusal["evidence"] == "documented"
    assert refusal["setting"] == "senders"


def test_a_number_refused_among_others_is_the_ruling_of_its_request(clickatell, control):
    clickatell.send(to="2799900001,+2799900002")
    exchange = control.exchange()
    assert exchange["refusal"]["code"] == "105"
    assert len(exchange["messages"]) == 1


def test_a_request_nobody_could_be_found_for_is_kept_too(client, control):
    client.get("/clickatell/http/nothing")
    assert control.exchange()["account"] is None
    assert control.exchange()["refusal"]["code"] == "111"


SECRETS = ["MyPassword", "5bf54d157a214f748eede4e4131b874d", "712968662797", "wrong-secret", "x" * 31, "wr%20ong", "wr ong"]


def test_no_credential_is_shown(client, control):
    client.get("/clickatell/http/auth?user=MyUserName&password=MyPassword&api_id=123456")
    client.get("/clickatell/http/auth?user=MyUserName&password=wr%20ong&api_id=123456")
    client.post("/clickatell/http/auth", data={"user": "MyUserName", "password": "wrong-secret", "api_id": "123456"})
    client.get("/clickatell/http/ping", query_string={"session_id": "wrong-secret"})
    client.post("/skycore/", headers={"x-api-key": "x" * 31}, json={})
    client.post("/skycore/", headers={"x-api-key": "wrong-secret"}, json={"action": "wrong-secret"})
    keys = {"Apikey": "5bf54d157a214f748eede4e4131b874d", "Apisecret": "712968662797"}
    client.post("/go4clients/TelintelSms/api/sms/send/5bf54d157a214f748eede4e4131b874d", headers=keys, json={})
    client.post("/go4clients/TelintelSms/api/sms/send/wrong-secret", json={})
    shown = json.dumps(control.get("/exchanges"))
    assert [secret for secret in SECRETS if secret in shown] == []


def test_a_session_just_opened_is_masked_in_the_answer(clickatell, control):
    session = clickatell("auth").removeprefix("OK: ")
    clickatell.get("/http/ping", session_id=session)
    assert session not in json.dumps(control.get("/exchanges"))


def test_a_long_body_is_cut_and_marked(skycore, control):
    skycore.sendsms(text="a" * 70_000)
    request = control.exchange()["request"]
    assert request["cut"]
    assert len(request["body"]) == 64 * 1024


def test_control_calls_are_left_out(client, control):
    control.get("/health")
    assert control.get("/exchanges")["exchanges"] == []


class TestFewExchanges:
    @pytest.fixture
    def settings(self) -> Settings:
        return Settings(max_exchanges=3)

    def test_the_oldest_are_dropped(self, clickatell, control):
        for _ in range(5):
            clickatell("getbalance")
        assert len(control.get("/exchanges")["exchanges"]) == 3
