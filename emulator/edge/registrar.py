"""Opens, changes, closes and resets accounts, as each provider's sheet declares them."""

import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from emulator.core.accounts import Account
from emulator.core.errors import Reason, Refusal
from emulator.core.ids import IdSource, alphanumeric, numeric, upper_uuid
from emulator.core.smsc import Smsc
from emulator.core.store import Document
from emulator.edge.errors import Fail
from emulator.edge.furnishing import furnish
from emulator.fixtures import CredentialSpec, SettingSpec, Sheet

INITIAL_BALANCE = Decimal("1000.00")
MOST_WELCOMED = 10_000  # accounts there may be before nobody is given one for the mere asking


@dataclass(frozen=True, slots=True)
class Origin:
    """An account as it was made: what a reset of it goes back to."""

    indexed: ClassVar[tuple[str, ...]] = ()

    born: Account

    @property
    def key(self) -> str:
        return self.born.id


class Registrar:
    """``user_name`` makes up a login name from a seed (an id)."""

    def __init__(self, smsc: Smsc, sheets: Mapping[str, Sheet], user_name: Callable[[str], str]) -> None:
        self._smsc = smsc
        self._store = smsc.store
        self._ids: IdSource = smsc.ids
        self._sheets = sheets
        self._user_name = user_name
        self._opening = threading.Lock()  # no two accounts with one login
        self._seeded: Document = {"entities": {}, "events": [], "numbers": {}}

    def seed(self) -> None:
        """Fill the empty store with the demo accounts, and remember it as the seeded state."""
        for name, sheet in self._sheets.items():
            for account_id, row in sheet.document["accounts"].items():
                wanted = {key: value for key, value in row.items() if key != "lists"}
                self._open(f"{name}-{account_id}", sheet, wanted)
        self._seeded = self._store.dump()

    def open(self, provider: str, wanted: Mapping[str, Any]) -> Account:
        """A new account. ``wanted`` holds ``balance``, ``credentials`` and settings, each optional.

        Raises Refusal: NOT_FOUND (no such provider), INVALID_FIELD (with the field); Fail(credentials_taken).
        """
        sheet = self._sheets.get(provider)
        if sheet is None:
            known = ", ".join(self._sheets)
            raise Refusal(Reason.NOT_FOUND, f"no provider {provider!r}; there are {known}", field="provider")
        identifier = self._ids.draw("", "account")
        return self._open(f"{provider}-{identifier[:12]}", sheet, dict(wanted))

    def welcome(self, provider: str, credentials: Mapping[str, str]) -> bool:
        """Open an account for credentials that nobody has, if they are well-formed; answers whether there is one now."""
        sheet = self._sheets[provider]
        given = {spec.name: credentials.get(spec.name, "") for spec in sheet.credentials}
        if not all(_well_formed(spec, given[spec.name]) for spec in sheet.credentials):
            return False
        if self._store.count(Account) >= MOST_WELCOMED:
            return False
        try:
            self._open(f"{provider}-{self._ids.draw('', 'account')[:12]}", sheet, {"credentials": given})
        except Fail:  # the login is somebody's
            return False
        return True

    def checked(self, account: Account) -> Account:
        """An account from elsewhere, with a default for every setting it has not. Raises Refusal."""
        sheet = self._sheets.get(account.provider)
        _must_be(sheet is not None, f"{account.id}.provider", f"one of {', '.join(self._sheets)}")
        assert sheet is not None  # noqa: S101  # checked on the line above
        names = {spec.name for spec in sheet.credentials}
        _must_be(account.credentials.keys() == names, f"{account.id}.credentials", f"{', '.join(sorted(names))}")
        login = self._smsc.terms[sheet.name].login_of(account.credentials)
        _must_be(account.login == login, f"{account.id}.login", repr(login))
        _balance(account.balance)
        settings = {spec.name: spec.default for spec in sheet.settings.values()} | _settings(sheet, account.settings)
        return replace(account, settings=settings)

    def change(self, account_id: str, wanted: Mapping[str, Any]) -> Account:
        """Settings and ``balance``; a setting that is null goes back to its default. Raises Refusal."""
        account = self.account(account_id)
        sheet = self._sheets[account.provider]
        rest = dict(wanted)
        if "credentials" in rest:
            raise Refusal(Reason.INVALID_FIELD, "credentials are given when an account is made", field="credentials")
        balance = _balance(rest.pop("balance")) if "balance" in rest else None
        settings = _settings(sheet, rest)
        return self._store.change(
            Account,
            account_id,
            lambda present: replace(
                present,
                settings={**present.settings, **settings},
                balance=present.balance if balance is None else balance,
            ),
        )

    def account(self, account_id: str) -> Account:
        """Raises Refusal(NOT_FOUND)."""
        account = self._store.get(Account, account_id)
        if account is None:
            raise Refusal(Reason.NOT_FOUND, f"no account {account_id!r}")
        return account

    def close(self, account_id: str) -> None:
        """Forget the account and everything of it. Raises Refusal(NOT_FOUND)."""
        self.account(account_id)
        with self._smsc.paused():
            self._store.clear(account_id)
            self._store.remove(Origin, account_id)

    def reset(self, account_id: str | None = None) -> None:
        """Everything back to the seeded state, the clock too; or one account to the state it was made with.

        Raises Refusal(NOT_FOUND).
        """
        with self._smsc.paused():  # a campaign that is being sent would leave messages and their price behind
            self._reset(account_id)

    def _reset(self, account_id: str | None) -> None:
        if account_id is None:
            self._store.load(self._seeded)
            self._smsc.reset_clock()
            return
        origin = self._store.get(Origin, account_id)
        if origin is None:
            raise Refusal(Reason.NOT_FOUND, f"no account {account_id!r}")
        self._store.clear(account_id)
        self._store.put(origin.born)
        furnish(self._smsc.contacts, origin.born, self._sheets[origin.born.provider])

    def _open(self, account_id: str, sheet: Sheet, wanted: dict[str, Any]) -> Account:
        terms = self._smsc.terms[sheet.name]
        balance = _balance(wanted.pop("balance", INITIAL_BALANCE))
        credentials = self._credentials(account_id, sheet, wanted.pop("credentials", {}))
        settings = {spec.name: spec.default for spec in sheet.settings.values()} | _settings(sheet, wanted)
        login = terms.login_of(credentials)
        account = Account(account_id, sheet.name, login, credentials, balance, terms.prices.currency, settings)
        with self._opening:
            if self._store.count(Account, provider=sheet.name, login=login):
                raise Fail("credentials_taken", f"another account has this {terms.login}", field="credentials")
            self._store.put(account, Origin(account))
        furnish(self._smsc.contacts, account, sheet)
        return account

    def _credentials(self, account_id: str, sheet: Sheet, given: Mapping[str, Any]) -> dict[str, str]:
        _must_be(isinstance(given, Mapping), "credentials", "an object")
        known = {spec.name for spec in sheet.credentials}
        for name, value in given.items():
            _must_be(name in known, f"credentials.{name}", f"one of {', '.join(sorted(known))}")
            _must_be(isinstance(value, str) and value.isprintable() and value != "", f"credentials.{name}", "a printable text")
        return {spec.name: given.get(spec.name) or self._made(account_id, spec) for spec in sheet.credentials}

    def _made(self, account_id: str, spec: CredentialSpec) -> str:
        identifier = self._ids.draw(account_id, spec.name) + self._ids.draw(account_id, spec.name)
        kind, _, length = spec.made.partition(":")
        makers: Mapping[str, Callable[[], str]] = {
            "hex": lambda: identifier[: int(length)],
            "digits": lambda: numeric(identifier, int(length)),
            "letters": lambda: alphanumeric(identifier, int(length)),
            "uuid": lambda: upper_uuid(identifier),
            "user_name": lambda: self._user_name(identifier),
        }
        return makers[kind]()


