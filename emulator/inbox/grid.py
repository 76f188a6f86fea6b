"""The parts of a text, character by character, and how it could be said in fewer of them."""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from emulator.core.characters import spoken
from emulator.core.message import Direction, Message, on_air
from emulator.core.segments import EXTENSION, GSM7_CHARACTERS, Encoding, Part, capacity, count_parts, forcing_characters

DRAWN = 12  # parts that are drawn; nobody reads the cells of more

_PICTURES = {" ": "·", "\n": "↵", "\r": "←", "\f": "⇟", "\t": "⇥", "\xa0": "⍽"}
_ALIKE: Mapping[str, str] = {
    **dict.fromkeys("‘’‚‛′`´ʼ", "'"),
    **dict.fromkeys("“”„‟″«»", '"'),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    **dict.fromkeys("\xa0\u2002\u2003\u2009\u202f\t", " "),
    **dict.fromkeys("\u200b\u200c\u200d\ufeff\u00ad\ufe0f", ""),
    "…": "...", "•": "*", "·": ".", "×": "x", "©": "(c)", "®": "(R)", "™": "TM", "₤": "£", "→": "->", "←": "<-",
}  # fmt: skip
_SINGLE: Mapping[str, str] = {"[": "(", "]": ")", "{": "(", "}": ")", "~": "-", "|": "/", "\\": "/", "^": "'", "\f": " "}


@dataclass(frozen=True, slots=True)
class Cell:
    """One character: how it is drawn, the units it takes, and whether it is why the text is UCS-2."""

    drawn: str
    name: str
    units: int
    forces: bool

    @property
    def is_space(self) -> bool:
        return self.drawn in _PICTURES.values()


@dataclass(frozen=True, slots=True)
class PartGrid:
    """``room`` is how many units fit into the part beside its header."""

    part: Part
    room: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Advice:
    """``swaps`` are characters and what to write instead; ``without`` those that nothing can stand for."""

    swaps: tuple[tuple[str, str], ...]
    without: tuple[str, ...]
    parts: int
    saved: int


def grids(message: Message) -> list[PartGrid]:
    """The first parts of a message, drawn."""
    encoding = message.encoding
    return [
        PartGrid(part, capacity(encoding, len(part.udh)), tuple(_cells(part, encoding)))
        for part in message.segmentation().parts[:DRAWN]
    ]


def advice(message: Message) -> Advice | None:
    """How the text would take fewer parts, counted; None where it would not, or nobody here wrote it."""
    if message.direction is Direction.IN or message.encoding is Encoding.BINARY or message.segments < 2:
        return None
    text = on_air(message.text, crlf=message.crlf)
    forced = message.encoding is Encoding.UCS2
    doubtful = forcing_characters(text) if forced else tuple(dict.fromkeys(one for one in text if one in _SINGLE))
    swaps = {one: swap for one in doubtful if (swap := _instead_of(one) if forced else _SINGLE[one]) is not None}
    without = tuple(one for one in doubtful if one not in swaps)
    said = text.translate({ord(one): swaps.get(one, "") for one in doubtful})
    parts = count_parts(said, None if forced else message.encoding, message.udh)
    if not doubtful or parts >= message.segments:
        return None
    return Advice(tuple(swaps.items()), without, parts, message.segments - parts)


def _cells(part: Part, encoding: Encoding) -> Iterator[Cell]:
    if encoding is Encoding.BINARY:
        yield from (Cell(f"{octet:02X}", f"octet {octet}", 1, forces=False) for octet in part.payload)
        return
    for character in part.text:
        wide = character in EXTENSION if encoding is Encoding.GSM7 else character > "\uffff"
        forces = encoding is Encoding.UCS2 and character not in GSM7_CHARACTERS
        yield Cell(_drawn(character), spoken(character), 2 if wide else 1, forces)


def _drawn(character: str) -> str:
    if character in _PICTURES:
        return _PICTURES[character]
    if ord(character) < 0x20:
        return chr(0x2400 + ord(character))
    return character if character.isprintable() else "�"


def _instead_of(character: str) -> str | None:
    """What of the GSM alphabet can stand for ``character``: a look-alike, or its letter without the accent."""
    if character in _ALIKE:
        return _ALIKE[character]
    plain = "".join(one for one in unicodedata.normalize("NFKD", character) if not unicodedata.combining(one))
    return plain if plain and plain != character and GSM7_CHARACTERS.issuperset(plain) else None
