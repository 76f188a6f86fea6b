"""Short links that a provider wrote into a text redirect and count."""

import pytest


@pytest.fixture
def link(skycore, control):
    skycore.sendsms("Visit https://www.fakeurl.com/a?b=c for more.", **{"click-tracking": True})
    return control.messages()[0]["links"][0]


def test_a_link_redirects_to_the_address_it_replaced(client, link):
    answer = client.get(link["local"])
    assert (answer.status_code, answer.headers["Location"]) == (302, "https://www.fakeurl.com/a?b=c")


def test_a_link_is_reached_by_the_provider_s_link_host(client, link):
    host, _, path = link["url"].partition("/")
    assert client.get(f"/{path}", headers={"Host": host}).status_code == 302


def test_each_click_is_counted(client, control, link):
    client.get(link["local"])
    client.get(link["local"])
    assert control.messages()[0]["links"][0]["clicks"] == 2


def test_an_unknown_link_is_a_plain_404(client):
    answer = client.get("/skycore/r/00000000")
    assert (answer.status_code, answer.mimetype) == (404, "text/plain")


def test_the_length_of_the_text_does_not_depend_on_our_address(link):
    assert len(link["url"]) == len("skyc.re/r/") + 8


def test_looking_at_a_link_without_following_it_counts_nothing(client, control, link):
    client.head(link["local"])
    assert control.messages()[0]["links"][0]["clicks"] == 0
