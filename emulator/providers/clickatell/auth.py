"""Who is calling: a session, or user, password and api_id with every call."""

from collections.abc import Mapping
from datetime import timedelta

from flask import request

from emulator.core.accounts import Account, Credentials
from emulator.core.errors import Reason, Refusal
from emulator.edge.context import smsc
from emulator.edge.errors import Fail

SESSION_IDLE = timedelta(minutes=15)  # HTTP API specification 2.3.8, 4.2: any call with the session renews it

SECRETS = frozenset({"password", "session_id", "token"})

_CREDENTIALS = ("user", "password", "api_id")


def authenticate(parameters: Mapping[str, str]) -> Account:
    """A session decides where one is given. Raises Fail: 003, 108; and what the Smsc raises."""
    if session := parameters.get("session_id"):
        return resume(session)
    return log_in(parameters)


def log_in(parameters: Mapping[str, str]) -> Account:
    given = {name: parameters[name] for name in _CREDENTIALS if name in parameters}
    if not given:
        raise Refusal(Reason.BAD_CREDENTIALS, "neither session_id nor user, password and api_id", field="user")
    try:
        return smsc.authenticate("clickatell", Credentials(given, request.remote_addr))
    except Refusal as refusal:
        if refusal.reason is Reason.BAD_CREDENTIALS and not _is_known(given.get("api_id")):
            raise Fail("108", f"api_id {given.get('api_id')!r} belongs to no account", field="api_id") from refusal
        raise


def resume(session: str) -> Account:
    """Raises Fail(003) for a session that is unknown or was idle for too long."""
    try:
        return smsc.resume(session, SESSION_IDLE, request.remote_addr)
    except Refusal as refusal:
        if refusal.reason is Reason.NOT_FOUND:
            raise Fail("003", refusal.detail, field="session_id") from refusal
        raise


def _is_known(api_id: str | None) -> bool:
    """Clickatell looks at the api_id before the password (seen in live tests of two clients)."""
    return any(account.credentials["api_id"] == api_id for account in smsc.store.find(Account, provider="clickatell"))
