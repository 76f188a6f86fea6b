"""Fixtures for tests of applications that send SMS; installed with the package, imported in full when first used.

``sms_emulator`` is the emulator; beside it there is one fixture for each provider, by its name, which is a fresh account. By
default every test process has a server of its own, which is reset for each test; with ``SMS_EMULATOR_URL`` set the server is
shared: it is never reset, and its clock is never moved. There ``sms_emulator`` sees what everybody sends; only the fixtures of
the providers see nothing but their own. The server of ``sms-emulator exec`` is the tests' own, as long as they run in one
process.
"""

import os
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from emulator.client import AccountWorld, Client

SHARED_URL = "SMS_EMULATOR_URL"
OWNED_URL = "SMS_EMULATOR_OWNED"
PROVIDERS = sorted(room.parent.name for room in (Path(__file__).parent / "providers").glob("*/__init__.py"))


class EmulatorCrashedError(AssertionError):
    """The emulator has met an error that it did not foresee: a bug of the emulator, not of the test."""


class Used:
    """What one test has used of the emulator."""

    def __init__(self, client: "Client") -> None:
        self.client = client
        self.accounts: list[AccountWorld] = []
        self.failed: str | None = None

    def concerns(self, account: str | None) -> bool:
        return not self.client.shared or account in {one.id for one in self.accounts}

    def crashes(self) -> str:
        """Tracebacks of the emulator's own errors that this test has met."""
        met = [crash for crash in self.client.crashes() if self.concerns(crash.account)]
        return "\n".join(f"{crash.where}\n{crash.traceback}" for crash in met)

    def queries(self) -> list[str]:
        return [f"account:{one.id}" for one in self.accounts] if self.client.shared else [""]


_MOST_TOLD = 200  # of each kind in each test; beside them whatever went wrong

_USED = pytest.StashKey[Used]()
_CHAPTERS = pytest.StashKey[list[dict[str, Any]]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("sms-emulator")
    group.addoption(
        "--sms-report", metavar="FILE", help="write what was sent, asked and answered in each test as one HTML page"
    )
    group.addoption(
        "--sms-frozen", action="store_true", help="hold the emulator's clock in every test: only advance() moves it"
    )
    parser.addini("sms_frozen", "hold the emulator's clock in every test", type="bool", default=False)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "sms_frozen: hold the emulator's clock in this test: only advance() moves it")
    config.stash[_CHAPTERS] = []
    if config.option.sms_report and not hasattr(config, "workerinput"):
        _try(Path(config.option.sms_report))


@pytest.fixture(scope="session")
def sms_emulator_settings() -> dict[str, object]:
    """Settings of the server that the tests start, as ``sms-emulator serve`` has them; override it to give some."""
    return {}


@pytest.fixture(scope="session")
def _sms_server(sms_emulator_settings: dict[str, object]) -> "Iterator[Client]":
    from emulator.client import Client, Emulator  # noqa: PLC0415  # not before somebody needs them

    if url := os.environ.get(SHARED_URL):
        client = Client(url, shared=not _is_owned(url))
        yield client
        client.close()
    else:
        with Emulator(**sms_emulator_settings) as emulator:
            yield emulator


@pytest.fixture(scope="session")
def _sms_receiver() -> Iterator[str]:
    from emulator.client.receiver import taking  # noqa: PLC0415

    with taking() as url:
        yield url


@pytest.fixture
def sms_emulator(request: pytest.FixtureRequest, _sms_server: "Client") -> "Iterator[Client]":
    """The emulator (``emulator.client.Client``): its ``url``, ``messages()``, ``wait_for()``, ``advance()``, ...

    On a shared server (``SMS_EMULATOR_URL``) it sees what all who use that send from now on, other processes of the same tests
    too: there only a provider's fixture is alone.
    """
    from emulator.client import ServerResetError  # noqa: PLC0415

    client = _sms_server
    if client.shared:
        client = client.from_now_on()
    else:
        client.reset()
    if _is_frozen(request):
        client.freeze()
    used = request.node.stash[_USED] = Used(client)
    yield client
    if request.config.option.sms_report:
        request.config.stash[_CHAPTERS].append(_chapter(request.node.nodeid, used))
    if client.shared:  # others go on: what is over leaves nothing behind
        with suppress(ServerResetError):  # by somebody else: nothing is left
            for account in client.opened:
                client.close_account(account)
        client.close()


def _account_of(provider: str) -> Callable[..., "AccountWorld"]:
    def fresh_account(request: pytest.FixtureRequest, sms_emulator: "Client", _sms_receiver: str) -> "AccountWorld":
        world = sms_emulator.open_account(provider, callback_url=_sms_receiver, inbound_url=_sms_receiver)
        request.node.stash[_USED].accounts.append(world)
        return world

    fresh_account.__doc__ = (
        f"A fresh account of {provider} (``emulator.client.AccountWorld``): ``url`` and ``credentials`` to use."
    )
    return fresh_account


