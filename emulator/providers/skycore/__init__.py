"""Skycore, Send SMS API V2: JSON to one URL, ``action`` decides."""

from emulator.core.ids import alphanumeric
from emulator.edge.provider import Api, Provider
from emulator.providers.skycore import callbacks, errors, routes

provider = Provider(
    name="skycore",
    apis=(Api("", routes.blueprint, errors.TABLE, errors.render, routes.ACTIONS),),
    message_id=lambda identifier: alphanumeric(identifier, 12),  # tracking-id: 12 characters in the document's example
    callbacks=lambda *_: callbacks.CALLBACKS,
    status_words=callbacks.words,
    secrets=frozenset({"x-api-key"}),
    texts=frozenset({"message-text"}),
)
