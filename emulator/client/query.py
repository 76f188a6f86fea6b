"""The q language, written from Python."""

from decimal import Decimal

_NAMES = frozenset(
    {
        "provider",
        "account",
        "to",
        "from",
        "text",
        "status",
        "encoding",
        "campaign",
        "reference",
        "direction",
        "segments",
        "price",
    }
)


def written(q: str = "", /, **terms: object) -> str:
    """``q`` and one term for each keyword (``from_`` for ``from``).

    A quotation mark within a text cannot be written: what stands before and behind it is looked for instead. Raises TypeError
    for a key that there is not and a value that is no text or number, ValueError for one that would match everything.
    """
    parts = [q] if q else []
    for key, value in terms.items():
        name = key.removesuffix("_")
        if name not in _NAMES:
            raise TypeError(f"messages have no {name!r} to be found by; they have {', '.join(sorted(_NAMES))}")
        parts += [f'{name}:"{piece}"' for piece in _pieces(key, value)]
    return " ".join(parts)


def _pieces(key: str, value: object) -> list[str]:
    """What the value looks for; at least one piece."""
    if value is not None and not isinstance(value, str | int | float | Decimal):
        raise TypeError(f"{key}= takes one text or number, not {value!r}")
    pieces = [] if value is None else [piece for piece in str(value).split('"') if piece.strip()]
    if not pieces:
        raise ValueError(f"{key}={value!r} would match every message: leave it out, or say what to look for")
    return pieces
