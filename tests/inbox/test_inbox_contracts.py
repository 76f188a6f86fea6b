"""The contracts page: every documented example, and what this server makes of it."""

import json
import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from urllib.parse import quote
from urllib.request import Request, urlopen

import pytest

from emulator.app import create_app
from emulator.config import Settings
from emulator.core.clock import ManualClock
from emulator.edge.context import EXTENSION
from emulator.examples import Answer
from emulator.fixtures import EVIDENCE
from emulator.inbox.asking import Line
from emulator.inbox.comparison import documented, rows
from emulator.inbox.rehearsal import moves_time
from tests_sheets import EXAMPLES, SHEETS

HTML = {"Accept": "text/html"}
RESULT = HTML | {"HX-Request": "true", "HX-Target": "result"}
PLAIN = "clickatell/auth/01-session.yaml"


@pytest.fixture
def page(client):
    return lambda path="/contracts": client.get(path, headers=HTML).get_data(as_text=True)


@pytest.fixture
def run(client):
    return lambda name: client.post(f"/contracts/{quote(name)}", headers=RESULT).get_data(as_text=True)


def verdict(html):
    return re.search(r'data-testid="verdict">([^<]+)<', html)[1]


def staged():
    return next(one for one in EXAMPLES if one.given.get("account") and moves_time(SHEETS[one.provider], one))


def with_account():
    return next(one for one in EXAMPLES if one.given.get("account") == "new" and not moves_time(SHEETS[one.provider], one))


def test_every_example_stands_in_the_page(page):
    html = page()
    links = set(map(unescape, re.findall(r'<a href="(/contracts/[^"?]+)" data-testid="example-link"', html)))
    assert links == {f"/contracts/{example.provider}/{quote(example.path)}" for example in EXAMPLES}


@pytest.mark.parametrize("provider", [*SHEETS, "all"])
def test_the_ledger_counts_every_level_of_evidence(page, provider):
    row = page().partition(f'data-testid="ledger-{provider}"')[2].partition("</tr>")[0]
    shown = [int(number) for number in re.findall(r">(\d+)</a>", row)]
    counted = Counter(example.evidence for example in EXAMPLES if provider in {example.provider, "all"})
    assert shown == [*(counted[level] for level in EVIDENCE), counted.total()]


def test_examples_are_found_by_provider_evidence_and_words(page):
    wanted = next(one for one in EXAMPLES if one.provider == "clickatell" and one.evidence == "observed")
    html = page(f"/contracts?provider=clickatell&evidence=observed&q={quote(wanted.title.upper())}")
    shown = html.partition('id="contracts-found"')[2]
    assert 1 <= shown.count('data-testid="example"') < sum(one.evidence == "observed" for one in EXAMPLES)
    assert quote(wanted.path) in shown
    assert "evidence-documented" not in shown
    assert 'data-testid="no-examples"' in page("/contracts?q=nothing+is+called+so")


@pytest.mark.parametrize("q", ["/v3/sms/send", "post /clicksend/v3/sms-campaigns/send", "getmsgcharge", "text=hello"])
def test_examples_are_found_by_what_they_ask(page, q):
    shown = page(f"/contracts?q={quote(q)}").partition('id="contracts-found"')[2]
    assert 1 <= shown.count('data-testid="example"') < len(EXAMPLES) / 4


@pytest.mark.parametrize(
    ("evidence", "word"), [("assumed", "expected"), ("observed", "documented"), ("documented", "documented")]
)
def test_an_answer_is_called_documented_only_where_somebody_says_it(page, run, evidence, word):
    example = next(one for one in EXAMPLES if one.evidence == evidence)
    name = f"{example.provider}/{example.path}"
    assert f"{word.capitalize()} answer</h2>" in page(f"/contracts/{quote(name)}")
    assert verdict(run(name)) == f"as {word}"


