"""The composition root: settings, store, clock, ids, Smsc, the providers found, and Flask around them."""

import importlib
import pkgutil
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from flask import Flask, request

import emulator.providers
from emulator.config import Settings
from emulator.control import control
from emulator.control.report import Report
from emulator.control.routes.campaigns import CampaignId
from emulator.core.accounts import Account, Session
from emulator.core.campaigns import Campaign
from emulator.core.changes import Feed
from emulator.core.clock import Clock, ManualClock, SystemClock
from emulator.core.contacts import Contact, ContactList
from emulator.core.errors import Refusal
from emulator.core.faults import FaultRule, Faults
from emulator.core.ids import IdSource
from emulator.core.journal import Exchange
from emulator.core.message import Message, Status
from emulator.core.optouts import OptOut, OptOutRules
from emulator.core.pricing import PriceBook
from emulator.core.records import Record
from emulator.core.store import Store
from emulator.core.tallies import Tally
from emulator.core.terms import Terms
from emulator.core.webhooks import WebhookCall
from emulator.delivery.dispatcher import Dispatcher
from emulator.delivery.transport import Gate, ThreadTransport, Transport
from emulator.delivery.worker import Worker
from emulator.edge import guard, journal, links, rendering
from emulator.edge.context import EXTENSION, Runtime, WatchedSmsc, runtime
from emulator.edge.crashes import Crash
from emulator.edge.faults import FaultLine
from emulator.edge.hosts import HostRouter
from emulator.edge.places import Places
from emulator.edge.provider import Provider
from emulator.edge.registrar import Origin, Registrar
from emulator.edge.rules import QuickRule
from emulator.edge.stage import Stage
from emulator.fixtures import Sheet, load_sheet
from emulator.inbox import install as install_inbox
from emulator.snapshot import SnapshotDesk
from emulator.stores.memory import MemoryStore
from emulator.stores.watched import WatchedStore

KEPT_SESSIONS = 10_000
KEPT_CRASHES = 1_000
KEPT_TALLIES = 10_000
WATCHED = frozenset({Message, Exchange, WebhookCall, Campaign, FaultRule, Clock})


class StartError(Exception):
    """The emulator cannot be put together; the message names what is broken."""


def create_app(
    settings: Settings | None = None,
    *,
    store: Store | None = None,
    clock: Clock | None = None,
    ids: IdSource | None = None,
    transport: Transport | None = None,
) -> Flask:
    """One emulator as a WSGI application. Nothing happens by itself until ``start_worker``. Raises StartError.

    ``transport`` makes the calls to the application that is tested; without one, threads of this process do.
    """
    settings = settings or Settings()
    clock = clock or SystemClock()
    feed = Feed(WATCHED, name=f"{clock.now().timestamp() * 1000:.0f}")
    store = WatchedStore(store or _store(settings), feed)
    places = Places(settings.threads)
    providers = discover()
    sheets = {name: _with_callback_url(load_sheet(name, settings.fixtures), settings) for name in providers}
    for name, provider in providers.items():
        _check_codes(provider, sheets[name])
    smsc = WatchedSmsc(
        store,
        clock,
        ids or IdSource(settings.seed, store.next_number),
        {name: _terms(sheet, providers[name]) for name, sheet in sheets.items()},
        delivery=settings.delivery,
    )
    private_only = settings.callback_targets == "private"
    transport = transport or ThreadTransport(private_only=private_only)
    callbacks = {name: provider.callbacks(store, sheets[name]) for name, provider in providers.items()}
    dispatcher = Dispatcher(store, smsc.clock, smsc.ids, callbacks, transport)
    smsc.outbox = dispatcher
    smsc.faults = FaultLine(Faults(store, clock.now), places)
    registrar = Registrar(smsc, sheets, _user_name)
    registrar.seed()
    if settings.auth == "open":
        smsc.welcome = registrar.welcome
    smsc.on_clock_changed = lambda: feed.note(Clock, "")
    snapshots = SnapshotDesk(smsc, registrar)
    if settings.snapshot is not None and settings.snapshot.exists():
        _load_snapshot(snapshots, settings.snapshot)

    app = Flask(__name__, static_folder=None)
    app.url_rule_class = QuickRule
    app.config.update(MAX_CONTENT_LENGTH=settings.max_body, PROVIDE_AUTOMATIC_OPTIONS=False)
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    app.url_map.converters["campaign"] = CampaignId
    app.extensions[EXTENSION] = Runtime(
        smsc=smsc,
        registrar=registrar,
        dispatcher=dispatcher,
        faults=smsc.faults,
        providers=providers,
        sheets=sheets,
        store_name=settings.store,
        feed=feed,
        places=places,
        snapshots=snapshots,
        report=Report(app, is_wanted=settings.report is not None),
        stage=Stage(lambda: create_app(Settings(fixtures=settings.fixtures, quiet=True), clock=ManualClock())),
        fetch=Gate(private_only=private_only).fetch,
        allowed_hosts=frozenset(settings.allowed_hosts),
        is_quiet=settings.quiet,
    )
    _mount(app, providers, places)
    app.wsgi_app = HostRouter(  # type: ignore[method-assign]  # the documented way to wrap a Flask application
        app.wsgi_app, providers.values(), {name: sheet.hosts for name, sheet in sheets.items()}
    )
    return app


