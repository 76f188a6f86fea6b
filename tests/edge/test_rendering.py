"""One place renders errors, in the dialect of the path."""

import logging

import pytest

from emulator.app import create_app


@pytest.fixture
def broken(client, monkeypatch):
    """The Smsc fails in a way nobody has foreseen."""

    def fail(*_args, **_kwargs):
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr("emulator.core.smsc.Smsc.authenticate", fail)
    return client


SENDS = {
    "clickatell": ("/clickatell/http/sendmsg?user=a&password=b&api_id=1&to=1&text=x", 200, "ERR: 901, Internal error"),
    "skycore": ("/skycore/", 200, '{"status":"Failure","error-code":"E503","error-info":"Internal error."}'),
    "go4clients": (
        "/go4clients/TelintelSms/api/sms/send",
        500,
        '{"code":"900","description":"Internal error","success":false}',
    ),
}


@pytest.mark.parametrize("provider", SENDS)
def test_a_bug_is_answered_as_the_provider_s_internal_error(broken, control, caplog, provider):
    path, status, text = SENDS[provider]
    with caplog.at_level(logging.ERROR):
        answer = broken.post(path, headers={"x-api-key": "k"}, json={})
    assert (answer.status_code, answer.get_data(as_text=True)) == (status, text)
    assert "ZeroDivisionError: a bug" in caplog.text
    assert control.exchange()["refusal"]["detail"] == "ZeroDivisionError('a bug')"


def test_a_bug_in_the_control_api_is_json_without_a_traceback(client, monkeypatch, caplog):
    monkeypatch.setattr("emulator.control.routes.health.clock_out", lambda: 1 // 0)
    answer = client.get("/_emulator/health")
    assert answer.status_code == 500
    assert answer.get_json()["error"]["code"] == "internal"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND"])
@pytest.mark.parametrize("path", ["/clickatell/http/sendmsg", "/skycore/", "/go4clients/TelintelSms/api/sms/send"])
def test_a_wrong_method_is_answered_in_the_dialect(client, method, path):
    answer = client.open(path, method=method)
    assert answer.content_type.startswith(("application/json", "text/html"))
    assert b"<" not in answer.get_data()
    assert "POST" in answer.headers["Allow"]


@pytest.mark.parametrize(
    "path", ["/clickatell//http/sendmsg", "/skycore/x/y/z", "/go4clients", "/clickatell", "/skycore/%00", "/skycore/é"]
)
def test_an_unknown_path_is_answered_in_the_dialect(client, path):
    answer = client.get(path)
    assert b"<" not in answer.get_data()
    assert answer.status_code in {200, 404}
    assert answer.get_data()


def test_an_unknown_path_elsewhere_is_a_control_error(client):
    assert client.get("/nothing").get_json()["error"]["code"] == "unknown_path"


def test_an_unknown_path_or_method_of_the_control_api_is_said_in_words(client):
    for answer in (client.get("/_emulator/nothing"), client.post("/_emulator/clock")):
        assert "/_emulator/docs describes those" in answer.get_json()["error"]["message"]


def test_a_refusal_does_not_carry_the_framework_s_advice_to_browsers(client, control, caplog):
    with caplog.at_level(logging.INFO):
        client.get("/clicksend/v3/nothing")
    refusal = control.exchange()["refusal"]
    assert (refusal["code"], refusal["detail"]) == ("NOT_FOUND/endpoint", "")
    assert "manually" not in caplog.text


def test_a_code_without_a_text_stops_the_start(tmp_path, monkeypatch):
    monkeypatch.setattr("emulator.edge.errors.ErrorTable.codes", lambda _: {"E999"})
    with pytest.raises(Exception, match=r"clickatell/codes\.yaml has no E999"):
        create_app()
