"""The report of a session: hostile texts stay texts."""

import json
import re

import pytest

from emulator.app import create_app
from emulator.config import Settings
from emulator.report import Chapter, failures, render, timeline

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>&lt;b&gt; javascript:alert(3) \x00\u202e{{ 7*7 }}"


@pytest.fixture
def settings(tmp_path):
    return Settings(report=tmp_path / "report.html")


@pytest.fixture
def page(app):
    return app.extensions["sms-emulator"].report.page


def test_hostile_texts_are_escaped_everywhere(client, skycore, control, page):
    control.patch("/accounts/skycore-demo", callback_url="http://127.0.0.1:9/<script>")
    skycore.sendsms(HOSTILE[:100])
    client.post("/skycore/", headers={"x-api-key": "x" * 31, "X-Odd": "<script>"}, data=HOSTILE.encode())
    client.get("/clickatell/http/<script>?<img src=x>")
    html = page()
    body = html.partition("<body>")[2]
    assert "alert(1)" in body
    assert re.findall(r"<(?:script|img|a|iframe|form|object|link)\b", html) == []
    assert not re.search(r"\s(?:on\w+|href|src)=[\"'a-z]", re.sub(r"<bdi>.*?</bdi>", "", body, flags=re.DOTALL))
    assert "{{ 7*7 }}"[:6] in body
    assert "\x00" not in html


def test_the_page_forbids_itself_to_load_or_run_anything(page):
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page())[1]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy


def test_no_credential_is_in_it(client, clickatell, page):
    clickatell.send()
    clickatell.get("/http/sendmsg", user="MyUserName", password="wrong-word", api_id="123456", to="2799900001", text="x")
    assert "MyPassword" not in page()
    assert "wrong-word" not in page()


def test_it_tells_messages_timeline_wire_and_failures(clickatell, control, page):
    clickatell.send(to="15005550002", text="never arrives")
    clickatell.send(to="+x", text="refused")
    control.advance(5)
    html = page()
    for word in ("never arrives", "undelivered", "ERR: 105", "Failures", "Timeline", "Wire", "/clickatell/http/sendmsg"):
        assert word in html


def test_what_a_reset_forgets_is_told_too(clickatell, control, page):
    clickatell.send(text="before the reset")
    control.post("/reset")
    clickatell.send(text="after the reset")
    html = page()
    assert "before the reset" in html
    assert "after the reset" in html
    assert "Until reset 1" in html


class TestWithoutReport:
    @pytest.fixture
    def settings(self):
        return Settings()

    def test_a_reset_keeps_nothing(self, clickatell, control, page):
        clickatell.send(text="before the reset")
        control.post("/reset")
        assert "before the reset" not in page()


def test_a_session_without_anything_says_so():
    assert "Nothing happened." in render([], title="x", version="0")


def test_things_are_told_in_the_order_they_happened(clickatell, control, app):
    control.patch("/accounts/clickatell-demo", callback_url="http://127.0.0.1:9/")
    clickatell.send(text="x", callback="3")
    control.advance(1)
    clickatell.send(to="+bad")
    control.advance(5)
    with app.app_context():
        chapter = app.extensions["sms-emulator"].report._present("x", 10)
    assert [line.kind for line in timeline(chapter)][:3] == ["clickatell", "message", "message"]
    assert [line.kind for line in failures(chapter)][-1] == "webhook"
    json.dumps([chapter.messages, chapter.exchanges, chapter.webhooks, chapter.crashes])


def test_crashes_come_first():
    crash = {"at": "2026", "where": "GET /x", "traceback": "Traceback ...", "account": None}
    [line] = failures(Chapter("x", crashes=[crash]))
    assert "Traceback" in line.text
    assert "Traceback" in render([Chapter("x", crashes=[crash])], title="x", version="0")


def test_two_emulators_have_reports_of_their_own(clickatell, page):
    clickatell.send(text="mine")
    other = create_app(Settings())
    assert "mine" not in other.extensions["sms-emulator"].report.page()


@pytest.fixture
def told_of(monkeypatch):
    """How much a report tells at most."""
    return lambda name, most: monkeypatch.setattr(f"emulator.control.report.{name}", most)


def test_it_says_what_it_leaves_out(clickatell, page, told_of):
    told_of("MOST_TOLD", 2)
    for number in range(5):
        clickatell.send(text=f"text {number}")
    html = page()
    assert "3 older messages without a failure are left out" in html
    assert "3 older requests without a failure are left out" in html
    assert "text 2" not in html
    assert html.index("text 3") < html.index("text 4")


def test_nothing_is_left_out_where_nothing_is_said_to_be(clickatell, page):
    clickatell.send()
    assert "left out" not in page()


def test_a_failure_is_told_however_old_it_is(client, clickatell, control, page, told_of):
    told_of("MOST_TOLD", 1)
    control.patch("/accounts/clickatell-demo", callback_url="http://10.255.255.1:9/nobody")
    client.get("/clickatell/http/sendmsg?text=who")
    clickatell.send(to="15005550002", text="never arrives", callback="3")
    control.advance(5)
    for number in range(3):
        clickatell.send(text=f"text {number}")
    html = page()
    assert "ERR: 001" in html
    assert "never arrives" in html
    assert "text 0" not in html


def test_of_more_chapters_than_it_keeps_those_with_failures_are_told(clickatell, control, page, told_of):
    told_of("MOST_CHAPTERS", 1)
    for text in ("first", "second", "third"):
        clickatell.send(text=text)
        control.post("/reset")
    clickatell.send(to="+x", text="refused one")
    clickatell.send(text="beside it")
    control.post("/reset")
    html = page()
    assert "first" in html
    assert "second" not in html
    assert "2 later chapters without a failure are left out" in html
    assert "Until reset 4" in html
    assert "ERR: 105" in html
