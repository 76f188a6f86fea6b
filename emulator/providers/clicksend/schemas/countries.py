"""Countries in and out."""

from typing import Any

from marshmallow import fields

from emulator.providers.clicksend.schemas.wire import FILLED, In, Whole


class CountriesIn(In):
    ids = fields.List(Whole(), data_key="country_list_ids", required=True, validate=FILLED)


COUNTRIES_IN = CountriesIn()


def country_out(number: int, code: str, name: str) -> dict[str, Any]:
    """``id`` is the place in the list of all countries; regions are not known here."""
    return {"id": number, "name": name, "code": code, "region": ""}
