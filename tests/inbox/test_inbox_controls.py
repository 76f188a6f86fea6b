"""The controls page: time, failures, accounts, and back to the start."""

import re
from datetime import timedelta
from html.parser import HTMLParser

import pytest

from emulator.app import create_app
from emulator.config import Settings
from emulator.core.clock import ManualClock, SystemClock

HTML = {"Accept": "text/html"}


@pytest.fixture
def press(client):
    """Send a form of the page."""
    return lambda path, **form: client.post(f"/controls/{path}", data=form, headers=HTML).get_data(as_text=True)


@pytest.fixture
def page(client):
    return lambda path="/controls": client.get(path, headers=HTML).get_data(as_text=True)


def objection(html):
    return html.partition('data-testid="objection">')[2].partition("<")[0]


def said(html):
    return html.partition('data-testid="said">')[2].partition("<")[0]


# Clock


@pytest.mark.parametrize(("unit", "seconds"), [("seconds", 90), ("minutes", 5400), ("hours", 324_000), ("days", 7_776_000)])
def test_time_is_advanced_by_an_amount(press, control, unit, seconds):
    press("clock", do="advance", amount="90", unit=unit)
    wanted = ManualClock().now() + timedelta(seconds=seconds)
    assert control.get("/clock")["now"] == f"{wanted:%Y-%m-%dT%H:%M:%SZ}"


def test_the_next_planned_step_is_one_click_away(press, control, clickatell, page):
    clickatell.send()
    assert "Next planned step: Thu 01 Jan 2026 00:00:02" in page()
    html = press("clock", do="next")
    assert said(html).endswith("1 planned step happened.")
    assert control.newest()["status"] == "delivered"


def test_the_clock_is_set(press, control):
    press("clock", do="set", now="2026-03-01T10:20:30")
    assert control.get("/clock")["now"] == "2026-03-01T10:20:30Z"


def test_the_clock_is_frozen_and_let_run():
    client = create_app(Settings(), clock=SystemClock()).test_client()
    html = client.post("/controls/clock", data={"do": "freeze"}, headers=HTML).get_data(as_text=True)
    assert 'data-testid="release"' in html
    assert client.get("/_emulator/clock").get_json()["frozen"]
    html = client.post("/controls/clock", data={"do": "release"}, headers=HTML).get_data(as_text=True)
    assert 'data-testid="freeze"' in html
    assert not client.get("/_emulator/clock").get_json()["frozen"]


@pytest.mark.parametrize(
    "form", [{"do": "set", "now": "noon"}, {"do": "advance", "amount": "much"}, {"do": "advance", "amount": "-1"}]
)
def test_a_time_that_is_none_is_refused_in_words(press, control, form):
    before = control.get("/clock")
    assert objection(press("clock", **form))
    assert control.get("/clock") == before


class Fields(HTMLParser):
    """What the form that was refused holds: value by name, and the name of the field it points at."""

    def __init__(self, html, testid):
        super().__init__()
        self.values, self.pointed, self._area, self._select = {}, None, None, None
        self.feed(html.partition(f'data-testid="{testid}"')[2].partition("</form>")[0])

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        if found.get("aria-invalid"):
            self.pointed = found["name"]
            assert "autofocus" in found
        if tag == "input":
            self.values[found["name"]] = found.get("value", "")
        elif tag == "select":
            self._select = found["name"]
        elif tag == "option" and "selected" in found:
            self.values[self._select] = found.get("value")


def test_a_refused_rule_stands_as_it_was_typed_with_the_objection_in_its_form(press):
    wanted = {"effect": "status", "amount": "502", "match": "colour:red", "account": "a", "times": "3", "after": "2"}
    html = press("faults", provider="skycore", **wanted)
    form = html.partition('data-testid="own-fault-form"')[2].partition("</form>")[0]
    fields = Fields(html, "own-fault-form")
    assert wanted.items() <= fields.values.items()
    assert fields.pointed == "match"
    assert "is no search key" in objection(form)
    assert re.search(r"<details[^>]* open [^>]*own-fault", html)


def test_a_refused_amount_is_kept_beside_its_objection(press):
    html = press("clock", do="advance", amount="-1", unit="hours")
    assert re.search(r'name="amount"[^>]*value="-1"[^>]*aria-invalid', html)
    assert "<option selected>hours" in html
    assert html.count('data-testid="objection"') == 1


def test_a_refused_account_is_kept_beside_its_objection(press):
    html = press("accounts", provider="skycore", balance="lots")
    form = html.partition('aria-label="New account"')[2].partition("</form>")[0]
    assert 'value="lots"' in form
    assert "<option selected>skycore" in form
    assert "decimal" in objection(form)


