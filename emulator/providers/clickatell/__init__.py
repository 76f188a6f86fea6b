"""Clickatell HTTP/S API: parameters in, lines of text out, HTTP 200 on errors."""

from emulator.edge.provider import Api, Provider
from emulator.providers.clickatell import callbacks, errors
from emulator.providers.clickatell.parameters import canonical_path
from emulator.providers.clickatell.routes import blueprint

provider = Provider(
    name="clickatell",
    apis=(Api("", blueprint, errors.TABLE, errors.render),),
    message_id=lambda identifier: identifier,  # 32 lower-case hex digits, as ours are
    callbacks=lambda *_: callbacks.CALLBACKS,
    secrets=frozenset({"password", "session_id", "token"}),
    canonical_path=canonical_path,
)
