"""exec, messages, wait and reset, as a shell script uses them."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from dataclasses import replace
from pathlib import Path

import pytest

from emulator.cli import main
from emulator.client import Client
from emulator.execute import _run
from emulator.launch import running
from emulator.remote import _line
from emulator.server import STOP_SECONDS

COMMAND = [sys.executable, "-m", "emulator"]
ASK = "import os, sys, urllib.request; urllib.request.urlopen(os.environ['SMS_EMULATOR_URL'] + '/_emulator/health'); "


@pytest.fixture
def world(server_url, monkeypatch):
    """A fresh account of Clickatell on the shared server; commands ask that server."""
    monkeypatch.setenv("SMS_EMULATOR_URL", server_url)
    client = Client(server_url)
    world = client.open_account("clickatell")
    yield world
    world.close()
    client.close()


def send(world, text, to="2799900001"):
    query = urllib.parse.urlencode({**world.credentials, "to": to, "text": text})
    return urllib.request.urlopen(f"{world.url}/http/sendmsg?{query}", timeout=30).read().decode()


def asked(capsys, *words):
    code = main(list(words))
    output = capsys.readouterr()
    return code, output.out, output.err


def test_messages_prints_a_line_for_each(world, capsys):
    world.reply("one\ntwo\x1b[31m", from_="+2799900001", to="+27000000000")
    code, output, _ = asked(capsys, "messages", f"account:{world.id}")
    assert code == 0
    assert output.endswith("clickatell received    +2799900001 -> +27000000000  one⏎two\ufffd[31m\n")
    assert asked(capsys, "messages", f"account:{world.id}", "--text")[1] == "one\ntwo\x1b[31m\n"


def test_a_sender_is_printed_as_safely_as_a_text(world):
    message = replace(world.reply("hi", from_="+2799900001", to="+27000000000"), sender="A\nB\x1b[31m")
    assert "  A⏎B\ufffd[31m -> " in _line(message)


def test_words_of_a_search_may_be_arguments_of_their_own(world, capsys):
    send(world, "Hello there")
    assert asked(capsys, "messages", f"account:{world.id}", '"Hello there"', "to:2799900001")[1] != ""
    assert asked(capsys, "messages", f"account:{world.id}", "bye") == (0, "", "")


def test_wait_prints_just_the_code(world, capsys):
    send(world, "Your code is 123-456")
    assert asked(capsys, "wait", "--code", f"account:{world.id}") == (0, "123456\n", "")


def test_wait_in_vain_is_1_and_tells_why(world, capsys):
    send(world, "Hello")
    code, output, errors = asked(capsys, "wait", "--timeout", "0.1", f"account:{world.id}", "to:2799900002")
    assert (code, output) == (1, "")
    assert "near miss: clickatell sent" in errors


def test_wait_for_none(world, capsys):
    assert asked(capsys, "wait", "--none", "--timeout", "0.1", f"account:{world.id}") == (0, "", "")
    send(world, "oops")
    code, _, errors = asked(capsys, "wait", "--none", "--timeout", "0.1", f"account:{world.id}")
    assert (code, "oops" in errors) == (1, True)


def test_wait_for_several_after_a_cursor(world, capsys):
    send(world, "old")
    cursor = world.messages()[0].id
    for text in ("one", "two"):
        send(world, text)
    code, output, _ = asked(capsys, "wait", "--count", "2", "--after", cursor, "--text", f"account:{world.id}")
    assert (code, output) == (0, "two\none\n")
    assert asked(capsys, "wait", "--count", "3", "--after", cursor, "--timeout", "0", f"account:{world.id}")[0] == 1


def test_reset_of_one_account(world, capsys):
    send(world, "x")
    assert asked(capsys, "reset", "--account", world.id) == (0, "", "")
    assert world.messages() == []


@pytest.mark.parametrize(
    "words",
    [
        ["messages", "a:b"],
        ["messages", "--url", "http://127.0.0.1:9"],
        ["messages", "--url", "nonsense"],
        ["wait", "--count", "0"],
        ["wait", "--timeout", "-1"],
        ["wait", "--timeout", "inf"],
        ["reset", "--account", "nosuch"],
    ],
)
def test_what_cannot_be_asked_is_2_and_one_line(world, capsys, words):
    code, output, errors = asked(capsys, *words)
    assert (code, output, len(errors.splitlines())) == (2, "", 1)


def hearing(number, handler=signal.SIG_DFL):
    """For a process that is to hear this signal, even where a shell made the tests deaf to it (by an &)."""
    return lambda: signal.signal(number, handler)


def waiting_at(url, *words):
    """A command that waits; it has begun to when this returns."""
    process = subprocess.Popen(
        [sys.executable, "-m", "emulator", "wait", "--timeout", "30", "--url", url, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=hearing(signal.SIGINT),  # noqa: PLW1509
    )
    time.sleep(2)
    assert process.poll() is None
    return process


@pytest.mark.parametrize("words", [[], ["--code"], ["--none"]])
def test_a_server_that_goes_away_while_one_waits_is_2_and_one_line(words):
    with running() as url:
        waiting = waiting_at(url, *words)
    output, errors = waiting.communicate(timeout=30)
    assert (waiting.returncode, output, len(errors.splitlines())) == (2, "", 1)


def test_a_wait_that_is_interrupted_is_130_and_says_nothing(server_url):
    waiting = waiting_at(server_url, "to:nobody")
    waiting.send_signal(signal.SIGINT)
    assert waiting.communicate(timeout=30) == ("", "")
    assert waiting.returncode == 130


def test_a_reader_that_has_seen_enough_is_no_error(world):
    send(world, "Hello")
    asking = subprocess.Popen(
        [*COMMAND, "messages", "--limit", "1000"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    asking.stdout.close()
    assert (asking.stderr.read(), asking.wait(timeout=30)) == ("", 141)
    asking.stderr.close()


def execute(*words, **more):
    return subprocess.run([*COMMAND, "exec", *words], capture_output=True, text=True, timeout=60, check=False, **more)


def test_exec_gives_the_command_a_ready_server_and_its_addresses():
    script = ASK + "print(*sorted(f'{name}={value}' for name, value in os.environ.items() if name.endswith('_URL')), sep='\\n')"
    done = execute("--", sys.executable, "-c", script)
    addresses = dict(line.split("=") for line in done.stdout.splitlines())
    base = addresses["SMS_EMULATOR_URL"]
    assert addresses["CLICKATELL_URL"] == f"{base}/clickatell"
    assert {"GO4CLIENTS_URL", "SKYCORE_URL"} <= addresses.keys()
    assert (done.returncode, done.stderr) == (0, "")
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(base, timeout=5)


def test_exec_takes_the_settings_of_serve_and_of_the_environment():
    script = ASK + "print(urllib.request.urlopen(os.environ['SMS_EMULATOR_URL'] + '/_emulator/snapshot').read().decode())"
    environment = {**os.environ, "EMULATOR_MAX_BODY": "1KiB"}
    big = script.replace("/_emulator/snapshot'", "/_emulator/clock', b'x' * 2000")
    assert "HTTP Error 413" in execute("--", sys.executable, "-c", big, env=environment).stderr
    assert "HTTP Error 413" in execute("--max-body", "1KiB", "--", sys.executable, "-c", big).stderr


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["sh", "-c", "exit 7"], 7),
        (["sh", "-c", "kill -9 $$"], 137),
        (["nosuch-command"], 127),
        (["/"], 126),
    ],
    ids=["its own", "a signal", "not there", "no program"],
)
def test_exec_answers_the_exit_code_of_the_command(words, code):
    assert execute("--", *words).returncode == code


def test_exec_without_a_command_or_with_a_setting_that_makes_no_sense_starts_nothing():
    assert execute().returncode == 2
    done = execute("--delivery", "soon", "--", "echo", "started")
    assert (done.returncode, done.stdout) == (2, "")


def test_exec_says_why_the_server_does_not_start(tmp_path):
    (tmp_path / "skycore").mkdir()
    (tmp_path / "skycore" / "codes.yaml").write_text("E100: [not, a, row")
    done = execute("--fixtures", str(tmp_path), "--", "echo", "started")
    assert (done.returncode, done.stdout) == (125, "")
    assert "codes.yaml" in done.stderr


def test_exec_passes_a_signal_on_and_leaves_nothing_behind(tmp_path):
    script = f"echo $SMS_EMULATOR_URL > {tmp_path}/url; trap 'exit 3' TERM; touch {tmp_path}/up; while :; do sleep 0.05; done"
    process = subprocess.Popen([*COMMAND, "exec", "--", "sh", "-c", script])
    end = time.monotonic() + 30
    while not (tmp_path / "up").exists() and time.monotonic() < end:
        time.sleep(0.02)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=20) == 3
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(Path(tmp_path / "url").read_text().strip(), timeout=5)


def test_a_signal_that_comes_while_the_command_is_being_started_reaches_it(monkeypatch):
    ordinary = subprocess.Popen

    def struck(command, **options):
        if command[0] == sys.executable:
            os.kill(os.getpid(), signal.SIGTERM)
        return ordinary(command, **options)

    monkeypatch.setattr(subprocess, "Popen", struck)
    assert _run([sys.executable, "-c", "import time; time.sleep(20)"], os.environ) == 128 + signal.SIGTERM


def interruptible(tmp_path, disposition):
    """A started ``exec`` in a group of its own; its command ends with 10 and the number of interrupts it got."""
    script = (
        "import os, pathlib, signal, time; got = []; signal.signal(signal.SIGINT, lambda *_: got.append(1)); "
        f"pathlib.Path({str(tmp_path / 'up')!r}).touch(); [got or time.sleep(0.1) for _ in range(150)]; "
        "time.sleep(0.5); os._exit(10 + len(got))"
    )
    command = [*COMMAND, "exec", "--", sys.executable, "-c", script]
    process = subprocess.Popen(command, start_new_session=True, preexec_fn=hearing(signal.SIGINT, disposition))  # noqa: PLW1509
    end = time.monotonic() + 30
    while not (tmp_path / "up").exists() and time.monotonic() < end:
        time.sleep(0.02)
    return process


@pytest.mark.parametrize("kill", [os.kill, os.killpg], ids=["to it alone", "to its group"])
def test_an_interrupt_reaches_the_command_once(tmp_path, kill):
    process = interruptible(tmp_path, signal.SIG_DFL)
    kill(process.pid, signal.SIGINT)
    assert process.wait(timeout=20) == 11


def test_an_interrupt_of_a_group_reaches_the_command_once_in_the_background_too(tmp_path):
    process = interruptible(tmp_path, signal.SIG_IGN)  # as a script's & starts it
    os.killpg(process.pid, signal.SIGINT)
    assert process.wait(timeout=20) == 11


def test_exec_says_that_the_server_is_the_commands_own():
    done = execute("--", "sh", "-c", "test $SMS_EMULATOR_OWNED = $SMS_EMULATOR_URL")
    assert done.returncode == 0


def test_a_session_leaves_its_report_and_its_state(tmp_path):
    report, state = tmp_path / "report.html", tmp_path / "state.json"
    url = "/clickatell/http/sendmsg?user=MyUserName&password=MyPassword&api_id=123456&to=2799900001&text=Kept"
    script = f"import os, urllib.request; urllib.request.urlopen(os.environ['SMS_EMULATOR_URL'] + '{url}')"
    words = ["--report", str(report), "--snapshot", str(state), "--"]
    assert execute(*words, sys.executable, "-c", script).returncode == 0
    assert "Kept" in report.read_text()
    assert json.loads(state.read_text())["entities"]["core.message.Message"][0]["text"] == "Kept"
    done = execute(*words, *COMMAND, "messages")
    assert done.stdout.endswith("  Kept\n")


def test_a_state_is_written_even_while_clients_are_held(tmp_path):
    state = tmp_path / "state.json"
    script = (
        "import os, socket, subprocess, sys, time, urllib.parse; "
        "address = urllib.parse.urlsplit(os.environ['SMS_EMULATOR_URL']); "
        f"subprocess.Popen([*{COMMAND!r}, 'wait', '--timeout', '60'], stderr=subprocess.DEVNULL); "
        "half = socket.create_connection((address.hostname, address.port)); "
        "half.sendall(b'POST /skycore/ HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 100\\r\\n\\r\\nhalf'); "
        "subprocess.Popen(['sleep', '20'], pass_fds=[half.fileno()], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL); "
        "time.sleep(0.7)"
    )
    begun = time.monotonic()
    assert execute("--snapshot", str(state), "--", sys.executable, "-c", script).returncode == 0
    assert json.loads(state.read_text())["format"] == 1
    assert time.monotonic() - begun < 15 + STOP_SECONDS


def test_a_state_that_cannot_be_loaded_stops_the_start(tmp_path):
    (tmp_path / "state.json").write_text("{")
    done = execute("--snapshot", str(tmp_path / "state.json"), "--", "echo", "started")
    assert (done.returncode, done.stdout) == (125, "")
    assert "state.json cannot be loaded: it is not JSON" in done.stderr
