"""Phones: a thread per handset, and a box to answer from it."""

from flask import Blueprint, request
from werkzeug.wrappers import Response

from emulator.core.addresses import canonical_sender
from emulator.core.errors import Reason, Refusal
from emulator.core.search import Query, parse
from emulator.edge.context import runtime, smsc
from emulator.inbox.pages import fragment_wanted, page
from emulator.inbox.threads import PHONES, Thread, phones, thread

blueprint = Blueprint("phones", __name__)


@blueprint.get("/phones")
def listing() -> Response:
    """Every handset that was texted or has texted, by provider."""
    return _page(None, "phones/page.html")


@blueprint.get("/phones/<provider>/<number>")
def phone(provider: str, number: str) -> Response:
    """The conversation with one handset."""
    if provider not in runtime().providers:
        raise Refusal(Reason.NOT_FOUND, f"There is no provider {provider!r}.")
    opened = thread(smsc.store, provider, canonical_sender(number), smsc.terms[provider].default_sender)
    if fragment_wanted() == "detail":
        return page("phones/thread.html", thread=opened, chosen=f"{provider}/{opened.number}", heeds_stop=_heeds_stop(opened))
    return _page(opened, "phones/thread_page.html")


def _heeds_stop(opened: Thread) -> bool:
    """Whether the provider opts handsets out by what they reply."""
    return bool(smsc.terms[opened.provider].opt_out.words)


def _page(opened: Thread | None, template: str) -> Response:
    q, objection = request.args.get("q", ""), ""
    try:
        query = parse(q)
    except Refusal as refusal:
        query, objection = Query(), refusal.detail
    chosen = f"{opened.provider}/{opened.number}" if opened else ""
    listed = phones(smsc.store, query)
    facts = {"q": q, "objection": objection, "phones": listed, "most": PHONES, "thread": opened, "chosen": chosen}
    if opened is not None:
        facts["heeds_stop"] = _heeds_stop(opened)
    parts = {"list": "phones/list.html", "detail": "phones/nothing.html"}
    return page(parts.get(fragment_wanted(), template), **facts)
