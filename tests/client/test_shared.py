"""A server that others use too: what a client may touch there, and what it notices of them."""

import pytest
from sends import send

from emulator.client import Client, Emulator, EmulatorError, ServerResetError, SharedServerError, UnwantedError

SHARED = {
    "a full reset": lambda client: client.reset(),
    "moving the clock": lambda client: client.advance(1),
    "the clock to the next step": lambda client: client.advance_to_next(),
    "freezing the clock": lambda client: client.freeze(),
    "releasing the clock": lambda client: client.release(),
    "forgetting all": lambda client: client.forget(),
    "a fault for all": lambda client: client.fail({"drop": True}),
    "a snapshot put in": lambda client: client.restore({}),
    "the clock by an account": lambda client: client.world("skycore-demo").advance(1),
}


@pytest.mark.parametrize("call", SHARED.values(), ids=SHARED)
def test_on_a_shared_server_what_would_concern_everybody_is_refused_with_the_remedy(server_url, call):
    client = Client(server_url, shared=True)
    with pytest.raises(SharedServerError, match="Run without SMS_EMULATOR_URL"):
        call(client)
    client.close()


def test_a_reset_by_somebody_else_is_survived():
    with Emulator() as emulator:
        world = emulator.open_account("skycore")
        send(world)
        later = Client(emulator.url, shared=True, since=world.messages()[0].id)
        emulator.reset()
        assert later.messages() == []
        emulator.open_account("skycore")
        send(emulator.open_account("skycore"), "new")
        assert [one.text for one in later.messages()] == ["new"]
        assert later.wait_for(text="new", timeout=1).text == "new"
        later.close()


def test_a_reset_by_somebody_else_hides_no_message_that_has_the_old_ones_id():
    with Emulator() as emulator:
        send(emulator.open_account("skycore"))
        listing, waiting, late = (emulator.from_now_on() for _ in range(3))
        emulator.reset()
        send(emulator.open_account("skycore"), "new")
        assert emulator.messages()[0].text == "new"
        assert [one.text for one in listing.messages()] == ["new"]
        assert waiting.wait_for(timeout=0).text == "new"
        late.health()  # the first call to notice is another one
        assert [one.text for one in late.messages()] == ["new"]
        with pytest.raises(UnwantedError):
            waiting.wait_for_none(timeout=0)
        for client in (listing, waiting, late):
            client.close()


def test_a_message_that_was_there_before_stays_unseen_where_the_search_makes_no_sense():
    with Emulator() as emulator:
        send(emulator.open_account("skycore"))
        later = emulator.from_now_on()
        with pytest.raises(EmulatorError):
            later.messages("status:delivred")
        with pytest.raises(EmulatorError):
            later.wait_for("status:delivred", timeout=0)
        assert later.messages() == []
        later.close()


@pytest.mark.parametrize(
    "call", [lambda world: world.messages(), lambda world: world.wait_for(timeout=0), lambda world: world.fail_next(503)]
)
def test_whose_account_somebody_else_has_reset_away_is_told(call):
    with Emulator() as emulator:
        client = Client(emulator.url, shared=True)
        world = client.open_account("skycore")
        emulator.reset()
        with pytest.raises(ServerResetError, match=f"{world.id} and all messages are gone"):
            call(world)
        assert client.open_account("skycore").messages() == []
        client.close()


def test_the_reset_of_another_account_hides_no_message_of_ones_own():
    with Emulator() as emulator:
        other = emulator.open_account("skycore")
        send(other)
        client = Client(emulator.url, shared=True, since=other.messages()[0].id)
        world = client.open_account("skycore")
        send(world, "mine")
        other.reset()
        send(other)
        assert world.wait_for(timeout=0).text == "mine"
        client.close()


def opened(client):
    return client.open_account("skycore").id


ANOTHERS = {
    "close": lambda client, account: client.close_account(account),
    "reset": lambda client, account: client.reset(account),
    "change": lambda client, account: client.change_account(account, balance="0"),
    "configure": lambda client, account: client.world(account).configure(balance="0"),
    "fail": lambda client, account: client.fail({"drop": True}, account=account),
    "forget": lambda client, account: client.forget(account=account),
    "forget by q": lambda client, account: client.forget(f"account:{account}"),
    "forget across": lambda client, _: client.forget(text="Hello"),
    "forget by words that look like an account": lambda client, _: client.forget(f'"x account:{opened(client)} y"'),
    "forget by a word that is an account": lambda client, _: client.forget(opened(client)),
    "forget all but one's own": lambda client, _: client.forget(f"-account:{opened(client)}"),
    "force a status": lambda client, account: client.set_status(client.messages(account=account)[0].id, "undelivered"),
    "text": lambda client, account: client.inbound("skycore", from_="+10000000001", to="00000", text="Hi", account=account),
    "reply": lambda client, account: client.world(account).reply("Hi"),
    "ask once more": lambda client, account: client.replay(client.exchanges(account=account)[0].id),
}


@pytest.mark.parametrize("call", ANOTHERS.values(), ids=ANOTHERS)
def test_on_a_shared_server_the_accounts_of_others_are_left_alone(server_url, skycore, call):
    send(skycore)
    client = Client(server_url, shared=True)
    with pytest.raises(SharedServerError, match="not yours"):
        call(client, skycore.id)
    client.close()


def test_on_a_shared_server_a_handset_texts_nobody_in_particular(server_url):
    client = Client(server_url, shared=True)
    with pytest.raises(SharedServerError, match="whichever account it reaches"):
        client.inbound("skycore", from_="+10000000001", to="00000", text="Hi")
    client.close()


def test_on_a_shared_server_the_faults_of_others_stay(server_url, skycore):
    client = Client(server_url, shared=True)
    with pytest.raises(SharedServerError, match="not yours"):
        client.remove_fault(skycore.fail_next(503))
    client.close()


def test_on_a_shared_server_ones_own_account_is_ones_own(server_url):
    client = Client(server_url, shared=True)
    world = client.open_account("skycore")
    send(world)
    client.set_status(world.messages()[0].id, "undelivered")
    client.replay(world.exchanges()[0].id)
    world.reply("Hi")
    client.remove_fault(world.fail_next(503))
    world.reset()
    world.configure(balance="5")
    send(world)
    assert client.forget(account=world.id) == 1
    send(world)
    assert client.forget(f"account:{world.id} Hello") == 1
    world.fail_next(503)
    world.reset()
    world.close()
    client.close()
