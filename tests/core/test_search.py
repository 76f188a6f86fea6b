from decimal import Decimal

import pytest
from core_builders import exchange, message, thorough
from hypothesis import given
from hypothesis import strategies as st

from emulator.core import search as search_module
from emulator.core.errors import Reason, Refusal
from emulator.core.journal import Exchange
from emulator.core.message import Direction, Message, Status
from emulator.core.search import KEYS, Term, every, matching, parse, search, search_exchanges
from emulator.core.segments import Encoding
from emulator.core.webhooks import WebhookCall
from emulator.stores.memory import MemoryStore


def store_of(*entities):
    store = MemoryStore()
    store.put(*entities)
    return store


def holds(query, /, **changes):
    return parse(query).matches(message(**changes))


def ids(messages):
    return [found.id for found in messages]


def numbered(count, **changes):
    return [message(f"m{number}", **changes) for number in range(1, count + 1)]


# Words and phrases


def test_nothing_asked_matches_everything():
    assert holds("  ")


@pytest.mark.parametrize("query", ["code", "CODE", "cod", "Your code", "code your", "text:code", 'text:"your code"'])
def test_words_match_the_text_in_any_case_and_order(query):
    assert holds(query, text="Your Code is 1234")


@pytest.mark.parametrize("query", ['"code your"', "code nothing", "text:nothing"])
def test_every_word_and_the_whole_phrase_must_be_there(query):
    assert not holds(query, text="Your code is 1234")


def test_case_folds_beyond_ascii():
    assert holds("STRASSE", text="Straße")


def test_a_phrase_may_lack_its_closing_quote():
    assert parse('"two words').terms == (Term("text", "two words"),)


@pytest.mark.parametrize("word", ["http://a.com/x", "https://a.com", "12:30", "Re:hello", "a-b", ":", "::"])
def test_a_word_with_a_colon_that_is_no_key_is_a_word(word):
    assert parse(word).terms == (Term("text", word),)


@pytest.mark.parametrize("text", ["-", '""', '-""'])
def test_an_empty_word_asks_nothing(text):
    assert parse(text).terms == ()


@pytest.mark.parametrize("query", ["-nothing", '-"code your"', "code -nothing", "-from:bob", "-status:delivered"])
def test_a_minus_asks_for_what_does_not_match(query):
    assert holds(query, text="Your code is 1234")


@pytest.mark.parametrize("query", ["-code", '-"your code"', "your -code", "-status:sent", "-segments:1"])
def test_a_minus_refuses_what_does_match(query):
    assert not holds(query, text="Your code is 1234")


# Keys

TELLING = {
    "provider": {"provider": "acme"},
    "account": {"account": "acme-1"},
    "to": {"recipient": "+15551234567"},
    "from": {"sender": "ACME"},
    "status": {"status": Status.SENT},
    "encoding": {"encoding": Encoding.UCS2},
    "campaign": {"campaign": "spring"},
    "reference": {"reference": "ref-7"},
    "direction": {"direction": Direction.IN},
}


@pytest.mark.parametrize("key", TELLING)
def test_a_key_matches_the_whole_value(key):
    [value] = TELLING[key].values()
    assert holds(f"{key}:{value}", **TELLING[key])


@pytest.mark.parametrize("key", sorted(TELLING.keys() - {"status", "encoding", "direction"}))
def test_a_key_does_not_match_part_of_a_value(key):
    [value] = TELLING[key].values()
    assert not holds(f"{key}:{value[:-1]}", **TELLING[key])


@pytest.mark.parametrize("key", ["campaign", "reference"])
def test_a_message_without_a_value_matches_no_value_of_the_key(key):
    assert not holds(f"{key}:none")


@pytest.mark.parametrize("query", ["to:15551234567", "to:+15551234567", 'to:"+15551234567"'])
def test_a_number_matches_with_or_without_plus(query):
    assert holds(query, recipient="+15551234567")


def test_a_quoted_value_may_have_blanks():
    assert holds('from:"Acme Inc"', sender="Acme Inc")


