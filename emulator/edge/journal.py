"""Keeps every exchange with a provider: what came, what went, whom it concerned, what refused it."""

from collections.abc import Iterator, Mapping
from itertools import islice

from flask import Flask, Request, request
from werkzeug.wrappers import Response

from emulator.core.addresses import canonical_sender, is_msisdn
from emulator.core.journal import KEPT_BODY, KEPT_RECIPIENTS, KEPT_TEXT, Exchange, RefusedMessage
from emulator.core.message import Accepted, Refused
from emulator.edge import console
from emulator.edge.addressees import addressees, said
from emulator.edge.body import kept_body, largest_body, read_body
from emulator.edge.context import Capture, capture, exchange_id, runtime, strike
from emulator.edge.faults import mangle
from emulator.edge.hosts import ASKED_PATH
from emulator.edge.places import Places
from emulator.edge.provider import Provider
from emulator.edge.rendering import ruling

EXCHANGES = "emulator.exchanges"  # in the environ of one who wants to know: a list that takes the ids of what is kept


def install(app: Flask, providers: Mapping[str, Provider], places: Places) -> None:
    """Journal what is below the prefix of a provider; its faults strike once the body is kept, of which ``places`` may wait."""
    told_by_body = {api.blueprint.name for provider in providers.values() for api in provider.apis if api.actions}

    @app.before_request
    def open_capture() -> None:
        provider = providers.get(request.path.split("/", 2)[1])
        if provider is None:
            return
        record = capture()
        record.provider = provider.name
        blueprint, _, view = (request.endpoint or "").rpartition(".")
        if blueprint not in told_by_body:  # such a call may never tell: then it has none
            record.operation = view or None
        record.secrets += [str(value) for name, value in (request.view_args or {}).items() if name in provider.secrets]

    @app.before_request
    def keep_body() -> None:
        largest = largest_body(app.view_functions.get(request.endpoint or ""))
        if largest is not None:
            request.max_content_length = largest
        read_body(request, places)

    @app.before_request
    def apply_faults() -> None:
        if capture().provider is not None:
            strike()

    @app.after_request
    def record(response: Response) -> Response:
        record = capture()
        if record.provider is not None:
            answer = mangle(response)
            provider = providers[record.provider]
            _read(record, request, provider)
            exchange = _exchange(record, request, response, answer)
            runtime().smsc.store.put(exchange)
            request.environ.get(EXCHANGES, []).append(exchange.id)
            console.report(record, exchange)
        return response


def _read(record: Capture, request: Request, provider: Provider) -> None:
    """Note whom the request wanted to reach, and what of it was refused."""
    named = _named(record, request, provider)
    record.recipients = named or record.recipients[:KEPT_RECIPIENTS]
    if record.ruling is not None:
        record.text = said(request, provider.texts)
    elif refused := list(_refused(record, provider, named)):
        record.refused, record.ruling = refused, refused[0].ruling


def _refused(record: Capture, provider: Provider, named: list[str]) -> Iterator[RefusedMessage]:
    """The first few messages refused of a request that was answered message by message."""
    table = provider.apis[0].errors
    as_sent = named if len(named) == len(record.outcomes) else []
    refused = ((place, outcome) for place, outcome in enumerate(record.outcomes) if isinstance(outcome, Refused))
    for place, outcome in islice(refused, KEPT_RECIPIENTS):
        fail = table.of_message(outcome.refusal)
        recipient = as_sent[place] if as_sent else outcome.submission.recipient
        yield RefusedMessage(recipient, outcome.submission.text[:KEPT_TEXT], ruling(table.row(fail), fail))


def _named(record: Capture, request: Request, provider: Provider) -> list[str]:
    """Whom a refused request wanted to reach; empty where what was read says it as well.

    What is no number stands as the caller has written it, and not as a provider reads it.
    """
    read = record.recipients[:KEPT_RECIPIENTS]
    is_refused = record.ruling is not None or any(isinstance(outcome, Refused) for outcome in record.outcomes)
    if not is_refused or (read and all(map(is_msisdn, read))):
        return []
    return [canonical_sender(one) for one in addressees(request, provider.recipients)]


def _exchange(record: Capture, request: Request, response: Response, answer: bytes) -> Exchange:
    service = runtime().smsc
    query = request.query_string.decode("latin-1")
    sent = kept_body(request) or b""
    return Exchange(
        id=exchange_id(),
        provider=record.provider or "",
        account=record.account,
        operation=record.operation,
        at=service.clock.now(),
        method=request.method,
        path=request.environ.get(ASKED_PATH, request.path) + (f"?{query}" if query else ""),
        request_headers=tuple(request.headers.items()),
        request_body=sent[:KEPT_BODY],
        request_cut=len(sent) > KEPT_BODY or (request.content_length or 0) > len(sent),
        status=response.status_code,
        response_headers=tuple(response.headers.items()),
        response_body=answer[:KEPT_BODY],
        response_cut=len(answer) > KEPT_BODY,
        ruling=record.ruling,
        messages=tuple(outcome.message.id for outcome in record.outcomes if isinstance(outcome, Accepted)),
        secrets=tuple(record.secrets),
        recipients=tuple(record.recipients),
        refused=tuple(record.refused),
        text=record.text,
    )
