"""Two accounts: what belongs to one is not there for the other, and stays as it is."""

import pytest

LATER = 1767229200
BODY = {
    "list_name": "x", "name": "x", "body": "x", "list_id": 428, "phone_number": "+61491570159", "template_name": "x",
    "rule_name": "x", "action": "POLL",
}  # fmt: skip
CALLS = [  # method, path, HTTP status for a stranger
    ("GET", "/lists/{list}", 404),
    ("PUT", "/lists/{list}", 404),
    ("DELETE", "/lists/{list}", 404),
    ("PUT", "/lists/{list}/remove-duplicates/", 404),
    ("PUT", "/lists/{list}/remove-opted-out-contacts/{own_opt_out}", 404),
    ("PUT", "/lists/{own_list}/remove-opted-out-contacts/{opt_out}", 404),
    ("POST", "/lists/{list}/import", 404),
    ("POST", "/lists/{list}/import-csv-preview", 404),
    ("GET", "/lists/{list}/contacts", 404),
    ("POST", "/lists/{list}/contacts", 403),
    ("GET", "/lists/{list}/contacts/{contact}", 404),
    ("PUT", "/lists/{list}/contacts/{contact}", 404),
    ("DELETE", "/lists/{list}/contacts/{contact}", 404),
    ("GET", "/lists/{own_list}/contacts/{contact}", 404),
    ("PUT", "/lists/{own_list}/contacts/{contact}", 404),
    ("DELETE", "/lists/{own_list}/contacts/{contact}", 404),
    ("PUT", "/lists/{list}/contacts/{contact}/copy/{own_list}", 404),
    ("PUT", "/lists/{own_list}/contacts/{own_contact}/copy/{list}", 404),
    ("PUT", "/lists/{list}/contacts/{contact}/transfer/{own_list}", 404),
    ("PUT", "/lists/{own_list}/contacts/{own_contact}/transfer/{list}", 404),
    ("PUT", "/lists/{own_list}/contacts/{own_contact}/{list}", 404),
    ("GET", "/sms-campaigns/{campaign}", 404),
    ("PUT", "/sms-campaigns/{campaign}", 404),
    ("PUT", "/sms-campaigns/{campaign}/cancel", 404),
    ("GET", "/short-url/statistics/sms_campaign/{sent_campaign}", 404),
    ("GET", "/short-url/statistics/quick_sms/{sent}", 404),
    ("GET", "/short-url/tracking/{long_url}", 404),
    ("PUT", "/sms/{waiting}/cancel", 404),
    ("GET", "/sms/receipts/{sent}", 404),
    ("GET", "/sms/inbound/{sent}", 404),
    ("PUT", "/sms/inbound-read/{reply}", 404),
    ("GET", "/sms/templates/{template}", 404),
    ("PUT", "/sms/templates/{template}", 404),
    ("DELETE", "/sms/templates/{template}", 404),
    ("GET", "/senders/default-senders/{default_sender}", 404),
    ("PATCH", "/senders/default-senders/{default_sender}", 404),
    ("DELETE", "/senders/default-senders/{default_sender}", 404),
    ("GET", "/alpha-tags/{alpha_tag}", 404),
    ("DELETE", "/alpha-tags/{alpha_tag}", 404),
    ("GET", "/own-numbers/{own_number}", 404),
    ("PATCH", "/own-numbers/{own_number}", 404),
    ("DELETE", "/own-numbers/{own_number}", 404),
    ("POST", "/own-numbers/verifications/{verification}/verify", 404),
    ("GET", "/subaccounts/{subaccount}", 403),
    ("PUT", "/subaccounts/{subaccount}", 403),
    ("DELETE", "/subaccounts/{subaccount}", 403),
    ("PUT", "/subaccounts/{subaccount}/regen-api-key", 403),
    ("GET", "/automations/sms/receipts/{receipt_rule}", 404),
    ("PUT", "/automations/sms/receipts/{receipt_rule}", 404),
    ("DELETE", "/automations/sms/receipts/{receipt_rule}", 404),
    ("GET", "/automations/sms/inbound/{inbound_rule}", 404),
    ("PUT", "/automations/sms/inbound/{inbound_rule}", 404),
    ("DELETE", "/automations/sms/inbound/{inbound_rule}", 404),
]
VIEWS = (
    "/lists", "/sms-campaigns", "/sms/history", "/sms/receipts", "/sms/inbound", "/sms/templates", "/search/contacts-lists",
    "/automations/sms/receipts", "/automations/sms/inbound", "/subaccounts",
)  # fmt: skip


@pytest.fixture
def owner(clicksends):
    return clicksends()


@pytest.fixture
def stranger(clicksends):
    return clicksends()


