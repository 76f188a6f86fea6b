"""The rate-limit headers that every answer has, in the service's mixed spelling."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import ceil
from typing import ClassVar

from flask import request
from werkzeug.wrappers import Response

from emulator.core.accounts import Account
from emulator.core.throttle import Bucket
from emulator.edge.context import capture, smsc

PER_MINUTE = 6000
PER_MINUTE_OF: Mapping[str, int] = {"account": 20}  # operations with an allowance of their own
WINDOW = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Window:
    """The requests a caller has made since ``began_at``. It is only shown: nothing is refused by it."""

    indexed: ClassVar[tuple[str, ...]] = ("account",)

    key: str
    account: str | None
    began_at: datetime
    used: int = 0

    def counted(self, now: datetime) -> "Window":
        if not timedelta(0) <= now - self.began_at < WINDOW:
            return replace(self, began_at=now, used=1)
        return replace(self, used=self.used + 1)


def tell(response: Response) -> Response:
    """How many requests the caller has left, and in how many seconds there will be more."""
    account = smsc.store.get(Account, capture().account or "")
    limit, remaining, reset = _enforced(account) if account and account.settings["rate_limit"] else _shown(account)
    response.headers["x-ratelimit-limit"] = str(limit)
    response.headers["x-ratelimit-remaining"] = str(remaining)
    response.headers["ratelimit-reset"] = str(reset)
    if response.status_code == 429:
        response.headers["x-ratelimit-remaining"] = "0"
        response.headers["Retry-After"] = str(reset)
    return response


def _shown(account: Account | None) -> tuple[int, int, int]:
    now, operation = smsc.clock.now(), capture().operation or ""
    caller = account.id if account else request.remote_addr
    own = operation if operation in PER_MINUTE_OF else ""
    limit = PER_MINUTE_OF.get(own, PER_MINUTE)
    fresh = Window(f"clicksend/{caller}/{own}", account.id if account else None, now)
    smsc.store.add(fresh)
    window = smsc.store.change(Window, fresh.key, lambda present: present.counted(now))
    return limit, max(limit - window.used, 0), ceil((window.began_at + WINDOW - now).total_seconds())


def _enforced(account: Account) -> tuple[int, int, int]:
    """By the account's setting ``rate_limit``, whose bucket refills evenly; seconds until there is one more request."""
    limit: int = account.settings["rate_limit"]
    bucket = smsc.store.get(Bucket, account.id)
    tokens = bucket.tokens if bucket else float(limit)
    return limit, int(tokens), max(ceil((1 - tokens % 1) * 60 / limit), 1)
