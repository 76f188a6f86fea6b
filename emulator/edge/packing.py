"""Bodies that came compressed (``Content-Encoding``)."""

import zlib
from collections.abc import Mapping

WINDOWS: Mapping[str, int] = {"gzip": 31, "x-gzip": 31, "deflate": 47}  # zlib's window bits; 47 finds out by itself
_STEP = 1024  # octets read at once: what stands before a flaw is not lost


def coding_of(header: str) -> str:
    """The coding a header names; empty for none."""
    coding = header.strip().lower()
    return "" if coding == "identity" else coding


def unpacked(body: bytes, coding: str, most: int) -> tuple[bytes, bool]:
    """What ``body`` unfolds to, as far as it is sound and up to ``most`` octets; and whether it is sound that far.

    Raises KeyError for a coding that is none of WINDOWS.
    """
    unpacking, found = zlib.decompressobj(WINDOWS[coding]), bytearray()
    try:
        for start in range(0, len(body), _STEP):
            found += unpacking.decompress(body[start : start + _STEP], most - len(found))
            if len(found) >= most or unpacking.eof:
                break
    except zlib.error:
        return bytes(found), False
    return bytes(found), True
