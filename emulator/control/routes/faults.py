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
@speaks({201: FaultOut}, body=FaultIn, errors=("unknown_provider", "unknown_account"))
def add() -> Response:
    """A rule: what it matches, what then happens, how often."""
    body = json_object(request)
    wanted = FAULT_IN.load(body)
    asked(wanted["match"])
    if wanted["provider"] is not None and wanted["provider"] not in runtime().providers:
        raise Fail("unknown_provider", f"no provider {wanted['provider']!r}", field="provider")
    if wanted["account"] is not None and smsc.store.get(Account, wanted["account"]) is None:
        raise Fail("unknown_account", f"no account {wanted['account']!r}", field="account")
    if wanted["operation"] is not None and wanted["operation"] not in _operations():
        raise Refusal(
            Reason.INVALID_FIELD, f"no operation {wanted['operation']!r}; sms-emulator routes lists them", field="operation"
        )
    effect: Effect = wanted.pop("effect")
    if effect.rate is not None and asked(wanted["match"]).terms:
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


def _operations() -> set[str]:
    """What ``sms-emulator routes`` prints as functions of providers."""
    actions = {action for provider in runtime().providers.values() for api in provider.apis for action in api.actions}
    return actions | {rule.endpoint.rpartition(".")[2] for rule in current_app.url_map.iter_rules()}
