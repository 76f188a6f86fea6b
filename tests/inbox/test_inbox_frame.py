"""What holds for every page: who gets it, what it may load, what it must never do."""

import re
from pathlib import Path

import pytest

import emulator.inbox
from emulator.inbox.pages import POLICY

ROOT = Path(emulator.inbox.__file__).parent
PAGES = ["/", "/phones", "/phones/clickatell/+2799900001", "/messages/nothing", "/exchanges/nothing", "/nosuch"]
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{ 7*7 }}"


@pytest.mark.parametrize("accept", [None, "*/*", "application/json", "application/json, text/html;q=0.5"])
def test_a_program_that_asks_for_the_root_gets_the_map(client, accept):
    answer = client.get("/", headers={"Accept": accept} if accept else {})
    assert set(answer.get_json()) == {"name", "version", "providers", "control"}


def test_a_browser_that_asks_for_the_root_gets_the_inbox(client):
    answer = client.get("/", headers={"Accept": BROWSER})
    assert answer.mimetype == "text/html"
    assert "Accept" in answer.headers["Vary"]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_forbids_inline_script_and_foreign_sources(inbox, path):
    page = inbox(path)
    assert page.response.headers["Content-Security-Policy"] == POLICY
    assert "unsafe" not in POLICY
    assert not page.xpath("//script[not(@src)] | //style | //*[@style]")
    assert not [name for name in page.xpath("//@*/..//@*") if str(name).startswith("javascript:")]
    assert not re.search(r"\son[a-z]+=", page.source)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_loads_only_what_is_shipped(inbox, client, path):
    page = inbox(path)
    loaded = page.xpath("//script/@src | //link/@href | //img/@src")
    assert loaded
    for address in loaded:
        assert address.startswith("/_inbox/static/")
        with client.get(address) as answer:
            assert answer.status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_no_page_sets_a_cookie_allows_another_origin_or_is_kept(inbox, path):
    headers = inbox(path).response.headers
    assert "Set-Cookie" not in headers
    assert "Access-Control-Allow-Origin" not in headers
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", PAGES)
def test_a_foreign_host_name_sees_no_page(client, path):
    answer = client.get(path, headers={"Accept": BROWSER, "Host": "evil.example.com"})
    assert answer.status_code == 403


@pytest.mark.parametrize("path", ["/nosuch", "/some/where", "/phones/a/b/c"])
def test_a_browser_that_lost_its_way_gets_a_page(inbox, path):
    page = inbox(path)
    assert page.status == 404
    assert "Not here" in page.text("failure")
    assert page.response.headers["Content-Security-Policy"] == POLICY


@pytest.mark.parametrize("path", ["/nosuch", "/_emulator/nosuch", "/phones/a/b/c"])
def test_a_program_that_lost_its_way_gets_no_page(client, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.mimetype == "application/json"


def test_a_browser_that_lost_its_way_below_a_provider_gets_that_providers_answer(client):
    for path in ("/clicksend/v3/nosuch", "/_emulator/nosuch"):
        assert client.get(path, headers={"Accept": BROWSER}).mimetype == "application/json"


def test_a_browser_that_asks_a_form_is_told_that_this_cannot_be(inbox):
    page = inbox("/controls/reset")
    assert page.status == 405
    assert "That did not work" in page.text("failure")


def test_hostile_text_is_text_on_every_page(inbox, skycore, clickatell, control):
    skycore.sendsms(HOSTILE, **{"campaign-ref": HOSTILE})
    clickatell.send(text=HOSTILE, cliMsgId=HOSTILE, **{"from": HOSTILE})
    control.post("/inbound", provider="clickatell", **{"from": "2799900001", "to": "27000000000", "text": HOSTILE})
    paths = ["/", f"/?q={HOSTILE}", "/phones", "/phones/clickatell/+2799900001", "/phones/skycore/+10000000001"]
    paths += [f"/messages/{one['id']}?tab={tab}" for one in control.messages() for tab in ("text", "timeline", "wire")]
    paths += [f"/exchanges/{one['id']}" for one in control.get("/exchanges")["exchanges"]]
    assert len(paths) > 10
    for path in paths:
        page = inbox(path)
        assert page.status == 200, path
        assert not page.xpath("//script[not(@src)] | //img | //*[@onerror]"), path
        assert "49" not in page.texts("text"), path


def test_no_template_trusts_data():
    for path in ROOT.rglob("*.html"):
        assert "|safe" not in path.read_text().replace(" ", ""), path
        assert "autoescape" not in path.read_text(), path


def test_every_shipped_library_has_its_licence_beside_it():
    vendor = ROOT / "static" / "vendor"
    notice = (vendor / "NOTICE.md").read_text()
    libraries = list(vendor.glob("*.js"))
    assert len(libraries) == 2
    for library in libraries:
        assert f"`{library.name}`" in notice
        assert (vendor / f"LICENSE-{library.name.partition('-')[0]}.txt").exists()


def test_a_failure_of_our_own_is_a_page_without_a_traceback(inbox, monkeypatch, app):
    app.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setattr("emulator.inbox.routes.phones.phones", lambda *_: 1 / 0)
    page = inbox("/phones")
    assert page.status == 500
    assert "Traceback" not in page.source
    assert "ZeroDivisionError" not in page.source
