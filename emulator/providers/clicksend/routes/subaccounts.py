"""Subaccounts: people who use the account with credentials and rights of their own."""

from dataclasses import replace
from operator import itemgetter
from typing import Any

from flask import request
from werkzeug.wrappers import Response

from emulator.core.accounts import Account
from emulator.core.addresses import international
from emulator.core.errors import Refusal
from emulator.core.ids import upper_uuid
from emulator.core.records import Record
from emulator.edge.body import json_object
from emulator.edge.context import keep_secret, sheet, smsc
from emulator.edge.errors import Fail
from emulator.providers.clicksend.auth import SUBACCOUNTS, authenticate, subaccount_called
from emulator.providers.clicksend.paging import Listing, page
from emulator.providers.clicksend.responses import success
from emulator.providers.clicksend.routes.blueprint import v3
from emulator.providers.clicksend.schemas.subaccounts import FIELDS, SUBACCOUNT_IN, own_out, subaccount_out


@v3.get("/subaccounts")
def subaccounts() -> Response:
    """The subaccounts of the account, which is the first of them itself."""
    account = authenticate(request)
    rows = [_main(account), *map(_shown, smsc.records.rows(account.id, SUBACCOUNTS))]
    listing: Listing[dict[str, Any]] = Listing(lambda row: row, {name: itemgetter(name) for name in FIELDS})
    return success("SUCCESS", page(listing, rows))


@v3.post("/subaccounts")
def create_subaccount() -> Response:
    """A new subaccount; it can call at once, with its API key or its password, and the account pays."""
    account = authenticate(request)
    values = _free(account, SUBACCOUNT_IN.load(json_object(request)), None)
    values["api_key"] = _new_key(account)
    return success("New account has been created.", _shown(smsc.records.add(account.id, SUBACCOUNTS, values, smsc.clock.now())))


@v3.get("/subaccounts/<number>")
def subaccount(number: str) -> Response:
    """One subaccount."""
    account = authenticate(request)
    if number == str(_main(account)["subaccount_id"]):
        return success("Here are your data.", _main(account))
    return success("Here are your data.", _shown(_row(account, number)))


@v3.put("/subaccounts/<number>")
def update_subaccount(number: str) -> Response:
    """Change what the request names; the rest stays."""
    account = authenticate(request)
    record = _row(account, number)
    sent = json_object(request)
    values = _free(account, SUBACCOUNT_IN.load({**record.values, **sent}), record)
    changed = smsc.records.change(record, values)
    return success(f"Subaccount #{changed.number} has been updated.", _shown(changed))


@v3.delete("/subaccounts/<number>")
def delete_subaccount(number: str) -> Response:
    """Its credentials are good no longer; what it has sent stays."""
    record = _row(authenticate(request), number)
    smsc.records.remove(record)
    return success(f"Subaccount #{record.number} has been deleted", data=True)


@v3.put("/subaccounts/<number>/regen-api-key")
def regenerate_api_key(number: str) -> Response:
    """A new API key, of the account itself, too; the old one is good no longer."""
    account = authenticate(request)
    key = _new_key(account)
    keep_secret(key)
    if number == str(_main(account)["subaccount_id"]):
        smsc.store.change(
            Account, account.id, lambda present: replace(present, credentials={**present.credentials, "api_key": key})
        )
    else:
        smsc.records.change(_row(account, number), {"api_key": key})
    return success("Your API Key has been regenerated.", {"api_key": key})


def _row(account: Account, number: str) -> Record:
    """Raises Fail(FORBIDDEN/resource), also for the account itself, which is changed elsewhere."""
    try:
        return smsc.records.row(account.id, SUBACCOUNTS, number)
    except Refusal as refusal:
        raise Fail("FORBIDDEN/resource", refusal.detail, field="subaccount_id") from refusal


def _free(account: Account, values: dict[str, Any], known: Record | None) -> dict[str, Any]:
    """``values`` to be kept, the phone number in full. Raises Fail(ALREADY_EXISTS) for a user name that somebody has."""
    username = values["api_username"]
    holder = subaccount_called(username)
    login = smsc.terms["clicksend"].login_of({"username": username})
    if (holder and (known is None or holder.key != known.key)) or smsc.store.count(Account, provider="clicksend", login=login):
        raise Fail("ALREADY_EXISTS", f"{username!r} is somebody's user name", field="api_username")
    phone = values["phone_number"]
    return {**values, "phone_number": international(phone, account.settings["default_country"]) or phone}


def _new_key(account: Account) -> str:
    return upper_uuid(smsc.ids.draw(account.id, "api_key"))


def _main(account: Account) -> dict[str, Any]:
    present = smsc.store.get(Account, account.id) or account
    return own_out(present, sheet("clicksend").document["profile"])


def _shown(record: Record) -> dict[str, Any]:
    keep_secret(record.values["api_key"])
    keep_secret(record.values["password"])
    return subaccount_out(record)
