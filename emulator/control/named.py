"""What stands under the name of a secret in a text: parameters, members of JSON, elements and attributes of XML, parts of a
multipart form, declared entities, logins within addresses.

Texts come from anybody, so each is read in time that grows no faster than its length: a pattern never looks further than the
next ``<``, or takes all it has looked at.
"""

import json
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from urllib.parse import unquote, unquote_plus

_OPENED = r"""(?xim)
    (?P<attribute> [\s:] (?P<attribute_name> {names} ) \s*+ = \s*+ ["'] )
  | (?P<pair>    (?: \A | [/?&;\s+] ) (?: {space} )*+ (?P<pair_name> {names} ) (?: \[ [^]\s&=]{{0,40}} ] )?
                 (?: [\s+] | {space} )*+ = )
  | (?P<json>    (?P<json_mark> \\? ["'] ) (?P<json_name> {names} ) (?P=json_mark) \s*+ : \s*+
                 (?: (?P<json_text> (?P=json_mark) ) | (?= [-\d[{{] ) ) )
  | (?P<element> < (?: [\w.-]++ : )? (?P<element_name> {elements} ) (?= [\s/>] )
                 (?: [^<>"'] | "[^"<]*+" | '[^'<]*+' )*+ >? )
  | (?P<entity>  <! (?P<entity_name> ENTITY ) \s++ (?: % \s++ )? [^\s<>"']++ \s++ ["'] )
  | (?P<part>    ^-- (?P<part_boundary> [^\r\n]++ ) \r?\n (?: [^\r\n]++ \r?\n ){{0,8}}?
                 (?> content-disposition [ \t]*+ : [^\r\n]*? [;\s] name \s*+ = \s*+ "?+ (?P<part_name> {names} ) (?= ["\s;[] ) )
                 [^\r\n]*+ \r?\n (?: [^\r\n]++ \r?\n ){{0,8}}+ \r?\n )
  | (?P<login>   :// [^/?\#\s:@"'<>]*+ : (?= [^/?\#\s@"'<>]++ @ ) )
"""
_SPACE = "%(?:20|09|0[ad])"
_CLOSED = r"""(?xis)
    <!-- .*? (?: --> | \Z ) | <!\[CDATA\[ .*? (?: \]\]> | \Z ) | <\? .*? (?: \?> | \Z )
  | </ (?: [\w.-]++ : )? (?P<name> {elements} ) \s*+ >
"""
_ATTRIBUTE = r"""(?xi) [\s:] (?P<name> {names} ) \s*+ = \s*+ (?: "(?P<double>[^"]*+) | '(?P<single>[^']*+) )"""
_CHARACTERS = re.compile(r"[^<]*+")
_OF_PAIR, _OF_LOGIN = re.compile(r"[^&\s]*+"), re.compile(r"[^/?\#\s@\"'<>]*+")
_QUOTED = {mark: re.compile(f"[^{mark}]*+") for mark in "\"'"}
_OF_JSON = {  # by what its texts begin with: a document within a text has marks and escapes escaped once more
    '"': re.compile(r'(?s)(?:[^"\\]|\\.)*+'),
    "'": re.compile(r"(?s)(?:[^'\\]|\\.)*+"),
    '\\"': re.compile(r'(?s)(?:[^"\\]|\\\\(?:\\.|.)|\\[^"\\])*+'),
    "\\'": re.compile(r"(?s)(?:[^'\\]|\\\\(?:\\.|.)|\\[^'\\])*+"),
}
_NUMBER = re.compile(r"[-+.\w]*+")
_BRACKET = re.compile(r'(?s)"(?:[^"\\]|\\.)*+(?:"|\Z)|(?P<opening>[\[{])|(?P<closing>[\]}])')
_MARKUP = re.compile(r"(?s)<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)|<!\[CDATA\[(.*?)(?:\]\]>|\Z)|<[^<>]*+>?")


@dataclass(frozen=True, slots=True)
class Named:
    """A secret at ``start`` to ``end`` of a text: ``value`` is what it means, ``form`` how it is written where that differs."""

    name: str
    start: int
    end: int
    value: str
    form: str


class Names:
    """Finds what stands under any of ``names``, in any case, percent-encoded or escaped as JSON has it, with any hyphens and
    underscores they have or none; in XML also under ``logins``."""

    def __init__(self, names: frozenset[str], logins: Iterable[str]) -> None:
        written = {"names": _any_of(names), "elements": _any_of(names.union(logins)), "space": _SPACE}
        self._opened = re.compile(_OPENED.format(**written))
        self._closed = re.compile(_CLOSED.format(**written))
        self._attribute = re.compile(_ATTRIBUTE.format(**written))

    def found(self, text: str) -> Iterator[Named]:
        """In order, none within another."""
        ends, position = _Ends(self._closed, text), 0
        while opened := self._opened.search(text, position):
            start, kind = opened.end(), opened.lastgroup or ""
            if kind == "element":
                for inner in self._attribute.finditer(text, opened.start(), start):
                    yield _named("attribute", inner["name"], text, *inner.span(inner.lastgroup or 0))
            end = start if opened[0].endswith("/>") else _end(opened, kind, text, start, ends)
            position = max(end, opened.end())
            if end > start or kind in {"pair", "json"}:
                name = "password" if kind == "login" else opened[f"{kind}_name"]
                yield _named(kind, name, text, start, end)


