"""A refused request: why, and the wire."""

import time


def test_a_refusal_tells_rule_code_field_document_evidence_and_the_setting_that_decides(inbox, clickatell, control):
    control.patch("/accounts/clickatell-demo", senders=["27000000001"])
    clickatell.send(text="Hi", **{"from": "27000000002"})
    exchange = control.exchange()
    page, refusal = inbox(f"/exchanges/{exchange['id']}"), exchange["refusal"]
    shown = page.xpath('//*[@data-testid="ruling"]')[0].text_content()
    for fact in ("rule", "code", "field", "source", "evidence"):
        assert refusal[fact] in shown
    assert "The setting senders decides this." in " ".join(shown.split())


def test_its_wire_hides_the_credentials_that_were_tried(inbox, client, control):
    client.get("/clickatell/http/sendmsg?user=MyUserName&password=Wr0ngWord&api_id=123456&to=2799900001&text=Hi")
    page = inbox(f"/exchanges/{control.exchange()['id']}")
    assert "password=***" in page.source
    assert "Wr0ngWord" not in page.source


def test_an_accepted_request_names_its_messages(inbox, clickatell, control):
    clickatell.send()
    page = inbox(f"/exchanges/{control.exchange()['id']}")
    assert page.xpath(
        f'//section[@aria-label="Messages"]//a[starts-with(@href, "/messages/{control.newest()["id"]}")]/text()'
    ) == ["+2799900001"]


def test_each_refused_recipient_of_a_request_has_its_own_rule(inbox, some_refused, control):
    page = inbox(f"/exchanges/{control.exchange()['id']}", part="detail")
    assert page.texts("refused-to") == ["x", "+15005550012"]
    assert page.texts("rule") == [one["rule"] for one in control.exchange()["refused"]]
    assert len(set(page.texts("rule"))) == 2


def test_the_control_api_tells_every_refused_recipient_beside_the_first_refusal(some_refused, control):
    exchange = control.exchange()
    assert [one.pop("to") for one in exchange["refused"]] == ["x", "+15005550012"]
    assert exchange["refused"][0] == exchange["refusal"]


def test_a_request_that_is_gone_is_a_page_that_says_so(inbox):
    assert inbox("/exchanges/nothing").status == 404


def test_a_body_made_to_take_long_is_shown_all_the_same(inbox, skycore, control):
    skycore.post("<" * 60_000)
    path = f"/exchanges/{control.exchange()['id']}"
    begin = time.perf_counter()
    assert inbox(path).status == 200
    assert time.perf_counter() - begin < 2
