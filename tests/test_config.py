"""Settings from environment and command line."""

from datetime import timedelta

import pytest

from emulator.config import HELP, SettingError, Settings, unknown_variables


def test_defaults():
    assert Settings.read({}) == Settings()


def test_the_environment_sets_and_the_command_line_overrules():
    settings = Settings.read({"EMULATOR_PORT": "1", "EMULATOR_SEED": "5"}, {"port": "2", "host": None})
    assert (settings.port, settings.seed, settings.host) == (2, 5, "127.0.0.1")


@pytest.mark.parametrize(
    ("text", "delivery"),
    [
        ("2s", timedelta(seconds=2)),
        ("500ms", timedelta(milliseconds=500)),
        ("1.5m", timedelta(seconds=90)),
        ("0", timedelta(0)),
        ("immediate", timedelta(0)),
        ("manual", None),
    ],
)
def test_delivery(text, delivery):
    assert Settings.read({"EMULATOR_DELIVERY": text}).delivery == delivery


@pytest.mark.parametrize(("text", "octets"), [("4096", 4096), ("4KiB", 4096), ("2 MiB", 2 * 1024**2), ("1mb", 1_000_000)])
def test_sizes(text, octets):
    assert Settings.read({"EMULATOR_MAX_BODY": text}).max_body == octets


def test_host_names_are_a_list():
    assert Settings.read({"EMULATOR_ALLOWED_HOSTS": "SMS.example, b.example,"}).allowed_hosts == ("sms.example", "b.example")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("port", "70000"),
        ("port", "x"),
        ("seed", "x"),
        ("delivery", "soon"),
        ("max_messages", "0"),
        ("max_body", "10"),
        ("threads", "8"),
        ("store", "redis://localhost"),
        ("fixtures", "no/such/folder"),
        ("quiet", "perhaps"),
    ],
)
def test_a_value_that_cannot_be_used_names_the_setting(name, text):
    with pytest.raises(SettingError, match=f"EMULATOR_{name.upper()} is '{text}'"):
        Settings.read({f"EMULATOR_{name.upper()}": text})


def test_misspelt_variables_are_found():
    assert unknown_variables({"EMULATOR_DELIVRY": "1", "EMULATOR_PORT": "1", "PATH": ""}) == ["EMULATOR_DELIVRY"]


def test_every_setting_has_a_help_text():
    assert set(HELP) == set(Settings.__slots__) - {"callback_urls"}  # one variable per provider, no flag
