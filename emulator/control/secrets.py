"""Where credentials stand in what went over the wire."""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote, quote_plus, unquote_plus
from xml.sax.saxutils import escape, unescape

from emulator.core.accounts import Account
from emulator.core.journal import Exchange
from emulator.edge.context import runtime, sheet, smsc

_EVERYWHERE = frozenset({"authorization", "proxy-authorization", "cookie", "x-auth-token", "password", "secret"})
_WRITTEN = r"""(?xi)
    (?P<pair>    (?: ^ | [?&\s] ) (?P<pair_name> {names} ) = ) (?P<of_pair> [^&\s]* )
  | (?P<json>    " (?P<json_name> {names} ) " \s* : \s* " ) (?P<of_json> (?: [^"\\] | \\. )* )
  | (?P<element> < (?: [\w.-]+ : )? (?P<element_name> {elements} ) (?: \s [^>]* )? (?<!/) > )
    (?P<of_element> (?: [^<] | <!\[CDATA\[ .*? \]\]> )+ )
"""
_WIDE = {  # how XML in more than one octet per character begins
    b"\xff\xfe\x00\x00": "utf-32", b"\x00\x00\xfe\xff": "utf-32", b"<\x00\x00\x00": "utf-32-le", b"\x00\x00\x00<": "utf-32-be",
    b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"<\x00": "utf-16-le", b"\x00<": "utf-16-be",
}  # fmt: skip
_WIDE_CODECS = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
_LENGTH = 4  # a shorter secret is found where it is named only: elsewhere its letters mean something else


class Secrets:
    """The secrets of one exchange: what stands under a secret name, and every secret value of some length wherever it stands.

    The login name is no secret; in XML, where it stands beside its password, it counts as one. Each secret has the name of a
    shell variable, such as ``CLICKATELL_PASSWORD``; with ``_URLENCODED``, ``_XML`` or ``_WIDE`` behind it where the text holds
    the value in that form, and that is another.
    """

    def __init__(self, exchange: Exchange) -> None:
        self._prefix = exchange.provider
        self._names = names = runtime().providers[exchange.provider].secrets | _EVERYWHERE
        logins = {spec.name for spec in sheet(exchange.provider).credentials if spec.login}
        self._named = re.compile(_WRITTEN.format(names=_any_of(names), elements=_any_of(names | logins)), re.DOTALL)
        self._variables = _of_account(exchange)
        for name, value in exchange.request_headers:
            if self.is_name(name):
                self._variables.setdefault(value, self._variable(name))
        for text in (exchange.path, body_sent(exchange)):
            for match in self._named.finditer(text):
                if _name(match).lower() not in logins:
                    self._variables.setdefault(_value(match), self._variable(_name(match)))
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
            variable = self.variable(_value(match), _name(match))
            yield from self._unnamed(text[position : match.start()])
            yield match["pair"] or match["json"] or match["element"], variable + _form(match)
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


def body_sent(exchange: Exchange) -> str:
    """The body of the request, in the character set it is in as far as one can see."""
    body = exchange.request_body
    content_type = next((value for name, value in exchange.request_headers if name.lower() == "content-type"), "")
    said = re.search(r"(?i)charset=[\"']?([\w.-]+)", content_type)
    wide = next((codec for start, codec in _WIDE.items() if body.startswith(start)), None)
    try:
        return body.decode(wide or (said[1] if said else "utf-8"), "replace")
    except (LookupError, ValueError):  # no character set, or none of texts
        return body.decode(errors="replace")


def _any_of(names: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, names)))


def _name(match: re.Match[str]) -> str:
    return match["pair_name"] or match["json_name"] or match["element_name"]


def _value(match: re.Match[str]) -> str:
    if match["pair"]:
        return unquote_plus(match["of_pair"])
    return match["of_json"] if match["json"] else unescape(match["of_element"].strip())


def _form(match: re.Match[str]) -> str:
    """What to add to the variable's name where the value is written in another form."""
    if match["pair"]:
        return "" if _value(match) == match["of_pair"] else "_URLENCODED"
    return "" if match["json"] or _value(match) == match["of_element"] else "_XML"


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
    yield value, name


def _of_account(exchange: Exchange) -> dict[str, str]:
    account = smsc.store.get(Account, exchange.account) if exchange.account else None
    if account is None:
        return {}
    secret = [spec.name for spec in sheet(account.provider).credentials if spec.secret]
    return {account.credentials[name]: f"{account.provider}_{name}".upper() for name in secret}
