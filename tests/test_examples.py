"""Every documented example, replayed; the same files that ``sms-emulator examples`` runs."""

import json

import pytest

from emulator.comparison import Answer, Mismatch, compare
from emulator.examples import Runner
from emulator.fixtures import EVIDENCE, Example
from tests_sheets import EXAMPLES, SHEETS


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"{example.provider}/{example.path}")
def test_the_answer_is_as_documented(example: Example, in_process, control):
    result = Runner(SHEETS[example.provider], in_process).run(example)
    assert result.difference is None
    assert result.skipped is None


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"{example.provider}/{example.path}")
def test_an_example_names_its_source_and_evidence(example: Example):
    assert example.title
    assert example.source
    assert example.evidence in EVIDENCE
    assert example.path.startswith(f"{example.operation}/")


def answered(body: str, status: int = 200) -> Answer:
    return Answer(status, {"content-type": "application/json"}, body.encode())


@pytest.mark.parametrize(
    ("expected", "body"),
    [
        ({"status": 200, "json": {"a": 1}}, '{"a": 2}'),
        ({"status": 200, "json": {"a": 1}}, '{"a": true}'),
        ({"status": 200, "json": {"a": 1, "b": 2}}, '{"b": 2, "a": 1}'),
        ({"status": 200, "json": {"a": 1}}, '{"a": 1, "b": 2}'),
        ({"status": 200, "json": {"a": "xxxx"}, "varies": ["a"]}, '{"a": "longer"}'),
        ({"status": 200, "json": {"a": 1}, "varies": ["a"]}, '{"a": "1"}'),
        ({"status": 200, "json": {"a": 1}}, "<html>"),
        ({"status": 201, "json": {"a": 1}}, '{"a": 1}'),
        ({"status": 200, "text": "ID: 00"}, "ID: 00\n"),
        ({"status": 200, "text": "ID: 00", "varies": ["[0-9]{2}"]}, "ID: xx"),
        ({"status": 200, "lines": {"count": 2, "each": "ID: [0-9]"}}, "ID: 1"),
        ({"status": 200, "lines": {"count": 1, "each": "ID: [0-9]"}}, "ERR: 1"),
        ({"status": 200, "xml": "<a><b/></a>"}, "<a/>"),
        ({"status": 200, "xml": "<a/>"}, "<a><b/></a>"),
        ({"status": 200, "xml": "<a>x</a>"}, "<a> x</a>"),
        ({"status": 200, "xml": "<a><b/></a>"}, "<a><b/>x</a>"),
        ({"status": 200, "xml": "<a b='1'/>"}, "<a b='2'/>"),
        ({"status": 200, "xml": "<a b='1'/>"}, "<a/>"),
        ({"status": 200, "xml": "<a/>"}, "<a b='1'/>"),
        ({"status": 200, "xml": "<a xmlns='urn:1'/>"}, "<a xmlns='urn:2'/>"),
        ({"status": 200, "xml": "<a xmlns:x='urn:1'>x:b</a>"}, "<a xmlns:x='urn:2'>x:b</a>"),
        ({"status": 200, "xml": "<a>ID: 00</a>", "varies": ["[0-9]{2}"]}, "<a>ID: 0</a>"),
        ({"status": 200, "xml": "<a/>"}, "a"),
        ({"status": 200, "headers": {"Content-Type": "text/html"}, "json": {}}, "{}"),
        ({"status": 200, "headers": {"Content-Type": "/text.+/"}}, "{}"),
        ({"status": 200, "json": {"a": [{"b": 1}, {"b": "2"}]}, "varies": ["a.*.b"]}, '{"a": [{"b": 2}, {"b": 3}]}'),
        ({"status": 200, "has": {"a.b": 1}}, '{"a": {"b": 2}}'),
        ({"status": 200, "has": {"a.b": None}}, '{"a": {}}'),
        ({"status": 200, "has": {"a.*.b": [1, 2]}}, '{"a": [{"b": 1}]}'),
    ],
)
def test_an_answer_that_is_not_as_documented_is_noticed(expected, body):
    with pytest.raises(Mismatch):
        compare(expected, answered(body))