def test_a_phrase_that_looks_like_a_key_is_a_phrase():
    assert holds('"status:sent"', text="my status:sent")


@pytest.mark.parametrize("query", ["colour:red", "-colour:red", "hello colour:red"])
def test_a_key_that_does_not_exist_is_refused(query):
    with pytest.raises(Refusal) as caught:
        parse(query)
    assert (caught.value.reason, caught.value.field) == (Reason.INVALID_FIELD, "q")


def test_a_refused_key_is_answered_with_those_there_are():
    with pytest.raises(Refusal) as caught:
        parse("colour:red")
    assert all(f"{key}:" in caught.value.detail for key in KEYS)


# Numbers


@pytest.mark.parametrize(
    "query", ["segments:3", "segments:=3", "segments:>2", "segments:>=3", "segments:<4", "segments:<=3", "parts:3"]
)
def test_numbers_compare(query):
    assert holds(query, segments=3)


@pytest.mark.parametrize("query", ["segments:2", "segments:>3", "segments:>=4", "segments:<3", "segments:<=2", "parts:>3"])
def test_numbers_compare_to_false(query):
    assert not holds(query, segments=3)


@pytest.mark.parametrize("query", ["price:0.1", "price:0.10", "price:>0.09", "price:<0.11"])
def test_prices_compare_as_decimals(query):
    assert holds(query, price=Decimal("0.10"))


@pytest.mark.parametrize("query", ["segments:many", "price:>", "price:0,1", "parts:>>1", "-price:x"])
def test_a_comparison_with_no_number_is_refused(query):
    with pytest.raises(Refusal) as caught:
        parse(query)
    assert (caught.value.reason, caught.value.field) == (Reason.INVALID_FIELD, "q")


# Searching


def test_the_newest_come_first():
    page = search(store_of(*numbered(3)), parse(""), limit=10)
    assert ids(page.messages) == ["m3", "m2", "m1"]


def test_a_page_tells_how_many_there_are_in_all():
    page = search(store_of(*numbered(5)), parse(""), limit=2)
    assert (len(page.messages), page.total, page.total_is_exact) == (2, 5, True)


def test_the_cursor_continues_behind_the_last_of_a_page():
    store = store_of(*numbered(5, text="x"))
    first = search(store, parse("x"), limit=2)
    second = search(store, parse("x"), limit=2, cursor=first.next_cursor)
    assert ids(first.messages + second.messages) == ["m5", "m4", "m3", "m2"]


@pytest.mark.parametrize("limit", [3, 4])
def test_the_last_page_has_no_cursor(limit):
    assert search(store_of(*numbered(3)), parse(""), limit=limit).next_cursor is None


def test_the_total_does_not_shrink_from_page_to_page():
    store = store_of(*numbered(5))
    assert search(store, parse("text:hi"), limit=2, cursor="m4").total == 5


def test_only_matching_messages_are_found():
    store = store_of(message("m1", text="one"), message("m2", text="two"), message("m3", text="one"))
    page = search(store, parse("one"), limit=10)
    assert (ids(page.messages), page.total) == (["m3", "m1"], 2)


@pytest.mark.parametrize("query", ["after:m2", "after:m2 hi", "hi after:m2"])
def test_after_names_the_newest_message_that_is_too_old(query):
    store = store_of(*numbered(4))
    page = search(store, parse(query), limit=10)
    assert (ids(page.messages), page.total) == (["m4", "m3"], 2)


@pytest.mark.parametrize(
    "query", ["account:acme-1", "provider:acme", "to:15551234567", "to:+15551234567", "reference:r1", "to:85355"]
)
def test_a_question_the_index_answers_needs_no_reading(query):
    assert parse(query).is_indexed


@pytest.mark.parametrize(
    "query", ["hi", "-account:acme-1", "from:bob", "after:m1", "to:15551234567 hi", "to:15551234567 to:15557654321"]
)
def test_a_question_the_index_cannot_answer_alone_is_read(query):
    assert not parse(query).is_indexed


