"""Batches: one template, many recipients, each with its own fields."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from emulator.core.accounts import Account
from emulator.edge.context import smsc
from emulator.edge.errors import Fail

LIFETIME = timedelta(hours=24)

_CREDENTIALS = frozenset({"session_id", "user", "password", "api_id"})
_FIELD = re.compile(r"#(\w+)#")


@dataclass(frozen=True, slots=True)
class Batch:
    """``parameters`` are those of startbatch, for each message of the batch; the template is among them."""

    indexed: ClassVar[tuple[str, ...]] = ("account",)

    key: str
    account: str
    parameters: Mapping[str, str]
    started_at: datetime

    def rendered(self, given: Mapping[str, str]) -> str:
        """The template with ``#name#`` replaced by the parameter of that name, where one is given."""
        return _FIELD.sub(lambda match: given.get(match[1], match[0]), self.parameters["template"])


def start(account: Account, parameters: Mapping[str, str]) -> Batch:
    shared = {name: value for name, value in parameters.items() if name not in _CREDENTIALS}
    batch = Batch(smsc.ids.draw(account.id, "batch"), account.id, shared, smsc.clock.now())
    smsc.store.put(batch)
    return batch


def running(account: Account, batch_id: str) -> Batch:
    """Raises Fail(201) for a batch that is unknown, ended, another account's, or older than a day."""
    batch = smsc.store.get(Batch, batch_id)
    if batch is None or batch.account != account.id or smsc.clock.now() - batch.started_at > LIFETIME:
        raise Fail("201", f"no running batch {batch_id!r}", field="batch_id")
    return batch


def end(batch: Batch) -> None:
    smsc.store.remove(Batch, batch.key)
