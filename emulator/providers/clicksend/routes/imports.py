"""Contacts from a file of comma-separated values, which is fetched from where the application has put it."""

import csv
import io
from collections.abc import Iterator
from typing import Any

from flask import request
from werkzeug.wrappers import Response

from emulator.core.accounts import Account
from emulator.core.errors import Reason, Refusal
from emulator.core.ids import numeric
from emulator.edge.body import json_object
from emulator.edge.context import runtime, smsc
from emulator.providers.clicksend.auth import authenticate
from emulator.providers.clicksend.responses import success
from emulator.providers.clicksend.routes.blueprint import v3
from emulator.providers.clicksend.routes.contacts import facts_of
from emulator.providers.clicksend.routes.lists import list_of
from emulator.providers.clicksend.schemas.imports import COLUMNS, FILE_IN, IMPORT_IN

_ID_DIGITS = 19


@v3.get("/lists/<list_id>/import-fields")
def import_fields(list_id: str) -> Response:
    """The names that the columns of a file of contacts may have."""
    list_of(authenticate(request), list_id)
    return success("Here are your data.", list(COLUMNS))


@v3.post("/lists/<list_id>/import-csv-preview")
def preview_import(list_id: str) -> Response:
    """The first row of a file, to see what its columns hold."""
    list_of(authenticate(request), list_id)
    rows = _rows(FILE_IN.load(json_object(request))["url"])
    return success("Your file preview.", {"row": rows[0] if rows else []})


@v3.post("/lists/<list_id>/import")
def import_contacts(list_id: str) -> Response:
    """A contact for each row of a file; they are there when this answers. A row that names the columns is none."""
    account = authenticate(request)
    contact_list = list_of(account, list_id)
    wanted = IMPORT_IN.load(json_object(request))
    for facts in list(_people(account, _rows(wanted["url"]), wanted["columns"])):
        smsc.contacts.add(contact_list, **facts)
    identifier = numeric(smsc.ids.draw(account.id, "import"), _ID_DIGITS)
    data = {"msg": "Messages put on queue.", "ids": [identifier], "id": identifier}
    return success("Your file is now queued.", data)


def _rows(url: str) -> list[list[str]]:
    """Raises Refusal(INVALID_FIELD) for a file that cannot be fetched or read."""
    try:
        text = runtime().fetch(url).decode("utf-8-sig")
        return [row for row in csv.reader(io.StringIO(text)) if any(map(str.strip, row))]
    except (OSError, UnicodeError, csv.Error) as error:
        raise Refusal(Reason.INVALID_FIELD, f"{url}: {error}", field="file_url") from error


def _people(account: Account, rows: list[list[str]], columns: list[str]) -> Iterator[dict[str, Any]]:
    for row in rows:
        sent = {COLUMNS[column]: cell.strip() for column, cell in zip(columns, row, strict=False) if column}
        ways = (sent.get("phone_number"), sent.get("fax_number"), sent.get("email"))
        if any(way and (any(map(str.isdigit, way)) or "@" in way) for way in ways):
            yield facts_of(account, sent, None)
