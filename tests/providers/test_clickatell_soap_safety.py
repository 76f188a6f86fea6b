"""What is sent to harm: refused with a fault, nothing expanded, fetched or logged, the process unharmed."""

import gzip
import logging
import resource
import time

import pytest

from emulator.config import Settings
from soap_calls import Fault

DECLARATION = '<?xml version="1.0"?>'
RPC = "/clickatell/soap/webservice_vs"
RPC_SPACE = "http://api.clickatell.com/soap/webservice"
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


@pytest.fixture
def call(soap):
    """Posts a call whose number, or whatever ``old`` is, has been replaced by something evil."""

    def call(new, old="2799900001", doctype=""):
        envelope = soap.envelope("sendmsg", "2799900001", user="u", password="p4ssw0rd", text="Hi")
        return soap.post(f"{DECLARATION}{doctype}{envelope.replace(old, new)}")

    return call


DOCTYPES = {
    "internal entity": ('[<!ENTITY x "2799900001">]', "&x;"),
    "file": ('[<!ENTITY x SYSTEM "file:///etc/hostname">]', "&x;"),
    "parameter entity": ('[<!ENTITY % x SYSTEM "file:///etc/hostname"> %x;]', "1"),
    "external subset": ('SYSTEM "file:///etc/hostname"', "1"),
    "unused": ("", "1"),
    "unused entity": ('[<!ENTITY x "y">]', "1"),
}


@pytest.mark.parametrize("name", DOCTYPES)
def test_a_document_type_is_refused(call, control, name):
    declared, value = DOCTYPES[name]
    with pytest.raises(Fault) as caught:
        call(value, doctype=f"<!DOCTYPE a {declared}>")
    assert caught.value.args[::2] == ("SOAP-ENV:Client", 500)
    assert control.messages() == []


@pytest.mark.parametrize("where", ["element", "attribute"])
def test_a_billion_laughs_are_not_laughed(call, where):
    laughed = "&l9;" if where == "element" else None
    before, begin = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
    with pytest.raises(Fault):
        call(laughed or "<to a='&l9;'>1</to>", doctype=f'<!DOCTYPE a [<!ENTITY l0 "lol">{LAUGHS}]>')
    assert time.perf_counter() - begin < 2
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # KiB


def test_one_long_entity_named_often_is_not_expanded(call):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(Fault):
        call(f"<to a='{'&x;' * 20_000}'>1</to>", doctype=f'<!DOCTYPE a [<!ENTITY x "{"x" * 50_000}">]>')
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000


def test_no_reference_leads_out_of_the_process(call, monkeypatch):
    asked = []
    monkeypatch.setattr("socket.socket.connect", lambda *address: asked.append(address))
    for kind in ('[<!ENTITY x SYSTEM "http://127.0.0.1:9/x">]', 'SYSTEM "http://127.0.0.1:9/x.dtd"'):
        with pytest.raises(Fault):
            call("&x;", doctype=f"<!DOCTYPE a {kind}>")
    assert asked == []


BODIES = {
    "deep": "<a>" * 100_000 + "</a>" * 100_000,
    "zero octets": "\0" * 100,
    "undeclared entity": "<a>&nbsp;</a>",
    "undeclared prefix": "<a:b/>",
    "two roots": "<a/><b/>",
    "half a tag": "<a",
    "html": "<!DOCTYPE html><html><body>x</body></html>",
    "lower case": "<soap-env:envelope xmlns:soap-env='http://schemas.xmlsoap.org/soap/envelope/'/>",
}


@pytest.mark.parametrize("name", BODIES)
def test_what_is_no_envelope_is_a_fault(soap, name):
    with pytest.raises(Fault) as caught:
        soap.post(BODIES[name])
    assert caught.value.args[::2] == ("SOAP-ENV:Client", 500)


@pytest.mark.parametrize(
    "content_type", ["text/xml; charset=nope", "text/xml; charset=hex", "text/xml; charset=utf-16", 'text/xml; charset="é"']
)
def test_a_charset_that_is_none_or_not_the_body_s_is_a_fault(soap, content_type):
    with pytest.raises(Fault):
        soap.post(soap.envelope("ping"), content_type=content_type)


