"""The real server in a process of its own, as a user starts, uses and stops it."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from urllib.parse import urlsplit

import pytest

from emulator.launch import PortTakenError, connectable, free_port, running
from emulator.server import STOP_SECONDS
from receivers import receiving

SERVE = [sys.executable, "-m", "emulator", "serve"]


def request(url, method, path, body=None, headers=None, *, chunked=False):
    with closing(http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)) as connection:
        connection.request(method, path, body, headers or {}, encode_chunked=chunked)
        response = connection.getresponse()
        return response.status, response.read().decode()


@pytest.fixture
def process():
    """A server that the test stops itself, once it has said that it is ready."""
    port = free_port("127.0.0.1", 0)
    environment = {**os.environ, "EMULATOR_PORT": str(port), "EMULATOR_DELIVERY": "manual", "EMULATOR_MISSPELT": "1"}
    started = subprocess.Popen(SERVE, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    started.url = f"http://127.0.0.1:{port}"
    started.banner = "".join(iter(started.stdout.readline, "Ctrl-C stops. One line per message follows.\n"))
    yield started
    started.terminate()
    started.communicate(timeout=10)


def test_start_up_says_where_everything_is_and_gives_a_line_to_paste(process):
    assert process.banner.startswith(f"sms-emulator 0.1.0 is ready at {process.url}")
    assert request(process.url, "GET", "/_emulator/health")[0] == 200
    for provider in ("clickatell", "clicksend", "go4clients", "skycore"):
        assert f"{process.url}/{provider}\n" in process.banner
        assert f"{process.url}/{provider}/" in process.banner.partition("Try one:")[2]


def test_a_misspelt_setting_is_pointed_out(process):
    process.terminate()
    assert "EMULATOR_MISSPELT is no setting" in process.communicate(timeout=5)[1]


def test_the_printed_curl_lines_work_as_they_stand(process):
    commands = [line.strip() for line in process.banner.splitlines() if line.strip().startswith("curl ")]
    answers = [
        subprocess.run(["sh", "-c", f"{line} -s"], capture_output=True, text=True, check=True).stdout for line in commands
    ]
    assert len(answers) == 4
    assert answers[0].startswith("ID: ")
    assert json.loads(answers[1])["response_msg"] == "Your new campaign has been added."
    assert json.loads(answers[2])["code"] == "000"
    assert json.loads(answers[3])["status"] == "Success"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_it_at_once_and_cleanly(process, number):
    begun = time.monotonic()
    process.send_signal(number)
    output, errors = process.communicate(timeout=5)
    assert process.returncode == 0
    assert time.monotonic() - begun < 3
    assert output.endswith("sms-emulator stopped\n")
    assert "Traceback" not in errors


def test_a_signal_stops_it_while_a_client_holds_half_a_request(process):
    with socket.create_connection(("127.0.0.1", urlsplit(process.url).port)) as half:
        half.sendall(b"POST /skycore/ HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf")
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=10)
    assert process.returncode == 0


def test_a_signal_ends_every_wait_at_once(process):
    with ThreadPoolExecutor(2) as pool:
        waits = [pool.submit(request, process.url, "GET", "/_emulator/messages/wait?timeout=60") for _ in range(2)]
        time.sleep(0.3)
        begun = time.monotonic()
        process.send_signal(signal.SIGTERM)
        answers = [one.result(timeout=10) for one in waits]
        process.communicate(timeout=10)
    assert time.monotonic() - begun < STOP_SECONDS
    assert [(status, json.loads(body)["error"]["code"]) for status, body in answers] == [(503, "stopping")] * 2


def test_nothing_is_left_behind_when_it_is_killed(process):
    process.kill()
    process.communicate(timeout=5)  # ends when the last process that holds its output has ended
    with pytest.raises(OSError, match="refused"):
        request(process.url, "GET", "/_emulator/health")


def test_a_taken_port_is_said_clearly(server_url):
    port = urlsplit(server_url).port
    second = subprocess.run([*SERVE, "--port", str(port)], capture_output=True, text=True, timeout=20, check=False)
    assert second.returncode == 1
    assert f"127.0.0.1:{port} is in use" in second.stderr
    assert "Traceback" not in second.stderr


def test_a_setting_that_makes_no_sense_is_said_clearly():
    failed = subprocess.run([*SERVE, "--delivery", "soon"], capture_output=True, text=True, timeout=20, check=False)
    assert failed.returncode == 2
    assert "EMULATOR_DELIVERY is 'soon', but should be: when an ordinary message" in failed.stderr


def test_a_broken_fixture_stops_the_start_and_is_named(tmp_path):
    (tmp_path / "skycore").mkdir()
    (tmp_path / "skycore" / "codes.yaml").write_text("E100: [not, a, row")
    failed = subprocess.run(
        [*SERVE, "--port", "0", "--fixtures", str(tmp_path)], capture_output=True, text=True, timeout=20, check=False
    )
    assert failed.returncode != 0
    assert "codes.yaml" in failed.stderr
    assert "Traceback" not in failed.stderr


def test_a_snapshot_that_is_none_stops_the_start_by_one_sentence(tmp_path):
    snapshot = tmp_path / "state.json"
    snapshot.write_text("{")
    failed = subprocess.run(
        [*SERVE, "--port", "0", "--snapshot", str(snapshot)], capture_output=True, text=True, timeout=20, check=False
    )
    assert failed.returncode == 1
    assert failed.stderr.startswith(f"sms-emulator cannot start: the snapshot {snapshot} cannot be loaded: it is not JSON")
    assert failed.stderr.count("\n") == 1
    assert failed.stdout == ""


def test_messages_are_delivered_as_time_passes():
    with running(delivery="50ms", quiet="1") as url:
        query = "user=MyUserName&password=MyPassword&api_id=123456&to=2799900001&text=x"
        answer = request(url, "GET", f"/clickatell/http/sendmsg?{query}")[1]
        end = time.monotonic() + 5
        while time.monotonic() < end:
            status = request(url, "GET", f"/clickatell/http/querymsg?{query}&apimsgid={answer[4:]}")[1][-3:]
            if status == "004":
                return
        pytest.fail(f"still {status} after 5 seconds")


def test_a_chunked_body_is_read(server_url):
    body = json.dumps({"action": "sendsms", "message-text": "x", "to": "+10000000001", "from": "00000"}).encode()
    parts = iter([body[:10], body[10:]])
    status, answer = request(server_url, "POST", "/skycore/ep/v2/", parts, {"x-api-key": "x" * 31}, chunked=True)
    assert (status, json.loads(answer)["status"]) == (200, "Success")


def test_a_chunked_body_over_the_limit_is_refused(server_url):
    parts = (b"x" * 2**16 for _ in range(40))
    status, answer = request(server_url, "POST", "/skycore/ep/v2/", parts, {"x-api-key": "x" * 31}, chunked=True)
    assert (status, json.loads(answer)["error-code"]) == (200, "E100")


def test_connections_are_kept_alive(server_url):
    with closing(http.client.HTTPConnection(urlsplit(server_url).netloc, timeout=10)) as connection:
        for _ in range(3):
            connection.request("GET", "/clickatell/http/ping")
            assert connection.getresponse().read() == b"ERR: 005, Missing session ID"


@pytest.mark.parametrize("clients", [20, 100])
def test_clients_with_half_a_body_starve_nobody(server_url, clients):
    address = ("127.0.0.1", urlsplit(server_url).port)
    held = [socket.create_connection(address) for _ in range(clients)]
    try:
        for one in held:
            one.sendall(b"POST /skycore/ HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf")
        assert request(server_url, "GET", "/_emulator/health")[0] == 200
    finally:
        for one in held:
            one.close()


def test_a_body_that_is_cut_off_sends_nothing(server_url):
    before = request(server_url, "GET", "/_emulator/messages?limit=1&q=provider:clickatell")[1]
    form = b"user=MyUserName&password=MyPassword&api_id=123456&to=2799900001&text=Your+code+is+123456"
    kind = "Content-Type: application/x-www-form-urlencoded"
    head = f"POST /clickatell/http/sendmsg HTTP/1.1\r\nHost: x\r\n{kind}\r\nContent-Length: {len(form)}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", urlsplit(server_url).port)) as cut:
        cut.sendall(head.encode() + form[:-4])
        cut.shutdown(socket.SHUT_WR)
        cut.recv(1000)
    after = request(server_url, "GET", "/_emulator/messages?limit=1&q=provider:clickatell")[1]
    assert json.loads(after)["total"] == json.loads(before)["total"]


@pytest.mark.parametrize("size", [3, 5, 20])
def test_a_client_that_sends_far_too_much_still_gets_the_answer(server_url, size):
    answer = request(server_url, "POST", "/skycore/", b"x" * size * 1024 * 1024, {"x-api-key": "x" * 31})
    assert json.loads(answer[1])["error-code"] == "E100"


def test_a_long_get_with_300_numbers_passes(server_url):
    account = json.loads(request(server_url, "POST", "/_emulator/accounts", json.dumps({"provider": "clickatell"}), {})[1])[
        "credentials"
    ]
    numbers = ",".join(f"27999{number:05}" for number in range(300))
    query = "&".join(f"{name}={value}" for name, value in account.items())
    status, answer = request(server_url, "GET", f"/clickatell/http/sendmsg?{query}&text=x&to={numbers}")
    assert (status, len(answer.split("\n"))) == (200, 300)


@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01\x02\x00\x01",
        b"GET / HTTP/9.9\r\n\r\n",
        b"\r\n\r\n\r\n",
        b"GET " + b"a" * 70_000,
        b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
    ],
    ids=["tls", "version", "nothing", "long", "length"],
)
def test_what_is_no_http_harms_nobody(server_url, sent):
    with socket.create_connection(("127.0.0.1", urlsplit(server_url).port)) as one:
        one.sendall(sent)
    assert request(server_url, "GET", "/_emulator/health")[0] == 200


def test_parallel_sends_lose_nothing(server_url):
    account = json.loads(request(server_url, "POST", "/_emulator/accounts", json.dumps({"provider": "skycore"}), {})[1])
    headers = {"x-api-key": account["credentials"]["api_key"]}
    body = json.dumps({"action": "sendsms", "message-text": "x", "to": "+10000000001", "from": "00000"})

    def send(_):
        return json.loads(request(server_url, "POST", "/skycore/", body, headers)[1])["tracking-id"]

    with ThreadPoolExecutor(16) as pool:
        ids = set(pool.map(send, range(200)))
    found = json.loads(request(server_url, "GET", f"/_emulator/messages?limit=1000&q=account:{account['id']}")[1])
    assert len(ids) == 200
    assert {message["provider_message_id"] for message in found["messages"]} == ids
    balance = json.loads(request(server_url, "GET", f"/_emulator/accounts/{account['id']}")[1])["balance"]
    assert balance == "998.50"


def test_a_free_port_is_free_and_a_taken_one_is_noticed():
    port = free_port("127.0.0.1", 0)
    with socket.create_server(("127.0.0.1", port)), pytest.raises(PortTakenError):
        free_port("127.0.0.1", port)


@pytest.mark.parametrize(("host", "reached"), [("0.0.0.0", "127.0.0.1"), ("::", "::1"), ("127.0.0.1", "127.0.0.1")])
def test_a_server_that_listens_everywhere_is_reached_at_loopback(host, reached):
    assert connectable(host) == reached


@pytest.fixture
def faulty_account(server_url):
    """An account of its own on the shared server, so that its faults strike nobody else."""
    account = json.loads(request(server_url, "POST", "/_emulator/accounts", json.dumps({"provider": "clickatell"}))[1])

    def call(effect):
        rule = json.dumps({"effect": effect, "account": account["id"]})
        request(server_url, "POST", "/_emulator/faults", rule)
        query = "&".join(f"{name}={value}" for name, value in account["credentials"].items())
        return request(server_url, "GET", f"/clickatell/http/getbalance?{query}")

    return call


def test_a_dropped_connection_is_one(faulty_account):
    with pytest.raises((http.client.HTTPException, ConnectionError)):
        faulty_account({"drop": True})


def test_a_truncated_answer_ends_in_the_middle(faulty_account):
    with pytest.raises((http.client.IncompleteRead, ConnectionError)) as caught:
        faulty_account({"truncate": 3})
    assert getattr(caught.value, "partial", b"Cre") == b"Cre"


def test_calls_still_pending_are_said_when_it_stops(process):
    body = {"callback_url": "http://127.0.0.1:9/receipts"}
    request(process.url, "PATCH", "/_emulator/accounts/skycore-demo", json.dumps(body))
    sent = {"action": "sendsms", "message-text": "x", "to": "+10000000001", "from": "00000"}
    request(process.url, "POST", "/skycore/", json.dumps(sent), {"x-api-key": "x" * 31})
    process.terminate()
    assert "1 calls to your application were still pending" in process.communicate(timeout=10)[0]


def test_receipts_arrive_on_a_running_server():
    with receiving() as receiver, running(delivery="immediate", quiet="1") as url:
        request(url, "PATCH", "/_emulator/accounts/skycore-demo", json.dumps({"callback_url": receiver.url}))
        sent = {"action": "sendsms", "message-text": "x", "to": "+10000000001", "from": "00000"}
        for _ in range(50):
            request(url, "POST", "/skycore/", json.dumps(sent), {"x-api-key": "x" * 31})
        end = time.monotonic() + 10
        while len(receiver.taken) < 100 and time.monotonic() < end:
            time.sleep(0.01)
    codes = [json.loads(taken.body)["code"] for taken in receiver.taken]
    assert (codes.count("N201"), codes.count("N202")) == (50, 50)
