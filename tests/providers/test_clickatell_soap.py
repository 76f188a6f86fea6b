"""Clickatell SOAP beyond its examples: one product with the HTTP API, seen by everything that sees it."""

import gzip
import json

import pytest
from lxml import etree

from emulator.app import create_app
from emulator.providers.clickatell.soap.operations import DOCUMENT, ENCODED
from soap_calls import CREDENTIALS, ENVELOPE, ClickatellSoap, Fault

WSDLS = {
    "/clickatell/soap/document_literal/webservice": "ClickatellSms",
    "/clickatell/soap/rpc_encoded/webservice": "PushServerWS",
    "/clickatell/soap/webservice_vs.php": "PushServerWS",
    "/clickatell/soap/webservice.php": "PushServerWS",
}
OPERATIONS = [
    *("auth", "ping", "sendmsg", "querymsg", "delmsg", "getbalance", "routecoverage", "si_push", "ind_push", "token_pay"),
    *("startbatch", "senditem", "quicksend", "endbatch", "getmsgcharge"),
]
W = "{http://schemas.xmlsoap.org/wsdl/}"
S = "{http://schemas.xmlsoap.org/wsdl/soap/}"


@pytest.fixture
def fault(control):
    """Adds a rule that must be taken."""

    def fault(effect, **scope):
        answer = control.post("/faults", effect=effect, **scope)
        assert "error" not in answer, answer

    return fault


def described(client, path, host="127.0.0.1:7670", query="wsdl"):
    answer = client.get(f"{path}?{query}", headers={"Host": host})
    assert (answer.status_code, answer.content_type) == (200, "text/xml; charset=utf-8")
    return etree.fromstring(answer.get_data())


def test_a_message_sent_by_soap_is_captured_like_any_other(soap, control):
    [line] = soap("sendmsg", "2799900001", text="Hi", **{"from": "ACME"})
    message = control.newest()
    assert line == f"ID: {message['provider_message_id']}"
    assert (message["text"], message["sender"], message["recipient"]) == ("Hi", "ACME", "+2799900001")


def test_the_operation_and_the_account_are_in_the_exchange(soap, control):
    soap("sendmsg", "2799900001", text="Hi")
    exchange = control.exchange()
    assert (exchange["provider"], exchange["account"], exchange["operation"]) == ("clickatell", "clickatell-demo", "sendmsg")
    assert exchange["messages"] == [control.messages()[0]["id"]]
    assert exchange["refusal"] is None


def test_a_refusal_names_rule_source_and_evidence(soap, control):
    soap("sendmsg", "2799900001", text="x" * 161)
    refusal = control.exchange()["refusal"]
    assert (refusal["code"], refusal["field"], refusal["setting"]) == ("113", "text", "concat")
    assert refusal["source"]
    assert refusal["evidence"] == "documented"


def test_a_number_refused_among_others_is_the_ruling_of_its_request(soap, control):
    lines = soap("sendmsg", "2799900001", "+2799900002", text="Hi")
    assert lines[1] == "ERR: 105, Invalid destination address To: 2799900002"
    assert control.exchange()["refusal"]["code"] == "105"
    assert len(control.exchange()["messages"]) == 1


def test_a_fault_is_ruled_on_with_what_was_wrong(soap, control):
    with pytest.raises(Fault):
        soap("sendfax", text="Hi")
    exchange = control.exchange()
    assert (exchange["refusal"]["code"], exchange["response"]["status"]) == ("Client.Operation", 500)
    assert "sendfax" in exchange["refusal"]["detail"]


