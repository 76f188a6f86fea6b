"""The account itself, and the world it sends to."""

from zoneinfo import available_timezones

from flask import request
from werkzeug.wrappers import Response

from emulator.core.addresses import country_names
from emulator.edge.context import sheet, smsc
from emulator.providers.clicksend.auth import authenticate
from emulator.providers.clicksend.responses import currency, success
from emulator.providers.clicksend.routes.blueprint import v3
from emulator.providers.clicksend.schemas.account import account_out
from emulator.providers.clicksend.schemas.wire import unix


@v3.get("/account")
def account() -> Response:
    """The account with its balance. Its API key is shown in clear, as the service shows it."""
    found = authenticate(request)
    signed_up = unix(smsc.clock.now().replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0))
    profile = sheet("clicksend").document["profile"]
    return success("Here's your account.", account_out(found, profile, currency(), signed_up))


@v3.get("/countries")
def countries() -> Response:
    """Every country; no credentials are needed."""
    return success("List of Countries.", [{"code": code, "value": name} for code, name in country_names().items()])


@v3.get("/timezones")
def timezones() -> Response:
    """Every time zone."""
    authenticate(request)
    return success("List of timezones.", sorted(zone for zone in available_timezones() if "/" in zone))
