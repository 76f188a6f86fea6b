"""Whom a refused request wanted to reach."""

import time

import pytest

from emulator.core.journal import Exchange
from emulator.edge.context import EXTENSION

GO4CLIENTS = {"Apikey": "5bf54d157a214f748eede4e4131b874d", "Apisecret": "712968662797"}
SENDMESSAGE = "/go4clients/TelintelSms/api/sms/sendmessage"


@pytest.fixture
def recipients(app):
    """Of the newest exchange."""
    store = app.extensions[EXTENSION].smsc.store
    return lambda: list(next(store.find(Exchange, newest=True)).recipients)


def test_a_request_that_nobody_was_let_in_for_names_its_recipient(client, recipients):
    client.get("/clickatell/http/sendmsg?user=x&password=y&api_id=1&to=2799900001,2799900002&text=Hi")
    assert recipients() == ["+2799900001", "+2799900002"]


@pytest.mark.parametrize("sent", ["abc", "++2799900001", "+abc", "12"])
def test_what_is_no_number_stands_as_it_was_sent(clickatell, recipients, sent):
    assert clickatell.send(to=sent).startswith("ERR: ")
    assert recipients() == [sent]


def test_a_number_that_lacks_its_plus_has_one(clickatell, recipients):
    clickatell.send(to="2799900001", text="")
    assert recipients() == ["+2799900001"]


def test_a_form_names_it(client, recipients):
    client.post("/clickatell/http/sendmsg", data={"to": "2799900001"})
    assert recipients() == ["+2799900001"]


def test_json_names_it_wherever_it_stands(clicksend, recipients):
    clicksend.post("/sms/send", messages=[{"to": "+61411111111"}, {"to": "+61422222222"}])
    assert recipients() == ["+61411111111", "+61422222222"]


@pytest.mark.parametrize("numbers", [["573000000000", 573000000001], "573000000000"])
def test_a_list_of_numbers_names_them(client, recipients, numbers):
    client.post(SENDMESSAGE, headers=GO4CLIENTS, json={"toList": numbers})
    assert recipients()[0] == "+573000000000"


def test_xml_names_it(client, recipients):
    soap = "<s:Envelope><s:Body><ns:sendmsg><to xsi:type='a'><item>2799900001</item><item>27123456789</item></to></ns:sendmsg>"
    client.post("/clickatell/soap/webservice_vs.php", data=soap, content_type="text/xml")
    assert recipients() == ["+2799900001", "+27123456789"]


DEEP = b'{"to":' * 900 + b"1" + b"}" * 900


@pytest.mark.parametrize("body", [b"<to>" * 16_000, b"<" * 60_000, b"<" + b"a" * 60_000, b"[" * 1000 + b"]" * 1000, DEEP])
def test_a_body_made_to_take_long_does_not(client, body):
    begin = time.perf_counter()
    client.post("/skycore/ep/v2/", data=body)
    assert time.perf_counter() - begin < 1


def test_an_element_without_content_names_nobody(client, recipients):
    soap = "<Body><to/><text>Hi</text><to>2799900001</to></Body>"
    client.post("/clickatell/soap/webservice_vs.php", data=soap, content_type="text/xml")
    assert recipients() == ["+2799900001"]


def test_a_request_that_names_nobody_has_no_recipient(clickatell, recipients):
    clickatell("getbalance", session_id="x")
    clickatell.get("/http/getbalance")
    assert recipients() == []
