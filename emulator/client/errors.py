"""What can go wrong between a test and the emulator."""

from collections.abc import Mapping
from typing import Any

from emulator.client.records import Message

_REMEDY = (
    "a shared server's clock, state and accounts belong to everybody who uses it. Run without SMS_EMULATOR_URL to get a server "
    "of your own; or keep to your own account, and start the server with EMULATOR_DELIVERY=immediate so that nothing has to be "
    "waited for"
)


class EmulatorError(Exception):
    """The emulator has refused a call, with an error ``code`` and HTTP ``status``."""

    def __init__(self, status: int, code: str, message: str, field: str | None = None) -> None:
        super().__init__(f"{message if field is None or field in message else f'{field}: {message}'} ({code})")
        self.status = status
        self.code = code
        self.message = message
        self.field = field


class UnreachableError(ConnectionError):
    """There is no emulator at the address."""


class SharedServerError(RuntimeError):
    """A call that would change the world of all who share the server."""

    def __init__(self, wanted: str) -> None:
        super().__init__(f"{wanted} is refused: {_REMEDY}")


class ServerResetError(RuntimeError):
    """Somebody else has reset a shared server, or put a snapshot in, and with it the accounts of this client are gone."""

    def __init__(self, accounts: str) -> None:
        super().__init__(
            f"somebody else has reset the shared server: {accounts} and all messages are gone. See to it that nobody resets a "
            "server that others use, only an account of their own: reset(account_id)"
        )


class AccountGoneError(RuntimeError):
    """The account that is asked about is no longer there, and what was sent with it neither."""

    def __init__(self, account: str) -> None:
        super().__init__(
            f"the account {account} is gone: after it was opened it was closed, or the emulator was reset or given a snapshot"
        )


NO_CODE = "no code in its text"


class NotReceivedError(AssertionError):
    """No such message has come in the time. ``messages`` did match; each of ``near_misses`` says which terms it fails.

    ``unasked`` is an id that the terms ``after`` which nobody has asked for: what fails it is too old to be told.
    """

    def __init__(self, said: str, asked: str, document: Mapping[str, Any], *, unasked: str | None = None) -> None:
        self.messages = tuple(map(Message.read, document["messages"]))
        self.near_misses = tuple(
            (Message.read(one), tuple(one["missed"]))
            for one in document["near_misses"]
            if f"after:{unasked}" not in one["missed"]
        )
        self.refusals = tuple(document["refusals"])
        lines = [f"{said}: {asked or 'any message'}"]
        lines += [f"  matched: {message}" for message in self.messages]
        lines += [f"  near miss: {message}  ({_told(missed)})" for message, missed in self.near_misses]
        lines += [f"  refused: {one['code']} {one['rule']} {one['detail']}".rstrip() for one in self.refusals]
        if len(lines) == 1:
            lines.append(_nothing(asked))
        super().__init__("\n".join(lines))


def _told(missed: tuple[str, ...]) -> str:
    return NO_CODE if missed == (NO_CODE,) else f"not {' '.join(missed)}"


def _nothing(asked: str) -> str:
    """Of an account or a provider no more is known than what concerns it."""
    if "account:" in asked or "provider:" in asked:
        return (
            "  nothing else came there either, and nothing was refused there: was the right URL called, with its credentials?"
        )
    return "  nothing else came either, and nothing was refused: was the right URL called?"


class UnwantedError(AssertionError):
    """A message has come that should not have; it is the ``culprit``."""

    def __init__(self, asked: str, document: Mapping[str, Any]) -> None:
        self.culprit = Message.read(document["culprit"])
        super().__init__(f"nothing was to match {asked or 'at all'}, but this came: {self.culprit}")
