"""Contact lists in and out."""

from typing import Any
from zlib import crc32

from emulator.core.contacts import ContactList
from emulator.core.ids import alphanumeric
from emulator.providers.clicksend.schemas.wire import In, Text


class ListIn(In):
    name = Text(data_key="list_name", required=True)


LIST_IN = ListIn()


def list_out(contact_list: ContactList, size: int) -> dict[str, Any]:
    """``list_email_id`` is the mailbox of the list: sixteen capitals and digits that follow from its number."""
    seed = f"{crc32(contact_list.key.encode()):08x}{contact_list.number:016x}{crc32(contact_list.key[::-1].encode()):08x}"
    return {
        "list_id": contact_list.number,
        "list_name": contact_list.name,
        "list_email_id": alphanumeric(seed, 16).upper(),
        "_contacts_count": size,
        "_import_in_progress": 0,
        "_optout_in_progress": 0,
    }


def found_out(number: int, name: str, kind: str, contact: str | None, contacts_count: int | None) -> dict[str, Any]:
    """One row of a search over contacts and lists."""
    return {"id": number, "name": name, "type": kind, "contact": contact, "contacts_count": contacts_count}
