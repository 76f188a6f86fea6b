"""Automation rules: where receipts and replies go, and what is done by itself when a handset texts."""

from collections.abc import Callable, Iterator, Mapping

from emulator.core.accounts import Account
from emulator.core.addresses import canonical_sender, country, is_msisdn
from emulator.core.contacts import ContactList
from emulator.core.errors import Refusal
from emulator.core.message import Message, Submission
from emulator.core.records import Record
from emulator.core.smsc import Smsc
from emulator.core.store import Store
from emulator.fixtures import Sheet
from emulator.providers.clicksend.composer import Composer
from emulator.providers.clicksend.senders import Senders

RECEIPT_RULES = "receipt_rule"
INBOUND_RULES = "inbound_rule"

ACTIONS = (
    "AUTO_REPLY", "EMAIL_USER", "EMAIL_FIXED", "URL", "SMS", "POLL", "GROUP_SMS", "MOVE_CONTACT", "CREATE_CONTACT",
    "CREATE_CONTACT_PLUS_EMAIL", "CREATE_CONTACT_PLUS_NAME_EMAIL", "CREATE_CONTACT_PLUS_NAME", "SMPP", "NONE",
)  # fmt: skip
"""Those about e-mail and SMPP are kept, and nothing is done for them."""

_SEARCHES: Mapping[int, Callable[[str, str], bool]] = {
    0: lambda text, term: True,  # noqa: ARG005  # any message
    1: lambda text, term: text.startswith(term),
    2: lambda text, term: term in text,
    3: lambda text, term: term not in text,
}


def receipt_rules(store: Store, account: Account, action: str) -> Iterator[Record]:
    """The enabled rules for delivery receipts with this action."""
    rules = store.find(Record, account=account.id, table=RECEIPT_RULES)
    return (rule for rule in rules if rule.values["enabled"] and rule.values["action"] == action)


def inbound_rules(store: Store, account: Account, message: Message) -> Iterator[Record]:
    """The enabled rules that a message which has come in meets."""
    rules = store.find(Record, account=account.id, table=INBOUND_RULES)
    return (rule for rule in rules if rule.values["enabled"] and _meets(message, rule.values))


def _meets(message: Message, rule: Mapping[str, str | int]) -> bool:
    number = str(rule["dedicated_number"] or "*")
    if number != "*" and canonical_sender(number) != message.recipient:
        return False
    search = _SEARCHES[int(rule["message_search_type"])]
    return search(message.text.casefold(), str(rule["message_search_term"] or "").casefold())


class Automaton:
    """Does what the inbound rules say, beside telling the application (``callbacks``)."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet

    def __call__(self, smsc: Smsc, account: Account, message: Message) -> None:
        for rule in inbound_rules(smsc.store, account, message):
            match rule.values["action"]:
                case "AUTO_REPLY":
                    self._send(smsc, account, message, [message.sender], str(rule.values["body"] or ""))
                case "SMS":
                    self._send(smsc, account, message, [str(rule.values["action_address"])], message.text)
                case "GROUP_SMS" if (target := _list(smsc, account, rule)) is not None:
                    people = [contact.phone for contact in smsc.campaigns.recipients(account, target.number)]
                    self._send(smsc, account, message, people, message.text)
                case str(action) if action.startswith(("CREATE_CONTACT", "MOVE_CONTACT")):
                    _enlist(smsc, account, rule, message, move=action == "MOVE_CONTACT")

    def _send(self, smsc: Smsc, account: Account, message: Message, recipients: list[str], text: str) -> None:
        composer = Composer(self._sheet, account, smsc)
        senders = Senders(account, self._sheet.document["shared_numbers"], message.recipient)
        sent: list[Submission] = [composer.submission(text, one, senders) for one in recipients if is_msisdn(one)]
        if text and sent:
            smsc.submit(account, sent)


def _list(smsc: Smsc, account: Account, rule: Record) -> ContactList | None:
    try:
        return smsc.contacts.list_of(account.id, str(rule.values["action_address"]))
    except Refusal:
        return None


def _enlist(smsc: Smsc, account: Account, rule: Record, message: Message, *, move: bool) -> None:
    """Put the handset on the rule's list; with ``move`` take it off the others."""
    target = _list(smsc, account, rule)
    if target is None or target.is_opt_out:
        return
    book = smsc.contacts
    if move:
        for one in list(book.lists(account.id)):
            if one.key != target.key and not one.is_opt_out:
                book.remove(one, [contact for contact in book.contacts(one) if contact.phone == message.sender])
    if all(contact.phone != message.sender for contact in book.contacts(target)):
        book.add(target, phone=message.sender, country=country(message.sender), first_name="", last_name="")
