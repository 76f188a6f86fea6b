"""Whatever is sent, the answer is the envelope, never a 500, and a refusal changes nothing."""

import copy
import json
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from emulator.core.accounts import Account
from emulator.core.campaigns import Campaign
from emulator.core.contacts import Contact, ContactList
from emulator.core.message import Link, Message
from emulator.core.optouts import OptOut
from emulator.core.records import Record
from emulator.core.webhooks import WebhookCall
from emulator.edge.context import EXTENSION

KINDS = (Account, Campaign, Contact, ContactList, Link, Message, OptOut, Record, WebhookCall)
SENDERS = [
    {"recipient_country_code": "AU", "sender_id": "MyShop"},
    {"recipient_country_code": "BG", "sender_type": "shared_longcode", "sender_country_code": "FR"},
]
CAMPAIGN = {
    "list_id": 428,
    "name": "Spring",
    "body": "Hi (First Name) StopMsg.me/xxxxx",
    "from": "MyShop",
    "schedule": 1798761600,
    "senders": SENDERS,
    "url_to_shorten": "https://example.com/",
    "source": "till",
    "custom_string": "mine",
}
MESSAGE = {
    "to": "+61491570156",
    "list_id": 428,
    "body": "Hi",
    "from": "MyShop",
    "schedule": 0,
    "custom_string": "mine",
    "country": "AU",
    "source": "till",
    "from_email": "a@example.com",
}
CONTACT = {
    **{f"custom_{number}": "x" for number in range(1, 5)},
    **{f"address_{name}": "x" for name in ("line_1", "line_2", "city", "state", "postal_code", "country")},
    "phone_number": "+61491570156",
    "first_name": "John",
    "last_name": "Doe",
    "fax_number": "1",
    "organization_name": "Example",
    "email": "a@example.com",
}
RECEIPT_RULE = {"rule_name": "x", "match_type": 0, "action": "URL", "action_address": "http://127.0.0.1:9/", "enabled": 1}
INBOUND_RULE = {
    **RECEIPT_RULE,
    "dedicated_number": "*",
    "message_search_type": 0,
    "message_search_term": "",
    "webhook_type": "json",
    "body": "x",
}
STRATEGIES = [{"sender_type": "longcode", "sender_id": "+6421555123", "sender_country_code": "NZ", "note": "x"}]
DEFAULT_SENDER = {"country_code": "NZ", "product_type": "SMS", "default_sender_strategies": STRATEGIES}
SUBACCOUNT = {
    "api_username": "jane",
    "password": "secret",
    "email": "jane@example.com",
    "phone_number": "+61491570006",
    "first_name": "Jane",
    "last_name": "Doe",
    "access_sms": 1,
    "share_campaigns": 0,
    "notes": "x",
}
BODIES = {  # by endpoint: what it can be told
    "POST /sms-campaigns/send": CAMPAIGN,
    "POST /sms-campaigns/price": CAMPAIGN,
    "PUT /sms-campaigns/<sms_campaign_id>": CAMPAIGN,
    "PUT /sms-campaigns/<sms_campaign_id>/cancel": {},
    "POST /lists": {"list_name": "x"},
    "POST /lists/<list_id>/import": {"file_url": "http://127.0.0.1:9/x.csv", "field_order": ["phone"]},
    "POST /lists/<list_id>/import-csv-preview": {"file_url": "http://127.0.0.1:9/x.csv"},
    "POST /alpha-tags": {
        "alpha_tag": "MyShop",
        "reason": "Company Name",
        "countries": ["AU"],
        "businesses": [{"country": "AU"}],
    },
    "POST /senders/default-senders": DEFAULT_SENDER,
    "PATCH /senders/default-senders/<default_sender_id>": {"default_sender_strategies": STRATEGIES},
    "POST /own-numbers/verifications": {"label": "x", "phone_number": "+61491570006", "country": "AU"},
    "POST /own-numbers/verifications/<verification_id>/verify": {"code": "123456", "phone_number": "+61491570006"},
    "PATCH /own-numbers/<own_number_id>": {"label": "x"},
    "POST /subaccounts": SUBACCOUNT,
    "PUT /subaccounts/<number>": SUBACCOUNT,
    "PUT /subaccounts/<number>/regen-api-key": {},
    "PUT /lists/<list_id>": {"list_name": "x"},
    "PUT /lists/<list_id>/remove-duplicates": {"fields": {"phone_number": "x"}},
    "PUT /lists/<list_id>/remove-opted-out-contacts/<opt_out_list_id>": {},
    "POST /lists/<list_id>/contacts": CONTACT,
    "PUT /lists/<list_id>/contacts/<contact_id>": CONTACT,
    "PUT /lists/<list_id>/contacts/<contact_id>/copy/<to_list_id>": {},
    "PUT /lists/<list_id>/contacts/<contact_id>/transfer/<to_list_id>": {},
    "POST /sms/send": {"messages": [MESSAGE], "senders": SENDERS, "shorten_urls": True},
    "POST /sms/price": {"messages": [MESSAGE], "senders": SENDERS, "shorten_urls": True},
    "PUT /sms/<message_id>/cancel": {},
    "PUT /sms/cancel-all": {"custom_string": "none has it"},
    "PUT /sms/receipts-read": {"date_before": 1},
    "PUT /sms/inbound-read": {"date_before": 1},
    "PUT /sms/inbound-read/<message_id>": {},
    "POST /sms/receipts": {"url": "poll"},
    "POST /sms/inbound": {"url": "poll", "webhook_type": "json"},
    "POST /sms/templates": {"template_name": "x", "body": "y"},
    "PUT /sms/templates/<template_id>": {"template_name": "x", "body": "y"},
    "POST /sms/email-sms": {"email_address": "a@example.com", "from": "MyShop"},
    "POST /user-countries": {"country_list_ids": [1, 14]},
    "POST /user-countries/agree": {},
    "POST /automations/sms/receipts": RECEIPT_RULE,
    "PUT /automations/sms/receipts/<receipt_rule_id>": RECEIPT_RULE,
    "POST /automations/sms/inbound": INBOUND_RULE,
    "PUT /automations/sms/inbound/<inbound_rule_id>": INBOUND_RULE,
}
ODD = [
    *(None, True, False, 0, 1, -1, 1.5, 1e308, -0.0, 2**31, 2**63, 2**64, 10**30, -(2**63)),
    *("", " ", "\n", "x", "0", "-1", "1.5", "1e5", "NaN", "null", "²", "١٢٣", "½", "-", "+", "00", "*"),
    *("\x00", "a\x00b", "\u202e", "\ufeff", "\x7f", "😀" * 300, "a" * 3000, "9" * 5000, "-" + "9" * 5000, "%s{0}", "\\", "'"),
    *("(First Name)", "{FirstName}" * 50, "StopMsg.me/xxxxx", "smsg.io/xxxxx", "http://", "http://[", "javascript:1"),
    *([], [[]], [None], [0], ["x"], [{}], [[[]]], {}, {"a": {}}, {"": None}, {"0": [1]}, {"recipient_country_code": "AU"}),
]
RAW = [
    *(b"", b" ", b"null", b"1", b'"x"', b"[]", b"{", b"{}x", b'{"a":}', b"\xff\xfe", b'{"name": "\xff"}', b"\xef\xbb\xbf{}"),
    *(b'{"name": NaN}', b'{"name": Infinity}', b'{"name": "\\ud800"}', b'{"name": "\\udc00\\ud800"}', b'{"name": "\x00"}'),
    *(
        b"[" * 100_000,
        b'{"a":' * 5_000,
        b'{"name": 1' + b"0" * 5_000 + b"}",
        b'{"name": 1e400}',
        b"{'name': 1}",
        b"name=x&body=y",
    ),
]


