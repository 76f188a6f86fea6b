"""Whether an answer is as an example says.

An expected text written as ``/.../`` in headers and messages is a pattern for the whole value. Paths into JSON have dots; ``*``
in one stands for every key or index.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from emulator import infoset


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


class Mismatch(Exception):
    """An answer is not as documented; the message says where."""


def compare(expected: Mapping[str, Any], answer: Answer, fill: Callable[[str], Any] = str) -> None:
    """Raises Mismatch. What ``varies`` (paths into JSON, patterns in text and XML) is compared by shape.

    ``json`` is the whole body, ``has`` the values at some paths into it. ``fill`` puts values in place of placeholders.
    """
    if answer.status != expected["status"]:
        raise Mismatch(f"status is {answer.status}, not {expected['status']}: {answer.body[:300]!r}")
    for name, value in (expected.get("headers") or {}).items():
        found = answer.headers.get(name.lower())
        if not _is_same(value, found):
            raise Mismatch(f"header {name} is {found!r}, not {value!r}")
    varies = expected.get("varies") or []
    if "json" in expected:
        _compare_json("", filled_tree(expected["json"], fill), _document(answer), Paths(varies))
    for path, value in (expected.get("has") or {}).items():
        _compare_json(path, filled_tree(value, fill), value_at(path, _document(answer)), Paths(varies))
    if "text" in expected:
        compare_text(str(fill(expected["text"])), answer.body.decode(errors="replace"), varies)
    if "xml" in expected and (difference := infoset.difference(str(fill(expected["xml"])), answer.body, _alike(varies))):
        raise Mismatch(difference)
    if "lines" in expected:
        _compare_lines(expected["lines"], answer.body.decode(errors="replace").split("\n"))


class Paths:
    """Paths into JSON, ``*`` for every key or index."""

    def __init__(self, written: Iterable[str]) -> None:
        self._patterns = [re.compile(re.escape(one).replace(r"\*", "[^.]+")) for one in written]

    def __contains__(self, path: str) -> bool:
        return any(pattern.fullmatch(path) for pattern in self._patterns)


def _document(answer: Answer) -> Any:
    try:
        return json.loads(answer.body)
    except ValueError:
        raise Mismatch(f"the body is not JSON: {answer.body[:300]!r}") from None


def value_at(path: str, document: Any) -> Any:
    """The value at a path; ``*`` gives the list of what is below every index. Raises Mismatch where there is nothing."""
    key, _, rest = path.partition(".")
    if key == "*" and isinstance(document, list):
        return [value_at(rest, one) if rest else one for one in document]
    if isinstance(document, list) and key.isdecimal() and int(key) < len(document):
        found = document[int(key)]
    elif isinstance(document, dict) and key in document:
        found = document[key]
    else:
        raise Mismatch(f"there is no {path} in {document!r}")
    return value_at(rest, found) if rest else found


def _compare_json(path: str, expected: Any, found: Any, varies: Paths) -> None:
    if path in varies:
        if not _is_alike(expected, found):
            raise Mismatch(f"{path} is {found!r}, not shaped like {expected!r}")
    elif isinstance(expected, dict) and isinstance(found, dict):
        if list(expected) != list(found):
            raise Mismatch(f"{path or 'the body'} has the keys {list(found)}, not {list(expected)}")
        for key, value in expected.items():
            _compare_json(f"{path}.{key}".lstrip("."), value, found[key], varies)
    elif isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        for index, value in enumerate(expected):
            _compare_json(f"{path}.{index}".lstrip("."), value, found[index], varies)
    elif type(expected) is not type(found) or expected != found:
        raise Mismatch(f"{path or 'the body'} is {found!r}, not {expected!r}")


def compare_some(path: str, expected: Mapping[str, Any], found: Any) -> None:
    for key, value in expected.items():
        shown = found.get(key) if isinstance(found, dict) else None
        if not _is_same(value, shown):
            raise Mismatch(f"{path}.{key} is {shown!r}, not {value!r}")


def _is_same(expected: Any, found: Any) -> bool:
    if isinstance(expected, str) and len(expected) > 2 and expected[0] == expected[-1] == "/":
        return isinstance(found, str) and re.fullmatch(expected[1:-1], found, re.DOTALL) is not None
    return bool(expected == found)


def compare_text(expected: str, found: str, varies: list[str]) -> None:
    if not _alike(varies)(expected, found):
        raise Mismatch(f"the text is {found!r}, not {expected!r}")


def _alike(varies: list[str]) -> Callable[[str, str], bool]:
    """Where the expected text matches a pattern of ``varies``, the one found may hold anything else that matches it."""

    def alike(expected: str, found: str) -> bool:
        pattern, position = "", 0
        for match in re.finditer("|".join(f"(?:{one})" for one in varies), expected) if varies else ():
            like = next(one for one in varies if re.fullmatch(one, match[0]))
            pattern += re.escape(expected[position : match.start()]) + f"(?:{like})"
            position = match.end()
        return re.fullmatch(pattern + re.escape(expected[position:]), found) is not None

    return alike


def _compare_lines(expected: Mapping[str, Any], found: list[str]) -> None:
    if len(found) != expected["count"]:
        raise Mismatch(f"there are {len(found)} lines, not {expected['count']}; the first is {found[0]!r}")
    for line in found:
        if not re.fullmatch(expected["each"], line):
            raise Mismatch(f"the line {line!r} is not like {expected['each']!r}")


def _is_alike(expected: Any, found: Any) -> bool:
    """Of one type and length; a text of digits is a number, however long."""
    if type(expected) is str and type(found) is str and expected.isdecimal():
        return found.isdecimal()
    return type(expected) is type(found) and (not isinstance(found, str | list | dict) or len(expected) == len(found))


def filled_tree(tree: Any, fill: Callable[[str], Any]) -> Any:
    if isinstance(tree, str):
        return fill(tree)
    if isinstance(tree, dict):
        return {key: filled_tree(value, fill) for key, value in tree.items()}
    return [filled_tree(value, fill) for value in tree] if isinstance(tree, list) else tree
