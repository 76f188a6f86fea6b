"""The contact lists of all accounts, the list of those who want no more messages among them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from emulator.core.contacts import Contact, ContactList
from emulator.core.errors import Reason, Refusal
from emulator.core.ids import IdSource
from emulator.core.optouts import EVERY_SENDER, OptOut, key_of
from emulator.core.store import Store


class AddressBook:
    """The lists and contacts of all accounts. Numbers of both are unique over all accounts."""

    def __init__(self, store: Store, ids: IdSource, now: Callable[[], datetime]) -> None:
        self._store = store
        self._ids = ids
        self._now = now

    # Lists

    def lists(self, account: str) -> Iterator[ContactList]:
        return self._store.find(ContactList, account=account)

    def list_of(self, account: str, number: str | int) -> ContactList:
        """Raises Refusal(NOT_FOUND) for a list that is not the account's."""
        found = self._store.get(ContactList, str(number))
        if found is None or found.account != account:
            raise Refusal(Reason.NOT_FOUND, f"the account has no list {number}", field="list_id")
        return found

    def open_list(self, account: str, name: str, *, number: int | None = None, is_opt_out: bool = False) -> ContactList:
        """A new list; names need not differ. ``number`` is drawn unless given."""
        while True:
            drawn = self._ids.number(account, "list") if number is None else number
            opened = ContactList(drawn, account, name, is_opt_out)
            if self._store.add(opened):
                return opened

    def rename(self, contact_list: ContactList, name: str) -> ContactList:
        """Raises Refusal(NOT_PERMITTED) for the opt-out list, which is found by its name."""
        if contact_list.is_opt_out and name != contact_list.name:
            raise Refusal(Reason.NOT_PERMITTED, "the opt-out list keeps its name")
        renamed = replace(contact_list, name=name)
        self._store.put(renamed)
        return renamed

    def close_list(self, contact_list: ContactList) -> None:
        """Forget the list and its contacts. Raises Refusal(NOT_PERMITTED) for the opt-out list, which nobody may lose."""
        if contact_list.is_opt_out:
            raise Refusal(Reason.NOT_PERMITTED, "the opt-out list stays")
        self._store.remove(Contact, in_list=contact_list.key)
        self._store.remove(ContactList, contact_list.key)

    def size(self, contact_list: ContactList) -> int:
        return self._store.count(Contact, in_list=contact_list.key)

    # Contacts

    def contacts(self, contact_list: ContactList) -> Iterator[Contact]:
        return self._store.find(Contact, in_list=contact_list.key)

    def contact_of(self, contact_list: ContactList, number: str | int) -> Contact:
        """Raises Refusal(NOT_FOUND) for a contact that is not on the list."""
        found = self._store.get(Contact, str(number))
        if found is None or found.in_list != contact_list.key:
            raise Refusal(Reason.NOT_FOUND, f"list {contact_list.number} has no contact {number}", field="contact_id")
        return found

    def add(self, contact_list: ContactList, **facts: Any) -> Contact:
        """A new contact with these attributes; one with a phone on the opt-out list gets no more messages."""
        now = self._now()
        while True:
            number = self._ids.number(contact_list.account, "contact")
            made = Contact(number, contact_list.account, contact_list.key, created_at=now, updated_at=now, **facts)
            if self._store.add(made):
                self._opt_out(contact_list, made)
                return made

    def change(self, contact_list: ContactList, contact: Contact, **facts: Any) -> Contact:
        changed = replace(contact, updated_at=self._now(), **facts)
        self._opt_in(contact_list, contact)
        self._store.put(changed)
        self._opt_out(contact_list, changed)
        return changed

    def remove(self, contact_list: ContactList, contacts: Iterable[Contact]) -> int:
        removed = 0
        for contact in contacts:
            removed += self._store.remove(Contact, contact.key)
            self._opt_in(contact_list, contact)
        return removed

    def copy(self, contact: Contact, target: ContactList) -> Contact:
        return self.add(
            target,
            phone=contact.phone,
            country=contact.country,
            first_name=contact.first_name,
            last_name=contact.last_name,
            details=contact.details,
        )

    def move(self, contact: Contact, origin: ContactList, target: ContactList) -> Contact:
        moved = replace(contact, in_list=target.key, updated_at=self._now())
        self._opt_in(origin, contact)
        self._store.put(moved)
        self._opt_out(target, moved)
        return moved

    # Those who want no more

    def note_opt_out(self, account: str, handset: str, *, out: bool, country: str | None) -> None:
        """Put a handset that has opted out on the account's opt-out list, or take it off again."""
        wanted = next((one for one in self.lists(account) if one.is_opt_out), None)
        if wanted is None:
            return
        listed = [contact for contact in self.contacts(wanted) if contact.phone == handset]
        if not out:
            self.remove(wanted, listed)
        elif not listed:
            known = next((one for one in self._store.find(Contact, account=account) if one.phone == handset), None)
            names = (known.first_name, known.last_name) if known else ("", "")
            self.add(wanted, phone=handset, country=country, first_name=names[0], last_name=names[1])

    def _opt_out(self, contact_list: ContactList, contact: Contact) -> None:
        if contact_list.is_opt_out and contact.phone:
            self._store.put(OptOut(contact.account, contact.phone, EVERY_SENDER))

    def _opt_in(self, contact_list: ContactList, contact: Contact) -> None:
        """Off the opt-out list, unless the list has the phone a second time."""
        if contact_list.is_opt_out and contact.phone:
            others = (one for one in self.contacts(contact_list) if one.key != contact.key)
            if all(one.phone != contact.phone for one in others):
                self._store.remove(OptOut, key_of(contact.account, contact.phone, EVERY_SENDER))
