"""Default senders: who messages to a country come from that name no sender."""

from typing import Any

from flask import request
from werkzeug.wrappers import Response

from emulator.core.accounts import Account
from emulator.core.policy import Policy
from emulator.core.records import Record
from emulator.edge.body import json_object
from emulator.edge.context import smsc
from emulator.edge.errors import Fail
from emulator.providers.clicksend.auth import authenticate
from emulator.providers.clicksend.errors import DEFAULT_SENDER
from emulator.providers.clicksend.paging import path_asked
from emulator.providers.clicksend.registry import chosen, iso, new_id, row_called
from emulator.providers.clicksend.responses import success
from emulator.providers.clicksend.routes.blueprint import v3
from emulator.providers.clicksend.schemas.default_senders import (
    CHANGE_IN,
    DEFAULT_SENDER_IN,
    ChangeIn,
    default_sender_out,
    loaded,
)

DEFAULT_SENDERS = "default_senders"
_DONE = "Operation completed successfully"


@v3.get("/senders/default-senders")
def view_default_senders() -> Response:
    """The default senders, the newest first."""
    account = authenticate(request)
    rows = (default_sender_out(account, record) for record in smsc.records.rows(account.id, DEFAULT_SENDERS))
    shown, size, following = chosen(rows, account, sized_by="per_page", direction="desc")
    asked = request.query_string.decode("latin-1")
    data = {"data": shown, "per_page": size, "self_page_url": path_asked() + (f"?{asked}" if asked else "")}
    return success("Default senders retrieved successfully", {**data, "next_page_url": following})


@v3.post("/senders/default-senders")
def create_default_sender() -> Response:
    """The sender for a country that has none yet."""
    account = authenticate(request)
    values = _loaded(DEFAULT_SENDER_IN, account)
    if any(row.values["country"] == values["country"] for row in smsc.records.rows(account.id, DEFAULT_SENDERS)):
        raise Fail(DEFAULT_SENDER, "Default sender already exists for this country", field="country_code")
    now = smsc.clock.now()
    values |= {"id": new_id(account, DEFAULT_SENDERS), "updated_at": iso(now)}
    record = smsc.records.add(account.id, DEFAULT_SENDERS, values, now)
    _use(account, record)
    return success(_DONE, default_sender_out(account, record))


@v3.get("/senders/default-senders/<default_sender_id>")
def view_default_sender(default_sender_id: str) -> Response:
    """One default sender."""
    account = authenticate(request)
    return success(_DONE, default_sender_out(account, _row(account, default_sender_id)))


@v3.patch("/senders/default-senders/<default_sender_id>")
def update_default_sender(default_sender_id: str) -> Response:
    """Another sender for the same country."""
    account = authenticate(request)
    record = _row(account, default_sender_id)
    values = _loaded(CHANGE_IN, account)
    changed = smsc.records.change(record, {**values, "updated_at": iso(smsc.clock.now())})
    _use(account, changed)
    return success(_DONE, default_sender_out(account, changed))


@v3.delete("/senders/default-senders/<default_sender_id>")
def delete_default_sender(default_sender_id: str) -> Response:
    """The country gets a sender of the service's choice again."""
    account = authenticate(request)
    record = _row(account, default_sender_id)
    smsc.records.remove(record)
    _forget(account, record)
    return Response(status=204)


def _loaded(schema: ChangeIn, account: Account) -> dict[str, Any]:
    """Raises Fail, which names the field and why."""
    values = loaded(schema, json_object(request))
    sender = values["strategies"][0]["sender_id"]
    if sender and not Policy.of(account).owns(sender):
        field = "default_sender_strategies[0].sender_id"
        raise Fail(DEFAULT_SENDER, "Sender ID is not owned by the account", field=field, setting="senders")
    return values


def _use(account: Account, record: Record) -> None:
    sender = record.values["strategies"][0]["sender_id"]
    if not sender:  # a shared number, which is what there is without
        _forget(account, record)
        return
    smsc.change_settings(
        account, lambda present: {"default_senders": {**present["default_senders"], record.values["country"]: [sender]}}
    )


def _forget(account: Account, record: Record) -> None:
    country = record.values["country"]
    smsc.change_settings(
        account,
        lambda present: {
            "default_senders": {name: senders for name, senders in present["default_senders"].items() if name != country}
        },
    )


def _row(account: Account, identifier: str) -> Record:
    return row_called(account, DEFAULT_SENDERS, identifier, "NOT_FOUND/default_sender")
