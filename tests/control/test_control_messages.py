"""Messages over the control API: list, search, page, one, forget."""

import pytest

KEYS = [
    "id", "provider", "account", "direction", "sender", "recipient", "country", "text", "encoding", "segments", "status",
    "error", "price", "currency", "reference", "campaign", "provider_message_id", "created_at", "updated_at", "due_at",
    "codes", "warnings", "links",
]  # fmt: skip


def test_a_message_has_the_documented_keys(clickatell, control):
    clickatell.send()
    assert list(control.messages()[0]) == KEYS


def test_a_message_is_shown_in_our_words(clickatell, control):
    clickatell.send(to="447700900123", text="Your code is 123-456", **{"from": "ACME", "climsgid": "ref1"})
    message = control.messages()[0]
    shown = {
        key: message[key] for key in ("recipient", "sender", "country", "reference", "codes", "status", "price", "currency")
    }
    assert shown == {
        "recipient": "+447700900123",
        "sender": "ACME",
        "country": "GB",
        "reference": "ref1",
        "codes": ["123456"],
        "status": "sent",
        "price": "1.50",
        "currency": "credits",
    }
    assert message["created_at"] == "2026-01-01T00:00:00Z"


def test_one_message_has_parts_timeline_and_its_exchange(clickatell, control):
    clickatell.send(text="a" * 161, concat="2")
    control.advance(2)
    message = control.newest()
    assert [(part["units"], part["udh"][:6]) for part in message["parts"]] == [(153, "050003"), (8, "050003")]
    assert "".join(part["text"] for part in message["parts"]) == "a" * 161
    assert [step["status"] for step in message["timeline"]] == ["queued", "sent", "delivered"]
    assert message["webhooks"] == []
    assert control.get(f"/exchanges/{message['exchange_id']}")["messages"] == [message["id"]]


def test_characters_that_forced_ucs2_are_named(skycore, control):
    skycore.sendsms("Fine ’tis “good”")
    named = "’ right single quotation mark, “ left double quotation mark, ” right double quotation mark"
    assert control.messages()[0]["warnings"] == [f"not in the GSM alphabet, so sent as UCS-2: {named}"]


def test_an_unknown_message_is_404(client):
    answer = client.get("/_emulator/messages/nosuch")
    assert answer.status_code == 404
    assert answer.get_json()["error"] == {"code": "unknown_message", "message": "no message 'nosuch'", "field": None}


def test_messages_come_newest_first_in_pages(clickatell, control):
    for number in range(5):
        clickatell.send(text=f"text {number}")
    first = control.get("/messages?limit=2")
    second = control.get(f"/messages?limit=2&cursor={first['next_cursor']}")
    third = control.get(f"/messages?limit=2&cursor={second['next_cursor']}")
    pages = [[message["text"] for message in page["messages"]] for page in (first, second, third)]
    assert pages == [["text 4", "text 3"], ["text 2", "text 1"], ["text 0"]]
    assert (first["total"], third["next_cursor"]) == (5, None)


@pytest.mark.parametrize(
    ("q", "texts"),
    [
        ("", ["second", "first message"]),
        ("first", ["first message"]),
        ('"first message"', ["first message"]),
        ("-first", ["second"]),
        ("to:2799900002", ["second"]),
        ("to:+2799900002", ["second"]),
        ("from:ACME", ["second"]),
        ("status:sent provider:clickatell", ["second", "first message"]),
        ("status:delivered", []),
        ("segments:>1", []),
        ("parts:1 price:>=1", ["second", "first message"]),
        ("direction:out encoding:gsm7", ["second", "first message"]),
        ("reference:ref2", ["second"]),
        ("account:clickatell-demo", ["second", "first message"]),
        ("account:other", []),
    ],
)
def test_q_finds_messages(clickatell, control, q, texts):
    clickatell.send(text="first message")
    clickatell.send(to="2799900002", text="second", **{"from": "ACME", "climsgid": "ref2"})
    assert [message["text"] for message in control.messages(q)] == texts


def test_q_after_an_id_finds_what_is_newer(clickatell, control):
    clickatell.send(text="old")
    old = control.messages()[0]["id"]
    clickatell.send(text="new")
    assert [message["text"] for message in control.messages(f"after:{old}")] == ["new"]


@pytest.mark.parametrize(
    ("query", "field"),
    [("q=colour:red", "q"), ("q=segments:>x", "q"), ("limit=0", "limit"), ("limit=1001", "limit"), ("page=2", "page")],
)
def test_a_query_that_makes_no_sense_is_400_and_names_the_field(client, query, field):
    answer = client.get(f"/_emulator/messages?{query}")
    assert answer.status_code == 400
    assert answer.get_json()["error"]["field"] == field


