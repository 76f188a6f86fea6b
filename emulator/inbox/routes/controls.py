"""Controls: time, failures, accounts, and back to the start."""

from collections.abc import Callable, Mapping
from itertools import islice
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

from flask import Blueprint, request
from werkzeug.wrappers import Response

from emulator.core.accounts import Account
from emulator.core.campaigns import Campaign
from emulator.core.faults import FaultRule
from emulator.core.journal import Exchange
from emulator.core.message import Message
from emulator.edge.context import runtime, smsc
from emulator.inbox import forms
from emulator.inbox.asking import Reply, ask
from emulator.inbox.pages import fragment_wanted, page

blueprint = Blueprint("controls", __name__)

ACCOUNTS = 20  # on one page
_LIVE = {
    "clock-now": "controls/clock_now.html",
    "clock-hold": "controls/clock_hold.html",
    "fault-rules": "controls/fault_rules.html",
}
_PARTS = {**_LIVE, "controls": "controls/body.html"}


@blueprint.get("/controls")
def controls() -> Response:
    """Everything one may turn."""
    return _shown()


@blueprint.post("/controls/clock")
def clock() -> Response:
    """Hold, release, move or set the clock."""
    do = request.form.get("do", "")
    return _done(do if do in {"advance", "set"} else "", lambda: ask(*forms.clock_call(request.form)), _moved)


@blueprint.post("/controls/faults")
def add_fault() -> Response:
    """One rule more."""
    return _done("fault", lambda: ask("POST", "/faults", forms.fault_document(request.form)), lambda _: "The rule is in force.")


@blueprint.post("/controls/faults/remove")
def remove_faults() -> Response:
    """One rule less, or with no ``fault`` none left."""
    fault = request.form.get("fault", "")
    reply = ask("DELETE", f"/faults/{quote(fault, safe='')}" if fault else "/faults")
    return _shown(said="The rule is gone." if fault else "No rule is left.", objection=reply.objection)


@blueprint.post("/controls/accounts")
def open_account() -> Response:
    """A new account, shown before the others."""
    reply = ask("POST", "/accounts", forms.account_document(request.form))
    if reply.objection:
        return _shown(refused=forms.Refused.by("new-account", reply.objection, request.form, reply.field))
    return _shown(said=f"{reply.document['id']} is open.", first=reply.document["id"])


@blueprint.post("/controls/accounts/<account_id>")
def change_account(account_id: str) -> Response:
    """Other settings, another balance."""
    account = runtime().registrar.account(account_id)

    def change() -> Reply:
        document = forms.settings_document(runtime().sheets[account.provider], request.form)
        return ask("PATCH", f"/accounts/{quote(account_id, safe='')}", document)

    return _done(account_id, change, lambda _: f"{account_id} is changed.", opened=account_id)


@blueprint.post("/controls/accounts/<account_id>/close")
def close_account(account_id: str) -> Response:
    """Forget an account and all that is its."""
    reply = ask("DELETE", f"/accounts/{quote(account_id, safe='')}")
    return _shown(said=f"{account_id} is closed.", objection=reply.objection)


@blueprint.post("/controls/reset")
def reset() -> Response:
    """Everything, or one ``account``, as it was at the start."""
    account = request.form.get("account", "")
    reply = ask("POST", "/reset", {"account": account} if account else {})
    what = account or "Everything"
    return _shown(said=f"{what} is as it was at the start.", objection=reply.objection)


def _done(form: str, act: Callable[[], Reply], told: Callable[[Reply], str], opened: str | None = None) -> Response:
    """The page after ``act``, with what is told of it; with the ``form`` as it was filled where it is refused."""
    try:
        reply = act()
    except forms.FormError as error:
        return _shown(refused=forms.Refused.by(form, str(error), request.form, error.field), opened=opened)
    if reply.objection:
        return _shown(refused=forms.Refused.by(form, reply.objection, request.form, reply.field), opened=opened)
    return _shown(said=told(reply), opened=opened)


def _moved(reply: Reply) -> str:
    fired = len(reply.document.get("fired", ()))
    said = "The clock stands still." if reply.document["frozen"] else "The clock runs."
    return f"{said} {fired} planned {'step' if fired == 1 else 'steps'} happened." if "fired" in reply.document else said


def _shown(
    *,
    said: str = "",
    objection: str = "",
    refused: forms.Refused | None = None,
    first: str | None = None,
    opened: str | None = None,
) -> Response:
    template = _PARTS.get(fragment_wanted(), "controls/page.html")
    return page(
        template,
        said="" if objection else said,
        objection=objection,
        refused=refused,
        opened=opened,
        forms=forms,
        sheet_of=lambda account: runtime().sheets[account.provider],
        base=request.host_url.rstrip("/"),
        next_due=smsc.store.next_due(),
        rules=list(smsc.store.find(FaultRule)),
        **(_accounts(first) if template not in _LIVE.values() else {}),
    )


def _accounts(first: str | None) -> dict[str, Any]:
    """A page of accounts, the one that was just made or changed before them; and what a reset would forget."""
    store = smsc.store
    looked_at = _looked_at()
    asked = looked_at.get("page", "")
    number = max(int(asked), 1) if asked.isascii() and asked.isdecimal() and len(asked) < 9 else 1
    provider = looked_at.get("provider", "")
    equals: dict[str, Any] = {"provider": provider} if provider in runtime().sheets else {}
    start = (number - 1) * ACCOUNTS
    found = list(islice(store.find(Account, **equals), start, start + ACCOUNTS + 1))
    accounts = found[:ACCOUNTS]
    made = store.get(Account, first) if first else None
    if made is not None:
        accounts = [made, *(account for account in accounts if account.id != first)]
    return {
        "accounts": accounts,
        "number": number,
        "provider": provider,
        "has_next": len(found) > ACCOUNTS,
        "all_accounts": store.count(Account, **equals),
        "forgettable": {kind: store.count(kind) for kind in (Message, Exchange, Campaign, FaultRule)},
        "counts": {account.id: store.count(Message, account=account.id) for account in accounts},
    }


def _looked_at() -> Mapping[str, str]:
    """The query of the page on which a button was pressed: what is chosen there stays chosen."""
    if request.method == "GET":
        return request.args
    return dict(parse_qsl(urlsplit(request.headers.get("HX-Current-URL", "")).query))
