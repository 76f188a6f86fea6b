"""Everything that counts, without a mouse."""

import pytest


@pytest.fixture(scope="module")
def shared_tab(chromium, shared_url):
    """A tab that several tests use one after the other."""
    context = chromium.new_context(base_url=shared_url)
    yield context.new_page()
    context.close()


def focused_row(page):
    return page.evaluate("document.activeElement.closest('[data-id]')?.querySelector('[data-testid=text]')?.textContent")


def test_j_k_enter_and_esc_walk_the_stream(opened, emulator):
    for text in ("third", "second", "first"):
        emulator.send(text)
    page = opened()
    page.get_by_test_id("row").nth(2).wait_for()
    walked = []
    for key in "jjjjk":
        page.keyboard.press(key)
        walked.append(focused_row(page))
    assert walked == ["first", "second", "third", "third", "second"]
    page.keyboard.press("Enter")
    page.get_by_test_id("bubble").wait_for()
    assert page.get_by_test_id("bubble").inner_text() == "second"
    page.keyboard.press("Escape")
    page.get_by_test_id("bubble").wait_for(state="detached")
    page.locator(".row-link:focus").wait_for()
    assert focused_row(page) == "second"
    assert page.url == f"{emulator.url}/"


def test_esc_in_the_search_box_takes_the_filter_away_with_the_words(opened, emulator):
    emulator.send("apple")
    emulator.send("pear")
    page = opened("/?q=apple")
    page.get_by_test_id("search").focus()
    page.keyboard.press("Escape")
    page.get_by_test_id("row").nth(1).wait_for()
    assert page.get_by_test_id("search").input_value() == ""
    page.wait_for_url("/")


def test_esc_pressed_the_moment_a_message_shows_goes_back_without_loading_the_page_anew(opened, emulator):
    emulator.send("quick")
    page = opened()
    page.get_by_test_id("row").wait_for()
    page.evaluate("""() => {
        window.sameDocument = true;
        const escape = new KeyboardEvent("keydown", { key: "Escape", bubbles: true, cancelable: true });
        new MutationObserver((changes, watch) => {
            if (document.querySelector("[data-testid=bubble]")) { watch.disconnect(); document.body.dispatchEvent(escape); }
        }).observe(document.body, { childList: true, subtree: true });
    }""")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.locator(".row-link:focus").wait_for()
    page.get_by_test_id("bubble").wait_for(state="detached")
    page.wait_for_url("/")
    assert page.evaluate("window.sameDocument") is True
    assert focused_row(page) == "quick"


def test_a_focused_row_keeps_the_focus_when_others_arrive_above_it(opened, emulator):
    emulator.send("older")
    page = opened()
    page.get_by_test_id("row").wait_for()
    page.keyboard.press("j")
    for text in ("newer", "newest"):
        emulator.send(text)
    page.get_by_test_id("row").nth(2).wait_for()
    assert focused_row(page) == "older"


def test_the_tabs_of_a_message_have_keys(opened, emulator):
    emulator.send()
    page = opened(f"/messages/{emulator.newest()['id']}")
    page.keyboard.press("2")
    page.get_by_test_id("story").wait_for()
    page.keyboard.press("3")
    page.get_by_test_id("wire-answer").wait_for()
    page.keyboard.press("1")
    page.get_by_test_id("bubble").wait_for()


def test_slash_searches_and_question_mark_explains(opened):
    page = opened()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.type("a?b")
    assert page.get_by_test_id("search").input_value() == "a?b"
    assert page.get_by_test_id("help").is_hidden()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    assert page.get_by_test_id("help").is_visible()
    page.keyboard.press("Escape")
    assert page.get_by_test_id("help").is_hidden()


def test_a_reply_is_written_and_sent_with_keys_alone(opened, emulator):
    emulator.send()
    page = opened("/phones")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.get_by_test_id("reply-text").wait_for()
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "reply-text":
            break
    page.keyboard.type("Thanks")
    page.keyboard.press("Enter")
    page.get_by_test_id("said-in").wait_for()
    assert emulator.newest()["text"] == "Thanks"
    assert page.get_by_test_id("reply-text").input_value() == ""


def test_the_row_in_focus_keeps_it_when_others_arrive(opened, emulator):
    emulator.send("here first")
    page = opened()
    page.get_by_test_id("row").wait_for()
    page.keyboard.press("j")
    emulator.send("later")
    page.get_by_test_id("row").nth(1).wait_for()
    assert focused_row(page) == "here first"


@pytest.mark.parametrize("start", ["/", "/phones", "/campaigns", "/controls", "/contracts", "/nosuch"])
@pytest.mark.parametrize(
    ("key", "place"), [("s", "/"), ("p", "/phones"), ("c", "/campaigns"), ("o", "/controls"), ("t", "/contracts")]
)
def test_g_and_a_letter_lead_from_every_page_to_every_other(shared_tab, start, key, place):
    shared_tab.goto(start)
    with shared_tab.expect_navigation(url=place):
        shared_tab.keyboard.press("g")
        shared_tab.keyboard.press(key)


def test_the_help_names_every_page_and_its_letter(opened):
    page = opened("/controls")
    page.keyboard.press("?")
    told = page.get_by_test_id("help").inner_text()
    for word in ("stream", "phones", "campaigns", "controls", "contracts"):
        assert word in told
    letters = [
        kbd.inner_text() for kbd in page.get_by_test_id("help").locator("div", has_text="stream").last.locator("kbd").all()
    ]
    assert letters == ["g", "s", "p", "c", "o", "t"]


def test_a_blank_reply_is_not_sent_and_the_next_one_is(opened, emulator):
    emulator.send()
    page = opened("/phones/clickatell/+2799900001")
    box = page.get_by_test_id("reply-text")
    box.press_sequentially("   ")
    page.keyboard.press("Enter")
    assert box.evaluate("field => field.validationMessage") == "Write something first."
    box.press_sequentially("Yes")
    page.keyboard.press("Enter")
    page.get_by_test_id("said-in").wait_for()
    assert [one["text"] for one in emulator.call("GET", "/messages?q=direction:in")["messages"]] == ["   Yes"]


def test_a_quick_answer_goes_out_although_blanks_stood_in_the_box(opened, emulator):
    emulator.send()
    page = opened("/phones/clickatell/+2799900001")
    page.get_by_test_id("reply-text").press_sequentially("  ")
    page.get_by_test_id("quick-yes").click()
    page.get_by_test_id("said-in").wait_for()
    assert emulator.newest()["text"] == "YES"


def test_keys_pressed_faster_than_the_page_settles_are_meant_for_what_is_coming(opened, emulator):
    for text in ("second", "first"):
        emulator.send(text)
    page = opened()
    page.get_by_test_id("row").nth(1).wait_for()
    page.evaluate("""() => {
        const press = (key) => document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
        press("j");
        press("j");
        document.activeElement.click();
        press("3");
    }""")
    page.get_by_test_id("wire-request").wait_for()
    assert "text=second" in page.get_by_test_id("wire-request").inner_text()
    page.evaluate("""() => {
        const press = (key) => document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
        press("1");
        press("Escape");
    }""")
    page.locator(".row-link:focus").wait_for()
    assert focused_row(page) == "second"
    page.wait_for_url("/")
