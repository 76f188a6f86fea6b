"""The control API described: as an OpenAPI document, and as a page that needs no network."""

from base64 import b64encode
from hashlib import sha256
from pathlib import Path

from flask import Blueprint, current_app, request
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup
from werkzeug.wrappers import Response

from emulator.control.openapi import describe
from emulator.control.spoken import speaks
from emulator.edge.body import json_response

blueprint = Blueprint("description", __name__)

_PAGES = Path(__file__).parent.parent / "docs"


@blueprint.get("/openapi.json")
@speaks({200: "application/json"})
def openapi() -> Response:
    """This description, as OpenAPI 3.1."""
    return json_response(describe(current_app))


@blueprint.get("/docs")
@speaks({200: "text/html"})
def docs() -> Response:
    """This description, as a page to read; it runs no script and loads nothing."""
    environment = Environment(loader=FileSystemLoader(_PAGES), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters["marked"] = _marked
    style = (_PAGES / "style.css").read_text(encoding="utf-8")
    document = describe(current_app)
    base = request.host_url.rstrip("/")
    page = environment.get_template("page.html").render(document=document, base=base, style=style)
    response = Response(page, mimetype="text/html")
    allowed = f"'sha256-{b64encode(sha256(style.encode()).digest()).decode()}'"
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src {allowed}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return response


def _marked(text: str) -> Markup:
    """What stands between backticks as code."""
    pieces = text.split("`")
    return Markup("").join(Markup("<code>{}</code>").format(one) if place % 2 else one for place, one in enumerate(pieces))