def _well_formed(spec: CredentialSpec, value: str) -> bool:
    return value.isprintable() and re.fullmatch(spec.form, value) is not None


def _settings(sheet: Sheet, wanted: Mapping[str, Any]) -> dict[str, Any]:
    checked = {}
    for name, value in wanted.items():
        spec = sheet.settings.get(name)
        if spec is None:
            known = ", ".join(("balance", "credentials", *sheet.settings))
            raise Refusal(Reason.INVALID_FIELD, f"{sheet.name} accounts have no {name!r}; they have {known}", field=name)
        if value is None:
            checked[name] = spec.default
            continue
        test, wording = _TYPES[spec.type]
        _must_be(test(value), name, f"{wording}, in {spec.unit}" if spec.unit else wording)
        _must_be(not spec.choices or value in spec.choices, name, f"one of {', '.join(spec.choices)}")
        checked[name] = value
    return checked


def _balance(value: Any) -> Decimal:
    try:
        balance = Decimal(str(value)) if isinstance(value, str | int | Decimal) and not isinstance(value, bool) else None
    except InvalidOperation:
        balance = None
    if balance is None or not balance.is_finite() or abs(balance) >= 10**12 or balance != round(balance, 9):
        raise Refusal(
            Reason.INVALID_FIELD,
            'balance: must be a decimal string such as "10.00", below 10^12 and with 9 decimals at most',
            field="balance",
        )
    return balance


def _must_be(holds: bool, field: str, wording: str) -> None:
    if not holds:
        raise Refusal(Reason.INVALID_FIELD, f"{field}: must be {wording}", field=field)


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) and item for item in value)


def _is_address(value: Any) -> bool:
    if not isinstance(value, str) or not re.fullmatch(r"https?://[^/\s@]+(/\S*)?", value) or not value.isprintable():
        return False
    try:
        return urlsplit(value).port != 0
    except ValueError:  # a port that is none
        return False


def _is_zone(value: Any) -> bool:
    try:
        ZoneInfo(value)
    except (TypeError, ValueError, OSError, KeyError):
        return False
    return True


_TYPES: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "text": (lambda value: isinstance(value, str), "a text"),
    "flag": (lambda value: isinstance(value, bool), "true or false"),
    "number": (
        lambda value: isinstance(value, int) and not isinstance(value, bool) and value > 0,
        "a whole number above 0",
    ),
    "texts": (_texts, "a list of texts"),
    "texts_by_text": (
        lambda value: isinstance(value, dict) and all(map(_texts, value.values())),
        "an object whose values are lists of texts",
    ),
    "url": (_is_address, "an http:// or https:// address without a login (name:password@): calls are made without one"),
    "time_zone": (_is_zone, "an IANA time zone such as Europe/Berlin"),
}


def has_type(spec: SettingSpec) -> bool:
    """Whether the registrar can check values of the declared type."""
    return spec.type in _TYPES
