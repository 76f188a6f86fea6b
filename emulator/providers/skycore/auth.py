"""Who is calling: the ``x-api-key`` header, whose value is case-sensitive."""

from flask import Request

from emulator.core.accounts import Account, Credentials
from emulator.edge.context import smsc
from emulator.edge.errors import Fail

_ACCESS = {"none": "E105", "inactive": "E109"}


def authenticate(request: Request) -> Account:
    """Raises Fail(E100) without a key, Refusal for a wrong one, Fail(E105, E109) where the account may not use the API."""
    key = request.headers.get("x-api-key", "")
    if not key:
        raise Fail("E100", "no x-api-key", field="x-api-key")
    account = smsc.authenticate("skycore", Credentials({"api_key": key}, request.remote_addr))
    if code := _ACCESS.get(account.settings["api_access"]):
        raise Fail(code, setting="api_access")
    return account
