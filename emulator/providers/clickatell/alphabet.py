"""What becomes of a text: the gateway replaces what the GSM alphabet lacks, and reads hex where it is told to."""

import re
import unicodedata

from emulator.core.characters import enumerated
from emulator.core.segments import GSM7_CHARACTERS
from emulator.edge.errors import Fail

_LOOK_ALIKES = {
    "‘": "'", "’": "'", "‚": ",", "“": '"', "”": '"', "„": '"', "–": "-", "—": "-", "…": ".", "•": "*", "«": '"', "»": '"',
    "´": "'", "`": "'", "\t": " ", "\u00a0": " ",
}  # fmt: skip


def into_gsm(text: str) -> tuple[str, tuple[str, ...]]:
    """``text`` as a phone gets it without ``unicode=1``: look-alikes or ``?`` for what GSM-7 lacks; and a warning if so."""
    if GSM7_CHARACTERS.issuperset(text):
        return text, ()
    lost = tuple(dict.fromkeys(character for character in text if character not in GSM7_CHARACTERS))
    replaced = "".join(map(_replaced, text))
    return replaced, (f"not in the GSM alphabet and replaced, because unicode=1 is not set: {enumerated(lost)}",)


def from_ucs2_hex(text: str) -> tuple[str, tuple[str, ...]]:
    """The text of ``unicode=1``: 4 hex digits per UTF-16 unit, big-endian. Raises Fail(116)."""
    if not re.fullmatch(r"(?:[0-9A-Fa-f]{4})+", text):
        raise Fail("116", "unicode=1 needs 4 hex digits per character", field="text")
    try:
        decoded = bytes.fromhex(text).decode("utf-16-be")
    except UnicodeDecodeError as error:
        raise Fail("116", f"no UTF-16: {error.reason}", field="text") from error
    if decoded[0] in "\ufeff\ufffe":
        return decoded, ("the text begins with a byte order mark; little-endian text shows as other characters",)
    return decoded, ()


def octets(text: str, field: str) -> bytes:
    """The bytes a hex text stands for. Raises Fail(101)."""
    if not re.fullmatch(r"(?:[0-9A-Fa-f]{2})*", text):
        raise Fail("101", f"{field} of an 8-bit message must be hex", field=field)
    return bytes.fromhex(text)


def _replaced(character: str) -> str:
    if character in GSM7_CHARACTERS:
        return character
    if character in _LOOK_ALIKES:
        return _LOOK_ALIKES[character]
    base = unicodedata.normalize("NFKD", character)[0]
    return base if base in GSM7_CHARACTERS else "?"
