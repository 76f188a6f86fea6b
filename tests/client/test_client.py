"""The Python client, against a real server."""

import contextlib
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from sends import send

from emulator.client import (
    AccountGoneError,
    Client,
    Emulator,
    EmulatorError,
    NotReceivedError,
    UnreachableError,
    UnwantedError,
)
from emulator.client.query import written
from emulator.client.receiver import taking


def test_a_message_comes_as_a_value(skycore):
    send(skycore, "Your code is 123-456")
    [message] = skycore.messages()
    assert (message.recipient, message.codes, message.price) == ("+10000000001", ("123456",), Decimal("0.0075"))
    assert datetime.now(UTC) - message.created_at < timedelta(minutes=1)
    assert str(message).endswith("00000 → +10000000001 'Your code is 123-456'")


@pytest.mark.parametrize(("name", "meant"), [("to", "recipient"), ("from_", "sender")])
def test_a_message_asked_for_by_a_name_of_the_search_tells_its_own(skycore, name, meant):
    send(skycore)
    message = skycore.wait_for()
    with pytest.raises(AttributeError, match=f"no '{name}': it is called '{meant}'"):
        getattr(message, name)
    assert not hasattr(message, "colour")


def test_an_address_in_a_text_is_a_link(skycore):
    send(skycore, "Verify: example.com/x")
    [link] = skycore.wait_for(text="Verify").links
    assert (link.url, link.target, link.local) == ("example.com/x", "http://example.com/x", None)


def test_messages_are_found_by_words_and_by_keywords(skycore):
    send(skycore, 'say "hi" now', to="+10000000001")
    send(skycore, "Hello", to="+10000000002")
    assert [one.text for one in skycore.messages(to="+10000000002")] == ["Hello"]
    assert [one.text for one in skycore.messages('"hi"')] == ['say "hi" now']
    assert [one.text for one in skycore.messages(text='say "hi" now')] == ['say "hi" now']
    assert [one.text for one in skycore.messages("-hi", direction="out")] == ["Hello"]


def test_a_keyword_that_is_no_search_key_is_refused():
    with pytest.raises(TypeError, match="colour"):
        written(colour="red")


@pytest.mark.parametrize("value", [None, "", " ", '"'])
def test_a_keyword_that_would_match_everything_is_refused(skycore, value):
    send(skycore)
    for ask in (skycore.messages, skycore.wait_for, skycore.exchanges):
        with pytest.raises(ValueError, match=r"to=.* would match every message"):
            ask(to=value)


def test_a_keyword_takes_no_list(skycore):
    with pytest.raises(TypeError, match="to= takes one text or number"):
        skycore.messages(to=["+10000000001", "+10000000002"])


def test_a_wait_ends_when_the_message_comes(skycore):
    threading.Timer(0.1, send, [skycore]).start()
    begun = time.monotonic()
    assert skycore.wait_for(to="+10000000001", timeout=20).text == "Hello"
    assert time.monotonic() - begun < 10


def test_several_are_waited_for_together(skycore):
    for number in range(3):
        send(skycore, f"text {number}")
    assert [one.text for one in skycore.wait(count=2)] == ["text 2", "text 1"]


def test_a_wait_in_vain_tells_near_misses_and_refusals(skycore):
    send(skycore, "Hello", to="+10000000002")
    skycore.fail_next("no_credit")
    send(skycore)
    with pytest.raises(NotReceivedError) as caught:
        skycore.wait_for(to="+10000000001", timeout=0.1)
    text = str(caught.value)
    assert "near miss: skycore sent 00000 → +10000000002 'Hello'  (not to:+10000000001)" in text
    assert "refused: E713" in text
    assert caught.value.near_misses[0][1] == ("to:+10000000001",)


def test_a_wait_in_vain_where_nothing_came_asks_for_the_url(skycore):
    with pytest.raises(NotReceivedError, match="was the right URL called"):
        skycore.wait_for(timeout=0)


def test_nothing_may_come(skycore):
    skycore.wait_for_none(timeout=0.05)
    send(skycore, "oops")
    with pytest.raises(UnwantedError, match="'oops'") as caught:
        skycore.wait_for_none(timeout=20)
    assert caught.value.culprit.text == "oops"


