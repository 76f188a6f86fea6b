"""Every endpoint, one file per family; all below ``/v3``."""

from flask import Blueprint

from emulator.providers.clicksend.routes import (
    account,
    automations,
    campaigns,
    contacts,
    countries,
    emails,
    exports,
    history,
    imports,
    inbound,
    links,
    lists,
    receipts,
    sms,
    subaccounts,
    templates,
)
from emulator.providers.clicksend.routes.blueprint import v3

blueprint = Blueprint("clicksend", __name__)
blueprint.register_blueprint(v3)

__all__ = [
    "account",
    "automations",
    "blueprint",
    "campaigns",
    "contacts",
    "countries",
    "emails",
    "exports",
    "history",
    "imports",
    "inbound",
    "links",
    "lists",
    "receipts",
    "sms",
    "subaccounts",
    "templates",
]
