"""What a view may reach: the emulator it runs in, and the record of the request it answers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol, cast

from flask import current_app, g, has_request_context
from werkzeug.local import LocalProxy

from emulator.core.acceptance import accepted
from emulator.core.accounts import Account, Credentials
from emulator.core.admission import NOBODYS
from emulator.core.changes import Feed
from emulator.core.errors import Reason, Refusal
from emulator.core.journal import KEPT_RECIPIENTS, RefusedMessage, Ruling
from emulator.core.message import Message, Outcome, Submission
from emulator.core.smsc import Smsc
from emulator.core.webhooks import Call, WebhookCall
from emulator.edge.faults import FaultLine
from emulator.edge.places import Places
from emulator.edge.stage import Stage
from emulator.fixtures import Sheet

if TYPE_CHECKING:
    from emulator.edge.provider import Provider
    from emulator.edge.registrar import Registrar

EXTENSION = "sms-emulator"


class Snapshots(Protocol):
    """The whole state as one JSON document, out and in."""

    def out(self) -> dict[str, Any]: ...

    def put(self, document: Any) -> None:
        """Replace everything. Raises Refusal and changes nothing for a document that cannot be."""


class Chronicle(Protocol):
    """What is told of the session at its end."""

    def close_chapter(self) -> None: ...

    def page(self) -> str: ...


class Resender(Protocol):
    """What views ask of the dispatcher, which the edge does not know."""

    on_planned: Callable[[datetime], None]

    def resend(self, webhook_id: str) -> WebhookCall: ...

    def post(self, account: Account, message_id: str, calls: Sequence[Call]) -> None: ...

    def pending(self) -> int: ...


@dataclass(frozen=True)
class Runtime:
    """One emulator: several live side by side in one process, each in its own Flask application."""

    smsc: Smsc
    registrar: "Registrar"
    dispatcher: "Resender"
    faults: FaultLine
    providers: Mapping[str, "Provider"]
    sheets: Mapping[str, Sheet]
    store_name: str
    feed: Feed
    places: Places
    snapshots: Snapshots
    report: Chronicle
    stage: Stage
    fetch: Callable[[str], bytes]
    """What stands at an address that receipts might go to, too. Raises OSError."""
    allowed_hosts: frozenset[str] = frozenset()
    is_quiet: bool = False


@dataclass
class Capture:
    """What becomes known about a request while it is answered."""

    provider: str | None = None
    account: str | None = None
    operation: str | None = None
    exchange: str | None = None
    outcomes: list[Outcome] = field(default_factory=list)
    ruling: Ruling | None = None
    secrets: list[str] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    refused: list[RefusedMessage] = field(default_factory=list)
    text: str = ""


class WatchedSmsc(Smsc):
    """An Smsc that notes in the request's capture whom it let in and what became of each message.

    ``welcome`` may open an account for credentials that nobody has; it answers whether it did.
    """

    faults: FaultLine
    welcome: Callable[[str, Mapping[str, str]], bool] | None = None

    def authenticate(self, provider: str, credentials: Credentials) -> Account:
        try:
            return super().authenticate(provider, credentials)
        except Refusal as refusal:
            if refusal.reason is not Reason.BAD_CREDENTIALS:
                raise
            if self.welcome is None:
                hint = "; with EMULATOR_AUTH=open, one is opened for them" if refusal.detail == NOBODYS else ""
                raise Refusal(refusal.reason, refusal.detail + hint, setting=refusal.setting) from None
            if not self.welcome(provider, credentials.values):
                raise
        return super().authenticate(provider, credentials)

    def admit(self, account: Account, address: str | None) -> Account:
        if has_request_context():
            capture().account = account.id
            strike()
        return super().admit(account, address)

    def release(self, account: Account, submissions: Sequence[Submission], held: Decimal) -> Decimal:
        """No request is there to be struck: of the faults, those about messages act."""
        return super().release(account, self.faults.fates(account, submissions, self._draft), held)

    def submit(self, account: Account, submissions: Sequence[Submission], *, whole: bool = False) -> list[Outcome]:
        if has_request_context():
            capture().recipients += [submission.recipient for submission in submissions[:KEPT_RECIPIENTS]]
            submissions = self.faults.messages(account, capture().operation, submissions, self._draft)
        outcomes = super().submit(account, submissions, whole=whole)
        if has_request_context():
            capture().outcomes += outcomes
        return outcomes

    def exchange(self) -> str | None:
        return exchange_id() if has_request_context() and capture().provider is not None else None

    def _draft(self, account: Account, submission: Submission) -> Message:
        """The message a submission would become: what the match of a fault rule looks at."""
        [quote] = self.quote(account, [submission])
        terms = self.terms[account.provider]
        return accepted(account, submission, quote, terms, identifier="0" * 32, now=self.clock.now())


def strike() -> None:
    """Let the faults strike that concern the request as far as it is known. Raises Struck and Refusal."""
    record = capture()
    runtime().faults.request(record.provider, record.account, record.operation)


def strike_whole(account: Account, *, sends: bool) -> None:
    """Let rules that refuse messages refuse the request, which is not answered message by message. Raises Refusal."""
    runtime().faults.whole(account, capture().operation, sends=sends)


def begin(operation: str) -> None:
    """Name the operation of a request whose URL does not."""
    capture().operation = operation
    strike()


def runtime() -> Runtime:
    return cast("Runtime", current_app.extensions[EXTENSION])


def capture() -> Capture:
    if "capture" not in g:
        g.capture = Capture()
    return cast("Capture", g.capture)


def exchange_id() -> str:
    """By which the exchange that is being answered will be kept."""
    record = capture()
    record.exchange = record.exchange or smsc.ids.draw(record.account or "", "exchange")
    return record.exchange


def keep_secret(value: str) -> None:
    """Mask ``value`` wherever it stands in the record of this request."""
    capture().secrets.append(value)


def sheet(provider: str) -> Sheet:
    return runtime().sheets[provider]


smsc = cast("Smsc", LocalProxy(lambda: runtime().smsc))
