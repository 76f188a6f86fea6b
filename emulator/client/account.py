"""One account, seen from a test: a world of its own."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeVar

from emulator.client.errors import AccountGoneError, EmulatorError, NotReceivedError
from emulator.client.records import Account, Exchange, Message, Webhook

if TYPE_CHECKING:
    from emulator.client.api import Client

Found = TypeVar("Found")

_FATES = frozenset({"undelivered", "expired", "rejected", "delivered", "late", "lost", "duplicate", "out_of_order"})
_PAUSE = 0.02  # real seconds between two looks at the receipts


class AccountWorld:
    """An account of ``provider``: where to send with which ``credentials``, and what became of it.

    Everything is this account's alone, except the clock, which is the server's. Where there is nothing because the account
    itself is gone, AccountGoneError is raised.
    """

    def __init__(self, client: "Client", account: Account) -> None:
        self._client = client
        self._account = account

    def __repr__(self) -> str:
        return f"<{self.id} at {self.url}>"

    @property
    def id(self) -> str:
        return self._account.id

    @property
    def provider(self) -> str:
        return self._account.provider

    @property
    def credentials(self) -> Mapping[str, str]:
        return self._account.credentials

    @property
    def url(self) -> str:
        """The provider's base URL, in place of its own scheme and host."""
        return f"{self._client.url}/{self.provider}"

    @property
    def balance(self) -> Decimal:
        return self._client.account(self.id).balance

    def configure(self, **settings: Any) -> None:
        """Change settings or the balance."""
        self._account = self._client.change_account(self.id, **settings)

    # What was sent

    def messages(self, q: str = "", **terms: Any) -> list[Message]:
        """The account's messages that match, newest first."""
        return self._there(self._client.messages(q, account=self.id, **terms))

    def wait(self, q: str = "", *, count: int = 1, timeout: float = 10.0, **terms: Any) -> list[Message]:
        """The newest ``count`` that match, as soon as there are so many. Raises NotReceivedError."""
        __tracebackhide__ = True
        with self._received():
            return self._client.wait(q, count=count, timeout=timeout, account=self.id, **terms)

    def wait_for(self, q: str = "", *, timeout: float = 10.0, **terms: Any) -> Message:
        """The newest message that matches, as soon as there is one. Raises NotReceivedError, which tells near misses."""
        __tracebackhide__ = True
        with self._received():
            return self._client.wait_for(q, timeout=timeout, account=self.id, **terms)

    def wait_for_code(self, q: str = "", *, timeout: float = 10.0, **terms: Any) -> str:
        """The first one-time code of the newest message that has one. Raises NotReceivedError."""
        __tracebackhide__ = True
        with self._received():
            return self._client.wait_for_code(q, timeout=timeout, account=self.id, **terms)

    def wait_for_none(self, q: str = "", *, timeout: float = 1.0, **terms: Any) -> None:
        """That nothing comes in ``timeout`` real seconds. Raises UnwantedError."""
        __tracebackhide__ = True
        self._client.wait_for_none(q, timeout=timeout, account=self.id, **terms)
        self._must_be_there()

    def exchanges(self, q: str = "", **terms: Any) -> list[Exchange]:
        """The account's requests with their answers, newest first."""
        return self._there(self._client.exchanges(q, account=self.id, **terms))

    # What happens then

    def advance(self, seconds: float) -> None:
        """Move the clock; receipts and all else that became due have happened when this returns."""
        __tracebackhide__ = True
        self._client.advance(seconds)

    def reply(self, text: str, *, to: str | None = None, from_: str | None = None) -> Message:
        """A handset texts the account; unless said otherwise, the one that was texted last, to the number that texted it."""
        last = None
        if to is None or from_ is None:
            sent = self.messages(direction="out", limit=1, **({"to": from_} if from_ else {}))
            if not sent:
                raise LookupError("nobody was texted yet who could reply: name from_ and to")
            last = sent[0]
        return self._client.inbound(
            self.provider,
            account=self.id,
            from_=from_ or (last.recipient if last else ""),
            to=to or (last.sender if last else ""),
            text=text,
        )

    def fail_next(self, what: str | int | Mapping[str, Any], *, times: int = 1, **rule: Any) -> str:
        """Let the next request or message go wrong: by a cause (``"no_credit"``), a fate (``"undelivered"``), an HTTP status
        (``503``) or any effect (``{"drop": True}``). Answers the rule's id. Raises EmulatorError, which tells what there is."""
        if isinstance(what, Mapping):
            effect: Mapping[str, Any] = what
        elif isinstance(what, int):
            effect = {"status": what}
        else:
            effect = {"fate" if what in _FATES else "refuse": str(what)}
        try:
            return self._client.fail(effect, account=self.id, times=times, **rule)
        except EmulatorError as error:
            if error.field != "refuse" or isinstance(what, Mapping):
                raise
            told = f"{what!r} is no fate ({', '.join(sorted(_FATES))}) and no cause: {error.message}"
            raise EmulatorError(error.status, error.code, told) from error

    @property
    def webhooks(self) -> list[Webhook]:
        """Every call to the application for this account, oldest first."""
        return self._there(self._client.webhooks(account=self.id)[::-1])

    @property
    def receipts(self) -> list[Webhook]:
        """The delivery receipts that were posted, to whomever, as the provider posts them; oldest first."""
        posted = self._there(self._client.webhooks(account=self.id, direction="out"))
        return [webhook for webhook in reversed(posted) if webhook.attempts]

    def wait_for_receipts(self, count: int = 1, *, timeout: float = 10.0) -> list[Webhook]:
        """The receipts, as soon as ``count`` were posted. Raises TimeoutError."""
        end = time.monotonic() + timeout
        while len(receipts := self.receipts) < count:
            if time.monotonic() > end:
                raise TimeoutError(f"{len(receipts)} of {count} receipts were posted within {timeout:g} s")
            time.sleep(_PAUSE)
        return receipts

    def reset(self) -> None:
        """Back to the state the account was made with."""
        self._client.reset(self.id)

    def close(self) -> None:
        self._client.close_account(self.id)

    def _there(self, found: list[Found]) -> list[Found]:
        if not found:
            self._must_be_there()
        return found

    def _must_be_there(self) -> None:
        try:
            self._client.account(self.id)
        except EmulatorError as error:
            if error.code != "unknown_account":
                raise
            raise AccountGoneError(self.id) from None

    @contextmanager
    def _received(self) -> Iterator[None]:
        __tracebackhide__ = True
        try:
            yield
        except NotReceivedError:
            self._must_be_there()
            raise
