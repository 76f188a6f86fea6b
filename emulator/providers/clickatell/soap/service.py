"""One spyne application per endpoint: an envelope in, a call out; its lines in, an envelope out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lxml import etree
from spyne import Application, Fault, MethodContext, Service, Unicode, rpc
from spyne.server import ServerBase

from emulator.edge.errors import Fail
from emulator.providers.clickatell.parameters import Given
from emulator.providers.clickatell.soap.envelope import Reader, Writer
from emulator.providers.clickatell.soap.operations import NUMBERS, ZERO_IS_UNSET, Style, readable

MOST_NUMBERS = 300  # Developers' Central archive, SOAP API: numbers of one request

# Written without a namespace; read by their local names, whatever the namespace.
_PART = Unicode(min_occurs=0, sub_ns="")
_LINES = Unicode(min_occurs=0, max_occurs="unbounded", sub_ns="")


@dataclass(frozen=True, slots=True)
class Call:
    """``operation`` is the command's name. ``context`` is spyne's own record of the request, which the answer needs."""

    operation: str
    given: Given
    context: Any = field(repr=False)


class Endpoint:
    """Reads and writes one style. Keeps nothing of a request. Each has a ``name`` of its own: spyne lists them somewhere."""

    def __init__(self, name: str, style: Style) -> None:
        self._commands = {style.spelling(operation): operation for operation in style.operations}
        self._names = {operation: readable(operation) for operation in style.operations}
        writer = Writer(style)
        service = type(name, (Service,), {spelt: _declared(spelt, command) for spelt, command in self._commands.items()})
        self._app = Application([service], style.namespace, name, Reader(style), writer)
        self._app.interface.nsmap = writer.namespaces()
        self._app.interface.prefmap = {uri: prefix for prefix, uri in writer.namespaces().items()}
        self._server = ServerBase(self._app)

    def read(self, envelope: bytes, charset: str | None) -> Call:
        """Raises Fail: Client.Envelope, Client.Doctype, Client.Operation, VersionMismatch, MustUnderstand."""
        context = self._context()
        context.in_string = [envelope]
        [context] = self._server.generate_contexts(context, charset)
        if context.in_error is not None:
            raise Fail("Client.Operation", f"no operation {context.method_request_string:.200}")
        self._app.in_protocol.deserialize(context, Reader.REQUEST)
        operation = self._commands[context.descriptor.name]
        values = dict(zip(self._names[operation], context.in_object, strict=True))
        return Call(operation, _given({**context.udc, **values}), context)

    def written(self, call: Call, lines: Sequence[str]) -> bytes:
        call.context.out_object = [list(lines)]
        return self._serialized(call.context)

    def fault(self, code: str, text: str, reason: str) -> bytes:
        """``reason`` is its detail; without one the fault is none of the Body (SOAP 1.1, 4.4)."""
        context = self._context()
        context.out_error = Fault(code, text, detail={"reason": reason} if reason else None)
        return self._serialized(context)

    def _context(self) -> Any:
        return MethodContext(self._server, MethodContext.SERVER)

    def _serialized(self, context: Any) -> bytes:
        self._app.out_protocol.serialize(context, Writer.RESPONSE)
        document: bytes = etree.tostring(context.out_document, encoding="UTF-8", xml_declaration=False)
        return b'<?xml version="1.0" encoding="UTF-8"?>\n' + document


def _declared(name: str, command: str) -> Callable[..., Any]:
    """The operation for spyne. Its function is never called: the view calls the command, so that errors meet the edge."""
    names = readable(command)
    arguments = [f"{one}_" for one in names]  # "from" cannot be an argument
    declare: Callable[..., Any] = rpc(
        *(_PART for _ in names),
        _args=arguments,
        _in_variable_names=dict(zip(arguments, names, strict=True)),
        _in_message_name=name,
        _out_message_name=f"{name}Response",
        _returns=_LINES,
        _out_variable_name="return",
    )

    def stand_in(*_: Any) -> None: ...

    stand_in.__name__ = name
    return declare(stand_in)  # type: ignore[no-any-return]


def _given(values: Mapping[str, str | None]) -> Given:
    """The parameters as the HTTP API has them: empty strings and zeros of typed clients left out."""
    sent = {name: value for name, value in values.items() if value and not (name in ZERO_IS_UNSET and value == "0")}
    for name in NUMBERS & sent.keys():
        sent[name] = sent[name].strip()
        if not sent[name].strip("0."):
            del sent[name]
    if "msg_callback" in sent:  # the document's name here; over HTTP the other one wins
        sent.pop("callback", None)
    return Given(sent, MOST_NUMBERS)