@pytest.mark.parametrize("query", ["to:15550000001", "to:+15550000001", "to:15550000001 provider:acme"])
def test_the_index_finds_a_number_with_or_without_plus(query):
    store = store_of(message("m1", recipient="+15550000001"), message("m2", recipient="+15550000002"))
    assert ids(matching(store, parse(query))) == ["m1"]


def test_the_index_finds_a_short_code_as_sent():
    store = store_of(message("m1", recipient="85355"), message("m2", recipient="85356"))
    assert ids(matching(store, parse("to:85355"))) == ["m1"]


def test_two_values_of_one_key_match_nothing():
    store = store_of(message("m1", recipient="+15550000001"), message("m2", recipient="+15550000002"))
    assert ids(matching(store, parse("to:15550000001 to:15550000002"))) == []


def test_a_search_without_index_reads_only_the_newest_and_says_so(monkeypatch):
    monkeypatch.setattr(search_module, "SCANNED", 3)
    page = search(store_of(*numbered(5)), parse("hi"), limit=10)
    assert (ids(page.messages), page.total, page.total_is_exact) == (["m5", "m4", "m3"], 3, False)


def test_a_search_that_could_read_everything_is_exact(monkeypatch):
    monkeypatch.setattr(search_module, "SCANNED", 3)
    page = search(store_of(*numbered(3)), parse("hi"), limit=10)
    assert (page.total, page.total_is_exact) == (3, True)


@pytest.mark.parametrize("query", ["", "account:acme-1", "provider:acme to:15551234567"])
def test_an_indexed_search_is_exact_however_many_there_are(monkeypatch, query):
    monkeypatch.setattr(search_module, "SCANNED", 3)
    page = search(store_of(*numbered(5)), parse(query), limit=10)
    assert (len(page.messages), page.total, page.total_is_exact) == (5, 5, True)


def test_an_index_lets_a_text_search_reach_older_messages(monkeypatch):
    monkeypatch.setattr(search_module, "SCANNED", 3)
    store = store_of(message("m0", recipient="+15550000001"), *numbered(5))
    assert ids(matching(store, parse("hi to:15550000001"))) == ["m0"]


def test_every_reads_on_where_a_search_stops(monkeypatch):
    monkeypatch.setattr(search_module, "SCANNED", 3)
    assert ids(every(store_of(*numbered(5)), parse("hi"))) == ["m5", "m4", "m3", "m2", "m1"]


def test_every_stops_at_the_message_that_is_too_old():
    assert ids(every(store_of(*numbered(4)), parse("after:m2"))) == ["m4", "m3"]


terms = st.builds(
    "{}{}".format,
    st.sampled_from(["", "-"]),
    st.sampled_from(
        ["a", "b", "account:x", "account:y", "to:15550000001", "status:sent", "segments:>1", "reference:r", "from:bob"]
    ),
)
messages = st.builds(
    dict,
    text=st.sampled_from(["a", "b", "ab"]),
    account=st.sampled_from(["x", "y"]),
    recipient=st.sampled_from(["+15550000001", "+15550000002"]),
    status=st.sampled_from([Status.SENT, Status.DELIVERED]),
    segments=st.integers(1, 2),
    reference=st.sampled_from([None, "r"]),
    sender=st.sampled_from(["bob", "eve"]),
)


@thorough
@given(st.lists(messages, max_size=12), st.lists(terms, max_size=4).map(" ".join))
def test_a_search_finds_exactly_the_messages_that_match(stored, text):
    sent = [message(f"m{number}", **changes) for number, changes in enumerate(stored)]
    page = search(store_of(*sent), parse(text), limit=100)
    expected = ids(reversed([one for one in sent if parse(text).matches(one)]))
    assert (ids(page.messages), page.total) == (expected, len(expected))


# Exchanges


def exchanges_found(store, text, **paging):
    return ids(search_exchanges(store, parse(text, Exchange), limit=paging.pop("limit", 10), **paging))


def test_the_newest_exchanges_come_first_up_to_the_limit():
    store = store_of(exchange("x1"), exchange("x2"), exchange("x3"))
    assert exchanges_found(store, "", limit=2) == ["x3", "x2"]


