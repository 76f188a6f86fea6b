"""Contact lists: make, view, rename, delete, clean up, search."""

from typing import Any

from flask import request
from werkzeug.wrappers import Response

from emulator.core.accounts import Account
from emulator.core.contacts import Contact, ContactList
from emulator.core.errors import Refusal
from emulator.edge.body import json_object
from emulator.edge.context import smsc
from emulator.edge.errors import Fail
from emulator.providers.clicksend.auth import authenticate
from emulator.providers.clicksend.paging import Listing, page
from emulator.providers.clicksend.responses import success
from emulator.providers.clicksend.routes.blueprint import v3
from emulator.providers.clicksend.schemas.contacts import DUPLICATES_IN, FACTS, NAMES
from emulator.providers.clicksend.schemas.lists import LIST_IN, found_out, list_out


@v3.get("/lists")
def view_lists() -> Response:
    """The account's lists, the opt-out list among them."""
    account = authenticate(request)
    return success("Here are your data.", page(Listing(_shown), smsc.contacts.lists(account.id), has_links=True))


@v3.post("/lists")
def create_list() -> Response:
    """A new, empty list; its name need not be another's."""
    account = authenticate(request)
    wanted = LIST_IN.load(json_object(request))
    return success("New list has been created.", _shown(smsc.contacts.open_list(account.id, wanted["name"])))


@v3.get("/lists/<list_id>")
def view_list(list_id: str) -> Response:
    """One list."""
    return success("Here are your data.", _shown(list_of(authenticate(request), list_id)))


@v3.put("/lists/<list_id>")
def update_list(list_id: str) -> Response:
    """Another name for a list."""
    contact_list = list_of(authenticate(request), list_id)
    wanted = LIST_IN.load(json_object(request))
    renamed = smsc.contacts.rename(contact_list, wanted["name"])
    return success(f"List #{renamed.number} has been updated.", _shown(renamed))


@v3.delete("/lists/<list_id>")
def delete_list(list_id: str) -> Response:
    """Forget a list and the contacts on it."""
    contact_list = list_of(authenticate(request), list_id)
    smsc.contacts.close_list(contact_list)
    return success(f"List #{contact_list.number} has been deleted.", [])


@v3.put("/lists/<list_id>/remove-duplicates")
def remove_duplicates(list_id: str) -> Response:
    """Of contacts with the same phone number (or the same of the ``fields`` named) only the first stays."""
    contact_list = list_of(authenticate(request), list_id)
    wanted = DUPLICATES_IN.load(json_object(request) if request.get_data() else {})
    names = tuple(wanted["names"] or ()) or ("phone_number",)
    seen: set[tuple[str, ...]] = set()
    again: list[Contact] = []
    for contact in smsc.contacts.contacts(contact_list):
        key = tuple(_fact(contact, name) for name in names)
        if key in seen:
            again.append(contact)
        elif any(key):
            seen.add(key)
    removed = smsc.contacts.remove(contact_list, again)
    return success("Your list duplicate contacts has been deleted.", {"deleted": removed})


@v3.put("/lists/<list_id>/remove-opted-out-contacts/<opt_out_list_id>")
def remove_opted_out(list_id: str, opt_out_list_id: str) -> Response:
    """Take off the list who is on the opt-out list."""
    account = authenticate(request)
    contact_list, opt_out_list = list_of(account, list_id), list_of(account, opt_out_list_id)
    out = {contact.phone for contact in smsc.contacts.contacts(opt_out_list) if contact.phone}
    gone = [contact for contact in smsc.contacts.contacts(contact_list) if contact.phone in out]
    removed = smsc.contacts.remove(contact_list, gone) if contact_list.key != opt_out_list.key else 0
    return success("Optout contacts has been deleted.", {"deleted": removed})


@v3.get("/search/contacts-lists")
def search_contacts_lists() -> Response:
    """Lists and contacts whose name, number or e-mail address holds ``q``."""
    account = authenticate(request)
    wanted = request.args.get("q", "").strip().casefold()
    rows = [
        found_out(one.number, one.name, "list", None, smsc.contacts.size(one))
        for one in smsc.contacts.lists(account.id)
        if wanted in one.name.casefold()
    ]
    rows += [
        found_out(one.number, f"{one.first_name} {one.last_name}".strip(), "contact", one.phone, None)
        for one in smsc.store.find(Contact, account=account.id)
        if wanted in _searched(one)
    ]
    listing: Listing[dict[str, Any]] = Listing(lambda row: row)
    return success("Here are some search result.", page(listing, rows))


def list_of(account: Account, list_id: str) -> ContactList:
    """Raises Fail(NOT_FOUND/contact_list)."""
    try:
        return smsc.contacts.list_of(account.id, list_id)
    except Refusal as refusal:
        raise Fail("NOT_FOUND/contact_list", refusal.detail, field="list_id") from refusal


def _shown(contact_list: ContactList) -> dict[str, Any]:
    return list_out(contact_list, smsc.contacts.size(contact_list))


def _fact(contact: Contact, name: str) -> str:
    if name == "phone_number":
        return contact.phone
    return str(getattr(contact, name) if name in NAMES else contact.details.get(name) or "").casefold()


def _searched(contact: Contact) -> str:
    facts = (contact.first_name, contact.last_name, contact.phone, *(contact.details.get(name) or "" for name in FACTS))
    return " ".join(facts).casefold()
