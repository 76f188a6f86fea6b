"""The q language, written from Python."""

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
    """``q`` and one term for each keyword that is not None (``from_`` for ``from``). Raises TypeError for a key that is none.

    A quotation mark within a text cannot be written: what stands before and behind it is looked for instead.
    """
    parts = [q] if q else []
    for key, value in terms.items():
        name = key.removesuffix("_")
        if name not in _NAMES:
            raise TypeError(f"messages have no {name!r} to be found by; they have {', '.join(sorted(_NAMES))}")
        if value is not None:
            parts += [f'{name}:"{piece}"' for piece in str(value).split('"') if piece.strip()]
    return " ".join(parts)
