"""From a text with placeholders to what each handset gets: names, links, parts, sender."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from emulator.core.accounts import Account
from emulator.core.addresses import country
from emulator.core.campaigns import LinkSource, Mailing
from emulator.core.contacts import Contact
from emulator.core.errors import Reason, Refusal
from emulator.core.ids import alphanumeric
from emulator.core.links import absolute, bare, replace_links
from emulator.core.message import OPT_OUT, Fate, Receipts, Status, Submission, on_air
from emulator.core.segments import count_parts, split
from emulator.fixtures import Sheet
from emulator.providers.clicksend.senders import Senders

OPT_OUT_FORM = re.compile(r"StopMsg\.me/xxxxx", re.IGNORECASE)
SHORT_FORM = re.compile(r"(smsg\.io|smsu\.io|smsg\.us)/xxxxx", re.IGNORECASE)
LINK_HOST = "smsg.io"
_FORM = f"{LINK_HOST}/xxxxx"

_PLACEHOLDER = re.compile(r"\((First Name|Last Name|Cust\. ?[1-4])\)|\{(FirstName|LastName|CustomString[1-4])\}", re.IGNORECASE)
_FEWEST_UNITS = 67  # that a part holds, whatever the encoding
SILENT = Fate(Status.SENT, receipts=Receipts.LOST)


@dataclass(frozen=True, slots=True)
class _Text:
    text: str
    links: Mapping[str, str]
    warnings: tuple[str, ...] = ()


class Composer:
    """Writes for one account, by the provider's ``sheet``. ``links`` makes short addresses; without it forms stay.

    ``shortens``: the first address of each text becomes a short link. ``reference`` is the client's own,
    ``options`` are for every message.
    """

    def __init__(
        self,
        sheet: Sheet,
        account: Account,
        links: LinkSource | None,
        *,
        shortens: bool = False,
        reference: str | None = None,
        options: Mapping[str, str] | None = None,
    ) -> None:
        self._reference = reference
        self._options = options or {}
        self._account = account
        self._shortens = shortens
        self._links = links
        self._test_numbers = frozenset(sheet.document["test_numbers"])
        self._parts: int = account.settings["char_limit"]
        self._countries = account.settings["enabled_countries"]

    def submission(
        self, body: str, recipient: str, senders: Senders, contact: Contact | None = None, url: str | None = None
    ) -> Submission:
        """A message with ``body`` to ``recipient``; ``url`` is shortened into it."""
        region = contact.country if contact else country(recipient)
        composed = self._composed(body, contact, url)
        chosen = senders.of(recipient, region)
        is_test = recipient in self._test_numbers
        options = {**self._options, "shared": "1"} if chosen.is_shared else dict(self._options)
        if contact is not None:
            options |= {"contact_id": contact.key, "list_id": contact.in_list}
            options |= {"first_name": contact.first_name, "last_name": contact.last_name}
        if is_test:
            options["test"] = "1"
        return Submission(
            recipient=recipient,
            text=composed.text,
            reference=self._reference,
            mask=chosen.sender,  # not `sender`: the service replaces what the account does not own, and refuses nothing
            links=composed.links,
            options=options,
            warnings=composed.warnings + chosen.warnings,
            objection=self._objection(composed.text, region),
            is_free=is_test and self._account.settings["free_test_numbers"],
            fate=SILENT if is_test and not self._account.settings["test_number_receipts"] else None,
            crlf=True,
        )

    def _objection(self, text: str, region: str | None) -> Refusal | None:
        if not text.strip():
            return Refusal(Reason.EMPTY_TEXT, "the placeholders leave nothing of the text", field="body")
        if self._countries is None or region in self._countries or region is None:
            return None
        return Refusal(Reason.UNROUTABLE, f"{region} is not enabled", field="to", setting="enabled_countries")

    def _composed(self, body: str, contact: Contact | None, url: str | None) -> _Text:
        """Only the body has forms: what a contact is called is none. A form is as long as what takes its place."""
        made: dict[str, str] = {}
        text = OPT_OUT_FORM.sub(lambda form: self._new(made, "StopMsg.me", OPT_OUT) or form[0], body)
        if url:
            text = SHORT_FORM.sub(lambda form: self._new(made, form[1], url) or form[0], text)
        if contact:
            text = personal(text, contact)
        if self._shortens and url is None:
            text = self._shortened(text, made)
        end = f" {self._new(made, LINK_HOST, url) or _FORM}" if url and not SHORT_FORM.search(body) else ""
        text, warnings = self._cut(text, end)
        return _Text(text, {short: target for short, target in made.items() if short in text}, warnings)

    def _new(self, made: dict[str, str], host: str, target: str) -> str | None:
        """A short address of this message's own; None where none are made."""
        if self._links is None:
            return None
        while (short := self._links.new_link(self._account, host, lambda drawn: alphanumeric(drawn, 5))) in made:
            pass
        made[short] = target
        return short

    def _shortened(self, text: str, made: dict[str, str]) -> str:
        """``text`` with a short link in place of its first address."""
        found: list[str] = []

        def shorten(address: str) -> str:
            if found or bare(address) in made or OPT_OUT_FORM.search(address) or SHORT_FORM.search(address):
                return address
            found.append(address)
            return self._new(made, LINK_HOST, absolute(address)) or _FORM

        return replace_links(text, shorten)

    def _cut(self, text: str, end: str) -> tuple[str, tuple[str, ...]]:
        """``text`` and ``end`` in not more parts than the account's limit: a longer text is cut, not refused, its end stays.

        ClickSend help, "How many characters can I send".
        """
        whole = text + end
        if len(whole) * 2 <= self._parts * _FEWEST_UNITS or self._fits(whole):
            return whole, ()
        plain = text.replace("\r\n", "\n")
        kept = "".join(part.text for part in split(on_air(plain, crlf=True)).parts[: self._parts])
        size = len(kept.removesuffix("\r").replace("\r\n", "\n"))
        while size and not self._fits(plain[:size] + end):
            size -= 1
        while size < len(plain) and self._fits(plain[: size + 1] + end):  # one part alone has no header and holds more
            size += 1
        return plain[:size] + end, (f"text cut at {self._parts} parts (setting char_limit)",)

    def _fits(self, text: str) -> bool:
        return count_parts(on_air(text, crlf=True)) <= self._parts


class CampaignWriter:
    """Writes campaigns by the provider's ``sheet``."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet

    def write(
        self, account: Account, mailing: Mailing, contacts: Sequence[Contact], links: LinkSource | None
    ) -> list[Submission]:
        """Raises Refusal(INVALID_SENDER)."""
        composer = Composer(self._sheet, account, links, reference=mailing.reference, options=mailing.options)
        senders = Senders(account, self._sheet.document["shared_numbers"], mailing.sender, mailing.senders)
        return [composer.submission(mailing.text, contact.phone, senders, contact, mailing.url) for contact in contacts]


def personal(body: str, contact: Contact) -> str:
    """``body`` with the contact's facts in place of the placeholders; what is not known is empty."""
    if "(" not in body and "{" not in body:
        return body
    return _PLACEHOLDER.sub(lambda match: _fact(contact, (match[1] or match[2]).lower().replace(" ", "")), body)


def _fact(contact: Contact, name: str) -> str:
    if name == "firstname":
        return contact.first_name
    if name == "lastname":
        return contact.last_name
    return contact.details.get(f"custom_{name[-1]}") or ""


def has_opt_out(body: str) -> bool:
    return OPT_OUT_FORM.search(body) is not None
