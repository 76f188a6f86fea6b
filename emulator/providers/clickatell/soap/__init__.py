"""Clickatell SOAP API: the same commands as over HTTP in SOAP 1.1 envelopes. The only room that knows spyne."""

from emulator.providers.clickatell.soap import compat  # noqa: F401, I001  # before anything that imports spyne
from emulator.edge.provider import Api
from emulator.providers.clickatell.soap import errors, routes

api = Api("/soap", routes.blueprint, errors.TABLE, errors.render, routes.ACTIONS, errors.render_status)