def test_no_credential_is_shown(soap, control):
    secrets = [
        "MyUserName",
        "MyPassword",
        "wr<o&ng",
        "wr&lt;o&amp;ng",
        "s3ssion-id",
        "half-a-secret",
        "16-bit-secret",
        "hidden",
    ]
    soap("getbalance")
    soap.plain("getbalance", user="MyUserName", password="wr<o&ng", api_id="123456")
    soap.plain("ping", session_id="s3ssion-id")
    [session] = soap("auth")
    soap.plain("ping", session_id=session.removeprefix("OK: "))
    for broken in (
        "<a><password>half-a-secret",
        '<p:password xsi:type="x" >half-a-secret</b>',
        "<token><![CDATA[half-a-secret]]></c>",
    ):
        with pytest.raises(Fault):
            soap.post(broken)
    soap.post(soap.envelope("getbalance", password="16-bit-secret").encode("utf-16"), content_type="text/xml")
    soap.post(soap.envelope("getbalance", password="@").replace("@", "h&#105;dden"))
    shown = json.dumps(control.get("/exchanges"))
    assert [secret for secret in [*secrets, session.removeprefix("OK: "), "h&#105;dden"] if secret in shown] == []
    assert "getbalance" in shown


@pytest.mark.parametrize(
    "written", ["elsewhere", "else&lt;wh&amp;re", "else>wh&amp;re", "else&gt;wh&amp;re", "else&quot;where"]
)
def test_a_credential_that_stands_beside_the_call_is_not_shown(soap, control, written):
    call = '<n:ping xmlns:n="http://api.clickatell.com/soap/webservice"><session_id href="#s"/></n:ping>'
    value = f'<multiRef id="s">{written}</multiRef>'
    envelope = f'<e:Envelope xmlns:e="{ENVELOPE}"><e:Body>{call}{value}</e:Body></e:Envelope>'
    assert soap.post(envelope, path="/clickatell/soap/webservice_vs") == ["ERR: 003, Session ID expired"]
    assert '<multiRef id="s">***</multiRef>' in control.exchange()["request"]["body"]


def test_what_is_no_credential_is_shown(soap, control):
    soap("sendmsg", "2799900001", text="Hi there")
    body = control.exchange()["request"]["body"]
    assert "<text>Hi there</text>" in body
    assert "<to>2799900001</to>" in body
    assert "<user>***</user>" in body
    assert "<password>***</password>" in body


@pytest.mark.parametrize("path", ["/soap/document_literal/webservice", "/SOAP/Document_Literal/webservice/"])
def test_a_call_reaches_it_by_sub_domain_and_host_name_too(client, soap, path):
    for host in ("clickatell.localhost:7670", "api.clickatell.com"):
        assert soap.post(soap.envelope("ping"), path=path, headers={"Host": host}) == ["ERR: 005, Missing session ID"]


@pytest.mark.parametrize("path", WSDLS)
@pytest.mark.parametrize("query", ["wsdl", "WSDL", "wsdl="])
def test_the_description_names_the_address_the_caller_used(client, path, query):
    for host, asked in (
        ("127.0.0.1:7670", path),
        ("sms:80", path),
        ("clickatell.localhost:7670", path.removeprefix("/clickatell")),
        ("api.clickatell.com", path.removeprefix("/clickatell")),
        ("127.0.0.1:7670", path),
    ):
        [address] = described(client, asked, host, query).iter(f"{S}address")
        assert address.get("location") == f"http://{host.removesuffix(':80')}{asked}"


def test_an_address_is_written_safely(client):
    address = described(client, "/soap/document_literal/webservice", host="api.clickatell.com").find(f".//{S}address")
    assert address.get("location") == "http://api.clickatell.com/soap/document_literal/webservice"
    assert described(client, "/clickatell/soap/webservice", host='a"><b&') is not None


@pytest.mark.parametrize(("path", "name"), WSDLS.items())
def test_the_description_has_the_names_and_the_15_operations_of_the_vendor_s(client, path, name):
    definitions = described(client, path)
    assert definitions.get("name") == definitions.find(f"{W}service").get("name") == name
    for place in ("portType", "binding"):
        found = [operation.get("name").lower() for operation in definitions.findall(f"{W}{place}/{W}operation")]
        assert found == OPERATIONS


