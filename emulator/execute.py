"""``sms-emulator exec -- CMD``: a server for as long as one command runs."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from emulator.launch import LaunchError, launched

OURS, CANNOT_RUN, NOT_FOUND = 125, 126, 127  # as env, nohup and timeout answer
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
    """SMS_EMULATOR_URL, and for each provider <PROVIDER>_URL, its base URL."""
    rooms = (Path(__file__).parent / "providers").glob("*/__init__.py")
    return {"SMS_EMULATOR_URL": url} | {f"{room.parent.name.upper()}_URL": f"{url}/{room.parent.name}" for room in rooms}


def _run(command: list[str], environment: Mapping[str, str]) -> int:
    """A Ctrl-C reaches the command by itself, from the terminal; other signals to stop are passed on."""
    try:
        process = subprocess.Popen(command, env=environment)  # noqa: S603  # what the user wants to run
    except FileNotFoundError:
        print(f"sms-emulator: there is no command {command[0]!r}", file=sys.stderr)
        return NOT_FOUND
    except OSError as error:
        print(f"sms-emulator: cannot run {command[0]!r}: {error.strerror}", file=sys.stderr)
        return CANNOT_RUN
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, *_PASSED_ON)}
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        for number in _PASSED_ON:
            signal.signal(number, lambda got, _: process.send_signal(got))
        ended = process.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return ended if ended >= 0 else 128 - ended
