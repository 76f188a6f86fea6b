"""From a submission to the message it becomes."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from emulator.core.accounts import Account
from emulator.core.addresses import canonical_sender
from emulator.core.characters import enumerated
from emulator.core.errors import Refusal
from emulator.core.message import Direction, Fate, Link, Message, Reply, Status, Step, Submission, on_air
from emulator.core.pricing import Quote
from emulator.core.segments import Encoding, count_parts, encoding_of, forcing_characters, split_octets
from emulator.core.terms import Terms


def accepted(
    account: Account, submission: Submission, quote: Quote, terms: Terms, *, identifier: str, now: datetime
) -> Message:
    """Sent at once, unless it is to wait for its ``due_at``."""
    due_at = max(submission.due_at or now, now)
    waits = due_at > now
    sender = submission.mask or submission.sender
    return Message(
        id=identifier,
        provider=account.provider,
        account=account.id,
        direction=Direction.OUT,
        sender=canonical_sender(terms.default_sender if sender is None else sender),
        recipient=submission.recipient,
        text=submission.text,
        encoding=submission.encoding or encoding_of(submission.text),
        segments=quote.parts,
        status=Status.SCHEDULED if waits else Status.SENT,
        price=quote.price,
        currency=account.currency,
        created_at=now,
        due_at=due_at,
        timeline=(Step(Status.SCHEDULED, now),) if waits else (Step(Status.QUEUED, now), Step(Status.SENT, now)),
        provider_message_id=terms.message_id(identifier),
        payload=submission.payload,
        udh=submission.udh,
        reference=submission.reference,
        campaign=submission.campaign,
        exchange=submission.exchange,
        validity=submission.validity,
        fate=submission.fate if isinstance(submission.fate, Fate) else Fate(),
        options=submission.options,
        warnings=submission.warnings + _forced_to_ucs2(submission),
        crlf=submission.crlf,
    )


def rejected(message: Message, refusal: Refusal) -> Message:
    """``message``, accepted earlier as one of many, comes to nothing and costs nothing; its error is the reason."""
    return replace(
        message,
        status=Status.REJECTED,
        error=refusal.reason.value,
        price=Decimal(0),
        timeline=(Step(Status.QUEUED, message.created_at), Step(Status.REJECTED, message.created_at)),
        warnings=(*message.warnings, f"rejected: {refusal.detail or refusal.reason}"),
    )


def received(
    account: Account, reply: Reply, terms: Terms, *, identifier: str, now: datetime, original: Message | None
) -> Message:
    """What a handset has sent, perhaps after the ``original`` it was sent; it costs nothing here."""
    encoding = encoding_of(reply.text)
    return Message(
        id=identifier,
        provider=account.provider,
        account=account.id,
        direction=Direction.IN,
        sender=canonical_sender(reply.handset),
        recipient=canonical_sender(reply.to),
        text=reply.text,
        encoding=encoding,
        segments=count_parts(reply.text, encoding),
        status=Status.RECEIVED,
        price=Decimal(0),
        currency=account.currency,
        created_at=now,
        due_at=now,
        timeline=(Step(Status.RECEIVED, now),),
        provider_message_id=terms.message_id(identifier),
        reference=original.reference if original else None,
        options={"original": original.provider_message_id, "original_text": original.text} if original else {},
    )


def _forced_to_ucs2(submission: Submission) -> tuple[str, ...]:
    """A warning where the text, not the sender, has chosen the more expensive encoding."""
    if submission.encoding is not None or encoding_of(submission.text) is not Encoding.UCS2:
        return ()
    return (f"not in the GSM alphabet, so sent as UCS-2: {enumerated(forcing_characters(submission.text))}",)


def links_of(message: Message, submission: Submission) -> Iterator[Link]:
    """The short links of the text, each as an entity that counts its clicks."""
    for url, target in submission.links.items():
        identifier = url.rpartition("/")[2]
        yield Link(f"{message.provider}/{identifier}", message.provider, message.account, message.id, url, target)


def parts_of(submission: Submission) -> int:
    """How many short messages the submission needs."""
    if submission.encoding is Encoding.BINARY:
        return len(split_octets(submission.payload, submission.udh).parts)
    return count_parts(on_air(submission.text, crlf=submission.crlf), submission.encoding, submission.udh)