def test_refused_settings_are_kept_beside_their_objection_and_the_others_with_them(press, control):
    html = press("accounts/clickatell-demo", callback_url="nonsense", balance="12.5", senders="27000000001\n27000000002")
    account = html.partition('id="account-clickatell-demo"')[2].partition("</article>")[0]
    fields = Fields(account, "settings-form")
    assert (fields.values["callback_url"], fields.values["balance"]) == ("nonsense", "12.5")
    assert fields.pointed == "callback_url"
    assert ">27000000001\n27000000002</textarea>" in account
    assert "must be an http" in objection(account)
    field = account.partition('data-testid="set-callback_url"')[2].partition("</div>")[0]
    assert "must be an http" in field
    assert control.get("/accounts/clickatell-demo")["settings"]["senders"] is None


def test_what_no_field_of_the_form_is_to_blame_for_has_the_focus_itself(press):
    form = press("faults", times="1").partition('data-testid="own-fault-form"')[2].partition("</form>")[0]
    assert re.search(r'class="note bad objected"[^>]*autofocus', form)
    assert "aria-invalid" not in form


# Faults


@pytest.mark.parametrize("preset", ["no-credit", "undelivered", "lost", "duplicate", "unavailable", "slow", "drop", "throttle"])
def test_every_common_fault_is_one_the_control_api_takes(press, control, preset):
    html = press("faults", preset=preset)
    assert not objection(html)
    assert len(control.get("/faults")["faults"]) == 1
    assert f'data-testid="preset-{preset}"' in html


def test_a_common_fault_strikes_the_next_message(press, clickatell):
    press("faults", preset="no-credit")
    assert clickatell.send().startswith("ERR: 301")
    assert clickatell.send().startswith("ID: ")


def test_a_rule_of_ones_own_has_all_it_was_given(press, control):
    press("faults", effect="status", amount="502", match="to:+2799900001", provider="clickatell", times="2", after="1")
    [rule] = control.get("/faults")["faults"]
    assert rule["effect"] == {"status": 502}
    assert (rule["match"], rule["provider"], rule["times"], rule["after"]) == ("to:+2799900001", "clickatell", 2, 1)


@pytest.mark.parametrize(
    ("effect", "amount", "wanted"),
    [
        ("fate:expired", "", {"fate": "expired"}),
        ("refuse:throttled", "", {"refuse": "throttled"}),
        ("delay", "1.5", {"delay": 1.5}),
        ("delay", "", {"delay": 5}),
        ("status", "", {"status": 503}),
        ("truncate", "7", {"truncate": 7}),
        ("rate", "3", {"rate": {"limit": 3, "per": 60}}),
        ("drop", "", {"drop": True}),
        ("garble", "", {"garble": True}),
    ],
)
def test_each_effect_is_asked_for_as_the_control_api_wants_it(press, control, effect, amount, wanted):
    assert not objection(press("faults", effect=effect, amount=amount))
    assert [rule["effect"] for rule in control.get("/faults")["faults"]] == [wanted]


@pytest.mark.parametrize(
    "form", [{}, {"effect": "magic"}, {"effect": "delay", "amount": "x"}, {"effect": "delay", "match": "colour:red"}]
)
def test_a_rule_that_cannot_be_is_refused_in_words(press, control, form):
    assert objection(press("faults", **form))
    assert control.get("/faults")["faults"] == []


def test_one_rule_is_removed_and_then_all(press, control):
    for preset in ("lost", "drop", "slow"):
        press("faults", preset=preset)
    press("faults/remove", fault=control.get("/faults")["faults"][0]["id"])
    assert len(control.get("/faults")["faults"]) == 2
    press("faults/remove")
    assert control.get("/faults")["faults"] == []


# Accounts


def test_an_account_is_shown_with_what_an_application_needs(page):
    html = page("/controls?provider=clickatell")
    assert "http://localhost/clickatell" in html
    for value in ("MyUserName", "MyPassword", "123456", "1000.00 credits"):
        assert value in html
    assert "clicksend-demo" not in html


def test_a_new_account_is_shown_before_the_others(press, control):
    html = press("accounts", provider="skycore", balance="7.50")
    [made] = [one for one in control.get("/accounts")["accounts"] if one["balance"] == "7.50"]
    assert made["provider"] == "skycore"
    assert html.count(f'id="account-{made["id"]}"') == 1
    assert made["credentials"]["api_key"] in html


@pytest.mark.parametrize("form", [{}, {"provider": "nobody"}, {"provider": "skycore", "balance": "much"}])
def test_an_account_that_cannot_be_is_refused_in_words(press, control, form):
    before = len(control.get("/accounts")["accounts"])
    assert objection(press("accounts", **form))
    assert len(control.get("/accounts")["accounts"]) == before


