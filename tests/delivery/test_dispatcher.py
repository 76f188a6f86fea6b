"""Calls to the application: who is called when, in which order, how often, and that no receiver can hurt anybody."""

import http.client
import itertools
import json
import threading
from collections import Counter
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import pytest

from emulator.app import create_app, start_worker
from emulator.config import Settings
from emulator.core.clock import ManualClock, SystemClock
from emulator.core.webhooks import WebhookCall
from emulator.delivery import dispatcher as room
from emulator.delivery.transport import Answered, ThreadTransport
from emulator.edge.context import EXTENSION
from receivers import PATIENCE, receiving, wait_for

CLICKATELL = [120, 240, 480, 960, 1920, 3840, 7680, 259200]
CLICKATELL_REPLIES = [120, 240, 480, 960, 1500]
GO4CLIENTS = [60] * 9
SKYCORE = [300] * 5


class Emulator:
    """One emulator in process, its clock held at 2026-01-01 unless told, with what a test does to it."""

    def __init__(self, clock=None, transport=None, **settings):
        self.transport = transport or ThreadTransport()
        self.app = create_app(Settings(**settings), clock=clock or ManualClock(), transport=self.transport)
        self.client = self.app.test_client()
        self.runtime = self.app.extensions[EXTENSION]
        self.worker = None

    def run(self):
        self.worker = start_worker(self.app)

    def close(self):
        if self.worker is not None:
            self.worker.stop()
        self.transport.close()
        for pool in getattr(self.transport, "_pools", {}).values():
            pool.shutdown(wait=True)

    def control(self, method, path, document=None):
        return self.client.open(f"/_emulator{path}", method=method, json=document).get_json()

    def account(self, provider, **settings):
        self.control("PATCH", f"/accounts/{provider}-demo", settings)

    def advance(self, seconds):
        return self.control("POST", "/clock/advance", {"seconds": seconds})

    def webhooks(self):
        """Oldest first."""
        return self.control("GET", "/webhooks?limit=1000")["webhooks"][::-1]

    def sms(self, to="27999000001", text="Hello"):
        """One message that Skycore tells of twice: N201 and N202."""
        body = {"action": "sendsms", "message-text": text, "to": to, "from": "00000"}
        answer = self.client.post("/skycore/ep/v2/", headers={"x-api-key": "x" * 31}, json=body)
        return answer.get_json().get("tracking-id")

    def reply(self, provider, text="hi"):
        return self.control(
            "POST", "/inbound", {"provider": provider, "to": "27000000000", "from": "27999000001", "text": text}
        )


@pytest.fixture
def started():
    """Makes emulators and closes them at the end."""
    made = []

    def make(*arguments, **settings):
        made.append(Emulator(*arguments, **settings))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def emulator(started, receiver):
    """With a receiver that Skycore's demo account calls."""
    emulator = started()
    emulator.account("skycore", callback_url=f"{receiver.url}/receipts", inbound_url=f"{receiver.url}/replies")
    return emulator


def codes(receiver):
    return [json.loads(body)["code"] for body in receiver.bodies]


def waits(webhook):
    """Seconds of clock time between the attempts."""
    instants = [datetime.fromisoformat(attempt["at"]) for attempt in webhook["attempts"]]
    return [(later - earlier).total_seconds() for earlier, later in itertools.pairwise(instants)]


def test_a_receipt_has_arrived_when_advance_returns(emulator, receiver):
    emulator.sms()
    emulator.advance(1)
    assert codes(receiver) == ["N201"]
    emulator.advance(1)
    assert codes(receiver) == ["N201", "N202"]


def test_what_was_called_and_answered_is_recorded(emulator, receiver):
    emulator.sms()
    emulator.advance(0)
    [webhook] = emulator.webhooks()
    assert (webhook["method"], webhook["url"]) == ("POST", f"{receiver.url}/receipts")
    assert (webhook["state"], webhook["body"]) == ("taken", receiver.bodies[0])
    assert webhook["attempts"] == [{"at": "2026-01-01T00:00:00Z", "status": 200, "error": None, "answer": "thank you"}]


def test_a_call_says_who_makes_it(emulator, receiver):
    emulator.sms()
    emulator.advance(0)
    assert receiver.taken[0].headers["User-Agent"] == "sms-emulator"


