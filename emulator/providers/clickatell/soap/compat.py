"""Lets spyne 2.14.0 be imported on Python 3.11 to 3.13: import this before anything of spyne.

Two things are missing. Its copy of six (1.14) cannot import ``six.moves`` on 3.12 and later, so those modules, all of the
standard library, are registered by their full names. And ``cgi`` has left the standard library with 3.13: a stand-in with the
one function used is lent while the module that wants it is imported. Both are mended on spyne's master, which is unreleased.
"""

import collections.abc
import http.cookies
import importlib
import logging
import sys
import urllib.error
import urllib.parse
import urllib.request
import urllib.response
import urllib.robotparser
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message
from types import ModuleType

_MOVES = "spyne.util.six.moves"
_STANDARD = {
    "collections_abc": collections.abc,
    "http_cookies": http.cookies,
    "urllib": urllib,
    "urllib.error": urllib.error,
    "urllib.parse": urllib.parse,
    "urllib.request": urllib.request,
    "urllib.response": urllib.response,
    "urllib.robotparser": urllib.robotparser,
}


def _register_moves() -> None:
    moves = ModuleType(_MOVES)
    moves.__path__ = []  # a package, so that modules below it may be imported
    for name, module in _STANDARD.items():
        sys.modules.setdefault(f"{_MOVES}.{name}", module)
        if "." not in name:
            setattr(moves, name, module)
    sys.modules.setdefault(_MOVES, moves)


def parse_header(line: str) -> tuple[str, dict[str, str]]:
    """What ``cgi.parse_header`` did: the value of a header, and its parameters."""
    message = Message()
    message["content-type"] = line
    [(value, _), *parameters] = message.get_params(header="content-type") or [("", "")]
    return value, dict(parameters)


@contextmanager
def _lent_cgi() -> Iterator[None]:
    """``cgi`` is there for the time of an import; nothing else in the process sees the stand-in."""
    before = sys.modules.get("cgi")
    stand_in = ModuleType("cgi")
    stand_in.parse_header = parse_header  # type: ignore[attr-defined]
    sys.modules["cgi"] = stand_in
    try:
        yield
    finally:
        if before is None:
            del sys.modules["cgi"]
        else:
            sys.modules["cgi"] = before


_register_moves()
with _lent_cgi(), warnings.catch_warnings():
    warnings.simplefilter("ignore", ImportWarning)  # 3.11 says it of the old six
    importlib.import_module("spyne.protocol.soap.soap11")
# The old six leaves a finder behind that Python 3.11 warns of, and that no version needs.
sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__module__ != "spyne.util.six"]
# It writes whole envelopes into the log, credentials included, whenever one cannot be parsed.
logging.getLogger("spyne.protocol.soap.soap11.invalid").disabled = True
logging.getLogger("spyne.protocol.xml.invalid").disabled = True
