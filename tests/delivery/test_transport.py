"""The outbound gate: whom it lets through, what it does not do, and that nothing a receiver does gets past it."""

import queue
import socket
import threading

import pytest

from emulator.delivery.transport import MOST_KEPT, MOST_READ, THREADS, Gate, Request, ThreadTransport
from receivers import PATIENCE, receiving

PRIVATE = ["127.0.0.1", "127.8.9.10", "10.1.2.3", "172.16.0.1", "172.31.255.254", "192.168.178.20", "::1", "fd00::1"]
PUBLIC = ["8.8.8.8", "172.32.0.1", "11.0.0.1", "2001:4860:4860::8888", "100.64.0.1", "0.0.0.0", "::"]
LINK_LOCAL = ["169.254.169.254", "fe80::1%eth0", "::ffff:169.254.169.254"]


def request(url, **changes):
    fields = {"key": "k", "method": "POST", "url": url, "headers": {}, "body": b"hello", "timeout": 5.0}
    return Request(**{**fields, **changes})


@pytest.fixture
def gate():
    return Gate(private_only=True)


@pytest.fixture
def resolver(monkeypatch):
    """Names resolve to what a test says; the list holds each name asked for."""
    asked = []

    def resolve(*addresses):
        def getaddrinfo(host, port, *_, **__):
            asked.append(host)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

        monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
        return asked

    return resolve


@pytest.mark.parametrize("address", PRIVATE)
def test_a_private_address_may_be_called(gate, resolver, address):
    resolver(address)
    assert gate._resolved("app", 80) == address


@pytest.mark.parametrize("address", PUBLIC + LINK_LOCAL)
def test_any_other_address_is_refused_by_a_sentence_that_names_the_setting(gate, resolver, address):
    resolver(address)
    answered = gate.call(request("http://app.example/receipts"))
    assert answered.status is None
    assert answered.error.startswith("PermissionError: app.example")
    assert "CALLBACK_TARGETS=any" in answered.error


@pytest.mark.parametrize("address", PUBLIC)
def test_any_address_may_be_called_when_all_targets_are_allowed(resolver, address):
    resolver(address)
    assert Gate(private_only=False)._resolved("app", 80) == address


def test_of_several_addresses_the_first_private_one_is_called(gate, resolver):
    resolver("8.8.8.8", "10.0.0.7", "10.0.0.8")
    assert gate._resolved("app", 80) == "10.0.0.7"


def test_a_name_is_resolved_once_and_what_was_checked_is_what_is_called(gate, receiver, monkeypatch):
    """A name that answers another address the second time cannot lead the call elsewhere."""
    real, asked = socket.getaddrinfo, []

    def getaddrinfo(host, port, *rest, **more):
        if host == "127.0.0.1":
            return real(host, port, *rest, **more)
        asked.append(host)
        address = "127.0.0.1" if len(asked) == 1 else "169.254.169.254"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    answered = gate.call(request(f"http://app.example:{receiver.port}/receipts"))
    assert (answered.status, asked) == (200, ["app.example"])
    assert receiver.taken[0].headers["Host"] == f"app.example:{receiver.port}"


def test_the_call_arrives_as_it_was_made(gate, receiver):
    headers = {"Content-Type": "text/plain", "User-Agent": "Clickatell MO Callback"}
    answered = gate.call(request(f"{receiver.url}/a/b?x=1%20&y=%C3", headers=headers, body=b"\x00\xff"))
    [call] = receiver.taken
    assert (answered.key, answered.status, answered.error) == ("k", 200, None)
    assert (call.method, call.path, call.body) == ("POST", "/a/b?x=1%20&y=%C3", b"\x00\xff")
    assert call.headers == {"Host": f"127.0.0.1:{receiver.port}", "Content-Length": "2", **headers}


def test_a_get_has_no_body(gate, receiver):
    gate.call(request(f"{receiver.url}?x=1", method="GET", body=b""))
    [call] = receiver.taken
    assert (call.method, call.path, call.body) == ("GET", "/?x=1", b"")
    assert "Content-Length" not in call.headers


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_an_answer_and_is_not_followed(gate, receiver, status):
    receiver.answer = lambda call: (status, {"Location": f"{receiver.url}/elsewhere"}, b"")
    assert gate.call(request(f"{receiver.url}/receipts")).status == status
    assert [call.path for call in receiver.taken] == ["/receipts"]


@pytest.mark.parametrize("status", [204, 400, 404, 500, 503])
def test_a_status_is_told_as_it_came_and_nothing_is_tried_again(gate, receiver, status):
    receiver.answer = lambda call: (status, {"Retry-After": "0"}, b"")
    assert gate.call(request(receiver.url)).status == status
    assert len(receiver.taken) == 1


def test_a_connection_is_kept_for_the_next_call(gate, receiver):
    for _ in range(5):
        assert gate.call(request(receiver.url)).status == 200
    assert (len(receiver.taken), receiver.connections) == (5, 1)