def test_exchanges_continue_behind_the_cursor():
    store = store_of(exchange("x1"), exchange("x2"), exchange("x3"))
    assert exchanges_found(store, "", cursor="x3") == ["x2", "x1"]


def test_exchanges_stop_at_the_one_that_is_too_old():
    store = store_of(exchange("x1"), exchange("x2"), exchange("x3"))
    assert exchanges_found(store, "after:x1") == ["x3", "x2"]


@pytest.mark.parametrize(
    "query", ["SEND", "post", '"to=1"', "wanted", "answered", "provider:acme", "account:acme-1", "status:403", "-200"]
)
def test_an_exchange_is_found_by_what_was_on_the_wire(query):
    store = store_of(exchange(request_body=b"I wanted", response_body=b"we answered", status=403))
    assert exchanges_found(store, query) == ["x1"]


@pytest.mark.parametrize("query", ["-wanted", "provider:other", "account:acme-2", "status:200", "to:15551234567", "segments:1"])
def test_an_exchange_that_does_not_match_is_not_found(query):
    store = store_of(exchange(request_body=b"I wanted", status=403))
    assert exchanges_found(store, query) == []


@pytest.mark.parametrize("query", ["to:15551234567", "status:delivered", "segments:>1", "unseen"])
def test_an_exchange_is_found_by_one_of_its_messages(query):
    sent = [message("m1", text="unseen"), message("m2", status=Status.DELIVERED, segments=2)]
    store = store_of(*sent, exchange(messages=("m1", "m2")))
    assert exchanges_found(store, query) == ["x1"]


def test_a_negated_term_refuses_an_exchange_if_one_of_its_messages_matches():
    store = store_of(message("m1"), message("m2", status=Status.DELIVERED), exchange(messages=("m1", "m2")))
    assert exchanges_found(store, "-status:delivered") == []


def test_a_forgotten_message_of_an_exchange_is_passed_over():
    store = store_of(message("m1"), exchange(messages=("m1",)))
    store.remove(Message, "m1")
    assert (exchanges_found(store, ""), exchanges_found(store, "hi")) == (["x1"], [])


def test_a_body_that_is_no_text_can_be_searched():
    store = store_of(exchange(request_body=b"\xff\xfewanted"))
    assert exchanges_found(store, "wanted") == ["x1"]


# Terms that could never match


@pytest.mark.parametrize("query", ["to:", 'to:""', "-to:", "text:", "after:", "segments:", "parts:", "to: Hello"])
def test_a_key_without_a_value_is_refused_by_name(query):
    with pytest.raises(Refusal, match=f'"{query.lstrip("-").partition(":")[0]}:" needs a value') as refused:
        parse(query)
    assert refused.value.field == "q"


@pytest.mark.parametrize(
    ("query", "there"), [("status:delivred", "delivered"), ("-direction:inn", "out"), ("encoding:gsm", "gsm7")]
)
def test_a_value_of_a_closed_set_that_there_is_not_is_refused_with_those_there_are(query, there):
    with pytest.raises(Refusal, match=f'there is no "{query.lstrip("-")}"; there are .*{there}'):
        parse(query)


@pytest.mark.parametrize("query", ["status:Delivered", 'direction:"IN"', "encoding:UCS2", "provider:anyone"])
def test_values_of_closed_sets_are_known_in_any_case(query):
    assert len(parse(query).terms) == 1


def test_a_provider_is_checked_where_they_are_known():
    assert parse("provider:Acme", providers=["acme"]).terms
    with pytest.raises(Refusal, match="there are acme"):
        parse("provider:acne", providers=["acme"])


def test_an_http_status_is_a_status_of_exchanges_alone():
    assert parse("status:403", Exchange).terms
    for query, kinds in (("status:403", ()), ("status:999", [Exchange]), ("status:403", [WebhookCall])):
        with pytest.raises(Refusal, match="there is no"):
            parse(query, *kinds)


def test_a_state_is_a_status_of_webhooks_alone():
    assert parse("status:pending", WebhookCall).terms
    with pytest.raises(Refusal, match="there is no"):
        parse("status:pending", Exchange)