def test_forgetting_by_q_leaves_the_rest(clickatell, control):
    clickatell.send(text="keep")
    clickatell.send(text="forget")
    assert control.delete("/messages?q=forget") == {"deleted": 1}
    assert [message["text"] for message in control.messages()] == ["keep"]


def test_what_is_planned_for_a_forgotten_message_does_not_happen(clickatell, control):
    clickatell.send()
    control.delete("/messages")
    assert control.advance(10)["fired"] == []


def test_binary_messages_show_their_octets(clickatell, control):
    clickatell.send(text="040601AE", udh="0605040B8423F0")
    message = control.newest()
    assert (message["text"], message["encoding"]) == ("040601AE", "binary")
    assert message["parts"] == [{"text": "040601AE", "units": 4, "udh": "0605040B8423F0"}]


@pytest.mark.parametrize("q", ["price:>nan", "segments:nan", "price:inf", "-after:x", "colour:", "colour:red"])
def test_a_term_that_says_nothing_is_refused(client, q):
    assert client.get("/_emulator/messages", query_string={"q": q}).status_code == 400


def test_q_after_a_message_that_other_terms_exclude(clickatell, control):
    clickatell.send(to="2799900001", text="old")
    clickatell.send(to="2799900002", text="new")
    newest = control.messages()[0]["id"]
    assert control.messages(f"after:{newest} to:2799900001") == []


def test_provider_and_account_count_in_any_case_and_references_do_not(clickatell, control):
    clickatell.send(cliMsgId="AbC")
    assert len(control.messages("provider:Clickatell account:CLICKATELL-DEMO")) == 1
    assert len(control.messages("reference:AbC")) == 1
    assert control.messages("reference:abc") == []


def test_a_count_that_reading_had_to_stop_says_so(clickatell, control, monkeypatch):
    monkeypatch.setattr("emulator.core.search.SCANNED", 2)
    for _ in range(3):
        clickatell.send()
    answer = control.get("/messages?q=Hello")
    assert (answer["total"], answer["total_is_exact"]) == (2, False)
    assert "total_is_exact" not in control.get("/messages?q=provider:clickatell")


@pytest.mark.parametrize("query", ["cursor=nosuch", "q=after:nosuch"])
def test_going_on_from_a_message_that_is_not_there_is_400(client, clickatell, query):
    clickatell.send()
    for path in ("messages", "exchanges"):
        assert client.get(f"/_emulator/{path}?{query}").status_code == 400


def plain(url, target):
    return {"url": url, "target": target, "local": None, "clicks": 0}


def test_the_addresses_of_a_text_are_links(clickatell, control):
    clickatell.send(text="Verify at https://example.com/verify?token=abc. Or example.com, example.com")
    links = [plain("https://example.com/verify?token=abc", "https://example.com/verify?token=abc")]
    assert control.messages()[0]["links"] == [*links, plain("example.com", "http://example.com")]


def test_a_short_link_is_listed_once_and_before_other_addresses(skycore, control):
    skycore.sendsms("See https://www.fakeurl.com/a", **{"click-tracking": True})
    [short] = control.messages()[0]["links"]
    assert (short["target"], short["local"].startswith("/skycore/r/")) == ("https://www.fakeurl.com/a", True)


@pytest.mark.parametrize("path", ["messages", "messages/wait", "exchanges", "webhooks"])
@pytest.mark.parametrize("q", ["to:", "direction:inn", "provider:nosuch", "status:nosuch"])
def test_a_search_that_could_never_match_is_400(client, path, q):
    answer = client.get(f"/_emulator/{path}", query_string={"q": q})
    assert (answer.status_code, answer.get_json()["error"]["field"]) == (400, "q")


@pytest.mark.parametrize("q", ["to:", "provider:nosuch"])
def test_nothing_is_forgotten_by_a_search_that_could_never_match(client, clickatell, control, q):
    clickatell.send()
    assert client.delete("/_emulator/messages", query_string={"q": q}).status_code == 400
    assert len(control.messages()) == 1


def test_a_fault_that_could_never_match_is_400(client):
    answer = client.post("/_emulator/faults", json={"effect": {"drop": True}, "match": "to:"})
    assert answer.status_code == 400


def test_exchanges_are_found_by_their_http_status(clickatell, control):
    clickatell.send()
    assert len(control.get("/exchanges?q=status:200")["exchanges"]) == 1
    assert control.get("/exchanges?q=status:404")["exchanges"] == []
