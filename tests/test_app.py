"""The composition root."""

import json
import subprocess
import sys

import pytest

import emulator.providers
from emulator.app import StartError, create_app
from emulator.config import Settings
from emulator.core.clock import ManualClock


def test_two_emulators_live_in_one_process_and_share_nothing():
    first, second = (create_app(clock=ManualClock()).test_client() for _ in range(2))
    first.get("/clickatell/http/sendmsg?user=MyUserName&password=MyPassword&api_id=123456&to=2799900001&text=x")
    assert first.get("/_emulator/messages").get_json()["total"] == 1
    assert second.get("/_emulator/messages").get_json()["total"] == 0


def conversation(seed: int, *, polls: int = 0) -> str:
    client = create_app(Settings(seed=seed), clock=ManualClock()).test_client()
    credentials = "user=MyUserName&password=MyPassword&api_id=123456"
    answers = []
    for path in (
        f"http/auth?{credentials}",
        f"http/sendmsg?{credentials}&to=2799900001&text=x",
        f"http/getbalance?{credentials}",
    ):
        answers.append(client.get(f"/clickatell/{path}").get_data(as_text=True))
        for _ in range(polls):
            client.get("/_emulator/messages")
            client.post("/skycore/", headers={"x-api-key": "x" * 31}, json={})
    account = client.post("/_emulator/accounts", json={"provider": "clickatell"}).get_json()
    return json.dumps([*answers, account])


def test_the_same_seed_and_the_same_calls_give_the_same_bytes():
    assert conversation(7) == conversation(7)


def test_calls_on_other_accounts_shift_nothing():
    assert conversation(7) == conversation(7, polls=3)


def test_another_seed_gives_other_ids():
    assert conversation(7) != conversation(8)


def test_a_provider_that_fails_to_import_stops_the_start_with_its_name(tmp_path, monkeypatch):
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "__init__.py").write_text("raise RuntimeError('no good')\n")
    monkeypatch.setattr(emulator.providers, "__path__", [*emulator.providers.__path__, str(tmp_path)])
    with pytest.raises(StartError, match="'broken' cannot be loaded: RuntimeError"):
        create_app()


def test_debug_is_off_and_no_session_is_opened(app, client):
    assert not app.debug
    assert app.secret_key is None
    assert "Set-Cookie" not in client.get("/").headers


@pytest.mark.parametrize("large", ["faker", "phonenumbers.geodata.locale"])
def test_a_start_loads_nothing_that_costs_a_tenth_of_a_second_and_is_hardly_ever_asked_for(large):
    code = "import sys; from emulator.app import create_app; create_app(); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert large not in loaded
