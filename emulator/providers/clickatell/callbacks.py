"""What Clickatell pushes: status callbacks by level, replies; as GET, POST, XML or SOAP."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone
from urllib.parse import quote_from_bytes, quote_plus
from xml.sax.saxutils import escape

from emulator.core.accounts import Account
from emulator.core.message import Link, Message
from emulator.core.webhooks import Call, RetryPlan
from emulator.edge.body import FORM
from emulator.edge.callbacks import digits, with_query
from emulator.providers.clickatell.responses import status_number

_MINUTES = (2, 4, 8, 16, 32, 64, 128)
PLAN = RetryPlan((*(timedelta(minutes=m) for m in _MINUTES), timedelta(days=3)), timeout=10, only_200=False)
INBOUND_PLAN = RetryPlan(tuple(timedelta(minutes=m) for m in (2, 4, 8, 16, 25)), timeout=10, only_200=False)

_INTERMEDIATE = frozenset({"003"})
_ERRORS = frozenset({"005", "007", "009", "010", "012", "014"})
_FINAL = _ERRORS | {"004"}
LEVELS: Mapping[str, frozenset[str]] = {  # a bit mask: 1 intermediate, 2 final, 4 errors (clickatell-overview-http)
    "1": _INTERMEDIATE,
    "2": _FINAL,
    "3": _INTERMEDIATE | _FINAL,
    "4": _ERRORS,
    "5": _INTERMEDIATE | _ERRORS,
    "6": _FINAL,
    "7": _INTERMEDIATE | _FINAL,
}

_INBOUND_ZONE = timezone(timedelta(hours=2))  # replies are stamped in GMT+2
_ENVELOPE = (
    '<?xml version="1.0" encoding="UTF-8"?><SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/" '
    'xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns:tns="{space}"><SOAP-ENV:Body><tns:{name}>{fields}</tns:{name}></SOAP-ENV:Body></SOAP-ENV:Envelope>'
)


class ClickatellCallbacks:
    def receipt(self, account: Account, message: Message) -> Sequence[Call]:
        """A push if the level the message was sent with asks for its status."""
        status = status_number(message)
        url = account.settings["callback_url"]
        if url is None or status not in LEVELS.get(message.options.get("callback", "0"), frozenset()):
            return ()
        fields = {
            "api_id": message.options.get("api_id", ""),
            "apiMsgId": message.provider_message_id,
            "cliMsgId": message.reference or "",
            "timestamp": str(int(message.updated_at.timestamp())),
            "to": digits(message.recipient),
            "from": digits(message.sender),
            "status": status,
            "charge": f"{message.price:.6f}",
        }
        method = account.settings["callback_method"] or "GET"
        if method.startswith("XML"):
            names = ("apiMsgId", "cliMsgId", "timestamp", "to", "from", "charge", "status")
            return (_sent(method, url, {"data": _xml("callback", {name: fields[name] for name in names})}, PLAN),)
        if method.startswith("SOAP"):
            types = {"api_id": "int", "timestamp": "int", "status": "int", "charge": "float"}
            return (_sent(method, url, {"data": _soap("mt_callback", "mt_callback", fields, types)}, PLAN),)
        return (_sent(method, url, fields, PLAN),)

    def inbound(self, account: Account, message: Message) -> Sequence[Call]:
        """One push per part of the reply (Two-Way Technical Guide 1.3)."""
        url = account.settings["inbound_url"]
        if url is None:
            return ()
        method = account.settings["callback_method"] or "GET"
        parts = message.segmentation().parts
        return [_reply(method, url, account, message, part.text, part.udh.hex()) for part in parts]

    def click(self, account: Account, message: Message, link: Link, at: datetime) -> Sequence[Call]:  # noqa: ARG002
        """Clickatell writes no links."""
        return ()


def _reply(method: str, url: str, account: Account, message: Message, text: str, udh: str) -> Call:
    charset = "ISO-8859-1" if _is_latin1(text) else "UTF-16BE"
    fields = {
        "api_id": account.credentials["api_id"],
        "from": digits(message.sender),
        "to": digits(message.recipient),
        "timestamp": f"{message.created_at.astimezone(_INBOUND_ZONE):%Y-%m-%d %H:%M:%S}",
        "text": text,
        "charset": charset,
        "udh": udh,
        "moMsgId": message.provider_message_id,
    }
    headers = {"User-Agent": "Clickatell MO Callback"}
    if method.startswith("XML"):
        names = ("api_id", "moMsgId", "from", "to", "timestamp", "text", "charset", "udh")
        return _sent(method, url, {"data": _xml("clickmo", {name: fields[name] for name in names})}, INBOUND_PLAN, headers)
    if method.startswith("SOAP"):
        names = ("api_id", "from", "to", "timestamp", "charset", "udh", "text", "moMsgId")
        document = _soap("clickatell_mo", "mo_callback", {name: fields[name] for name in names}, {"api_id": "int"})
        return _sent(method, url, {"data": document}, INBOUND_PLAN, headers)
    return _sent(method, url, fields, INBOUND_PLAN, headers, charset)


def _sent(
    method: str,
    url: str,
    fields: Mapping[str, str],
    plan: RetryPlan,
    headers: Mapping[str, str] | None = None,
    charset: str = "utf-8",
) -> Call:
    """``charset`` is how a reply's text is written: its octets, percent-encoded."""
    query = "&".join(
        f"{name}={quote_from_bytes(value.encode(charset), safe='') if name == 'text' else quote_plus(value)}"
        for name, value in fields.items()
    )
    if method.endswith("GET"):
        return Call("GET", with_query(url, query), plan, headers or {})
    return Call("POST", url, plan, {**(headers or {}), "Content-Type": FORM}, query.encode())


def _xml(root: str, fields: Mapping[str, str]) -> str:
    children = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in fields.items())
    return f'<?xml version="1.0"?><{root}>{children}</{root}>'


def _soap(space: str, name: str, fields: Mapping[str, str], types: Mapping[str, str]) -> str:
    """Ids are written in lower case here."""
    children = "".join(
        f'<{key.lower()} xsi:type="xsd:{types.get(key, "string")}">{escape(value)}</{key.lower()}>'
        for key, value in fields.items()
    )
    return _ENVELOPE.format(space=space, name=name, fields=children)


def _is_latin1(text: str) -> bool:
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        return False
    return True


CALLBACKS = ClickatellCallbacks()
