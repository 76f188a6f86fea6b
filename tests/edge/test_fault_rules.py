"""Failures on purpose: every effect, counted exactly, on what it is meant for."""

import json
import time

import pytest

TWO = "2799900001,2799900002"


@pytest.fixture
def fault(control):
    """Adds a rule that must be taken."""

    def fault(effect, **scope):
        answer = control.post("/faults", effect=effect, **scope)
        assert "error" not in answer, answer
        return answer

    return fault


def outcomes(answers):
    """Codes of refusals, "ok" for what was accepted."""
    return ["ok" if line.startswith("ID: ") else line[5:8] for answer in answers for line in answer.split("\n")]


def test_a_refusal_is_the_provider_s_own_and_strikes_as_often_as_it_says(clickatell, fault):
    fault({"refuse": "no_credit"}, times=2)
    assert outcomes(clickatell.send() for _ in range(3)) == ["301", "301", "ok"]


def test_refusals_of_messages_count_messages(clickatell, fault):
    fault({"refuse": "no_credit"}, after=1, times=2)
    assert outcomes([clickatell.send(to=TWO), clickatell.send(to=TWO)]) == ["ok", "301", "301", "ok"]


@pytest.mark.parametrize("scope", [{}, {"match": "to:2799900001"}])
def test_what_a_rule_refuses_is_said_to_be_and_no_setting_is_blamed(clickatell, control, fault, scope):
    fault({"refuse": "unroutable"}, **scope)
    assert clickatell.send(to="2799900001").startswith("ERR: 114")
    refusal = control.exchange()["refusal"]
    assert (refusal["code"], refusal["detail"], refusal["setting"]) == ("114", "a fault rule", None)


def test_a_refused_message_costs_nothing_and_is_not_stored(clickatell, control, fault):
    fault({"refuse": "recipient_blocked"})
    assert outcomes([clickatell.send()]) == ["121"]
    assert control.messages() == []
    assert clickatell("getbalance") == "Credit: 1000.000"


@pytest.mark.parametrize(
    ("reason", "code"), [("bad_credentials", "001"), ("account_blocked", "004"), ("throttled", "901"), ("internal", "901")]
)
def test_refusals_of_the_caller_strike_any_operation(clickatell, fault, reason, code):
    fault({"refuse": reason})
    assert clickatell("getbalance").startswith(f"ERR: {code}, ")


def test_a_fate_is_given_to_messages_that_match(clickatell, control, fault):
    fault({"fate": "undelivered", "after": 5}, match="bad to:2799900001")
    clickatell.send(text="bad news")
    clickatell.send(text="good news")
    control.advance(2)
    assert [message["status"] for message in control.messages()] == ["delivered", "sent"]
    control.advance(3)
    assert [message["status"] for message in control.messages()] == ["delivered", "undelivered"]


def test_a_status_of_the_front_end_replaces_the_answer(client, control, fault):
    fault({"status": 503, "retry_after": 7})
    answer = client.get("/clickatell/http/ping")
    assert (answer.status_code, answer.headers["Retry-After"], answer.mimetype) == (503, "7", "text/plain")
    assert control.exchange()["response"]["status"] == 503
    assert control.exchange()["refusal"]["code"] == "fault"


def test_a_network_effect_on_a_message_stores_nothing_of_its_request(client, clickatell, control, fault):
    fault({"status": 500}, match="boom")
    assert clickatell.send(to=TWO, text="boom") == "500\n"
    assert control.messages() == []
    assert clickatell("getbalance") == "Credit: 1000.000"


def test_network_effects_count_requests(client, fault):
    fault({"status": 502}, after=1, times=1)
    assert [client.get("/clickatell/http/ping").status_code for _ in range(3)] == [200, 502, 200]


def test_an_answer_is_garbled_in_its_length(client, fault):
    fault({"garble": True}, times=1)
    garbled, whole = (client.get("/clickatell/http/ping").get_data() for _ in range(2))
    assert garbled != whole
    assert len(garbled) == len(whole)


def test_a_delay_is_real_time(client, fault):
    fault({"delay": 0.05}, times=1)
    begun = time.monotonic()
    client.get("/clickatell/http/ping")
    assert time.monotonic() - begun >= 0.05


def test_a_rate_is_a_token_bucket_in_clock_time(clickatell, control, fault):
    fault({"rate": {"limit": 2, "per": 60}})
    assert outcomes(clickatell.send() for _ in range(3)) == ["ok", "ok", "901"]
    control.advance(30)
    assert outcomes(clickatell.send() for _ in range(2)) == ["ok", "901"]


def test_a_rule_strikes_its_provider_alone(clickatell, skycore, fault):
    fault({"refuse": "no_credit"}, provider="skycore")
    assert skycore.sendsms()["error-code"] == "E713"
    assert outcomes([clickatell.send()]) == ["ok"]


