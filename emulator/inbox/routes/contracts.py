"""Contracts: every documented example, how well it is evidenced, and whether this server keeps to it."""

from typing import Any

from flask import Blueprint, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from emulator.core.faults import FaultRule
from emulator.edge.context import runtime, smsc
from emulator.edge.stage import BusyError
from emulator.fixtures import EVIDENCE, Example, Sheet
from emulator.inbox import ledger
from emulator.inbox.comparison import documented
from emulator.inbox.pages import fragment_wanted, page
from emulator.inbox.rehearsal import Rehearsal, moves_time, rehearse
from emulator.inbox.request_text import request_text, sent_text

blueprint = Blueprint("contracts", __name__)


@blueprint.get("/contracts")
def contracts() -> Response:
    """Every example by provider and endpoint, and the ledger of evidence."""
    sheets = runtime().sheets
    provider, evidence, q = (request.args.get(name, "") for name in ("provider", "evidence", "q"))
    wanted = [sheets[provider]] if provider in sheets else list(sheets.values())
    found = ledger.chapters(wanted, evidence, q)
    template = "contracts/list.html" if fragment_wanted() == "contracts" else "contracts/page.html"
    return page(
        template,
        totals=ledger.totals(sheets),
        levels=EVIDENCE,
        chapters=found,
        provider=provider if provider in sheets else "",
        evidence=evidence if evidence in EVIDENCE else "",
        q=q,
        is_filtered=bool(provider or evidence or q.strip()),
    )


@blueprint.get("/contracts/<provider>/<path:path>")
def contract(provider: str, path: str) -> Response:
    """One example: its request, its answer, where that is written."""
    return _one(*_known(provider, path))


@blueprint.post("/contracts/<provider>/<path:path>")
def run(provider: str, path: str) -> Response:
    """Send it, and lay the answer beside the documented one."""
    sheet, example = _known(provider, path)
    try:
        rehearsal = rehearse(sheet, example)
    except BusyError as error:
        return _one(sheet, example, busy=str(error))
    if fragment_wanted().startswith("verdict-"):
        return page("contracts/verdict.html", rehearsal=rehearsal, example=example)
    return _one(sheet, example, rehearsal=rehearsal)


def _one(sheet: Sheet, example: Example, rehearsal: Rehearsal | None = None, busy: str = "") -> Response:
    wanted = fragment_wanted()
    template = {"result": "contracts/result.html"}.get(wanted, "contracts/one_page.html")
    if busy and wanted.startswith("verdict-"):
        template = "contracts/busy.html"
    facts: dict[str, Any] = {
        "sheet": sheet,
        "example": example,
        "asked": request_text(sheet.name, example.document["request"]),
        "answered": documented(example.document["response"]),
        "firsts": [one for one in sheet.examples if one.path in example.given.get("first", [])],
        "then": example.document.get("then") or [],
        "is_staged": moves_time(sheet, example),
        "faults": smsc.store.count(FaultRule),
        "rehearsal": rehearsal,
        "busy": busy,
        "sent_text": sent_text,
    }
    return page(template, **facts)


def _known(provider: str, path: str) -> tuple[Sheet, Example]:
    sheet = runtime().sheets.get(provider)
    example = next((one for one in sheet.examples if one.path == path), None) if sheet else None
    if sheet is None or example is None:
        raise NotFound(f"There is no example {provider}/{path}.")
    return sheet, example
