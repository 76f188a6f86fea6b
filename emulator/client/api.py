"""The control API as a Python object."""

import math
import time
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from emulator.client.account import AccountWorld
from emulator.client.errors import NO_CODE, NotReceivedError, UnwantedError
from emulator.client.line import Answer, Line, succeeded
from emulator.client.own import Own
from emulator.client.query import written
from emulator.client.records import Account, Crash, Exchange, Message, Webhook
from emulator.launch import launched

_MOST = 1000  # a page of a list
_NEAR = 5  # messages without a code that are told


class Client:
    """A running emulator at ``url``.

    Messages are found by the q language, by keywords (``to=``, ``text=``, ``from_=``, ...), or by both. On a ``shared`` server
    calls that would change it for everybody, or the accounts of others, raise SharedServerError. ``since`` is the id of the
    newest message that is too old to be found.
    """

    def __init__(self, url: str, *, shared: bool = False, since: str | None = None) -> None:
        self.url = url.rstrip("/")
        self._own = Own(shared=shared, since=since)
        self._line = Line(self.url, self._own.noticed)

    @property
    def shared(self) -> bool:
        return self._own.shared

    @property
    def opened(self) -> frozenset[str]:
        """The accounts that this client has opened and not closed."""
        return frozenset(self._own.accounts)

    @property
    def since(self) -> str | None:
        return self._own.since

    def from_now_on(self) -> "Client":
        """A client of its own of the same server, which does not find the messages that there are already."""
        newest = self.messages(limit=1)
        later = Client(self.url, shared=self.shared, since=newest[0].id if newest else None)
        later._own.era = self._own.era
        return later

    def health(self) -> dict[str, Any]:
        return dict(self._line.call("GET", "/health"))

    @property
    def providers(self) -> list[str]:
        return list(self.health()["providers"])

    def close(self) -> None:
        self._line.close()

    # Messages

    def messages(self, q: str = "", *, limit: int = 50, **terms: Any) -> list[Message]:
        """Those that match, newest first."""
        asked = written(q, **terms)
        since = None if "after:" in q else self._since(terms)
        answer = self._listed(f"{asked} after:{since}" if since else asked, limit)
        if since and self._is_lost(since, answer):
            answer = self._listed(asked, limit)
        return [Message.read(one) for one in succeeded(answer)["messages"]]

    def wait(
        self, q: str = "", *, count: int = 1, timeout: float = 10.0, after: str | None = None, **terms: Any
    ) -> list[Message]:
        """The newest ``count`` that match, newest first, as soon as there are so many. Raises NotReceivedError.

        ``timeout`` is in real seconds; ``after`` is the id of the newest message that is too old.
        """
        __tracebackhide__ = True
        asked = written(q, **terms)
        answer = self._waited({"q": asked, "count": count, "after": after or self._since(terms)}, timeout)
        if answer.status == 408:
            said = f"{len(answer.document['messages'])} of {count} messages matched within {timeout:g} s"
            raise NotReceivedError(said, asked, answer.document, unasked=None if after else self.since)
        return [Message.read(one) for one in succeeded(answer)["messages"]]

    def wait_for(self, q: str = "", *, timeout: float = 10.0, after: str | None = None, **terms: Any) -> Message:
        """The newest message that matches, as soon as there is one. Raises NotReceivedError."""
        __tracebackhide__ = True
        return self.wait(q, timeout=timeout, after=after, **terms)[0]

    def wait_for_code(self, q: str = "", *, timeout: float = 10.0, after: str | None = None, **terms: Any) -> str:
        """The first one-time code of the newest message that has one, as soon as there is one. Raises NotReceivedError."""
        __tracebackhide__ = True
        end = time.monotonic() + timeout
        asked, start = written(q, **terms), after or self._since(terms)
        latest = start
        while True:
            answer = self._waited({"q": asked, "after": latest}, max(end - time.monotonic(), 0))
            if answer.status == 408:
                raise self._no_code(asked, start, timeout, unasked=None if after else start)
            found = [Message.read(one) for one in succeeded(answer)["messages"]]
            listed = self.messages(f"{asked} after:{latest}" if latest else asked)
            if codes := [code for message in listed for code in message.codes[:1]]:
                return codes[0]
            latest = found[0].id

    def wait_for_none(self, q: str = "", *, timeout: float = 1.0, after: str | None = None, **terms: Any) -> None:
        """That within ``timeout`` real seconds nothing comes that matches. Raises UnwantedError."""
        __tracebackhide__ = True
        asked = written(q, **terms)
        answer = self._waited({"q": asked, "none": "true", "after": after or self._since(terms)}, timeout)
        if answer.status == 409:
            raise UnwantedError(asked, answer.document)
        succeeded(answer)

    def forget(self, q: str = "", **terms: Any) -> int:
        """Forget the messages that match; answers how many."""
        asked = written(q, **terms)
        self._own.must_have_some(asked, "forgetting messages")
        return int(self._line.call("DELETE", "/messages", q=asked)["deleted"])

    def set_status(self, message_id: str, status: str, error: str | None = None) -> Message:
        """Force a message's next status now; its receipt follows."""
        if self.shared:
            self._own.must_have(self._line.call("GET", f"/messages/{message_id}")["account"], "changing a message of")
        return Message.read(self._line.call("POST", f"/messages/{message_id}/status", {"status": status, "error": error}))

    def inbound(self, provider: str, *, from_: str, to: str, text: str, account: str | None = None) -> Message:
        """A handset texts one of the provider's numbers."""
        self._own.must_have(account, "texting")
        body = {"provider": provider, "from": from_, "to": to, "text": text, "account": account}
        return Message.read(self._line.call("POST", "/inbound", body))

    # Accounts

    def accounts(self) -> list[Account]:
        return [Account.read(one) for one in self._line.call("GET", "/accounts")["accounts"]]

    def account(self, account_id: str) -> Account:
        return Account.read(self._line.call("GET", f"/accounts/{account_id}"))

    def world(self, account_id: str) -> AccountWorld:
        """An account that there is, to work with."""
        return AccountWorld(self, self.account(account_id))

    def open_account(self, provider: str, **settings: Any) -> AccountWorld:
        """A fresh account; ``balance``, ``credentials`` and settings may be given."""
        account = Account.read(self._line.call("POST", "/accounts", {"provider": provider, **settings}))
        self._own.accounts.add(account.id)
        return AccountWorld(self, account)

    def change_account(self, account_id: str, **settings: Any) -> Account:
        self._own.must_have(account_id, "changing")
        return Account.read(self._line.call("PATCH", f"/accounts/{account_id}", settings))

    def close_account(self, account_id: str) -> None:
        self._own.must_have(account_id, "closing")
        self._line.call("DELETE", f"/accounts/{account_id}")
        self._own.accounts.discard(account_id)

    def reset(self, account_id: str | None = None) -> None:
        """Everything back to the seed, or one account to the state it was made with."""
        if account_id is None:
            self._own.must_be_all("a full reset")
        else:
            self._own.must_have(account_id, "resetting")
        self._line.call("POST", "/reset", {} if account_id is None else {"account": account_id})

    # Time

    def clock(self) -> dict[str, Any]:
        return dict(self._line.call("GET", "/clock"))

    def freeze(self, now: datetime | None = None) -> None:
        """Hold the clock, at ``now`` if given."""
        self._own.must_be_all("freezing the clock")
        self._line.call("PUT", "/clock", {"frozen": True, **({"now": now.isoformat()} if now else {})})

    def release(self) -> None:
        """Let time run again."""
        self._own.must_be_all("releasing the clock")
        self._line.call("PUT", "/clock", {"frozen": False})

    def advance(self, seconds: float) -> list[dict[str, Any]]:
        """Move the clock; what became due has happened when this answers, and is the answer."""
        self._own.must_be_all("moving the clock")
        return list(self._line.call("POST", "/clock/advance", {"seconds": seconds})["fired"])

    def advance_to_next(self) -> list[dict[str, Any]]:
        """Move the clock to the next planned step."""
        self._own.must_be_all("moving the clock")
        return list(self._line.call("POST", "/clock/advance", {"to": "next"})["fired"])

    # Failures on purpose

    def fail(self, effect: Mapping[str, Any], **rule: Any) -> str:
        """A fault rule; answers its id. ``rule``: match, provider, account, operation, times, after."""
        if not rule.get("account"):
            self._own.must_be_all("a fault for every account")
        else:
            self._own.must_have(rule["account"], "failing")
        made = str(self._line.call("POST", "/faults", {"effect": dict(effect), **rule})["id"])
        self._own.rules.add(made)
        return made

    def remove_fault(self, fault_id: str) -> None:
        self._own.must_have_rule(fault_id)
        self._line.call("DELETE", f"/faults/{fault_id}")

    # The wire

    def webhooks(self, q: str = "", *, limit: int = _MOST, **terms: Any) -> list[Webhook]:
        """Calls to the application, newest first."""
        asked = written(q, **terms)
        return [Webhook.read(one) for one in self._line.call("GET", "/webhooks", q=asked, limit=limit)["webhooks"]]

    def exchanges(self, q: str = "", *, limit: int = 50, **terms: Any) -> list[Exchange]:
        """Requests to providers, newest first."""
        asked = written(q, **terms)
        return [Exchange.read(one) for one in self._line.call("GET", "/exchanges", q=asked, limit=limit)["exchanges"]]

    def curl(self, exchange_id: str) -> str:
        return str(self._line.call("GET", f"/exchanges/{exchange_id}/curl")).rstrip("\n")

    def replay(self, exchange_id: str) -> Exchange:
        """Ask the provider the very same once more."""
        if self.shared:
            self._own.must_have(self._line.call("GET", f"/exchanges/{exchange_id}")["account"], "asking once more for")
        return Exchange.read(self._line.call("POST", f"/exchanges/{exchange_id}/replay"))

    def crashes(self) -> list[Crash]:
        """What the emulator itself did not foresee."""
        return [Crash.read(one) for one in self._line.call("GET", "/crashes")["crashes"]]

    def snapshot(self) -> dict[str, Any]:
        return dict(self._line.call("GET", "/snapshot"))

    def restore(self, snapshot: Mapping[str, Any]) -> None:
        self._own.must_be_all("restoring a snapshot")
        self._line.call("PUT", "/snapshot", dict(snapshot))

    def document(self, path: str, **query: Any) -> Any:
        """Any list or record of the control API as the JSON it is."""
        return self._line.call("GET", path, **query)

    def _waited(self, query: Mapping[str, Any], timeout: float) -> Any:
        """The answer of wait; when too many wait already, it is asked for again until the time is over."""
        if not math.isfinite(timeout):
            raise ValueError(f"a wait of {timeout} seconds would never end")
        end = time.monotonic() + timeout
        left, since = timeout, self.since
        while True:
            answer = self._line.ask("GET", "/messages/wait", query={**query, "timeout": f"{left:.3f}"}, seconds=left)
            if since and query.get("after") == since and self._is_lost(since, answer):
                query = {**query, "after": None}
            elif answer.status == 202:
                pause = float(answer.headers.get("Retry-After", 1))
                time.sleep(max(min(pause, end - time.monotonic()), 0))
            else:
                return answer
            left = max(end - time.monotonic(), 0)  # at 0 the answer is what there is by then

    def _no_code(self, asked: str, after: str | None, timeout: float, *, unasked: str | None) -> NotReceivedError:
        """Without the cursor that went from message to message: what matched had no code."""
        query = {"q": asked, "after": after, "count": _MOST}
        document = {"messages": [], "near_misses": [], "refusals": [], **self._waited(query, 0).document}
        codeless = [{**one, "missed": [NO_CODE]} for one in document["messages"][:_NEAR]]
        told = {**document, "messages": [], "near_misses": [*codeless, *document["near_misses"]]}
        return NotReceivedError(f"no code came within {timeout:g} s", asked, told, unasked=unasked)

    def _since(self, terms: Mapping[str, Any]) -> str | None:
        """None for an account of the client's own, all of whose messages came later."""
        return None if terms.get("account") in self._own.accounts else self.since

    def _listed(self, asked: str, limit: int) -> Answer:
        return self._line.ask("GET", "/messages", query={"q": asked, "limit": limit})

    def _is_lost(self, since: str, answer: Answer) -> bool:
        """Whether the message ``since`` is gone, so that all there is came later: somebody has reset the server, or so much
        was sent that messages of its age are dropped."""
        if answer.status == 400 and self._listed(f"after:{since}", 1).status == 400:
            self._own.since = None
        return self.since is None


class Emulator(Client):
    """A server of its own, ready when the ``with`` block begins. Options are those of ``sms-emulator serve``."""

    def __init__(self, **options: object) -> None:
        self._options = {name: str(value) for name, value in {"quiet": 1, **options}.items()}
        self._stack = ExitStack()

    if not TYPE_CHECKING:  # what the block makes is not there before it

        def __getattr__(self, name: str) -> Any:
            if name in {"url", "_own", "_line"}:
                raise RuntimeError("the emulator is not started: use it in a block, `with Emulator() as emulator:`")
            raise AttributeError(f"an emulator has no {name!r}", name=name, obj=self)

    def __enter__(self) -> Self:
        super().__init__(self._stack.enter_context(launched(self._options)))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()
        self._stack.close()