def test_what_is_fired_names_the_calls(emulator):
    emulator.sms()
    fired = emulator.advance(0)["fired"]
    assert [one["webhook"] for one in fired] == [emulator.webhooks()[0]["id"]]


def test_calls_to_one_url_go_one_by_one_in_the_order_planned(emulator, receiver):
    under_way, most = [], []

    def answer(call):
        under_way.append(call)
        most.append(len(under_way))
        under_way.remove(call)
        return 200

    receiver.answer = answer
    sent = [emulator.sms() for _ in range(100)]
    emulator.advance(2)
    told = [json.loads(body)["tracking-id"] for body in receiver.bodies]
    assert (told, max(most)) == (sent + sent, 1)


def test_calls_to_several_hosts_do_not_wait_for_each_other_even_when_frozen(started, receiver):
    emulator = started()
    go_on = threading.Event()
    receiver.answer = lambda call: go_on.wait(PATIENCE) and 200
    with receiving(answer=lambda call: go_on.set() or 200) as other:
        emulator.account("skycore", callback_url=receiver.url, inbound_url=other.url)
        emulator.sms()
        emulator.reply("skycore")
        emulator.advance(0)
    assert sorted(webhook["state"] for webhook in emulator.webhooks()) == ["taken", "taken"]


@pytest.mark.parametrize(
    ("provider", "act", "plan"),
    [
        ("skycore", lambda emulator: emulator.reply("skycore"), SKYCORE),
        ("go4clients", lambda emulator: emulator.reply("go4clients"), GO4CLIENTS),
        ("clickatell", lambda emulator: emulator.reply("clickatell"), CLICKATELL_REPLIES),
        (
            "clickatell",
            lambda emulator: emulator.client.get(
                "/clickatell/http/sendmsg?user=MyUserName&password=MyPassword&api_id=123456&to=2799900001&text=x&callback=1"
            ),
            CLICKATELL,
        ),
    ],
    ids=["skycore", "go4clients", "clickatell-replies", "clickatell-receipts"],
)
def test_a_call_that_is_not_taken_is_tried_again_as_the_provider_does_and_then_given_up(started, receiver, provider, act, plan):
    emulator = started()
    emulator.account(provider, callback_url=receiver.url, inbound_url=receiver.url)
    receiver.answer = lambda call: 503
    act(emulator)
    emulator.advance(sum(plan) + 1)
    [webhook] = emulator.webhooks()
    assert waits(webhook) == plan
    assert {(attempt["status"], attempt["error"]) for attempt in webhook["attempts"]} == {(503, None)}
    assert webhook["state"] == "given_up"
    assert len(receiver.taken) == len(plan) + 1
    assert len({(call.method, call.path, call.body) for call in receiver.taken}) == 1
    emulator.advance(30 * 86400)
    assert len(receiver.taken) == len(plan) + 1


def test_before_its_plan_is_over_a_call_is_pending(emulator, receiver):
    receiver.answer = lambda call: 500
    emulator.reply("skycore")
    emulator.advance(sum(SKYCORE) - 1)
    [webhook] = emulator.webhooks()
    assert (webhook["state"], len(webhook["attempts"])) == ("pending", 5)


def test_a_call_that_is_taken_is_not_made_again(emulator, receiver):
    answers = iter([500, 404, 200])
    receiver.answer = lambda call: next(answers)
    emulator.reply("skycore")
    emulator.advance(86400)
    [webhook] = emulator.webhooks()
    assert [attempt["status"] for attempt in webhook["attempts"]] == [500, 404, 200]
    assert webhook["state"] == "taken"


@pytest.mark.parametrize(("provider", "tries"), [("skycore", 6), ("go4clients", 10), ("clickatell", 1)])
def test_whether_201_is_enough_is_the_providers_choice(started, receiver, provider, tries):
    emulator = started()
    emulator.account(provider, inbound_url=receiver.url)
    receiver.answer = lambda call: 201
    emulator.reply(provider)
    emulator.advance(86400)
    assert len(receiver.taken) == tries


