"""Failures on purpose. Rules count, they do not roll dice."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar

from emulator.core.errors import Reason
from emulator.core.message import Fate, Message
from emulator.core.search import parse
from emulator.core.store import Store

ABOUT_THE_CALLER = frozenset(
    {
        Reason.BAD_CREDENTIALS,
        Reason.ACCOUNT_BLOCKED,
        Reason.MALFORMED,
        Reason.THROTTLED,
        Reason.NOT_PERMITTED,
        Reason.UNKNOWN_OPERATION,
        Reason.INTERNAL,
    }
)
"""Refused before the request is read further, unless the rule's match asks for messages; others are refused one by one."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What a fault looks like; exactly one of the first eight is set.

    ``delay`` is in real seconds, ``truncate`` in octets of the answer that still arrive, ``rate`` is (requests, seconds).
    """

    delay: float | None = None
    status: int | None = None
    drop: bool = False
    truncate: int | None = None
    garble: bool = False
    refuse: Reason | None = None
    fate: Fate | None = None
    rate: tuple[int, float] | None = None
    retry_after: int | None = None

    @property
    def is_about_messages(self) -> bool:
        return self.fate is not None or (self.refuse is not None and self.refuse not in ABOUT_THE_CALLER)


@dataclass(frozen=True, slots=True)
class FaultRule:
    """Applies to what it matches, from the ``after``-th time on, ``times`` times; None is for ever."""

    indexed: ClassVar[tuple[str, ...]] = ("account",)

    key: str
    effect: Effect
    described: str
    """The effect as it was asked for, in JSON."""
    match: str = ""
    provider: str | None = None
    account: str | None = None
    operation: str | None = None
    times: int | None = None
    after: int = 0
    seen: int = 0
    used: int = 0
    tokens: float | None = None
    filled_at: datetime | None = None

    @property
    def effect_as_asked(self) -> Any:
        return json.loads(self.described)

    @property
    def counts_messages(self) -> bool:
        """Whether it is decided message by message, before anything of the request is stored."""
        return bool(parse(self.match).terms) or self.effect.is_about_messages

    def concerns(self, provider: str | None, account: str | None, operation: str | None) -> bool:
        asked = ((self.provider, provider), (self.account, account), (self.operation, operation))
        return all(wanted is None or wanted == given for wanted, given in asked)

    def matches(self, message: Message) -> bool:
        return parse(self.match).matches(message)

    def counted(self) -> "FaultRule":
        """One more time that it matched."""
        active = self.seen >= self.after and (self.times is None or self.used < self.times)
        return replace(self, seen=self.seen + 1, used=self.used + active)

    def drawn(self, now: datetime) -> "FaultRule":
        """One token less; below zero when the rate is exceeded."""
        limit, seconds = self.effect.rate or (0, 1.0)
        since = 0.0 if self.filled_at is None else max((now - self.filled_at).total_seconds(), 0.0)
        tokens = min((limit if self.tokens is None else self.tokens) + since * limit / seconds, float(limit))
        return replace(
            self, tokens=tokens - 1 if tokens >= 1 else tokens, filled_at=now, seen=self.seen + 1, used=self.used + (tokens < 1)
        )


class Faults:
    """The rules in force."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store = store
        self.now = now

    def rules(self) -> list[FaultRule]:
        return list(self._store.find(FaultRule)) if self._store.count(FaultRule) else []

    def striking(self, rules: list[FaultRule]) -> Iterator[Effect]:
        """The effects that strike this time; each rule is counted once."""
        for rule in rules:
            changed = self._count(rule)
            if changed is not None and changed.used > rule.used:
                yield rule.effect

    def _count(self, rule: FaultRule) -> FaultRule | None:
        before: list[int] = []

        def counted(present: FaultRule) -> FaultRule:
            before.append(present.used)
            return present.drawn(self.now()) if present.effect.rate is not None else present.counted()

        try:
            changed = self._store.change(FaultRule, rule.key, counted)
        except KeyError:  # taken away meanwhile
            return None
        return changed if changed.used > before[-1] else None
