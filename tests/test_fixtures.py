"""Reading fixtures, and laying a user's folder over them."""

import pytest

from emulator.app import create_app
from emulator.config import Settings
from emulator.fixtures import FixtureError, load_sheet


def test_a_users_codes_replace_the_built_in_ones(tmp_path):
    (tmp_path / "go4clients").mkdir()
    (tmp_path / "go4clients" / "codes.yaml").write_text('"100": {text: Bad key}\n')
    client = create_app(Settings(fixtures=tmp_path)).test_client()
    answer = client.post("/go4clients/TelintelSms/api/sms/send", json={})
    assert answer.get_json() == {"code": "100", "description": "Bad key", "success": False}


def test_a_users_demo_account_is_added(tmp_path):
    (tmp_path / "skycore").mkdir()
    (tmp_path / "skycore" / "provider.yaml").write_text("accounts: {mine: {credentials: {api_key: my-key}, balance: '5'}}\n")
    client = create_app(Settings(fixtures=tmp_path)).test_client()
    accounts = {account["id"]: account for account in client.get("/_emulator/accounts").get_json()["accounts"]}
    assert accounts["skycore-mine"]["credentials"] == {"api_key": "my-key"}
    assert "skycore-demo" in accounts


def test_a_users_examples_are_added(tmp_path):
    folder = tmp_path / "skycore" / "examples" / "sendsms"
    folder.mkdir(parents=True)
    (folder / "99-mine.yaml").write_text("title: Mine\n")
    paths = [example.path for example in load_sheet("skycore", tmp_path).examples]
    assert "sendsms/99-mine.yaml" in paths
    assert "sendsms/01-first-example.yaml" in paths


@pytest.mark.parametrize("text", ["- a list\n", "a: [", "!!python/object:os.system {}"])
def test_a_file_that_cannot_be_read_is_named(tmp_path, text):
    (tmp_path / "skycore").mkdir()
    (tmp_path / "skycore" / "codes.yaml").write_text(text)
    with pytest.raises(FixtureError, match=r"skycore.codes\.yaml"):
        load_sheet("skycore", tmp_path)


def test_a_provider_without_a_folder_is_named():
    with pytest.raises(FixtureError, match="nosuch"):
        load_sheet("nosuch")
