"""Who is calling: credentials, sessions, and what an account's settings keep out at the door."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from emulator.core.accounts import Account, Credentials, Session
from emulator.core.clock import Clock
from emulator.core.errors import Reason, Refusal
from emulator.core.ids import IdSource
from emulator.core.store import Store
from emulator.core.terms import Terms
from emulator.core.throttle import Bucket

NOBODYS = "no account has these credentials"


class Admission:
    """Lets accounts in. All state is in ``store``, all time in ``clock``."""

    def __init__(self, store: Store, clock: Clock, ids: IdSource, terms: Mapping[str, Terms]) -> None:
        self.store = store
        self.clock = clock
        self.ids = ids
        self.terms = terms

    def authenticate(self, provider: str, credentials: Credentials) -> Account:
        """The account whose credentials all agree. Raises Refusal: BAD_CREDENTIALS and what ``admit`` raises."""
        login = self.terms[provider].login_of(credentials.values)
        for account in self.store.find(Account, provider=provider, login=login):
            if self._agree(account, credentials.values):
                return self.admit(account, credentials.address)
        known = next(self.store.find(Account, provider=provider, login=login), None)
        raise Refusal(Reason.BAD_CREDENTIALS, f"{known.id} has other credentials" if known else NOBODYS, setting="")

    def admit(self, account: Account, address: str | None) -> Account:
        """Let a known account in. Raises Refusal: ACCOUNT_BLOCKED, NOT_PERMITTED (its address), THROTTLED."""
        if account.settings.get("blocked"):
            raise Refusal(Reason.ACCOUNT_BLOCKED, setting="blocked")
        allowed = account.settings.get("allowed_ips")
        if allowed is not None and address not in allowed:
            raise Refusal(Reason.NOT_PERMITTED, f"called from {address}", setting="allowed_ips")
        if limit := account.settings.get("rate_limit"):
            self._draw_token(account, limit)
        return account

    def open_session(self, account: Account) -> Session:
        session = Session(self.ids.draw(account.id, "session"), account.id, self.clock.now())
        self.store.put(session)
        return session

    def resume(self, session_id: str, idle: timedelta, address: str | None) -> Account:
        """The account of a session used within ``idle``; the use renews it.

        Raises Refusal(NOT_FOUND) for an unknown or expired session, and what ``admit`` raises.
        """
        now = self.clock.now()
        session = self.store.get(Session, session_id)
        account = self.store.get(Account, session.account) if session else None
        if session is None or account is None or now - session.used_at > idle:
            raise Refusal(Reason.NOT_FOUND, "the session is unknown or has expired")
        self.store.put(replace(session, used_at=now))
        return self.admit(account, address)

    def _agree(self, account: Account, presented: Mapping[str, str]) -> bool:
        login = self.terms[account.provider].login
        return all(presented.get(name) == value for name, value in account.credentials.items() if name != login)

    def _draw_token(self, account: Account, limit: int) -> None:
        now = self.clock.now()
        self.store.add(Bucket(account.id, float(limit), now))
        self.store.change(Bucket, account.id, lambda bucket: bucket.drawn(limit, now))
