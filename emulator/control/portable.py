"""An exchange as it can be handed out with variables where its secrets stood."""

import re
from collections.abc import Iterator
from dataclasses import replace

from flask import current_app

from emulator.control.secrets import Secrets
from emulator.control.sent import body_sent
from emulator.core.journal import Exchange

_ENCODING = re.compile(r"""(\s*<\?xml\s[^>]{0,100}?)\s{1,9}encoding\s{0,9}=\s{0,9}["'][\w.-]{1,40}["']""")
_CHARSET = re.compile(r"(?i)(charset=[\"']?)[\w.-]+")


def portable(exchange: Exchange) -> Exchange:
    """Octets that are compressed or no ASCII hide the secrets in them: such a body becomes the same text in plain UTF-8.

    One that holds no secret stays as it was sent.
    """
    text = body_sent(exchange, current_app.config["MAX_CONTENT_LENGTH"] + 1)  # what was too much is still too much
    if text == exchange.request_body.decode(errors="replace"):
        return exchange
    text = _ENCODING.sub(r"\1", text, count=1) if _ENCODING.match(text) else text
    headers = tuple(_headers(exchange))
    plain = replace(exchange, request_headers=headers, request_body=text.encode(errors="replace"))
    return plain if any(variable for _, variable in Secrets(plain).pieces(text)) else exchange


def _headers(exchange: Exchange) -> Iterator[tuple[str, str]]:
    for name, value in exchange.request_headers:
        if name.lower() == "content-type":
            yield name, _CHARSET.sub(r"\1utf-8", value)
        elif name.lower() != "content-encoding":
            yield name, value
