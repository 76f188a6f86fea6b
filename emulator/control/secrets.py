"""Where credentials stand in what went over the wire."""

import json
import re
from base64 import b64decode
from collections.abc import Iterator
from functools import cache
from heapq import heapify, heappop, heappush
from itertools import islice
from urllib.parse import quote, quote_plus
from xml.sax.saxutils import escape

from emulator.control.named import Names
from emulator.control.sent import body_sent
from emulator.core.accounts import Account
from emulator.core.journal import Exchange
from emulator.edge.context import runtime, sheet, smsc

_EVERYWHERE = frozenset(
    {"authorization", "proxy-authorization", "cookie", "x-auth-token", "x-api-key", "password", "new_password", "secret"}
    | {"api_key", "api_secret", "access_token", "activation_token", "pass", "passwd", "pwd"}
)
_HEADER = re.compile(r"(?i)(authorization|cookie|api[-_]?key|secret|token|password)$")  # whatever stands before it
_WIDE_CODECS = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
_LENGTH = 4  # a shorter secret is found where it is named only: elsewhere its letters mean something else
_LEARNED = 20  # named values of a text that are looked for elsewhere too: nobody honest has more, the dishonest thousands

_names = cache(Names)  # of a provider they are always the same


class Secrets:
    """The secrets of one exchange: what stands under a secret name, and every secret value of some length wherever it stands.

    The login name is no secret; in XML, where it stands beside its password, it counts as one. Each secret has the name of a
    shell variable, such as ``CLICKATELL_PASSWORD``; with ``_URLENCODED``, ``_JSON``, ``_XML`` or ``_WIDE`` behind it where the
    text holds the value in that form, and that is another.
    """

    def __init__(self, exchange: Exchange) -> None:
        self._prefix = exchange.provider
        self._names = names = runtime().providers[exchange.provider].secrets | _EVERYWHERE
        logins = frozenset(spec.name for spec in sheet(exchange.provider).credentials if spec.login)
        self._named = _names(names, logins)
        self._variables = _of_account(exchange)
        for value, name in self._presented(exchange, logins):
            self._variables.setdefault(value, self._variable(name))
        self._forms = {form: name for value, name in self._variables.items() for form, name in _forms(value, name)}

    def is_name(self, name: str) -> bool:
        """Whether it is a header of a secret."""
        return name.lower() in self._names or _HEADER.search(name) is not None

    def variable(self, value: str, name: str) -> str:
        """The variable for a value that stands under ``name``."""
        return self._variables.get(value) or self._variable(name)

    def pieces(self, text: str) -> Iterator[tuple[str, str | None]]:
        """``text`` cut at its secrets: what stands before each, and the secret's variable; None behind the last."""
        elsewhere, position = _Elsewhere(self._forms, text), 0
        for named in self._named.found(text):
            for start, form in elsewhere.between(position, named.start):
                yield text[position:start], self._forms[form]
                position = start + len(form)
            yield text[position : named.start], self.variable(named.value, named.name) + named.form
            position = named.end
        for start, form in elsewhere.between(position, len(text)):
            yield text[position:start], self._forms[form]
            position = start + len(form)
        yield text[position:], None

    def _presented(self, exchange: Exchange, logins: frozenset[str]) -> Iterator[tuple[str, str]]:
        """The values that a request has shown as secrets, and under which names."""
        for name, value in exchange.request_headers:
            if self.is_name(name):
                yield value, name
                yield from _within(value, name)
        for text in (exchange.path, body_sent(exchange)):
            secret = (named for named in self._named.found(text) if named.name.lower() not in logins)
            yield from ((named.value, named.name) for named in islice(secret, _LEARNED))
        yield from ((value, "secret") for value in exchange.secrets)

    def _variable(self, name: str) -> str:
        return re.sub(r"\W", "_", f"{self._prefix}_{name}").upper()


def basic_login(value: str) -> tuple[str, str] | None:
    """User and password of a Basic authorization; empty where they cannot be read. None for another kind."""
    kind, _, encoded = value.partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        user, _, password = b64decode(encoded).decode().partition(":")
    except ValueError:
        return "", ""
    return user, password


def _within(value: str, name: str) -> Iterator[tuple[str, str]]:
    """The secrets that the value of a header is made of, and under which names."""
    if token := value.partition(" ")[2]:
        yield token, f"{name}_token"
    if login := basic_login(value):
        yield login[1], "password"


class _Elsewhere:
    """Where any of ``forms`` stands in ``text``, from left to right, of those at one place the longest."""

    def __init__(self, forms: dict[str, str], text: str) -> None:
        self._text = text
        self._next = [(at, -len(form), form) for form in forms if (at := text.find(form)) >= 0]
        heapify(self._next)

    def between(self, position: int, end: int) -> Iterator[tuple[int, str]]:
        while self._next and self._next[0][0] < end:
            at, _, form = heappop(self._next)
            if position <= at and at + len(form) <= end:
                yield at, form
                position = at + len(form)
            following = self._text.find(form, max(at + 1, position))
            if following >= 0:
                heappush(self._next, (following, -len(form), form))


def _forms(value: str, name: str) -> Iterator[tuple[str, str]]:
    """How a value may be written, longer ways first."""
    if len(value) < _LENGTH:
        return
    for codec in _WIDE_CODECS:
        yield value.encode(codec, "surrogatepass").decode("latin-1"), f"{name}_WIDE"
    for form in (
        value.replace("&", "&amp;").replace("<", "&lt;"),
        escape(value, {'"': "&quot;", "'": "&apos;"}),
        escape(value),
    ):
        yield form, f"{name}_XML"
    for form in (quote(value, safe=""), quote_plus(value)):
        yield form, f"{name}_URLENCODED"
    yield json.dumps(value)[1:-1], f"{name}_JSON"
    yield value, name


def _of_account(exchange: Exchange) -> dict[str, str]:
    account = smsc.store.get(Account, exchange.account) if exchange.account else None
    if account is None:
        return {}
    secret = [spec.name for spec in sheet(account.provider).credentials if spec.secret]
    return {account.credentials[name]: f"{account.provider}_{name}".upper() for name in secret}
