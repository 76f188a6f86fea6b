"""For every eye: screen readers (axe), dark and light, a narrow screen."""

import pytest
from axe_playwright_python.sync_playwright import Axe

NARROW = {"width": 360, "height": 740}
SERIOUS = {"serious", "critical"}


@pytest.fixture
def filled(emulator):
    """Pages worth looking at, by name."""
    emulator.skycore("We’ve got your order – your code is 482913 😀", to="+34600111222", **{"from-mask": "VeryLongSenderName"})
    message = emulator.newest()["id"]
    emulator.send("Hello", callback="3")
    emulator.send("")
    emulator.call("POST", "/inbound", {"provider": "clickatell", "from": "2799900001", "to": "27000000000", "text": "STOP"})
    emulator.send("Refused now")
    refused = emulator.call("GET", "/exchanges?limit=1")["exchanges"][0]["id"]
    return {
        "stream": "/",
        "text": f"/messages/{message}",
        "timeline": f"/messages/{message}?tab=timeline",
        "wire": f"/messages/{message}?tab=wire",
        "refusal": f"/exchanges/{refused}",
        "phones": "/phones",
        "phone": "/phones/clickatell/+2799900001",
        "nothing": "/?q=nothing",
    }


PAGES = ["stream", "text", "timeline", "wire", "refusal", "phones", "phone", "nothing"]


def findings(page):
    violations = Axe().run(page).response["violations"]
    return [(one["id"], one["nodes"][0]["html"]) for one in violations if one["impact"] in SERIOUS]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_serious(opened, filled, name, scheme):
    page = opened(filled[name], color_scheme=scheme, reduced_motion="reduce")
    assert not findings(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_on_an_empty_inbox_nor_in_its_help(opened, scheme):
    page = opened(color_scheme=scheme)
    assert not findings(page)
    page.keyboard.press("?")
    assert not findings(page)


def test_dark_is_dark_and_light_is_light(opened):
    def brightness(scheme):
        page = opened(color_scheme=scheme)
        colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
        return sum(map(int, colour.removeprefix("rgb(").rstrip(")").split(",")))

    assert brightness("dark") < 3 * 64
    assert brightness("light") > 3 * 192


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_wider_than_a_phone(opened, filled, name):
    page = opened(filled[name], viewport=NARROW)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_on_a_phone_a_message_takes_the_whole_screen_and_back_leads_to_the_list(opened, filled):
    page = opened(viewport=NARROW)
    page.get_by_test_id("recipient").first.click()
    page.get_by_test_id("bubble").wait_for()
    assert page.get_by_test_id("row").first.is_hidden()
    page.get_by_test_id("back").click()
    page.get_by_test_id("row").first.wait_for()
    assert page.get_by_test_id("bubble").count() == 0


def test_the_back_button_of_the_browser_goes_back(opened, filled, emulator):
    page = opened()
    page.get_by_test_id("recipient").first.click()
    page.get_by_test_id("bubble").wait_for()
    page.go_back()
    page.get_by_test_id("bubble").wait_for(state="detached")
    assert page.url == f"{emulator.url}/"
