"""A newcomer's first five minutes, without the README."""

import re
import shlex
import subprocess

from playwright.sync_api import expect


def clipboard(page):
    return page.evaluate("navigator.clipboard.readText()")


def test_the_line_that_an_empty_inbox_shows_is_copied_pasted_and_its_message_arrives_by_itself(opened):
    page = opened()
    page.get_by_test_id("copy-clickatell").click()
    line = clipboard(page)
    assert subprocess.run(shlex.split(line), capture_output=True, timeout=10, check=True).stdout.startswith(b"ID: ")
    page.get_by_test_id("row").wait_for()
    assert page.get_by_test_id("recipient").inner_text() == "+2799900001"
    assert page.get_by_test_id("lessons").count() == 0


def test_a_message_opens_beside_the_list_with_its_parts_and_its_wire(opened, emulator):
    emulator.send("Hello")
    page = opened()
    page.get_by_test_id("recipient").click()
    page.get_by_test_id("part").wait_for()
    assert page.get_by_test_id("row").is_visible()
    page.get_by_test_id("tab-wire").click()
    page.get_by_test_id("wire-request").wait_for()
    assert "password=***" in page.get_by_test_id("wire-request").inner_text()
    assert page.url.endswith("?tab=wire")


def test_a_reply_of_stop_makes_the_next_send_refused(opened, emulator):
    emulator.send("Hello")
    page = opened()
    page.get_by_test_id("recipient").click()
    page.get_by_test_id("open-phone").click()
    page.get_by_test_id("quick-stop").click()
    page.get_by_test_id("opted-out").wait_for()
    assert page.get_by_test_id("said-in").locator(".bubble").inner_text() == "STOP"
    assert emulator.send("Again") == "ERR: 122, Destination mobile opted out"
    page.get_by_test_id("said-refused").wait_for()
    page.get_by_test_id("nav-stream").click()
    refusal = page.get_by_test_id("refusal")
    assert "opted out" in refusal.inner_text()
    refusal.locator(".row-link").click()
    page.get_by_test_id("ruling").wait_for()


def test_an_open_message_that_is_forgotten_says_so(opened, emulator):
    emulator.send("Hello")
    page = opened()
    page.get_by_test_id("recipient").click()
    page.get_by_test_id("bubble").wait_for()
    emulator.call("DELETE", "/messages")
    expect(page.get_by_test_id("gone")).to_contain_text("Not here any more")


def test_a_code_is_copied_with_one_click_and_without_opening_its_message(opened, emulator):
    emulator.skycore("Your login code is 482913.")
    page = opened()
    page.get_by_test_id("code").click()
    assert clipboard(page) == "482913"
    assert page.url == f"{emulator.url}/"


def test_messages_arrive_and_move_on_without_a_reload_and_the_title_counts_them(opened, emulator):
    page = opened()
    page.evaluate("window.loaded = 1")
    emulator.send("one")
    emulator.send("two")
    page.get_by_test_id("row").nth(1).wait_for()
    assert page.title().startswith("(2) ")
    page.locator('[data-testid="status"]:text-is("delivered")').nth(1).wait_for()
    page.get_by_test_id("recipient").first.click()
    page.get_by_test_id("bubble").wait_for()
    expect(page).to_have_title(re.compile(r"\(1\) "))
    assert page.evaluate("window.loaded") == 1


def test_a_burst_is_counted_whole_on_whatever_page_one_is(opened, emulator):
    page = opened("/controls")
    for number in range(70):
        emulator.send(f"number {number}")
    expect(page).to_have_title(re.compile(r"^\(70\) "))
    page.get_by_test_id("nav-stream").click()
    expect(page.get_by_test_id("unread")).to_have_text("70 new")
    expect(page.locator(".row.is-new")).to_have_count(50)
    page.get_by_test_id("older").click()
    expect(page.locator(".row.is-new")).to_have_count(70)
    page.get_by_test_id("recipient").nth(60).click()
    expect(page).to_have_title(re.compile(r"^\(69\) "))
    page.get_by_test_id("unread").click()
    expect(page).to_have_title(re.compile("^Stream"))
    expect(page.locator(".row.is-new")).to_have_count(0)


def test_what_comes_between_two_pages_is_counted_too(opened, emulator):
    page = opened("/controls")
    page.goto("about:blank")
    emulator.send()
    page.goto(f"{emulator.url}/contracts")
    expect(page).to_have_title(re.compile(r"^\(1\) "))


def test_what_does_not_match_the_search_counts_as_new_all_the_same(opened, emulator):
    page = opened("/?q=apple")
    emulator.send("apple")
    emulator.send("pear")
    expect(page.locator(".row.is-new")).to_have_count(1)
    expect(page).to_have_title(re.compile(r"^\(2\) "))


def test_a_conversation_that_is_looked_at_is_read(opened, emulator):
    emulator.send()
    page = opened("/phones/clickatell/+2799900001")
    emulator.send("Are you there?")
    page.get_by_test_id("said-out").nth(1).wait_for()
    expect(page).not_to_have_title(re.compile(r"^\("))


def test_a_status_is_forced_and_its_reason_shown(opened, emulator):
    emulator.call("PUT", "/clock", {"frozen": True})
    emulator.send()
    page = opened(f"/messages/{emulator.newest()['id']}?tab=timeline")
    page.get_by_test_id("fail-as").select_option("undelivered")
    page.get_by_test_id("fail-error").fill("005")
    page.get_by_test_id("fail").click()
    page.get_by_text("005 Error with message").wait_for()
    assert emulator.newest()["status"] == "undelivered"


def test_a_request_is_replayed_and_its_answer_shown(opened, emulator):
    emulator.send("Hello")
    page = opened(f"/messages/{emulator.newest()['id']}?tab=wire")
    page.get_by_test_id("replay").click()
    page.wait_for_url("**/exchanges/*")
    assert len(emulator.call("GET", "/messages")["messages"]) == 2


def test_the_wire_is_copied_as_curl(opened, emulator):
    emulator.send("Hello")
    page = opened(f"/messages/{emulator.newest()['id']}?tab=wire")
    page.get_by_test_id("copy-curl").click()
    assert clipboard(page).startswith("curl ")
    assert "$CLICKATELL_PASSWORD" in clipboard(page)


def test_the_search_suggests_keys_and_values_and_narrows_as_one_types(opened, emulator):
    emulator.send("apple")
    emulator.skycore("pear")
    page = opened()
    box = page.get_by_test_id("search")
    box.press_sequentially("prov")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert box.input_value() == "provider:"
    page.keyboard.type("sky")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert box.input_value() == "provider:skycore "
    expect(page.get_by_test_id("row")).to_have_count(1)
    assert page.get_by_test_id("text").inner_text() == "pear"
    assert "q=provider%3Askycore" in page.url


def test_a_reply_half_written_survives_what_arrives_meanwhile(opened, emulator):
    emulator.send("Hello")
    page = opened("/phones/clickatell/+2799900001")
    page.get_by_test_id("reply-text").fill("On my w")
    page.get_by_test_id("reply-text").press_sequentially("a")
    emulator.send("Are you there?")
    page.get_by_test_id("said-out").nth(1).wait_for()
    assert page.get_by_test_id("reply-text").input_value() == "On my wa"


def test_countries_have_names(opened, emulator):
    emulator.send(to="34600111222")
    expect(opened().locator("abbr")).to_have_attribute("title", "Spain")
