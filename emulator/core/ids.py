"""Identifiers as a function of (seed, account, kind, n): the same calls give the same ids, whatever happens in between."""

from collections.abc import Callable
from hashlib import blake2b
from string import ascii_letters, digits

_ALPHANUMERICS = digits + ascii_letters


class IdSource:
    """Draws ids from the seed and the store's counters; there is no shared random stream to disturb."""

    def __init__(self, seed: int, next_number: Callable[[str], int]) -> None:
        self._seed = seed
        self._next_number = next_number

    def draw(self, account: str, kind: str) -> str:
        """The next id of ``kind`` for ``account``: 32 lower-case hex digits with at least two letters.

        The letters matter to clients: an id of digits and one ``e`` is read as a float by YAML parsers in the field.
        """
        while True:
            number = self._next_number(f"{account}/{kind}")
            text = f"{self._seed}/{account}/{kind}/{number}"
            drawn = blake2b(text.encode(), digest_size=16).hexdigest()
            if sum(map(drawn.count, "abcdef")) > 1:
                return drawn

    def number(self, account: str, kind: str) -> int:
        """The next whole number of ``kind`` for ``account``, ascending from a start of the account's own, below 2^31."""
        drawn = blake2b(f"{self._seed}/{account}/{kind}".encode(), digest_size=8).digest()
        start = (1_000 + int.from_bytes(drawn, "big") % 2_145_000) * 1_000
        return start + self._next_number(f"{account}/{kind}")


def alphanumeric(identifier: str, length: int) -> str:
    """``identifier`` (hex) written again as ``length`` letters and digits; a short form of the same id."""
    return _written_in(_ALPHANUMERICS, identifier, length)


def numeric(identifier: str, length: int) -> str:
    """``identifier`` (hex) written again as ``length`` digits, the first of them not a zero."""
    return _written_in(digits[1:], identifier, 1) + _written_in(digits, identifier[1:], length - 1)


def upper_uuid(identifier: str) -> str:
    """``identifier`` (hex) written again as a random UUID (version 4) in upper case."""
    variant = "89AB"[int(identifier[16], 16) % 4]
    digits = f"{identifier[:12]}4{identifier[13:16]}{variant}{identifier[17:32]}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:])).upper()


def _written_in(alphabet: str, identifier: str, length: int) -> str:
    value, characters = int(identifier, 16), []
    for _ in range(length):
        value, index = divmod(value, len(alphabet))
        characters.append(alphabet[index])
    return "".join(characters)
