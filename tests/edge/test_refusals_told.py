"""What is said of a refusal is true of this one."""

import pytest


@pytest.fixture
def refusal(control):
    return lambda: control.exchange()["refusal"]


def test_a_test_number_is_called_one_and_no_setting_is_blamed(clickatell, refusal):
    clickatell.send(to="15005550001")
    assert (refusal()["setting"], "+15005550001 is a test number" in refusal()["detail"]) == (None, True)


def test_an_account_that_is_fated_to_refuse_names_the_setting(clickatell, control, refusal):
    control.patch("/accounts/clickatell-demo", fate="opted_out")
    clickatell.send()
    assert refusal()["setting"] == "fate"


@pytest.mark.parametrize(
    ("provider", "number", "way"), [("clickatell", "27000000000", "any other word"), ("skycore", "00000", "START")]
)
def test_who_opted_out_is_said_to_come_back_by_a_reply(request, control, refusal, provider, number, way):
    control.post("/inbound", provider=provider, **{"from": "12025550143", "to": number, "text": "STOP"})
    sends = {"clickatell": lambda one: one.send(to="12025550143"), "skycore": lambda one: one.sendsms(to="+12025550143")}
    sends[provider](request.getfixturevalue(provider))
    assert refusal()["setting"] is None
    assert f"{way} " in refusal()["detail"]


def test_a_sender_that_no_account_could_own_names_no_setting(clickatell, refusal):
    clickatell.send(**{"from": "12345678901234567"})
    assert (refusal()["code"], refusal()["setting"]) == ("106", None)


def test_a_sender_that_the_account_does_not_own_names_the_list_of_them(clickatell, control, refusal):
    control.patch("/accounts/clickatell-demo", senders=["27000000001"])
    clickatell.send(**{"from": "27000000002"})
    assert (refusal()["code"], refusal()["setting"]) == ("106", "senders")


def test_credentials_that_nobody_has_are_told_how_they_would_be_taken(client, refusal):
    client.get("/clicksend/v3/account", auth=("nobody", "nothing"))
    assert refusal()["setting"] is None
    assert "EMULATOR_AUTH=open" in refusal()["detail"]


def test_a_wrong_password_names_the_account_and_no_setting_that_would_not_help(client, refusal):
    client.get("/clicksend/v3/account", auth=("api-username", "wrong"))
    assert refusal()["setting"] is None
    assert refusal()["detail"] == "clicksend-demo has other credentials"
