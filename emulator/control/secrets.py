"""Where credentials stand in what went over the wire."""

import re
from collections.abc import Iterator
from urllib.parse import quote, quote_plus, unquote_plus

from emulator.core.accounts import Account
from emulator.core.journal import Exchange
from emulator.edge.context import runtime, sheet, smsc

_EVERYWHERE = frozenset({"authorization", "proxy-authorization", "cookie", "x-auth-token", "password", "secret"})
_LENGTH = 4  # a shorter secret is found where it is named only: elsewhere its letters mean something else


class Secrets:
    """The secrets of one exchange: what stands under a secret name, and every secret value of some length wherever it stands.

    Each has the name of a shell variable, such as ``CLICKATELL_PASSWORD``; with ``_URLENCODED`` behind it where the text
    holds the value in that form, and that is another.
    """

    def __init__(self, exchange: Exchange) -> None:
        self._prefix = exchange.provider
        self._names = names = runtime().providers[exchange.provider].secrets | _EVERYWHERE
        either = "|".join(sorted(map(re.escape, names)))
        self._named = re.compile(rf'(?i)((?:^|[?&\s])({either})=)([^&\s]*)|("({either})"\s*:\s*")((?:[^"\\]|\\.)*)')
        self._variables = _of_account(exchange)
        for name, value in exchange.request_headers:
            if self.is_name(name):
                self._variables.setdefault(value, self._variable(name))
        for text in (exchange.path, exchange.request_body.decode(errors="replace")):
            for match in self._named.finditer(text):
                self._variables.setdefault(_value(match), self._variable(match[2] or match[5]))
        for value in exchange.secrets:
            self._variables.setdefault(value, self._variable("secret"))
        self._forms = {form: name for value, name in self._variables.items() for form, name in _forms(value, name)}
        longest_first = sorted(self._forms, key=len, reverse=True)
        self._anywhere = re.compile("|".join(map(re.escape, longest_first)) or "(?!)")

    def is_name(self, name: str) -> bool:
        return name.lower() in self._names

    def variable(self, value: str, name: str) -> str:
        """The variable for a value that stands under ``name``."""
        return self._variables.get(value) or self._variable(name)

    def pieces(self, text: str) -> Iterator[tuple[str, str | None]]:
        """``text`` cut at its secrets: what stands before each, and the secret's variable; None behind the last."""
        position = 0
        for match in self._named.finditer(text):
            value = match[3] if match[1] else match[6]
            variable = self.variable(_value(match), match[2] or match[5])
            if match[1] and _value(match) != value:
                variable = f"{variable}_URLENCODED"
            yield from self._unnamed(text[position : match.start()])
            yield match[1] or match[4], variable
            position = match.end()
        yield from self._unnamed(text[position:])

    def _unnamed(self, text: str) -> Iterator[tuple[str, str | None]]:
        position = 0
        for match in self._anywhere.finditer(text):
            yield text[position : match.start()], self._forms[match[0]]
            position = match.end()
        yield text[position:], None

    def _variable(self, name: str) -> str:
        return re.sub(r"\W", "_", f"{self._prefix}_{name}").upper()


def _value(match: re.Match[str]) -> str:
    return unquote_plus(match[3]) if match[1] else match[6]


def _forms(value: str, name: str) -> Iterator[tuple[str, str]]:
    if len(value) < _LENGTH:
        return
    for form in (quote(value, safe=""), quote_plus(value)):
        yield form, f"{name}_URLENCODED"
    yield value, name


def _of_account(exchange: Exchange) -> dict[str, str]:
    account = smsc.store.get(Account, exchange.account) if exchange.account else None
    if account is None:
        return {}
    secret = [spec.name for spec in sheet(account.provider).credentials if spec.secret]
    return {account.credentials[name]: f"{account.provider}_{name}".upper() for name in secret}
