"""What an account registers to send as: own numbers, alpha tags, default senders. Their endpoints are the newer ones."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from flask import request

from emulator.core.accounts import Account
from emulator.core.errors import Reason, Refusal
from emulator.core.ids import upper_uuid
from emulator.core.records import Record
from emulator.edge.context import smsc
from emulator.edge.errors import Fail
from emulator.providers.clicksend.paging import number_of, path_asked

OWN_NUMBERS = "own_numbers"
SIZE, MOST = 10, 500  # rows of a page


def row_called(account: Account, table: str, identifier: str, missing: str) -> Record:
    """The account's row with this id. Raises Fail(missing)."""
    found = next((row for row in smsc.records.rows(account.id, table) if row.values["id"] == identifier.lower()), None)
    if found is None:
        raise Fail(missing, f"the account has none with the id {identifier}")
    return found


def new_id(account: Account, table: str) -> str:
    return upper_uuid(smsc.ids.draw(account.id, table)).lower()


def whose(account: Account) -> dict[str, str]:
    """Account, workspace and user, of which an account here has one each."""
    names = ("account_id", "workspace_id", "user_id")
    return {
        name: upper_uuid(hashlib.md5(f"{account.id}/{name}".encode(), usedforsecurity=False).hexdigest()).lower()
        for name in names
    }


def chosen(
    rows: Iterable[dict[str, Any]], account: Account, *, sized_by: str, direction: str
) -> tuple[list[dict[str, Any]], int, str | None]:
    """The rows asked for, how many there may be, and the address of the next ones.

    ``sized_by`` names the parameter for how many; ``sort_by``, ``sort_direction`` (``direction`` unless said) and ``offset``,
    the id of the last row before, say which. Raises Refusal(INVALID_FIELD) for what cannot be sorted by.
    """
    found = list(rows)
    by, size = request.args.get("sort_by", "created_timestamp"), min(max(number_of(sized_by, SIZE), 1), MOST)
    if found and by not in found[0]:
        raise Refusal(Reason.INVALID_FIELD, f"no field {by!r}", field="sort_by")
    direction = request.args.get("sort_direction", direction).lower()
    if direction not in {"asc", "desc"}:
        raise Refusal(Reason.INVALID_FIELD, f"{direction!r} is neither asc nor desc", field="sort_direction")
    found.sort(key=lambda row: str(row[by] or ""), reverse=direction == "desc")
    before = request.args.get("offset", "").rpartition("#")[2]
    first = next((place for place, row in enumerate(found, start=1) if row["id"] == before), 0)
    shown = found[first : first + size]
    if first + size >= len(found):
        return shown, size, None
    offset = quote(f"{whose(account)['account_id']}#{shown[-1]['id']}")
    return shown, size, f"{path_asked()}?offset={offset}&{sized_by}={size}&sort_by={by}&sort_direction={direction}"


def page(name: str, rows: Iterable[dict[str, Any]], account: Account) -> dict[str, Any]:
    """As own numbers and alpha tags have it."""
    shown, size, following = chosen(rows, account, sized_by="page_size", direction="asc")
    return {name: shown, "_metadata": {"pagination": {**({"next": following} if following else {}), "page_size": size}}}


def iso(instant: datetime, timespec: str = "seconds") -> str:
    return instant.astimezone(UTC).isoformat(timespec=timespec).replace("+00:00", "Z")
