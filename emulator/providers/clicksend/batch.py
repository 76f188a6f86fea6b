"""From the entries of one request to /sms/send or /sms/price to what is to be sent, refused entries included."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from emulator.core.accounts import Account
from emulator.core.addresses import international
from emulator.core.contacts import Contact
from emulator.core.errors import Reason, Refusal
from emulator.core.message import Message, Submission
from emulator.core.smsc import Smsc
from emulator.edge.context import sheet, smsc
from emulator.providers.clicksend.composer import Composer
from emulator.providers.clicksend.members import mark
from emulator.providers.clicksend.schemas.sms import entry
from emulator.providers.clicksend.senders import Senders

MOST_RECIPIENTS = 1000  # of one request, those of its lists included
FEWEST_DIGITS = 8


def compose(account: Account, sent: Mapping[str, Any], links: Smsc | None) -> list[Submission]:
    """One submission per recipient, in the order of the request. Raises Refusal(TOO_MANY_RECIPIENTS)."""
    composer = Composer(sheet("clicksend"), account, links, shortens=bool(sent["shortens"]), options=mark(account))
    submissions: list[Submission] = []
    for one in sent["messages"]:
        submissions += _of_entry(account, composer, one, sent["senders"] or [])
        if len(submissions) > MOST_RECIPIENTS:
            raise Refusal(Reason.TOO_MANY_RECIPIENTS, f"more than {MOST_RECIPIENTS}", field="messages")
    return submissions


def _of_entry(account: Account, composer: Composer, sent: Any, senders: list[Mapping[str, str]]) -> Iterator[Submission]:
    wanted = entry(sent)
    if isinstance(wanted, Refusal):
        yield _refused(sent, wanted)
        return
    try:
        chooser = Senders(account, sheet("clicksend").document["shared_numbers"], wanted["sender"], senders)
        people = _recipients(account, wanted)
    except Refusal as refusal:
        yield replace(_refused(sent, refusal), due_at=wanted["due_at"])
        return
    options = {"from_email": wanted["from_email"]} if wanted["from_email"] else {}
    for recipient, contact in people:
        submission = composer.submission(wanted["text"], recipient, chooser, contact)
        yield replace(
            submission,
            due_at=wanted["due_at"],
            reference=wanted["reference"] or None,
            options={**submission.options, **options},
            objection=submission.objection or _objection(account, recipient, submission.text),
        )


def _recipients(account: Account, wanted: Mapping[str, Any]) -> list[tuple[str, Contact | None]]:
    """``to`` wins over ``list_id``. Raises Refusal(NOT_PERMITTED) for a list that is not the account's."""
    if wanted["to"]:
        region = wanted["country"] or account.settings["default_country"]
        return [(international(wanted["to"], region) or wanted["to"], None)]
    try:
        return [(contact.phone, contact) for contact in smsc.campaigns.recipients(account, wanted["list_number"])]
    except Refusal as refusal:
        raise Refusal(Reason.NOT_PERMITTED, refusal.detail, field="list_id") from refusal


def _objection(account: Account, recipient: str, text: str) -> Refusal | None:
    if len(recipient) <= FEWEST_DIGITS:
        return Refusal(Reason.INVALID_RECIPIENT, f"{recipient!r} has fewer than {FEWEST_DIGITS} digits", field="to")
    window = account.settings["repeat_window"]
    if window is None:
        return None
    since = smsc.clock.now() - timedelta(seconds=window)
    for message in smsc.store.find(Message, newest=True, account=account.id, recipient=recipient):
        if message.created_at <= since:
            break
        if message.text == text:
            return Refusal(Reason.THROTTLED, f"the same text within {window} s", field="body", setting="repeat_window")
    return None


def _refused(sent: Any, refusal: Refusal) -> Submission:
    """As much of the entry as there is, to be echoed."""
    said = sent if isinstance(sent, dict) else {}
    texts = {name: said[name] if isinstance(said.get(name), str) else "" for name in ("to", "body", "from", "custom_string")}
    return Submission(
        recipient=texts["to"],
        text=texts["body"],
        mask=texts["from"] or None,
        reference=texts["custom_string"] or None,
        objection=refusal,
    )
