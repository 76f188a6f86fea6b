"""The WSDL of each endpoint, with the names the vendor's own have, so that code generated from either is the same."""

from collections.abc import Callable
from dataclasses import dataclass
from xml.sax.saxutils import escape

from lxml import etree
from lxml.builder import ElementMaker

from emulator.providers.clickatell.soap.envelope import ENCODING, SCHEMA
from emulator.providers.clickatell.soap.operations import Part, Style

_WSDL = "http://schemas.xmlsoap.org/wsdl/"
_SOAP = "http://schemas.xmlsoap.org/wsdl/soap/"
_HTTP = "http://schemas.xmlsoap.org/soap/http"
_ADDRESS = "http://address.invalid/"

_W, _S, _X = (ElementMaker(namespace=uri) for uri in (_WSDL, _SOAP, SCHEMA))


@dataclass(frozen=True, slots=True)
class Names:
    """What a WSDL calls its parts. ``action`` is what soapAction begins with."""

    service: str
    port: str
    port_type: str
    binding: str
    request: str
    response: str
    action: str


DOCUMENT_NAMES = Names(
    "ClickatellSms",
    "ClickatellSms",
    "ClickatellSms",
    "Sms",
    "Request",
    "Response",
    "http://api.clickatell.com/soap/document_literal/webservice/",
)


def encoded_names(path: str) -> Names:
    action = f"http://api.clickatell.com/soap/{path}/"
    return Names("PushServerWS", "PushServerWSPort", "PushServerWSPortType", "PushServerWSBinding", "Input", "Output", action)


def wsdl(style: Style, names: Names) -> Callable[[str], bytes]:
    """Writes the document for the address at which the caller has found it."""
    prefixes = {None: _WSDL, "soap": _SOAP, "xsd": SCHEMA, "SOAP-ENC": ENCODING, "wsdl": _WSDL, "tns": style.namespace}
    definitions = etree.Element(f"{{{_WSDL}}}definitions", nsmap=prefixes, name=names.service, targetNamespace=style.namespace)
    operations = {style.spelling(operation): parts for operation, parts in style.operations.items()}
    definitions.append(_W.types(_encoded_schema(style) if style.encoded else _document_schema(style)))
    for name, parts in operations.items():
        definitions.extend(_encoded_messages(style, names, name, parts) if style.encoded else _document_messages(names, name))
    definitions.append(_port_type(style, names))
    definitions.append(_binding(style, names))
    port = _W.port(_S.address(location=_ADDRESS), name=names.port, binding=f"tns:{names.binding}")
    definitions.append(_W.service(port, name=names.service))
    document: bytes = etree.tostring(definitions, encoding="UTF-8", xml_declaration=True, pretty_print=True)
    return lambda address: document.replace(_ADDRESS.encode(), escape(address, {'"': "&quot;"}).encode())


def encoding_schema() -> bytes:
    """What of SOAP 1.1's section 5 the WSDLs refer to. Clients that do not know it by heart would fetch it from afar.

    It names nothing of its own namespace: zeep would fetch that too.
    """
    anything = _X.any(namespace="##any", minOccurs="0", maxOccurs="unbounded", processContents="lax")
    array = _X.complexType(_X.sequence(anything), _X.anyAttribute(namespace="##any", processContents="lax"), name="Array")
    schema = etree.Element(f"{{{SCHEMA}}}schema", nsmap={"xsd": SCHEMA}, targetNamespace=ENCODING)
    schema.extend((_X.attribute(name="arrayType", type="xsd:string"), array))
    document: bytes = etree.tostring(schema, encoding="UTF-8", xml_declaration=True, pretty_print=True)
    return document


def _document_schema(style: Style) -> etree._Element:
    """Children are unqualified: the schema does not say elementFormDefault."""
    schema = _X.schema(targetNamespace=style.namespace)
    for name, parts in style.operations.items():
        answers = "1" if name in _ONE_ANSWER else "unbounded"
        schema.extend(
            (
                _sequence(name, *map(_child, parts)),
                _sequence(f"{name}Response", _X.element(name="return", type="xsd:string", maxOccurs=answers)),
                _sequence(f"{name}Fault", _X.element(name=f"{name}Fault", type="xsd:string")),
            )
        )
    return schema


_ONE_ANSWER = frozenset(
    ("auth", "ping", "querymsg", "delmsg", "getbalance", "routecoverage", "startbatch", "endbatch", "getmsgcharge")
)


def _sequence(name: str, *children: etree._Element) -> etree._Element:
    return _X.element(_X.complexType(_X.sequence(*children)), name=name)


def _child(part: Part) -> etree._Element:
    occurs = {"minOccurs": "1" if part.required else "0"} | ({"maxOccurs": "unbounded"} if part.repeats else {})
    return _X.element(name=part.name, type=f"xsd:{part.type}", **occurs)


def _encoded_schema(style: Style) -> etree._Element:
    kind = _X.attribute({f"{{{_WSDL}}}arrayType": "xsd:string[]"}, ref="SOAP-ENC:arrayType")
    restriction = _X.complexContent(_X.restriction(kind, base="SOAP-ENC:Array"))
    return _X.schema(
        _X("import", namespace=ENCODING, schemaLocation=f"{_ADDRESS}?xsd"),
        _X.complexType(restriction, name="ArrayOfString"),
        targetNamespace=style.namespace,
    )


def _document_messages(names: Names, name: str) -> list[etree._Element]:
    pairs = {f"{name}{names.request}": name, f"{name}{names.response}": f"{name}Response", f"{name}Fault": f"{name}Fault"}
    return [
        _W.message(_W.part(name="parameters", element=f"tns:{element}"), name=message) for message, element in pairs.items()
    ]


def _encoded_messages(style: Style, names: Names, name: str, parts: tuple[Part, ...]) -> list[etree._Element]:
    answer = "ArrayOfString" if name in style.lists else "string"
    return [
        _W.message(*(_W.part(name=part.name, type=_encoded_type(part.type)) for part in parts), name=f"{name}{names.request}"),
        _W.message(_W.part(name="return", type=_encoded_type(answer)), name=f"{name}{names.response}"),
    ]


def _encoded_type(name: str) -> str:
    return f"tns:{name}" if name == "ArrayOfString" else f"xsd:{name}"


def _port_type(style: Style, names: Names) -> etree._Element:
    """The real one declares faults here and does not bind them; errors are answers, not faults."""
    port_type = _W.portType(name=names.port_type)
    for name in map(style.spelling, style.operations):
        operation = _W.operation(
            _W.input(message=f"tns:{name}{names.request}"), _W.output(message=f"tns:{name}{names.response}"), name=name
        )
        if not style.encoded:
            operation.append(_W.fault(name=f"{name}Fault", message=f"tns:{name}Fault"))
        port_type.append(operation)
    return port_type


def _binding(style: Style, names: Names) -> etree._Element:
    how = {"transport": _HTTP} | ({"style": "rpc"} if style.encoded else {})
    body = {"use": "encoded", "namespace": style.namespace, "encodingStyle": ENCODING} if style.encoded else {"use": "literal"}
    binding = _W.binding(_S.binding(**how), name=names.binding, type=f"tns:{names.port_type}")
    for name in map(style.spelling, style.operations):
        binding.append(
            _W.operation(
                _S.operation(soapAction=f"{names.action}{name}"),
                _W.input(_S.body(**body)),
                _W.output(_S.body(**body)),
                name=name,
            )
        )
    return binding
