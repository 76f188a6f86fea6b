"""How envelopes are read and written: spyne's SOAP 1.1, made safe, and taught rpc/encoded."""

from collections.abc import Iterable
from itertools import islice
from typing import Any

from lxml import etree
from spyne.protocol.soap import Soap11

from emulator.edge.errors import Fail
from emulator.providers.clickatell.parameters import canonical_name, codec_of
from emulator.providers.clickatell.soap.operations import NAMES_ITS_OWN, Style, readable

ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
ENCODING = "http://schemas.xmlsoap.org/soap/encoding/"
SCHEMA = "http://www.w3.org/2001/XMLSchema"
INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"

MOST_ELEMENTS = 50_000
"""Of one message: many times what 300 numbers need, and still read in no time."""

_PREFIX = "SOAP-ENV"


class Reader(Soap11):  # type: ignore[misc]  # spyne has no types
    """Requests. Whatever is no SOAP 1.1 call of ours raises Fail; nothing is expanded, resolved or fetched.

    Before spyne decodes a call it is written anew, as the shortest document/literal one of the same meaning: numbers in one
    list, no attributes. spyne takes a long time for anything else. Parts that the operation does not have are left out; where
    it has names of its own making, they are the context's ``udc``, by name.
    """

    def __init__(self, style: Style) -> None:
        super().__init__(parse_xsi_type=False)
        self._style = style
        self._operations = {style.spelling(operation): operation for operation in style.operations}

    def create_in_document(self, ctx: Any, charset: str | None = None) -> None:
        ctx.in_document = _parsed(b"".join(ctx.in_string), charset)

    def decompose_incoming_envelope(self, ctx: Any, message: Any = Soap11.REQUEST) -> None:  # noqa: ARG002
        call, *beside = _body(ctx.in_document)
        name = etree.QName(call)
        if name.namespace != self._style.namespace:
            raise Fail(
                "Client.Operation",
                f"{name.localname:.60} is in the namespace {name.namespace!s:.100}, not {self._style.namespace}",
            )
        spelt = name.localname
        if spelt.lower() == "routecoverage":  # clients write it in both ways
            spelt = self._style.spelling("routecoverage")
        values = _Values(beside, sum(map(len, ctx.in_string)), encoded=self._style.encoded)
        parts, ctx.udc = self._settle(call, self._operations.get(spelt), values)
        plain = etree.Element(f"{{{name.namespace}}}{spelt}")
        for part, text in parts.items():
            etree.SubElement(plain, part).text = text
        ctx.in_header_doc, ctx.in_body_doc, ctx.method_request_string = None, plain, plain.tag

    def _settle(self, call: etree._Element, operation: str | None, values: "_Values") -> tuple[dict[str, str], dict[str, str]]:
        if operation is None:
            return {}, {}
        names, positions = readable(operation), self._style.positions(operation)
        numbers: list[str] = []
        parts, others = {}, {}
        for part in call:
            local = part.tag.rpartition("}")[2]
            name = positions.get(local) or canonical_name(local)
            if name == "to" and name in names:
                numbers += map(values.plain, values.items(part))
            elif name in names:
                parts[name] = values.plain(part)
            elif operation in NAMES_ITS_OWN:
                others[name] = values.plain(part)
        return parts | ({"to": ",".join(numbers)} if numbers else {}), others


class _Values:
    """What the parts of a call say; ``encoded`` ones may refer to the elements ``beside`` it.

    A reference is short and what it leads to may be long: all of them together say no more than ``most``, the octets sent,
    and are no more than a message has elements.
    """

    def __init__(self, beside: list[etree._Element], most: int, *, encoded: bool) -> None:
        self._independent = {one.get("id"): one for one in beside} if encoded else {}
        self._encoded = encoded
        self._octets_left, self._values_left = most, MOST_ELEMENTS
        if len(self._independent) < len(beside) or None in self._independent:
            raise Fail("Client.Envelope", "more in the Body than one call and the values it refers to")

    def plain(self, part: etree._Element) -> str:
        """The text of a part."""
        value = self._referred(part)
        if value is not part and len(value):
            raise Fail("Client.Envelope", "a reference to what is no plain value", field=_local(part))
        text = value.text or ""
        self._octets_left -= len(text) + 1
        self._values_left -= 1
        if self._octets_left < 0 or self._values_left < 0:
            raise Fail("Client.Envelope", "the references of the call say more than was sent", field=_local(part))
        return text

    def items(self, part: etree._Element) -> Iterable[etree._Element]:
        """Those of an array; anything else is its own only one."""
        value = self._referred(part) if self._encoded else ()
        return value if len(value) else (part,)

    def _referred(self, element: etree._Element) -> etree._Element:
        """What ``href`` points to, beside the call (SOAP 1.1, 5.2.1). One step and no further, so that nothing goes round."""
        href = element.get("href")
        if href is None:
            return element
        if not self._encoded:
            raise Fail("Client.Envelope", "a reference in a document/literal call", field=_local(element))
        target = self._independent.get(href.removeprefix("#")) if href.startswith("#") else None
        if target is None or target.get("href") is not None:
            raise Fail("Client.Envelope", f"the reference {href!r:.60} leads to no value in the Body", field=_local(element))
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
        raise Fail("Client.Envelope", f"unknown character set {charset!r:.60}", field="Content-Type") from error
    described = root.getroottree().docinfo
    if described.doctype:
        raise Fail("Client.Doctype")
    if root.xpath("count(//*)") > MOST_ELEMENTS:
        raise Fail("Client.Envelope", f"more than {MOST_ELEMENTS} elements")
    if codec_of(described.encoding or "utf-8") is None:
        raise Fail("Client.Envelope", f"{described.encoding:.60} is no character set that requests are written in")
    return root


def _body(root: etree._Element) -> etree._Element:
    """The one Body, with at least one element in it."""
    name = etree.QName(root)
    if name.localname != "Envelope":
        raise Fail("Client.Envelope", f"the root is {name.localname:.60}, not Envelope")
    if name.namespace != ENVELOPE:
        raise Fail("VersionMismatch", f"the envelope's namespace is {name.namespace!s:.100}")
    for block in root.iterfind(f"{{{ENVELOPE}}}Header/*"):
        if block.get(f"{{{ENVELOPE}}}mustUnderstand") == "1":
            raise Fail("MustUnderstand", f"the header block {_local(block):.60}")
    bodies = list(islice(root.iterfind(f"{{{ENVELOPE}}}Body"), 2))
    if not bodies or not len(bodies[0]):
        raise Fail("Client.Envelope", "no Body, or nothing in it")
    if len(bodies) > 1:
        raise Fail("Client.Envelope", "more than one Body")
    return bodies[0]


def _local(element: etree._Element) -> str:
    return str(etree.QName(element).localname)


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