def test_an_example_names_its_source_and_evidence(page):
    example = SHEETS["clickatell"].examples[0]
    html = unescape(page(f"/contracts/clickatell/{example.path}"))
    assert example.source in html
    assert f'data-testid="evidence">{example.evidence}<' in html


@pytest.mark.parametrize("path", ["/contracts/nobody/x.yaml", "/contracts/clickatell/x.yaml"])
def test_an_example_that_is_not_there_is_a_page_that_says_so(client, path):
    assert client.get(path, headers=HTML).status_code == 404
    assert client.post(path, headers=HTML).status_code == 404


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"{example.provider}/{example.path}")
def test_run_finds_every_answer_as_it_should_be_and_marks_nothing(example, run):
    html = run(f"{example.provider}/{example.path}")
    assert verdict(html) == f"as {example.basis}"
    assert 'data-testid="differs"' not in html
    assert 'data-testid="comparison"' in html


def test_run_asks_this_server(run, control):
    run(PLAIN)
    assert "/clickatell/http/auth" in control.exchange()["request"]["path"]


def test_what_differs_is_marked_and_said(run, control):
    control.patch("/accounts/clickatell-demo", blocked=True)
    html = run(PLAIN)
    assert verdict(html) == "differs here"
    assert 'data-testid="differs"' in html
    assert 'data-testid="difference"' in html


def test_what_differs_by_what_happened_here_says_so_and_how_to_go_back(run, clickatell, control):
    example = "clickatell/sendmsg/02-url-with-values.yaml"
    assert verdict(run(example)) == "as documented"
    control.post("/inbound", provider="clickatell", **{"from": "2799900001", "to": "27000000000", "text": "STOP"})
    html = run(example)
    assert verdict(html) == "differs here"
    told = html.partition('data-testid="of-here"')[2].partition("</div>")[0]
    assert "as documented" in told
    assert "opted out" in told
    assert f'href="/exchanges/{control.exchange()["id"]}"' in told
    assert "#account-clickatell-demo" in told
    control.post("/reset", account="clickatell-demo")
    assert verdict(run(example)) == "as documented"


def test_what_differs_anywhere_is_the_emulators_own_fault(tmp_path):
    folder = tmp_path / "clickatell" / "examples" / "auth"
    folder.mkdir(parents=True)
    (folder / "99-wrong.yaml").write_text(
        "title: Wrong\nsource: none\nevidence: assumed\noperation: ping\nrequest: {method: GET, path: /http/ping}\n"
        "response: {status: 200, text: never}\n"
    )
    client = create_app(Settings(fixtures=tmp_path), clock=ManualClock()).test_client()
    html = client.post("/contracts/clickatell/auth/99-wrong.yaml", headers=RESULT).get_data(as_text=True)
    assert verdict(html) == "differs"
    assert 'data-testid="of-here"' not in html


def test_what_runs_in_private_is_not_on_the_console(run, caplog):
    caplog.set_level("INFO", logger="emulator.console")
    example = staged()
    run(f"{example.provider}/{example.path}")
    assert not caplog.records
    run(PLAIN)
    run("clickatell/sendmsg/02-url-with-values.yaml")
    assert caplog.records


def test_an_account_made_for_a_run_is_closed_again(run, control):
    before = control.get("/accounts")
    example = with_account()
    assert verdict(run(f"{example.provider}/{example.path}")) == f"as {example.basis}"
    assert control.get("/accounts") == before


def test_what_moves_time_runs_where_nobody_notices(run, control):
    before = [control.get(path) for path in ("/clock", "/accounts", "/messages", "/exchanges")]
    example = staged()
    html = run(f"{example.provider}/{example.path}")
    assert verdict(html) == "as documented"
    assert "private emulator" in html
    assert [control.get(path) for path in ("/clock", "/accounts", "/messages", "/exchanges")] == before


