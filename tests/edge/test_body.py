"""Bodies of any kind get the dialect's own error, and the server goes on."""

import pytest

from emulator.config import Settings

ODD_BODIES = [
    b"",
    b"{",
    b"null",
    b"[]",
    b'"x"',
    b"\xff\xfe",
    b"\x00" * 50,
    b"[" * 5000,
    b'{"a":' * 2000,
    b'{"to": "\\ud800"}',
    b"NaN",
]


@pytest.mark.parametrize("body", ODD_BODIES, ids=lambda body: repr(body[:12]))
def test_skycore_answers_an_odd_body_in_its_dialect(client, body):
    answer = client.post("/skycore/ep/v2/", headers={"x-api-key": "x" * 31}, data=body)
    assert answer.status_code == 200
    assert answer.get_json()["error-code"] in {"E100", "E108"}


@pytest.mark.parametrize("body", ODD_BODIES, ids=lambda body: repr(body[:12]))
def test_go4clients_answers_an_odd_body_in_its_dialect(client, body):
    headers = {"Apikey": "5bf54d157a214f748eede4e4131b874d", "Apisecret": "712968662797"}
    answer = client.post("/go4clients/TelintelSms/api/sms/send", headers=headers, data=body)
    assert answer.status_code == 400
    assert answer.get_json()["code"] in {"200", "201"}


@pytest.mark.parametrize("body", ODD_BODIES, ids=lambda body: repr(body[:12]))
def test_clickatell_answers_an_odd_body_in_its_dialect(client, body):
    answer = client.post("/clickatell/http/sendmsg", data=body, content_type="application/x-www-form-urlencoded")
    assert answer.get_data(as_text=True) == "ERR: 001, Authentication failed"


@pytest.mark.parametrize("body", ODD_BODIES, ids=lambda body: repr(body[:12]))
def test_the_control_api_answers_an_odd_body_with_its_error(client, body):
    answer = client.post("/_emulator/accounts", data=body)
    assert answer.status_code == 400
    assert set(answer.get_json()["error"]) == {"code", "message", "field"}


class TestSmallBodies:
    @pytest.fixture
    def settings(self) -> Settings:
        return Settings(max_body=2000)

    @pytest.mark.parametrize(
        ("path", "status", "text"),
        [
            ("/skycore/", 200, '"error-code":"E100"'),
            ("/clickatell/http/sendmsg", 200, "ERR: 100, Data malformed"),
            ("/go4clients/TelintelSms/api/sms/send", 400, '"code":"200"'),
            ("/_emulator/accounts", 413, '"code":"too_large"'),
        ],
    )
    def test_a_larger_body_is_refused_in_the_dialect(self, client, path, status, text):
        answer = client.post(path, data=b"x" * 2001)
        assert answer.status_code == status
        assert text in answer.get_data(as_text=True)


def test_more_parameters_than_anybody_has_are_refused(client):
    query = "&".join(f"field{number}=x" for number in range(1001))
    answer = client.post("/clickatell/http/sendmsg", data=query, content_type="application/x-www-form-urlencoded")
    assert answer.get_data(as_text=True) == "ERR: 100, Data malformed"
