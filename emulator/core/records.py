"""Rows of a provider's own tables, which only its API reads: templates, rules and the like."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar

from emulator.core.errors import Reason, Refusal
from emulator.core.ids import IdSource
from emulator.core.store import Store


@dataclass(frozen=True, slots=True)
class Record:
    """One row; ``values`` holds texts and whole numbers by the provider's names."""

    indexed: ClassVar[tuple[str, ...]] = ("account", "table")

    number: int
    account: str
    table: str
    values: Mapping[str, Any]
    created_at: datetime

    @property
    def key(self) -> str:
        return f"{self.table}/{self.number}"


class Records:
    """The rows of all accounts; numbers are unique within a table."""

    def __init__(self, store: Store, ids: IdSource) -> None:
        self._store = store
        self._ids = ids

    def rows(self, account: str, table: str) -> Iterator[Record]:
        return self._store.find(Record, account=account, table=table)

    def row(self, account: str, table: str, number: str | int) -> Record:
        """Raises Refusal(NOT_FOUND) for a row that is not the account's."""
        found = self._store.get(Record, f"{table}/{number}")
        if found is None or found.account != account:
            raise Refusal(Reason.NOT_FOUND, f"the account has no {table} {number}")
        return found

    def add(self, account: str, table: str, values: Mapping[str, Any], created_at: datetime) -> Record:
        while True:
            made = Record(self._ids.number(account, table), account, table, dict(values), created_at)
            if self._store.add(made):
                return made

    def change(self, record: Record, values: Mapping[str, Any]) -> Record:
        """Raises Refusal(NOT_FOUND) for a row that was removed meanwhile."""
        try:
            return self._store.change(Record, record.key, lambda present: replace(present, values={**present.values, **values}))
        except KeyError:
            raise Refusal(Reason.NOT_FOUND, f"{record.table} {record.number} is gone") from None

    def remove(self, record: Record) -> None:
        self._store.remove(Record, record.key)