def furnished(owner, control):
    """Ids of one of everything that an account can have."""
    people = owner.list("+61491570156")
    rules = {"rule_name": "x", "action": "POLL"}
    ids = {
        "list": people,
        "opt_out": owner.rows("/lists")[0]["list_id"],
        "contact": owner.rows(f"/lists/{people}/contacts")[0]["contact_id"],
        "template": owner.post("/sms/templates", template_name="x", body="y")["data"]["template_id"],
        "receipt_rule": owner.post("/automations/sms/receipts", **rules)["data"]["receipt_rule_id"],
        "inbound_rule": owner.post("/automations/sms/inbound", **rules)["data"]["inbound_rule_id"],
        "campaign": owner.campaign(people, schedule=LATER)["sms_campaign_id"],
        "sent_campaign": owner.campaign(people, url_to_shorten="http://example.com")["sms_campaign_id"],
        "subaccount": owner.subaccount().number,
        "waiting": owner.send(schedule=LATER)["message_id"],
    }
    verification = owner.post("/own-numbers/verifications", phone_number="+61491570006")
    ids |= {"verification": verification["id"], "own_number": verification["own_number_id"]}
    ids |= {"alpha_tag": owner.post("/alpha-tags", alpha_tag="MyShop")["id"]}
    sender = {"sender_type": "alpha_tag", "sender_id": "MyShop"}
    default = {"country_code": "NZ", "product_type": "SMS", "default_sender_strategies": [sender]}
    ids |= {"default_sender": owner.post("/senders/default-senders", **default)["data"]["id"]}
    control.advance(4)
    sent = control.messages(f"campaign:{ids['sent_campaign']}")[0]
    reply = {"provider": "clicksend", "account": owner.id, "from": sent["recipient"], "to": sent["sender"]}
    ids["sent"] = sent["provider_message_id"]
    ids["reply"] = control.post("/inbound", text="hi", **reply)["provider_message_id"]
    statistics = owner.get(f"/short-url/statistics/sms_campaign/{ids['sent_campaign']}")["data"]
    return {**ids, "long_url": statistics[0]["long_url_id"]}


def seen(account):
    return [account.get(path) for path in VIEWS] + [account.balance]


@pytest.fixture
def ids(owner, stranger, control):
    theirs = furnished(stranger, control)
    return furnished(owner, control) | {f"own_{name}": number for name, number in theirs.items()}


def test_what_belongs_to_another_is_not_there_and_stays_as_it_is(owner, stranger, ids):
    before = seen(owner)
    for method, path, expected in CALLS:
        answer = stranger.call(method, path.format(**ids), BODY if method != "GET" else None)
        assert answer.status_code == expected, (method, path)
        assert answer.get_json()["data"] is None
    assert seen(owner) == before


def test_its_owner_finds_all_of_it(owner, ids):
    """So that the test above means something."""
    for method, path, _ in CALLS:
        if method == "GET" and "own_" not in path:
            assert owner.call(method, path.format(**ids)).status_code == 200, path


@pytest.mark.parametrize("path", ["/sms-campaigns/send", "/sms-campaigns/price"])
def test_a_list_of_another_is_not_found_by_a_campaign(stranger, ids, path):
    answer = stranger.post(path, list_id=ids["list"], name="x", body="y")
    assert (answer["http_code"], answer["response_msg"]) == (404, "Your list is not found.")


@pytest.mark.parametrize("path", ["/sms/send", "/sms/price"])
def test_a_list_of_another_is_refused_as_recipient(owner, stranger, ids, path):
    before = seen(owner)
    [message] = stranger.post(path, messages=[{"list_id": ids["list"], "body": "y"}])["data"]["messages"]
    assert message["status"] == "NOT_ENOUGH_PERMISSION_TO_LIST_ID"
    assert seen(owner) == before


def test_listings_search_and_statistics_show_only_ones_own(owner, clicksends, ids):
    newcomer = clicksends()
    assert [newcomer.get(path)["data"]["total"] for path in VIEWS] == [1, 0, 0, 0, 0, 0, 1, 0, 0, 1]
    assert newcomer.get("/search/contacts-lists", q="john")["data"]["total"] == 0
    assert newcomer.get("/statistics/sms")["data"]["total"]["outbound"]["count"] == 0
    assert newcomer.get("/account/usage/2026/1/subaccount")["data"]["sms_total"]["count"] == 0


def test_marking_and_cancelling_all_means_ones_own(owner, stranger, ids):
    before = seen(owner)
    for path in ("/sms/receipts-read", "/sms/inbound-read", "/sms/cancel-all"):
        assert stranger.put(path)["http_code"] == 200
    assert seen(owner) == before


def test_an_opt_out_is_of_the_account_that_was_told(owner, stranger, control):
    for one in (owner, stranger):
        one.send()
    control.post("/inbound", provider="clicksend", account=owner.id, to="+61353787448", text="STOP", **{"from": "+61491570156"})
    assert (owner.send()["status"], stranger.send()["status"]) == ("INVALID_RECIPIENT", "SUCCESS")
    assert [len(one.rows(f"/lists/{one.rows('/lists')[0]['list_id']}/contacts")) for one in (owner, stranger)] == [1, 0]


def test_a_rule_of_one_does_nothing_for_the_other(owner, stranger, control):
    owner.post("/automations/sms/receipts", rule_name="x", action="URL", action_address="http://127.0.0.1:9/")
    owner.post("/automations/sms/inbound", rule_name="x", action="AUTO_REPLY", body="thanks")
    stranger.send()
    control.advance(2)
    control.post(
        "/inbound", provider="clicksend", account=stranger.id, to="+61353787448", text="hi", **{"from": "+61491570156"}
    )
    assert control.get("/webhooks")["webhooks"] == []
    assert len(control.messages("direction:out")) == 1
