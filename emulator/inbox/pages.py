"""How every page is made: what surrounds it, what it may load, how it fails."""

import logging
from typing import Any

from flask import Request, render_template, request
from jinja2 import Environment
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound
from werkzeug.wrappers import Response

from emulator import __version__
from emulator.control.errors import TABLE, render
from emulator.core.errors import Reason, Refusal
from emulator.core.message import Message
from emulator.edge.context import runtime, smsc
from emulator.inbox import wording
from emulator.inbox.rows import Arrivals, newest

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_log = logging.getLogger("emulator.inbox")
_HTML = "text/html"
_STATUS = {Reason.NOT_FOUND: 404, Reason.NOT_PERMITTED: 403}


def page(template: str, **facts: Any) -> Response:
    """A page, or a part of one, as HTML."""
    return Response(render_template(template, **facts), mimetype=_HTML)


def wants_page(asking: Request) -> bool:
    """Whether a browser or a page in it asks, and not a program that takes anything or wants JSON."""
    if asking.headers.get("HX-Request"):
        return True
    accepted = asking.accept_mimetypes
    return _HTML in accepted.values() and accepted.quality(_HTML) >= accepted.quality("application/json")


def fragment_wanted() -> str:
    """The id of the part of the page that is to change; empty where the whole page is wanted."""
    return request.headers.get("HX-Target", "") if request.headers.get("HX-Request") else ""


def guarded(response: Response) -> Response:
    """No page runs or loads what is not a file of ours, nor is shown inside another, nor kept by the browser."""
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"  # with none at all, a form without a script has no Origin
    response.headers["Vary"] = "Accept, HX-Request"
    if response.mimetype == _HTML:
        response.headers["Cache-Control"] = "no-store"
    return response


def failed(error: Exception) -> Response:
    """What went wrong, as a page, or to a program as the control API says it; never a traceback."""
    if not wants_page(request):
        fail = TABLE.fail(error)
        return render(fail, TABLE.row(fail))
    status, said = _told(error)
    if status == 500:
        _log.error("%s %s: unexpected error", request.method, request.path, exc_info=error)
    response = page("failure.html", status=status, said=said, **surroundings())
    response.status_code = status
    return response


def lost() -> Response | None:
    """A page for a browser at an address that no program would ask for; elsewhere whose prefix it is answers."""
    error, place = request.routing_exception, request.path.split("/", 2)[1]
    if (
        not isinstance(error, NotFound | MethodNotAllowed)
        or place in {*runtime().providers, "_emulator"}
        or not wants_page(request)
    ):
        return None
    return guarded(failed(NotFound(f"There is no page {request.path}.") if isinstance(error, NotFound) else error))


def surroundings() -> dict[str, Any]:
    """What the frame around every page shows."""
    cursor = f"{runtime().feed.name}-{runtime().feed.number}"
    return {
        "version": __version__,
        "clock": smsc.clock,
        "cursor": cursor,
        "arrivals": Arrivals(0, newest(smsc.store)),
        "total": smsc.store.count(Message),
        "providers": list(runtime().sheets),
        "sheets": runtime().sheets,
    }


def teach(environment: Environment) -> None:
    environment.filters.update(wording.FILTERS)
    environment.globals["hue"] = _hue


def _hue(provider: str) -> int:
    """The number of the provider's colour: no two of the first eight share one."""
    names = list(runtime().sheets)
    return names.index(provider) % 8 if provider in names else 0


def _told(error: Exception) -> tuple[int, str]:
    if isinstance(error, HTTPException):
        said = str(error) if not isinstance(error, NotFound) else (error.description or "")
        return error.code or 500, said
    if isinstance(error, Refusal):
        return _STATUS.get(error.reason, 400), error.detail
    return 500, "This is an error of the emulator itself; the console and /_emulator/crashes tell more."