@pytest.mark.parametrize(
    ("expected", "body"),
    [
        ({"status": 200, "json": {"a": [1, {"b": None}]}}, '{"a": [1, {"b": null}]}'),
        ({"status": 200, "json": {"a": "xxxx"}, "varies": ["a"]}, '{"a": "1234"}'),
        ({"status": 200, "text": "ID: 00 To: 5", "varies": ["ID: [0-9]{2}"]}, "ID: 42 To: 5"),
        ({"status": 200, "json": {"a": "123"}, "varies": ["a"]}, '{"a": "45678"}'),
        ({"status": 200, "headers": {"Content-Type": "/.+json/"}, "json": {}}, "{}"),
        ({"status": 200, "json": {"a": [{"b": 1}, {"b": 2}]}, "varies": ["a.*.b"]}, '{"a": [{"b": 3}, {"b": 4}]}'),
        ({"status": 200, "has": {"a.*.b": [1, 2]}}, '{"a": [{"b": 1}, {"b": 2, "c": 3}], "d": 4}'),
        ({"status": 200, "xml": "<a b='00'>ID: 00 To: 5</a>", "varies": ["[0-9]{2}"]}, "<a b='42'>ID: 43 To: 5</a>"),
    ],
)
def test_what_varies_is_compared_by_shape(expected, body):
    compare(expected, answered(body))


SEND = {"method": "POST", "path": "/v3/sms/send", "basic": "{username}:{api_key}"}


def run(in_process, given: dict, request: dict, response: dict, then: list | None = None) -> str | None:
    document = {"given": {"account": "new", **given}, "request": SEND | request, "response": {"status": 200, **response}}
    example = Example("clicksend", "none.yaml", {**document, "then": then or []})
    return Runner(SHEETS["clicksend"], in_process).run(example).difference


def sending(**more: str) -> dict:
    return {"body": json.dumps({"messages": [{"to": "+61491570156", "body": "Hello", **more}]})}


def test_a_time_from_now_is_the_same_number_in_request_and_answer(in_process, control):
    body = '{"messages": [{"to": "+61491570156", "body": "Hello", "schedule": {in:60}}]}'
    control.advance(30)
    assert run(in_process, {}, {"body": body}, {"has": {"data.messages.0.schedule": "{in:60}"}}) is None
    assert run(in_process, {}, {"body": body}, {"has": {"data.messages.0.schedule": "1767225690"}})


def test_a_text_can_be_repeated_in_a_request(in_process, control):
    request = {
        "body": '{"messages": [{repeated}]}',
        "repeated": {"text": '{"to": "+61491570156", "body": "Hello"}', "times": 3},
    }
    assert run(in_process, {}, request, {"has": {"data.total_count": 3}}) is None


def test_an_example_may_change_its_account_and_add_a_fault_to_it(in_process, control):
    fault = {"effect": {"refuse": "internal"}}
    assert run(in_process, {"change": {"blocked": True}}, sending(), {"status": 403}) is None
    assert run(in_process, {"fault": fault}, sending(), {"status": 500}) is None
    assert run(in_process, {}, sending(), {}) is None


def test_nothing_sent_and_nothing_posted_can_be_demanded(in_process, control):
    nothing = [{"message": None}, {"webhook": None}]
    assert run(in_process, {}, sending(to="12"), {}, nothing) is None
    assert "there is a message" in run(in_process, {}, sending(), {}, [{"message": None}])
    called = {"account": {"callback_url": "http://127.0.0.1:9/"}}
    assert "was called" in run(in_process, called, sending(), {}, [{"advance": 2}, {"webhook": None}])


def test_a_message_may_be_told_by_a_pattern(in_process, control):
    assert run(in_process, {}, sending(), {}, [{"message": {"text": "/H.llo/"}}]) is None
    assert run(in_process, {}, sending(), {}, [{"message": {"text": "/H.ll/"}}])


def test_xml_is_compared_by_what_it_says():
    expected = "<x:a xmlns:x='urn:1' c='2' b='1'>\n  <d>x:e</d>\n</x:a>"
    compare(
        {"status": 200, "xml": expected},
        answered('<?xml version="1.0"?><a xmlns="urn:1" xmlns:y="urn:1" b="1" c="2"><!-- f --><d xmlns="">y:e</d></a>'),
    )


def test_a_foreign_server_is_never_reset_nor_its_clock_moved(in_process, control):
    in_process.is_own = False
    in_process_calls = []
    send = in_process.send
    in_process.send = lambda method, path, *rest: in_process_calls.append((method, path)) or send(method, path, *rest)
    results = [result for sheet in SHEETS.values() for result in Runner(sheet, in_process).run_all()]
    assert not [path for method, path in in_process_calls if "reset" in path or ("clock" in path and method != "GET")]
    assert any(result.skipped and "clock" in result.skipped for result in results)