def is_writing(rule):
    return {"POST", "PUT"} & rule.methods and rule.rule.startswith("/clicksend/v3/")


def places(document, *path):
    """The path to every value in ``document``."""
    for key, value in document.items() if isinstance(document, dict) else enumerate(document):
        yield (*path, key)
        if isinstance(value, dict | list):
            yield from places(value, *path, key)


def with_value(document, path, value):
    changed = copy.deepcopy(document)
    holder = changed
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = value
    return changed


WITHOUT_ENVELOPE = ("/alpha-tags", "/own-numbers")  # the newer endpoints


class World:
    """One account with one of everything, and a way to throw bodies at its endpoints."""

    def __init__(self, app, clicksend, control):
        self.client, self.clicksend = app.test_client(), clicksend
        self.store = app.extensions[EXTENSION].smsc.store
        people = clicksend.list("+61491570156")
        sent = clicksend.send(schedule=1798761600)
        reply = {"provider": "clicksend", "from": "+61491570156", "to": "+61353787448", "text": "hi"}
        control.post("/inbound", **reply)
        verification = clicksend.post("/own-numbers/verifications", phone_number="+61491570006")
        self.ids = {
            "verification_id": verification["id"],
            "own_number_id": verification["own_number_id"],
            "default_sender_id": clicksend.post("/senders/default-senders", **DEFAULT_SENDER)["data"]["id"],
            "sms_campaign_id": clicksend.campaign(people, schedule=1798761600)["sms_campaign_id"],
            "list_id": people,
            "number": clicksend.subaccount().number,
            "to_list_id": 428,
            "opt_out_list_id": clicksend.rows("/lists")[0]["list_id"],
            "contact_id": clicksend.rows(f"/lists/{people}/contacts")[0]["contact_id"],
            "message_id": sent["message_id"],
            "template_id": clicksend.post("/sms/templates", template_name="x", body="y")["data"]["template_id"],
            "receipt_rule_id": clicksend.post("/automations/sms/receipts", **RECEIPT_RULE)["data"]["receipt_rule_id"],
            "inbound_rule_id": clicksend.post("/automations/sms/inbound", **INBOUND_RULE)["data"]["inbound_rule_id"],
        }

    def url(self, path, **ids):
        for name, number in {**self.ids, **ids}.items():
            path = path.replace(f"<{name}>", quote(str(number), safe=""))
        return f"/clicksend/v3{path}"

    def state(self):
        return [list(self.store.find(kind)) for kind in KINDS]

    def throw(self, endpoint, body, **ids):
        """Asserts what every answer is; answers its status."""
        method, path = endpoint.split()
        before = self.state()
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        response = self.client.open(self.url(path, **ids), method=method, data=raw, auth=self.clicksend.auth)
        said = f"{endpoint} {raw[:200]!r}: {response.get_data()[:300]!r}"
        assert response.status_code < 500, said
        assert response.mimetype == "application/json", said
        document = response.get_json()
        if response.status_code == 200 and path.startswith(WITHOUT_ENVELOPE):
            return 200
        document.pop("details", None) if "/default-senders" in path else None
        assert list(document) == ["http_code", "response_code", "response_msg", "data"], said
        assert document["http_code"] == response.status_code, said
        assert isinstance(document["response_code"], str), said
        assert isinstance(document["response_msg"], str), said
        if response.status_code != 200:
            assert document["data"] is None, said
            assert self.state() == before, said
        return response.status_code


