"""Who is calling: HTTP Basic, user name (in any case of its letters) and API key, of an account or of a subaccount of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from zlib import crc32

from flask import Request

from emulator.core.accounts import Account, Credentials
from emulator.core.errors import Reason, Refusal
from emulator.core.records import Record
from emulator.edge.context import capture, keep_secret, smsc, strike_whole

ANSWERED_ONE_BY_ONE = frozenset({"send_sms"})  # operations whose messages are refused each for itself
ANSWERED_AS_ONE = frozenset({"send_campaign", "update_campaign"})
SUBACCOUNTS = "subaccounts"
ACCESS: Mapping[str, str] = {  # what stands first in a path below /v3, and the flag that a subaccount needs for it
    "sms": "access_sms",
    "sms-campaigns": "access_sms",
    "lists": "access_contacts",
    "search": "access_contacts",
    "statistics": "access_reporting",
    "automations": "access_settings",
    "subaccounts": "access_users",
}


@dataclass(frozen=True, slots=True)
class Member(Account):
    """The account as one of its subaccounts enters it: with the same money and settings, but a name and rights of its own."""

    subaccount: Record = field(kw_only=True)


def authenticate(request: Request) -> Account:
    """A Member where a subaccount is calling.

    Raises Refusal: BAD_CREDENTIALS (not activated, too), ACCOUNT_BLOCKED, NOT_PERMITTED, and what a fault rule says.
    """
    presented = request.authorization
    if presented is None or presented.type != "basic" or not presented.password:
        raise Refusal(Reason.BAD_CREDENTIALS, "no Basic credentials", field="Authorization")
    username, password = presented.username or "", presented.password
    subaccount = subaccount_called(username)
    values = {"username": username, "api_key": password}
    account = (
        smsc.authenticate("clicksend", Credentials(values, request.remote_addr))
        if subaccount is None
        else _entered(request, subaccount, password)
    )
    if not account.settings["active"]:
        raise Refusal(Reason.BAD_CREDENTIALS, "the account is not activated", setting="active")
    operation = capture().operation
    if operation not in ANSWERED_ONE_BY_ONE:
        strike_whole(account, sends=operation in ANSWERED_AS_ONE)
    return account


def subaccount_called(username: str) -> Record | None:
    """The subaccount, of whichever account, that has this user name."""
    wanted = username.casefold()
    rows = smsc.store.find(Record, table=SUBACCOUNTS)
    return next((row for row in rows if row.values["api_username"].casefold() == wanted), None)


def _entered(request: Request, subaccount: Record, password: str) -> Member:
    """Its API key and its password are both good."""
    for name in ("api_key", "password"):
        keep_secret(subaccount.values[name])
    account = smsc.store.get(Account, subaccount.account)
    if account is None or password not in {subaccount.values["api_key"], subaccount.values["password"]}:
        raise Refusal(Reason.BAD_CREDENTIALS)
    account = smsc.admit(account, request.remote_addr)
    flag = ACCESS.get(request.path.partition("/v3/")[2].partition("/")[0])
    if flag is not None and not subaccount.values[flag]:
        raise Refusal(Reason.NOT_PERMITTED, f"the subaccount has no {flag}", field=flag)
    return Member(
        account.id,
        account.provider,
        account.login,
        account.credentials,
        account.balance,
        account.currency,
        account.settings,
        subaccount=subaccount,
    )


def user_id(account: Account) -> int:
    return account.settings["user_id"] or 100_000 + crc32(f"{account.id}/user".encode()) % 900_000


def subaccount_id(account: Account) -> int:
    """Of the subaccount that is calling; the account itself counts as one."""
    if isinstance(account, Member):
        return account.subaccount.number
    return account.settings["subaccount_id"] or 100_000 + crc32(f"{account.id}/subaccount".encode()) % 900_000