def test_a_code_is_waited_for_past_messages_without_one(skycore):
    send(skycore, "Welcome!")
    threading.Timer(0.1, send, [skycore, "Your code is 4711"]).start()
    assert skycore.wait_for_code(timeout=20) == "4711"
    send(skycore, "Bye!")
    assert skycore.wait_for_code(timeout=20) == "4711"


def test_a_code_that_never_comes_is_an_ordinary_wait_in_vain(skycore):
    send(skycore, "Welcome!")
    with pytest.raises(NotReceivedError):
        skycore.wait_for_code(timeout=0.1)


def test_receipts_are_read_as_they_were_posted(client):
    with taking() as url:
        world = client.open_account("skycore", callback_url=url)
        tracking = send(world)["tracking-id"]
        receipts = world.wait_for_receipts(1)
    assert receipts[0].fields["tracking-id"] == tracking
    assert receipts[0].attempts[0].status == 200


def test_receipts_that_do_not_come_are_a_timeout(skycore):
    with pytest.raises(TimeoutError, match="0 of 1"):
        skycore.wait_for_receipts(timeout=0.05)


def test_a_reply_goes_back_the_way_the_last_message_came(skycore):
    send(skycore, to="+10000000003")
    reply = skycore.reply("STOP")
    assert (reply.direction, reply.sender, reply.recipient, reply.account) == ("in", "+10000000003", "00000", skycore.id)
    assert send(skycore, to="+10000000003")["status"] != "Success"  # it has opted out


def test_a_reply_to_nothing_must_say_from_whom(skycore):
    with pytest.raises(LookupError, match="from_"):
        skycore.reply("Hello")
    assert skycore.reply("Hello", from_="+10000000003", to="00000").text == "Hello"


@pytest.mark.parametrize("what", ["no_credit", {"refuse": "no_credit"}])
def test_the_next_message_is_refused_and_only_that(skycore, what):
    skycore.fail_next(what)
    assert send(skycore)["status"] != "Success"
    assert send(skycore)["status"] == "Success"


def test_the_next_message_meets_its_fate(skycore):
    skycore.fail_next({"fate": "undelivered", "after": 0})
    send(skycore)
    assert skycore.wait_for(status="undelivered").recipient == "+10000000001"


@pytest.mark.parametrize("what", ["undeliverd", None])
def test_a_failure_that_there_is_not_tells_the_fates_and_causes_there_are(skycore, what):
    with pytest.raises(EmulatorError, match=r"no fate \(.*undelivered.*\) and no cause.*no_credit"):
        skycore.fail_next(what)


def test_settings_and_balance_are_changed(skycore):
    skycore.configure(balance="0", blocked=False)
    assert skycore.balance == 0
    skycore.reset()
    assert skycore.balance == 1000


def test_an_exchange_is_found_replayed_and_written_as_curl(client, skycore):
    send(skycore)
    [exchange] = skycore.exchanges()
    assert exchange.response["status"] == 200
    assert client.replay(exchange.id).messages != exchange.messages
    assert "$SKYCORE_API_KEY" in client.curl(exchange.id)


def test_a_refused_call_says_why(client):
    with pytest.raises(EmulatorError, match="no provider 'nosuch'") as caught:
        client.open_account("nosuch")
    assert (caught.value.status, caught.value.code, caught.value.field) == (404, "unknown_provider", "provider")


def test_no_emulator_is_said_clearly():
    with pytest.raises(UnreachableError, match=r"no emulator at http://127\.0\.0\.1:9/_emulator"):
        Client("http://127.0.0.1:9").health()


def test_an_address_that_is_none_is_said_clearly():
    with pytest.raises(ValueError, match="no http"):
        Client("127.0.0.1:7670")


def test_money_may_be_given_as_decimal(client):
    world = client.open_account("skycore", balance=Decimal("12.50"))
    world.configure(balance=world.balance - Decimal("0.05"))
    assert world.balance == Decimal("12.45")
    world.close()


def test_an_error_that_does_not_says_its_field():
    assert str(EmulatorError(400, "missing_field", "is required", "to")) == "to: is required (missing_field)"


