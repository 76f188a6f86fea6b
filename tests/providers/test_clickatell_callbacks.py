"""What Clickatell pushes, to the octet: status by level and method, replies in both character sets."""

from urllib.parse import parse_qsl, urlsplit

import pytest

URL = "http://127.0.0.1:9/receipts"  # nothing listens there; the call is recorded all the same
LEVELS = {  # clickatell-overview-http: 1 intermediate, 2 final (errors too), 4 errors
    0: set(),
    1: {"003"},
    2: {"004", "007", "009", "010", "012"},
    3: {"003", "004", "007", "009", "010", "012"},
    4: {"007", "009", "010", "012"},
    5: {"003", "007", "009", "010", "012"},
    6: {"004", "007", "009", "010", "012"},
    7: {"003", "004", "007", "009", "010", "012"},
}
ENDS = {"delivered": "004", "undelivered": "007", "rejected": "009", "expired": "010"}
SOAP = (
    '<?xml version="1.0" encoding="UTF-8"?><SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/" '
    'xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns:tns="{space}"><SOAP-ENV:Body>{body}</SOAP-ENV:Body></SOAP-ENV:Envelope>'
)


@pytest.fixture
def pushes(control):
    """Sets how the demo account is called; answers the calls so far, oldest first."""
    control.patch("/accounts/clickatell-demo", callback_url=URL, inbound_url=URL)

    def made(method=None):
        if method is not None:
            control.patch("/accounts/clickatell-demo", callback_method=method)
        return control.get("/webhooks?limit=1000")["webhooks"][::-1]

    return made


def status_of(webhook):
    return dict(parse_qsl(urlsplit(webhook["url"]).query))["status"]


class TestLevels:
    @pytest.mark.parametrize("level", LEVELS)
    @pytest.mark.parametrize("end", ENDS)
    def test_a_level_chooses_the_statuses(self, clickatell, control, pushes, level, end):
        clickatell.send(callback=str(level))
        control.post(f"/messages/{control.messages()[0]['id']}/status", status=end)
        wanted = [status for status in ("003", ENDS[end]) if status in LEVELS[level]]
        assert [status_of(webhook) for webhook in pushes()] == wanted

    @pytest.mark.parametrize("level", LEVELS)
    def test_a_status_of_a_messages_own_counts_as_the_error_it_is(self, clickatell, control, pushes, level):
        clickatell.send(callback=str(level))
        control.post(f"/messages/{control.messages()[0]['id']}/status", status="undelivered", error="012")
        assert [status_of(webhook) for webhook in pushes()] == [s for s in ("003", "012") if s in LEVELS[level]]

    def test_without_a_level_nothing_is_pushed(self, clickatell, control, pushes):
        clickatell.send()
        control.advance(10)
        assert pushes() == []

    def test_a_message_that_waits_or_is_stopped_is_pushed_at_no_level(self, clickatell, control, pushes):
        """011 and 006 are in the table of 2009, not in the newer one."""
        message = clickatell.send(deliv_time="10", callback="7").removeprefix("ID: ")
        assert pushes() == []
        clickatell("delmsg", apimsgid=message)
        assert pushes() == []

    def test_a_routing_error_is_pushed_with_its_own_status(self, clickatell, control, pushes):
        clickatell.send(callback="2", max_credits="0.5")
        control.advance(2)
        assert [status_of(webhook) for webhook in pushes()] == ["009"]

    def test_each_number_of_a_call_has_its_own_push(self, clickatell, control, pushes):
        clickatell.send(to="2799900001,2799900002", callback="1")
        assert [dict(parse_qsl(urlsplit(one["url"]).query))["to"] for one in pushes()] == ["2799900001", "2799900002"]


