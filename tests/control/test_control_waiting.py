"""Waiting: it answers as soon as it can, says what came instead, and holds up nobody."""

import threading
import time

import pytest

from emulator.control.routes.waiting import COME_AGAIN_SECONDS
from receivers import PATIENCE


class Waiter:
    """A call of wait in a thread of its own; ``held`` once it has taken a place."""

    def __init__(self, app, **query):
        self._app = app
        self._query = query
        self.answer = None
        self.seconds = None
        self._places = app.extensions["sms-emulator"].places.any
        free = self._places._value
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        end = time.monotonic() + PATIENCE
        while self._places._value == free and self._thread.is_alive() and time.monotonic() < end:
            time.sleep(0.001)

    def _run(self):
        begun = time.monotonic()
        self.answer = self._app.test_client().get("/_emulator/messages/wait", query_string=self._query)
        self.seconds = time.monotonic() - begun

    @property
    def is_waiting(self):
        return self._thread.is_alive()

    def done(self):
        self._thread.join(PATIENCE)
        assert self.answer is not None, "it still waits"
        return self.answer


@pytest.fixture
def waiting(app):
    return lambda **query: Waiter(app, **{"timeout": PATIENCE, **query})


@pytest.fixture
def wait(client):
    return lambda **query: client.get("/_emulator/messages/wait", query_string={"timeout": 0.05, **query})


def texts(answer):
    return [message["text"] for message in answer.get_json()["messages"]]


def test_what_is_there_already_is_answered_at_once(clickatell, wait):
    clickatell.send(text="Hello")
    answer = wait(q="to:2799900001", timeout=PATIENCE)
    assert (answer.status_code, texts(answer)) == (200, ["Hello"])


def test_a_message_that_comes_ends_the_wait(clickatell, waiting):
    waiter = waiting(q="to:2799900001")
    assert waiter.is_waiting
    clickatell.send(text="Hello")
    assert (waiter.done().status_code, texts(waiter.answer)) == (200, ["Hello"])
    assert waiter.seconds < PATIENCE / 2


def test_another_message_does_not_end_it(clickatell, waiting):
    waiter = waiting(q="to:2799900002", timeout=0.5)
    clickatell.send(to="2799900001")
    assert waiter.done().status_code == 408
    assert waiter.seconds >= 0.5


def test_a_status_that_a_message_gets_ends_it(clickatell, control, waiting):
    clickatell.send()
    waiter = waiting(q="status:delivered")
    assert waiter.is_waiting
    control.advance(2)
    assert waiter.done().status_code == 200


def test_it_waits_for_as_many_as_are_asked_for(clickatell, waiting):
    waiter = waiting(count=3)
    for text in ("one", "two", "three"):
        assert waiter.is_waiting
        clickatell.send(text=text)
    assert texts(waiter.done()) == ["three", "two", "one"]


def test_messages_that_match_no_longer_do_not_count(clickatell, control, waiting):
    waiter = waiting(q="status:sent", count=2, timeout=1)
    clickatell.send()
    time.sleep(0.1)  # so that it is seen as sent
    control.advance(2)
    clickatell.send()
    answer = waiter.done()
    assert answer.status_code == 408
    assert len(answer.get_json()["messages"]) == 1


def test_messages_up_to_the_cursor_are_too_old(clickatell, control, wait):
    clickatell.send(text="old")
    cursor = control.messages()[0]["id"]
    assert wait(after=cursor).status_code == 408
    clickatell.send(text="new")
    assert texts(wait(after=cursor)) == ["new"]


def test_an_old_message_with_a_new_status_is_still_too_old(clickatell, control, waiting):
    clickatell.send(text="old")
    waiter = waiting(q="status:delivered", after=control.messages()[0]["id"], timeout=0.5)
    control.advance(2)
    assert waiter.done().status_code == 408


def test_an_empty_cursor_is_none(clickatell, wait):
    clickatell.send(text="old")
    assert texts(wait(after="")) == ["old"]


