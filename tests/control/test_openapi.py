"""The description of the control API, and the page made from it."""

import re
from html.parser import HTMLParser

import pytest

from emulator.control.errors import status_of
from emulator.control.openapi import calls
from emulator.control.spoken import spoken_by


@pytest.fixture
def document(client):
    return client.get("/_emulator/openapi.json").get_json()


def test_every_call_is_described(app, document):
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/_emulator/")]
    assert all(spoken_by(app.view_functions[rule.endpoint]) for rule in rules)
    described = {(path, method) for path, operations in document["paths"].items() for method in operations}
    there = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in rules
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert described == there


def test_names_are_unique_and_every_reference_leads_somewhere(document):
    names = [operation["operationId"] for operations in document["paths"].values() for operation in operations.values()]
    assert len(names) == len(set(names))
    references = set(re.findall(r"#/components/schemas/(\w+)", str(document)))
    assert references <= set(document["components"]["schemas"])


def test_what_a_message_has_is_what_is_described(document, clickatell, control):
    clickatell.send()
    schema = document["components"]["schemas"]["Message"]
    assert list(control.messages()[0]) == list(schema["properties"])


def test_a_search_is_described_with_its_bounds(document):
    limit = next(one for one in document["paths"]["/_emulator/messages"]["get"]["parameters"] if one["name"] == "limit")
    assert limit["schema"] == {"type": "integer", "default": 50, "minimum": 1, "maximum": 1000}


@pytest.mark.parametrize("bogus", ["bogus", "limit"])
def test_a_parameter_that_a_call_does_not_have_is_refused_by_every_call(app, client, bogus):
    for call in calls(app):
        if bogus in getattr(call.spoken.query, "_declared_fields", ()):
            continue
        answer = client.open(f"{re.sub('<[^>]*>', 'x', call.path)}?{bogus}=1", method=call.method.upper())
        assert (answer.status_code, answer.get_json()["error"]["field"]) == (400, bogus), call.path


def test_every_error_that_a_call_names_has_a_status_of_its_own(app):
    codes = {code for call in calls(app) for code in call.spoken.errors}
    assert codes
    assert 400 not in set(map(status_of, codes))


class Page(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags, self.links, self.ids = [], [], set()
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.tags.append(tag)
        self.ids.add(given.get("id"))
        self.links += [given[name] for name in ("href", "src") if name in given]


def test_the_page_needs_nothing_and_runs_nothing(client):
    answer = client.get("/_emulator/docs", headers={"Host": "127.0.0.1:7670"})
    page = Page(answer.get_data(as_text=True))
    assert answer.mimetype == "text/html"
    assert not {"script", "img", "link", "iframe", "form"} & set(page.tags)
    assert {link for link in page.links if not link.startswith("#")} == {"http://127.0.0.1:7670/_emulator/openapi.json"}
    assert {link[1:] for link in page.links if link.startswith("#")} <= page.ids
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy


def test_the_page_tells_every_call(client, document):
    text = client.get("/_emulator/docs").get_data(as_text=True)
    for path, operations in document["paths"].items():
        for operation in operations.values():
            assert f"{path}</h3>" in text
            assert operation["summary"].split("`")[0].replace("'", "&#39;") in text


def test_every_body_has_an_example_that_is_taken(client, document, clickatell, control):
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if "requestBody" in operation:
                control.post("/reset")
                clickatell.send()
                there = {"account_id": "clickatell-demo", "message_id": control.messages()[0]["id"]}
                example = operation["requestBody"]["content"]["application/json"]["example"]
                assert client.open(path.format(**there), method=method, json=example).status_code < 300, path


def test_the_page_shows_the_examples_and_what_each_error_means(client):
    text = client.get("/_emulator/docs").get_data(as_text=True)
    assert "{…}" not in text
    assert "unknown provider, or unknown account" in text
    assert "`" not in text