class _Ends:
    """Where elements end, by their lower-case names. Read once, and only of a text that has any."""

    def __init__(self, closed: re.Pattern[str], text: str) -> None:
        self._closed = closed
        self._text = text
        self._is_xml = text.lstrip("\ufeff \t\r\n").startswith("<")
        self._by_name: dict[str, list[int]] | None = None

    def after(self, name: str, start: int) -> int:
        """Without its end an element of XML reaches to the end of all, anything else that looks like one to the next ``<``."""
        places = self._read().get(name.lower(), [])
        nearest = bisect_left(places, start)
        if nearest < len(places):
            return places[nearest]
        return len(self._text) if self._is_xml else _match_end(_CHARACTERS, self._text, start)

    def _read(self) -> dict[str, list[int]]:
        if self._by_name is None:
            self._by_name = {}
            for match in self._closed.finditer(self._text):
                if match["name"]:
                    self._by_name.setdefault(match["name"].lower(), []).append(match.start())
        return self._by_name


def _end(opened: re.Match[str], kind: str, text: str, start: int, ends: _Ends) -> int:
    if kind == "element":
        return ends.after(opened["element_name"], start)
    if kind == "part":
        following = re.compile(rf"\r?\n--{re.escape(opened['part_boundary'])}").search(text, start)
        return following.start() if following else len(text)
    if kind == "json" and not opened["json_text"]:
        return _json_end(text, start)
    of_kind = {"pair": _OF_PAIR, "login": _OF_LOGIN, "json": _OF_JSON.get(opened["json_mark"])}.get(kind)
    return _match_end(of_kind or _QUOTED[text[start - 1]], text, start)


def _json_end(text: str, start: int) -> int:
    """Where a number, or an array or object with all in it, ends."""
    if text[start] not in "[{":
        return _match_end(_NUMBER, text, start)
    depth = 0
    for bracket in _BRACKET.finditer(text, start):
        depth += bool(bracket["opening"]) - bool(bracket["closing"])
        if not depth:
            return bracket.end()
    return len(text)


def _match_end(pattern: re.Pattern[str], text: str, start: int) -> int:
    match = pattern.match(text, start)
    return match.end() if match else start


def _named(kind: str, name: str, text: str, start: int, end: int) -> Named:
    written = text[start:end]
    read, form = _READERS.get(kind, (str, ""))
    value = read(written)
    return Named(_plain(name), start, end, value, "" if value == written else form)


def _content(written: str) -> str:
    """The characters of an element: without tags and comments, what is escaped unescaped, CDATA as it stands."""
    found, position = [], 0
    for match in _MARKUP.finditer(written):
        found += [unescape(written[position : match.start()]), match[1] or ""]
        position = match.end()
    return "".join([*found, unescape(written[position:])]).strip()


def _of_text(written: str) -> str:
    """What a text of JSON says."""
    try:
        return str(json.loads(f'"{written}"', strict=False))
    except ValueError:
        return written


_READERS: Mapping[str, tuple[Callable[[str], str], str]] = {  # how a value is read, and what its form is called
    "pair": (unquote_plus, "_URLENCODED"),
    "login": (unquote, "_URLENCODED"),
    "json": (_of_text, "_JSON"),
    "element": (_content, "_XML"),
    "entity": (unescape, "_XML"),
    "attribute": (unescape, "_XML"),
}


def _plain(name: str) -> str:
    """A name as it would be written without any escapes."""
    return unquote(_of_text(name)) if "%" in name or "\\" in name else name


def _any_of(names: Iterable[str]) -> str:
    """Names that begin alike are one alternative: most texts fail at its first letter."""
    following: dict[str, set[str]] = {}
    for name in names:
        following.setdefault(name[:1], set()).add(name[1:])
    alternatives = [_spelt(first) + _any_of(rest) for first, rest in sorted(following.items(), reverse=True) if first]
    return f"(?:{'|'.join(alternatives)}{'|' * ('' in following)})" if alternatives else ""


def _spelt(one: str) -> str:
    """A character in both cases, as it is, percent-encoded and as JSON escapes it; a hyphen or underscore may be missing."""
    if one in "-_":
        return "[-_]?+"
    lower, upper = one.lower(), one.upper()
    codes = "|".join(f"{ord(case):02x}" for case in sorted({lower, upper}))
    return rf"(?:[{lower}{upper}]|%(?:{codes})|\\u00(?:{codes}))"
