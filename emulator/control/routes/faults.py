"""Failures on purpose."""

import json

from flask import Blueprint, current_app, request
from werkzeug.wrappers import Response

from emulator.control.query import asked
from emulator.control.schemas.faults import FAULT_IN, FaultIn, FaultOut, FaultsOut, fault_out
from emulator.control.schemas.values import DeletedOut
from emulator.control.spoken import speaks
from emulator.core.accounts import Account
from emulator.core.errors import Reason, Refusal
from emulator.core.faults import Effect, FaultRule
from emulator.edge.body import json_object, json_response
from emulator.edge.context import runtime, smsc
from emulator.edge.errors import Fail

blueprint = Blueprint("faults", __name__)


@blueprint.get("/faults")
@speaks(FaultsOut)
def faults() -> Response:
    """The rules in force, oldest first, with how often each has matched and struck."""
    return json_response({"faults": [fault_out(rule) for rule in smsc.store.find(FaultRule)]})


@blueprint.post("/faults")
@speaks(
    {201: FaultOut},
    body=FaultIn,
    example={"effect": {"refuse": "no_credit"}, "provider": "skycore", "times": 1},
    errors=("unknown_account",),
)
def add() -> Response:
    """A rule: what it matches, what then happens, how often."""
    body = json_object(request)
    wanted = FAULT_IN.load(body)
    match = asked(wanted["match"], field="match")
    if wanted["provider"] is not None and wanted["provider"] not in runtime().providers:
        text = f"no provider {wanted['provider']!r}; there are {', '.join(runtime().providers)}"
        raise Refusal(Reason.INVALID_FIELD, text, field="provider")
    provider = _provider(wanted["provider"], wanted["account"])
    if wanted["operation"] is not None and wanted["operation"] not in _operations(provider):
        text = f"no operation {wanted['operation']!r}{f' of {provider}' if provider else ''}; sms-emulator routes lists them"
        raise Refusal(Reason.INVALID_FIELD, text, field="operation")
    effect: Effect = wanted.pop("effect")
    if effect.rate is not None and match.terms:
        raise Refusal(Reason.INVALID_FIELD, "a rate counts requests, it cannot match messages", field="match")
    rule = FaultRule(smsc.ids.draw("", "fault"), effect, json.dumps(body["effect"]), **wanted)
    smsc.store.put(rule)
    return json_response(fault_out(rule), 201)


@blueprint.delete("/faults")
@speaks(DeletedOut)
def remove_all() -> Response:
    """No more failures."""
    return json_response({"deleted": smsc.store.remove(FaultRule)})


@blueprint.delete("/faults/<fault_id>")
@speaks(DeletedOut, errors=("unknown_fault",))
def remove(fault_id: str) -> Response:
    """One rule less."""
    if not smsc.store.remove(FaultRule, fault_id):
        raise Fail("unknown_fault", f"no fault {fault_id!r}")
    return json_response({"deleted": fault_id})


def _provider(named: str | None, account_id: str | None) -> str | None:
    """Whose requests a rule concerns; None for everybody's. Raises Fail, Refusal for an account not there, or not its."""
    if account_id is None:
        return named
    account = smsc.store.get(Account, account_id)
    if account is None:
        raise Fail("unknown_account", f"no account {account_id!r}", field="account")
    if named not in {None, account.provider}:
        raise Refusal(Reason.INVALID_FIELD, f"{account_id!r} is an account of {account.provider}", field="account")
    return account.provider


def _operations(provider: str | None) -> set[str]:
    """What ``sms-emulator routes`` prints as functions of one provider, or of all."""
    providers = [one for one in runtime().providers.values() if provider in {None, one.name}]
    apis = {api.blueprint.name: api for one in providers for api in one.apis}
    views = (rule.endpoint.rpartition(".") for rule in current_app.url_map.iter_rules())
    return {name for blueprint, _, view in views if blueprint in apis for name in apis[blueprint].actions or {view}}
