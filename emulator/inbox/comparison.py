"""A documented answer beside the one that came, line by line."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from emulator import infoset
from emulator.comparison import Answer, Mismatch, Paths, value_at

MOST_LINES = 400  # of either answer that are compared
_INDENT = "  "


@dataclass(frozen=True, slots=True)
class Line:
    """``key`` is what has to be equal: the text with what may vary taken out."""

    text: str
    key: str


@dataclass(frozen=True, slots=True)
class Row:
    """``mark`` is same, varies (as documented, with another value), or differs."""

    documented: str | None
    found: str | None
    mark: str


def rows(expected: Mapping[str, Any], answer: Answer) -> list[Row]:
    """The documented answer and the one that came, next to each other."""
    left, right = documented(expected), list(_found(expected, answer))
    if "lines" in expected:
        return [Row(line.text, None, "varies") for line in left] + [
            Row(None, line.text, "varies") for line in right[:MOST_LINES]
        ]
    left, right = left[:MOST_LINES], right[:MOST_LINES]
    matcher = SequenceMatcher(None, [line.key for line in left], [line.key for line in right], autojunk=False)
    return [row for block in matcher.get_opcodes() for row in _beside(left, right, block)]


def documented(expected: Mapping[str, Any]) -> list[Line]:
    """What an example says the answer is."""
    varies = list(expected.get("varies") or [])
    head = [_plain(f"HTTP {expected['status']}")]
    head += [_plain(f"{name}: {value}") for name, value in sorted((expected.get("headers") or {}).items())]
    if "json" in expected:
        return [*head, *_json_lines(expected["json"], Paths(varies))]
    if "has" in expected:
        return [*head, *(_plain(f"{path}: {_json(value)}") for path, value in expected["has"].items())]
    if "xml" in expected:
        return [*head, *_text_lines(infoset.indented(expected["xml"].encode()), varies)]
    if "lines" in expected:
        return [*head, _plain(f"{expected['lines']['count']} lines, each like {expected['lines']['each']}")]
    return [*head, *_text_lines(str(expected.get("text", "")), varies)]


def _found(expected: Mapping[str, Any], answer: Answer) -> Iterator[Line]:
    varies = list(expected.get("varies") or [])
    text = answer.body.decode(errors="replace")
    yield _plain(f"HTTP {answer.status}")
    for name in sorted(expected.get("headers") or {}):
        yield _plain(f"{name}: {answer.headers.get(name.lower(), '(missing)')}")
    if "json" in expected:
        try:
            yield from _json_lines(json.loads(text), Paths(varies))
        except ValueError:
            yield from map(_plain, text.splitlines())
    elif "has" in expected:
        yield from (_plain(f"{path}: {_at(path, text)}") for path in expected["has"])
    elif "xml" in expected:
        yield from _text_lines(infoset.indented(answer.body), varies)
    else:
        yield from _text_lines(text, varies)


def _beside(left: list[Line], right: list[Line], block: tuple[str, int, int, int, int]) -> Iterator[Row]:
    _, begin, end, other_begin, other_end = block
    for offset in range(max(end - begin, other_end - other_begin)):
        one = left[begin + offset] if begin + offset < end else None
        other = right[other_begin + offset] if other_begin + offset < other_end else None
        mark = "differs" if block[0] != "equal" else "same" if one == other else "varies"
        yield Row(one.text if one else None, other.text if other else None, mark)


def _plain(text: str) -> Line:
    return Line(text, text)


def _text_lines(text: str, varies: list[str]) -> list[Line]:
    """What matches one of the patterns ``varies`` may be anything else that does."""
    pattern = "|".join(f"(?:{one})" for one in varies)
    return [Line(line, re.sub(pattern, "…", line) if pattern else line) for line in text.splitlines()]


def _json_lines(value: Any, varies: Paths, path: str = "", before: str = "", after: str = "") -> Iterator[Line]:
    """As ``json.dumps(indent=2)`` would write it; the value at a path of ``varies`` counts by its place alone."""
    depth = before[: len(before) - len(before.lstrip())]
    if isinstance(value, dict | list) and value and path not in varies:
        opening, closing = "{}" if isinstance(value, dict) else "[]"
        yield _plain(f"{before}{opening}")
        items = list(value.items()) if isinstance(value, dict) else list(enumerate(value))
        for number, (key, item) in enumerate(items, start=1):
            name = f"{json.dumps(key, ensure_ascii=False)}: " if isinstance(value, dict) else ""
            comma = "," if number < len(items) else ""
            yield from _json_lines(item, varies, f"{path}.{key}".lstrip("."), f"{depth}{_INDENT}{name}", comma)
        yield _plain(f"{depth}{closing}{after}")
        return
    text = _json(value)
    yield Line(f"{before}{text}{after}", f"{before}{'…' if path in varies else text}{after}")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _at(path: str, text: str) -> str:
    try:
        return _json(value_at(path, json.loads(text)))
    except (Mismatch, ValueError):
        return "(missing)"
