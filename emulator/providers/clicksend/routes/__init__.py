"""Every endpoint, one file per family; all below ``/v3``."""

from flask import Blueprint

from emulator.providers.clicksend.routes import (
    account,
    alpha_tags,
    automations,
    campaigns,
    contacts,
    countries,
    default_senders,
    emails,
    exports,
    history,
    imports,
    inbound,
    links,
    lists,
    own_numbers,
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
    "alpha_tags",
    "automations",
    "blueprint",
    "campaigns",
    "contacts",
    "countries",
    "default_senders",
    "emails",
    "exports",
    "history",
    "imports",
    "inbound",
    "links",
    "lists",
    "own_numbers",
    "receipts",
    "sms",
    "subaccounts",
    "templates",
]
