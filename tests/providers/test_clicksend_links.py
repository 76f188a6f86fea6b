"""Short links and opt-out links: made per message, followed, counted, reported."""

import re

import pytest

PEOPLE = ("+61491570156", "+61491570157")


@pytest.fixture
def people(clicksend):
    return clicksend.list(*PEOPLE)


def messages(control):
    return control.messages("direction:out")[::-1]


def allowance(clicksend):
    return int(clicksend.call("GET", "/lists").headers["x-ratelimit-remaining"])


def links(control):
    return [message["links"] for message in messages(control)]


class TestShortLinks:
    @pytest.mark.parametrize(
        ("body", "pattern"),
        [
            ("Look", r"Look smsg\.io/[0-9A-Za-z]{5}"),
            ("Look smsg.io/xxxxx now", r"Look smsg\.io/[0-9A-Za-z]{5} now"),
            ("Look http://smsg.io/xxxxx now", r"Look http://smsg\.io/[0-9A-Za-z]{5} now"),
            ("Look https://SMSU.io/XXXXX", r"Look https://SMSU\.io/[0-9A-Za-z]{5}"),
            ("smsg.us/xxxxx", r"smsg\.us/[0-9A-Za-z]{5}"),
        ],
    )
    def test_the_link_stands_where_the_text_says_else_at_its_end(self, clicksend, control, people, body, pattern):
        campaign = clicksend.campaign(people, body=body, url_to_shorten="https://example.com/spring")
        control.advance(2)
        first, second = (message["text"] for message in messages(control))
        assert re.fullmatch(pattern, first)
        assert re.fullmatch(pattern, second)
        assert first != second
        assert clicksend.get(f"/sms-campaigns/{campaign['sms_campaign_id']}")["data"]["body"] == body

    def test_the_link_counts_in_parts_and_price(self, clicksend, control, people):
        """148 characters, a space and twelve of the link make 161."""
        clicksend.campaign(people, body="x" * 148, url_to_shorten="http://example.com")
        control.advance(2)
        assert [message["segments"] for message in messages(control)] == [2, 2]
        assert clicksend.balance == "999.683200"

    @pytest.mark.parametrize("name", ["StopMsg.me/xxxxx", "smsg.io/xxxxx"])
    def test_a_contact_whose_name_looks_like_a_form_gets_no_link_by_it(self, clicksend, control, name):
        people = clicksend.list()
        clicksend.post(f"/lists/{people}/contacts", phone_number=PEOPLE[0], first_name="John", last_name=name)
        clicksend.campaign(people, body="Hi (Last Name), see smsg.io/xxxxx", url_to_shorten="https://example.com/")
        control.advance(2)
        assert re.fullmatch(rf"Hi {name}, see smsg\.io/(?!xxxxx)[0-9A-Za-z]{{5}}", messages(control)[0]["text"])
        assert [link["target"] for link in links(control)[0] if link["local"]] == ["https://example.com/"]

    def test_an_address_that_only_a_contact_has_leaves_the_link_at_the_end(self, clicksend, control):
        people = clicksend.list()
        clicksend.post(f"/lists/{people}/contacts", phone_number=PEOPLE[0], first_name="smsg.io/xxxxx")
        clicksend.campaign(people, body="Hi (First Name)", url_to_shorten="https://example.com/")
        control.advance(2)
        assert re.fullmatch(r"Hi smsg\.io/xxxxx smsg\.io/[0-9A-Za-z]{5}", messages(control)[0]["text"])

    @pytest.mark.parametrize("limit", [1, 2])
    def test_a_link_that_is_cut_off_leads_nowhere(self, clicksends, control, limit):
        clicksend = clicksends(char_limit=limit)
        clicksend.campaign(clicksend.list(PEOPLE[0]), body="x" * 155 + " StopMsg.me/xxxxx")
        control.advance(2)
        [message] = messages(control)
        assert [link["target"] for link in message["links"] if link["local"]] == ["opt-out:"][: limit - 1]

    def test_without_an_address_the_form_stays_as_it_is(self, clicksend, control, people):
        clicksend.campaign(people, body="Look smsg.io/xxxxx")
        control.advance(2)
        assert {message["text"] for message in messages(control)} == {"Look smsg.io/xxxxx"}

    def test_it_leads_to_the_address_by_prefix_and_by_its_host_and_counts(self, client, clicksend, control, people):
        clicksend.campaign(people, url_to_shorten="https://example.com/spring?a=1")
        control.advance(2)
        [link], [other] = links(control)
        short = link["url"].rpartition("/")[2]
        by_prefix = client.get(f"/clicksend/r/{short}")
        by_host = client.get(f"/{short}", headers={"Host": "smsg.io"})
        for response in (by_prefix, by_host):
            assert response.status_code in {301, 302}
            assert response.headers["Location"] == "https://example.com/spring?a=1"
        assert [one["clicks"] for (one,) in links(control)] == [2, 0]
        assert link["local"].endswith(f"/clicksend/r/{short}")
        assert other["url"] != link["url"]

    def test_one_behind_a_scheme_is_one_link_as_the_text_has_it(self, client, clicksend, control, people):
        clicksend.campaign(people, body="Visit http://smsg.io/xxxxx now", url_to_shorten="https://example.com/spring")
        control.advance(2)
        [[link], _] = links(control)
        assert f"Visit {link['url']} now" == messages(control)[0]["text"]
        assert link["target"] == "https://example.com/spring"
        client.get(link["local"])
        assert links(control)[0][0] == {**link, "clicks": 1}

    def test_an_unknown_one_is_not_found(self, client):
        assert client.get("/clicksend/r/abcde").status_code == 404
        assert client.get("/abcde", headers={"Host": "smsg.io"}).status_code == 404

    def test_it_is_not_counted_among_the_requests_of_the_api(self, client, clicksend, control, people):
        clicksend.campaign(people, url_to_shorten="https://example.com/", body="StopMsg.me/xxxxx")
        control.advance(2)
        left = allowance(clicksend)
        for short in [*(link["local"] for link in links(control)[0]), "/clicksend/r/abcde"]:
            for method in ("GET", "HEAD", "POST"):
                assert "ratelimit" not in str(client.open(short, method=method).headers).lower()
        assert allowance(clicksend) == left - 1

    def test_statistics_and_tracking_tell_who_opened_it(self, client, clicksend, control, people):
        campaign = clicksend.campaign(people, url_to_shorten="https://example.com/", body="StopMsg.me/xxxxx")
        control.advance(10)
        short = links(control)[0][-1]["url"].rpartition("/")[2]
        for _ in range(3):
            client.get(f"/clicksend/r/{short}")
        [row] = clicksend.get(f"/short-url/statistics/sms_campaign/{campaign['sms_campaign_id']}")["data"]
        assert row["links"] == {"total": 2, "opened_unique": 1, "opened_total": 3, "unopened": 1}
        tracking = clicksend.get(f"/short-url/tracking/{row['long_url_id']}")
        assert (tracking["total"], tracking["current_page_size"]) == (2, 2)
        assert [
            (one["contact"]["phone_number"], one["contact"]["first_name"], one["open_count"], one["date_opened"])
            for one in tracking["data"]
        ] == [(PEOPLE[0], "John", 3, 1767225610), (PEOPLE[1], "John", 0, None)]

    @pytest.mark.parametrize("source", ["sms_campaign", "sms-campaign", "one-of-them"])
    def test_whatever_the_source_is_called_its_addresses_can_be_tracked(self, clicksend, control, people, source):
        """No document lists the words for sources."""
        campaign = clicksend.campaign(people, url_to_shorten="https://example.com/")
        control.advance(10)
        [row] = clicksend.get(f"/short-url/statistics/{source}/{campaign['sms_campaign_id']}")["data"]
        assert clicksend.get(f"/short-url/tracking/{row['long_url_id']}")["total"] == 2

    def test_tracking_comes_in_pages(self, clicksend, control, people):
        campaign = clicksend.campaign(people, url_to_shorten="https://example.com/")
        control.advance(10)
        [row] = clicksend.get(f"/short-url/statistics/sms_campaign/{campaign['sms_campaign_id']}")["data"]
        first = clicksend.get(f"/short-url/tracking/{row['long_url_id']}", limit=1)
        second = clicksend.get(f"/short-url/tracking/{row['long_url_id']}", limit=1, offset=1)
        assert [page["data"][0]["contact"]["phone_number"] for page in (first, second)] == list(PEOPLE)
        assert ("next_page_url" in first, "next_page_url" in second, "prev_page_url" in second) == (True, False, True)

    def test_a_single_message_is_shortened_where_it_asks_for_it(self, client, clicksend, control):
        sent = clicksend.post(
            "/sms/send", shorten_urls=True, messages=[{"to": PEOPLE[0], "body": "See https://example.com/a. Bye"}]
        )["data"]["messages"][0]
        assert re.fullmatch(r"See smsg\.io/[0-9A-Za-z]{5}\. Bye", sent["body"])
        [[link]] = links(control)
        assert link["target"] == "https://example.com/a"
        [row] = clicksend.get(f"/short-url/statistics/quick_sms/{sent['message_id']}")["data"]
        assert row["links"]["total"] == 1

    def test_an_address_that_is_not_asked_to_be_shortened_stays(self, clicksend):
        assert clicksend.send(body="See https://example.com/a")["body"] == "See https://example.com/a"


