"""One console line per captured or refused message."""

import logging
from dataclasses import replace

import pytest

from emulator.core.message import Message
from emulator.edge.console import _captured


@pytest.fixture
def lines(caplog):
    caplog.set_level(logging.INFO, "emulator.console")
    return lambda: [record.getMessage() for record in caplog.records if record.name == "emulator.console"]


def test_a_captured_message_is_shown_with_provider_recipient_and_text(skycore, lines):
    skycore.sendsms("Hello")
    assert lines() == ['skycore    sent      +10000000001 <- 00000  "Hello"']


def test_a_refused_message_is_shown_with_code_and_rule(skycore, lines):
    skycore.sendsms(to="12")
    [line] = lines()
    assert line.startswith('skycore    refused   E110 sendsms [to]  "to" is missing, or is not a country code')


def test_line_breaks_of_a_text_do_not_break_the_line(skycore, lines):
    skycore.sendsms("one\ntwo\x1b[31mred")
    assert lines() == ['skycore    sent      +10000000001 <- 00000  "one two [31mred"']


def test_a_sender_cannot_write_lines_of_its_own(app, clickatell, control, lines):
    clickatell.send()
    message = app.extensions["sms-emulator"].smsc.store.get(Message, control.messages()[0]["id"])
    line = _captured(replace(message, sender="A\nB\x1b[31m"))
    assert "<- A B [31m  " in line


def test_many_messages_of_one_request_are_summed_up(clickatell, lines):
    clickatell.send(to=",".join(f"279990000{number:02}" for number in range(20)))
    assert len(lines()) == 6
    assert lines()[-1].endswith("and 15 more of the same request")


def test_a_path_cannot_write_lines_of_its_own(client, lines):
    client.get("/clickatell/http/%0aFAKE%1b[31m")
    [line] = lines()
    assert "\n" not in line
    assert "\x1b" not in line
