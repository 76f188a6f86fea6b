"""Messages: how they are listed, waited for and shown."""

from typing import Any

from marshmallow import Schema, fields, validate

from emulator.control.schemas.exchanges import RefusalOut
from emulator.control.schemas.values import MAX_LIMIT, Cursor, ErrorOut, Instant, Money
from emulator.control.schemas.webhooks import WebhookOut
from emulator.core import addresses, onetime
from emulator.core.links import absolute, addresses_in, bare
from emulator.core.message import Direction, Link, Message, Status
from emulator.core.segments import Encoding

LONGEST_WAIT = 600  # real seconds

_TEXT = {"type": "string"}
_CODES = (
    "one-time codes of a text that speaks of one in any larger language, best first, without separators: 4 to 8 digits (also "
    "G-123456, 123-456, 12-34-56, 1 2 3 4), 4 to 10 capitals and digits of `code: ...`, `code is ...`, `... is your code`, "
    "what a last line `@example.com #123456` names; without such a word what is all of the text, or all but for when it expires"
)
_MAYBE = {"type": ["string", "null"]}


class ForgetIn(Schema):
    q = fields.String(load_default="", metadata={"description": "what to forget, in the q language; all of it without"})


class WaitIn(Schema):
    q = fields.String(load_default="", metadata={"description": "what to wait for, in the q language"})
    count = fields.Integer(load_default=1, validate=validate.Range(1, MAX_LIMIT))
    timeout = fields.Float(load_default=10.0, validate=validate.Range(0, LONGEST_WAIT), metadata={"description": "seconds"})
    after = Cursor(load_default=None, metadata={"description": "id of the newest message that is too old"})
    none = fields.Boolean(load_default=False, metadata={"description": "wait that no such message comes"})


class ChangesIn(Schema):
    after = Cursor(load_default=None, metadata={"description": "cursor of the answer before"})
    limit = fields.Integer(load_default=200, validate=validate.Range(1, MAX_LIMIT))


class LinkOut(Schema):
    url = fields.String(required=True, metadata={"description": "as the handset shows it"})
    target = fields.String(required=True, metadata={"description": "the address it leads to; opt-out: takes the handset off"})
    local = fields.Function(
        lambda link: f"/{link.provider}/r/{link.key.partition('/')[2]}",
        required=True,
        metadata={**_MAYBE, "description": "where the emulator serves a short link; null of any other address"},
    )
    clicks = fields.Integer(required=True)


class StepOut(Schema):
    status = fields.String(required=True)
    at = Instant(required=True)


class PartOut(Schema):
    text = fields.String(required=True)
    units = fields.Integer(required=True)
    udh = fields.Function(lambda part: part.udh.hex().upper(), required=True, metadata=_TEXT)


class MessageOut(Schema):
    """A captured message.

    Its short ``links`` are handed in beside it, because they live apart.
    """

    id = fields.String(required=True)
    provider = fields.String(required=True)
    account = fields.String(required=True)
    direction = fields.String(required=True, metadata={"enum": [one.value for one in Direction]})
    sender = fields.String(required=True)
    recipient = fields.String(required=True)
    country = fields.Function(lambda message: addresses.country(message.recipient), required=True, metadata=_MAYBE)
    text = fields.Function(lambda message: message.text or message.payload.hex().upper(), required=True, metadata=_TEXT)
    encoding = fields.String(required=True, metadata={"enum": [one.value for one in Encoding]})
    segments = fields.Integer(required=True)
    status = fields.String(required=True, metadata={"enum": [one.value for one in Status]})
    error = fields.String(required=True, allow_none=True)
    price = Money(required=True, metadata=_TEXT)
    currency = fields.String(required=True)
    reference = fields.String(required=True, allow_none=True)
    campaign = fields.String(required=True, allow_none=True)
    provider_message_id = fields.String(required=True)
    created_at = Instant(required=True)
    updated_at = Instant(required=True)
    due_at = Instant(required=True)
    codes = fields.Function(
        lambda message: onetime.codes_in(message.text),
        required=True,
        metadata={"type": "array", "items": _TEXT, "description": _CODES},
    )
    warnings = fields.List(fields.String(), required=True)
    links = fields.List(
        fields.Nested(LinkOut), dump_default=list, metadata={"description": "addresses in the text: short links, then others"}
    )


