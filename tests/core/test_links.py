import pytest

from emulator.core.links import absolute, addresses_in, replace_links


def found(text):
    """The addresses of ``text``."""
    addresses = []
    replace_links(text, lambda address: addresses.append(address) or "")
    return addresses


@pytest.mark.parametrize(
    "address",
    [
        "http://example.com",
        "https://example.com/",
        "HTTPS://EXAMPLE.COM/A",
        "https://example.com:8080/a/b?c=d&e=f#g",
        "http://localhost:5000/x",
        "http://192.0.2.1/x",
        "www.example.com",
        "www.example.museum/x",
        "example.com",
        "Example.Com/Path",
        "example.com:8080/x",
        "example.com?x=1",
        "example.com#top",
        "a-b.example.co.uk/x",
        "bit.ly/3xYz",
        "shop.app",
    ],
)
def test_an_address_is_found_inside_a_sentence(address):
    assert found(f"Go to {address} now") == [address]


@pytest.mark.parametrize("end", [".", ",", "!", "?", ";", ":", ")", '"', "'", "...", ").", "?!", ">", "]"])
def test_punctuation_that_ends_a_sentence_is_not_part_of_the_address(end):
    assert found(f"see http://example.com/a{end} Bye") == ["http://example.com/a"]


@pytest.mark.parametrize("end", [".", ",", "!", "?", ")", "..."])
def test_punctuation_that_ends_a_sentence_is_not_part_of_a_bare_domain(end):
    assert found(f"see example.com{end}") == ["example.com"]


@pytest.mark.parametrize(
    "text",
    [
        "no address here",
        "mail bob@example.com",
        "mail b.o.b@example.co.uk",
        "3.50",
        "e.g. this",
        "1.5kg",
        "v2.0.1",
        "a.b",
        "www",
        "@example.com",
    ],
)
def test_what_is_no_address_is_left_alone(text):
    assert replace_links(text, lambda _: "LINK") == text


def test_each_address_is_replaced_where_it_stands():
    assert replace_links("a.com, then (http://b.org/x).", lambda address: f"<{address}>") == "<a.com>, then (<http://b.org/x>)."


def test_an_address_at_both_ends_of_the_text_is_found():
    assert found("a.com b.com") == ["a.com", "b.com"]


def test_an_address_repeated_is_replaced_each_time():
    assert replace_links("a.com a.com", lambda _: "x") == "x x"


@pytest.mark.parametrize("address", ["http://a.com", "https://a.com", "HTTP://a.com"])
def test_an_address_with_a_scheme_is_absolute(address):
    assert absolute(address) == address


@pytest.mark.parametrize("address", ["a.com/x", "www.a.com", "httpbin.org"])
def test_an_address_without_a_scheme_is_plain_http(address):
    assert absolute(address) == f"http://{address}"


def test_the_addresses_of_a_text_come_in_their_order_each_once():
    assert addresses_in("See (example.com/a), https://b.org/x?y=1. Again: example.com/a") == [
        "example.com/a",
        "https://b.org/x?y=1",
    ]
