"""Files to download: history and contact lists as CSV."""

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from flask import request
from werkzeug.wrappers import Response

from emulator.core.accounts import Account
from emulator.core.ids import upper_uuid
from emulator.core.records import Record
from emulator.edge.context import sheet, smsc
from emulator.edge.errors import Fail
from emulator.providers.clicksend.auth import authenticate
from emulator.providers.clicksend.members import messages_of
from emulator.providers.clicksend.paging import base_url
from emulator.providers.clicksend.responses import success
from emulator.providers.clicksend.routes.blueprint import v3
from emulator.providers.clicksend.routes.lists import list_of
from emulator.providers.clicksend.schemas.contacts import contact_out
from emulator.providers.clicksend.schemas.messages import history_out

EXPORTS = "export"
KEPT = 10  # of one account; older ones are gone


@v3.get("/sms/history/export")
def export_history() -> Response:
    """A link to all messages of the account as CSV."""
    account = authenticate(request)
    messages = messages_of(account)
    return _offered(account, (history_out(account, sheet("clicksend"), message) for message in messages))


@v3.get("/lists/<list_id>/export")
def export_list(list_id: str) -> Response:
    """A link to the contacts of a list as CSV."""
    account = authenticate(request)
    contact_list = list_of(account, list_id)
    return _offered(account, (contact_out(contact, contact_list) for contact in smsc.contacts.contacts(contact_list)))


@v3.get("/files/<file_id>")
def download(file_id: str) -> Response:
    """A file that was offered; whoever knows its address may have it."""
    for record in smsc.store.find(Record, table=EXPORTS):
        if record.values["file"] == file_id:
            return Response(record.values["text"], mimetype="text/csv")
    raise Fail("NOT_FOUND/endpoint", f"no file {file_id}")


def _offered(account: Account, rows: Iterable[Mapping[str, Any]]) -> Response:
    file_id = upper_uuid(smsc.ids.draw(account.id, "file"))
    for old in list(smsc.records.rows(account.id, EXPORTS))[: 1 - KEPT]:
        smsc.records.remove(old)
    smsc.records.add(account.id, EXPORTS, {"file": file_id, "text": _csv(rows)}, smsc.clock.now())
    name = urlencode({"filename": request.args.get("filename", "export.csv")})
    return success("Download your file here.", {"url": f"{base_url()}/files/{file_id}?{name}"})


def _csv(rows: Iterable[Mapping[str, Any]]) -> str:
    written = io.StringIO()
    writer: csv.DictWriter[str] | None = None
    for row in rows:
        if writer is None:
            writer = csv.DictWriter(written, list(row))
            writer.writeheader()
        writer.writerow(dict(row))
    return written.getvalue()
