"""Contacts of a list: add, view, change, remove, copy, transfer."""

from typing import Any

from flask import request
from werkzeug.wrappers import Response

from emulator.core.accounts import Account
from emulator.core.addresses import country, international
from emulator.core.contacts import Contact, ContactList
from emulator.core.errors import Refusal
from emulator.edge.body import json_object
from emulator.edge.context import smsc
from emulator.edge.errors import Fail
from emulator.providers.clicksend.auth import authenticate
from emulator.providers.clicksend.paging import Listing, number_of, page
from emulator.providers.clicksend.responses import success
from emulator.providers.clicksend.routes.blueprint import v3
from emulator.providers.clicksend.routes.lists import list_of
from emulator.providers.clicksend.schemas.contacts import CONTACT_IN, CUSTOM, FACTS, NAMES, contact_out
from emulator.providers.clicksend.schemas.wire import unix


@v3.get("/lists/<list_id>/contacts")
def view_contacts(list_id: str) -> Response:
    """The contacts of a list, those changed after ``updated_after`` (a unix timestamp) where that is given."""
    contact_list = list_of(authenticate(request), list_id)
    since = number_of("updated_after", 0)
    found = (one for one in smsc.contacts.contacts(contact_list) if unix(one.updated_at) > since or not since)
    listing: Listing[Contact] = Listing(lambda contact: contact_out(contact, contact_list))
    return success("Here's your list of contacts.", page(listing, found))


@v3.post("/lists/<list_id>/contacts")
def create_contact(list_id: str) -> Response:
    """A new contact; one of phone number, fax number and e-mail address is needed."""
    account = authenticate(request)
    try:
        contact_list = smsc.contacts.list_of(account.id, list_id)
    except Refusal as refusal:
        raise Fail("FORBIDDEN/resource", refusal.detail, field="list_id") from refusal
    contact = smsc.contacts.add(contact_list, **facts_of(account, CONTACT_IN.load(json_object(request)), None))
    return success("New contact has been created.", contact_out(contact, contact_list))


@v3.get("/lists/<list_id>/contacts/<contact_id>")
def view_contact(list_id: str, contact_id: str) -> Response:
    """One contact."""
    contact_list, contact = _contact(authenticate(request), list_id, contact_id)
    return success("Here are your data.", contact_out(contact, contact_list))


@v3.put("/lists/<list_id>/contacts/<contact_id>")
def update_contact(list_id: str, contact_id: str) -> Response:
    """Change what the request names; the rest stays."""
    account = authenticate(request)
    contact_list, contact = _contact(account, list_id, contact_id)
    facts = facts_of(account, CONTACT_IN.load(json_object(request)), contact)
    changed = smsc.contacts.change(contact_list, contact, **facts)
    return success(f"Contact #{changed.number} has been updated successfully.", contact_out(changed, contact_list))


@v3.delete("/lists/<list_id>/contacts/<contact_id>")
def delete_contact(list_id: str, contact_id: str) -> Response:
    """Forget a contact; off the opt-out list its handset gets messages again."""
    contact_list, contact = _contact(authenticate(request), list_id, contact_id)
    smsc.contacts.remove(contact_list, [contact])
    return success(f"Contact #{contact.number} has been deleted.", [])


@v3.put("/lists/<list_id>/contacts/<contact_id>/copy/<to_list_id>")
def copy_contact(list_id: str, contact_id: str, to_list_id: str) -> Response:
    """The same person on another list, too."""
    account = authenticate(request)
    _, contact = _contact(account, list_id, contact_id)
    target = list_of(account, to_list_id)
    copied = smsc.contacts.copy(contact, target)
    return success(f"Contact #{contact.number} has been copied to List #{target.number}", contact_out(copied, target))


@v3.put("/lists/<list_id>/contacts/<contact_id>/<to_list_id>")
@v3.put("/lists/<list_id>/contacts/<contact_id>/transfer/<to_list_id>")
def transfer_contact(list_id: str, contact_id: str, to_list_id: str) -> Response:
    """The contact moves to another list; the older form of the path has no ``transfer``."""
    account = authenticate(request)
    contact_list, contact = _contact(account, list_id, contact_id)
    target = list_of(account, to_list_id)
    moved = smsc.contacts.move(contact, contact_list, target)
    return success(f"Contact #{contact.number} has been transferred to List #{target.number}", contact_out(moved, target))


def _contact(account: Account, list_id: str, contact_id: str) -> tuple[ContactList, Contact]:
    """Raises Fail(NOT_FOUND/contact), for an unknown list too."""
    try:
        contact_list = smsc.contacts.list_of(account.id, list_id)
        return contact_list, smsc.contacts.contact_of(contact_list, contact_id)
    except Refusal as refusal:
        raise Fail("NOT_FOUND/contact", refusal.detail, field=refusal.field) from refusal


def facts_of(account: Account, sent: dict[str, Any], present: Contact | None) -> dict[str, Any]:
    """What ``sent`` makes of a contact. A phone number written the local way belongs to the contact's country, else the
    account's; one that can be no phone is kept as it is, and gets no messages."""
    details = {**(present.details if present else {}), **{name: sent[name] for name in (*CUSTOM, *FACTS) if name in sent}}
    facts: dict[str, Any] = {name: sent[name] or "" for name in NAMES if name in sent}
    facts = {name: getattr(present, name) if present else "" for name in NAMES} | facts
    phone = present.phone if present else ""
    if "phone_number" in sent:
        written = sent["phone_number"] or ""
        region = details.get("address_country") or account.settings["default_country"]
        phone = international(written, region) or written
    if not (phone or details.get("fax_number") or details.get("email")):
        raise Fail("BAD_REQUEST/contact_way", field="phone_number")
    return {**facts, "phone": phone, "country": country(phone) if phone else None, "details": details}