def start_worker(app: Flask) -> Worker:
    """Let planned steps of ``app`` happen as its clock runs."""
    running: Runtime = app.extensions[EXTENSION]
    smsc = running.smsc
    worker = Worker(smsc)
    smsc.on_planned = running.dispatcher.on_planned = worker.planned
    note = smsc.on_clock_changed

    def clock_changed() -> None:
        note()
        worker.wake()

    smsc.on_clock_changed = clock_changed
    worker.start()
    return worker


def discover() -> dict[str, Provider]:
    """Every sub-package of ``emulator.providers``, by name. Raises StartError naming one that fails."""
    found = {}
    for module in pkgutil.iter_modules(emulator.providers.__path__):
        try:
            provider = importlib.import_module(f"{emulator.providers.__name__}.{module.name}").provider
        except Exception as error:
            raise StartError(f"the provider {module.name!r} cannot be loaded: {error!r}") from error
        if provider.name != module.name:
            raise StartError(f"the provider in folder {module.name!r} calls itself {provider.name!r}")
        found[module.name] = provider
    return found


def _mount(app: Flask, providers: Mapping[str, Provider], places: Places) -> None:
    apis = {"": control}
    for provider in providers.values():
        app.register_blueprint(links.blueprint_for(provider.name), url_prefix=provider.prefix)
        for api in provider.apis:
            apis[provider.prefix + api.prefix] = api
            app.register_blueprint(api.blueprint, url_prefix=provider.prefix + api.prefix)
    app.register_blueprint(control.blueprint)

    @app.before_request
    def guard_control() -> None:
        if request.path.split("/", 2)[1] not in providers:
            guard.check(request, runtime().allowed_hosts)

    install_inbox(app)  # behind the guard: it answers browsers that lost their way

    journal.install(app, providers, places)
    rendering.finish_answers(app, apis)
    rendering.install(app, apis)


def _with_callback_url(sheet: Sheet, settings: Settings) -> Sheet:
    """The setting ``CALLBACK_URL_<PROVIDER>`` is the default of its accounts' ``callback_url``."""
    url = settings.callback_urls.get(sheet.name)
    return sheet if url is None else sheet.with_default("callback_url", url)


def _check_codes(provider: Provider, sheet: Sheet) -> None:
    """An answer whose text is missing is found now, not by the first caller who gets it."""
    wanted = {code for api in provider.apis for code in api.errors.codes()}
    if missing := sorted(wanted - sheet.codes.keys()):
        raise StartError(f"fixtures/{sheet.name}/codes.yaml has no {', '.join(missing)}")


def _load_snapshot(snapshots: SnapshotDesk, path: Path) -> None:
    try:
        snapshots.read(path)
    except (OSError, Refusal) as error:
        raise StartError(f"the snapshot {path} cannot be loaded: {error}") from error


def _store(settings: Settings) -> Store:
    return MemoryStore(
        {
            Exchange: settings.max_exchanges,
            Session: KEPT_SESSIONS,
            WebhookCall: settings.max_webhooks,
            Crash: KEPT_CRASHES,
            Tally: KEPT_TALLIES,
            **dict.fromkeys((Account, Origin, ContactList, Contact, OptOut, Campaign, Record), None),
        },
        capacity=settings.max_messages,
    )


def _terms(sheet: Sheet, provider: Provider) -> Terms:
    prices = sheet.document["prices"]
    login = next(spec for spec in sheet.credentials if spec.login)
    return Terms(
        prices=PriceBook(
            currency=prices["currency"],
            default=Decimal(prices["default"]),
            by_prefix={str(prefix): Decimal(price) for prefix, price in prices.get("by_prefix", {}).items()},
        ),
        login=login.name,
        login_ignores_case=login.ignore_case,
        default_sender=sheet.document["default_sender"],
        opt_out=_opt_out(sheet.document.get("opt_out", {})),
        refunds=frozenset(Status(status) for status in prices["refunds"]),
        message_id=provider.message_id,
        writer=None if provider.writer is None else provider.writer(sheet),
        most_recipients=sheet.document.get("most_recipients"),
        on_reply=provider.on_reply(sheet),
    )


def _opt_out(row: Mapping[str, Any]) -> OptOutRules:
    back = row.get("back", [])
    return OptOutRules(
        words=frozenset(row.get("words", [])),
        every_words=frozenset(row.get("every_words", [])),
        back=None if back == "any" else frozenset(back),
        of_every_sender=row.get("of_every_sender", False),
    )


def _user_name(seed: str) -> str:
    from emulator.people import user_name  # noqa: PLC0415  # Faker takes 70 ms to import, and most runs never need it

    return user_name(seed)
