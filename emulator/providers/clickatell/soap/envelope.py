"""How envelopes are read and written: spyne's SOAP 1.1, made safe, and taught rpc/encoded."""

from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree
from spyne.protocol.soap import Soap11

from emulator.edge.errors import Fail
from emulator.providers.clickatell.parameters import canonical_name
from emulator.providers.clickatell.soap.operations import NAMES_ITS_OWN, Style, readable

ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
ENCODING = "http://schemas.xmlsoap.org/soap/encoding/"
SCHEMA = "http://www.w3.org/2001/XMLSchema"
INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"

_PREFIX = "SOAP-ENV"


class Reader(Soap11):  # type: ignore[misc]  # spyne has no types
    """Requests. Whatever is no SOAP 1.1 call of ours raises Fail; nothing is expanded, resolved or fetched.

    An rpc/encoded call is rewritten as the document/literal one of the same meaning before spyne decodes it. Parts that the
    operation does not have are left out; where it has names of its own making, they are the context's ``udc``, by name.
    """

    def __init__(self, style: Style) -> None:
        super().__init__(parse_xsi_type=False)
        self._style = style
        self._operations = {style.spelling(operation): operation for operation in style.operations}

    def create_in_document(self, ctx: Any, charset: str | None = None) -> None:
        ctx.in_document = _parsed(b"".join(ctx.in_string), charset)

    def decompose_incoming_envelope(self, ctx: Any, message: Any = Soap11.REQUEST) -> None:  # noqa: ARG002
        body = _body(ctx.in_document)
        call = body[0]
        name = etree.QName(call)
        if name.namespace != self._style.namespace:
            raise Fail(
                "Client.Operation", f"{name.localname} is in the namespace {name.namespace}, not {self._style.namespace}"
            )
        if name.localname.lower() == "routecoverage":  # clients write it in both ways
            call.tag = f"{{{name.namespace}}}{self._style.spelling('routecoverage')}"
        independent = {one.get("id"): one for one in body[1:] if one.get("id") is not None}
        values = _Values(independent if self._style.encoded else None, sum(map(len, ctx.in_string)))
        ctx.udc = self._settle(call, values)
        ctx.in_header_doc, ctx.in_body_doc, ctx.method_request_string = None, call, call.tag

    def _settle(self, call: etree._Element, values: "_Values") -> dict[str, str]:
        operation = self._operations.get(etree.QName(call).localname)
        names, others = readable(operation) if operation else (), {}
        for part in list(call):
            call.remove(part)
            part.tag = canonical_name(etree.QName(part).localname)
            if part.tag in names:
                for text in values.of(part):
                    etree.SubElement(call, part.tag).text = text
            elif operation in NAMES_ITS_OWN:
                others[part.tag] = "".join(values.of(part))
        return others


class _Values:
    """What the parts of a call say, ``independent`` elements beside it included; None: it may not refer to any.

    A reference is short and what it leads to may be long: all of them together say no more than ``most``, the octets sent.
    """

    def __init__(self, independent: Mapping[str, etree._Element] | None, most: int) -> None:
        self._independent = independent
        self._left = most

    def of(self, part: etree._Element) -> Iterator[str]:
        """The text of a part; of an array of numbers that of each item."""
        value = self._referred(part)
        is_array = self._independent is not None and part.tag == "to" and len(value)
        for item in value if is_array else [value]:
            text = self._referred(item).text or ""
            self._left -= len(text) + 1
            if self._left < 0:
                raise Fail("Client.Envelope", "the references of the call say more than was sent", field=part.tag)
            yield text

    def _referred(self, element: etree._Element) -> etree._Element:
        """What ``href`` points to, beside the call (SOAP 1.1, 5.2.1). One step and no further, so that nothing goes round."""
        href = element.get("href")
        if href is None:
            return element
        if self._independent is None:
            raise Fail("Client.Envelope", "a reference in a document/literal call", field=element.tag)
        target = self._independent.get(href.removeprefix("#")) if href.startswith("#") else None
        if target is None or target.get("href") is not None:
            raise Fail("Client.Envelope", f"the reference {href!r} leads to no value in the Body", field=element.tag)
        return target


class Writer(Soap11):  # type: ignore[misc]
    """Answers, with the prefixes that the vendor's document shows."""

    soap_env = _PREFIX

    def __init__(self, style: Style) -> None:
        super().__init__(cleanup_namespaces=not style.encoded)
        self._style = style

    def namespaces(self) -> dict[str, str]:
        own = {_PREFIX: ENVELOPE, "ns1": self._style.namespace}
        return own | {"xsd": SCHEMA, "xsi": INSTANCE, "SOAP-ENC": ENCODING} if self._style.encoded else own

    def serialize(self, ctx: Any, message: Any) -> None:
        super().serialize(ctx, message)
        if self._style.encoded and ctx.out_error is None:
            ctx.out_document.set(f"{{{ENVELOPE}}}encodingStyle", ENCODING)
            _encode(ctx.out_body_doc[0], as_list=ctx.descriptor.name in self._style.lists)


def _parsed(document: bytes, charset: str | None) -> etree._Element:
    """``charset`` is what the content type says; it wins over the document's own word (RFC 3023)."""
    try:
        parser = etree.XMLParser(
            encoding=charset, resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
        )
        root = etree.fromstring(document, parser)
    except etree.XMLSyntaxError as error:  # its own words quote the document, perhaps a password
        raise Fail("Client.Envelope", f"no well-formed XML from line {error.lineno}, column {error.offset}") from None
    except (LookupError, ValueError) as error:
        raise Fail("Client.Envelope", f"unknown character set {charset!r}", field="Content-Type") from error
    if root.getroottree().docinfo.doctype:
        raise Fail("Client.Doctype")
    return root


def _body(root: etree._Element) -> etree._Element:
    """The Body, with at least one element in it."""
    name = etree.QName(root)
    if name.localname != "Envelope":
        raise Fail("Client.Envelope", f"the root is {name.localname}, not Envelope")
    if name.namespace != ENVELOPE:
        raise Fail("VersionMismatch", f"the envelope's namespace is {name.namespace}")
    for block in root.iterfind(f"{{{ENVELOPE}}}Header/*"):
        if block.get(f"{{{ENVELOPE}}}mustUnderstand") == "1":
            raise Fail("MustUnderstand", f"the header block {etree.QName(block).localname}")
    body = root.find(f"{{{ENVELOPE}}}Body")
    if body is None or not len(body):
        raise Fail("Client.Envelope", "no Body, or nothing in it")
    return body


def _encode(answer: etree._Element, *, as_list: bool) -> None:
    """The repeated ``return`` of document/literal, as one typed string or one array of them."""
    lines = [one.text for one in answer]
    answer[:] = []
    result = etree.SubElement(answer, "return")
    if not as_list:
        result.set(f"{{{INSTANCE}}}type", "xsd:string")
        result.text = "\n".join(lines)
        return
    result.set(f"{{{ENCODING}}}arrayType", f"xsd:string[{len(lines)}]")
    result.set(f"{{{INSTANCE}}}type", "SOAP-ENC:Array")
    for line in lines:
        item = etree.SubElement(result, "item")
        item.set(f"{{{INSTANCE}}}type", "xsd:string")
        item.text = line
