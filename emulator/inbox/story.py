"""What has happened to a message, in order: its statuses, and every call that told the application."""

from dataclasses import dataclass
from datetime import datetime

from emulator.core.accounts import Account
from emulator.core.lifecycle import FORCIBLE, Event, is_final, next_event
from emulator.core.message import Message, Status, Step
from emulator.core.webhooks import State, WebhookCall
from emulator.edge.context import runtime, sheet, smsc

_MOODS = {
    Status.DELIVERED: "good", Status.RECEIVED: "good", Status.UNDELIVERED: "bad", Status.EXPIRED: "bad", Status.REJECTED: "bad",
    Status.SENT: "calm",
}  # fmt: skip
_FAILURES = (Status.UNDELIVERED, Status.EXPIRED, Status.REJECTED)


@dataclass(frozen=True, slots=True)
class Line:
    """A step or a call; ``why`` is what the provider itself calls the step."""

    at: datetime | None
    mood: str
    step: Step | None = None
    why: str = ""
    call: WebhookCall | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """``planned`` is what will happen by itself; ``can`` the statuses that somebody may give the message now."""

    lines: list[Line]
    planned: Event | None
    can: tuple[Status, ...]
    failures: tuple[Status, ...]
    newest_call: WebhookCall | None
    codes: list[tuple[str, str]]
    has_callback_url: bool


def story(message: Message) -> Story:
    account = smsc.store.get(Account, message.account)
    calls = list(smsc.store.find(WebhookCall, message=message.id))
    lines = [_of_step(message, step) for step in message.timeline] + [_of_call(call) for call in calls]
    return Story(
        lines=sorted(lines, key=_place),
        planned=None if is_final(message) else next_event(message, smsc.delivery),
        can=() if is_final(message) else tuple(one for one in Status if one in FORCIBLE and one is not message.status),
        failures=_FAILURES,
        newest_call=calls[-1] if calls else None,
        codes=_error_codes(message.provider),
        has_callback_url=account is not None and bool(account.settings.get("callback_url")),
    )


def _place(line: Line) -> tuple[bool, float]:
    """By time; calls that nobody has made yet come last."""
    return line.at is None, line.at.timestamp() if line.at else 0.0


def _of_step(message: Message, step: Step) -> Line:
    error = message.error if step is message.timeline[-1] else None
    provider = runtime().providers[message.provider]
    return Line(step.at, _MOODS.get(step.status, ""), step, provider.status_words(sheet(provider.name), step.status, error))


def _of_call(call: WebhookCall) -> Line:
    mood = {State.TAKEN: "good", State.GIVEN_UP: "bad"}.get(call.state, "")
    return Line(call.attempts[0].at if call.attempts else None, mood, call=call)


def _error_codes(provider: str) -> list[tuple[str, str]]:
    """The provider's own codes for a message that fails, where its sheet lists statuses."""
    rows = sheet(provider).document.get("statuses", {})
    return [(str(code), str(row["text"])) for code, row in rows.items() if row.get("kind") == "error"]
