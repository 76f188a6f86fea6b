"""What an account owns from the start beside its settings: contact lists, as its provider's sheet says."""

from collections.abc import Mapping
from typing import Any

from emulator.core.accounts import Account
from emulator.core.addressbook import AddressBook
from emulator.core.addresses import country
from emulator.fixtures import Sheet


def furnish(book: AddressBook, account: Account, sheet: Sheet) -> None:
    """Open the lists that every account of the provider has, and those of this one."""
    own = sheet.document["accounts"].get(account.id.removeprefix(f"{sheet.name}-"), {})
    for row in [*sheet.document.get("lists", []), *own.get("lists", [])]:
        opened = book.open_list(account.id, row["name"], number=row.get("number"), is_opt_out=row.get("is_opt_out", False))
        for contact in row.get("contacts", []):
            book.add(opened, **_facts(contact))


def _facts(row: Mapping[str, Any]) -> dict[str, Any]:
    phone = row.get("phone", "")
    known = {"phone": phone, "country": country(phone) if phone else None}
    names = {name: row.get(name, "") for name in ("first_name", "last_name")}
    return known | names | {"details": row.get("details", {})}
