"""Controls in a browser: time, failures, accounts, reset; by mouse, by keyboard, without a script."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

NARROW = {"width": 360, "height": 740}


def test_time_is_frozen_moved_and_let_run(opened, emulator):
    page = opened("/controls")
    page.get_by_test_id("freeze").click()
    page.get_by_test_id("release").wait_for()
    before = emulator.call("GET", "/clock")
    assert before["frozen"]
    page.get_by_test_id("amount").fill("2")
    page.get_by_test_id("unit").select_option("hours")
    page.get_by_test_id("advance").click()
    page.get_by_test_id("said").get_by_text("0 planned steps happened").wait_for()
    assert emulator.call("GET", "/clock")["now"][:10] >= before["now"][:10]
    assert emulator.call("GET", "/clock")["now"] != before["now"]
    page.get_by_test_id("release").click()
    page.get_by_test_id("freeze").wait_for()
    assert not emulator.call("GET", "/clock")["frozen"]


def test_a_clock_that_is_frozen_elsewhere_stands_still_on_every_open_page(opened, emulator):
    page = opened("/controls")
    emulator.call("PUT", "/clock", {"frozen": True})
    page.get_by_test_id("clock").get_by_text("frozen").wait_for()
    page.get_by_test_id("release").click()
    page.get_by_test_id("freeze").wait_for()
    assert not emulator.call("GET", "/clock")["frozen"]


def test_the_next_event_delivers_a_waiting_message(opened, emulator):
    emulator.call("PUT", "/clock", {"frozen": True})
    emulator.send()
    page = opened("/controls")
    page.get_by_test_id("next-event").click()
    page.get_by_text("1 planned step happened.").wait_for()
    assert emulator.newest()["status"] == "delivered"


def test_a_common_fault_strikes_and_its_count_follows_without_a_reload(opened, emulator):
    page = opened("/controls")
    page.get_by_test_id("preset-no-credit").click()
    page.get_by_test_id("fault").wait_for()
    assert emulator.send().startswith("ERR: 301")
    page.get_by_text("struck 1 of 1").wait_for()
    page.get_by_test_id("remove-fault").click()
    page.get_by_test_id("no-faults").wait_for()
    assert emulator.send().startswith("ID: ")


def test_a_rule_of_ones_own_is_written_by_keyboard_alone(opened, emulator):
    page = opened("/controls")
    page.get_by_test_id("own-fault").locator("summary").focus()
    page.keyboard.press("Enter")
    page.get_by_test_id("effect").focus()
    page.keyboard.type("exp")
    page.get_by_test_id("match").focus()
    page.keyboard.type("to:+2799900002")
    page.keyboard.press("Enter")
    page.get_by_test_id("fault").wait_for()
    [rule] = emulator.call("GET", "/faults")["faults"]
    assert (rule["effect"], rule["match"]) == ({"fate": "expired"}, "to:+2799900002")


def test_a_new_account_has_credentials_to_copy(opened, emulator):
    page = opened("/controls")
    page.get_by_test_id("new-provider").select_option("skycore")
    page.get_by_test_id("open-account").click()
    page.get_by_test_id("said").wait_for()
    account = page.get_by_test_id("account").first
    account.get_by_test_id("copy-api_key").click()
    page.get_by_text("Copied").first.wait_for()
    key = page.evaluate("navigator.clipboard.readText()")
    accounts = emulator.call("GET", "/accounts")["accounts"]
    assert key in [one["credentials"].get("api_key") for one in accounts]
    assert key != "x" * 31
    account.get_by_test_id("copy-url").click()
    page.wait_for_function("async () => (await navigator.clipboard.readText()).endsWith('/skycore')")
    assert page.evaluate("navigator.clipboard.readText()") == f"{emulator.url}/skycore"


def test_balance_and_callback_are_edited(opened, emulator):
    page = opened("/controls?provider=go4clients")
    page.get_by_test_id("settings").locator("summary").click()
    page.get_by_test_id("set-balance").fill("4.20")
    page.get_by_test_id("set-callback_url").fill("http://127.0.0.1:9/receipts")
    page.get_by_test_id("save").click()
    page.get_by_test_id("said").wait_for()
    account = emulator.call("GET", "/accounts/go4clients-demo")
    assert (account["balance"], account["settings"]["callback_url"]) == ("4.20", "http://127.0.0.1:9/receipts")
    page.get_by_test_id("set-callback_url").fill("nowhere")
    page.get_by_test_id("save").click()
    assert "http://" in page.get_by_test_id("objection").inner_text()


def test_a_reset_asks_and_then_forgets(opened, emulator):
    emulator.send()
    page = opened("/controls")
    assert not page.get_by_test_id("reset-everything").is_visible()
    page.get_by_test_id("reset-all").locator("summary").click()
    page.get_by_text("This forgets 1 message").wait_for()
    page.get_by_test_id("reset-everything").click()
    page.get_by_text("Everything is as it was at the start.").wait_for()
    assert emulator.call("GET", "/messages")["total"] == 0


def test_all_of_it_works_without_a_script(opened, emulator):
    page = opened("/controls", java_script_enabled=False)
    page.get_by_test_id("freeze").click()
    assert page.get_by_test_id("clock-state").inner_text() == "frozen"
    page.get_by_test_id("preset-drop").click()
    assert page.get_by_test_id("fault").count() == 1
    page.get_by_test_id("reset-all").locator("summary").click()
    page.get_by_test_id("reset-everything").click()
    assert emulator.call("GET", "/faults")["faults"] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(opened, emulator, scheme):
    emulator.call("POST", "/faults", {"effect": {"delay": 1}, "times": 1, "match": "to:+1"})
    page = opened("/controls", color_scheme=scheme)
    for summary in page.locator("summary").all():
        summary.click()
    violations = [one for one in Axe().run(page).response["violations"] if one["impact"] in {"serious", "critical"}]
    assert not [(one["id"], one["nodes"][0]["html"]) for one in violations]


def test_nothing_is_wider_than_a_phone(opened, emulator):
    page = opened("/controls", viewport=NARROW)
    for summary in page.locator("summary").all():
        summary.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


def test_a_refused_rule_keeps_what_was_typed_and_points_at_it(opened):
    page = opened("/controls")
    page.get_by_test_id("own-fault").locator("summary").click()
    page.get_by_test_id("effect").select_option("refuse:throttled")
    page.get_by_test_id("times").fill("3")
    page.get_by_test_id("match").fill("colour:red")
    page.get_by_test_id("add-fault").click()
    page.get_by_test_id("own-fault-form").get_by_test_id("objection").wait_for()
    expect(page.get_by_test_id("match")).to_be_focused()
    assert page.get_by_test_id("match").input_value() == "colour:red"
    assert page.get_by_test_id("effect").input_value() == "refuse:throttled"
    page.get_by_test_id("match").fill("to:2799900001")
    page.get_by_test_id("add-fault").click()
    page.get_by_test_id("fault").wait_for()


def test_refused_settings_keep_what_was_typed_and_point_at_it(opened):
    page = opened("/controls?provider=skycore")
    page.get_by_test_id("settings").locator("summary").click()
    page.get_by_test_id("set-balance").fill("12.50")
    page.get_by_test_id("set-callback_url").fill("nonsense")
    page.get_by_test_id("save").click()
    page.get_by_test_id("settings-form").get_by_test_id("objection").wait_for()
    expect(page.get_by_test_id("set-callback_url")).to_be_focused()
    assert page.get_by_test_id("set-balance").input_value() == "12.50"


def test_the_clock_of_the_panel_goes_on(opened):
    page = opened("/controls")
    hands = page.get_by_test_id("now")
    first = hands.inner_text()
    expect(hands).not_to_have_text(first)
    page.get_by_test_id("freeze").click()
    page.get_by_test_id("release").wait_for()
    still = hands.inner_text()
    page.wait_for_timeout(1500)
    assert hands.inner_text() == still
