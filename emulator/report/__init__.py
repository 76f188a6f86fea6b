"""The report of a session: one HTML page that needs nothing else. Knows documents as the control API shows them.

Every text in it may come from an attacker: it is escaped, no address in it can be clicked, and the page forbids itself to load
or run anything.
"""

from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from jinja2 import Environment, FileSystemLoader

T = TypeVar("T")

_HERE = Path(__file__).parent
_ENDED_BADLY = frozenset({"undelivered", "expired", "rejected"})
_PICTURES = {code: 0x2400 + code for code in range(0x20) if chr(code) not in "\t\n"} | {0x7F: 0x2421}


@dataclass(frozen=True, slots=True)
class Chapter:
    """What happened until a reset, or in one test. ``failed`` is how the test failed, where it did."""

    title: str
    messages: Sequence[Any] = ()
    exchanges: Sequence[Any] = ()
    webhooks: Sequence[Any] = ()
    crashes: Sequence[Any] = ()
    failed: str | None = None
    left_out: Mapping[str, int] = field(default_factory=dict)
    """How many older messages, exchanges and webhooks without a failure were too many to be told."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened: ``when`` (ISO 8601), what kind of thing, and what it was."""

    when: str
    kind: str
    text: str
    bad: bool = field(default=False)


def told(newest_first: Iterable[T], most: int, went_wrong: Callable[[T], bool]) -> tuple[list[T], int]:
    """The newest ``most`` and all that went wrong, oldest first; and how many others there are."""
    every = iter(newest_first)
    kept, left_out = list(islice(every, most)), 0
    for one in every:
        if went_wrong(one):
            kept.append(one)
        else:
            left_out += 1
    return kept[::-1], left_out


def ended_badly(message: Any) -> bool:
    return message["status"] in _ENDED_BADLY


def was_refused(exchange: Any) -> bool:
    return exchange["refusal"] is not None


def met_trouble(webhook: Any) -> bool:
    return any(map(_went_wrong, webhook["attempts"]))


def timeline(chapter: Chapter) -> list[Line]:
    """What happened on the wire, to messages and to the application, by time."""
    return sorted([*_asked(chapter), *_steps(chapter), *_told(chapter)], key=lambda line: line.when)


def failures(chapter: Chapter) -> list[Line]:
    """What somebody looking for the reason of a red build wants to see first."""
    crashed = [Line(crash["at"], "crash", f"{crash['where']}\n{crash['traceback']}", bad=True) for crash in chapter.crashes]
    return [*crashed, *(line for line in timeline(chapter) if line.bad)]


def render(chapters: Sequence[Chapter], *, title: str, version: str, chapters_left_out: int = 0) -> str:
    """The page. Chapters that are left out have no failure."""
    environment = Environment(loader=FileSystemLoader(_HERE), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters["visible"] = visible
    style = (_HERE / "style.css").read_text(encoding="utf-8")
    return environment.get_template("page.html").render(
        title=title,
        version=version,
        style=style,
        chapters_left_out=chapters_left_out,
        style_hash=b64encode(sha256(style.encode()).digest()).decode(),
        chapters=[(chapter, failures(chapter), timeline(chapter)) for chapter in chapters],
    )


def visible(text: Any) -> str:
    """Control characters as their pictures."""
    return str(text).translate(_PICTURES)


def _asked(chapter: Chapter) -> Iterator[Line]:
    for exchange in chapter.exchanges:
        request, refusal = exchange["request"], exchange["refusal"]
        what = f"{request['method']} {request['path']} → {exchange['response']['status']}"
        why = f"  refused {refusal['code']}: {refusal['rule']} {refusal['detail']}" if refusal else ""
        yield Line(exchange["at"], exchange["provider"], what + why, bad=was_refused(exchange))


def _steps(chapter: Chapter) -> Iterator[Line]:
    for message in chapter.messages:
        for step in message.get("timeline", ()):
            what = f"{step['status']}: {message['sender']} → {message['recipient']} {message['text']}"
            yield Line(step["at"], "message", what, bad=step["status"] in _ENDED_BADLY)


def _told(chapter: Chapter) -> Iterator[Line]:
    for webhook in chapter.webhooks:
        for attempt in webhook["attempts"]:
            answer = attempt["error"] or attempt["status"]
            yield Line(attempt["at"], "webhook", f"{webhook['method']} {webhook['url']} → {answer}", bad=_went_wrong(attempt))


def _went_wrong(attempt: Any) -> bool:
    return not (attempt["status"] and 200 <= attempt["status"] < 300)
