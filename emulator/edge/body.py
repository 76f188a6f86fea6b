"""Request bodies and JSON answers."""

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import parse_qsl

import orjson
from flask import Request
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, ServiceUnavailable
from werkzeug.wrappers import Response

from emulator.core.errors import Reason, Refusal
from emulator.edge.places import Places

FORM = "application/x-www-form-urlencoded"

View = TypeVar("View", bound=Callable[..., Any])

_LARGEST = "largest_body"
_MAX_FIELDS = 1000
_PLACE_SECONDS = 1.0
_DRAINED = 64 * 1024 * 1024  # octets read of a body that is too large, before the connection is cut


def takes_up_to(octets: int) -> Callable[[View], View]:
    """Mark a view whose bodies may be larger than others'."""

    def mark(view: View) -> View:
        setattr(view, _LARGEST, octets)
        return view

    return mark


def largest_body(view: Callable[..., Any] | None) -> int | None:
    """What a view was marked to take; None for any other."""
    found: int | None = getattr(view, _LARGEST, None)
    return found


def read_body(request: Request, places: Places) -> None:
    """Read the body once, so that everybody after finds it kept.

    Clients that announce a body and keep it back may not hold every thread: ``places`` bounds how many are waited for.
    Raises RequestEntityTooLarge, BadRequest for a body that is cut off, ServiceUnavailable when no place gets free.
    """
    if not (request.content_length or request.headers.get("Transfer-Encoding")):
        request.get_data()
        return
    if not places.any.acquire(timeout=_PLACE_SECONDS):
        raise ServiceUnavailable("too many clients keep their bodies back")
    try:
        _read(request)
    finally:
        places.any.release()


def kept_body(request: Request) -> bytes | None:
    """What ``read_body`` has read; None where it could not."""
    return getattr(request, "_cached_data", None)


def _read(request: Request) -> None:
    announced, limit = request.content_length, request.max_content_length
    try:
        body = request.get_data()
        if limit is not None and announced is None and len(body) >= limit:
            raise RequestEntityTooLarge  # Werkzeug cuts a chunked body at the limit without a word
    except RequestEntityTooLarge:
        _drain(request)
        raise
    if announced is not None and len(body) < announced:
        raise BadRequest(f"the body ends after {len(body)} of {announced} octets")


def json_body(request: Request, *, fallback: str | None = None) -> Any:
    """The JSON document sent, whatever its content type says.

    ``fallback`` is the encoding to try when the body is not UTF-8. Raises Refusal(MALFORMED).
    """
    body = request.get_data()
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        if fallback is not None and not _is_utf8(body):
            try:
                return orjson.loads(body.decode(fallback).encode())
            except orjson.JSONDecodeError:
                pass
        raise Refusal(Reason.MALFORMED, f"the body is not JSON: {error}") from error


def json_object(request: Request, *, fallback: str | None = None) -> dict[str, Any]:
    """``json_body``, refusing anything but an object with Refusal(INVALID_FIELD)."""
    document = json_body(request, fallback=fallback)
    if not isinstance(document, dict):
        raise Refusal(Reason.INVALID_FIELD, "the body is JSON, but not an object")
    return document


def form_or_query(request: Request) -> dict[str, bytes]:
    """Parameters of the query and, where the body is form-urlencoded, of the body; the body wins, and of one name the last.

    Values are the octets that were percent-encoded: which characters they mean is the provider's business. Raises
    Refusal(MALFORMED) for more parameters than anybody has.
    """
    pairs = _pairs(request.query_string)
    if request.mimetype == FORM and request.method != "GET":
        pairs += _pairs(request.get_data())
    return dict(pairs)


def json_response(document: Any, status: int = 200) -> Response:
    return Response(orjson.dumps(document), status, mimetype="application/json")


def _drain(request: Request) -> None:
    """Read what is left of a body nobody wants: a client that is still sending would not see the answer."""
    stream, left = request.environ["wsgi.input"], _DRAINED
    while left > 0 and (chunk := stream.read(min(left, 2**16))):
        left -= len(chunk)


def _pairs(encoded: bytes) -> list[tuple[str, bytes]]:
    try:
        pairs = parse_qsl(encoded.decode("latin-1"), keep_blank_values=True, encoding="latin-1", max_num_fields=_MAX_FIELDS)
    except ValueError as error:
        raise Refusal(Reason.MALFORMED, f"more than {_MAX_FIELDS} parameters") from error
    return [(name, value.encode("latin-1")) for name, value in pairs]


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True
