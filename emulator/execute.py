"""``sms-emulator exec -- CMD``: a server for as long as one command runs."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from emulator.launch import LaunchError, launched

OURS, CANNOT_RUN, NOT_FOUND = 125, 126, 127  # as env, nohup and timeout answer
_ALL_OF_A_GROUP = 0.05  # seconds in which a signal to a group has reached each of it
_PASSED_ON = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))


def execute(command: list[str], options: Mapping[str, str]) -> int:
    """Run ``command`` beside a server started with ``options`` and our environment; answers its exit code.

    125 where the server does not start, 126 and 127 where the command cannot be run or is not there, 128 + n where signal n
    has ended it.
    """
    try:
        with launched({"quiet": "1", **options}, environment=os.environ, stderr=sys.stderr) as url:
            return _run(command, {**os.environ, **addresses(url)})
    except LaunchError:
        print("sms-emulator: the emulator did not start", file=sys.stderr)
        return OURS


def addresses(url: str) -> dict[str, str]:
    """SMS_EMULATOR_URL, and for each provider <PROVIDER>_URL, its base URL.

    SMS_EMULATOR_OWNED is the same as the first: the server is nobody's but the command's.
    """
    rooms = (Path(__file__).parent / "providers").glob("*/__init__.py")
    return {"SMS_EMULATOR_URL": url, "SMS_EMULATOR_OWNED": url} | {
        f"{room.parent.name.upper()}_URL": f"{url}/{room.parent.name}" for room in rooms
    }


def _run(command: list[str], environment: Mapping[str, str]) -> int:
    """Signals to stop are passed on; not a Ctrl-C, which reaches the command by itself, from the terminal."""
    wire = _tripwire()
    process: subprocess.Popen[bytes] | None = None
    early: list[int] = []  # those that came before there was anybody to pass them on to

    def pass_on(got: int, _: object) -> None:
        if process is None:
            early.append(got)
        elif got != signal.SIGINT or not _was_for_all(wire):
            process.send_signal(got)

    before = {number: signal.getsignal(number) for number in (signal.SIGINT, *_PASSED_ON)}
    try:
        for number, handler in before.items():
            if handler is not signal.SIG_IGN:  # what nohup or a shell's & made deaf stays deaf, the command too
                signal.signal(number, pass_on)
        process = subprocess.Popen(command, env=environment)  # noqa: S603  # what the user wants to run
        for got in early:
            process.send_signal(got)
        ended = process.wait()
    except FileNotFoundError:
        print(f"sms-emulator: there is no command {command[0]!r}", file=sys.stderr)
        return NOT_FOUND
    except OSError as error:
        print(f"sms-emulator: cannot run {command[0]!r}: {error.strerror}", file=sys.stderr)
        return CANNOT_RUN
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        wire.kill()
        wire.communicate()
    return ended if ended >= 0 else 128 - ended


def _tripwire() -> subprocess.Popen[bytes]:
    """A process of our group that an interrupt ends: it tells one for the whole group from one for us alone."""
    return subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)  # noqa: S607  # wherever it is


def _was_for_all(wire: subprocess.Popen[bytes]) -> bool:
    """Whoever has been interrupted cannot say a word any more, however long a busy machine takes to end it."""
    time.sleep(_ALL_OF_A_GROUP)
    try:
        os.write(wire.stdin.fileno(), b".")  # type: ignore[union-attr]
        return not os.read(wire.stdout.fileno(), 1)  # type: ignore[union-attr]
    except BrokenPipeError:
        return True