def test_a_redirect_is_not_followed_and_not_taken(emulator, receiver):
    receiver.answer = lambda call: (302, {"Location": f"{receiver.url}/elsewhere"}, b"")
    emulator.reply("skycore")
    emulator.advance(0)
    assert [call.path for call in receiver.taken] == ["/replies"]
    assert emulator.webhooks()[0]["attempts"][0]["status"] == 302


def test_a_receiver_that_comes_back_within_the_plan_has_missed_nothing(started):
    emulator = started()
    with receiving() as gone:
        port = gone.port
    emulator.account("skycore", callback_url=f"http://127.0.0.1:{port}/receipts")
    sent = [emulator.sms() for _ in range(20)]
    emulator.advance(600)
    assert {webhook["state"] for webhook in emulator.webhooks()} == {"pending"}
    with receiving(port) as back:
        emulator.advance(300)
    assert Counter(json.loads(body)["tracking-id"] for body in back.bodies) == dict.fromkeys(sent, 2)
    assert {webhook["state"] for webhook in emulator.webhooks()} == {"taken"}


def test_an_address_that_is_not_private_is_never_called_and_the_attempt_says_so(started):
    emulator = started()
    emulator.account("skycore", callback_url="http://169.254.169.254/latest/meta-data")
    emulator.sms()
    emulator.advance(0)
    [attempt] = emulator.webhooks()[0]["attempts"]
    assert attempt["status"] is None
    assert "CALLBACK_TARGETS" in attempt["error"]


