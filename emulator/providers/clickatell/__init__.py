"""Clickatell HTTP/S and SOAP API: parameters in, lines of text out, HTTP 200 on errors."""

from emulator.edge.provider import Api, Provider
from emulator.providers.clickatell import callbacks, errors, soap
from emulator.providers.clickatell.auth import SECRETS
from emulator.providers.clickatell.parameters import canonical_path
from emulator.providers.clickatell.responses import status_words
from emulator.providers.clickatell.routes import blueprint
from emulator.providers.clickatell.soap.operations import POSITIONAL_SECRETS

provider = Provider(
    name="clickatell",
    apis=(Api("", blueprint, errors.TABLE, errors.render), soap.api),
    message_id=lambda identifier: identifier,  # 32 lower-case hex digits, as ours are
    callbacks=lambda *_: callbacks.CALLBACKS,
    secrets=SECRETS | POSITIONAL_SECRETS,
    canonical_path=canonical_path,
    status_words=status_words,
)
