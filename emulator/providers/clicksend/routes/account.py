"""The account itself and the numbers it owns."""

from flask import request
from werkzeug.wrappers import Response

from emulator.core.addresses import country, country_names
from emulator.edge.context import sheet, smsc
from emulator.providers.clicksend.auth import authenticate
from emulator.providers.clicksend.paging import Listing, page
from emulator.providers.clicksend.registry import OWN_NUMBERS
from emulator.providers.clicksend.responses import currency, success
from emulator.providers.clicksend.routes.blueprint import v3
from emulator.providers.clicksend.schemas.account import account_out, number_out
from emulator.providers.clicksend.schemas.wire import unix


@v3.get("/account")
def account() -> Response:
    """The account with its balance. Its API key is shown in clear, as the service shows it."""
    found = authenticate(request)
    signed_up = unix(smsc.clock.now().replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0))
    return success("Here's your account.", account_out(found, sheet("clicksend").document["profile"], currency(), signed_up))


@v3.get("/numbers")
def numbers() -> Response:
    """The dedicated numbers of the account: those among its ``senders`` that are not its own."""
    account = authenticate(request)
    own = {row.values["phone_number"] for row in smsc.records.rows(account.id, OWN_NUMBERS)}
    owned = [one for one in account.settings["senders"] or () if country(one) and one not in own]
    listing: Listing[str] = Listing(lambda one: number_out(one, country(one) or "", country_names()))
    return success("Here are you dedicated numbers.", page(listing, owned))