def test_an_error_names_the_field(client, skycore):
    with pytest.raises(EmulatorError, match=r"balance: .* \(") as caught:
        skycore.configure(balance="much")
    assert caught.value.field == "balance"


@pytest.mark.parametrize("timeout", [float("inf"), float("nan")])
def test_a_wait_without_end_is_refused(skycore, timeout):
    with pytest.raises(ValueError, match="would never end"):
        skycore.wait_for(timeout=timeout)


def test_messages_up_to_a_cursor_are_not_seen(server_url, client, skycore):
    send(skycore, "old")
    later = Client(server_url, since=client.messages(account=skycore.id)[0].id)
    send(skycore, "new")
    assert [one.text for one in later.messages(account=skycore.id)] == ["new"]
    assert later.wait_for(account=skycore.id).text == "new"
    with pytest.raises(NotReceivedError):
        later.wait(account=skycore.id, count=2, timeout=0)
    later.close()


def test_fifty_workers_with_accounts_of_their_own_never_see_each_other(server_url):
    def work(number):
        client = Client(server_url, shared=True)
        world = client.open_account("skycore", balance=str(number))
        for turn in range(3):
            send(world, f"worker {number} code {1000 + turn}")
            assert world.wait_for_code(f"1{turn:03}") == f"1{turn:03}"
        if number % 2:
            world.fail_next("no_credit")
            send(world)
        with pytest.raises(NotReceivedError) as caught:
            world.wait_for(text="nothing like it", timeout=0)
        seen = [message.text for message in world.messages()] + [one.text for one, _ in caught.value.near_misses]
        spent = Decimal(number) - world.balance
        refused = [one for one in world.exchanges() if one.refusal]
        world.close()
        client.close()
        return number, seen, spent, len(refused)

    with ThreadPoolExecutor(50) as pool:
        results = list(pool.map(work, range(1, 51)))
    for number, seen, spent, refused in results:
        assert len(seen) == 6
        assert all(text.startswith(f"worker {number} ") for text in seen)
        assert spent == Decimal("0.0225")
        assert refused == number % 2


def test_a_hundred_waiting_clients_starve_nobody(server_url, skycore):
    client = Client(server_url)

    def wait(number):
        return client.wait_for(to=f"+1000000{number:04}", account=skycore.id, timeout=30).text

    with ThreadPoolExecutor(100) as pool:
        waiting = [pool.submit(wait, number) for number in range(1000, 1100)]
        time.sleep(0.5)
        slowest = 0.0
        for number in range(1000, 1100):
            begun = time.monotonic()
            assert send(skycore, f"for {number}", to=f"+1000000{number:04}")["status"] == "Success"
            slowest = max(slowest, time.monotonic() - begun)
        assert [one.result(timeout=30) for one in waiting] == [f"for {number}" for number in range(1000, 1100)]
    client.close()
    assert slowest < 5, "the API was starved"


@pytest.fixture(scope="module")
def own():
    """A server that nobody else uses."""
    with Emulator(seed=7, delivery="manual") as emulator:
        yield emulator


def test_a_server_of_ones_own_is_ready_in_the_block_and_gone_after_it():
    with Emulator() as emulator:
        assert emulator.health()["status"] == "ready"
        url = emulator.url
    with pytest.raises(UnreachableError):
        Client(url).health()


@pytest.mark.parametrize(
    "used",
    [
        lambda emulator: emulator.messages(),
        lambda emulator: emulator.open_account("skycore"),
        lambda emulator: emulator.url,
        lambda emulator: emulator.shared,
    ],
)
def test_a_server_of_ones_own_that_is_not_started_says_how(used):
    with pytest.raises(RuntimeError, match=r"with Emulator\(\) as emulator"):
        used(Emulator())


def test_a_misspelt_attribute_of_a_server_is_an_ordinary_error(own):
    for emulator in (own, Emulator()):
        with pytest.raises(AttributeError, match="an emulator has no 'mesages'"):
            emulator.mesages()