@pytest.mark.parametrize("charset", ["utf-7", "cp037", "utf-32", "ibm850"])
@pytest.mark.parametrize("where", ["Content-Type", "declaration"])
def test_a_charset_that_no_client_writes_is_a_fault(soap, control, charset, where):
    declared = f'<?xml version="1.0" encoding="{charset}"?>' if where == "declaration" else ""
    said = f"; charset={charset}" if where == "Content-Type" else ""
    with pytest.raises(Fault):
        soap.post(f"{declared}{soap.envelope('ping')}".encode(charset), content_type=f"text/xml{said}")
    assert control.exchange()["refusal"]["code"] == "Client.Envelope"


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", "utf-16", "us-ascii", "iso-8859-1", "ISO-8859-15", "windows-1252"])
@pytest.mark.parametrize("where", ["Content-Type", "declaration"])
def test_the_charsets_of_clients_are_read(soap, charset, where):
    declared = f'<?xml version="1.0" encoding="{charset}"?>' if where == "declaration" else ""
    said = f"; charset={charset}" if where == "Content-Type" else ""
    body = f"{declared}{soap.envelope('ping')}".encode(charset)
    assert soap.post(body, content_type=f"text/xml{said}") == ["ERR: 005, Missing session ID"]


@pytest.mark.parametrize(
    "content_type", [None, "", "text/xml", 'text/xml; charset="UTF-8"', "application/octet-stream", "text/xml;charset"]
)
def test_a_content_type_that_says_little_does_not_matter(soap, content_type):
    assert soap.post(soap.envelope("ping"), content_type=content_type) == ["ERR: 005, Missing session ID"]


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16"])
def test_the_body_may_say_its_charset_itself(soap, codec):
    assert soap.post(soap.envelope("ping").encode(codec), content_type="text/xml") == ["ERR: 005, Missing session ID"]


@pytest.mark.parametrize(
    "beside",
    [
        '<m id="a" href="#a"/>',
        '<m id="a" href="#b"/><m id="b" href="#a"/>',
        '<m id="a"><item href="#b"/></m><m id="b" href="#a"/>',
        "",
        '<m id="b"/>',
    ],
)
def test_references_that_go_round_or_nowhere_are_refused(soap, beside):
    call = f'<n:sendmsg xmlns:n="{RPC_SPACE}"><to href="#a"/></n:sendmsg>{beside}'
    envelope = f'<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>{call}</e:Body></e:Envelope>'
    with pytest.raises(Fault):
        soap.post(envelope, path=RPC)


def referring(parts, beside, operation="sendmsg"):
    call = f'<n:{operation} xmlns:n="{RPC_SPACE}">{parts}</n:{operation}>{beside}'
    return f'<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>{call}</e:Body></e:Envelope>'


REPEATED = {
    "one long text as every number": ("<to>" + '<item href="#t"/>' * 50 + "</to>", f'<m id="t">{"1" * 10_000}</m>'),
    "one long text as one part": ('<user href="#t"/>' * 50, f'<m id="t">{"u" * 10_000}</m>'),
    "one array of nothing": ('<to href="#t"/>' * 200, f'<m id="t">{"<i/>" * 200}</m>'),
    "one array of one long text": ('<to href="#t"/>' * 50, f'<m id="t"><i>{"1" * 10_000}</i></m>'),
}


@pytest.mark.parametrize("name", REPEATED)
def test_references_that_say_more_than_was_sent_are_refused(soap, control, name):
    with pytest.raises(Fault):
        soap.post(referring(*REPEATED[name]), path=RPC)
    assert "more than was sent" in control.exchange()["refusal"]["detail"]


LEVELS = "".join(f'<a id="l{level}">' + f'<i href="#l{level + 1}"/>' * 10 + "</a>" for level in range(9)) + '<a id="l9">1</a>'
NESTED = {
    "an array that is its own item": '<a id="l0"><i href="#l0"/></a>',
    "arrays of arrays": LEVELS,
    "a list for an item": '<a id="l0"><i href="#l1"/></a><a id="l1"><i>1</i></a>',
}


