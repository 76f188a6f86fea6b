"""The body of a request as text, whatever it was written and packed in."""

import codecs
import re

from emulator.core.journal import KEPT_BODY, Exchange
from emulator.edge.packing import WINDOWS, coding_of, unpacked

_BEGINNINGS = {  # how XML in more than one octet per character begins, and in other letters than ASCII's
    b"\xff\xfe\x00\x00": "utf-32", b"\x00\x00\xfe\xff": "utf-32", b"<\x00\x00\x00": "utf-32-le", b"\x00\x00\x00<": "utf-32-be",
    b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"<\x00": "utf-16-le", b"\x00<": "utf-16-be",
    "<?xm".encode("cp037"): "cp037",
}  # fmt: skip
_SAID = re.compile(r"(?i)charset=[\"']?([\w.-]+)")
_DECLARED = re.compile(rb"""\s*<\?xml\s[^>]{0,100}?\sencoding\s*=\s*["']([\w.-]{1,40})["']""")
_NO_CHARSETS = frozenset({"idna", "punycode", "undefined", "unicode_escape", "raw-unicode-escape"})
"""Codecs of texts that no body is written in, and that are slow."""


def header(exchange: Exchange, name: str) -> str:
    """The value of a header of the request; empty where there is none."""
    return next((value for said, value in exchange.request_headers if said.lower() == name), "")


def octets_sent(exchange: Exchange, most: int) -> bytes:
    """The body unpacked, up to ``most`` octets. In a coding that nobody here reads it stays as it is."""
    coding = coding_of(header(exchange, "content-encoding"))
    if coding not in WINDOWS:
        return exchange.request_body
    found, is_sound = unpacked(exchange.request_body, coding, most)
    return found if found or is_sound else exchange.request_body


def body_sent(exchange: Exchange, most: int = KEPT_BODY) -> str:
    """The body of the request, unpacked up to ``most`` octets, in the character set it is in as far as one can see."""
    body = octets_sent(exchange, most)
    beginning = next((codec for start, codec in _BEGINNINGS.items() if body.startswith(start)), None)
    said, declared = _SAID.search(header(exchange, "content-type")), _DECLARED.match(body[:200])
    named = beginning or (said[1] if said else declared[1].decode() if declared else "utf-8")
    try:
        return body.decode("utf-8" if codecs.lookup(named).name in _NO_CHARSETS else named, "replace")
    except (LookupError, ValueError):  # no character set, or none of texts
        return body.decode(errors="replace")


def is_longer(exchange: Exchange) -> bool:
    """Whether ``body_sent`` is not all of it."""
    return exchange.request_cut or len(octets_sent(exchange, KEPT_BODY + 1)) > KEPT_BODY