def test_a_cursor_that_is_nowhere_is_refused(wait):
    answer = wait(after="nosuch")
    assert (answer.status_code, answer.get_json()["error"]["field"]) == (400, "after")


def test_none_is_fine_when_none_comes(clickatell, wait):
    clickatell.send(to="2799900001")
    answer = wait(q="to:2799900002", none="true")
    assert (answer.status_code, answer.get_json()) == (200, {"messages": []})


def test_none_names_the_culprit(clickatell, waiting):
    waiter = waiting(q="to:2799900002", none="true")
    clickatell.send(to="2799900002", text="who, me?")
    answer = waiter.done()
    assert answer.status_code == 409
    assert answer.get_json()["culprit"]["text"] == "who, me?"
    assert answer.get_json()["error"]["code"] == "unwanted_message"
    assert waiter.seconds < PATIENCE / 2


def test_near_misses_tell_what_they_miss_the_nearest_first(clickatell, skycore, control, wait):
    clickatell.send(to="2799900001", text="Your code is 1111")
    cursor = control.messages()[0]["id"]
    clickatell.send(to="2799900001", text="Your code is 2222")
    skycore.sendsms("something else")
    answer = wait(q='to:2799900001 status:delivered "your code"', after=cursor)
    assert answer.get_json()["error"]["code"] == "timeout"
    assert [(miss["text"], miss["missed"]) for miss in answer.get_json()["near_misses"]] == [
        ("Your code is 2222", ["status:delivered"]),
        ("Your code is 1111", ["status:delivered", f"after:{cursor}"]),
        ("something else", ["to:2799900001", "status:delivered", '"your code"']),
    ]


def test_what_the_provider_refused_is_told_and_no_secret_with_it(clickatell, wait):
    clickatell.get("/http/sendmsg", user="MyUserName", password="wrong-word", api_id="123456", to="2799900001", text="x")
    [refused] = wait(q="to:2799900001").get_json()["refusals"]
    assert refused["code"] == "001"
    assert "wrong-word" not in str(refused)


def test_who_was_not_let_in_may_have_meant_the_account_asked_for(clickatell, skycore, control, wait):
    mine = control.account("clickatell")["id"]
    clickatell.get("/http/sendmsg", user="MyUserName", password="wrong-word", api_id="123456", to="2799900001", text="x")
    skycore.headers["x-api-key"] = "nobodys"
    skycore.sendsms()
    assert [one["code"] for one in wait(q=f"account:{mine}").get_json()["refusals"]] == ["001"]


def test_messages_of_other_accounts_are_no_near_misses(skycore, control, wait):
    mine = control.account("skycore")["id"]
    skycore.sendsms()
    answer = wait(q=f"account:{mine} to:10000000001")
    assert (answer.get_json()["near_misses"], answer.get_json()["refusals"]) == ([], [])


@pytest.mark.parametrize(
    "query", [{"count": 0}, {"timeout": "soon"}, {"timeout": -1}, {"timeout": 1e9}, {"q": "a:b"}, {"x": 1}]
)
def test_a_wait_that_makes_no_sense_is_refused(wait, query):
    answer = wait(**query)
    assert (answer.status_code, answer.get_json()["error"]["field"]) == (400, next(iter(query)))


