"""What the dialects are compared with, on the same server with the same options: python yardsticks.py hello|trivial PORT.

``hello`` is the least a WSGI application can do, ``trivial`` the least a Flask view can that checks and keeps a JSON body.
"""

import itertools
import sys
import threading
from collections.abc import Callable, Iterable
from typing import Any

from granian.constants import Interfaces, Loops
from granian.log import LogLevels
from granian.server import Server

from emulator.config import Settings

KEPT = 100_000


def hello() -> Any:
    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:  # noqa: ARG001  # WSGI
        start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "5")])
        return [b"hello"]

    return application


def trivial() -> Any:
    from flask import Flask, request  # noqa: PLC0415  # for this yardstick only
    from marshmallow import Schema, fields, validate  # noqa: PLC0415

    class NoteIn(Schema):
        recipient = fields.String(required=True, validate=validate.Regexp(r"\+[0-9]{7,15}"))
        sender = fields.String(required=True, validate=validate.Length(1, 15))
        text = fields.String(required=True, validate=validate.Length(1, 1600))
        reference = fields.String(load_default=None)
        priority = fields.Integer(load_default=0, validate=validate.Range(0, 9))
        flash = fields.Boolean(load_default=False)
        tags = fields.List(fields.String(), load_default=list)
        validity = fields.Float(load_default=None, allow_none=True)

    app, note_in = Flask(__name__), NoteIn()
    notes: dict[int, dict[str, Any]] = {}
    lock, numbers = threading.Lock(), itertools.count(1)

    @app.get("/")
    def ready() -> str:
        return "ready"

    @app.post("/notes")
    def add() -> dict[str, Any]:
        note = note_in.load(request.get_json())
        with lock:
            number = next(numbers)
            notes[number] = note
            notes.pop(number - KEPT, None)
        return {"number": number, "recipient": note["recipient"], "status": "kept"}

    return app


def main(name: str, port: int) -> None:
    server = Server(
        name,
        address="127.0.0.1",
        port=port,
        interface=Interfaces.WSGI,
        loop=Loops.asyncio,
        workers=1,
        blocking_threads=Settings().threads,
        websockets=False,
        log_level=LogLevels.error,
    )
    server.serve(target_loader={"hello": hello, "trivial": trivial}[name], wrap_loader=False)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
