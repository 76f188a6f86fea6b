"""ClickSend REST v3: SMS, campaigns, contact lists and what belongs to them."""

import re

from emulator.core.ids import upper_uuid
from emulator.edge.provider import Api, Provider
from emulator.providers.clicksend import callbacks, errors, limits, routes
from emulator.providers.clicksend.composer import CampaignWriter
from emulator.providers.clicksend.rules import Automaton
from emulator.providers.clicksend.statuses import status_words

_SHORT_LINK = re.compile(r"/[0-9A-Za-z]{5}")


def _canonical(path: str) -> str:
    """A short link at its own host is five characters and nothing else."""
    return f"/r{path}" if _SHORT_LINK.fullmatch(path) else path


provider = Provider(
    name="clicksend",
    apis=(Api("", routes.blueprint, errors.TABLE, errors.render, finish=limits.tell),),
    message_id=upper_uuid,
    callbacks=callbacks.ClickSendCallbacks,
    secrets=frozenset({"authorization", "key"}),  # the latter in addresses of the API before this one
    texts=frozenset({"body"}),
    canonical_path=_canonical,
    writer=CampaignWriter,
    status_words=status_words,
    on_reply=Automaton,
)
