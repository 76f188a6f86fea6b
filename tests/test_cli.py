"""The commands as a user types them."""

import subprocess
import sys

import pytest

from emulator.cli import main
from emulator.client.receiver import taking


def test_routes_prints_a_line_per_endpoint_with_function_file_and_example(capsys):
    assert main(["routes"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["METHOD", "URL", "FUNCTION", "FILE", "EXAMPLE"]
    [line] = [line for line in lines if line.split()[1:3] == ["/skycore/ep/v2/", "sendsms"]]
    assert "emulator/providers/skycore/routes.py:" in line
    assert line.endswith("fixtures/skycore/examples/sendsms/01-first-example.yaml")


@pytest.mark.parametrize(
    "operation", ["auth", "sendmsg", "querymsg", "startbatch", "send", "sendmessage", "subscribe", "unsubscribe"]
)
def test_routes_lists_every_operation(capsys, operation):
    main(["routes"])
    assert [line for line in capsys.readouterr().out.splitlines() if line.split()[2] == operation]


def test_examples_run_on_a_server_of_their_own(capsys):
    assert main(["examples", "--provider", "skycore"]) == 0
    output = capsys.readouterr().out
    assert "as documented" in output
    assert "skipped" not in output


def test_examples_run_against_a_given_server(server_url, capsys):
    assert main(["examples", "--provider", "go4clients", "--base-url", server_url]) == 0
    assert "DIFFERS" not in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [
        ["examples", "--provider", "nosuch"],
        ["examples", "--base-url", "nonsense"],
        ["examples", "--base-url", "http://127.0.0.1:9"],
        ["examples", "--base-url", "http://127.0.0.1:99999"],
        ["examples", "--base-url", "http://[::1"],
        ["serve", "--port", "x"],
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(capsys, arguments):
    assert main(arguments) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_examples_are_not_sent_to_a_server_that_is_no_emulator(capsys):
    with taking() as url:
        assert main(["examples", "--base-url", url]) == 2
    assert "there is no emulator at" in capsys.readouterr().err


def test_the_version_is_told():
    command = [sys.executable, "-m", "emulator", "--version"]
    shown = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert shown == "sms-emulator 0.1.0\n"
