"""How a text travels: alphabet, septets or code units, and the parts it is split into.

3GPP TS 23.038 (alphabets) and TS 23.040 9.2.3.24 (user data header). One short message carries 140 octets: 160 septets of
the GSM 7-bit alphabet, 70 UCS-2 code units, or 140 octets of data. A message of several parts spends 6 octets of each part
on the header that numbers it, which leaves 153 septets, 67 code units or 134 octets.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = "\f^{}\\[~]|€"  # each is sent as an escape and a second septet

GSM7_CHARACTERS = frozenset(BASIC + EXTENSION)
_BASIC = frozenset(BASIC)
_EXTENSION = frozenset(EXTENSION)

OCTETS = 140  # user data of one short message
CONCATENATION_OCTETS = 5  # the information element 00 03 ref total index; its own length octet is counted apart
MAX_PARTS = 255  # the header counts parts in one octet


class Encoding(StrEnum):
    """The three ways user data is written."""

    GSM7 = "gsm7"
    UCS2 = "ucs2"
    BINARY = "binary"


@dataclass(frozen=True, slots=True)
class Part:
    """One short message of a text: what it shows, its length in units, and its user data header (with length octet)."""

    text: str
    units: int
    udh: bytes = b""
    payload: bytes = b""


@dataclass(frozen=True, slots=True)
class Segmentation:
    """A text cut into parts.

    ``units`` are septets (GSM-7), 16-bit code units (UCS-2) or octets (binary), without headers. ``forced_by`` names each
    character that is outside GSM-7 and so forced UCS-2, once, in order of appearance.
    """

    encoding: Encoding
    units: int
    parts: tuple[Part, ...]
    forced_by: tuple[str, ...] = ()


def encoding_of(text: str) -> Encoding:
    """GSM-7 when every character is in its alphabets, otherwise UCS-2 (3GPP TS 23.038)."""
    return Encoding.GSM7 if GSM7_CHARACTERS.issuperset(text) else Encoding.UCS2


def forcing_characters(text: str) -> tuple[str, ...]:
    """The characters of ``text`` that GSM-7 cannot carry, each once, in order of appearance."""
    return tuple(character for character in dict.fromkeys(text) if character not in GSM7_CHARACTERS)


def length(text: str, encoding: Encoding) -> int:
    """Septets (GSM-7) or 16-bit code units (UCS-2) of ``text``."""
    if encoding is Encoding.GSM7:
        return len(text) + sum(map(text.count, _EXTENSION.intersection(text)))
    return len(text) + sum(character > "\uffff" for character in text)


def capacity(encoding: Encoding, udh_octets: int = 0) -> int:
    """Units that fit into one part beside ``udh_octets`` of header (its length octet included)."""
    free = max(OCTETS - udh_octets, 0)
    if encoding is Encoding.GSM7:
        return free * 8 // 7
    return free // 2 if encoding is Encoding.UCS2 else free


def count_parts(text: str, encoding: Encoding | None = None, udh: bytes = b"") -> int:
    """How many short messages ``text`` needs; the fast path of :func:`split`."""
    encoding = encoding or encoding_of(text)
    units = length(text, encoding)
    if units <= capacity(encoding, len(udh)):
        return 1
    room = max(capacity(encoding, _header_octets(udh)), 1)
    if units == len(text):  # no character takes two units: nothing can straddle a boundary
        return -(-units // room)
    return sum(1 for _ in _pieces(text, encoding, room))


def split(text: str, encoding: Encoding | None = None, udh: bytes = b"", reference: int = 0) -> Segmentation:
    """Cut ``text`` into parts; escape pairs and surrogate pairs stay together.

    ``udh`` is the sender's own user data header with its length octet; ``reference`` (0-255) numbers the concatenation.
    """
    encoding = encoding or encoding_of(text)
    units = length(text, encoding)
    forced_by = forcing_characters(text) if encoding is Encoding.UCS2 else ()
    if units <= capacity(encoding, len(udh)):
        return Segmentation(encoding, units, (Part(text, units, udh),), forced_by)
    pieces = list(_pieces(text, encoding, max(capacity(encoding, _header_octets(udh)), 1)))
    parts = tuple(
        Part(piece, length(piece, encoding), concatenation_header(udh, reference, len(pieces), index))
        for index, piece in enumerate(pieces, start=1)
    )
    return Segmentation(encoding, units, parts, forced_by)


def split_octets(payload: bytes, udh: bytes = b"", reference: int = 0) -> Segmentation:
    """Cut 8-bit data into parts; each part's ``text`` is its payload in upper-case hex."""
    if len(payload) <= capacity(Encoding.BINARY, len(udh)):
        part = Part(payload.hex().upper(), len(payload), udh, payload)
        return Segmentation(Encoding.BINARY, len(payload), (part,))
    room = max(capacity(Encoding.BINARY, _header_octets(udh)), 1)
    pieces = [payload[start : start + room] for start in range(0, len(payload), room)]
    parts = tuple(
        Part(piece.hex().upper(), len(piece), concatenation_header(udh, reference, len(pieces), index), piece)
        for index, piece in enumerate(pieces, start=1)
    )
    return Segmentation(Encoding.BINARY, len(payload), parts)


def concatenation_header(udh: bytes, reference: int, total: int, index: int) -> bytes:
    """``udh`` with the concatenation element (8-bit reference) added; the count octets wrap beyond 255 parts."""
    elements = udh[1:] + bytes((0, 3, reference % 256, total % 256, index % 256))
    return bytes((len(elements) % 256,)) + elements


def is_header(udh: bytes) -> bool:
    """Whether ``udh`` is well-formed: its length octet and those of its information elements add up."""
    if not udh or udh[0] != len(udh) - 1 or len(udh) > OCTETS:
        return False
    position = 1
    while position + 1 < len(udh):
        position += 2 + udh[position + 1]
    return position == len(udh)


def _header_octets(udh: bytes) -> int:
    return (len(udh) or 1) + CONCATENATION_OCTETS


def _pieces(text: str, encoding: Encoding, room: int) -> Iterator[str]:
    """The longest runs of ``text`` that fit into ``room`` units each; at least one character a piece."""
    start, used = 0, 0
    for position, units in enumerate(_units(text, encoding)):
        if used + units > room and position > start:
            yield text[start:position]
            start, used = position, 0
        used += units
    yield text[start:]


def _units(text: str, encoding: Encoding) -> Iterable[int]:
    if encoding is Encoding.GSM7:
        return (2 if character in _EXTENSION else 1 for character in text)
    return (2 if character > "\uffff" else 1 for character in text)
