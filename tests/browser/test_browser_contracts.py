"""Contracts in a browser: find an example, run it, see the answer beside the document."""

import pytest
from axe_playwright_python.sync_playwright import Axe

NARROW = {"width": 360, "height": 740}
PLAIN = "/contracts/clickatell/auth/01-session.yaml"


def test_an_example_is_found_and_run(opened, emulator):
    page = opened("/contracts")
    page.get_by_test_id("contracts-search").fill("session")
    page.wait_for_url("**q=session*")
    page.get_by_test_id("contracts-provider").select_option("clickatell")
    page.wait_for_url("**provider=clickatell*")
    page.goto(PLAIN)
    page.get_by_test_id("run").click()
    page.get_by_test_id("comparison").wait_for()
    assert page.get_by_test_id("verdict").inner_text() == "as documented"
    assert "this server" in page.get_by_test_id("where").inner_text()
    assert emulator.call("GET", "/exchanges?limit=1")["exchanges"][0]["request"]["path"].startswith("/clickatell/http/auth")


def test_a_row_is_run_where_it_stands(opened):
    page = opened("/contracts?provider=skycore&evidence=documented")
    row = page.get_by_test_id("example").first
    row.get_by_test_id("run").click()
    row.get_by_test_id("verdict").wait_for()
    assert row.get_by_test_id("verdict").inner_text() == "as documented"
    assert page.get_by_test_id("verdict").count() == 1


def test_a_difference_is_marked(opened, emulator):
    emulator.call("PATCH", "/accounts/clickatell-demo", {"blocked": True})
    page = opened(PLAIN)
    page.get_by_test_id("run").click()
    page.get_by_test_id("difference").wait_for()
    assert page.get_by_test_id("verdict").inner_text() == "differs here"
    assert page.get_by_test_id("differs").count() >= 1


def test_an_example_that_moves_time_leaves_the_clock_alone(opened, emulator):
    emulator.call("PUT", "/clock", {"frozen": True})
    before = [emulator.call("GET", path) for path in ("/clock", "/exchanges", "/accounts")]
    page = opened("/contracts/clickatell/ping/05-expired.yaml")
    assert "private emulator" in page.get_by_test_id("where").inner_text()
    page.get_by_test_id("run").click()
    page.get_by_test_id("comparison").wait_for()
    assert page.get_by_test_id("verdict").inner_text() == "as documented"
    assert [emulator.call("GET", path) for path in ("/clock", "/exchanges", "/accounts")] == before


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(opened, scheme):
    page = opened("/contracts?provider=go4clients", color_scheme=scheme)
    assert not findings(page)
    page = opened(PLAIN, color_scheme=scheme)
    page.get_by_test_id("run").click()
    page.get_by_test_id("comparison").wait_for()
    assert not findings(page)


def findings(page):
    violations = [one for one in Axe().run(page).response["violations"] if one["impact"] in {"serious", "critical"}]
    return [(one["id"], one["nodes"][0]["html"]) for one in violations]


def test_nothing_is_wider_than_a_phone(opened):
    for path in ("/contracts", PLAIN):
        page = opened(path, viewport=NARROW)
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