class TestReceipts:
    """In every form, for a message that the clock finds delivered at 1767225602."""

    def told(self, clickatell, control, pushes, method):
        pushes(method)
        message = clickatell.send(callback="2", cliMsgId="order42", **{"from": "27820000000"}).removeprefix("ID: ")
        control.advance(2)
        [webhook] = pushes()
        return message, webhook

    @pytest.mark.parametrize("method", [None, "GET"])
    def test_get(self, clickatell, control, pushes, method):
        message, webhook = self.told(clickatell, control, pushes, method)
        assert (webhook["method"], webhook["headers"], webhook["body"]) == ("GET", {}, "")
        assert webhook["url"] == (
            f"{URL}?api_id=123456&apiMsgId={message}&cliMsgId=order42&timestamp=1767225602"
            "&to=2799900001&from=27820000000&status=004&charge=1.000000"
        )

    def test_get_goes_behind_a_query_that_is_there(self, clickatell, control, pushes):
        control.patch("/accounts/clickatell-demo", callback_url=f"{URL}?key=1")
        clickatell.send(callback="1")
        assert pushes()[0]["url"].startswith(f"{URL}?key=1&api_id=123456&")

    def test_post(self, clickatell, control, pushes):
        message, webhook = self.told(clickatell, control, pushes, "POST")
        assert (webhook["method"], webhook["url"]) == ("POST", URL)
        assert webhook["headers"] == {"Content-Type": "application/x-www-form-urlencoded"}
        assert webhook["body"] == (
            f"api_id=123456&apiMsgId={message}&cliMsgId=order42&timestamp=1767225602"
            "&to=2799900001&from=27820000000&status=004&charge=1.000000"
        )

    @pytest.mark.parametrize("method", ["XML GET", "XML POST", "SOAP GET", "SOAP POST"])
    def test_a_document_is_the_one_parameter_data(self, clickatell, control, pushes, method):
        message, webhook = self.told(clickatell, control, pushes, method)
        assert webhook["method"] == method.split()[1]
        query = urlsplit(webhook["url"]).query if method.endswith("GET") else webhook["body"]
        [(name, document)] = parse_qsl(query)
        assert name == "data"
        if method.startswith("XML"):
            assert document == (
                f'<?xml version="1.0"?><callback><apiMsgId>{message}</apiMsgId><cliMsgId>order42</cliMsgId>'
                "<timestamp>1767225602</timestamp><to>2799900001</to><from>27820000000</from><charge>1.000000</charge>"
                "<status>004</status></callback>"
            )
        else:
            body = (
                '<tns:mt_callback><api_id xsi:type="xsd:int">123456</api_id>'
                f'<apimsgid xsi:type="xsd:string">{message}</apimsgid><climsgid xsi:type="xsd:string">order42</climsgid>'
                '<timestamp xsi:type="xsd:int">1767225602</timestamp><to xsi:type="xsd:string">2799900001</to>'
                '<from xsi:type="xsd:string">27820000000</from><status xsi:type="xsd:int">004</status>'
                '<charge xsi:type="xsd:float">1.000000</charge></tns:mt_callback>'
            )
            assert document == SOAP.format(space="mt_callback", body=body)

    def test_every_key_is_sent_even_when_it_is_empty(self, clickatell, control, pushes):
        clickatell.send(callback="1")
        query = parse_qsl(urlsplit(pushes()[0]["url"]).query, keep_blank_values=True)
        assert [name for name, _ in query] == ["api_id", "apiMsgId", "cliMsgId", "timestamp", "to", "from", "status", "charge"]
        assert dict(query)["cliMsgId"] == ""

    def test_the_charge_has_six_decimals_and_is_nothing_for_what_is_given_back(self, clickatell, control, pushes):
        clickatell.send(to="12025550100", callback="3", validity="1")
        control.post(f"/messages/{control.messages()[0]['id']}/status", status="expired")
        assert [dict(parse_qsl(urlsplit(one["url"]).query))["charge"] for one in pushes()] == ["0.800000", "0.000000"]


