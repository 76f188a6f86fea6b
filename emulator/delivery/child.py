"""The sending process: reads requests from stdin, a line each, and writes answers to stdout.

HTTP in a process of its own keeps the API quick: in one process a socket call gives the interpreter away and waits its
turn to get it back (measured: a few hundred receipts a second under load in threads, thousands from here).
"""

import json
import os
import signal
import subprocess
import sys
import threading
from base64 import b64decode, b64encode
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict

from emulator.delivery.transport import Answered, Request, ThreadTransport


class ProcessTransport:
    """Sends through a child process, which starts with ``start`` or the first call and ends with our end of its stdin."""

    def __init__(self, *, private_only: bool = True) -> None:
        self._private_only = private_only
        self._lock = threading.Lock()
        self._waiting: dict[str, Callable[[Answered], None]] = {}
        self._process: subprocess.Popen[str] | None = None

    def send(self, request: Request, done: Callable[[Answered], None]) -> None:
        line = json.dumps(
            {
                "key": request.key,
                "method": request.method,
                "url": request.url,
                "headers": dict(request.headers),
                "body": b64encode(request.body).decode(),
                "timeout": request.timeout,
            }
        )
        with self._lock:
            process = self._running()
            assert process.stdin is not None  # noqa: S101  # a pipe, see _running
            process.stdin.write(f"{line}\n")
            process.stdin.flush()
            self._waiting[request.key] = done

    def start(self) -> None:
        """Start the process now: a signal to stop that arrives while it starts would be lost on the server around us."""
        with self._lock:
            self._running()

    def close(self) -> None:
        with self._lock:
            if self._process is not None and self._process.stdin is not None:
                self._process.stdin.close()
            self._process = None

    def _running(self) -> "subprocess.Popen[str]":
        if self._process is None or self._process.poll() is not None:
            mode = "private" if self._private_only else "any"
            self._process = subprocess.Popen(  # noqa: S603  # our own module
                [sys.executable, "-m", "emulator.delivery.child", mode],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            self._waiting = {}  # those of an earlier process are told by its own thread
            arguments = (self._process, self._waiting)
            threading.Thread(target=self._read, args=arguments, name="webhooks", daemon=True).start()
        return self._process

    def _read(self, process: "subprocess.Popen[str]", waiting: dict[str, Callable[[Answered], None]]) -> None:
        assert process.stdout is not None  # noqa: S101  # a pipe, see _running
        assert process.stdin is not None  # noqa: S101
        with process.stdout:
            for line in process.stdout:
                answered = Answered(**json.loads(line))
                with self._lock:
                    done = waiting.pop(answered.key, None)
                if done is not None:
                    done(answered)
        process.wait()
        with self._lock:  # it has ended: whoever still waits gets no answer
            with suppress(OSError):
                process.stdin.close()
            lost = dict(waiting)
            waiting.clear()
        for key, done in lost.items():
            done(Answered(key, None, "the sending process has ended"))


def main(mode: str) -> None:
    transport = ThreadTransport(private_only=mode != "any")
    writing = threading.Lock()

    def answer(answered: Answered) -> None:
        line = json.dumps(asdict(answered))
        with writing:
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()

    for line in sys.stdin:
        fields = json.loads(line)
        transport.send(Request(**{**fields, "body": b64decode(fields["body"])}), answer)
    transport.close()


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches every process of the terminal; ours end with stdin
    main(sys.argv[1])
    os._exit(0)  # what is still under way is nobody's any more
