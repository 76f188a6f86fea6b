"""The world an account sends to: countries, those it has chosen, time zones."""

from typing import Any
from zoneinfo import available_timezones

from flask import request
from werkzeug.wrappers import Response

from emulator.core.accounts import Account
from emulator.core.addresses import country_names
from emulator.core.errors import Reason, Refusal
from emulator.edge.body import json_object
from emulator.edge.context import smsc
from emulator.providers.clicksend.auth import authenticate
from emulator.providers.clicksend.responses import success
from emulator.providers.clicksend.routes.blueprint import v3
from emulator.providers.clicksend.schemas.countries import COUNTRIES_IN, country_out


@v3.get("/countries")
def countries() -> Response:
    """Every country; no credentials are needed."""
    return success("List of Countries.", [{"code": code, "value": name} for code, name in country_names().items()])


@v3.get("/country-list")
def country_list() -> Response:
    """Every country with the number it is chosen by."""
    authenticate(request)
    return success("List of Countries.", _numbered())


@v3.get("/user-countries")
def user_countries() -> Response:
    """The countries the account may send to; all, unless it has chosen."""
    return success("Here are your countries selection.", _chosen(authenticate(request)))


@v3.post("/user-countries")
def choose_countries() -> Response:
    """Send to these countries only, by their numbers in the list; others are COUNTRY_NOT_ENABLED from now on."""
    account = authenticate(request)
    wanted = set(COUNTRIES_IN.load(json_object(request))["ids"])
    codes = [row["code"] for row in _numbered() if row["id"] in wanted]
    if len(codes) < len(wanted):
        raise Refusal(Reason.INVALID_FIELD, "a number that no country has", field="country_list_ids")
    account = smsc.change_settings(account, lambda _: {"enabled_countries": codes})
    return success("Here are your countries selection.", _chosen(account))


@v3.post("/user-countries/agree")
def agree() -> Response:
    """Agree to the rules of the chosen countries; nothing depends on it here."""
    return success("Here are your countries selection.", _chosen(authenticate(request)))


@v3.get("/timezones")
def timezones() -> Response:
    """Every time zone."""
    authenticate(request)
    return success("List of timezones.", sorted(zone for zone in available_timezones() if "/" in zone))


def _numbered() -> list[dict[str, Any]]:
    return [country_out(number, code, name) for number, (code, name) in enumerate(country_names().items(), start=1)]


def _chosen(account: Account) -> list[dict[str, Any]]:
    codes = account.settings["enabled_countries"]
    return [row for row in _numbered() if codes is None or row["code"] in codes]
