"""Where faults strike: before the route, when the caller is known, message by message, and on the answer's way out."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from flask import g
from werkzeug.wrappers import Response

from emulator.core.accounts import Account
from emulator.core.errors import Reason, Refusal
from emulator.core.faults import Effect, FaultRule, Faults
from emulator.core.message import Message, Submission
from emulator.edge.places import Places

LONGEST_DELAY = 60.0  # real seconds


class Struck(Exception):
    """The network or the front end answers instead of the provider."""

    def __init__(self, effect: Effect) -> None:
        super().__init__("a fault rule")
        self.effect = effect

    @property
    def described(self) -> str:
        return "connection dropped" if self.effect.drop else f"status {self.effect.status}"


@dataclass
class Strikes:
    """What the faults of one request have decided so far."""

    decided: set[str] = field(default_factory=set)
    mangling: list[Effect] = field(default_factory=list)


class FaultLine:
    """``places`` bounds how many requests may be held back at once: over it they are answered without delay."""

    def __init__(self, faults: Faults, places: Places) -> None:
        self._faults = faults
        self._places = places

    def request(self, provider: str | None, account: str | None, operation: str | None) -> None:
        """Strike a request by what is known of it; may be called again when more is. Raises Struck, Refusal."""
        strikes = _strikes()
        due = [
            rule
            for rule in self._faults.rules()
            if not rule.counts_messages and rule.key not in strikes.decided and rule.concerns(provider, account, operation)
        ]
        strikes.decided |= {rule.key for rule in due}
        for rule in due:
            self._strike_by(rule)

    def whole(self, account: Account, operation: str | None, *, sends: bool) -> None:
        """For requests whose messages are not answered one by one: what refuses any of them refuses it. Raises Refusal.

        Where nothing is sent, only a rule that names the operation is meant.
        """
        rules = [rule for rule in self._about_messages(account, operation) if not rule.match and rule.effect.refuse is not None]
        self._strike(self._faults.striking([rule for rule in rules if sends or rule.operation is not None]))

    def messages(
        self,
        account: Account,
        operation: str | None,
        submissions: Sequence[Submission],
        draft: Callable[[Account, Submission], Message],
    ) -> Sequence[Submission]:
        """The submissions with the fates that rules give them. Raises Struck before anything is stored."""
        rules = self._about_messages(account, operation)
        if not rules:
            return submissions
        return [self._fated(rules, submission, draft(account, submission)) for submission in submissions]

    def fates(
        self, account: Account, submissions: Sequence[Submission], draft: Callable[[Account, Submission], Message]
    ) -> Sequence[Submission]:
        """As ``messages``, for those that no request brings: effects on the wire have nothing to act on."""
        rules = [rule for rule in self._about_messages(account, None) if rule.effect.is_about_messages]
        if not rules:
            return submissions
        return [self._fated(rules, submission, draft(account, submission)) for submission in submissions]

    def _about_messages(self, account: Account, operation: str | None) -> list[FaultRule]:
        return [
            rule
            for rule in self._faults.rules()
            if rule.counts_messages and rule.concerns(account.provider, account.id, operation)
        ]

    def _fated(self, rules: Iterable[FaultRule], submission: Submission, draft: Message) -> Submission:
        for rule in rules:
            if not rule.matches(draft):
                continue
            if rule.effect.is_about_messages or rule.effect.refuse is not None:
                for effect in self._faults.striking([rule]):
                    submission = _decided(submission, effect)
            else:
                self._strike_by(rule)
        return submission

    def _strike_by(self, rule: FaultRule) -> None:
        """A delay holds a thread: when half of them are held, requests are answered at once, and not counted."""
        if rule.effect.delay is None:
            self._strike(self._faults.striking([rule]))
            return
        with self._places.held() as has_place:
            for effect in self._faults.striking([rule]) if has_place else ():
                time.sleep(min(effect.delay or 0.0, LONGEST_DELAY))

    def _strike(self, effects: Iterable[Effect]) -> None:
        for effect in effects:
            if effect.refuse is not None:
                raise Refusal(effect.refuse, "a fault rule", setting="")
            if effect.rate is not None:
                raise Refusal(Reason.THROTTLED, "a fault rule: {} requests in {:g} s".format(*effect.rate))
            if effect.truncate is not None or effect.garble:
                _strikes().mangling.append(effect)
            else:
                raise Struck(effect)


def _decided(submission: Submission, effect: Effect) -> Submission:
    if effect.refuse is None:
        return replace(submission, fate=effect.fate)
    return replace(submission, objection=submission.objection or Refusal(effect.refuse, "a fault rule", setting=""))


def plain_status(status: int) -> Response:
    return Response(f"{status}\n", status, mimetype="text/plain")


def answer(struck: Struck, render_status: Callable[[int], Response] = plain_status) -> Response:
    """A front end's own answer, or none at all."""
    effect = struck.effect
    if effect.drop or effect.status is None:
        return Response(_broken(b""), 502, {"Content-Length": "1"}, direct_passthrough=True)
    response = render_status(effect.status)
    if effect.retry_after is not None:
        response.headers["Retry-After"] = str(effect.retry_after)
    return response


def mangle(response: Response) -> bytes:
    """Cut or scramble an answer on its way out, as the request's faults say; answers what of it arrives."""
    if response.direct_passthrough:
        return b""
    for effect in _strikes().mangling:
        body = response.get_data()
        if effect.truncate is not None:
            response.response = _broken(body[: effect.truncate])
            response.direct_passthrough = True
            response.headers["Content-Length"] = str(len(body))
            return body[: effect.truncate]
        response.set_data(bytes(octet ^ 0x55 if place % 3 == 0 else octet for place, octet in enumerate(body)))
    return response.get_data()


def _broken(start: bytes) -> Iterator[bytes]:
    """The beginning of an answer that ends before its announced length: the server then breaks the connection.

    Whether a head precedes an empty beginning is the server's luck; that of a dropped answer never says success.
    """
    if start:
        yield start


def _strikes() -> Strikes:
    if "strikes" not in g:
        g.strikes = Strikes()
    strikes: Strikes = g.strikes
    return strikes
