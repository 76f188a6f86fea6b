"""The sending process: starts with the first call, ends with us, and takes no call down with it."""

import io
import json
import queue
import sys
import threading
from base64 import b64encode

import pytest

from emulator.delivery.child import ProcessTransport, main
from emulator.delivery.transport import THREADS, Request
from receivers import PATIENCE, receiving, wait_for


def request(url, **changes):
    fields = {"key": "k", "method": "POST", "url": url, "headers": {"X-Name": "ä"}, "body": b"\x00\xffhello", "timeout": 10.0}
    return Request(**{**fields, **changes})


@pytest.fixture
def transport():
    transport = ProcessTransport()
    yield transport
    process = transport._process
    transport.close()
    if process is not None:
        process.wait(PATIENCE)
        wait_for(lambda: process.stdin.closed and process.stdout.closed)


@pytest.fixture
def told():
    return queue.Queue()


def test_no_process_is_started_before_the_first_call(transport):
    assert transport._process is None


def test_octets_arrive_as_they_were_sent(transport, receiver, told):
    transport.send(request(f"{receiver.url}/receipts?x=%FF"), told.put)
    answered = told.get(timeout=PATIENCE)
    [call] = receiver.taken
    assert (answered.key, answered.status, answered.error) == ("k", 200, None)
    assert (call.method, call.path, call.body, call.headers["X-Name"]) == ("POST", "/receipts?x=%FF", b"\x00\xffhello", "ä")


def test_one_process_makes_all_calls(transport, receiver, told):
    for number in range(50):
        transport.send(request(receiver.url, key=str(number)), told.put)
    assert {told.get(timeout=PATIENCE).key for _ in range(50)} == {str(number) for number in range(50)}
    process = transport._process
    transport.send(request(receiver.url), told.put)
    assert transport._process is process


def test_why_there_is_no_answer_is_told(transport, told):
    with receiving() as gone:
        pass
    transport.send(request(gone.url), told.put)
    answered = told.get(timeout=PATIENCE)
    assert (answered.status, "refused" in answered.error) == (None, True)


def test_a_public_address_is_refused_unless_all_are_allowed(transport, told):
    transport.send(request("http://8.8.8.8/"), told.put)
    assert told.get(timeout=PATIENCE).error.startswith("PermissionError: 8.8.8.8")


def test_a_slow_receiver_delays_nobody_else(transport, receiver, told):
    go_on = threading.Event()
    with receiving(answer=lambda call: go_on.wait(PATIENCE) and 200) as slow:
        for number in range(2 * THREADS):
            transport.send(request(slow.url, key=f"slow{number}"), told.put)
        transport.send(request(receiver.url, key="quick"), told.put)
        assert told.get(timeout=PATIENCE).key == "quick"
        go_on.set()
        for _ in range(2 * THREADS):
            assert told.get(timeout=PATIENCE).status == 200


def test_a_process_that_dies_answers_for_what_it_had_and_the_next_call_starts_another(transport, receiver, told):
    go_on = threading.Event()
    receiver.answer = lambda call: go_on.wait(PATIENCE) and 200
    transport.send(request(receiver.url, key="lost"), told.put)
    wait_for(lambda: receiver.taken)
    first = transport._process
    first.kill()
    answered = told.get(timeout=PATIENCE)
    assert (answered.key, answered.status, answered.error) == ("lost", None, "the sending process has ended")
    go_on.set()
    transport.send(request(receiver.url, key="next"), told.put)
    answered = told.get(timeout=PATIENCE)
    assert (answered.key, answered.status, transport._process is first) == ("next", 200, False)


def test_the_end_of_one_process_answers_for_none_of_the_next(transport, receiver, told):
    """The call was made by the new process before anybody noticed that the old one had ended."""
    transport.send(request(receiver.url), told.put)
    told.get(timeout=PATIENCE)
    first = transport._process
    first.kill()
    first.wait(PATIENCE)
    for number in range(5):
        transport.send(request(receiver.url, key=str(number)), told.put)
    answers = [told.get(timeout=PATIENCE) for _ in range(5)]
    assert [answered.status for answered in answers] == [200] * 5


def test_it_ends_when_it_is_closed(transport, receiver, told):
    transport.send(request(receiver.url), told.put)
    told.get(timeout=PATIENCE)
    process = transport._process
    transport.close()
    assert process.wait(PATIENCE) == 0


def test_closing_what_never_began_is_nothing():
    ProcessTransport().close()


def test_the_other_side_of_the_pipe(receiver, monkeypatch):
    fields = {"key": "1", "method": "POST", "url": receiver.url, "headers": {}, "body": b64encode(b"hi").decode(), "timeout": 5}
    go_on = threading.Event()

    def lines():
        yield json.dumps(fields)
        go_on.wait(PATIENCE)

    class Out(io.StringIO):
        def flush(self):
            go_on.set()

    out = Out()
    monkeypatch.setattr(sys, "stdin", lines())
    monkeypatch.setattr(sys, "stdout", out)
    main("private")
    assert json.loads(out.getvalue()) == {"key": "1", "status": 200, "error": None, "answer": "thank you"}
    assert receiver.bodies == ["hi"]
