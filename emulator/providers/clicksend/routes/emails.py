"""E-mail addresses that may send SMS. They are kept; no e-mail is taken here."""

from flask import request
from werkzeug.wrappers import Response

from emulator.providers.clicksend.auth import authenticate, subaccount_id
from emulator.providers.clicksend.responses import success
from emulator.providers.clicksend.routes.blueprint import v3
from emulator.providers.clicksend.schemas.emails import EMAIL_IN, email_out
from emulator.providers.clicksend.tables import Table

_ADDRESSES = Table("email_address", EMAIL_IN, email_out, "NOT_FOUND/rule")


@v3.get("/sms/email-sms")
def view_emails() -> Response:
    """The allowed addresses."""
    account = authenticate(request)
    shown = _ADDRESSES.page(account)
    rows = [{**row, "subaccount_id": subaccount_id(account)} for row in shown["data"]]
    return success("Here are some data.", {**shown, "data": rows})


@v3.post("/sms/email-sms")
def add_email() -> Response:
    """Allow one more address."""
    return success("New data has been saved.", _ADDRESSES.add(authenticate(request)))