@pytest.mark.parametrize("name", NESTED)
def test_an_item_that_leads_to_another_array_is_refused(soap, control, name):
    with pytest.raises(Fault) as caught:
        soap.post(referring('<to href="#l0"/>', NESTED[name]), path=RPC)
    assert caught.value.args == ("SOAP-ENV:Client", "The request is not a SOAP 1.1 message", 500)
    assert control.exchange()["refusal"]["detail"] == "a reference to what is no plain value"


MOST = 2 * 1024 * 1024 - 1000


def filled(template, most=MOST):
    """As many pieces, each with a number of its own, as a body may have."""
    pieces, length = [], 0
    while length < most:
        pieces.append(template.replace("#", str(len(pieces))))
        length += len(pieces[-1])
    return "".join(pieces[:-1])


SLOW = {  # Bodies of 2 MiB: what stands before what is repeated, that, and what stands behind
    "attributes": ("<n:ping", ' a#=""', "/>"),
    "attributes of a part": ("<n:sendmsg><text", ' a#=""', "/></n:sendmsg>"),
    "attributes of a value": ('<n:ping/><a id="a"', ' a#=""', "/>"),
    "namespaces": ("<n:ping", ' xmlns:a#="u#"', "/>"),
    "namespaces above many parts": ("<n:sendmsg", ' xmlns:a#="u#"', f">{'<to>1</to>' * 45_000}</n:sendmsg>"),
    "parts in namespaces": ("<n:sendmsg>", '<a xmlns="u#"/>', "</n:sendmsg>"),
    "unknown parts": ("<n:sendmsg>", "<a#/>", "</n:sendmsg>"),
    "fields": ("<n:senditem>", "<a#/>", "</n:senditem>"),
    "numbers": ("<n:sendmsg>", "<to>1</to>", "</n:sendmsg>"),
    "empty numbers": ("<n:sendmsg>", "<to/>", "</n:sendmsg>"),
    "as many numbers as are read": ("<n:sendmsg>" + "<to>2799900001</to>" * 49_000, " ", "</n:sendmsg>"),
    "items": ("<n:sendmsg><to>", "<i>1</i>", "</to></n:sendmsg>"),
    "one part again and again": ("<n:sendmsg>", "<text/>", "</n:sendmsg>"),
    "values": ("<n:ping/>", '<a id="#"/>', ""),
    "references": ("<n:sendmsg>", '<to href="x"/>', "</n:sendmsg>"),
    "references to one array": (
        "<n:sendmsg>" + '<to href="#x"/>' * 15_000 + '</n:sendmsg><a id="x">' + "<i/>" * 30_000 + "</a>",
        " ",
        "",
    ),
    "calls": ("", "<n:ping/>", ""),
    "nesting": ("<n:sendmsg>", "<a>" * 240 + "</a>" * 240, "</n:sendmsg>"),
    "a long name": ("<n:", "a", "/>"),
    "a long namespace": ('<a xmlns="', "a", '"/>'),
    "a long reference": ('<n:sendmsg><text href="', "a", '"/></n:sendmsg>'),
    "blocks of a header": ("</e:Body><e:Header>", "<e:a/>", "</e:Header><e:Body><n:ping/>"),
}


@pytest.mark.parametrize("path", ["/clickatell/soap/document_literal/webservice", RPC])
@pytest.mark.parametrize("name", SLOW)
def test_nothing_keeps_the_process_busy_for_long(client, soap, control, name, path):
    space = RPC_SPACE if path == RPC else soap.space
    before, repeated, behind = SLOW[name]
    call = before + filled(repeated, MOST - len(before) - len(behind)) + behind
    opened = f'<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:n="{space}"><e:Body>'
    body = f"{opened}{call}</e:Body></e:Envelope>"
    begin = time.process_time()
    answer = client.post(path, data=body.encode(), content_type="text/xml; charset=utf-8")
    assert time.process_time() - begin < 1  # a quarter of it at most; before it was read anew, up to 130
    assert answer.status_code in {200, 500}
    assert len(control.exchange()["refusal"]["detail"]) < 300