@pytest.mark.parametrize(
    "answer", [b"", b"\x00\xff garbage\r\n\r\n", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz"]
)
def test_a_receiver_that_answers_garbage_ends_nothing(emulator, receiver, answer):
    receiver.answer = lambda call: answer
    emulator.sms()
    emulator.advance(2)
    assert {one["attempts"][0]["status"] for one in emulator.webhooks()} == {None}
    receiver.answer = lambda call: 200
    emulator.advance(300)
    assert {one["state"] for one in emulator.webhooks()} == {"taken"}


def test_a_handler_may_call_the_control_api_while_the_clock_is_moved(started):
    """No lock is held while a receiver works: it may look, send, and even move the clock itself."""
    emulator = started()
    seen = []

    def answer(call):
        if len(seen) < 3:
            seen.append(emulator.control("GET", "/messages")["total"])
            emulator.sms()
            emulator.control("POST", "/inbound", {"provider": "skycore", "to": "00000", "from": "27999000001", "text": "x"})
            emulator.control("PUT", "/clock", {"frozen": True})
        return 200

    with receiving(answer=answer) as receiver:
        emulator.account("skycore", callback_url=receiver.url)
        emulator.sms()
        done = threading.Thread(target=emulator.advance, args=(10,), daemon=True)
        done.start()
        done.join(PATIENCE)
        assert not done.is_alive()
    assert seen == [1, 3, 5]
    assert {webhook["state"] for webhook in emulator.webhooks()} == {"taken"}


class Silent:
    """A transport that answers nothing by itself."""

    def __init__(self):
        self.sent = []

    def send(self, request, done):
        self.sent.append((request, done))

    def close(self):
        """Nothing to close."""


class TestSilence:
    """Attempts that nobody answers while the clock is moved."""

    @pytest.fixture
    def silent(self, monkeypatch):
        monkeypatch.setattr(room, "PATIENCE", 0.02)
        return Silent()

    @pytest.fixture
    def emulator(self, started, silent):
        emulator = started(None, silent)
        emulator.account("skycore", callback_url="http://127.0.0.1:9/receipts")
        return emulator

    def test_an_attempt_is_given_up_and_time_goes_on(self, emulator):
        emulator.reply("skycore")
        emulator.sms()
        emulator.advance(0)
        [attempt] = emulator.webhooks()[0]["attempts"]
        assert (attempt["status"], attempt["error"]) == (None, "no answer within 0.02 s of advancing")

    def test_its_plan_goes_on_too(self, emulator):
        emulator.sms()
        emulator.advance(1 + sum(SKYCORE))
        webhook = emulator.webhooks()[0]
        assert (webhook["state"], waits(webhook)) == ("given_up", SKYCORE)

    def test_what_waits_in_line_behind_it_is_not_sent_but_tried_later(self, emulator, silent):
        for _ in range(5):
            emulator.sms()
        emulator.advance(0)
        assert len(silent.sent) == 1
        errors = [webhook["attempts"][0]["error"] for webhook in emulator.webhooks()]
        assert errors[1:] == ["not tried: no answer within 0.02 s of advancing to the call before"] * 4
        emulator.advance(300)
        assert len(silent.sent) == 2  # who is silent once is not waited for again in the same advance
        emulator.advance(300)
        assert len(silent.sent) == 3

    def test_an_answer_that_comes_too_late_changes_nothing(self, emulator, silent):
        emulator.sms()
        emulator.advance(0)
        before = emulator.webhooks()
        request, done = silent.sent[0]
        done(Answered(request.key, 200))
        assert emulator.webhooks() == before

    def test_a_late_answer_is_not_taken_for_that_of_the_next_try(self, emulator, silent):
        emulator.sms()
        emulator.advance(0)
        first, done = silent.sent[0]
        emulator.advance(299)

        def send(request, answer):
            done(Answered(first.key, 500))
            answer(Answered(request.key, 200))

        silent.send = send
        emulator.advance(1)
        assert [attempt["status"] for attempt in emulator.webhooks()[0]["attempts"]] == [None, 200]

    def test_a_line_goes_on_when_its_account_is_forgotten_meanwhile(self, emulator, silent):
        emulator.sms()
        emulator.sms()
        emulator.runtime.smsc.advance()  # the first is under way, the second waits for it
        [(request, done)] = silent.sent
        emulator.runtime.smsc.store.remove(WebhookCall)
        done(Answered(request.key, 200))
        assert len(silent.sent) == 2

    def test_an_answer_that_cannot_be_recorded_is_logged_and_ends_nothing(self, emulator, silent, monkeypatch, caplog):
        emulator.sms()
        emulator.runtime.smsc.advance()
        [(request, done)] = silent.sent
        with monkeypatch.context() as patch:
            patch.setattr(emulator.runtime.smsc.store, "change", None)
            done(Answered(request.key, 200))
        assert "an answer could not be recorded" in caplog.text
        emulator.runtime.dispatcher.settle()

    @pytest.mark.parametrize("error", [BrokenPipeError(), RuntimeError("cannot schedule new futures after shutdown")])
    def test_a_transport_that_is_gone_is_a_failed_attempt(self, emulator, silent, error):
        def send(request, done):
            raise error

        silent.send = send
        for _ in range(1500):  # more than a call of itself for each would bear
            emulator.sms()
        emulator.advance(0)
        assert [one["attempts"][0]["error"] for one in emulator.webhooks()[:3]] == [repr(error)] * 3


def test_resend_makes_the_same_call_once_more(emulator, receiver):
    emulator.sms()
    emulator.advance(0)
    [first] = emulator.webhooks()
    again = emulator.control("POST", f"/webhooks/{first['id']}/resend")
    assert (again["id"] != first["id"], again["state"], again["attempts"]) == (True, "pending", [])
    emulator.advance(0)
    assert receiver.taken[0] == receiver.taken[1]
    assert [one["state"] for one in emulator.webhooks()] == ["taken", "taken"]


def test_a_resent_call_has_a_plan_of_its_own(emulator, receiver):
    receiver.answer = lambda call: 500
    emulator.reply("skycore")
    emulator.advance(86400)
    [first] = emulator.webhooks()
    assert first["state"] == "given_up"
    receiver.answer = lambda call: 200
    emulator.control("POST", f"/webhooks/{first['id']}/resend")
    emulator.advance(0)
    assert [one["state"] for one in emulator.webhooks()] == ["given_up", "taken"]


class TestFates:
    def test_no_receipt_of_a_lost_one_ever(self, emulator, receiver):
        emulator.sms(to="+15005550009")
        emulator.advance(10 * 86400)
        assert codes(receiver) == []

    def test_the_final_receipt_is_sent_twice(self, emulator, receiver):
        emulator.sms(to="+15005550010")
        emulator.advance(10)
        assert codes(receiver) == ["N201", "N202", "N202"]
        assert receiver.bodies[1] == receiver.bodies[2]

    def test_receipts_come_out_of_order(self, emulator, receiver):
        emulator.sms(to="+15005550011")
        emulator.advance(2)
        assert codes(receiver) == ["N202"]
        fired = emulator.advance(1)["fired"]
        assert codes(receiver) == ["N202", "N201"]
        assert ("receipt", "sent") in [item for one in fired for item in one.items()]

    def test_a_late_one(self, emulator, receiver):
        emulator.sms(to="+15005550007")
        emulator.advance(29)
        assert codes(receiver) == ["N201"]
        emulator.advance(1)
        assert codes(receiver) == ["N201", "N202"]


def lived(emulator, receiver):
    """What was called in the life of one emulator, byte for byte."""
    emulator.account("skycore", callback_url=receiver.url, inbound_url=receiver.url)
    emulator.account("go4clients", callback_url=receiver.url, inbound_url=receiver.url)
    answers = itertools.cycle([200, 503, 200, 500, 404])
    receiver.answer = lambda call: next(answers)
    for number in range(1, 13):
        emulator.sms(to=f"+1500555{number:04}")
    emulator.reply("go4clients")
    emulator.advance(3)
    emulator.reply("skycore", "STOP")
    emulator.sms(to="+27999000001")
    emulator.sms(to="+27999000002")
    emulator.advance(2 * 86400)
    recorded = [{**one, "url": urlsplit(one["url"]).path} for one in emulator.webhooks()]
    calls = [(call.method, call.path, call.body) for call in receiver.taken]
    receiver.taken.clear()
    return calls, recorded


def test_the_same_seed_and_calls_make_the_same_calls_byte_for_byte(started, receiver):
    first, second = lived(started(), receiver), lived(started(), receiver)
    assert len(first[0]) > 40
    assert first == second


def test_a_reset_forgets_what_was_under_way(emulator, receiver):
    receiver.answer = lambda call: 500
    emulator.sms()
    emulator.advance(0)
    emulator.control("POST", "/reset", {})
    emulator.advance(86400)
    assert (len(receiver.taken), emulator.webhooks()) == (1, [])


class TestRunningClock:
    @pytest.fixture
    def emulator(self, started, receiver):
        emulator = started(SystemClock(), delivery=timedelta(0))
        emulator.account("skycore", callback_url=f"{receiver.url}/receipts", inbound_url=f"{receiver.url}/replies")
        emulator.account("go4clients", inbound_url=f"{receiver.url}/go4clients")
        emulator.run()
        return emulator

    def test_receipts_go_out_by_themselves(self, emulator, receiver):
        emulator.sms()
        wait_for(lambda: codes(receiver) == ["N201", "N202"])
        wait_for(lambda: {one["state"] for one in emulator.webhooks()} == {"taken"})

    def test_a_slow_receiver_delays_nobody_else(self, emulator, receiver):
        go_on = threading.Event()
        with receiving(answer=lambda call: go_on.wait(PATIENCE) and 200) as slow:
            emulator.account("skycore", callback_url=slow.url)
            for _ in range(30):
                emulator.sms()
            wait_for(lambda: len(slow.taken) >= 16)
            emulator.reply("go4clients")
            wait_for(lambda: receiver.taken)
            assert {one["state"] for one in emulator.webhooks() if one["url"].startswith(slow.url)} == {"pending"}
            go_on.set()
            wait_for(lambda: {one["state"] for one in emulator.webhooks()} == {"taken"})

    def test_calls_to_one_url_about_several_messages_go_side_by_side(self, emulator, receiver):
        together = threading.Barrier(4, timeout=PATIENCE)
        receiver.answer = lambda call: 200 if together.wait() >= 0 else 500
        for _ in range(4):
            emulator.sms()
        wait_for(lambda: len(receiver.taken) == 8)

    def test_no_receipt_overtakes_another_of_its_message(self, emulator, receiver):
        """The first is still being answered when the message is delivered and its second is planned."""
        answered = []

        def answer(call):
            receipt = json.loads(call.body)
            if receipt["code"] == "N201":
                wait_for(lambda: len([one for one in emulator.webhooks() if receipt["tracking-id"] in one["body"]]) == 2)
                threading.Event().wait(0.1)  # enough for the second, if nothing held it back
            answered.append((receipt["tracking-id"], receipt["code"]))
            return 200

        receiver.answer = answer
        sent = [emulator.sms() for _ in range(3)]
        wait_for(lambda: len(answered) == 6)
        for tracking_id in sent:
            assert [code for told_of, code in answered if told_of == tracking_id] == ["N201", "N202"]

    @pytest.mark.parametrize("answer", [b"", b"\xff\xff\xff", b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"])
    def test_a_receiver_that_explodes_never_ends_the_worker(self, emulator, receiver, answer):
        receiver.answer = lambda call: answer
        for _ in range(10):
            emulator.sms()
        wait_for(lambda: all(one["attempts"] for one in emulator.webhooks()) and len(receiver.taken) >= 20)
        receiver.answer = lambda call: 200
        receiver.taken.clear()
        emulator.sms()
        wait_for(lambda: len(receiver.taken) >= 2)
        assert emulator.worker._thread.is_alive()

    def test_a_provider_that_cannot_say_what_to_post_never_ends_the_worker(self, emulator, receiver, monkeypatch, caplog):
        callbacks = emulator.runtime.providers["skycore"].callbacks(None, None)
        emulator.control("PUT", "/clock", {"frozen": True})
        emulator.sms()
        with monkeypatch.context() as patch:
            patch.setattr(type(callbacks), "receipt", lambda *_: 1 / 0)
            emulator.advance(5)
        assert "ZeroDivisionError" in caplog.text
        emulator.control("PUT", "/clock", {"frozen": False})
        emulator.sms()
        wait_for(lambda: codes(receiver).count("N202") == 1)

    def test_moving_the_clock_waits_for_what_the_worker_has_begun(self, emulator, receiver):
        begun, go_on = threading.Event(), threading.Event()

        def answer(call):
            begun.set()
            go_on.wait(PATIENCE)
            return 200

        receiver.answer = answer
        emulator.reply("skycore")
        begun.wait(PATIENCE)
        moving = threading.Thread(target=emulator.advance, args=(0,))
        moving.start()
        moving.join(0.05)
        waited = moving.is_alive()
        go_on.set()
        moving.join(PATIENCE)
        assert (waited, [one["state"] for one in emulator.webhooks()]) == (True, ["taken"])

    def test_moving_the_clock_ends_while_new_calls_keep_coming(self, emulator, receiver):
        stop = threading.Event()

        def keep_sending():
            with emulator.app.test_client() as client:
                while not stop.is_set():
                    document = {"provider": "skycore", "to": "00000", "from": "27999000001", "text": "x"}
                    client.post("/_emulator/inbound", json=document)

        sending = threading.Thread(target=keep_sending)
        sending.start()
        wait_for(lambda: len(receiver.taken) > 20)
        moving = threading.Thread(target=emulator.advance, args=(0,), daemon=True)
        moving.start()
        moving.join(PATIENCE)
        ended = not moving.is_alive()
        stop.set()
        sending.join(PATIENCE)
        assert ended


def test_2000_receipts_arrive_from_a_real_server(server_url, receiver):
    """The process that sends is another one than that which answers the API."""
    address = urlsplit(server_url)
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=60)

    def call(method, path, document, headers=None):
        connection.request(method, path, json.dumps(document), {"Content-Type": "application/json", **(headers or {})})
        return json.loads(connection.getresponse().read())

    made = call("POST", "/_emulator/accounts", {"provider": "go4clients", "callback_url": f"{receiver.url}/receipts"})
    credentials = {"Apikey": made["credentials"]["api_key"], "Apisecret": made["credentials"]["api_secret"]}
    for first in range(0, 2000, 500):
        numbers = [f"573{number:09}" for number in range(first, first + 500)]
        body = {"toList": numbers, "message": "Hello"}
        answer = call("POST", "/go4clients/TelintelSms/api/sms/sendmessage", body, credentials)
        assert answer["success"] is True
    call("POST", "/_emulator/clock/advance", {"seconds": 3})
    connection.close()
    wait_for(lambda: len(receiver.taken) >= 2000)
    told = Counter(json.loads(body)["recipentNumber"] for body in receiver.bodies)
    assert told == {f"573{number:09}": 1 for number in range(2000)}
