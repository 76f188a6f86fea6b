"""Who is let in, the envelope to the byte, and the rate-limit headers."""

from base64 import b64encode

import pytest

UNAUTHORIZED = b'{"http_code":401,"response_code":"UNAUTHORIZED","response_msg":"Authorization failed.","data":null}'
SUSPENDED = "Your account is suspended. Please contact support for more information."
TEST_KEY = "D83DED51-9E35-4D42-9BB9-0E34B7CA85AE"


def basic(text):
    return f"Basic {b64encode(text.encode()).decode()}"


def limits(response):
    return tuple(response.headers[name] for name in ("x-ratelimit-limit", "x-ratelimit-remaining", "ratelimit-reset"))


class TestCredentials:
    @pytest.mark.parametrize(
        "header",
        [
            None,
            "",
            "Basic",
            "Basic !!!",
            "Bearer api-password",
            basic("api-username"),
            basic("api-username:"),
            basic(":api-password"),
            basic("api-username:API-PASSWORD"),
            basic("api-username:x"),
            basic("x:api-password"),
            basic(f"notactive:{TEST_KEY}"),
            basic("\x00:\x00"),
            "Basic /////w==",
        ],
    )
    @pytest.mark.parametrize("method", ["GET", "POST"])
    def test_the_401_is_the_same_to_the_byte_whatever_is_wrong(self, client, header, method):
        headers = {} if header is None else {"Authorization": header}
        response = client.open("/clicksend/v3/lists", method=method, headers=headers, data=b"{")
        assert (response.status_code, response.get_data()) == (401, UNAUTHORIZED)
        assert response.headers["Content-Type"] == "application/json"
        assert "WWW-Authenticate" not in response.headers

    @pytest.mark.parametrize("username", ["api-username", "API-Username"])
    def test_a_user_name_is_known_in_any_case(self, client, username):
        assert client.get("/clicksend/v3/lists", auth=(username, "api-password")).status_code == 200

    def test_a_suspended_account_is_told_so_only_with_its_key(self, client):
        response = client.get("/clicksend/v3/lists", auth=("banned", TEST_KEY))
        assert (response.status_code, response.get_json()) == (
            403,
            {"http_code": 403, "response_code": "FORBIDDEN", "response_msg": SUSPENDED, "data": None},
        )
        assert client.get("/clicksend/v3/lists", auth=("banned", "x")).get_data() == UNAUTHORIZED

    def test_an_account_that_is_deactivated_is_as_if_it_were_not(self, clicksend, control):
        control.patch("/accounts/clicksend-demo", active=False)
        assert clicksend.call("GET", "/lists").get_data() == UNAUTHORIZED
        assert control.exchange()["refusal"]["setting"] == "active"

    @pytest.mark.parametrize("path", ["/v3/nosuch", "/v3", "/", "/v3/lists/1/2/3/4/5/6", "/v2/lists", "/v3//lists"])
    def test_an_unknown_path_is_not_found_before_anybody_is_asked_who_he_is(self, client, path):
        response = client.get(f"/clicksend{path}")
        assert (response.status_code, response.get_json()["response_msg"]) == (404, "Invalid endpoint. Please try again.")

    @pytest.mark.parametrize(("method", "path"), [("DELETE", "/lists"), ("PATCH", "/account"), ("GET", "/sms/send")])
    def test_another_method_is_an_unknown_path(self, client, method, path):
        response = client.open(f"/clicksend/v3{path}", method=method)
        assert (response.status_code, response.get_json()["response_code"]) == (404, "NOT_FOUND")

    def test_countries_are_for_everybody(self, client):
        for headers in ({}, {"Authorization": basic("x:y")}):
            assert client.get("/clicksend/v3/countries", headers=headers).status_code == 200

    def test_nocredit_can_read_and_price_but_not_send(self, client, clicksend):
        clicksend.auth = ("nocredit", TEST_KEY)
        assert clicksend.balance == "0.000000"
        people = clicksend.list("+61491570156")
        answer = clicksend.post("/sms-campaigns/send", list_id=people, name="x", body="y")
        assert (answer["http_code"], answer["response_code"], answer["data"]) == (400, "INSUFFICIENT_CREDIT", None)
        assert clicksend.send()["status"] == "INSUFFICIENT_CREDIT"
        price = clicksend.post("/sms-campaigns/price", list_id=people, name="x", body="y")
        assert price["data"]["total_price"] == "0.0792"

    def test_it_answers_at_its_host_names_and_with_trailing_slashes_too(self, client):
        for host in ("rest.clicksend.com", "api.clicksend.com", "clicksend.localhost:7670"):
            response = client.get("/v3/lists/", headers={"Host": host}, auth=("api-username", "api-password"))
            assert response.status_code == 200

    def test_a_body_is_read_whatever_its_content_type_says(self, client):
        for content_type in (None, "text/plain", "application/json; charset=utf-8", "application/x-www-form-urlencoded"):
            response = client.post(
                "/clicksend/v3/lists",
                data='{"list_name": "Ä"}'.encode(),
                content_type=content_type,
                headers={"Accept": "text/json"},
                auth=("api-username", "api-password"),
            )
            assert response.get_json()["data"]["list_name"] == "Ä"