def test_a_rule_strikes_its_operation_alone(clickatell, skycore, fault):
    fault({"refuse": "throttled"}, operation="getbalance")
    fault({"refuse": "throttled"}, operation="subscribe")
    assert clickatell("getbalance").startswith("ERR: 901")
    assert outcomes([clickatell.send()]) == ["ok"]
    assert skycore.sendsms()["status"] == "Success"
    assert skycore.act("subscribe", **{"campaign-ref": "campaign2345", "mobile": "+10000000001"})["error-code"] == "E113"


def test_a_rule_strikes_its_account_alone(clickatell, control, fault):
    other = control.account("clickatell")
    fault({"refuse": "no_credit"}, account=other["id"])
    fault({"status": 500}, account=other["id"], operation="getbalance")
    assert outcomes([clickatell.send()]) == ["ok"]
    clickatell._credentials = other["credentials"]
    assert outcomes([clickatell.send()]) == ["301"]
    assert clickatell("getbalance") == "500\n"


def test_a_rule_shows_how_often_it_has_matched_and_struck(clickatell, control, fault):
    fault({"refuse": "no_credit"}, after=1, times=1)
    for _ in range(3):
        clickatell.send()
    [rule] = control.get("/faults")["faults"]
    assert (rule["seen"], rule["used"], rule["effect"]) == (3, 1, {"refuse": "no_credit"})


def test_rules_go_one_by_one_and_all_at_once(clickatell, control, fault):
    first = fault({"refuse": "no_credit"})
    fault({"refuse": "opted_out"})
    fault({"refuse": "invalid_sender"})
    control.delete(f"/faults/{first['id']}")
    assert len(control.get("/faults")["faults"]) == 2
    control.delete("/faults")
    assert outcomes([clickatell.send()]) == ["ok"]


def test_a_reset_ends_all_faults(clickatell, control, fault):
    fault({"refuse": "no_credit"})
    control.post("/reset")
    assert outcomes([clickatell.send()]) == ["ok"]


@pytest.mark.parametrize(
    "rule",
    [
        {},
        {"effect": {}},
        {"effect": {"delay": 1, "drop": True}},
        {"effect": {"refuse": "nosuch"}},
        {"effect": {"fate": "nosuch"}},
        {"effect": {"status": 200}},
        {"effect": {"delay": 61}},
        {"effect": {"drop": False}},
        {"effect": {"truncate": -1}},
        {"effect": {"rate": {"limit": 1}}},
        {"effect": {"rate": {"limit": 1, "per": 1}}, "match": "x"},
        {"effect": {"status": 500, "after": 1}},
        {"effect": {"drop": True}, "times": 0},
        {"effect": {"drop": True}, "after": -1},
        {"effect": {"drop": True}, "match": "a:b"},
        {"effect": {"drop": True}, "provider": "nosuch"},
        {"effect": {"drop": True}, "account": "nosuch"},
        {"effect": {"drop": True}, "colour": 1},
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(client, control, rule):
    answer = client.post("/_emulator/faults", data=json.dumps(rule))
    assert answer.status_code in {400, 404}
    assert control.get("/faults")["faults"] == []


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        ({"match": "to:"}, "match"),
        ({"match": "a:b"}, "match"),
        ({"provider": "nosuch"}, "provider"),
        ({"operation": "nosuch"}, "operation"),
        ({"effect": {"refuse": "nosuch"}}, "refuse"),
    ],
)
def test_a_rule_that_could_never_strike_is_refused_by_its_field(client, rule, field):
    answer = client.post("/_emulator/faults", json={"effect": {"drop": True}, **rule})
    assert (answer.status_code, answer.get_json()["error"]["field"]) == (400, field)


@pytest.mark.parametrize(
    "rule",
    [
        {"effect": {"fate": "late", "after": 1e15}},
        {"effect": {"drop": True}, "operation": "nosuch"},
        {"effect": {"drop": True}, "operation": "health"},
        {"effect": {"drop": True}, "operation": "sendmsg", "provider": "skycore"},
        {"effect": {"drop": True}, "operation": "sendmsg", "account": "skycore-demo"},
        {"effect": {"drop": True}, "provider": "skycore", "account": "clickatell-demo"},
    ],
)
def test_a_rule_that_could_never_strike_is_refused(client, rule):
    assert client.post("/_emulator/faults", json=rule).status_code == 400


def test_a_rate_counts_every_request_it_sees(clickatell, control, fault):
    fault({"rate": {"limit": 1, "per": 60}})
    outcomes(clickatell.send() for _ in range(3))
    [rule] = control.get("/faults")["faults"]
    assert (rule["seen"], rule["used"]) == (3, 2)


def test_a_dropped_answer_never_says_success(client, fault):
    fault({"drop": True})
    assert client.get("/clickatell/http/ping", buffered=False).status_code == 502


def test_a_delay_that_finds_no_free_place_is_not_counted(app, clickatell, control, fault):
    fault({"delay": 1})
    places = app.extensions["sms-emulator"].places
    while places.any.acquire(blocking=False):
        pass
    clickatell.send()
    assert control.get("/faults")["faults"][0]["seen"] == 0
