"""Who is calling: the headers ``Apikey`` and ``Apisecret``; the key may stand in the path too."""

from flask import Request

from emulator.core.accounts import Account, Credentials
from emulator.core.errors import Reason, Refusal
from emulator.edge.context import smsc


def authenticate(request: Request, path_key: str | None = None) -> Account:
    """Raises Refusal: BAD_CREDENTIALS (also for two keys that differ), and what the Smsc raises."""
    key = request.headers.get("Apikey", "") or path_key or ""
    if path_key is not None and path_key != key:
        raise Refusal(Reason.BAD_CREDENTIALS, "the key in the path is another than the Apikey header's", field="apiKey")
    presented = {"api_key": key, "api_secret": request.headers.get("Apisecret", "")}
    return smsc.authenticate("go4clients", Credentials(presented, request.remote_addr))