def test_every_message_and_type_of_a_description_is_there(client):
    for path in WSDLS:
        definitions = described(client, path)
        messages = {f"tns:{message.get('name')}" for message in definitions.findall(f"{W}message")}
        used = {use.get("message") for use in definitions.find(f"{W}portType").iter() if use.get("message")}
        assert used == messages
        elements = {f"tns:{element.get('name')}" for element in definitions.findall(f"{W}types/*/*")}
        parts = {part.get("element") or part.get("type") for part in definitions.iter(f"{W}part")}
        assert {part for part in parts if part.startswith("tns:")} <= elements


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_operation_needs_a_login(soap, operation):
    [line] = soap.plain(operation)
    assert line == ("ERR: 005, Missing session ID" if operation == "ping" else "ERR: 001, Authentication failed")


@pytest.mark.parametrize("reason", ["no_credit", "throttled", "account_blocked", "internal"])
@pytest.mark.parametrize("scope", [{}, {"operation": "sendmsg"}, {"match": "Hi"}])
def test_a_fault_rule_s_refusal_is_an_answer_for_each_number(soap, control, fault, reason, scope):
    fault({"refuse": reason}, times=2, **scope)
    lines = soap("sendmsg", "2799900001", "2799900002", text="Hi")
    code = {"no_credit": "301", "throttled": "901", "account_blocked": "004", "internal": "901"}[reason]
    assert [line[:8] for line in lines] == [f"ERR: {code}"] * 2
    assert [line[-14:] for line in lines] == ["To: 2799900001", "To: 2799900002"]
    assert (control.exchange()["refusal"]["code"], control.exchange()["operation"]) == (code, "sendmsg")
    assert control.messages() == []


@pytest.mark.parametrize(
    "body",
    [
        "<broken",
        "",
        """<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><nosuch/></e:Body></e:Envelope>""",
    ],
)
def test_a_call_that_does_not_tell_its_operation_is_kept_without_one(client, control, body):
    client.post("/clickatell/soap/document_literal/webservice", data=body)
    assert control.exchange()["operation"] is None


def test_an_unknown_operation_is_none(soap, control):
    with pytest.raises(Fault):
        soap.post(soap.envelope("nosuch"))
    assert control.exchange()["operation"] is None


def test_a_call_that_does_not_tell_its_operation_meets_only_rules_for_all(client, soap, fault):
    fault({"status": 503}, operation="sendmsg", times=1)
    address = "/clickatell/soap/document_literal/webservice"
    assert client.post(address, data="<broken").status_code == 500
    fault({"status": 502}, times=1)
    assert client.post(address, data="<broken").status_code == 502


def test_a_rule_for_an_address_instead_of_an_operation_is_refused(client):
    body = {"effect": {"status": 503}, "operation": "document_literal"}
    answer = client.post("/_emulator/faults", json=body)
    assert (answer.status_code, answer.get_json()["error"]["field"]) == (400, "operation")


def test_a_fault_rule_about_one_operation_leaves_the_others_alone(soap, fault):
    fault({"refuse": "bad_credentials"}, operation="sendmsg")
    assert soap("getbalance") == ["Credit: 1000.000"]
    assert soap("sendmsg", "2799900001", text="Hi") == ["ERR: 001, Authentication failed"]


def test_a_refusal_of_what_is_no_call_is_a_fault(soap, fault):
    fault({"refuse": "throttled"})
    with pytest.raises(Fault, match="901, Internal error") as caught:
        soap.post("no xml")
    assert caught.value.args == ("SOAP-ENV:Server", "901, Internal error", 500)


@pytest.mark.parametrize("status", [500, 503, 404])
def test_a_front_end_s_status_comes_as_a_fault(client, soap, control, fault, status):
    fault({"status": status, "retry_after": 5})
    with pytest.raises(Fault) as caught:
        soap("sendmsg", "2799900001", text="Hi")
    assert caught.value.args[0] == ("SOAP-ENV:Client" if status == 404 else "SOAP-ENV:Server")
    assert caught.value.args[2] == status
    assert "<n:sendmsg" in control.exchange()["request"]["body"]
    assert client.post(soap.document).headers["Retry-After"] == "5"
    assert control.messages() == []


def test_a_fate_is_given_to_a_message_sent_by_soap(soap, control, fault):
    fault({"fate": "undelivered"}, operation="sendmsg", match="to:2799900001")
    soap("sendmsg", "2799900001", "2799900002", text="Hi")
    control.advance(2)
    assert {message["recipient"]: message["status"] for message in control.messages()} == {
        "+2799900001": "undelivered",
        "+2799900002": "delivered",
    }