class TestReplies:
    """Two-Way Technical Guide 1.3. The clock stands at 2026-01-01 00:00 UTC, 02:00 in GMT+2."""

    def reply(self, control, pushes, text, method=None, **changes):
        pushes(method)
        number = {"to": "27820000000", "from": "2799900001", **changes}
        identifier = control.post("/inbound", provider="clickatell", text=text, **number)["provider_message_id"]
        return identifier, pushes()

    def test_get(self, control, pushes):
        identifier, [webhook] = self.reply(control, pushes, "Here is a message & more")
        assert (webhook["method"], webhook["headers"]) == ("GET", {"User-Agent": "Clickatell MO Callback"})
        assert webhook["url"] == (
            f"{URL}?api_id=123456&from=2799900001&to=27820000000&timestamp=2026-01-01+02%3A00%3A00"
            f"&text=Here%20is%20a%20message%20%26%20more&charset=ISO-8859-1&udh=&moMsgId={identifier}"
        )

    def test_post(self, control, pushes):
        identifier, [webhook] = self.reply(control, pushes, "hi", "POST")
        assert webhook["headers"] == {
            "User-Agent": "Clickatell MO Callback",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        assert webhook["body"] == (
            "api_id=123456&from=2799900001&to=27820000000&timestamp=2026-01-01+02%3A00%3A00"
            f"&text=hi&charset=ISO-8859-1&udh=&moMsgId={identifier}"
        )

    @pytest.mark.parametrize(
        ("text", "octets", "charset"),
        [
            ("é ÿ", "%E9%20%FF", "ISO-8859-1"),
            ("£5", "%A35", "ISO-8859-1"),
            ("€", "%20%AC", "UTF-16BE"),
            ("Привет", "%04%1F%04%40%048%042%045%04B", "UTF-16BE"),
            ("a☺", "%00a%26%3A", "UTF-16BE"),
            ("😀", "%D8%3D%DE%00", "UTF-16BE"),
            ("", "", "ISO-8859-1"),
            ("+%=", "%2B%25%3D", "ISO-8859-1"),
        ],
    )
    def test_the_text_is_its_octets_percent_encoded(self, control, pushes, text, octets, charset):
        _, [webhook] = self.reply(control, pushes, text)
        assert f"&text={octets}&charset={charset}&" in webhook["url"]

    def test_midnight_is_in_gmt_plus_2(self, control, pushes):
        control.put("/clock", now="2026-06-30T22:15:09Z")
        _, [webhook] = self.reply(control, pushes, "hi")
        assert "timestamp=2026-07-01+00%3A15%3A09&" in webhook["url"]

    def test_a_long_reply_comes_in_parts_with_their_headers(self, control, pushes):
        text = "x" * 160 + "y" * 10
        identifier, webhooks = self.reply(control, pushes, text)
        parts = [dict(parse_qsl(urlsplit(one["url"]).query)) for one in webhooks]
        assert "".join(part["text"] for part in parts) == text
        assert [len(part["text"]) for part in parts] == [153, 17]
        reference = parts[0]["udh"][6:8]
        assert [part["udh"] for part in parts] == [f"050003{reference}0201", f"050003{reference}0202"]
        assert {part["moMsgId"] for part in parts} == {identifier}

    def test_a_long_reply_in_another_script_too(self, control, pushes):
        _, webhooks = self.reply(control, pushes, "Я" * 71)
        assert ["charset=UTF-16BE" in one["url"] for one in webhooks] == [True, True]
        assert [one["url"].count("%04%2F") for one in webhooks] == [67, 4]

    @pytest.mark.parametrize("method", ["XML GET", "XML POST"])
    def test_xml(self, control, pushes, method):
        identifier, [webhook] = self.reply(control, pushes, "a < ☺", method)
        query = urlsplit(webhook["url"]).query if method.endswith("GET") else webhook["body"]
        [(name, document)] = parse_qsl(query)
        assert name == "data"
        children = "".join(
            f"<{key}>{value}</{key}>"
            for key, value in [
                ("api_id", "123456"),
                ("moMsgId", identifier),
                ("from", "2799900001"),
                ("to", "27820000000"),
                ("timestamp", "2026-01-01 02:00:00"),
                ("text", "a &lt; ☺"),
                ("charset", "UTF-16BE"),
                ("udh", ""),
            ]
        )
        assert document == f'<?xml version="1.0"?><clickmo>{children}</clickmo>'

    @pytest.mark.parametrize("method", ["SOAP GET", "SOAP POST"])
    def test_soap(self, control, pushes, method):
        identifier, [webhook] = self.reply(control, pushes, "hi", method)
        query = urlsplit(webhook["url"]).query if method.endswith("GET") else webhook["body"]
        [(name, document)] = parse_qsl(query)
        assert name == "data"
        children = '<api_id xsi:type="xsd:int">123456</api_id>' + "".join(
            f'<{key} xsi:type="xsd:string">{value}</{key}>'
            for key, value in [
                ("from", "2799900001"),
                ("to", "27820000000"),
                ("timestamp", "2026-01-01 02:00:00"),
                ("charset", "ISO-8859-1"),
                ("udh", ""),
                ("text", "hi"),
                ("momsgid", identifier),
            ]
        )
        assert document == SOAP.format(space="clickatell_mo", body=f"<tns:mo_callback>{children}</tns:mo_callback>")

    def test_a_reply_says_who_pushes_it_and_a_receipt_does_not(self, clickatell, control, pushes):
        clickatell.send(callback="1")
        assert pushes()[0]["headers"] == {}


class TestOptOut:
    def test_stop_is_of_the_number_texted_and_any_word_opts_in_again(self, clickatell, control):
        def reply(text):
            control.post("/inbound", provider="clickatell", to="27820000000", text=text, **{"from": "2799900001"})

        reply("Stop")
        assert clickatell.send(**{"from": "27820000000"}) == "ERR: 122, Destination mobile opted out"
        assert clickatell.send().startswith("ID: ")
        reply("hello again")
        assert clickatell.send(**{"from": "27820000000"}).startswith("ID: ")

    @pytest.mark.parametrize("word", ["STOP", "end", "Cancel", "UNSUBSCRIBE", "quit"])
    def test_the_words(self, clickatell, control, word):
        control.post("/inbound", provider="clickatell", to="27820000000", text=word, **{"from": "2799900001"})
        answer = clickatell.send(to="2799900001,2799900002", **{"from": "27820000000"})
        assert answer.startswith("ERR: 122, Destination mobile opted out To: 2799900001\nID: ")

    @pytest.mark.parametrize("words", ["STOP ALL", "stop stop"])
    def test_some_are_of_all_numbers(self, clickatell, control, words):
        control.post("/inbound", provider="clickatell", to="27820000000", text=words, **{"from": "2799900001"})
        assert clickatell.send() == "ERR: 122, Destination mobile opted out"
