"""Contacts in and out."""

from typing import Any

from marshmallow import fields

from emulator.core.contacts import Contact, ContactList
from emulator.providers.clicksend.schemas.wire import In, Text, unix

CUSTOM = ("custom_1", "custom_2", "custom_3", "custom_4")  # "" when empty
FACTS = (
    "fax_number", "organization_name", "email", "address_line_1", "address_line_2", "address_city", "address_state",
    "address_postal_code", "address_country",
)  # fmt: skip
"""null when empty."""
NAMES = ("first_name", "last_name")

ContactIn = In.from_dict({name: Text(allow_none=True) for name in ("phone_number", *NAMES, *CUSTOM, *FACTS)}, name="ContactIn")
CONTACT_IN = ContactIn()


class DuplicatesIn(In):
    """Which fields make two contacts the same; without any the phone number does."""

    names = fields.Dict(data_key="fields", keys=fields.String(), load_default=dict, allow_none=True)


DUPLICATES_IN = DuplicatesIn()


def contact_out(contact: Contact, contact_list: ContactList) -> dict[str, Any]:
    """Keys in the document's order."""
    return {
        "contact_id": contact.number,
        "list_id": contact_list.number,
        "phone_number": contact.phone,
        "first_name": contact.first_name,
        "last_name": contact.last_name,
        **{name: contact.details.get(name) or "" for name in CUSTOM},
        "date_added": unix(contact.created_at),
        "date_updated": unix(contact.updated_at),
        **{name: contact.details.get(name) or None for name in FACTS},
        "_list_name": contact_list.name,
    }
