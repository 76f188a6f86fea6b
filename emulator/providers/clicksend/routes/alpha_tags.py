"""Alpha tags: names to send as, which the service reviews."""

from flask import request
from werkzeug.wrappers import Response

from emulator.core.accounts import Account
from emulator.core.records import Record
from emulator.edge.body import json_object, json_response
from emulator.edge.context import smsc
from emulator.providers.clicksend.auth import authenticate
from emulator.providers.clicksend.registry import new_id, page, row_called
from emulator.providers.clicksend.routes.blueprint import v3
from emulator.providers.clicksend.schemas.registry import ALPHA_TAG_IN, alpha_tag_out

ALPHA_TAGS = "alpha_tags"


@v3.get("/alpha-tags")
def list_alpha_tags() -> Response:
    """The account's alpha tags."""
    account = authenticate(request)
    rows = (_shown(account, record) for record in smsc.records.rows(account.id, ALPHA_TAGS))
    return json_response(page("alpha_tags", rows, account))


@v3.post("/alpha-tags")
def request_alpha_tag() -> Response:
    """Ask for an alpha tag. It is reviewed as long as a delivery takes, and approved; senders are checked by settings only."""
    account = authenticate(request)
    values = {**ALPHA_TAG_IN.load(json_object(request)), "id": new_id(account, ALPHA_TAGS)}
    record = smsc.records.add(account.id, ALPHA_TAGS, values, smsc.clock.now())
    return json_response({**_shown(account, record), "status": "PENDING"})


@v3.get("/alpha-tags/<alpha_tag_id>")
def view_alpha_tag(alpha_tag_id: str) -> Response:
    """One alpha tag."""
    account = authenticate(request)
    return json_response(_shown(account, row_called(account, ALPHA_TAGS, alpha_tag_id, "NOT_FOUND/alpha_tag")))


@v3.delete("/alpha-tags/<alpha_tag_id>")
def delete_alpha_tag(alpha_tag_id: str) -> Response:
    """Forget an alpha tag."""
    account = authenticate(request)
    smsc.records.remove(row_called(account, ALPHA_TAGS, alpha_tag_id, "NOT_FOUND/alpha_tag"))
    return json_response({})


def _shown(account: Account, record: Record) -> dict[str, object]:
    return alpha_tag_out(account, record, smsc.clock.now(), smsc.delivery)