@pytest.fixture
def world(app, clicksend, control):
    return World(app, clicksend, control)


def test_every_endpoint_that_can_be_told_something_is_tried(app):
    rules = [rule for rule in app.url_map.iter_rules() if is_writing(rule)]
    known = {
        f"{method} {rule.rule.removeprefix('/clicksend/v3')}" for rule in rules for method in {"POST", "PUT"} & rule.methods
    }
    assert known - set(BODIES) <= {"PUT /lists/<list_id>/contacts/<contact_id>/<to_list_id>"}


@pytest.mark.parametrize("endpoint", BODIES)
def test_any_value_in_any_field_is_taken_or_refused(world, caplog, endpoint):
    for path in places(BODIES[endpoint]):
        for value in ODD:
            world.throw(endpoint, with_value(BODIES[endpoint], path, value))
    assert caplog.records == []


@pytest.mark.parametrize("endpoint", [one for one in BODIES if BODIES[one]])
def test_a_body_that_is_no_json_object_is_refused(world, caplog, endpoint):
    for raw in RAW[2:]:
        assert world.throw(endpoint, raw) == 400, raw[:50]
    assert caplog.records == []


@pytest.mark.parametrize("endpoint", [one for one in BODIES if "<" in one])
def test_any_id_is_taken_or_not_found(world, caplog, endpoint):
    for name in world.ids:
        if f"<{name}>" in endpoint:
            for number in ("0", "-1", "x", " ", "9" * 5000, "%00", "١", "428.0", "0428", "null", "../428", "é", "😀", "'", "*"):
                assert world.throw(endpoint, BODIES[endpoint], **{name: number}) in {403, 404}, (name, number)
    assert caplog.records == []


nonsense = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=40),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.sampled_from([*CAMPAIGN, *MESSAGE, "x"]), below, max_size=5),
    max_leaves=12,
)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(endpoint=st.sampled_from(sorted(BODIES)), data=st.data())
def test_nonsense_is_taken_or_refused(world, endpoint, data):
    body = {name: data.draw(nonsense) if data.draw(st.booleans()) else value for name, value in BODIES[endpoint].items()}
    world.throw(endpoint, json.dumps(body, ensure_ascii=True).encode())


@pytest.mark.parametrize(
    "path",
    ["/sms-campaigns", "/lists", "/lists/428/contacts", "/sms/history", "/sms/receipts", "/sms/inbound", "/sms/templates",
     "/search/contacts-lists", "/automations/sms/receipts", "/automations/sms/inbound"],
)  # fmt: skip
@pytest.mark.parametrize("name", ["page", "limit", "q", "order_by", "date_from", "date_to", "operator", "updated_after"])
def test_any_value_in_any_query_is_taken_or_refused(world, caplog, path, name):
    texts = [
        "",
        " ",
        "0",
        "-1",
        "x",
        "1.5",
        "9" * 5000,
        "١٢٣",
        "²",
        ":",
        ",",
        "::",
        "name:",
        ":x",
        "status:Sent,",
        "a:b,c:d",
        "%",
        "\x00",
    ]
    for text in texts:
        response = world.clicksend.call("GET", path, **{name: text})
        assert response.status_code in {200, 400}, (name, text)
        assert response.get_json()["http_code"] == response.status_code
    assert caplog.records == []
