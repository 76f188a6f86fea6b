"""Time over the control API."""

import pytest

from emulator.app import create_app
from emulator.config import Settings


def test_advance_by_seconds_fires_what_becomes_due(clickatell, control):
    identifier = clickatell.send().removeprefix("ID: ")
    answer = control.advance(2)
    assert answer["now"] == "2026-01-01T00:00:02Z"
    assert [(event["status"], event["at"]) for event in answer["fired"]] == [("delivered", "2026-01-01T00:00:02Z")]
    assert clickatell("querymsg", apimsgid=identifier) == f"ID: {identifier} Status: 004"


def test_advance_just_short_of_a_step_fires_nothing(clickatell, control):
    clickatell.send()
    assert control.advance(1.999)["fired"] == []


def test_advance_to_the_next_step_goes_no_further(clickatell, control):
    clickatell.send(deliv_time="10")
    first = control.post("/clock/advance", to="next")
    assert (first["now"], first["fired"][0]["status"]) == ("2026-01-01T00:10:00Z", "sent")
    second = control.post("/clock/advance", to="next")
    assert (second["now"], second["fired"][0]["status"]) == ("2026-01-01T00:10:02Z", "delivered")


def test_advance_to_next_with_nothing_planned_stays(control):
    assert control.post("/clock/advance", to="next") == {"now": "2026-01-01T00:00:00Z", "frozen": True, "fired": []}


def cancelled(clickatell, minutes):
    """A message that was to be sent then."""
    identifier = clickatell.send(deliv_time=str(minutes)).removeprefix("ID: ")
    assert clickatell("delmsg", apimsgid=identifier).startswith(f"ID: {identifier} Status:")


def test_the_next_step_is_none_of_a_message_that_was_cancelled(clickatell, control):
    cancelled(clickatell, 10)
    clickatell.send(deliv_time="20")
    advanced = control.post("/clock/advance", to="next")
    assert (advanced["now"], [one["status"] for one in advanced["fired"]]) == ("2026-01-01T00:20:00Z", ["sent"])


def test_where_only_steps_of_what_was_cancelled_are_left_the_clock_stays(clickatell, control):
    cancelled(clickatell, 10)
    assert control.post("/clock/advance", to="next") == {"now": "2026-01-01T00:00:00Z", "frozen": True, "fired": []}


def test_setting_the_clock_forward_fires_what_becomes_due(clickatell, control):
    clickatell.send()
    control.put("/clock", now="2026-01-02T00:00:00Z")
    assert control.messages()[0]["status"] == "delivered"


def test_setting_the_clock_back_fires_nothing_twice(clickatell, control):
    clickatell.send()
    control.advance(60)
    control.put("/clock", now="2025-12-31T00:00:00Z")
    assert control.advance(2 * 86400)["fired"] == []
    assert [step["status"] for step in control.newest()["timeline"]] == ["queued", "sent", "delivered"]


def test_a_running_clock_can_be_frozen_and_released():
    client = create_app().test_client()
    frozen = client.put("/_emulator/clock", json={"frozen": True, "now": "2026-05-01T12:00:00Z"}).get_json()
    assert frozen == {"now": "2026-05-01T12:00:00Z", "frozen": True}
    assert client.get("/_emulator/clock").get_json() == frozen
    released = client.put("/_emulator/clock", json={"frozen": False}).get_json()
    assert released["frozen"] is False
    assert released["now"].startswith("2026-05-01T12:00:0")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/clock/advance", {}),
        ("POST", "/clock/advance", {"seconds": 1, "to": "next"}),
        ("POST", "/clock/advance", {"seconds": -1}),
        ("POST", "/clock/advance", {"seconds": "NaN"}),
        ("POST", "/clock/advance", {"seconds": 1e12}),
        ("POST", "/clock/advance", {"to": "yesterday"}),
        ("POST", "/clock/advance", {"minutes": 1}),
        ("PUT", "/clock", {"now": "noon"}),
        ("PUT", "/clock", {"now": 5}),
        ("PUT", "/clock", {"frozen": "maybe"}),
    ],
)
def test_a_move_that_makes_no_sense_is_400_and_moves_nothing(client, control, method, path, body):
    answer = client.open(f"/_emulator{path}", method=method, json=body)
    assert answer.status_code == 400
    assert control.get("/clock")["now"] == "2026-01-01T00:00:00Z"


class TestManualDelivery:
    @pytest.fixture
    def settings(self) -> Settings:
        return Settings(delivery=None)

    def test_a_message_stays_sent(self, clickatell, control):
        clickatell.send()
        control.advance(20 * 3600)
        assert control.messages()[0]["status"] == "sent"


def test_health_answers_what_it_is(control):
    health = control.get("/health")
    assert health["status"] == "ready"
    assert health["providers"] == ["clickatell", "clicksend", "go4clients", "skycore"]
    assert health["clock"] == {"now": "2026-01-01T00:00:00Z", "frozen": True}
    assert health["store"] == "memory"


def test_the_front_is_a_map_of_everything(client):
    body = client.get("/", headers={"Host": "localhost:7670"}).get_json()
    assert body["providers"]["skycore"]["url"] == "http://localhost:7670/skycore"
    for url in body["control"].values():
        path = url.removeprefix("http://localhost:7670")
        assert client.get(path).status_code in {200, 405}


class TestFewMessages:
    @pytest.fixture
    def settings(self) -> Settings:
        return Settings(max_messages=3)

    def test_the_oldest_are_dropped_and_counted(self, clickatell, control):
        for number in range(5):
            clickatell.send(text=f"text {number}")
        assert [message["text"] for message in control.messages()] == ["text 4", "text 3", "text 2"]
        assert control.get("/health")["messages_dropped"] == 2


def test_time_ends_with_the_calendar(client, control, clickatell):
    assert client.put("/_emulator/clock", json={"now": "9999-12-31T23:59:59Z"}).status_code == 400
    assert client.put("/_emulator/clock", json={"now": "1969-12-31T23:59:59Z"}).status_code == 400
    control.put("/clock", now="9000-01-01T00:00:00Z")
    assert clickatell.send(deliv_time="10080").startswith("ID: ")
    assert client.post("/_emulator/clock/advance", json={"seconds": 60}).status_code == 400
