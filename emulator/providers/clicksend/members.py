"""What is whose among the subaccounts of one account.

The vendor's documents give a subaccount credentials and rights of its own, and campaigns that may be shared. That it sees
its own messages only while the account sees all, and that the account pays, is assumed.
"""

from collections.abc import Iterator, Mapping

from emulator.core.accounts import Account
from emulator.core.campaigns import Campaign
from emulator.core.errors import Reason, Refusal
from emulator.core.message import Direction, Message
from emulator.edge.context import smsc
from emulator.providers.clicksend.auth import Member, subaccount_id

OF_THE_SERVICE = "service"  # an option of what the service itself texts, which is in nobody's history
_ID, _NAME = "subaccount_id", "api_username"


def mark(account: Account) -> dict[str, str]:
    """The options of what a subaccount sends; none, where the account itself does."""
    if not isinstance(account, Member):
        return {}
    return {_ID: str(account.subaccount.number), _NAME: account.subaccount.values["api_username"]}


def sender_id(account: Account, options: Mapping[str, str]) -> int:
    """The subaccount that has sent what has these ``options``."""
    return int(options[_ID]) if _ID in options else subaccount_id(account)


def sender_name(account: Account, options: Mapping[str, str]) -> str:
    return options.get(_NAME) or account.credentials["username"]


def is_seen(account: Account, message: Message) -> bool:
    """A reply belongs to whose message it answers."""
    if OF_THE_SERVICE in message.options:
        return False
    if not isinstance(account, Member):
        return True
    return _mark_of(account, message).get(_ID) == str(account.subaccount.number)


def messages_of(account: Account, *, newest: bool = False) -> Iterator[Message]:
    """Those that the caller sees."""
    found = smsc.store.find(Message, newest=newest, account=account.id)
    return (message for message in found if is_seen(account, message))


def message_of(account: Account, message_id: str) -> Message:
    """Raises Refusal(NOT_FOUND), also for one that the caller does not see."""
    found = smsc.query(account, message_id)
    if not is_seen(account, found):
        raise Refusal(Reason.NOT_FOUND, "the message is another subaccount's")
    return found


def is_shared(account: Account, campaign: Campaign) -> bool:
    """Whether the caller sees the campaign."""
    if not isinstance(account, Member) or account.subaccount.values["share_campaigns"]:
        return True
    return campaign.mailing.options.get(_ID) == str(account.subaccount.number)


def _mark_of(account: Account, found: Message) -> Mapping[str, str]:
    if found.direction is Direction.OUT:
        return found.options
    answered = smsc.store.find(Message, account=account.id, provider_message_id=found.options.get("original", ""))
    return next((one.options for one in answered), {})