class TestOptOut:
    def opt_outs(self, clicksend):
        number = next(row["list_id"] for row in clicksend.rows("/lists") if row["list_name"] == "Opt-Out List")
        return [row["phone_number"] for row in clicksend.rows(f"/lists/{number}/contacts")]

    def test_each_message_has_an_opt_out_link_of_its_own(self, clicksend, control, people):
        campaign = clicksend.campaign(people, body="Hi. stopmsg.me/XXXXX")
        assert (campaign["body"], campaign["unsubscribe_link"]) == ("Hi. stopmsg.me/XXXXX", 1)
        control.advance(2)
        texts = [message["text"] for message in messages(control)]
        assert all(re.fullmatch(r"Hi\. StopMsg\.me/[0-9A-Za-z]{5}", text) for text in texts)
        assert texts[0] != texts[1]

    def test_who_follows_it_is_on_the_list_and_skipped_from_then_on(self, client, clicksend, control, people):
        clicksend.campaign(people, body="StopMsg.me/xxxxx")
        control.advance(2)
        short = links(control)[0][0]["url"].rpartition("/")[2]
        response = client.get(f"/{short}", headers={"Host": "StopMsg.me"})
        assert response.status_code < 400
        assert self.opt_outs(clicksend) == [PEOPLE[0]]
        price = clicksend.post("/sms-campaigns/price", list_id=people, name="x", body="y")["data"]
        campaign = clicksend.campaign(people, body="second")
        control.advance(2)
        assert (price["total_count"], campaign["_total_count"]) == (1, 1)
        assert [one["recipient"] for one in messages(control) if one["text"] == "second"] == [PEOPLE[1]]

    def test_to_look_where_it_leads_opts_nobody_out(self, client, clicksend, control, people):
        """As link previews do."""
        clicksend.campaign(people, body="StopMsg.me/xxxxx")
        control.advance(2)
        client.head(f"/clicksend/r/{links(control)[0][0]['url'].rpartition('/')[2]}")
        assert self.opt_outs(clicksend) == []

    @pytest.mark.parametrize("word", ["STOP", "stop", " Stop. ", "UNSUBSCRIBE", "quit"])
    def test_stop_is_on_the_list_and_skipped_until_start(self, clicksend, control, people, word):
        clicksend.campaign(people)
        control.advance(2)
        reply = {"provider": "clicksend", "to": "+61353787448", "from": PEOPLE[0]}
        control.post("/inbound", text=word, **reply)
        assert self.opt_outs(clicksend) == [PEOPLE[0]]
        assert clicksend.campaign(people)["_total_count"] == 1
        assert clicksend.send(to=PEOPLE[0])["status"] == "INVALID_RECIPIENT"
        control.post("/inbound", text="START", **reply)
        assert self.opt_outs(clicksend) == []
        assert clicksend.campaign(people)["_total_count"] == 2

    def test_no_one_replies_to_an_alpha_tag(self, client, clicksend, control, people):
        clicksend.campaign(people, **{"from": "MyShop"})
        control.advance(2)
        reply = {"provider": "clicksend", "to": "MyShop", "from": PEOPLE[0], "text": "STOP"}
        assert client.post("/_emulator/inbound", json=reply).status_code == 400
        assert self.opt_outs(clicksend) == []

    def test_who_stops_between_schedule_and_sending_costs_nothing(self, clicksend, control, people):
        clicksend.campaign(people, schedule=1767229200)
        control.post("/inbound", provider="clicksend", to="+61353787448", text="STOP", **{"from": PEOPLE[0]})
        control.advance(3600)
        assert [one["recipient"] for one in messages(control)] == [PEOPLE[1]]
        assert clicksend.balance == "999.920800"

    def test_a_contact_taken_off_the_list_is_sent_to_again(self, clicksend, people):
        opt_out = clicksend.rows("/lists")[0]["list_id"]
        contact = clicksend.post(f"/lists/{opt_out}/contacts", phone_number="0491 570 156")["data"]
        assert clicksend.campaign(people)["_total_count"] == 1
        clicksend.delete(f"/lists/{opt_out}/contacts/{contact['contact_id']}")
        assert clicksend.campaign(people)["_total_count"] == 2

    def test_the_list_itself_can_neither_be_deleted_nor_renamed(self, clicksend):
        opt_out = clicksend.rows("/lists")[0]["list_id"]
        assert clicksend.delete(f"/lists/{opt_out}")["http_code"] == 403
        assert clicksend.put(f"/lists/{opt_out}", list_name="Gone")["http_code"] == 403
        assert clicksend.rows("/lists")[0]["list_name"] == "Opt-Out List"