def test_a_long_answer_is_not_read_to_its_end(gate, receiver):
    receiver.answer = lambda call: (200, {}, b"x" * (MOST_READ * 40))
    assert [gate.call(request(receiver.url)).status for _ in range(3)] == [200, 200, 200]


def test_the_beginning_of_an_answer_is_told_as_far_as_it_is_text(gate, receiver):
    receiver.answer = lambda call: (500, {}, "Größe?".encode() + b"\xff" + b"x" * 1000)
    answer = gate.call(request(receiver.url)).answer
    assert (answer[:8], len(answer)) == ("Größe?\ufffdx", MOST_KEPT)


def test_a_port_nobody_listens_at_is_no_answer(gate):
    with receiving() as gone:
        pass
    answered = gate.call(request(gone.url))
    assert answered.status is None
    assert "refused" in answered.error


def test_a_receiver_that_takes_too_long_is_no_answer(gate, receiver):
    go_on = threading.Event()
    receiver.answer = lambda call: go_on.wait(PATIENCE) and 200
    answered = gate.call(request(receiver.url, timeout=0.05))
    go_on.set()
    assert answered.status is None
    assert "timed out" in answered.error


def test_a_connection_that_nobody_accepts_is_given_up(gate, monkeypatch):
    monkeypatch.setattr("emulator.delivery.transport.CONNECT_SECONDS", 0.05)
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        waiting = []
        for _ in range(4):  # the kernel's queue is full, further ones get no answer
            one = socket.socket()
            one.setblocking(False)
            one.connect_ex(deaf.getsockname())
            waiting.append(one)
        answered = gate.call(request(f"http://127.0.0.1:{deaf.getsockname()[1]}/", timeout=0.05))
        for one in waiting:
            one.close()
    assert answered.status is None
    assert "imed out" in answered.error or "Timeout" in answered.error


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\x00\xff\xfe garbage \r\n\r\n",
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: 1\r\n" % number for number in range(500)) + b"\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nnonsense",
    ],
    ids=["nothing", "garbage", "status", "headers", "line", "chunks"],
)
def test_an_answer_that_is_no_http_is_no_answer(gate, receiver, answer):
    receiver.answer = lambda call: answer
    answered = gate.call(request(receiver.url))
    assert answered.status is None
    assert answered.error
    receiver.answer = lambda call: 200
    assert gate.call(request(receiver.url)).status == 200


@pytest.mark.parametrize(
    "answer",
    [(200, {"Content-Encoding": "gzip"}, b"not gzip"), b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort"],
    ids=["not-gzip", "short"],
)
def test_what_is_wrong_with_a_body_is_nobodys_business(gate, receiver, answer):
    receiver.answer = lambda call: answer
    assert gate.call(request(receiver.url)).status == 200


@pytest.mark.parametrize(
    "url",
    [
        "",
        "receipts",
        "ftp://127.0.0.1/",
        "http://",
        "http://127.0.0.1:port/",
        "http://127.0.0.1:99999/",
        "http://[::1/",
        "file:///etc/passwd",
    ],
)
def test_what_is_no_web_address_is_refused(gate, url):
    answered = gate.call(request(url))
    assert answered.status is None
    assert answered.error


def test_an_error_is_cut(gate, resolver):
    resolver("8.8.8.8")
    assert len(gate.call(request(f"http://{'a' * 1000}/")).error) == 300


@pytest.fixture
def transport():
    transport = ThreadTransport()
    yield transport
    transport.close()


def test_the_answer_is_told(transport, receiver):
    told = queue.Queue()
    transport.send(request(receiver.url), told.put)
    assert told.get(timeout=PATIENCE).status == 200


def test_a_slow_receiver_delays_nobody_else(transport, receiver):
    go_on, told = threading.Event(), queue.Queue()
    with receiving(answer=lambda call: go_on.wait(PATIENCE) and 200) as slow:
        for number in range(3 * THREADS):
            transport.send(request(slow.url, key=f"slow{number}"), told.put)
        transport.send(request(receiver.url, key="quick"), told.put)
        assert told.get(timeout=PATIENCE).key == "quick"
        go_on.set()
        assert {told.get(timeout=PATIENCE).key for _ in range(3 * THREADS)} == {f"slow{n}" for n in range(3 * THREADS)}


def test_calls_that_wait_when_it_is_closed_are_dropped(receiver):
    go_on, told = threading.Event(), queue.Queue()
    receiver.answer = lambda call: go_on.wait(PATIENCE) and 200
    transport = ThreadTransport(threads=1)
    for number in range(3):
        transport.send(request(receiver.url, key=str(number)), told.put)
    transport.close()
    go_on.set()
    assert told.get(timeout=PATIENCE).key == "0"
    for pool in transport._pools.values():
        pool.shutdown(wait=True)
    assert told.empty()
