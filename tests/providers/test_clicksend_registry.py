"""What an account registers to send as: own numbers, proven by a code, and alpha tags."""

import pytest

PHONE = "+61491570006"
DAY = 86400


@pytest.fixture
def verification(clicksend):
    return clicksend.post("/own-numbers/verifications", label="Mine", phone_number="0491 570 006")


@pytest.fixture
def code(verification, control):
    """The code that was texted."""
    [code] = control.messages(f"to:{PHONE}")[0]["codes"]
    return code


def verify(clicksend, verification, code, phone=PHONE):
    return clicksend.post(f"/own-numbers/verifications/{verification['id']}/verify", code=code, phone_number=phone)


def own_number(clicksend, verification):
    return clicksend.get(f"/own-numbers/{verification['own_number_id']}")


class TestOwnNumbers:
    def test_the_code_that_was_texted_proves_the_number(self, clicksend, verification, code):
        assert own_number(clicksend, verification)["status"] == "PENDING"
        verified = verify(clicksend, verification, code)
        assert (verified["status"], verified["remaining_attempts"]) == ("APPROVED", 1)
        shown = own_number(clicksend, verification)
        assert (shown["status"], shown["phone_number"], shown["country"], shown["label"]) == ("APPROVED", PHONE, "AU", "Mine")
        assert (shown["verified_timestamp"], shown["is_nearing_expiration"]) == ("2026-01-01T00:00:00Z", False)

    def test_the_code_costs_nothing_and_is_in_nobody_s_history(self, clicksend, verification, control):
        control.advance(10)
        assert (clicksend.balance, clicksend.rows("/sms/history")) == ("1000.000000", [])

    def test_each_wrong_code_takes_an_attempt(self, clicksend, verification, code):
        tries = [verify(clicksend, verification, wrong) for wrong in ("000000", "000001", code)]
        assert [(one["status"], one["remaining_attempts"]) for one in tries] == [
            ("PENDING", 1),
            ("REJECTED", 0),
            ("REJECTED", 0),
        ]
        assert own_number(clicksend, verification)["status"] == "REJECTED"

    def test_a_code_is_good_for_its_number_only(self, clicksend, verification, code):
        assert verify(clicksend, verification, code, "+61491570156")["status"] == "PENDING"

    def test_a_code_that_is_too_old_is_rejected(self, clicksend, verification, code, control):
        control.advance(601)
        assert verify(clicksend, verification, code)["status"] == "REJECTED"

    def test_the_same_number_asked_for_again_gets_another_code(self, clicksend, verification, code, control):
        again = clicksend.post("/own-numbers/verifications", phone_number=PHONE)
        assert again["own_number_id"] == verification["own_number_id"]
        [newer] = control.messages(f"to:{PHONE}")[0]["codes"]
        assert verify(clicksend, again, newer)["status"] == "APPROVED"
        assert [one["label"] for one in clicksend.get("/own-numbers")["own_numbers"]] == ["Mine"]

    def test_eleven_months_later_it_is_nearing_its_end(self, clicksend, verification, code, control):
        verify(clicksend, verification, code)
        control.advance(336 * DAY)
        assert own_number(clicksend, verification)["is_nearing_expiration"] is True

    def test_once_proven_an_account_with_a_list_of_senders_may_send_as_it(self, clicksend, verification, code, control):
        control.patch(f"/accounts/{clicksend.id}", senders=["MyShop"])
        assert clicksend.send(**{"from": PHONE})["from"] != PHONE
        verify(clicksend, verification, code)
        assert clicksend.send(**{"from": PHONE})["from"] == PHONE
        assert clicksend.rows("/numbers") == []  # which are the dedicated ones
        clicksend.delete(f"/own-numbers/{verification['own_number_id']}")
        assert clicksend.send(**{"from": PHONE})["from"] != PHONE

    def test_they_are_chosen_by_status_sorted_and_paged(self, clicksend, verification, code, control):
        verify(clicksend, verification, code)
        for number in ("+61491570157", "+61491570156"):
            control.advance(1)
            clicksend.post("/own-numbers/verifications", phone_number=number)

        def phones(**query):
            return [one["phone_number"] for one in clicksend.get("/own-numbers", **query)["own_numbers"]]

        assert phones() == [PHONE, "+61491570157", "+61491570156"]
        assert phones(sort_by="phone_number", sort_direction="desc") == ["+61491570157", "+61491570156", PHONE]
        assert phones(**{"filter[status][0]": "PENDING"}) == ["+61491570157", "+61491570156"]
        first = clicksend.get("/own-numbers", page_size=2)
        following = first["_metadata"]["pagination"]["next"].partition("/v3")[2]
        assert [one["phone_number"] for one in clicksend.get(following)["own_numbers"]] == ["+61491570156"]
        assert first["_metadata"]["pagination"]["page_size"] == 2

    def test_a_field_it_cannot_be_sorted_by_is_refused(self, clicksend, verification):
        assert clicksend.get("/own-numbers", sort_by="colour")["http_code"] == 400


class TestAlphaTags:
    def test_one_is_reviewed_and_approved(self, clicksend, control):
        asked = clicksend.post("/alpha-tags", alpha_tag="MyShop")
        assert asked["status"] == "PENDING"
        control.advance(1)
        assert clicksend.get(f"/alpha-tags/{asked['id']}")["status"] == "PENDING"
        control.advance(1)
        assert clicksend.get(f"/alpha-tags/{asked['id']}")["status"] == "APPROVED"

    @pytest.mark.parametrize("wrong", ["My", "MyShopIsTooLong", "123456", "My Shop", "Müller", "", 5])
    def test_a_name_that_can_be_none_is_refused(self, clicksend, wrong):
        assert clicksend.post("/alpha-tags", alpha_tag=wrong)["http_code"] == 400
        assert clicksend.get("/alpha-tags")["alpha_tags"] == []

    def test_a_deleted_one_is_gone(self, clicksend):
        asked = clicksend.post("/alpha-tags", alpha_tag="MyShop")
        clicksend.delete(f"/alpha-tags/{asked['id']}")
        assert clicksend.get(f"/alpha-tags/{asked['id']}")["http_code"] == 404
