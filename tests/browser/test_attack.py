"""Texts that would be scripts, pages of other sites, and many tabs."""

import time

HOSTILE = "<script>window.owned=1</script><img src=x onerror='window.owned=1'><svg onload=window.owned=1>"


def test_a_script_in_a_text_is_shown_and_never_run(opened, emulator):
    emulator.send(HOSTILE)
    emulator.send("", cliMsgId=HOSTILE)
    emulator.skycore(HOSTILE, **{"campaign-ref": HOSTILE})
    emulator.call("POST", "/inbound", {"provider": "clickatell", "from": "2799900001", "to": "27000000000", "text": HOSTILE})
    page = opened()
    page.get_by_test_id("row").nth(2).wait_for()
    emulator.send(HOSTILE)  # one more, that arrives live
    page.get_by_test_id("row").nth(3).wait_for()
    paths = ["/phones/clickatell/+2799900001", "/phones/skycore/+12025550143"]
    paths += [
        f"/messages/{one['id']}?tab={tab}" for one in emulator.call("GET", "/messages")["messages"] for tab in ("text", "wire")
    ]
    for path in ["", *paths]:
        if path:
            page.goto(path)
        assert HOSTILE.partition("window")[0] in page.locator("body").inner_text()
        assert page.evaluate("window.owned") is None
        assert page.locator("main img").count() == 0


def test_an_inline_script_would_not_run_even_if_one_got_in(chromium, emulator):
    page = chromium.new_page(base_url=emulator.url)
    page.goto("/")
    blocked = page.evaluate(
        """() => new Promise((done) => {
            document.addEventListener("securitypolicyviolation", (event) => done(event.effectiveDirective));
            const script = document.createElement("script");
            script.textContent = "window.owned = 1";
            document.body.append(script);
            setTimeout(() => done("nothing was blocked"), 1000);
        })"""
    )
    assert blocked.startswith("script-src")
    assert page.evaluate("window.owned") is None
    page.close()


def test_fifty_tabs_stay_live_while_the_api_serves(chromium, emulator):
    context = chromium.new_context(base_url=emulator.url)
    tabs = [context.new_page() for _ in range(50)]
    for tab in tabs:
        tab.goto("/", wait_until="commit")
    taken = []
    for number in range(100):
        start = time.perf_counter()
        assert emulator.send(f"number {number}").startswith("ID: ")
        taken.append(time.perf_counter() - start)
    assert sorted(taken)[50] < 0.25
    for tab in (tabs[0], tabs[25], tabs[49]):
        tab.bring_to_front()
        tab.get_by_text("number 99", exact=True).wait_for(timeout=20_000)
    context.close()
