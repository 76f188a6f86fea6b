"""Rows that are made, viewed, changed and deleted and nothing else: rules, templates, addresses."""

from collections.abc import Callable
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Protocol

from flask import request

from emulator.core.accounts import Account
from emulator.core.errors import Refusal
from emulator.core.records import Record
from emulator.edge.body import json_object
from emulator.edge.context import smsc
from emulator.edge.errors import Fail
from emulator.providers.clicksend.paging import Listing, page


class Loader(Protocol):
    """A schema of the ``schemas`` room."""

    def load(self, data: Any, *, partial: bool = False) -> Any: ...


@dataclass(frozen=True)
class Table:
    """The rows called ``name``. ``read`` takes a request's body, ``show`` writes a row, ``missing`` is the code for none.

    ``fields`` are the keys of a shown row that ``q`` and ``order_by`` know.
    """

    name: str
    read: Loader
    show: Callable[[Record], dict[str, Any]]
    missing: str
    fields: tuple[str, ...] = ()

    def add(self, account: Account) -> dict[str, Any]:
        values = self.read.load(json_object(request))
        return self.show(smsc.records.add(account.id, self.name, values, smsc.clock.now()))

    def view(self, account: Account, number: str) -> dict[str, Any]:
        """Raises Fail for a row that is not the account's."""
        return self.show(self._row(account, number))

    def page(self, account: Account, *, has_links: bool = False) -> dict[str, Any]:
        listing: Listing[dict[str, Any]] = Listing(lambda row: row, {name: itemgetter(name) for name in self.fields})
        return page(listing, map(self.show, smsc.records.rows(account.id, self.name)), has_links=has_links)

    def change(self, account: Account, number: str) -> dict[str, Any]:
        """Replace what the request names. Raises Fail for a row that is not the account's."""
        record = self._row(account, number)
        sent = json_object(request)
        values = self.read.load({**record.values, **sent})
        return self.show(smsc.records.change(record, values))

    def remove(self, account: Account, number: str) -> list[Any]:
        """Raises Fail for a row that is not the account's."""
        smsc.records.remove(self._row(account, number))
        return []

    def _row(self, account: Account, number: str) -> Record:
        try:
            return smsc.records.row(account.id, self.name, number)
        except Refusal as refusal:
            raise Fail(self.missing, refusal.detail) from refusal
