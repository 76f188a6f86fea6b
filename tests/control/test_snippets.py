"""Exchanges as an HTTPie command and as a Python program: both ask the same once more."""

import json
import os
import shlex
import subprocess
import sys

import pytest
import urllib3

from emulator.control.snippets import httpie_command, requests_program
from emulator.core.journal import Exchange

TEXT = 'it\'s $HOME "5" ✓ \\n'


@pytest.fixture
def written(app, client, control):
    """What the newest exchange is written as."""

    def write(write_as):
        with app.test_request_context():
            exchange = app.extensions["sms-emulator"].smsc.store.get(Exchange, control.exchange()["id"])
            return write_as(exchange, "http://127.0.0.1:7670")

    return write


def test_a_python_program_asks_the_same_of_a_real_server(written, skycore, server_url):
    skycore.sendsms(TEXT, to="+12025550199")
    program = written(requests_program).replace("http://127.0.0.1:7670", server_url)
    assert "x" * 31 not in program
    environment = {**os.environ, "SKYCORE_API_KEY": "x" * 31}
    ended = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert ended.stdout.startswith("200 ")
    found = urllib3.request("GET", f"{server_url}/_emulator/messages", fields={"q": "to:12025550199"}).json()["messages"]
    assert [message["text"] for message in found] == [TEXT]


def test_basic_credentials_are_given_to_requests_as_such(written, client):
    client.get("/clicksend/v3/account", auth=("api-username", "api-password"))
    assert "auth=('api-username', os.environ[\"CLICKSEND_API_KEY\"])," in written(requests_program)


def test_a_body_that_is_no_text_keeps_its_octets_in_python(written, client):
    client.post("/clickatell/http/sendmsg", data=b"\xff\x00'\"\\", headers={"Content-Type": "text/plain"})
    [line] = [line.strip() for line in written(requests_program).splitlines() if line.strip().startswith("data=")]
    assert eval(line.removeprefix("data=").rstrip(",")) == b"\xff\x00'\"\\"


def test_an_httpie_command_names_method_address_headers_and_body(written, skycore):
    skycore.sendsms(TEXT)
    words = shlex.split(written(httpie_command))
    assert words[:3] == ["http", "--path-as-is", "--ignore-stdin"]
    assert json.loads(words[words.index("--raw") + 1])["message-text"] == TEXT
    assert words[words.index("POST") + 1] == "http://127.0.0.1:7670/skycore/ep/v2/"
    assert "X-Api-Key:$SKYCORE_API_KEY" in words
    assert "Content-Type:" in words


def test_basic_credentials_are_given_to_httpie_as_such(written, client):
    client.get("/clicksend/v3/account", auth=("api-username", "api-password"))
    words = shlex.split(written(httpie_command))
    assert words[words.index("-a") + 1] == "api-username:$CLICKSEND_API_KEY"
    assert not [word for word in words if word.lower().startswith("authorization")]


def test_a_body_that_is_no_text_goes_to_httpie_octet_by_octet(written, client):
    client.post("/clickatell/http/sendmsg", data=b"\xff\x00", headers={"Content-Type": "text/plain"})
    command = written(httpie_command)
    printed, _, asked = command.partition(" | ")
    assert subprocess.run(["sh", "-c", printed], capture_output=True, check=True).stdout == b"\xff\x00"
    assert "--ignore-stdin" not in asked
