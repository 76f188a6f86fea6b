"""The whole contract of a provider's package: it exposes one ``Provider`` by the name ``provider``."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint
from werkzeug.wrappers import Response

from emulator.core.accounts import Account
from emulator.core.campaigns import Writer
from emulator.core.message import Message, Status
from emulator.core.smsc import Smsc
from emulator.core.store import Store
from emulator.core.webhooks import Callbacks
from emulator.edge.errors import ErrorTable, Fail
from emulator.edge.faults import plain_status
from emulator.fixtures import Code, Sheet


@dataclass(frozen=True)
class Api:
    """One dialect of a provider: everything below ``prefix`` answers, and fails, through it.

    ``prefix`` follows the provider's own (``""`` for all of it). ``errors`` says which code an error is, ``render_error``
    writes it with its row of ``codes.yaml``. ``actions`` names the operations that share one URL. ``render_status`` writes the
    bare HTTP status of a front end that misbehaves. ``finish`` is the last touch on every other answer, errors included.
    """

    prefix: str
    blueprint: Blueprint
    errors: ErrorTable
    render_error: Callable[[Fail, Code], Response]
    actions: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    render_status: Callable[[int], Response] = plain_status
    finish: Callable[[Response], Response] | None = None


@dataclass(frozen=True)
class Provider:
    """``name`` is the package's and the fixtures folder's; the URL prefix and the accounts' namespace follow from it.

    ``message_id`` writes an id (32 hex digits) as the provider writes its own. ``callbacks`` makes, for a store and the
    provider's sheet, what says what it posts to the application. ``canonical_path`` folds the spellings of a path that the
    provider takes for one. ``secrets`` are the header, field and parameter names that carry credentials, ``recipients`` those
    that say whom a request wants to reach, ``texts`` those that say what. ``writer`` and ``on_reply`` make, for the sheet, what
    writes campaigns, and what acts by itself when a handset has texted an account.
    ``status_words`` is what the provider itself calls a status that was reached with an error, or without; for people only.
    """

    name: str
    apis: tuple[Api, ...]
    message_id: Callable[[str], str]
    callbacks: Callable[[Store, Sheet], Callbacks]
    secrets: frozenset[str]
    recipients: frozenset[str] = frozenset({"to"})
    texts: frozenset[str] = frozenset({"text"})
    canonical_path: Callable[[str], str] = lambda path: path
    writer: Callable[[Sheet], Writer] | None = None
    on_reply: Callable[[Sheet], Callable[[Smsc, Account, Message], None]] = lambda _: lambda *_: None
    status_words: Callable[[Sheet, Status, str | None], str] = lambda *_: ""

    @property
    def prefix(self) -> str:
        return f"/{self.name}"
