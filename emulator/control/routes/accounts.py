"""Accounts: look at them, open, change, close."""

from typing import Any

from flask import Blueprint, request
from werkzeug.wrappers import Response

from emulator.control.schemas.accounts import AccountOut, AccountsOut, ChangeIn, OpenIn, account_out
from emulator.control.schemas.values import DeletedOut
from emulator.control.spoken import speaks
from emulator.core.accounts import Account
from emulator.core.errors import Reason, Refusal
from emulator.edge.body import json_object, json_response
from emulator.edge.context import runtime, smsc
from emulator.edge.errors import Fail

blueprint = Blueprint("accounts", __name__)


@blueprint.get("/accounts")
@speaks(AccountsOut)
def accounts() -> Response:
    """Every account, the demo accounts first."""
    return json_response({"accounts": [account_out(account) for account in smsc.store.find(Account)]})


@blueprint.post("/accounts")
@speaks(
    {201: AccountOut},
    body=OpenIn,
    example={"provider": "skycore", "balance": "5.00"},
    errors=("credentials_taken", "unknown_provider"),
)
def open_account() -> Response:
    """A fresh account of ``provider``, a world of its own; credentials, balance and settings may be given."""
    wanted = json_object(request)
    provider = wanted.pop("provider", None)
    if not isinstance(provider, str):
        raise Refusal(Reason.MISSING_FIELD, "provider: must be given", field="provider")
    if provider not in runtime().providers:
        raise Fail(
            "unknown_provider",
            f"no provider {provider!r}; there are {', '.join(runtime().providers)}",
            field="provider",
        )
    return json_response(account_out(runtime().registrar.open(provider, wanted)), 201)


@blueprint.get("/accounts/<account_id>")
@speaks(AccountOut, errors=("unknown_account",))
def account(account_id: str) -> Response:
    """One account with its credentials, balance and settings."""
    return json_response(account_out(_known(account_id)))


@blueprint.patch("/accounts/<account_id>")
@speaks(
    AccountOut,
    body=ChangeIn,
    example={"balance": "0", "callback_url": "http://127.0.0.1:9000/receipts"},
    errors=("unknown_account",),
)
def change(account_id: str) -> Response:
    """Change settings or the balance."""
    _known(account_id)
    return json_response(account_out(runtime().registrar.change(account_id, json_object(request))))


@blueprint.delete("/accounts/<account_id>")
@speaks(DeletedOut, errors=("unknown_account",))
def close(account_id: str) -> Response:
    """Forget an account and all that belongs to it."""
    _known(account_id)
    runtime().registrar.close(account_id)
    body: dict[str, Any] = {"deleted": account_id}
    return json_response(body)


def _known(account_id: str) -> Account:
    found = smsc.store.get(Account, account_id)
    if found is None:
        raise Fail("unknown_account", f"no account {account_id!r}")
    return found
