"""Go4clients (TelintelSms), first generation: JSON posts, one envelope."""

from emulator.core.ids import numeric
from emulator.edge.provider import Api, Provider
from emulator.providers.go4clients import callbacks, errors, routes

provider = Provider(
    name="go4clients",
    apis=(Api("", routes.blueprint, errors.TABLE, errors.render),),
    message_id=lambda identifier: numeric(identifier, 8),  # as in the delivery receipt's sample: "73139043"
    callbacks=lambda *_: callbacks.CALLBACKS,
    status_words=callbacks.words,
    secrets=frozenset({"apikey", "apisecret", "api_key"}),
    texts=frozenset({"message"}),
    recipients=frozenset({"to", "toList"}),
)
