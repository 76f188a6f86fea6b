"""Subaccounts: their credentials, what they see, what they may, and who pays."""

import pytest

PEOPLE = ("+61491570156", "+61491570157")


@pytest.fixture
def owner(clicksends):
    return clicksends()


@pytest.fixture
def jane(owner):
    return owner.subaccount()


def bodies(caller):
    return [row["body"] for row in caller.rows("/sms/history")]


class TestCredentials:
    def test_key_and_password_are_both_good_and_the_name_in_any_case(self, owner, jane):
        name, key = jane.auth
        for auth in ((name, key), (name.upper(), key), (name, "secret")):
            jane.auth = auth
            assert jane.get("/account")["data"]["_subaccount"]["subaccount_id"] == jane.number
        assert owner.get("/account")["data"]["_subaccount"]["subaccount_id"] != jane.number

    @pytest.mark.parametrize("key", ["wrong", "SECRET"])
    def test_anything_else_is_not(self, jane, key):
        jane.auth = (jane.auth[0], key)
        assert jane.call("GET", "/account").status_code == 401

    def test_a_new_key_ends_the_old_one(self, owner, jane):
        key = owner.put(f"/subaccounts/{jane.number}/regen-api-key")["data"]["api_key"]
        assert jane.call("GET", "/account").status_code == 401
        jane.auth = (jane.auth[0], key)
        assert jane.call("GET", "/account").status_code == 200

    def test_the_account_s_own_key_is_renewed_too(self, owner):
        number = owner.get("/account")["data"]["_subaccount"]["subaccount_id"]
        key = owner.put(f"/subaccounts/{number}/regen-api-key")["data"]["api_key"]
        assert owner.call("GET", "/account").status_code == 401
        owner.auth = (owner.auth[0], key)
        assert owner.get("/account")["data"]["_subaccount"]["api_key"] == key

    def test_a_deleted_one_is_let_in_no_more_and_what_it_sent_stays(self, owner, jane):
        jane.send(body="From Jane")
        assert owner.delete(f"/subaccounts/{jane.number}")["data"] is True
        assert jane.call("GET", "/account").status_code == 401
        assert bodies(owner) == ["From Jane"]

    def test_no_two_have_one_name(self, owner, jane, clicksends):
        taken = clicksends().post(
            "/subaccounts", api_username=jane.auth[0].upper(), password="x", email="x", phone_number="x", first_name="x",
            last_name="x",
        )  # fmt: skip
        assert (taken["http_code"], taken["response_code"]) == (400, "ALREADY_EXISTS")
        assert owner.put(f"/subaccounts/{jane.number}", api_username=owner.auth[0])["response_code"] == "ALREADY_EXISTS"
        assert owner.put(f"/subaccounts/{jane.number}", api_username=jane.auth[0])["http_code"] == 200

    def test_a_suspended_account_s_are_suspended(self, jane, control):
        control.patch(f"/accounts/{jane.id}", blocked=True)
        assert jane.call("GET", "/account").status_code == 403

    def test_its_key_is_masked_in_the_journal(self, jane, control):
        jane.get("/account")
        assert jane.auth[1] not in str(control.exchange())


class TestMessages:
    def test_the_account_pays(self, owner, jane):
        jane.send()
        assert owner.balance == jane.balance == "999.920800"

    def test_its_own_are_what_it_sees_and_the_account_sees_all(self, owner, jane, control):
        other = owner.subaccount(api_username=f"joe-{owner.auth[0]}")
        mine = jane.send(body="From Jane")
        other.send(body="From Joe")
        owner.send(body="From the owner")
        assert mine["subaccount_id"] == jane.number
        assert [bodies(one) for one in (jane, other)] == [["From Jane"], ["From Joe"]]
        rows = owner.rows("/sms/history", order_by="body:asc")
        assert [(row["body"], row["_api_username"]) for row in rows] == [
            ("From Jane", jane.auth[0]), ("From Joe", other.auth[0]), ("From the owner", owner.auth[0]),
        ]  # fmt: skip
        assert owner.rows("/sms/history", q=f"subaccount_id:{jane.number}") == [rows[0]]
        usage = owner.get("/account/usage/2026/1/subaccount")["data"]
        assert sorted(row["username"] for row in usage["sms"]) == sorted(one.auth[0] for one in (jane, other, owner))

    def test_another_s_are_not_found(self, owner, jane, control):
        sent, waiting = owner.send(), owner.send(schedule=1767229200)
        control.advance(10)
        assert jane.call("GET", f"/sms/receipts/{sent['message_id']}").status_code == 404
        assert jane.call("PUT", f"/sms/{waiting['message_id']}/cancel").status_code == 404
        assert jane.put("/sms/cancel-all")["data"] == {"count": 0}
        assert owner.put("/sms/cancel-all")["data"] == {"count": 1}

    def test_a_reply_belongs_to_whom_it_answers(self, owner, jane, control):
        sent = jane.send()
        reply = {"provider": "clicksend", "account": owner.id, "from": sent["to"], "to": sent["from"]}
        control.post("/inbound", text="Hi Jane", **reply)
        assert bodies(jane) == ["Hello", "Hi Jane"]
        owner.send(to=PEOPLE[1])
        control.post("/inbound", text="Hi owner", **{**reply, "from": PEOPLE[1]})
        assert bodies(jane) == ["Hello", "Hi Jane"]

    def test_its_campaign_and_the_messages_of_it_carry_its_id(self, owner, jane, control):
        campaign = jane.campaign(owner.list(*PEOPLE))
        control.advance(2)
        assert campaign["subaccount_id"] == jane.number
        assert {row["subaccount_id"] for row in jane.rows("/sms/history")} == {jane.number}
        assert owner.rows("/sms-campaigns")[0]["subaccount_id"] == jane.number

    def test_campaigns_are_shared_where_its_flag_says_so(self, owner, jane):
        campaign = owner.campaign(owner.list(*PEOPLE))
        path = f"/sms-campaigns/{campaign['sms_campaign_id']}"
        assert (jane.rows("/sms-campaigns"), jane.call("GET", path).status_code) == ([], 404)
        owner.put(f"/subaccounts/{jane.number}", share_campaigns=1)
        assert (len(jane.rows("/sms-campaigns")), jane.call("GET", path).status_code) == (1, 200)


@pytest.mark.parametrize(
    ("flag", "path"),
    [
        ("access_sms", "/sms/history"),
        ("access_sms", "/sms-campaigns"),
        ("access_contacts", "/lists"),
        ("access_contacts", "/search/contacts-lists"),
        ("access_reporting", "/statistics/sms"),
        ("access_settings", "/automations/sms/receipts"),
        ("access_users", "/subaccounts"),
    ],
)
def test_what_it_has_no_access_to_is_forbidden(owner, jane, flag, path):
    assert jane.call("GET", path).status_code == 200
    owner.put(f"/subaccounts/{jane.number}", **{flag: 0})
    refused = jane.get(path)
    assert (refused["http_code"], refused["response_code"], refused["data"]) == (403, "FORBIDDEN", None)
    assert jane.call("GET", "/account").status_code == 200