def test_an_answer_may_be_cut_short_and_garbled(client, soap, control, fault):
    fault({"garble": True}, times=1)
    garbled = client.post(soap.document, data=soap.envelope("ping")).get_data()
    with pytest.raises(etree.XMLSyntaxError):
        etree.fromstring(garbled)
    assert control.exchange()["response"]["body"].encode()[:20] == garbled[:20]


def test_a_bug_is_an_internal_error_and_no_traceback(soap, control, monkeypatch, caplog):
    monkeypatch.setattr("emulator.core.smsc.Smsc.submit", lambda *_, **__: 1 // 0)
    assert soap("sendmsg", "2799900001", text="Hi") == ["ERR: 901, Internal error"]
    assert "ZeroDivisionError" in caplog.text
    assert control.exchange()["refusal"]["code"] == "901"


@pytest.mark.parametrize("scope", [{}, {"operation": "sendmsg"}])
def test_a_bug_in_reading_is_a_fault_and_no_traceback(client, soap, fault, monkeypatch, caplog, scope):
    monkeypatch.setattr("emulator.providers.clickatell.soap.envelope.canonical_name", lambda name: 1 // 0)
    fault({"refuse": "throttled"}, **scope)
    with pytest.raises(Fault) as caught:
        soap("sendmsg", "2799900001", text="Hi")
    assert caught.value.args == ("SOAP-ENV:Server", "901, Internal error", 500)
    assert ("ZeroDivisionError" in caplog.text) == bool(scope)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_another_method_is_a_fault(client, soap, method):
    answer = client.open(soap.document, method=method)
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]
    assert b"faultstring" in answer.get_data()


@pytest.mark.parametrize(
    "path", ["/clickatell/soap", "/clickatell/soap/", "/clickatell/soap/x/y", "/clickatell/soap/webservice/x"]
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_address_without_a_service_is_a_fault(client, path, method):
    answer = client.open(path, method=method)
    assert (answer.status_code, answer.content_type) == (404, "text/xml; charset=utf-8")
    assert b"There is no service at this address" in answer.get_data()


def test_the_http_api_still_answers_in_its_own_dialect(client):
    assert client.get("/clickatell/http/soap").get_data() == b"ERR: 111, Invalid protocol"
    assert client.get("/clickatell/soapy").get_data() == b"ERR: 111, Invalid protocol"


def test_a_compressed_request_is_unpacked(soap):
    packed = gzip.compress(soap.envelope("ping").encode())
    assert soap.post(packed, headers={"Content-Encoding": "gzip"}) == ["ERR: 005, Missing session ID"]


def test_300_numbers_are_sent_to_and_301_are_not(soap, control):
    numbers = [f"2799{number:06}" for number in range(301)]
    assert len(soap("sendmsg", *numbers[:300], text="Hi")) == 300
    assert soap("sendmsg", *numbers, text="Hi") == ["ERR: 101, Invalid or missing parameters"]
    assert len(control.get("/messages?limit=1000")["messages"]) == 300


@pytest.mark.parametrize("path", ["/clickatell/soap/document_literal/webservice", "/clickatell/soap/webservice_vs"])
def test_a_template_s_fields_have_any_name_as_over_http(soap, control, path):
    soap.document, soap.space = path, DOCUMENT.namespace if "literal" in path else ENCODED.namespace
    [batch] = soap("startbatch", template="Hi #name# #field11# #other#")
    soap("senditem", "2799900001", batch_id=batch.removeprefix("ID: "), name="Bob", field11="!")
    assert control.messages()[0]["text"] == "Hi Bob ! #other#"


@pytest.mark.parametrize("style", ["repeated", "listed"])
def test_a_refusal_is_not_repeated_for_more_numbers_than_a_call_may_have(soap, style):
    for count, lines in ((300, 300), (301, 1)):
        numbers = ["1"] * count if style == "repeated" else [",".join("1" * count)]
        answer = soap.plain("sendmsg", *numbers, **{**CREDENTIALS, "user": "nobody"})
        assert len(answer) == lines
        assert {line[:8] for line in answer} == {"ERR: 001"}


@pytest.mark.parametrize("name", ["climsgid", "cliMsgId", "CLIMSGID"])
def test_the_client_s_own_id_is_taken_in_any_case(soap, control, name):
    soap("sendmsg", "2799900001", text="Hi", **{name: "mine1"})
    assert control.messages()[0]["reference"] == "mine1"


def test_a_number_may_be_padded_with_space_where_the_type_is_a_number(soap, control):
    soap("sendmsg", "2799900001", text="03A9", unicode=" 1\n")
    assert control.messages()[0]["text"] == "Ω"


def test_the_answer_has_the_prefixes_of_the_document(client, soap):
    answer = client.post(soap.document, data=soap.envelope("ping")).get_data(as_text=True)
    assert answer.startswith('<?xml version="1.0" encoding="UTF-8"?>\n<SOAP-ENV:Envelope ')
    assert f'xmlns:SOAP-ENV="{ENVELOPE}" xmlns:ns1="{soap.space}"' in answer
    assert "<ns1:pingResponse><return>ERR: 005, Missing session ID</return></ns1:pingResponse>" in answer


def test_two_emulators_in_one_process_do_not_mix(soap, control):
    other = create_app().test_client()
    ClickatellSoap(other)("sendmsg", "2799900001", text="elsewhere")
    assert control.messages() == []
    assert other.get("/_emulator/messages").get_json()["total"] == 1


@pytest.mark.parametrize("name", ["msg_type", "udh", "data", "session_id", "from", "climsgid", "concat", "unicode"])
@pytest.mark.parametrize("path", ["/clickatell/soap/document_literal/webservice", "/clickatell/soap/webservice_vs"])
def test_a_zero_is_as_empty_as_php_says(soap, control, name, path):
    soap.document, soap.space = path, DOCUMENT.namespace if "literal" in path else ENCODED.namespace
    [line] = soap("sendmsg", "2799900001", text="Hi", **{name: "0"})
    assert line.startswith("ID: ")
    message = control.messages()[0]
    assert (message["text"], message["sender"], message["reference"]) == ("Hi", "+27000000000", None)


def test_a_message_may_say_zero(soap, control):
    soap("sendmsg", "2799900001", text="0")
    [batch] = soap("startbatch", template="You have #field1#")
    soap("senditem", "2799900001", batch_id=batch.removeprefix("ID: "), field1="0")
    assert [message["text"] for message in control.messages()] == ["You have 0", "0"]


def test_octets_of_zero_are_octets(soap, control):
    soap("sendmsg", "2799900001", data="00")
    assert control.messages()[0]["encoding"] == "binary"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("<broken", "no well-formed XML from line 1, column 7"),
        ("<a/>", "the root is a, not Envelope"),
        (f'<e:Envelope xmlns:e="{ENVELOPE}"/>', "no Body, or nothing in it"),
    ],
)
def test_a_fault_tells_in_its_detail_why_the_body_was_not_read(client, soap, body, reason):
    fault = etree.fromstring(client.post(soap.document, data=body).get_data())
    assert fault.findtext(".//faultstring") == "The request is not a SOAP 1.1 message"
    assert fault.findtext(".//detail/reason") == reason


def test_a_fault_of_the_header_has_no_detail(client, soap):
    header = '<e:Header><a e:mustUnderstand="1"/></e:Header><e:Body>'
    body = soap.envelope("ping").replace("<e:Body>", header)
    fault = etree.fromstring(client.post(soap.document, data=body).get_data())
    assert fault.findtext(".//faultcode") == "SOAP-ENV:MustUnderstand"
    assert fault.find(".//detail") is None


def test_the_description_names_an_address_whatever_host_a_client_claims(client, soap):
    found = client.get(f"{soap.document}?wsdl", headers={"Host": 'evil"><x a="'})
    address = etree.fromstring(found.get_data()).find(".//{http://schemas.xmlsoap.org/wsdl/soap/}address")
    assert address.get("location") == f"http://localhost:80{soap.document}"
