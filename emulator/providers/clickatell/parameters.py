"""What a request says: parameters by name, whatever mixture of query and body, case and character set they came in."""

import codecs
import re
from collections.abc import Mapping

from flask import request

from emulator.core.errors import Reason, Refusal
from emulator.edge.body import form_or_query

_ANY_CASE = frozenset({"climsgid", "apimsgid"})  # the specification itself writes cliMsgId and climsgid
_CHARSETS = re.compile(  # Python's names of those that are character sets of texts, and of nothing else
    r"ascii|utf-8(-sig)?|utf-16(-[bl]e)?|iso8859-\d+|cp125\d|koi8-[ru]|gb2312|gbk|gb18030|big5|shift_jis|euc_.."
)
_TEXTS = frozenset({"text", "template", "si_text", "mms_subject"})
_MOST_NUMBERS = {"GET": 300, "POST": 600}
_ZERO_IS_UNSET = frozenset({"concat", "deliv_time", "max_credits", "req_feat", "queue", "validity"})


def canonical_path(path: str) -> str:
    """Commands in any case, with or without ``.php`` and a trailing slash."""
    return path.lower().removesuffix("/").removesuffix(".php")


class Given(dict[str, str]):
    """What a call says: parameters by name. Empty ones, and zeros where zero means "not set", are left out.

    ``most_numbers`` is how many it may send to. ``guessed_utf8``: its text was taken as UTF-8 for want of a ``charset``; the
    real gateway would not.
    """

    def __init__(self, sent: Mapping[str, str], most_numbers: int, *, guessed_utf8: bool = False) -> None:
        super().__init__(
            {name: value for name, value in sent.items() if value and not (name in _ZERO_IS_UNSET and not value.strip("0."))}
        )
        self.most_numbers = most_numbers
        self.guessed_utf8 = guessed_utf8


def parameters() -> Given:
    """The parameters of the present request, by HTTP.

    Texts are decoded by ``charset``; without it, and all else, as UTF-8, or as Windows-1252 where that fails. Raises
    Refusal(INVALID_FIELD) for a character set that is not one of texts.
    """
    sent = {canonical_name(name): value for name, value in form_or_query(request).items()}
    charset = sent.get("charset", b"").decode("latin-1")
    read = {
        name: _decoded(value, charset if name in _TEXTS or name.startswith("field") else "")
        for name, value in sent.items()
        if value
    }
    guessed = not charset and any(map(_is_beyond_ascii_utf8, (sent.get("text", b""), sent.get("template", b""))))
    return Given(read, _MOST_NUMBERS.get(request.method, _MOST_NUMBERS["GET"]), guessed_utf8=guessed)


def canonical_name(name: str) -> str:
    """As the schemas know it: two names are taken in any case."""
    return name.lower() if name.lower() in _ANY_CASE else name


def recipients(to: str) -> list[str]:
    """The numbers of a comma-separated list as they were sent; empty entries are dropped."""
    return [number for number in to.split(",") if number]


def codec_of(charset: str) -> str | None:
    """Python's name of a character set of texts; None for anything else."""
    try:
        name = codecs.lookup(charset).name
    except (LookupError, ValueError):
        return None
    return name if _CHARSETS.fullmatch(name) else None


def _is_beyond_ascii_utf8(value: bytes) -> bool:
    try:
        return not value.decode().isascii()
    except UnicodeDecodeError:
        return False


def _decoded(value: bytes, charset: str) -> str:
    if charset:
        codec = codec_of(charset)
        if codec is None:
            raise Refusal(Reason.INVALID_FIELD, f"unknown character set {charset!r}", field="charset")
        return value.decode(codec, "replace")
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("cp1252", "replace")
