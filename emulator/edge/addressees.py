"""Whom a request names and what it says, for requests that were refused before anybody read them."""

import re
from collections.abc import Collection, Iterator
from html import unescape
from itertools import islice
from typing import Any
from urllib.parse import parse_qsl

import orjson
from flask import Request

from emulator.core.journal import KEPT_RECIPIENTS, KEPT_TEXT
from emulator.edge.body import FORM, kept_body

_TAG = re.compile(r"<(/?)([\w.:-]++)([^<>]*+)>([^<]*+)")  # possessive, so that nobody's XML takes long
_MOST_FIELDS = 1000


def addressees(request: Request, names: Collection[str]) -> list[str]:
    """The first few values of the fields called ``names``, as sent, wherever they stand in query, form, JSON or XML."""
    several = (one for value in _named(request, names) for one in value.split(","))
    return list(islice(filter(None, map(str.strip, several)), KEPT_RECIPIENTS))


def said(request: Request, names: Collection[str]) -> str:
    """The first value of the fields called ``names``, as much of it as is kept."""
    return next(filter(str.strip, _named(request, names)), "")[:KEPT_TEXT]


def _named(request: Request, names: Collection[str]) -> Iterator[str]:
    yield from _of_pairs(request.query_string, names)
    body = kept_body(request) or b""
    if request.mimetype == FORM:
        yield from _of_pairs(body, names)
    elif body.lstrip().startswith(b"<"):
        yield from _of_elements(body.decode(errors="replace"), names)
    elif body:
        try:
            document = orjson.loads(body)
        except orjson.JSONDecodeError:
            return
        yield from _of_document(document, names)


def _of_pairs(encoded: bytes, names: Collection[str]) -> Iterator[str]:
    try:
        pairs = parse_qsl(encoded.decode("latin-1"), max_num_fields=_MOST_FIELDS)
    except ValueError:
        return
    for name, value in pairs:
        if name in names:
            yield value


def _of_document(document: Any, names: Collection[str]) -> Iterator[str]:
    """Without recursion: a document may be nested deeper than Python likes."""
    left: list[tuple[Any, bool]] = [(document, False)]
    while left:
        value, is_named = left.pop()
        if isinstance(value, dict):
            left += reversed([(below, name in names) for name, below in value.items()])
        elif isinstance(value, list):
            left += reversed([(below, is_named) for below in value])
        elif is_named and isinstance(value, str | int) and not isinstance(value, bool):
            yield str(value)


def _of_elements(text: str, names: Collection[str]) -> Iterator[str]:
    """By the tags alone: what refused the request may be that it is no XML."""
    within = None
    for slash, qualified, rest, content in _TAG.findall(text):
        name = qualified.rpartition(":")[2]
        if slash and name == within:
            within = None
        elif not slash and within is None and name in names and not rest.endswith("/"):
            within = name
        if within is not None:
            yield unescape(content)
