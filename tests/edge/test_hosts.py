"""Prefix, sub-domain and real host name reach the same provider."""

import pytest

from emulator.edge.hosts import host_name

COMMAND = {"user": "MyUserName", "password": "MyPassword", "api_id": "123456"}


@pytest.mark.parametrize(
    ("host", "path"),
    [
        ("localhost", "/clickatell/http/getbalance"),
        ("clickatell.localhost:7670", "/http/getbalance"),
        ("api.clickatell.com", "/http/getbalance"),
        ("API.Clickatell.com:80", "/http/getbalance"),
        ("clickatell.localhost", "/clickatell/http/getbalance"),
    ],
)
def test_a_provider_is_reached_three_ways(client, host, path):
    answer = client.get(path, query_string=COMMAND, headers={"Host": host})
    assert answer.get_data(as_text=True) == "Credit: 1000.000"


def test_every_path_of_a_provider_host_is_the_provider_s(client):
    answer = client.get("/", headers={"Host": "api.clickatell.com"})
    assert answer.get_data(as_text=True) == "ERR: 111, Invalid protocol"


def test_the_control_api_answers_at_a_provider_s_sub_domain(client):
    assert client.get("/_emulator/health", headers={"Host": "skycore.localhost:7670"}).get_json()["status"] == "ready"


def test_the_journal_keeps_the_path_as_it_was_asked_for(client, control):
    client.get("/HTTP/Ping.php?session_id=1", headers={"Host": "api.clickatell.com"})
    assert control.exchange()["request"]["path"] == "/HTTP/Ping.php?session_id=***"


@pytest.mark.parametrize(
    ("header", "name"),
    [("Example.COM:80", "example.com"), ("[::1]:7670", "::1"), ("::1", "::1"), (" localhost ", "localhost"), ("", "")],
)
def test_the_name_in_a_host_header(header, name):
    assert host_name(header) == name
