"""Go4clients beyond its examples."""

import pytest

HEADERS = {"Apikey": "5bf54d157a214f748eede4e4131b874d", "Apisecret": "712968662797"}


@pytest.fixture
def send(client):
    def send(path="send", **fields):
        return client.post(f"/go4clients/TelintelSms/api/sms/{path}", headers=HEADERS, json=fields)

    return send


def test_the_envelope_has_no_other_key(send):
    assert send(to="573000000000", message="x").get_data() == (
        b'{"code":"000","description":"Success","success":true,"messagePrice":0.011}'
    )


def test_the_price_is_debited(send, control):
    send(to="573000000000", message="x")
    assert control.get("/accounts/go4clients-demo")["balance"] == "999.989"


def test_of_a_refused_mass_send_nothing_is_sent_or_charged(send, control):
    send("sendmessage", toList=["573000000000", "bad"], message="x")
    assert control.messages() == []
    assert control.get("/accounts/go4clients-demo")["balance"] == "1000.00"


def test_a_scheduled_message_leaves_at_its_minute(send, control):
    send(to="573000000000", message="x", startDate="2026-01-01 00:10")
    control.advance(599)
    assert control.messages()[0]["status"] == "scheduled"
    control.advance(1)
    assert control.messages()[0]["status"] == "sent"


def test_a_message_with_a_landing_page_links_to_it(client, send, control):
    send(to="573000000000", message="#Landing_Preview#", landingId="5a33ea8eaf2f9c1d4c7f8b21")
    [link] = control.messages()[0]["links"]
    assert client.get(link["local"]).headers["Location"] == "https://go4clients.com/landing/5a33ea8eaf2f9c1d4c7f8b21"


def test_each_recipient_of_a_mass_send_has_a_link_of_its_own(send, control):
    send(
        "sendmessage",
        toList=["573000000000", "573000000001"],
        message="#Landing_Preview#",
        landingId="5a33ea8eaf2f9c1d4c7f8b21",
    )
    links = {message["links"][0]["url"] for message in control.messages()}
    assert len(links) == 2


@pytest.mark.parametrize(
    "date", ["2026-1-1 10:00", "2026-02-30 10:00", "2026-01-01T10:00", "2026-01-01 25:00", "0001-01-01 00:00 ", "soon"]
)
def test_a_date_in_another_form_is_refused(send, date):
    assert send(to="573000000000", message="x", startDate=date).get_json()["code"] == "206"


def test_the_first_and_last_dates_of_the_calendar_do_no_harm(send):
    assert send(to="573000000000", message="x", startDate="0001-01-01 00:00").status_code in {200, 400}
    assert send(to="573000000000", message="x", startDate="9999-12-31 23:59").status_code in {200, 400}


@pytest.mark.parametrize(
    "destination", ["", "+573000000000", "57 300", "abc", "123456", "1" * 16, "٥٧٣٠٠٠٠٠٠٠٠٠", True, 1.5, ["5"], {}]
)
def test_a_destination_in_another_form_is_refused(send, destination):
    assert send(to=destination, message="x").get_json()["code"] in {"200", "201", "202"}


@pytest.mark.parametrize("sender", ["x" * 300, "ACME", "a\0b", "😀", "12"])
def test_a_sender_that_is_no_number_is_refused(send, sender):
    assert send(to="573000000000", message="x", **{"from": sender}).get_json()["code"] == "205"