globals().update({name: pytest.fixture(name=name)(_account_of(name)) for name in PROVIDERS})


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """Fail a test that made the emulator fail; show what was sent where a test fails by itself."""
    used = item.stash.get(_USED, None)
    try:
        result = yield
    except BaseException as error:
        if used is not None and not isinstance(error, KeyboardInterrupt | pytest.skip.Exception):
            _explain(item, used)
        raise
    if used is not None and (crashes := used.crashes()):
        raise EmulatorCrashedError(f"the emulator has met an error of its own\n{crashes}")
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    report = yield
    used = item.stash.get(_USED, None)
    if used is not None and report.failed and call.when == "call":
        used.failed = report.longreprtext
    return report


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Each process hands in what its tests did; the first one writes the page."""
    config = session.config
    if not config.option.sms_report:
        return
    if hasattr(config, "workeroutput"):
        config.workeroutput["sms_chapters"] = config.stash[_CHAPTERS]
        return
    from emulator import __version__  # noqa: PLC0415
    from emulator.report import Chapter, render  # noqa: PLC0415

    chapters = [Chapter(**chapter) for chapter in config.stash[_CHAPTERS]]
    page = render(chapters, title="SMS of the test session", version=__version__)
    try:
        Path(config.option.sms_report).write_text(page, encoding="utf-8")
    except OSError as error:  # what the tests came to matters more
        config.get_terminal_writer().line(f"\n--sms-report was not written: {error}", red=True)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """A process of pytest-xdist has ended."""
    node.config.stash[_CHAPTERS].extend(getattr(node, "workeroutput", {}).get("sms_chapters", []))


def _try(path: Path) -> None:
    """Whether a report can be written, said before the tests rather than after them."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.open("a").close()
    except OSError as error:
        raise pytest.UsageError(f"--sms-report: cannot write {path}: {error.strerror}") from error


def _is_owned(url: str) -> bool:
    return os.environ.get(OWNED_URL) == url and "PYTEST_XDIST_WORKER" not in os.environ


def _is_frozen(request: pytest.FixtureRequest) -> bool:
    config = request.config
    return bool(config.option.sms_frozen or config.getini("sms_frozen") or request.node.get_closest_marker("sms_frozen"))


def _explain(item: pytest.Item, used: Used) -> None:
    """Captured messages and crashes, beside the captured output. Never hides the failure itself."""
    try:
        sent = [str(message) for q in used.queries() for message in used.client.messages(q, limit=20)]
        refused = [
            f"refused {exchange.refusal['code']} {exchange.refusal['rule']} {exchange.refusal['detail']}".rstrip()
            for q in used.queries()
            for exchange in used.client.exchanges(q, limit=20)
            if exchange.refusal
        ]
        crashes = used.crashes()
    except Exception as error:  # noqa: BLE001  # the emulator may be what is broken
        sent, refused, crashes = [f"the emulator could not be asked: {error}"], [], ""
    item.add_report_section("call", "sms", "\n".join([*sent, *refused]) or "nothing was sent, and nothing refused")
    if crashes:
        item.add_report_section("call", "sms-emulator error", crashes)


def _chapter(title: str, used: Used) -> dict[str, Any]:
    """What the test did, as documents, oldest first."""
    from emulator.report import ended_badly, met_trouble, told, was_refused  # noqa: PLC0415

    ask = used.client.document
    messages, fewer = told(_listed(used, "messages"), _MOST_TOLD, ended_badly)
    exchanges, fewer_asked = told(_listed(used, "exchanges"), _MOST_TOLD, was_refused)
    webhooks, fewer_called = told(_listed(used, "webhooks"), _MOST_TOLD, met_trouble)
    return {
        "title": title,
        "messages": [ask(f"/messages/{one['id']}") for one in messages],
        "exchanges": exchanges,
        "webhooks": webhooks,
        "crashes": [one for one in ask("/crashes")["crashes"] if used.concerns(one["account"])],
        "failed": used.failed,
        "left_out": {"messages": fewer, "requests": fewer_asked, "calls to the application": fewer_called},
    }


def _listed(used: Used, kind: str) -> Iterator[dict[str, Any]]:
    """All of them, of each account newest first."""
    for q in used.queries():
        cursor = None
        while True:
            page = used.client.document(f"/{kind}", q=q, limit=1000, cursor=cursor)
            yield from page[kind]
            if (cursor := page["next_cursor"]) is None:
                break
