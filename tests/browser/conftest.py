"""A real Chromium, driven by Playwright, at a real server (in CI there must be one: scripts/install-browser gets it)."""

import json
import os
import shutil
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import sync_playwright

from emulator.launch import running

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
WIDE = {"width": 1360, "height": 850}
PATIENCE = 10_000  # milliseconds


def missing(reason):
    if os.environ.get("SMS_EMULATOR_CI") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def chromium():
    """The browser, started once."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        missing("no Chromium is installed (scripts/install-browser does it)")
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def shared_url():
    with running(quiet="1") as url:
        yield url


class Emulator:
    """The server that the browser looks at, as an application and a test speak to it."""

    def __init__(self, url):
        self.url = url

    def call(self, method, path, document=None):
        body = None if document is None else json.dumps(document).encode()
        request = Request(f"{self.url}/_emulator{path}", body, {"Content-Type": "application/json"}, method=method)
        with urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def send(self, text="Hello", to="2799900001", **more):
        """By Clickatell; answers its line."""
        login = {"user": "MyUserName", "password": "MyPassword", "api_id": "123456"}
        query = urlencode({**login, "to": to, "text": text, **more})
        with urlopen(f"{self.url}/clickatell/http/sendmsg?{query}", timeout=10) as line:
            return line.read().decode()

    def skycore(self, text, to="+12025550143", **more):
        document = {"action": "sendsms", "message-text": text, "to": to, "from": "00000", **more}
        headers = {"x-api-key": "x" * 31, "Content-Type": "application/json"}
        with urlopen(Request(f"{self.url}/skycore/ep/v2/", json.dumps(document).encode(), headers), timeout=10) as answer:
            return json.load(answer)

    def newest(self):
        return self.call("GET", "/messages?limit=1")["messages"][0]


@pytest.fixture
def emulator(shared_url):
    """In its seeded state."""
    found = Emulator(shared_url)
    found.call("POST", "/reset", {})
    found.call("PUT", "/clock", {"frozen": False})
    return found


@pytest.fixture
def opened(chromium, emulator):
    """Opens a page in a tab of its own context; what the page complains of fails the test."""
    contexts, complaints = [], []

    def open_page(path="/", viewport=WIDE, **options):
        context = chromium.new_context(viewport=viewport, base_url=emulator.url, **options)
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None)
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not complaints
