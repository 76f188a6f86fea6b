"""Runs documented examples against an emulator and compares what it answers. Knows no provider.

An example's request may name ``{credential}`` of its account, values kept from an earlier answer, ``{base}`` for the address
of the emulator, ``{numbers:300}`` for that many recipients separated by commas, ``{in:3600}`` for the unix time so many seconds
from now, and ``{repeated}`` for the ``text`` of ``repeated`` as many ``times``, separated by commas. ``basic`` are the user and
password of HTTP Basic.
"""

import base64
import http.client
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote, urlencode, urlsplit

from emulator.comparison import Answer, Mismatch, compare, compare_some, compare_text, filled_tree, value_at
from emulator.fixtures import BUILT_IN, Example, Sheet, load_sheet

_PLACEHOLDER = re.compile(r"\{([a-z_]+)(?::([0-9]+))?\}")


class Target(Protocol):
    """Something that answers HTTP requests at ``base_url``. ``is_own`` says whether its clock may be moved."""

    @property
    def is_own(self) -> bool: ...

    @property
    def base_url(self) -> str: ...

    def send(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer: ...


class TargetError(Exception):
    """Examples cannot be sent to what was named."""


class HttpTarget:
    """A server at a base URL. Raises TargetError for what is no such URL, or where no emulator answers."""

    def __init__(self, base_url: str, *, is_own: bool) -> None:
        self.is_own = is_own
        self.base_url = base_url.rstrip("/")
        try:
            parts = urlsplit(base_url)
            is_address = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
        except ValueError:  # a port that is none, an address with half a bracket
            is_address = False
        if not is_address:
            raise TargetError(f"{base_url!r} is no http:// or https:// address")
        self._path = parts.path.rstrip("/")
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self._connect: Callable[[], http.client.HTTPConnection] = lambda: kind(parts.hostname or "", parts.port, timeout=30)

        self._must_answer()

    def _must_answer(self) -> None:
        try:
            answer = self.send("GET", "/_emulator/health", {}, b"")
            is_ready = json.loads(answer.body)["status"] == "ready"
        except (OSError, http.client.HTTPException) as error:
            raise TargetError(f"there is no emulator at {self.base_url}: {error}") from error
        except (ValueError, LookupError, TypeError):
            is_ready = False
        if not is_ready:
            raise TargetError(f"there is no emulator at {self.base_url}: whoever is there answers something else")

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


class Skip(Exception):
    """The example cannot be tried here; the message says why."""


@dataclass
class _World:
    """One account to run on: its id, and the values that placeholders stand for."""

    account: str
    values: dict[str, Any] = field(default_factory=dict)


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
            expected = filled_tree(example.document["response"], lambda text: _value(text, world))
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
            return self._known(f"{self._sheet.name}-demo", self._sheet.document["accounts"]["demo"]["credentials"])
        made = self._control("POST", "/accounts", {"provider": self._sheet.name, **({} if wanted == "new" else wanted)})
        return self._known(made["id"], made["credentials"])

    def _known(self, account: str, credentials: Mapping[str, str]) -> _World:
        return _World(account, {"base": self._target.base_url, **credentials})

    def _prepared(self, example: Example, world: _World) -> Answer:
        """Run what comes first, then the example's own request."""
        for path in example.given.get("first", []):
            before = self._examples[path]
            answer = self._prepared(before, world)
            for name, where in {**before.given.get("keep", {}), **example.given.get("keep", {})}.items():
                if (kept := _kept(answer, where)) is not None:
                    world.values[name] = kept
        self._prepare(example.given, world)
        return self._sent(example.document["request"], world)

    def _prepare(self, given: Mapping[str, Any], world: _World) -> None:
        """``change`` settings, add a ``fault`` rule, text the account, ``advance``, keep what the newest ``message`` says."""
        if "change" in given:
            self._control("PATCH", f"/accounts/{world.account}", given["change"])
        if "fault" in given:
            self._control("POST", "/faults", {"account": world.account, **given["fault"]})
        if "inbound" in given:
            self._text(given["inbound"], world)
        if "advance" in given:
            self._advance(given["advance"])
        for name, where in given.get("message", {}).items():
            match = re.search(where.strip("/"), (self._newest(world) or {"text": ""})["text"])
            world.values[name] = match[1] if match else ""

    def _sent(self, request: Mapping[str, Any], world: _World) -> Answer:
        self._note(request, world)
        headers = {name: _filled(str(value), world) for name, value in (request.get("headers") or {}).items()}
        if "basic" in request:
            presented = base64.b64encode(_filled(request["basic"], world).encode()).decode()
            headers["Authorization"] = f"Basic {presented}"
        path = f"/{self._sheet.name}{_filled(request['path'], world, quote)}"
        if "query" in request:
            path += "?" + _encoded(request["query"], world)
        if "form" in request:
            headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
            body = _encoded(request["form"], world).encode()
        else:
            body = _filled(request.get("body") or "", world).encode(request.get("encoding", "utf-8"))
        return self._target.send(request["method"], path, headers, body)

    def _note(self, request: Mapping[str, Any], world: _World) -> None:
        """The values of placeholders that are worked out for this request."""
        if "repeated" in request:
            world.values["repeated"] = ",".join([request["repeated"]["text"]] * request["repeated"]["times"])
        for seconds in set(re.findall(r"\{in:([0-9]+)\}", str(request))):
            now = datetime.fromisoformat(self._control("GET", "/clock")["now"])
            world.values[f"in:{seconds}"] = int(now.timestamp()) + int(seconds)

    def _check(self, example: Example, answer: Answer, world: _World) -> None:
        compare(example.document["response"], answer, lambda text: _value(text, world))
        for step in example.document.get("then") or []:
            if "advance" in step:
                self._advance(step["advance"])
            if "inbound" in step:
                self._text(step["inbound"], world)
            if "status" in step:
                newest = self._newest(world) or {"id": "none"}
                self._control("POST", f"/messages/{newest['id']}/status", {"status": step["status"]})
            if "message" in step:
                self._check_message(step["message"], world)
            if "webhook" in step:
                self._check_webhook(step["webhook"], world)

    def _text(self, reply: Mapping[str, Any], world: _World) -> None:
        """A handset texts the account: ``from``, ``to``, ``text``."""
        filled = {key: _filled(str(value), world) for key, value in reply.items()}
        self._control("POST", "/inbound", {"provider": self._sheet.name, "account": world.account, **filled})

    def _newest(self, world: _World) -> dict[str, Any] | None:
        found: list[dict[str, Any]] = self._control("GET", f"/messages?limit=1&q=account:{world.account}")["messages"]
        return found[0] if found else None

    def _check_message(self, expected: Mapping[str, Any] | None, world: _World) -> None:
        """Some of the newest message of the account; null: there is none."""
        newest = self._newest(world)
        if expected is None and newest is not None:
            raise Mismatch(f"there is a message: {newest['text']!r}")
        compare_some("message", expected or {}, newest)

    def _check_webhook(self, expected: Mapping[str, Any] | None, world: _World) -> None:
        """The newest call to the application: ``method``, ``url``, ``headers``, its ``json`` or ``text`` body; null: none."""
        webhooks = self._control("GET", "/webhooks?limit=1000")["webhooks"]
        found = next((one for one in webhooks if one["account"] == world.account), None)
        if expected is None:
            if found is not None:
                raise Mismatch(f"{found['url']} was called")
            return
        if found is None:
            raise Mismatch("nothing was posted to the application")
        compare_some("webhook", {key: expected[key] for key in ("method", "headers", "state") if key in expected}, found)
        varies = list(expected.get("varies") or [])
        if "url" in expected:
            compare_text(_filled(expected["url"], world), found["url"], varies)
        answer = Answer(200, {}, found["body"].encode())
        body = {key: expected[key] for key in ("json", "text") if key in expected}
        compare({"status": 200, "varies": varies, **body}, answer, lambda text: _value(text, world))

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


def _kept(answer: Answer, where: str) -> Any:
    """The first group of a pattern written as ``/.../``, else the value at a dotted path into the JSON body."""
    if where.startswith("/"):
        match = re.search(where.strip("/"), answer.body.decode(errors="replace"))
        return match[1] if match else None
    try:
        return value_at(where, json.loads(answer.body))
    except (Mismatch, ValueError):
        return None


def _filled(text: str, world: _World, write: Callable[[str], str] = str) -> str:
    def value(match: re.Match[str]) -> str:
        if match[1] == "numbers":
            return ",".join(f"2799{900000 + number}" for number in range(int(match[2])))
        known = world.values.get(match[0][1:-1])
        return match[0] if known is None else write(str(known))

    return _PLACEHOLDER.sub(value, text)


def _value(text: str, world: _World) -> Any:
    """A text that is a placeholder and nothing else is the value as it came, a number for a number."""
    return world.values.get(text[1:-1], text) if _PLACEHOLDER.fullmatch(text) else _filled(text, world)


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
        target = HttpTarget(base_url, is_own=False)
        return _report(result for sheet in sheets for result in Runner(sheet, target).run_all())
    from emulator.launch import running  # noqa: PLC0415  # only where a server is started

    with running() as url:
        return _report(result for sheet in sheets for result in Runner(sheet, HttpTarget(url, is_own=True)).run_all())


def _report(results: Iterable[Result]) -> int:
    counts: Counter[str] = Counter()
    evidence: Counter[str] = Counter()
    for result in results:
        outcome = "DIFFERS" if result.difference else "skipped" if result.skipped else f"as {result.example.basis}"
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
