"""The control API answers to its own names only, and to no page of another site."""

import pytest

from emulator.config import Settings
from emulator.edge.guard import is_own_host

OWN = [
    "localhost",
    "LOCALHOST:7670",
    "127.0.0.1:7670",
    "[::1]:7670",
    "172.17.0.2:7670",
    "sms",
    "sms.localhost",
    "host.docker.internal",
]
FOREIGN = ["evil.example", "evil.example:7670", "127.0.0.1.evil.example", "localhost.evil.example", "rest.clicksend.com", ""]


@pytest.mark.parametrize("host", OWN)
def test_own_names_pass(host):
    assert is_own_host(host, frozenset())


@pytest.mark.parametrize("host", FOREIGN)
def test_foreign_names_do_not(host):
    assert not is_own_host(host, frozenset())


@pytest.mark.parametrize("path", ["/", "/_emulator/messages", "/_emulator/nothing"])
def test_a_foreign_host_is_403(client, path):
    answer = client.get(path, headers={"Host": "evil.example"})
    assert answer.status_code == 403
    assert answer.get_json()["error"]["code"] == "not_permitted"


def test_a_provider_answers_whatever_the_host(client):
    answer = client.get("/clickatell/http/ping", headers={"Host": "evil.example"})
    assert answer.get_data(as_text=True) == "ERR: 005, Missing session ID"


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "http://evil.example"}, {"Origin": "null"}, {"Origin": "http://localhost:1"}, {"Sec-Fetch-Site": "cross-site"}],
)
def test_a_write_from_another_site_is_403_and_changes_nothing(client, clickatell, control, headers):
    clickatell.send()
    assert client.delete("/_emulator/messages", headers=headers).status_code == 403
    assert len(control.messages()) == 1


def test_a_write_from_our_own_page_passes(client):
    headers = {"Host": "localhost:7670", "Origin": "http://localhost:7670", "Sec-Fetch-Site": "same-origin"}
    assert client.post("/_emulator/reset", headers=headers).status_code == 200


def test_no_answer_allows_another_origin(client):
    for path in ("/", "/_emulator/health", "/clickatell/http/ping"):
        answer = client.get(path, headers={"Origin": "http://evil.example"})
        assert not [name for name in answer.headers.keys() if name.lower().startswith("access-control")]  # noqa: SIM118


class TestAllowedHosts:
    @pytest.fixture
    def settings(self) -> Settings:
        return Settings(allowed_hosts=("sms.example.org",))

    def test_a_name_in_the_setting_passes(self, client):
        assert client.get("/_emulator/health", headers={"Host": "sms.example.org"}).status_code == 200
