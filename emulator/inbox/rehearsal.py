"""Runs one documented example: on this server where it only asks, on a stage of its own where it moves time.

What differs on this server is tried on the stage too: there it shows whether the emulator or what happened before is to blame.

What it makes on this server it takes away again, except what a request sent by hand would leave as well: the messages and
exchanges of the demo account.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from emulator.comparison import Answer
from emulator.core.journal import Exchange
from emulator.edge.context import runtime, smsc
from emulator.edge.stage import BusyError
from emulator.examples import Result, Runner, Target
from emulator.fixtures import Example, Sheet
from emulator.inbox.asking import Line, this_server
from emulator.inbox.comparison import Row, rows

_CONTROL = "/_emulator/"


@dataclass(frozen=True, slots=True)
class Sent:
    """The example's own request, as it went out."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: str


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """``is_of_here``: it differs by what was sent to this server or set on it before; ``exchange`` is the request it kept."""

    result: Result
    is_staged: bool
    sent: Sent | None
    rows: list[Row]
    is_of_here: bool = False
    exchange: Exchange | None = None

    @property
    def verdict(self) -> str:
        if self.result.difference:
            return "differs here" if self.is_of_here else "differs"
        return "not tried" if self.result.skipped else f"as {self.result.example.basis}"


def moves_time(sheet: Sheet, example: Example) -> bool:
    """Whether it, or what comes first, needs a clock of its own; so does what an answer is followed by, but for its message."""
    before = {one.path: one for one in sheet.examples}
    if "advance" in example.given or any(step.keys() - {"message"} for step in example.document.get("then") or []):
        return True
    return any(path in before and moves_time(sheet, before[path]) for path in example.given.get("first", []))


def rehearse(sheet: Sheet, example: Example) -> Rehearsal:
    """Raises BusyError where the stage it needs is taken for too long."""
    if moves_time(sheet, example):
        return _on_stage(sheet, example)
    here = _here(sheet, example)
    if here.result.difference is None:
        return here
    try:
        elsewhere = _on_stage(sheet, example)
    except BusyError:
        return here
    return replace(here, is_of_here=elsewhere.result.difference is None and elsewhere.result.skipped is None)


def _here(sheet: Sheet, example: Example) -> Rehearsal:
    line = this_server()
    watch = _Watch(line)
    try:
        result = Runner(sheet, watch).run(example)
        kept = smsc.store.get(Exchange, line.exchanges[-1]) if line.exchanges else None
        return replace(watch.rehearsal(result, is_staged=False), exchange=kept)
    finally:
        for account in watch.made:
            watch.target.send("DELETE", f"{_CONTROL}accounts/{account}", {}, b"")


def _on_stage(sheet: Sheet, example: Example) -> Rehearsal:
    with runtime().stage.taken() as application:
        watch = _Watch(Line(application, is_own=True))
        watch.target.send("POST", f"{_CONTROL}reset", {}, b"")
        return watch.rehearsal(Runner(sheet, watch).run(example), is_staged=True)


@dataclass
class _Watch:
    """A target that remembers what was sent to it last, the answer, and the accounts it was asked to make."""

    target: Target
    made: list[str] = field(default_factory=list)
    sent: Sent | None = None
    answer: Answer | None = None

    @property
    def is_own(self) -> bool:
        return self.target.is_own

    @property
    def base_url(self) -> str:
        return self.target.base_url

    def send(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        if path.startswith(_CONTROL):
            answer = self.target.send(method, path, headers, body)
            if (method, path, answer.status) == ("POST", f"{_CONTROL}accounts", 201):
                self.made.append(json.loads(answer.body)["id"])
            return answer
        self.sent = Sent(method, path, dict(headers), body.decode(errors="replace"))
        self.answer = None
        self.answer = self.target.send(method, path, headers, body)
        return self.answer

    def rehearsal(self, result: Result, *, is_staged: bool) -> Rehearsal:
        compared = [] if self.answer is None or result.expected is None else rows(result.expected, self.answer)
        if result.difference is None:  # written in another way, it says the same
            compared = [replace(row, mark="varies") if row.mark == "differs" else row for row in compared]
        return Rehearsal(result, is_staged, self.sent, compared)
