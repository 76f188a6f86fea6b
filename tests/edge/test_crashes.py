"""Errors that nobody foresaw are kept with their traceback."""

import logging
from decimal import Decimal

import pytest

from emulator.core.pricing import PriceBook
from emulator.edge.crashes import LOGGER, keep_crashes


@pytest.fixture(autouse=True)
def keeper(app):
    kept = keep_crashes(app.extensions["sms-emulator"].smsc)
    yield kept
    logging.getLogger(LOGGER).removeHandler(kept)


@pytest.fixture
def broken(control):
    """Every message to Germany meets a bug."""

    def nonsense(*_):
        return Decimal("NaN")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PriceBook, "price_per_part", nonsense)
        yield


def test_a_request_that_met_one_is_named_with_its_account(skycore, control, broken):
    assert skycore.sendsms()["error-code"] == "E503"
    [crash] = control.get("/crashes")["crashes"]
    assert (crash["where"], crash["account"]) == ("POST /skycore/ep/v2/", "skycore-demo")
    assert "InvalidOperation" in crash["traceback"]
    assert crash["at"] == "2026-01-01T00:00:00Z"


def test_a_refusal_is_none(skycore, control):
    skycore.act("nothing")
    assert control.get("/crashes") == {"crashes": []}


def test_one_outside_of_requests_is_kept_too(control):
    try:
        raise RuntimeError("in the dark")
    except RuntimeError:
        logging.getLogger("emulator.core.smsc").exception("a planned step failed")
    [crash] = control.get("/crashes")["crashes"]
    assert (crash["where"], crash["account"]) == ("a planned step failed", None)
    assert "in the dark" in crash["traceback"]


def test_a_reset_forgets_them(skycore, control, broken):
    skycore.sendsms()
    control.post("/reset")
    assert control.get("/crashes") == {"crashes": []}
