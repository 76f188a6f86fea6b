"""Web addresses in a text, and the short links that click tracking puts in their place."""

import re
from collections.abc import Callable

_LABEL = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_TLD = (
    r"(?:[a-z]{2}|com|net|org|info|biz|edu|gov|mil|int|app|dev|shop|store|online|site|xyz|club|live|link|page|blog|news|"
    r"cloud|tech|mobi|name|pro|travel|jobs|tel|cat|asia|coop|aero|museum)"
)
_ADDRESS = re.compile(
    rf"(?<![\w@./-])(?:https?://[^\s/?#]+|www(?:\.{_LABEL})+|(?:{_LABEL}\.)+{_TLD}(?![\w@-]|\.\w))(?::[0-9]+)?(?:[/?#]\S*)?",
    re.IGNORECASE,
)
_SCHEME = re.compile(r"\Ahttps?://", re.IGNORECASE)
_SENTENCE_END = ".,;:!?'\")]}>"


def replace_links(text: str, shorten: Callable[[str], str]) -> str:
    """``text`` with every address replaced by ``shorten(address)``.

    Addresses come with or without scheme, as ``www.`` or bare domain, with path, query and fragment, in any case;
    punctuation that ends a sentence is not part of one.
    """

    def replaced(match: re.Match[str]) -> str:
        address = _without_sentence(match[0])
        return shorten(address) + match[0][len(address) :]

    return _ADDRESS.sub(replaced, text)


def addresses_in(text: str) -> list[str]:
    """The addresses of ``text`` as written, each once, in their order."""
    return list(dict.fromkeys(_without_sentence(match[0]) for match in _ADDRESS.finditer(text)))


def absolute(address: str) -> str:
    """``address`` with a scheme; a bare one is plain http."""
    return f"http://{address}" if bare(address) == address else address


def bare(address: str) -> str:
    """``address`` without its scheme."""
    return _SCHEME.sub("", address)


def _without_sentence(found: str) -> str:
    address = found.rstrip(_SENTENCE_END)
    while address.count("(") > address.count(")") and found.startswith(f"{address})"):
        address += ")"  # one that was opened within the address belongs to it
    return address
