"""How tests read with the plugin. They run as they stand: pytest examples

``Shop`` stands for your application; in real life it reads the base URL and the credentials from its settings.
"""

import json
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

from emulator.client import NotReceivedError

PHONE = "+27999000001"


class Shop:
    """Texts by Clickatell."""

    def __init__(self, url, credentials):
        self._url = url
        self._credentials = credentials

    def text(self, to, text, **more):
        query = urlencode({**self._credentials, "to": to.lstrip("+"), "text": text, **more})
        answer = urlopen(f"{self._url}/http/sendmsg?{query}").read().decode()
        if not answer.startswith("ID: "):
            raise RuntimeError(answer)
        return answer.removeprefix("ID: ")

    def send_code(self, to):
        return self.text(to, "Your code is 123-456", callback=3)


@pytest.fixture
def shop(clickatell):
    return Shop(clickatell.url, clickatell.credentials)


def test_a_login_code_is_texted(shop, clickatell):
    shop.send_code(PHONE)
    assert clickatell.wait_for(to=PHONE).codes == ("123456",)


def test_nothing_is_texted_to_anybody_else(shop, clickatell):
    shop.send_code(PHONE)
    clickatell.wait_for_none(to="+27999000002", timeout=0.1)


def test_long_texts_cost_more_than_one_part(shop, clickatell):
    shop.text(PHONE, "x" * 161, concat=2)
    [message] = clickatell.messages()
    assert message.segments == 2
    assert clickatell.balance == 1000 - message.price


@pytest.mark.sms_frozen
def test_the_receipt_comes_when_the_phone_has_the_message(shop, clickatell):
    message_id = shop.send_code(PHONE)
    clickatell.advance(10)
    assert clickatell.receipts[-1].fields["apiMsgId"] == message_id
    assert clickatell.receipts[-1].fields["status"] == "004"  # received by recipient


def test_a_handset_can_answer(shop, clickatell):
    shop.text(PHONE, "Are you well?")
    clickatell.reply("STOP")
    with pytest.raises(RuntimeError, match="ERR: 122"):  # the handset has opted out
        shop.text(PHONE, "Are you sure?")


def test_what_the_application_does_without_credit(shop, clickatell):
    clickatell.fail_next("no_credit")
    with pytest.raises(RuntimeError, match="ERR: 301"):
        shop.send_code(PHONE)
    shop.send_code(PHONE)


def test_what_the_application_does_when_the_provider_is_down(shop, clickatell):
    clickatell.fail_next(503)
    with pytest.raises(HTTPError, match="503"):
        shop.send_code(PHONE)


def test_a_failed_wait_tells_what_came_instead(shop, clickatell):
    shop.text("+27999000002", "Your code is 123-456")
    with pytest.raises(NotReceivedError) as caught:
        clickatell.wait_for(to=PHONE, timeout=0.1)
    assert f"near miss: clickatell sent +27000000000 → +27999000002 'Your code is 123-456'  (not to:{PHONE})" in str(
        caught.value
    )


def test_demo_credentials_work_as_they_stand(sms_emulator):
    body = {"action": "sendsms", "message-text": "Hello", "to": "+10000000001", "from": "00000"}
    request = Request(f"{sms_emulator.url}/skycore/ep/v2/", json.dumps(body).encode(), {"x-api-key": "x" * 31})
    assert json.load(urlopen(request))["status"] == "Success"
    assert [message.text for message in sms_emulator.messages(to="+10000000001")] == ["Hello"]


def test_every_test_begins_with_nothing(sms_emulator):
    assert sms_emulator.messages() == []


def test_two_providers_side_by_side(clickatell, skycore):
    Shop(clickatell.url, clickatell.credentials).send_code(PHONE)
    assert len(clickatell.messages()) == 1
    assert skycore.messages() == []
