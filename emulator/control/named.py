"""What stands under the name of a secret in a text: parameters, members of JSON, elements of XML, declared entities.

Texts come from anybody, so each is read in time that grows no faster than its length: a pattern never looks further than the
next ``<``, or takes all it has looked at.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote_plus
from xml.sax.saxutils import unescape

_OPENED = r"""(?xi)
    (?P<pair>    (?: ^ | [?&\s] ) (?P<pair_name> {names} ) = )
  | (?P<json>    " (?P<json_name> {names} ) " \s*+ : \s*+ " )
  | (?P<element> < (?: [\w.-]++ : )? (?P<element_name> {elements} ) (?= [\s/>] )
                 (?: [^<>"'] | "[^"<]*+" | '[^'<]*+' )*+ >? )
  | (?P<entity>  <! (?P<entity_name> ENTITY ) \s++ (?: % \s++ )? [^\s<>"']++ \s++ ["'] )
"""
_CLOSED = r"""(?xis)
    <!-- .*? (?: --> | \Z ) | <!\[CDATA\[ .*? (?: \]\]> | \Z ) | <\? .*? (?: \?> | \Z )
  | </ (?: [\w.-]++ : )? (?P<name> {elements} ) \s*+ >
"""
_OF_PAIR, _OF_JSON, _CHARACTERS = re.compile(r"[^&\s]*+"), re.compile(r'(?s)(?:[^"\\]|\\.)*+'), re.compile(r"[^<]*+")
_OF_ENTITY = {mark: re.compile(f"[^{mark}]*+") for mark in "\"'"}
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
    """Finds what stands under any of ``names``; in XML also under ``logins``."""

    def __init__(self, names: frozenset[str], logins: Iterable[str]) -> None:
        written = {"names": _any_of(names), "elements": _any_of(names.union(logins))}
        self._opened = re.compile(_OPENED.format(**written))
        self._closed = re.compile(_CLOSED.format(**written))

    def found(self, text: str) -> Iterator[Named]:
        """In order, none within another."""
        ends, position = _Ends(self._closed, text), 0
        while opened := self._opened.search(text, position):
            start, kind = opened.end(), opened.lastgroup or ""
            name = opened[f"{kind}_name"]
            end = start if opened[0].endswith("/>") else _end(kind, name, text, start, ends)
            position = max(end, opened.end())
            if end > start or kind in {"pair", "json"}:
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


def _end(kind: str, name: str, text: str, start: int, ends: _Ends) -> int:
    if kind == "element":
        return ends.after(name, start)
    of_kind = {"pair": _OF_PAIR, "json": _OF_JSON}.get(kind) or _OF_ENTITY[text[start - 1]]
    return _match_end(of_kind, text, start)


def _match_end(pattern: re.Pattern[str], text: str, start: int) -> int:
    match = pattern.match(text, start)
    return match.end() if match else start


def _named(kind: str, name: str, text: str, start: int, end: int) -> Named:
    written = text[start:end]
    if kind == "pair":
        value = unquote_plus(written)
        return Named(name, start, end, value, "" if value == written else "_URLENCODED")
    if kind == "json":
        return Named(name, start, end, written, "")
    value = _content(written) if kind == "element" else unescape(written)
    return Named(name, start, end, value, "" if value == written else "_XML")


def _content(written: str) -> str:
    """The characters of an element: without tags and comments, what is escaped unescaped, CDATA as it stands."""
    found, position = [], 0
    for match in _MARKUP.finditer(written):
        found += [unescape(written[position : match.start()]), match[1] or ""]
        position = match.end()
    return "".join([*found, unescape(written[position:])]).strip()


def _any_of(names: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, names)))