def test_the_stage_is_clean_for_everybody(run, app, control):
    example = staged()
    assert [verdict(run(f"{example.provider}/{example.path}")) for _ in range(3)] == [f"as {example.basis}"] * 3
    with app.extensions[EXTENSION].stage.taken() as application:
        there = Line(application, is_own=True).send("GET", "/_emulator/accounts", {}, b"")
    assert len(json.loads(there.body)["accounts"]) <= len(control.get("/accounts")["accounts"]) + 1


def test_a_dropped_answer_is_told_as_one(run, control):
    control.post("/faults", effect={"drop": True})
    html = run(PLAIN)
    assert verdict(html) == "differs here"
    assert "no answer" in html


def test_a_row_gets_its_verdict_alone(client):
    headers = HTML | {"HX-Request": "true", "HX-Target": "verdict-1-clickatell-auth"}
    html = client.post(f"/contracts/{PLAIN}", headers=headers).get_data(as_text=True)
    assert verdict(html) == "as documented"
    assert "<html" not in html


def test_without_a_script_the_whole_page_comes_back(client):
    html = client.post(f"/contracts/{PLAIN}", headers=HTML).get_data(as_text=True)
    assert "<html" in html
    assert verdict(html) == "as documented"


def test_an_answer_is_hostile_text(client, control):
    control.post("/faults", effect={"refuse": "no_credit"}, match='"<script>x"')
    assert "<script>x" not in client.get("/contracts?q=<script>x", headers=HTML).get_data(as_text=True)


# The comparison


def marks(expected, body, status=200):
    answer = Answer(status, {"content-type": "application/json"}, body.encode())
    return [(row.documented, row.found, row.mark) for row in rows({"status": 200, **expected}, answer) if row.mark != "same"]


def test_a_value_that_varies_is_no_difference():
    assert marks({"json": {"a": "xxxx", "b": 1}, "varies": ["a"]}, '{"a": "1234", "b": 1}') == [
        ('  "a": "xxxx",', '  "a": "1234",', "varies")
    ]


def test_a_value_that_differs_is_marked_in_its_line():
    assert marks({"json": {"a": [1, 2]}}, '{"a": [1, 3]}') == [("    2", "    3", "differs")]


def test_a_key_too_many_stands_alone():
    assert (None, '  "b": 2', "differs") in marks({"json": {"a": 1}}, '{"a": 1, "b": 2}')


def test_another_status_is_a_difference():
    assert marks({"text": "x"}, "x", 500) == [("HTTP 200", "HTTP 500", "differs")]


def test_text_varies_by_its_patterns():
    assert marks({"text": "ID: 00\nOK", "varies": ["[0-9]{2}"]}, "ID: 42\nNO") == [
        ("ID: 00", "ID: 42", "varies"),
        ("OK", "NO", "differs"),
    ]


def test_xml_is_laid_out_alike():
    assert marks({"xml": "<a  y='2' x='1'><b/></a>"}, '<?xml version="1.0"?>\n<a x="1" y="2">\n <b></b></a>') == []


def test_an_answer_that_is_not_json_is_shown_as_it_is():
    assert (None, "<html>", "differs") in [(None, found, mark) for _, found, mark in marks({"json": {"a": 1}}, "<html>")]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"{example.provider}/{example.path}")
def test_every_documented_answer_can_be_shown(example):
    assert documented(example.document["response"])[0].text.startswith("HTTP ")


def test_more_runs_at_once_than_there_are_threads_leave_the_server_answering(server_url):
    example = staged()
    paths = [f"/contracts/{PLAIN}", f"/contracts/{example.provider}/{example.path}"] * 20

    def ask(path, body=None):
        with urlopen(Request(server_url + path, body, RESULT), timeout=20) as answer:
            return answer.read().decode()

    with ThreadPoolExecutor(40) as together:
        runs = [together.submit(ask, path, b"") for path in paths]
        assert "ready" in ask("/_emulator/health")
        assert {verdict(run.result()) for run in runs} == {"as documented"}