def test_when_half_of_the_threads_wait_the_next_is_told_to_come_again(clickatell, settings, waiting, wait):
    held = [waiting() for _ in range(settings.threads // 2)]
    assert all(waiter.is_waiting for waiter in held)
    answer = wait()
    assert (answer.status_code, answer.get_json()) == (202, {"waiting": True})
    assert answer.headers["Retry-After"] == str(COME_AGAIN_SECONDS)
    clickatell.send()
    assert {waiter.done().status_code for waiter in held} == {200}
    assert wait(q="to:1").status_code == 408


def test_what_is_there_is_answered_even_when_nobody_else_may_wait(clickatell, settings, waiting, wait):
    for _ in range(settings.threads // 2):
        waiting(q="to:2799900002", timeout=1)
    clickatell.send(to="2799900001")
    assert wait(q="to:2799900001").status_code == 200


def test_a_stop_ends_every_wait(app, waiting):
    waiter = waiting()
    app.extensions["sms-emulator"].feed.close()
    assert waiter.done().status_code == 503


def test_a_reset_does_not_confuse_it(clickatell, control, waiting):
    waiter = waiting(q="to:2799900001")
    control.post("/reset")
    assert waiter.is_waiting
    clickatell.send()
    assert waiter.done().status_code == 200


def changes(client, after=None, etag=None):
    headers = {} if etag is None else {"If-None-Match": etag}
    return client.get("/_emulator/changes", query_string={} if after is None else {"after": after}, headers=headers)


def test_changes_tell_what_is_new_or_different_since(client, clickatell, control):
    begin = changes(client).get_json()
    assert (begin["reload"], begin["messages"]) == (True, [])
    clickatell.send(text="one")
    clickatell.send(text="two")
    news = changes(client, begin["cursor"]).get_json()
    assert [message["text"] for message in news["messages"]] == ["two", "one"]
    assert (news["reload"], news["total"], len(news["exchanges"])) == (False, 2, 2)
    control.advance(2)
    later = changes(client, news["cursor"]).get_json()
    assert {message["status"] for message in later["messages"]} == {"delivered"}
    assert len(later["messages"]) == 2


@pytest.mark.parametrize(
    "act",
    [
        lambda control: control.put("/clock", frozen=True),
        lambda control: control.advance(5),
        lambda control: control.post("/faults", effect={"refuse": "no_credit"}),
    ],
    ids=["held", "moved", "faulty"],
)
def test_what_is_done_to_the_clock_or_the_faults_is_news(client, control, act):
    first = changes(client)
    act(control)
    later = changes(client, first.get_json()["cursor"], first.headers["ETag"])
    assert (later.status_code, later.get_json()["reload"]) == (200, False)


def test_nothing_new_is_a_304(client, clickatell):
    first = changes(client)
    cursor = first.get_json()["cursor"]
    assert changes(client, cursor, first.headers["ETag"]).status_code == 304
    clickatell.send()
    assert changes(client, cursor, first.headers["ETag"]).status_code == 200


def test_messages_that_are_gone_are_told(client, clickatell, control):
    clickatell.send(to="2799900001")
    gone = control.messages()[0]["id"]
    cursor = changes(client).get_json()["cursor"]
    control.delete("/messages?q=to:2799900001")
    assert changes(client, cursor).get_json()["removed"] == [gone]


@pytest.mark.parametrize("cursor", ["nonsense", "0-5", "", "1767225600000-999", "1767225600000-x"])
def test_a_cursor_of_another_start_means_to_list_anew(client, cursor):
    assert changes(client, cursor).get_json()["reload"]


def test_a_reset_means_to_list_anew(client, control):
    cursor = changes(client).get_json()["cursor"]
    control.post("/reset")
    assert changes(client, cursor).get_json()["reload"]


def test_webhooks_are_searched_by_their_message_and_themselves(skycore, control):
    other = control.account("skycore", callback_url="http://127.0.0.1:9/x")
    control.patch("/accounts/skycore-demo", callback_url="http://127.0.0.1:9/y")
    skycore.sendsms(to="+10000000001")
    skycore.sendsms(to="+10000000002")
    assert control.get(f"/webhooks?q=account:{other['id']}")["webhooks"] == []
    assert len(control.get("/webhooks?q=to:10000000001")["webhooks"]) == 1
    assert len(control.get("/webhooks?q=status:pending%20provider:skycore")["webhooks"]) == 2
    assert len(control.get("/webhooks?q=-status:pending")["webhooks"]) == 0
