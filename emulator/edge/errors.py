"""From whatever leaves a view to an answer in the provider's dialect.

A view may raise the core's ``Refusal``, marshmallow's ``ValidationError``, Werkzeug's ``HTTPException`` or ``Fail``. Each
provider's ``errors`` room says in an ``ErrorTable`` which of its codes that is, and renders it; ``edge.rendering`` brings the
two together.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from marshmallow import ValidationError
from marshmallow.exceptions import SCHEMA
from werkzeug.exceptions import HTTPException

from emulator.core.errors import Reason, Refusal
from emulator.edge.context import sheet
from emulator.fixtures import Code

MISSING = "Missing data for required field."  # marshmallow's own words; a validator says them of an empty value


class Fail(Exception):
    """A refusal by the provider's own code."""

    def __init__(self, code: str, detail: str = "", *, field: str | None = None, setting: str | None = None) -> None:
        super().__init__(detail or code)
        self.code = code
        self.detail = detail
        self.field = field
        self.setting = setting


@dataclass(frozen=True)
class ErrorTable:
    """Which code of ``provider`` is answered for what.

    ``missing`` and ``invalid`` say it for the schema's fields (by their wire name), ``wordings`` for what the schema says of
    a field that ``invalid`` does not list, ``http`` for what no route took, by status; ``reasons`` for the rest. When several
    fields are wrong, ``precedence`` tells whose turn is later; unlisted ones come first.
    """

    provider: str
    reasons: Mapping[Reason, str]
    missing: Mapping[str, str] = field(default_factory=dict)
    invalid: Mapping[str, str] = field(default_factory=dict)
    wordings: Mapping[str, str] = field(default_factory=dict)
    http: Mapping[int, str] = field(default_factory=dict)
    messages: Mapping[Reason, str] = field(default_factory=dict)
    """For one message of several, where that is told otherwise than of a whole request."""
    precedence: tuple[str, ...] = ()

    def codes(self) -> set[str]:
        tables = (self.reasons, self.missing, self.invalid, self.wordings, self.http, self.messages)
        return {code for table in tables for code in table.values()}

    def row(self, fail: Fail) -> Code:
        """The row of the provider's ``codes.yaml``."""
        return sheet(self.provider).codes[fail.code]

    def fail(self, error: Exception) -> Fail:
        if isinstance(error, Fail):
            return error
        if isinstance(error, Refusal):
            return Fail(self.reasons[error.reason], error.detail, field=error.field, setting=error.setting)
        if isinstance(error, ValidationError):
            return self._of_fields(error)
        if isinstance(error, HTTPException):
            status = error.code or 500
            reason = Reason.UNKNOWN_OPERATION if status in {404, 405} else Reason.MALFORMED
            code = self.http.get(status, self.reasons[reason if status < 500 else Reason.INTERNAL])
            is_said_by_us = error.description != type(error).description  # not by the framework, which supposes a browser
            return Fail(code, (error.description or "") * is_said_by_us)
        return Fail(self.reasons[Reason.INTERNAL], repr(error))

    def of_message(self, refusal: Refusal) -> Fail:
        """What one message of a request is refused by."""
        code = self.messages.get(refusal.reason, self.reasons[refusal.reason])
        return Fail(code, refusal.detail, field=refusal.field, setting=refusal.setting)

    def _of_fields(self, error: ValidationError) -> Fail:
        turn = {name: place for place, name in enumerate(self.precedence)}
        name, message = min(_messages(error.messages), key=lambda found: turn.get(found[0], -1))
        if name == SCHEMA:
            return Fail(self.reasons[Reason.MALFORMED], message)
        if message in {MISSING, "Field may not be null."}:
            return Fail(self.missing.get(name, self.reasons[Reason.MISSING_FIELD]), message, field=name)
        fallback = self.wordings.get(message, self.reasons[Reason.INVALID_FIELD])
        return Fail(self.invalid.get(name, fallback), message, field=name)


def is_foreseen(error: Exception) -> bool:
    """Whether ``error`` is one that views raise on purpose; anything else is a bug."""
    return isinstance(error, Fail | Refusal | ValidationError | HTTPException)


def _messages(messages: Any, name: str = SCHEMA) -> Iterator[tuple[str, str]]:
    """(field, message) of every leaf; an entry of a list counts as its field."""
    if isinstance(messages, Mapping):
        for key, below in messages.items():
            yield from _messages(below, key if isinstance(key, str) else name)
    elif isinstance(messages, list):
        for message in messages:
            yield from _messages(message, name)
    else:
        yield name, str(messages)