def test_settings_are_changed_as_their_type_wants(press, control):
    form = {
        "balance": "3.5",
        "callback_url": "http://127.0.0.1:9/r",
        "senders": "Acme\n +27999 \n",
        "blocked": "true",
        "rate_limit": "9",
    }
    assert not objection(press("accounts/clickatell-demo", **form))
    account = control.get("/accounts/clickatell-demo")
    assert account["balance"] == "3.50"
    wanted = {"callback_url": "http://127.0.0.1:9/r", "senders": ["Acme", "+27999"], "blocked": True, "rate_limit": 9}
    assert wanted.items() <= account["settings"].items()


def test_a_form_sent_back_as_it_came_changes_nothing(page, press, control):
    control.patch("/accounts/skycore-demo", campaigns={"spring": ["+10000000001"]}, senders=["00000"], blocked=True)
    before = control.get("/accounts/skycore-demo")
    press("accounts/skycore-demo", **SettingsForm(page("/controls?provider=skycore")).fields)
    assert control.get("/accounts/skycore-demo") == before


class SettingsForm(HTMLParser):
    """The names and values of the first settings form, as a browser would send them."""

    def __init__(self, html):
        super().__init__()
        self.fields, self._field, self._option = {}, None, None
        self.feed(html.partition('data-testid="settings-form"')[2].partition("</form>")[0])

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "input":
            self.fields[given["name"]] = given.get("value", "")
        elif tag in {"select", "textarea"}:
            self._field = given["name"]
            self.fields[self._field] = "" if tag == "textarea" else None
        elif tag == "option" and ("selected" in given or self.fields[self._field] is None):
            self.fields[self._field] = given.get("value", "")
            self._option = None if "value" in given else self._field

    def handle_data(self, data):
        if self._option or (self._field and not self.fields[self._field] and data.strip() and self._is_text):
            self.fields[self._option or self._field], self._option = data, None

    def handle_endtag(self, tag):
        if tag in {"select", "textarea"}:
            self._field = None

    @property
    def _is_text(self):
        return self.lasttag == "textarea"


def test_a_field_left_empty_is_back_at_its_default(press, control):
    control.patch("/accounts/clickatell-demo", callback_url="http://127.0.0.1:9/r")
    press("accounts/clickatell-demo", callback_url="")
    assert control.get("/accounts/clickatell-demo")["settings"]["callback_url"] is None


@pytest.mark.parametrize("form", [{"rate_limit": "many"}, {"callback_url": "nowhere"}, {"balance": "-x"}])
def test_a_setting_that_cannot_be_is_refused_in_words(press, control, form):
    before = control.get("/accounts/clickatell-demo")
    assert objection(press("accounts/clickatell-demo", **form))
    assert control.get("/accounts/clickatell-demo") == before


def test_an_account_that_is_not_there_is_a_page_that_says_so(client):
    assert client.post("/controls/accounts/nobody", data={"balance": "1"}, headers=HTML).status_code == 404


def test_an_account_is_closed(press, control):
    made = control.account("skycore")
    press(f"accounts/{made['id']}/close")
    assert control.get(f"/accounts/{made['id']}")["error"]["code"] == "unknown_account"


def test_many_accounts_come_in_pages(page, control):
    for _ in range(25):
        control.account("skycore")
    assert page("/controls?provider=skycore").count('data-testid="account"') == 20
    assert page("/controls?provider=skycore&page=2").count('data-testid="account"') == 6


# Reset


def test_reset_is_asked_for_twice_without_a_script(page):
    html = page()
    before, _, after = html.partition('data-testid="reset-all"')
    assert "reset-everything" not in before
    assert after.index("<summary") < after.index('data-testid="reset-everything"') < after.index("</details>")


def test_what_a_reset_forgets_is_counted_in_good_english(page, clickatell):
    clickatell.send()
    assert "This forgets 1 message, 1 request, 0 campaigns, 0 fault rules," in page()


def test_reset_forgets_everything(press, control, clickatell):
    clickatell.send()
    control.account("skycore")
    accounts = len(control.get("/accounts")["accounts"])
    assert "Everything is as it was" in said(press("reset"))
    assert control.messages() == []
    assert len(control.get("/accounts")["accounts"]) == accounts - 1


def test_the_reset_of_one_account_leaves_the_others(press, control, clickatell, skycore):
    clickatell.send()
    skycore.sendsms()
    press("reset", account="clickatell-demo")
    assert [message["provider"] for message in control.messages()] == ["skycore"]


# Safety


@pytest.mark.parametrize("path", ["clock", "faults", "faults/remove", "accounts", "accounts/skycore-demo", "reset"])
def test_no_page_of_another_site_presses_a_button(client, path):
    headers = HTML | {"Origin": "https://evil.example"}
    assert client.post(f"/controls/{path}", data={"do": "freeze"}, headers=headers).status_code == 403


def test_no_style_or_script_stands_in_the_page(page):
    html = page()
    assert " style=" not in html
    assert "<style" not in html
    assert " onclick" not in html
    assert html.count("<script") == html.count("<script src=")
