"""Short links: who opened them, and how often."""

from collections import defaultdict
from functools import partial

from flask import request
from werkzeug.wrappers import Response

from emulator.core.accounts import Account
from emulator.core.message import OPT_OUT, Link, Message
from emulator.edge.body import json_response
from emulator.edge.context import smsc
from emulator.edge.errors import Fail
from emulator.providers.clicksend.auth import authenticate
from emulator.providers.clicksend.members import is_seen
from emulator.providers.clicksend.paging import number_of, path_asked
from emulator.providers.clicksend.responses import success
from emulator.providers.clicksend.routes.blueprint import v3
from emulator.providers.clicksend.schemas.links import long_url_id, statistics_out, tracking_out

MOST = 100


@v3.get("/short-url/statistics/<source>/<source_id>")
def link_statistics(source: str, source_id: str) -> Response:
    """Clicks by address; ``source`` is sms_campaign with a campaign's id, or quick_sms with a message's."""
    groups = _by_long_url(authenticate(request), source, source_id)
    return success("Here is your result.", [statistics_out(name, links) for name, links in groups.items()])


@v3.get("/short-url/tracking/<long_url_id>")
def link_tracking(long_url_id: str) -> Response:
    """Each recipient's link to one address, and whether it was opened. The answer has no envelope of its own."""
    account = authenticate(request)
    source, _, rest = long_url_id.partition("-")
    links = _by_long_url(account, source, rest.rpartition("-")[0]).get(long_url_id)
    if links is None:
        raise Fail("NOT_FOUND/link", f"no address {long_url_id}", field="long_url_id")
    limit = min(max(number_of("limit", 20), 1), MOST)
    offset = max(number_of("offset", 0), 0)
    rows = [tracking_out(link, smsc.store.get(Message, link.message)) for link in links[offset : offset + limit]]
    page: dict[str, object] = {"total": len(links), "per_page": limit, "current_page_size": len(rows)}
    if offset:
        page["prev_page_url"] = _at(max(offset - limit, 0), limit)
    if offset + limit < len(links):
        page["next_page_url"] = _at(offset + limit, limit)
    return json_response({**page, "data": rows})


def _by_long_url(account: Account, source: str, source_id: str) -> dict[str, list[Link]]:
    """The links of a campaign's messages, or of one message; opt-out links are no short links. Raises Fail."""
    messages = list(smsc.store.find(Message, account=account.id, campaign=source_id))
    messages = messages or list(smsc.store.find(Message, account=account.id, provider_message_id=source_id))
    groups: dict[str, list[Link]] = defaultdict(list)
    for message in filter(partial(is_seen, account), messages):
        for link in smsc.store.find(Link, message=message.id):
            if link.target != OPT_OUT:
                groups[long_url_id(source, source_id, link.target)].append(link)
    if not groups:
        raise Fail("NOT_FOUND/link", f"no short links in {source} {source_id}", field="source_id")
    return groups


def _at(offset: int, limit: int) -> str:
    return f"{path_asked()}?offset={offset}&limit={limit}"
