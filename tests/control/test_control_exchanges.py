"""Exchanges taken further: as a curl command, and asked once more."""

import json
import os
import subprocess
from urllib.parse import urlencode, urlsplit

import pytest
import urllib3

KEY = {"x-api-key": "x" * 31}
BODY = {"action": "sendsms", "message-text": 'it\'s $HOME "5" ✓ \\n', "to": "+10000000001", "from": "00000"}


def newest(url, q):
    return urllib3.request("GET", f"{url}/_emulator/exchanges", fields={"limit": "1", "q": q}).json()["exchanges"][0]


def curl_of(url, q):
    return urllib3.request("GET", f"{url}/_emulator/exchanges/{newest(url, q)['id']}/curl").data.decode()


def run(command, **secrets):
    environment = {**os.environ, **secrets}
    return subprocess.run(["sh", "-c", f"{command.strip()} -s"], env=environment, capture_output=True, check=True).stdout


@pytest.fixture
def account(server_url):
    """An account of its own on the shared server."""

    def opened(provider, **wanted):
        body = json.dumps({"provider": provider, **wanted})
        return urllib3.request("POST", f"{server_url}/_emulator/accounts", body=body).json()

    return opened


def test_the_curl_command_asks_the_same(server_url, account):
    mine = account("skycore")
    key = mine["credentials"]["api_key"]
    body = json.dumps(BODY)
    urllib3.request("POST", f"{server_url}/skycore/ep/v2/", headers={"x-api-key": key, "X-Empty": ""}, body=body)
    q = f"account:{mine['id']}"
    first = newest(server_url, q)
    command = curl_of(server_url, q)
    assert key not in command
    assert '"$SKYCORE_API_KEY"' in command
    assert json.loads(run(command, SKYCORE_API_KEY=key))["status"] == "Success"
    again = newest(server_url, q)
    assert again["id"] != first["id"]
    assert again["request"]["body"] == first["request"]["body"]
    assert again["request"]["headers"].get("Content-Type") == first["request"]["headers"].get("Content-Type")


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_secrets_of_urls_and_forms_are_variables(server_url, account, method):
    mine = account("clickatell", credentials={"user": f"with a space {method}", "password": "pass/word & more", "api_id": "77"})
    form = urlencode({**mine["credentials"], "to": "2799900001", "text": "Hi & bye"})
    url, headers = f"{server_url}/clickatell/http/sendmsg", {"Content-Type": "application/x-www-form-urlencoded"}
    if method == "GET":
        urllib3.request("GET", f"{url}?{form}")
    else:
        urllib3.request("POST", url, body=form, headers=headers)
    q = f"account:{mine['id']}"
    command = curl_of(server_url, q)
    assert "pass%2F" not in command
    assert run(command, CLICKATELL_PASSWORD_URLENCODED="pass%2Fword+%26+more").startswith(b"ID: ")
    shown = urllib3.request("GET", f"{server_url}/_emulator/messages", fields={"q": q}).json()["messages"]
    assert [message["text"] for message in shown] == ["Hi & bye"] * 2


def test_a_body_that_is_no_text_keeps_its_octets(server_url, account):
    mine = account("skycore")
    key = mine["credentials"]["api_key"]
    body = bytes(range(256)) + b"'%s\\n@"
    urllib3.request("POST", f"{server_url}/skycore/", headers={"x-api-key": key}, body=body)
    q = "provider:skycore"
    command = curl_of(server_url, q)
    assert command.startswith("printf ")
    run(command, SKYCORE_API_KEY=key, SKYCORE_X_API_KEY=key)
    first, second = urllib3.request("GET", f"{server_url}/_emulator/exchanges", fields={"limit": "2", "q": q}).json()[
        "exchanges"
    ]
    assert first["request"]["body"] == second["request"]["body"]
    lengths = {one["request"]["headers"]["Content-Length"] for one in (first, second)}
    assert lengths == {str(len(body))}


def test_a_request_by_host_name_stays_one(client, control):
    client.get("/http/ping", headers={"Host": "api.clickatell.com"})
    command = client.get(f"/_emulator/exchanges/{control.exchange()['id']}/curl").get_data(as_text=True)
    assert "'http://localhost/http/ping'" in command
    assert "-H 'Host: api.clickatell.com'" in command


def test_basic_credentials_are_given_to_curl_as_such(client, control):
    client.get("/clickatell/http/ping", headers={"Authorization": "Basic YXBpLXVzZXJuYW1lOmFwaS1wYXNzd29yZA=="})
    command = client.get(f"/_emulator/exchanges/{control.exchange()['id']}/curl").get_data(as_text=True)
    assert "-u 'api-username:'\"$CLICKATELL_PASSWORD\"" in command
    assert "YXBp" not in command


def test_a_replay_sends_once_more(client, clickatell, control):
    clickatell.send(text="Hello")
    first = control.exchange()
    again = client.post(f"/_emulator/exchanges/{first['id']}/replay")
    assert again.status_code == 201
    assert again.get_json()["id"] == control.exchange()["id"] != first["id"]
    assert again.get_json()["response"]["body"].startswith("ID: ")
    assert [message["text"] for message in control.messages()] == ["Hello", "Hello"]


def test_a_replay_presents_the_same_credentials_and_octets(client, control):
    client.post("/skycore/ep/v2/", headers=KEY, data=json.dumps(BODY))
    replayed = control.post(f"/exchanges/{control.exchange()['id']}/replay")
    assert json.loads(replayed["response"]["body"])["status"] == "Success"
    assert {message["text"] for message in control.messages()} == {BODY["message-text"]}


def test_a_refused_request_can_be_tried_again_once_the_reason_is_gone(client, control):
    control.patch("/accounts/skycore-demo", balance="0")
    client.post("/skycore/ep/v2/", headers=KEY, data=json.dumps(BODY))
    refused = control.exchange()
    assert refused["refusal"] is not None
    control.patch("/accounts/skycore-demo", balance="10")
    assert control.post(f"/exchanges/{refused['id']}/replay")["refusal"] is None


@pytest.mark.parametrize(("method", "action"), [("GET", "curl"), ("POST", "replay")])
def test_a_body_that_was_cut_can_be_neither(client, control, method, action):
    client.post("/skycore/", headers=KEY, data=b"x" * 70_000)
    answer = client.open(f"/_emulator/exchanges/{control.exchange()['id']}/{action}", method=method)
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (409, "body_cut")
    assert "65536" in answer.get_json()["error"]["message"]


@pytest.mark.parametrize(("method", "action"), [("GET", "curl"), ("POST", "replay")])
def test_an_exchange_that_is_not_there(client, method, action):
    assert client.open(f"/_emulator/exchanges/nosuch/{action}", method=method).status_code == 404


def test_the_address_of_the_command_is_the_one_asked(client, clickatell, control):
    clickatell.send()
    command = client.get(f"/_emulator/exchanges/{control.exchange()['id']}/curl", headers={"Host": "127.0.0.1:7670"})
    url = next(word for word in command.get_data(as_text=True).split() if "http" in word)
    assert urlsplit(url.strip("'")).netloc == "127.0.0.1:7670"
