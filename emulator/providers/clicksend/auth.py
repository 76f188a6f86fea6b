"""Who is calling: HTTP Basic, user name (in any case of its letters) and API key."""

from zlib import crc32

from flask import Request

from emulator.core.accounts import Account, Credentials
from emulator.core.errors import Reason, Refusal
from emulator.edge.context import capture, smsc, strike_whole

ANSWERED_ONE_BY_ONE = frozenset({"send_sms"})  # operations whose messages are refused each for itself
ANSWERED_AS_ONE = frozenset({"send_campaign", "update_campaign"})


def authenticate(request: Request) -> Account:
    """Raises Refusal: BAD_CREDENTIALS (not activated, too), ACCOUNT_BLOCKED, and what a fault rule says."""
    presented = request.authorization
    if presented is None or presented.type != "basic" or not presented.password:
        raise Refusal(Reason.BAD_CREDENTIALS, "no Basic credentials", field="Authorization")
    values = {"username": presented.username or "", "api_key": presented.password}
    account = smsc.authenticate("clicksend", Credentials(values, request.remote_addr))
    if not account.settings["active"]:
        raise Refusal(Reason.BAD_CREDENTIALS, "the account is not activated", setting="active")
    operation = capture().operation
    if operation not in ANSWERED_ONE_BY_ONE:
        strike_whole(account, sends=operation in ANSWERED_AS_ONE)
    return account


def user_id(account: Account) -> int:
    return account.settings["user_id"] or 100_000 + crc32(f"{account.id}/user".encode()) % 900_000


def subaccount_id(account: Account) -> int:
    return account.settings["subaccount_id"] or 100_000 + crc32(f"{account.id}/subaccount".encode()) % 900_000