def test_300_numbers_are_not_too_many_elements_nor_are_thousands(soap):
    assert soap("sendmsg", *["1"] * 10_000, text="Hi") == ["ERR: 101, Invalid or missing parameters"]


@pytest.mark.parametrize("beside", ["<n:ping/>", "<a/>", "</e:Body><e:Body><n:ping/>"])
@pytest.mark.parametrize("path", ["/clickatell/soap/document_literal/webservice", RPC])
def test_of_two_calls_none_is_ignored_in_silence(soap, beside, path):
    space = RPC_SPACE if path == RPC else soap.space
    call = f'<e:Body><n:ping xmlns:n="{space}"/>{beside}</e:Body>'.replace("<n:ping/>", f'<n:ping xmlns:n="{space}"/>')
    with pytest.raises(Fault, match="is not a SOAP"):
        soap.post(f'<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/">{call}</e:Envelope>', path=path)


def test_references_to_what_is_shorter_than_they_are_may_be_many(soap):
    numbers = "<to>" + '<item href="#t"/>' * 300 + "</to>"
    login = "<user>MyUserName</user><password>MyPassword</password><api_id>123456</api_id><text>Hi</text>"
    lines = soap.post(referring(login + numbers, '<m id="t">2799900001</m>'), path=RPC)
    assert len(lines) == 300
    assert {line[:4] for line in lines} == {"ID: "}


def test_parts_that_the_operation_does_not_have_cost_nothing(soap):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    envelope = referring('<x href="#t"/>' * 500, f'<m id="t">{"x" * 300_000}</m>', "getbalance")
    assert soap.post(envelope, path=RPC) == ["ERR: 001, Authentication failed"]
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # KiB; 150 MB of references


def test_an_array_that_claims_to_be_endless_is_as_long_as_it_is(soap):
    array = (
        '<to xmlns:c="http://schemas.xmlsoap.org/soap/encoding/" c:arrayType="x[999999999]"><item>1</item><item>2</item></to>'
    )
    call = f'<n:sendmsg xmlns:n="{RPC_SPACE}">{array}</n:sendmsg>'
    envelope = f'<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>{call}</e:Body></e:Envelope>'
    assert [line[-5:] for line in soap.post(envelope, path=RPC)] == ["To: 1", "To: 2"]


def test_an_unknown_or_broken_compression_is_a_fault(soap):
    for coding, body in (("br", b"x"), ("gzip", b"x"), ("gzip", gzip.compress(b"<a/>")[:-9]), ("gzip, gzip", b"")):
        with pytest.raises(Fault):
            soap.post(body, headers={"Content-Encoding": coding})


class TestLimits:
    @pytest.fixture
    def settings(self):
        return Settings(max_body=100_000)

    def test_a_body_over_the_limit_is_a_fault(self, soap):
        with pytest.raises(Fault) as caught:
            soap("sendmsg", "2799900001", text="x" * 100_000)
        assert caught.value.args == ("SOAP-ENV:Client", "The request is too large", 413)

    def test_so_is_one_that_unfolds_to_more(self, soap):
        packed = gzip.compress(soap.envelope("sendmsg", "2799900001", text="x" * 50_000_000).encode())
        assert len(packed) < 100_000
        with pytest.raises(Fault, match="too large"):
            soap.post(packed, headers={"Content-Encoding": "gzip"})


def test_nothing_of_a_credential_is_logged(soap, call, caplog):
    with caplog.at_level(logging.DEBUG):
        soap("getbalance")
        for broken in ("<", "&", "</to>", "&p4ssw0rd;"):
            with pytest.raises(Fault):
                call(broken)
        with pytest.raises(Fault):
            call("&x;", doctype='<!DOCTYPE a [<!ENTITY x "y">]>')
        with pytest.raises(Fault):
            soap.plain("sendfax", password="p4ssw0rd")
    assert "p4ssw0rd" not in caplog.text
    assert "MyPassword" not in caplog.text


def test_after_all_of_it_the_service_still_answers(soap, call):
    for body in (*BODIES.values(), b"\xff\xfe", b""):
        with pytest.raises(Fault):
            soap.post(body)
    assert soap("getbalance") == ["Credit: 1000.000"]
