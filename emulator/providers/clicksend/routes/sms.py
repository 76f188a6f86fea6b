"""Single messages: send, price, cancel."""

from decimal import Decimal

from flask import request
from werkzeug.wrappers import Response

from emulator.core.accounts import Account
from emulator.core.campaigns import CANCELLABLE
from emulator.core.errors import Reason, Refusal
from emulator.core.ids import upper_uuid
from emulator.core.message import Accepted, Message, Outcome, Status, Submission
from emulator.edge.body import json_object
from emulator.edge.context import smsc
from emulator.edge.errors import Fail
from emulator.providers.clicksend.auth import authenticate
from emulator.providers.clicksend.batch import compose
from emulator.providers.clicksend.members import is_shared, message_of, messages_of
from emulator.providers.clicksend.responses import currency, success
from emulator.providers.clicksend.routes.blueprint import v3
from emulator.providers.clicksend.schemas.sms import CANCEL_IN, SEND_IN, priced_out, refused_out, sent_out, totals
from emulator.providers.clicksend.schemas.wire import number, unix


@v3.post("/sms/send")
def send_sms() -> Response:
    """Queue one message per recipient; HTTP 200 even if all are refused: look at each ``status``."""
    account = authenticate(request)
    submissions = compose(account, SEND_IN.load(json_object(request)), smsc)
    outcomes = smsc.submit(account, submissions)
    rows = [_row(account, outcome) for outcome in outcomes]
    spent = sum((one.message.price for one in outcomes if isinstance(one, Accepted)), Decimal(0))
    return success("Messages queued for delivery.", totals(rows, number(spent), currency()))


@v3.post("/sms/price")
def price_sms() -> Response:
    """What the messages would cost; nothing is charged."""
    account = authenticate(request)
    submissions = compose(account, SEND_IN.load(json_object(request)), None)
    rows, total = [], Decimal(0)
    for submission, quote in zip(submissions, smsc.quote(account, submissions), strict=True):
        objection = smsc.objection(account, submission)
        identifier = upper_uuid(smsc.ids.draw(account.id, "price"))
        if objection is not None:
            rows.append(refused_out(submission, objection, identifier, str(_schedule(submission))))
            continue
        total += quote.price
        rows.append(priced_out(submission, quote, identifier, str(_schedule(submission))))
    return success("Here are your data.", totals(rows, number(total), currency()))


@v3.put("/sms/<message_id>/cancel")
def cancel_sms(message_id: str) -> Response:
    """Stop a scheduled message; what it cost is given back."""
    account = authenticate(request)
    try:
        message = message_of(account, message_id)
    except Refusal as refusal:
        raise Fail("NOT_FOUND/message", refusal.detail, field="message_id") from refusal
    smsc.cancel(message)
    return success("Scheduled sms message has been cancelled.", None)


@v3.put("/sms/cancel-all")
def cancel_all() -> Response:
    """Stop every scheduled message, or those with a ``custom_string``; campaigns that wait for their time included."""
    account = authenticate(request)
    wanted = CANCEL_IN.load(json_object(request) if request.get_data() else {})["reference"]
    count = 0
    for message in list(messages_of(account)):
        if message.status is Status.SCHEDULED and wanted in (None, "", message.reference):
            count += _cancelled(message)
    for campaign in list(smsc.campaigns.campaigns(account)):
        if campaign.status in CANCELLABLE and is_shared(account, campaign) and wanted in (None, "", campaign.label):
            count += smsc.campaigns.cancel(campaign).recipients
    return success(f"{count} sms messages have been cancelled.", {"count": count})


def _row(account: Account, outcome: Outcome) -> dict[str, object]:
    if isinstance(outcome, Accepted):
        return sent_out(account, outcome.message)
    identifier = upper_uuid(smsc.ids.draw(account.id, "refused"))
    return refused_out(outcome.submission, outcome.refusal, identifier, _schedule(outcome.submission))


def _schedule(submission: Submission) -> int:
    now = smsc.clock.now()
    return unix(max(submission.due_at or now, now))


def _cancelled(message: Message) -> bool:
    try:
        smsc.cancel(message)
    except Refusal as refusal:
        if refusal.reason not in {Reason.NOT_CANCELLABLE, Reason.NOT_FOUND}:
            raise
        return False  # released meanwhile
    return True
