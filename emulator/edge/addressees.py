"""Whom a request names, for requests that were refused before anybody read them."""

import re
from collections.abc import Collection, Iterator
from itertools import islice
from typing import Any
from urllib.parse import parse_qsl

import orjson
from flask import Request

from emulator.core.journal import KEPT_RECIPIENTS
from emulator.edge.body import FORM, kept_body

_TAGS = re.compile(r"<[^>]*>")


def addressees(request: Request, names: Collection[str]) -> list[str]:
    """The first few values of the fields called ``names``, as sent, wherever they stand in query, form, JSON or XML."""
    return list(islice(filter(None, map(str.strip, _named(request, names))), KEPT_RECIPIENTS))


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
        pairs = parse_qsl(encoded.decode("latin-1"))
    except ValueError:
        return
    for name, value in pairs:
        if name in names:
            yield from value.split(",")


def _of_document(value: Any, names: Collection[str], *, is_named: bool = False) -> Iterator[str]:
    if isinstance(value, dict):
        for name, below in value.items():
            yield from _of_document(below, names, is_named=name in names)
    elif isinstance(value, list):
        for below in value:
            yield from _of_document(below, names, is_named=is_named)
    elif is_named and isinstance(value, str | int) and not isinstance(value, bool):
        yield from str(value).split(",")


def _of_elements(text: str, names: Collection[str]) -> Iterator[str]:
    """By the tags alone: what refused the request may be that it is no XML."""
    for name in names:
        for inside in re.findall(rf"<(?:[\w.-]+:)?{name}(?:\s[^>]*)?>(.*?)</(?:[\w.-]+:)?{name}\s*>", text, re.DOTALL):
            for value in _TAGS.split(inside):
                yield from value.split(",")
