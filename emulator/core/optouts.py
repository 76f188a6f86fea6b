"""Handsets that want no more messages."""

from dataclasses import dataclass
from typing import ClassVar

from emulator.core.accounts import Account
from emulator.core.addresses import canonical_sender
from emulator.core.message import Message
from emulator.core.store import Store

EVERY_SENDER = "*"


@dataclass(frozen=True, slots=True)
class OptOutRules:
    """What a provider makes of a reply. Words are lower case and stand alone in the text.

    ``words`` opt out of the number texted, or of all the account's numbers with ``of_every_sender``; ``every_words`` opt
    out of all of them; ``back`` opts in again, None lets any other word do so. Without words replies opt nobody out.
    """

    words: frozenset[str] = frozenset()
    every_words: frozenset[str] = frozenset()
    back: frozenset[str] | None = frozenset()
    of_every_sender: bool = False


@dataclass(frozen=True, slots=True)
class OptOut:
    indexed: ClassVar[tuple[str, ...]] = ("account",)

    account: str
    handset: str
    sender: str

    @property
    def key(self) -> str:
        return key_of(self.account, self.handset, self.sender)


def key_of(account: str, handset: str, sender: str) -> str:
    return f"{account}/{handset}/{sender}"


def heed(store: Store, account: Account, rules: OptOutRules, reply: Message) -> bool | None:
    """Opt the handset out or in as ``reply`` says; answers whether it now is out, None where it said nothing of that."""
    said = " ".join(reply.text.casefold().split()).strip(".!")
    if said in rules.every_words or (said in rules.words and rules.of_every_sender):
        store.put(OptOut(account.id, reply.sender, EVERY_SENDER))
        return True
    if said in rules.words:
        store.put(OptOut(account.id, reply.sender, reply.recipient))
        return True
    if rules.words and (rules.back is None or said in rules.back):
        for sender in (EVERY_SENDER, reply.recipient):
            store.remove(OptOut, key_of(account.id, reply.sender, sender))
        return False
    return None


def has_opted_out(store: Store, account: Account, handset: str, sender: str) -> bool:
    """Whether ``handset`` takes no messages of the account, or none of ``sender``."""
    if not store.count(OptOut, account=account.id):
        return False
    senders = (EVERY_SENDER, canonical_sender(sender))
    return any(store.get(OptOut, key_of(account.id, handset, one)) is not None for one in senders)
