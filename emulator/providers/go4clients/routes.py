"""The SMS services: one recipient (``send``), many (``sendmessage``)."""

from typing import Any

from flask import Blueprint, request
from werkzeug.wrappers import Response

from emulator.core.accounts import Account
from emulator.core.errors import Reason, Refusal
from emulator.core.message import Accepted
from emulator.edge.body import json_object
from emulator.edge.context import runtime, smsc
from emulator.providers.go4clients.auth import authenticate
from emulator.providers.go4clients.messages import compose
from emulator.providers.go4clients.responses import sent, sent_to_all
from emulator.providers.go4clients.schemas import SEND_IN, SENDMESSAGE_IN

blueprint = Blueprint("go4clients", __name__)


@blueprint.post("/TelintelSms/api/sms/send")
@blueprint.post("/TelintelSms/api/sms/send/<api_key>")
def send(api_key: str | None = None) -> Response:
    """Send one SMS; it joins the campaign named, which begins with its first message."""
    account = authenticate(request, api_key)
    wanted = SEND_IN.load(_document(account))
    return sent(smsc.submit_one(account, compose(account, wanted, wanted["recipient"])))


@blueprint.post("/TelintelSms/api/sms/sendmessage")
def sendmessage() -> Response:
    """Send one text to all of ``toList``, or to none of them if one is refused."""
    account = authenticate(request)
    wanted = SENDMESSAGE_IN.load(_document(account))
    submissions = [compose(account, wanted, number) for number in wanted["recipients"]]
    outcomes = smsc.submit(account, submissions, whole=True)
    messages = [outcome.message for outcome in outcomes if isinstance(outcome, Accepted)]
    return sent_to_all(messages, runtime().registrar.account(account.id).balance)


def _document(account: Account) -> dict[str, Any]:
    """The body; JSON by clients that concatenate it comes in Latin-1 under a content type that says otherwise."""
    if account.settings["require_json_content_type"] and request.mimetype != "application/json":
        raise Refusal(
            Reason.MALFORMED,
            f"the content type is {request.mimetype or 'missing'}",
            field="Content-Type",
            setting="require_json_content_type",
        )
    return json_object(request, fallback="latin-1")
