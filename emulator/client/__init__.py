"""The emulator from any Python program or test framework.

    with Emulator() as emulator:                       # a server of its own, ready when the block begins
        skycore = emulator.open_account("skycore")     # a fresh account, a world of its own
        ...                                            # the program under test sends to skycore.url with skycore.credentials
        assert skycore.wait_for(to="+10000000001").codes == ("123456",)

``Client(url)`` speaks to a server that runs already.
"""

from emulator.client.account import AccountWorld
from emulator.client.api import Client, Emulator
from emulator.client.errors import (
    AccountGoneError,
    EmulatorError,
    NotReceivedError,
    ServerResetError,
    SharedServerError,
    UnreachableError,
    UnwantedError,
)
from emulator.client.records import Account, Attempt, Crash, Exchange, Link, Message, Webhook

__all__ = [
    "Account",
    "AccountGoneError",
    "AccountWorld",
    "Attempt",
    "Client",
    "Crash",
    "Emulator",
    "EmulatorError",
    "Exchange",
    "Link",
    "Message",
    "NotReceivedError",
    "ServerResetError",
    "SharedServerError",
    "UnreachableError",
    "UnwantedError",
    "Webhook",
]
