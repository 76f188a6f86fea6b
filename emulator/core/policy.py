"""What an account's settings let through, checked before a message is priced."""

from collections.abc import Iterable
from dataclasses import dataclass

from emulator.core.accounts import Account
from emulator.core.addresses import canonical_sender, is_msisdn
from emulator.core.errors import Reason, Refusal
from emulator.core.message import Submission


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules of one account, read once for all messages of a request. ``senders`` None lets any sender pass."""

    senders: frozenset[str] | None
    uncovered_prefixes: tuple[str, ...]
    blocked_recipients: frozenset[str]

    @classmethod
    def of(cls, account: Account) -> "Policy":
        senders = account.settings.get("senders")
        return cls(
            senders=None if senders is None else frozenset(map(canonical_sender, senders)),
            uncovered_prefixes=tuple(_digits(account.settings.get("uncovered_prefixes") or ())),
            blocked_recipients=frozenset(_digits(account.settings.get("blocked_recipients") or ())),
        )

    def owns(self, sender: str) -> bool:
        return self.senders is None or canonical_sender(sender) in self.senders

    def covers(self, number: str) -> bool:
        """Whether messages to ``number`` (with or without plus) can be routed at all."""
        return not number.removeprefix("+").startswith(self.uncovered_prefixes)

    def objection(self, submission: Submission) -> Refusal | None:
        """Why the message may not be sent, None if it may."""
        sender, recipient = submission.sender, submission.recipient
        if sender is not None and not self.owns(sender):
            return Refusal(Reason.INVALID_SENDER, f"{sender} is not the account's", field="from", setting="senders")
        if not is_msisdn(recipient):
            return Refusal(Reason.INVALID_RECIPIENT, f"{recipient.removeprefix('+')!r} is no international number", field="to")
        if not self.covers(recipient):
            return Refusal(Reason.UNROUTABLE, f"no route to {recipient}", field="to", setting="uncovered_prefixes")
        if recipient.removeprefix("+") in self.blocked_recipients:
            return Refusal(Reason.RECIPIENT_BLOCKED, f"{recipient} is blocked", field="to", setting="blocked_recipients")
        return None


def _digits(numbers: Iterable[str]) -> Iterable[str]:
    return (number.removeprefix("+") for number in numbers)
