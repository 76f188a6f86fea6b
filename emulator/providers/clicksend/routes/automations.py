"""Automation rules: where delivery receipts and replies go, and what is done with replies."""

from flask import request
from werkzeug.wrappers import Response

from emulator.providers.clicksend.auth import authenticate
from emulator.providers.clicksend.responses import success
from emulator.providers.clicksend.routes.blueprint import v3
from emulator.providers.clicksend.rules import INBOUND_RULES, RECEIPT_RULES
from emulator.providers.clicksend.schemas.automations import (
    INBOUND_RULE_IN,
    RECEIPT_RULE_IN,
    inbound_rule_out,
    receipt_rule_out,
)
from emulator.providers.clicksend.tables import Table

_RECEIPTS = Table(RECEIPT_RULES, RECEIPT_RULE_IN, receipt_rule_out, "NOT_FOUND/rule")
_INBOUND = Table(INBOUND_RULES, INBOUND_RULE_IN, inbound_rule_out, "NOT_FOUND/rule")


@v3.get("/automations/sms/receipts")
def view_receipt_rules() -> Response:
    """The rules for delivery receipts."""
    return success("Your list of rule incoming sms receipt.", _RECEIPTS.page(authenticate(request)))


@v3.post("/automations/sms/receipts")
def create_receipt_rule() -> Response:
    """A new rule; action URL posts receipts to ``action_address``, POLL keeps them to be fetched."""
    return success("Your new SMS receipt has been added.", _RECEIPTS.add(authenticate(request)))


@v3.get("/automations/sms/receipts/<receipt_rule_id>")
def view_receipt_rule(receipt_rule_id: str) -> Response:
    """One rule for delivery receipts."""
    return success("Your rule incoming sms receipt.", _RECEIPTS.view(authenticate(request), receipt_rule_id))


@v3.put("/automations/sms/receipts/<receipt_rule_id>")
def update_receipt_rule(receipt_rule_id: str) -> Response:
    """Change what the request names."""
    changed = _RECEIPTS.change(authenticate(request), receipt_rule_id)
    return success("Your rule incoming sms receipt has been updated.", changed)


@v3.delete("/automations/sms/receipts/<receipt_rule_id>")
def delete_receipt_rule(receipt_rule_id: str) -> Response:
    """Forget the rule."""
    removed = _RECEIPTS.remove(authenticate(request), receipt_rule_id)
    return success("Your rule incoming sms receipt has been deleted.", removed)


@v3.get("/automations/sms/inbound")
def view_inbound_rules() -> Response:
    """The rules for messages that come in."""
    return success("Your list of inbound rules.", _INBOUND.page(authenticate(request), has_links=True))


@v3.post("/automations/sms/inbound")
def create_inbound_rule() -> Response:
    """A new rule; action URL pushes to ``action_address`` as ``webhook_type`` says, POLL keeps messages to be fetched."""
    return success("Your record has been added.", _INBOUND.add(authenticate(request)))


@v3.get("/automations/sms/inbound/<inbound_rule_id>")
def view_inbound_rule(inbound_rule_id: str) -> Response:
    """One rule for messages that come in."""
    return success("Your inbound rule.", _INBOUND.view(authenticate(request), inbound_rule_id))


@v3.put("/automations/sms/inbound/<inbound_rule_id>")
def update_inbound_rule(inbound_rule_id: str) -> Response:
    """Change what the request names."""
    return success("Your record has been updated.", _INBOUND.change(authenticate(request), inbound_rule_id))


@v3.delete("/automations/sms/inbound/<inbound_rule_id>")
def delete_inbound_rule(inbound_rule_id: str) -> Response:
    """Forget the rule."""
    return success("Your record has been deleted.", _INBOUND.remove(authenticate(request), inbound_rule_id))
