"""Accounts, messages and a centre to try them in; every builder takes what the test is about and fills in the rest."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import settings

from emulator.core.accounts import Account
from emulator.core.addresses import country
from emulator.core.campaigns import Mailing
from emulator.core.clock import ManualClock
from emulator.core.ids import IdSource
from emulator.core.journal import Exchange
from emulator.core.message import Direction, Fate, Message, Status, Step, Submission
from emulator.core.pricing import PriceBook
from emulator.core.segments import Encoding
from emulator.core.smsc import Smsc
from emulator.core.terms import Terms
from emulator.stores.memory import MemoryStore

START = datetime(2026, 1, 1, tzinfo=UTC)
DELIVERY = timedelta(seconds=2)
PHONE = "+15551234567"

thorough = settings(max_examples=300, deadline=None)  # a busy machine is no failure


def seconds(number):
    return timedelta(seconds=number)


def after(number):
    """The instant ``number`` seconds after the clock's start."""
    return START + timedelta(seconds=number)


def account(**changes):
    fields = {
        "id": "acme-1",
        "provider": "acme",
        "login": "wile",
        "credentials": {"user": "wile", "password": "beepbeep"},
        "balance": Decimal("10.00"),
        "currency": "USD",
        "settings": {},
    }
    return Account(**{**fields, **changes})


def submission(**changes):
    return Submission(**{"recipient": PHONE, "text": "hi", **changes})


def message(identifier="00", **changes):
    fields = {
        "id": identifier,
        "provider": "acme",
        "account": "acme-1",
        "direction": Direction.OUT,
        "sender": "+15550001111",
        "recipient": PHONE,
        "text": "hi",
        "encoding": Encoding.GSM7,
        "segments": 1,
        "status": Status.SENT,
        "price": Decimal("0.05"),
        "currency": "USD",
        "created_at": START,
        "due_at": START,
        "timeline": (Step(Status.QUEUED, START), Step(Status.SENT, START)),
        "provider_message_id": f"p{identifier}",
    }
    return Message(**{**fields, **changes})


def exchange(identifier="x1", **changes):
    fields = {
        "id": identifier,
        "provider": "acme",
        "account": "acme-1",
        "operation": "send",
        "at": START,
        "method": "POST",
        "path": "/send?to=1",
        "request_headers": (),
        "request_body": b"",
        "request_cut": False,
        "status": 200,
        "response_headers": (),
        "response_body": b"",
        "response_cut": False,
    }
    return Exchange(**{**fields, **changes})


def terms(**changes):
    fields = {
        "prices": PriceBook("USD", Decimal("0.05")),
        "login": "user",
        "login_ignores_case": False,
        "default_sender": "ACME",
        "refunds": frozenset({Status.CANCELLED, Status.REJECTED}),
        "message_id": lambda identifier: f"P-{identifier[:8]}",
    }
    return Terms(**{**fields, **changes})


def new_smsc(*accounts, delivery=DELIVERY, capacities=None, **changed_terms):
    """A centre at START on a manual clock, with ``accounts`` (the usual one if none) at the provider ``acme``."""
    store = MemoryStore(capacities)
    store.put(*(accounts or (account(),)))
    return Smsc(store, ManualClock(START), IdSource(0, store.next_number), {"acme": terms(**changed_terms)}, delivery=delivery)


def send(smsc, *, by=None, **changes):
    """The message of one accepted submission."""
    [outcome] = smsc.submit(by or account(), [submission(**changes)])
    return outcome.message


def present(smsc, sent):
    """``sent`` as it is now."""
    return smsc.store.get(Message, sent.id)


def balance(smsc, owner="acme-1"):
    return smsc.store.get(Account, owner).balance


def fated(status, error=None):
    return Fate(status, error)


# Campaigns


class PlainWriter:
    """Writes the text of a mailing with the contact's first name in place of ``NAME``.

    ``meanwhile`` is called before each slice is written for good: what others do while a campaign is sent.
    """

    def __init__(self, meanwhile=lambda: None):
        self.meanwhile = meanwhile

    def write(self, account, mailing, contacts, links):
        if links is not None:
            self.meanwhile()
        return [
            submission(
                recipient=contact.phone,
                text=mailing.text.replace("NAME", contact.first_name),
                sender=mailing.sender,
                reference=mailing.reference,
            )
            for contact in contacts
        ]


def phones(number, start=0):
    return [f"+1555200{place:04}" for place in range(start, start + number)]


def new_contact(smsc, on, phone=PHONE, **facts):
    known = {"phone": phone, "country": country(phone) if phone else None, "first_name": "", "last_name": ""}
    return smsc.contacts.add(on, **(known | facts))


def new_list(smsc, *people, by="acme-1", **changes):
    """A list with these phones on it."""
    opened = smsc.contacts.open_list(by, changes.pop("name", "people"), **changes)
    for phone in people:
        new_contact(smsc, opened, phone)
    return opened


def mailing(to, text="hi", **changes):
    return Mailing(**{"list_number": to.number, "name": "spring", "text": text, **changes})


def launch(smsc, wanted, *, by="acme-1", approval=timedelta(0)):
    owner = smsc.store.get(Account, by)
    return smsc.campaigns.launch(owner, wanted, smsc.campaigns.quote(owner, wanted), approval)