class TestLimits:
    def test_every_answer_says_what_is_left(self, client, clicksend):
        answers = [clicksend.call("GET", "/lists") for _ in range(3)]
        assert [limits(one) for one in answers] == [("6000", left, "60") for left in ("5999", "5998", "5997")]

    def test_refusals_and_unknown_paths_have_the_headers_too(self, client):
        for path in ("/clicksend/v3/nosuch", "/clicksend/v3/lists", "/clicksend/v3/countries"):
            assert limits(client.get(path))[0] == "6000"

    def test_the_account_has_an_allowance_of_its_own(self, clicksend):
        clicksend.call("GET", "/lists")
        assert [limits(clicksend.call("GET", "/account"))[:2] for _ in range(2)] == [("20", "19"), ("20", "18")]
        assert limits(clicksend.call("GET", "/lists"))[1] == "5998"

    def test_what_is_left_stops_at_nothing_and_nothing_is_refused(self, clicksend):
        answers = [clicksend.call("GET", "/account") for _ in range(25)]
        assert [limits(one)[1] for one in answers[17:]] == ["2", "1", "0", "0", "0", "0", "0", "0"]
        assert {one.status_code for one in answers} == {200}

    def test_the_window_ends_after_a_minute(self, clicksend, control):
        clicksend.call("GET", "/account")
        control.advance(45)
        assert limits(clicksend.call("GET", "/account")) == ("20", "18", "15")
        control.advance(15)
        assert limits(clicksend.call("GET", "/account")) == ("20", "19", "60")

    def test_each_account_counts_for_itself(self, clicksend, clicksends):
        for _ in range(3):
            clicksend.call("GET", "/lists")
        assert limits(clicksends().call("GET", "/lists"))[1] == "5999"

    def test_a_clock_that_is_set_back_starts_a_new_window(self, clicksend, control):
        clicksend.call("GET", "/lists")
        control.put("/clock", now="2025-01-01T00:00:00Z")
        assert limits(clicksend.call("GET", "/lists")) == ("6000", "5999", "60")

    def test_over_the_accounts_rate_limit_it_is_429_until_there_is_more(self, clicksends, control):
        clicksend = clicksends(rate_limit=3)
        assert [limits(clicksend.call("GET", "/lists"))[:2] for _ in range(3)] == [("3", "2"), ("3", "1"), ("3", "0")]
        over = clicksend.call("POST", "/lists", {"list_name": "x"})
        assert over.get_json() == {
            "http_code": 429,
            "response_code": "HTTP_TOO_MANY_REQUESTS",
            "response_msg": "Too many attempts.",
            "data": None,
        }
        assert (limits(over), over.headers["Retry-After"]) == (("3", "0", "20"), "20")
        control.advance(19)
        assert clicksend.call("GET", "/lists").status_code == 429
        control.advance(int(over.headers["Retry-After"]) - 19)
        assert [row["list_name"] for row in clicksend.rows("/lists")] == ["Opt-Out List"]

    def test_a_clock_that_stands_refills_nothing(self, clicksends):
        clicksend = clicksends(rate_limit=1)
        assert [clicksend.call("GET", "/lists").status_code for _ in range(5)] == [200, 429, 429, 429, 429]

    def test_a_fault_rules_429_says_when_to_come_again_too(self, clicksend, control):
        control.post("/faults", provider="clicksend", effect={"rate": {"limit": 1, "per": 60}})
        answers = [clicksend.call("GET", "/lists") for _ in range(2)]
        assert [one.status_code for one in answers] == [200, 429]
        assert int(answers[1].headers["Retry-After"]) > 0

    def test_a_front_end_that_fails_has_no_such_headers(self, clicksend, control):
        control.post("/faults", provider="clicksend", effect={"status": 503})
        assert "x-ratelimit-limit" not in clicksend.call("GET", "/lists").headers