class MessageDetailOut(MessageOut):
    parts = fields.List(fields.Nested(PartOut), required=True)
    timeline = fields.List(fields.Nested(StepOut), required=True)
    webhooks = fields.List(fields.Nested(WebhookOut), required=True)
    exchange_id = fields.String(required=True, allow_none=True)


class MessagesOut(Schema):
    messages = fields.List(fields.Nested(MessageOut), required=True)
    total = fields.Integer(required=True)
    total_is_exact = fields.Boolean(metadata={"description": "only there when it is false"})
    next_cursor = fields.String(required=True, allow_none=True)


class FoundOut(Schema):
    messages = fields.List(fields.Nested(MessageOut), required=True)


class HeldOut(Schema):
    """Too many calls wait already: come again after Retry-After seconds."""

    waiting = fields.Boolean(required=True)


class NearMissOut(MessageOut):
    missed = fields.List(fields.String(), required=True, metadata={"description": "the terms of q that it fails"})


class RefusedOut(RefusalOut):
    exchange_id = fields.String(required=True)


class WaitedInVainOut(ErrorOut):
    """The time is over, and not enough have matched."""

    messages = fields.List(fields.Nested(MessageOut), required=True, metadata={"description": "those that did match"})
    near_misses = fields.List(fields.Nested(NearMissOut), required=True)
    refusals = fields.List(fields.Nested(RefusedOut), required=True, metadata={"description": "what a provider refused lately"})


class UnwantedOut(ErrorOut):
    """A message matches that should not have come."""

    culprit = fields.Nested(MessageOut, required=True)


class ChangesOut(Schema):
    cursor = fields.String(required=True, metadata={"description": "where to go on from"})
    reload = fields.Boolean(required=True, metadata={"description": "more has changed than is told here: list anew"})
    messages = fields.List(fields.Nested(MessageOut), required=True, metadata={"description": "new or changed, newest first"})
    removed = fields.List(fields.String(), required=True, metadata={"description": "ids of messages that are gone"})
    exchanges = fields.List(fields.String(), required=True, metadata={"description": "ids of new exchanges"})
    webhooks = fields.List(fields.String(), required=True, metadata={"description": "ids of new or changed webhooks"})
    total = fields.Integer(required=True, metadata={"description": "messages there are"})


FORGET_IN, WAIT_IN, CHANGES_IN = ForgetIn(), WaitIn(), ChangesIn()
_MESSAGE_OUT, _LINK_OUT, _STEP_OUT, _PART_OUT = MessageOut(exclude=["links"]), LinkOut(), StepOut(), PartOut()


def message_out(message: Message, links: list[Link]) -> dict[str, Any]:
    addresses = addresses_in(message.text)
    written = {bare(url): url for url in addresses}  # a short link's, too, where the text has a scheme before it
    short = {link.url: {**_LINK_OUT.dump(link), "url": written.get(link.url, link.url)} for link in links}
    plain = [{"url": url, "target": absolute(url), "local": None, "clicks": 0} for url in addresses if bare(url) not in short]
    return {**_MESSAGE_OUT.dump(message), "links": [*short.values(), *plain]}


def message_detail(
    message: Message, links: list[Link], webhooks: list[dict[str, Any]], exchange_id: str | None
) -> dict[str, Any]:
    """With its parts, as they were sent, every step it has taken, and who was told of it."""
    return {
        **message_out(message, links),
        "parts": _PART_OUT.dump(message.segmentation().parts, many=True),
        "timeline": _STEP_OUT.dump([step._asdict() for step in message.timeline], many=True),
        "webhooks": webhooks,
        "exchange_id": exchange_id,
    }
