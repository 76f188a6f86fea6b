"""Runs documented examples against an emulator and compares what it answers. Knows no provider.

An example's request may name ``{credential}`` of its account, values kept from an earlier answer, and ``{numbers:300}`` for
that many recipients separated by commas.
"""

import http.client
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote, urlencode, urlsplit

from emulator import infoset
from emulator.fixtures import BUILT_IN, Example, Sheet, load_sheet

_PLACEHOLDER = re.compile(r"\{([a-z_]+)(?::([0-9]+))?\}")


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


class Target(Protocol):
    """Something that answers HTTP requests. ``is_own`` says whether its clock may be moved."""

    @property
    def is_own(self) -> bool: ...

    def send(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer: ...


class TargetError(Exception):
    """Examples cannot be sent to what was named."""


class HttpTarget:
    """A server at a base URL. Raises TargetError for what is no such URL."""

    def __init__(self, base_url: str, *, is_own: bool) -> None:
        self.is_own = is_own
        parts = urlsplit(base_url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise TargetError(f"{base_url!r} is no http:// or https:// address")
        self._path = parts.path.rstrip("/")
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self._connect: Callable[[], http.client.HTTPConnection] = lambda: kind(parts.hostname or "", parts.port, timeout=30)

    def send(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        connection = self._connect()
        try:
            connection.request(method, self._path + path, body or None, dict(headers))
            response = connection.getresponse()
            return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, response.read())
        finally:
            connection.close()


@dataclass(frozen=True, slots=True)
class Result:
    """``difference`` says what was not as documented; ``skipped`` why it was not tried.

    ``expected`` is the documented answer with the values of the account it ran on, where it got that far.
    """

    example: Example
    difference: str | None = None
    skipped: str | None = None
    expected: Mapping[str, Any] | None = None


class Mismatch(Exception):
    """An answer is not as documented; the message says where."""


class Skip(Exception):
    """The example cannot be tried here; the message says why."""


@dataclass
class _World:
    """One account to run on: its id, and the values that placeholders stand for."""

    account: str
    values: dict[str, str] = field(default_factory=dict)


class Runner:
    """Runs the examples of one provider's sheet, each on the demo account or on a fresh one as it says."""

    def __init__(self, sheet: Sheet, target: Target) -> None:
        self._sheet = sheet
        self._target = target
        self._examples = {example.path: example for example in sheet.examples}

    def run_all(self) -> Iterable[Result]:
        return (self.run(example) for example in self._examples.values())

    def run(self, example: Example) -> Result:
        result = Result(example)
        try:
            world = self._world(example)
            answer = self._prepared(example, world)
            expected = _filled_tree(example.document["response"], lambda text: _filled(text, world))
            result = Result(example, expected=expected)
            self._check(example, answer, world)
        except Mismatch as mismatch:
            return replace(result, difference=str(mismatch))
        except Skip as skip:
            return replace(result, skipped=str(skip))
        except (OSError, http.client.HTTPException) as error:
            return replace(result, difference=f"no answer: {error!r}")
        return result

    def _world(self, example: Example) -> _World:
        wanted = example.given.get("account", "demo")
        if wanted == "demo":
            return _World(f"{self._sheet.name}-demo", dict(self._sheet.document["accounts"]["demo"]["credentials"]))
        made = self._control("POST", "/accounts", {"provider": self._sheet.name, **({} if wanted == "new" else wanted)})
        return _World(made["id"], dict(made["credentials"]))

    def _prepared(self, example: Example, world: _World) -> Answer:
        """Run what comes first, then the example's own request."""
        for path in example.given.get("first", []):
            before = self._examples[path]
            answer = self._prepared(before, world)
            for name, where in {**before.given.get("keep", {}), **example.given.get("keep", {})}.items():
                if (kept := _kept(answer, where)) is not None:
                    world.values[name] = kept
        if "inbound" in example.given:
            self._text(example.given["inbound"], world)
        if "advance" in example.given:
            self._advance(example.given["advance"])
        return self._sent(example.document["request"], world)

    def _sent(self, request: Mapping[str, Any], world: _World) -> Answer:
        headers = {name: _filled(str(value), world) for name, value in (request.get("headers") or {}).items()}
        path = f"/{self._sheet.name}{_filled(request['path'], world, quote)}"
        if "query" in request:
            path += "?" + _encoded(request["query"], world)
        if "form" in request:
            headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
            body = _encoded(request["form"], world).encode()
        else:
            body = _filled(request.get("body") or "", world).encode(request.get("encoding", "utf-8"))
        return self._target.send(request["method"], path, headers, body)

    def _check(self, example: Example, answer: Answer, world: _World) -> None:
        compare(example.document["response"], answer, lambda text: _filled(text, world))
        for step in example.document.get("then") or []:
            if "advance" in step:
                self._advance(step["advance"])
            if "inbound" in step:
                self._text(step["inbound"], world)
            if "status" in step:
                newest = self._control("GET", f"/messages?limit=1&q=account:{world.account}")["messages"][0]
                self._control("POST", f"/messages/{newest['id']}/status", {"status": step["status"]})
            if "message" in step:
                found = self._control("GET", f"/messages?limit=1&q=account:{world.account}")["messages"]
                _compare_some("message", step["message"], found[0] if found else None)
            if "webhook" in step:
                self._check_webhook(step["webhook"], world)

    def _text(self, reply: Mapping[str, Any], world: _World) -> None:
        """A handset texts the account: ``from``, ``to``, ``text``."""
        filled = {key: _filled(str(value), world) for key, value in reply.items()}
        self._control("POST", "/inbound", {"provider": self._sheet.name, "account": world.account, **filled})

    def _check_webhook(self, expected: Mapping[str, Any], world: _World) -> None:
        """The newest call to the application: ``method``, ``url``, ``headers`` and its ``json`` or ``text`` body."""
        webhooks = self._control("GET", "/webhooks?limit=1000")["webhooks"]
        found = next((one for one in webhooks if one["account"] == world.account), None)
        if found is None:
            raise Mismatch("nothing was posted to the application")
        _compare_some("webhook", {key: expected[key] for key in ("method", "headers", "state") if key in expected}, found)
        varies = list(expected.get("varies") or [])
        if "url" in expected:
            _compare_text(_filled(expected["url"], world), found["url"], varies)
        answer = Answer(200, {}, found["body"].encode())
        body = {key: expected[key] for key in ("json", "text") if key in expected}
        compare({"status": 200, "varies": varies, **body}, answer, lambda text: _filled(text, world))

    def _advance(self, seconds: float) -> None:
        if not self._target.is_own:
            raise Skip("would move the clock of a server that others may use")
        self._control("POST", "/clock/advance", {"seconds": seconds})

    def _control(self, method: str, path: str, document: Any = None) -> Any:
        body = b"" if document is None else json.dumps(document).encode()
        answer = self._target.send(method, f"/_emulator{path}", {"Content-Type": "application/json"}, body)
        if answer.status not in {200, 201}:
            raise Skip(f"needs the control API, which answered {answer.status}: {answer.body[:200]!r}")
        return json.loads(answer.body)


def compare(expected: Mapping[str, Any], answer: Answer, fill: Callable[[str], str] = str) -> None:
    """Raises Mismatch. What ``varies`` (paths into JSON, patterns in text and XML) is compared by shape."""
    if answer.status != expected["status"]:
        raise Mismatch(f"status is {answer.status}, not {expected['status']}: {answer.body[:300]!r}")
    for name, value in (expected.get("headers") or {}).items():
        found = answer.headers.get(name.lower())
        if found != value:
            raise Mismatch(f"header {name} is {found!r}, not {value!r}")
    varies = expected.get("varies") or []
    if "json" in expected:
        try:
            document = json.loads(answer.body)
        except ValueError:
            raise Mismatch(f"the body is not JSON: {answer.body[:300]!r}") from None
        _compare_json("", _filled_tree(expected["json"], fill), document, frozenset(varies))
    if "text" in expected:
        _compare_text(fill(expected["text"]), answer.body.decode(errors="replace"), varies)
    if "xml" in expected and (difference := infoset.difference(fill(expected["xml"]), answer.body, _alike(varies))):
        raise Mismatch(difference)
    if "lines" in expected:
        _compare_lines(expected["lines"], answer.body.decode(errors="replace").split("\n"))


def _compare_json(path: str, expected: Any, found: Any, varies: frozenset[str]) -> None:
    if path in varies:
        if _shape(expected) != _shape(found):
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


def _compare_some(path: str, expected: Mapping[str, Any], found: Any) -> None:
    for key, value in expected.items():
        shown = found.get(key) if isinstance(found, dict) else None
        if shown != value:
            raise Mismatch(f"{path}.{key} is {shown!r}, not {value!r}")


def _compare_text(expected: str, found: str, varies: list[str]) -> None:
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


def _shape(value: Any) -> tuple[type, int]:
    return type(value), len(value) if isinstance(value, str | list | dict) else 0


def _kept(answer: Answer, where: str) -> str | None:
    """The first group of a pattern written as ``/.../``, else the value at a dotted path into the JSON body."""
    if where.startswith("/"):
        match = re.search(where.strip("/"), answer.body.decode(errors="replace"))
        return match[1] if match else None
    value = json.loads(answer.body)
    for key in where.split("."):
        value = value[int(key)] if isinstance(value, list) else value.get(key)
    return None if value is None else str(value)


def _filled(text: str, world: _World, write: Callable[[str], str] = str) -> str:
    def value(match: re.Match[str]) -> str:
        if match[1] == "numbers":
            return ",".join(f"2799{900000 + number}" for number in range(int(match[2])))
        return write(world.values[match[1]]) if match[1] in world.values else match[0]

    return _PLACEHOLDER.sub(value, text)


def _filled_tree(tree: Any, fill: Callable[[str], str]) -> Any:
    if isinstance(tree, str):
        return fill(tree)
    if isinstance(tree, dict):
        return {key: _filled_tree(value, fill) for key, value in tree.items()}
    return [_filled_tree(value, fill) for value in tree] if isinstance(tree, list) else tree


def _encoded(parameters: Any, world: _World) -> str:
    """A text is sent as it stands, a mapping percent-encoded."""
    if isinstance(parameters, str):
        return _filled(parameters, world, quote)
    return urlencode({name: _filled(str(value), world) for name, value in parameters.items()})


def run_all(provider: str | None, base_url: str | None) -> int:
    """Run every example and print a table; 0 when all answers were as documented, else 1."""
    names = [provider] if provider else sorted(path.parent.name for path in BUILT_IN.glob("*/provider.yaml"))
    sheets = [load_sheet(name) for name in names]
    if base_url is not None:
        return _report(result for sheet in sheets for result in Runner(sheet, HttpTarget(base_url, is_own=False)).run_all())
    from emulator.launch import running  # noqa: PLC0415  # only where a server is started

    with running() as url:
        return _report(result for sheet in sheets for result in Runner(sheet, HttpTarget(url, is_own=True)).run_all())


def _report(results: Iterable[Result]) -> int:
    counts: Counter[str] = Counter()
    evidence: Counter[str] = Counter()
    for result in results:
        outcome = "DIFFERS" if result.difference else "skipped" if result.skipped else "as documented"
        example = result.example
        counts[outcome] += 1
        evidence[example.evidence] += 1
        print(f"{outcome:14} {example.evidence:11} {example.provider}/{Path(example.path).with_suffix('')}  {example.title}")
        if note := result.difference or result.skipped:
            print(f"{'':14} {note}")
    print()
    print(", ".join(f"{number} {outcome}" for outcome, number in counts.items()))
    print("evidence: " + ", ".join(f"{number} {kind}" for kind, number in evidence.items()))
    return 1 if counts["DIFFERS"] or not counts else 0
