"""Characters as a person would name them."""

import unicodedata
from collections.abc import Sequence

_NAMELESS = {"\t": "tab", "\x00": "null"}
_TOLD = 5


def spoken(character: str) -> str:
    """Itself and its name; of one that cannot be seen, or only upon another, the name and its code point."""
    name, code = _NAMELESS.get(character) or unicodedata.name(character, "").lower(), f"U+{ord(character):04X}"
    if not is_seen(character):
        return f"{name} ({code})" if name else code
    return f"{character} {name}" if name else f"{character} ({code})"


def is_seen(character: str) -> bool:
    """Whether it shows by itself."""
    return character.isprintable() and not character.isspace() and not unicodedata.category(character).startswith("M")


def enumerated(characters: Sequence[str]) -> str:
    """The first few of them, named, and how many more there are."""
    more = f" and {len(characters) - _TOLD} more" if len(characters) > _TOLD else ""
    return ", ".join(map(spoken, characters[:_TOLD])) + more