GONE = {
    "messages": lambda world: world.messages(),
    "wait": lambda world: world.wait(timeout=0),
    "wait_for": lambda world: world.wait_for(timeout=0),
    "wait_for_code": lambda world: world.wait_for_code(timeout=0),
    "wait_for_none": lambda world: world.wait_for_none(timeout=0),
    "exchanges": lambda world: world.exchanges(),
    "webhooks": lambda world: world.webhooks,
    "receipts": lambda world: world.receipts,
    "wait_for_receipts": lambda world: world.wait_for_receipts(timeout=0),
}


@pytest.mark.parametrize("ask", GONE.values(), ids=GONE)
def test_of_an_account_that_is_gone_nothing_is_answered_but_that(own, ask):
    world = own.open_account("skycore")
    own.reset()
    with pytest.raises(AccountGoneError, match=f"the account {world.id} is gone"):
        ask(world)


def test_an_account_that_is_there_may_have_nothing(skycore):
    assert (skycore.messages(), skycore.exchanges(), skycore.webhooks, skycore.receipts) == ([], [], [], [])
    skycore.wait_for_none(timeout=0)


def test_a_setting_that_makes_no_sense_is_said():
    with pytest.raises(RuntimeError, match="EMULATOR_DELIVERY"), Emulator(delivery="soon"):
        pass


def test_settings_of_the_environment_are_not_its_own(monkeypatch):
    monkeypatch.setenv("EMULATOR_THREADS", "nonsense")
    with Emulator() as emulator:
        assert emulator.health()["status"] == "ready"


def test_time_is_held_moved_and_released(own):
    own.freeze(datetime(2030, 1, 1, tzinfo=UTC))
    own.advance(60)
    assert own.clock() == {"now": "2030-01-01T00:01:00Z", "frozen": True}
    assert own.advance_to_next() == []
    own.release()
    assert not own.clock()["frozen"]
    own.reset()


def test_a_status_is_forced(own):
    world = own.open_account("skycore")
    send(world)
    message = own.set_status(world.messages()[0].id, "undelivered", "12")
    assert (message.status, message.error) == ("undelivered", "12")
    own.reset()


def test_a_snapshot_goes_out_and_in(own):
    world = own.open_account("skycore")
    send(world)
    kept = own.snapshot()
    own.reset()
    assert own.messages() == []
    own.restore(kept)
    assert [message.text for message in own.messages()] == ["Hello"]
    own.reset()


def test_messages_are_forgotten(own):
    world = own.open_account("skycore")
    send(world, to="+10000000001")
    send(world, to="+10000000002")
    assert own.forget(to="+10000000001") == 1
    assert own.forget() == 1
    own.reset()


def test_it_ends_with_whoever_started_it():
    code = "import os; from emulator.client import Emulator; e = Emulator().__enter__(); print(e.url, flush=True); os._exit(9)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    end = time.monotonic() + 10
    while time.monotonic() < end:
        try:
            Client(said.stdout.strip()).health()
        except UnreachableError:
            return
        time.sleep(0.05)
    pytest.fail("it is still there")


def test_a_wait_for_a_code_in_vain_tells_the_messages_without_one(skycore):
    send(skycore, "Hello")
    with pytest.raises(NotReceivedError) as missed:
        skycore.wait_for_code(timeout=0.2)
    said = str(missed.value)
    assert said.startswith("no code came within 0.2 s: ")
    assert "'Hello'  (no code in its text)" in said
    assert "after:" not in said


def test_what_came_before_the_test_is_no_near_miss(client, skycore):
    send(skycore, "older")
    later = Client(client.url, since=skycore.messages()[0].id)
    with pytest.raises(NotReceivedError) as missed:
        later.wait_for(account=skycore.id, timeout=0)
    assert missed.value.near_misses == ()


def test_nothing_was_refused_is_never_said_when_something_was(skycore):
    with pytest.raises(NotReceivedError, match="nothing was refused there: was the right URL called, with its credentials"):
        skycore.wait_for(timeout=0)
    request = Request(f"{skycore.url}/ep/v2/", b'{"action": "sendsms"}', {"x-api-key": "nobodys"})
    with contextlib.suppress(HTTPError), urlopen(request, timeout=30):
        pass
    with pytest.raises(NotReceivedError, match="refused: E"):
        skycore.wait_for(timeout=0)
