"""The 15 operations as the vendor's two kinds of WSDL declare them: the parts of each request, in order.

A part is written as ``name`` or ``name:type`` (a string where no type is named), with ``!`` where it must be there and ``*``
where it repeats.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from emulator.providers.clickatell.auth import SECRETS
from emulator.providers.clickatell.parameters import canonical_name

_UNDECLARED = ("callback", "msg_callback", "scheduled_time", "binary", "mclass")
"""Taken by operations that say how to send, whatever the WSDL has: the vendor's own example sends ``callback``, which that
endpoint's WSDL lacks; the last three are the HTTP API's."""

_LOGIN = "session_id api_id:int user password"
_ROUTING = "deliv_time:int max_credits:{credits} req_feat:int queue:int escalate:int mo:int"
_SI = "si_id! si_url! si_text! si_created si_expires si_action"
_MMS = "mms_subject! mms_class! mms_expire! mms_from! mms_url!"


@dataclass(frozen=True, slots=True)
class Part:
    """``type`` is one of XML Schema's."""

    name: str
    type: str
    required: bool
    repeats: bool


@dataclass(frozen=True)
class Style:
    """How operations are written: document/literal, or with ``encoded`` rpc/encoded.

    ``lists`` names the operations that answer an array in the latter. ``spellings`` are names that differ from the command's.
    """

    namespace: str
    encoded: bool
    operations: Mapping[str, tuple[Part, ...]]
    lists: frozenset[str] = frozenset()
    spellings: Mapping[str, str] | None = None

    def spelling(self, operation: str) -> str:
        return (self.spellings or {}).get(operation, operation)

    def positions(self, operation: str) -> Mapping[str, str]:
        """The parts by the names that clients without a WSDL give to arguments: PHP sends ``param0``, ``param1``, ..."""
        parts = self.operations[operation] if self.encoded else ()
        return {f"param{position}": canonical_name(part.name) for position, part in enumerate(parts)}


def _parts(text: str) -> tuple[Part, ...]:
    def part(word: str) -> Part:
        name, _, kind = word.rstrip("!*").partition(":")
        return Part(name, kind or "string", "!" in word, "*" in word)

    return tuple(map(part, text.split()))


def _fields(count: int) -> str:
    return " ".join(f"field{number}" for number in range(1, count + 1))


def _document() -> Mapping[str, str]:
    """As ClickatellSms.wsdl has them."""
    routing = _ROUTING.format(credits="int")
    endings = f"{routing} climsgid unicode:int msg_type udh"
    options = f"from concat:int deliv_ack:int msg_callback:int {endings} validity:int"
    return {
        "auth": "api_id:int! user! password!",
        "ping": "session_id!",
        "sendmsg": f"{_LOGIN} text to!* from concat:int msg_callback:int deliv_ack:int {endings} data validity:int",
        "querymsg": f"{_LOGIN} apimsgid climsgid",
        "delmsg": f"{_LOGIN} apimsgid climsgid",
        "getbalance": _LOGIN,
        "routecoverage": f"{_LOGIN} msisdn!",
        "si_push": f"{_LOGIN} to!* {_SI} {options}",
        "ind_push": f"{_LOGIN} to!* {_MMS} {options}",
        "token_pay": f"{_LOGIN} token!",
        "startbatch": f"{_LOGIN} from concat:int template! deliv_ack:int msg_callback:int {endings} validity:int",
        "senditem": f"{_LOGIN} batch_id! to!* {_fields(10)}",
        "quicksend": f"{_LOGIN} batch_id! to!*",
        "endbatch": f"{_LOGIN} batch_id!",
        "getmsgcharge": f"{_LOGIN} apimsgid",
    }


def _encoded(callback: str) -> Mapping[str, str]:
    """As webservice_vs.wsdl has them; the oldest endpoint has another name for ``msg_callback``."""
    endings = f"{_ROUTING.format(credits='float')} cliMsgId unicode:int msg_type udh"
    options = f"concat:int deliv_ack:int {callback}:int {endings}"
    to = "to:ArrayOfString"
    return {
        "auth": "api_id:int user password",
        "ping": "session_id",
        "sendmsg": f"{_LOGIN} {to} from text {options} data validity:int",
        "querymsg": f"{_LOGIN} apimsgid climsgid",
        "delmsg": "session_id api_id user password apimsgid climsgid",
        "getbalance": _LOGIN,
        "routecoverage": f"{_LOGIN} msisdn",
        "si_push": f"{_LOGIN} {to} {_SI} from {options} validity:int".replace("!", ""),
        "ind_push": f"{_LOGIN} {to} {_MMS} from {options} validity:int".replace("!", ""),
        "token_pay": f"{_LOGIN} token",
        "startbatch": f"{_LOGIN} from template {options} validity:int",
        "senditem": f"{_LOGIN} batch_id {to} {_fields(4)}",
        "quicksend": f"{_LOGIN} batch_id {to}",
        "endbatch": f"{_LOGIN} batch_id",
        "getmsgcharge": f"{_LOGIN} apimsgid",
    }


def _style(namespace: str, declared: Mapping[str, str], *, encoded: bool) -> Style:
    return Style(
        namespace=namespace,
        encoded=encoded,
        operations={operation: _parts(text) for operation, text in declared.items()},
        lists=frozenset(declared) - {"auth", "ping", "getbalance", "routecoverage", "token_pay"} if encoded else frozenset(),
        spellings={"routecoverage": "routeCoverage"} if encoded else None,
    )


DOCUMENT = _style("http://api.clickatell.com/soap/document_literal/webservice", _document(), encoded=False)
ENCODED = _style("http://api.clickatell.com/soap/webservice", _encoded("msg_callback"), encoded=True)
OLDEST = _style("http://api.clickatell.com/soap/webservice", _encoded("callback"), encoded=True)

NAMES_ITS_OWN = frozenset({"senditem"})
"""Operations with parts of any name, as over HTTP: ``#name#`` of the batch's template is whatever its author has called it."""

NUMBERS = frozenset(part.name for parts in DOCUMENT.operations.values() for part in parts if part.type == "int")
"""Typed clients fill every slot of the request, numbers with zeros."""

ZERO_IS_UNSET = frozenset(
    part.name for parts in DOCUMENT.operations.values() for part in parts if not part.required
) - NUMBERS.union({"text"}, _fields(10).split())
"""Other slots that may stay empty; in PHP "0" is empty too. Not what a message says, which may be a zero."""

POSITIONAL_SECRETS = frozenset(
    name
    for operation in ENCODED.operations
    for name, part in ENCODED.positions(operation).items()
    if part in SECRETS - {"token"}  # its place is that of the numbers elsewhere
)
"""Where credentials stand in calls by position, so that they are masked in calls that nobody could read, too."""


def readable(operation: str) -> tuple[str, ...]:
    """The names of parts that are taken, as the command knows them: those of every WSDL and the undeclared ones."""
    declared = [canonical_name(part.name) for style in (DOCUMENT, ENCODED) for part in style.operations[operation]]
    return tuple(dict.fromkeys((*declared, *(_UNDECLARED if "concat" in declared else ()))))
