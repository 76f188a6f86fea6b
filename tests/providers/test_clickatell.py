"""Clickatell HTTP/S beyond its examples."""

import re

import pytest


def identifier(answer: str) -> str:
    match = re.fullmatch(r"ID: ([0-9a-f]{32})", answer)
    assert match, answer
    return match[1]


def test_an_answer_has_no_newline_at_its_end_and_is_http_200(client):
    answer = client.get("/clickatell/http/sendmsg?to=1,2")
    assert answer.get_data() == b"ERR: 001, Authentication failed To: 1\nERR: 001, Authentication failed To: 2"
    assert (answer.status_code, answer.content_type) == (200, "text/html; charset=utf-8")


def test_any_call_renews_a_session(clickatell, control):
    session = clickatell("auth").removeprefix("OK: ")
    for _ in range(3):
        control.advance(15 * 60)
        assert clickatell.get("/http/getbalance", session_id=session).startswith("Credit: ")
    control.advance(15 * 60 + 1)
    assert clickatell.get("/http/getbalance", session_id=session) == "ERR: 003, Session ID expired"


def test_an_expired_session_cannot_be_revived_by_ping(clickatell, control):
    session = clickatell("auth").removeprefix("OK: ")
    control.advance(15 * 60 + 1)
    assert clickatell.get("/http/ping", session_id=session) == "ERR: 003, Session ID expired"
    assert clickatell.get("/http/ping", session_id=session) == "ERR: 003, Session ID expired"


def test_several_sessions_may_be_open_at_once(clickatell):
    sessions = [clickatell("auth").removeprefix("OK: ") for _ in range(2)]
    assert len(set(sessions)) == 2
    assert all(clickatell.get("/http/ping", session_id=session) == f"OK: {session}" for session in sessions)


def test_a_message_goes_through_its_statuses(clickatell, control):
    message = identifier(clickatell.send(deliv_time="10"))
    statuses = [clickatell("querymsg", apimsgid=message)[-3:]]
    for seconds in (600, 2):
        control.advance(seconds)
        statuses.append(clickatell("querymsg", apimsgid=message)[-3:])
    assert statuses == ["011", "003", "004"]


def test_a_delivered_message_cannot_be_stopped_and_says_so(clickatell, control):
    message = identifier(clickatell.send())
    control.advance(2)
    assert clickatell("delmsg", apimsgid=message) == f"ID: {message} Status: 004"
    assert clickatell("getmsgcharge", apimsgid=message) == f"apiMsgId: {message} charge: 1 status: 004"


def test_a_message_is_known_for_6_days_and_its_charge_for_15(clickatell, control):
    message = identifier(clickatell.send())
    control.advance(6 * 86400 + 1)
    assert clickatell("querymsg", apimsgid=message) == "ERR: 103, Unknown API message ID"
    assert clickatell("getmsgcharge", apimsgid=message).endswith("status: 004")
    control.advance(9 * 86400)
    assert clickatell("getmsgcharge", apimsgid=message) == "ERR: 103, Unknown API message ID"


def test_a_reference_finds_the_latest_message(clickatell):
    clickatell.send(cliMsgId="ref1")
    latest = identifier(clickatell.send(cliMsgId="ref1"))
    assert clickatell("querymsg", climsgid="ref1") == f"ID: {latest} Status: 003"


@pytest.mark.parametrize("time", ["2026-01-03T12:00:00Z", "1767441600"])
def test_a_scheduled_time_holds_the_message_back(clickatell, control, time):
    clickatell.send(scheduled_time=time)
    message = control.messages()[0]
    assert (message["status"], message["due_at"]) == ("scheduled", "2026-01-03T12:00:00Z")


def test_text_in_windows_1252_is_no_surprise_and_in_utf8_it_is(client, control):
    credentials = "user=MyUserName&password=MyPassword&api_id=123456"
    client.get(f"/clickatell/http/sendmsg?{credentials}&to=2799900001&text=%80")
    client.get(f"/clickatell/http/sendmsg?{credentials}&to=2799900001&text=%E2%82%AC")
    assert [message["text"] for message in control.messages()] == ["€", "€"]
    assert [len(message["warnings"]) for message in control.messages()] == [1, 0]


def test_asking_for_unicode_is_no_surprise(clickatell, control):
    clickatell.send(text="03A9", unicode="1")
    assert control.messages()[0]["warnings"] == []


def test_a_single_number_refused_has_no_to(clickatell):
    batch = identifier(clickatell("startbatch", template="Hi"))
    assert clickatell("quicksend", batch_id=batch, to="0799") == "ERR: 105, Invalid destination address"


def test_a_batch_ends_after_24_hours(clickatell, control):
    batch = identifier(clickatell("startbatch", template="Hi #name#"))
    control.advance(24 * 3600)
    assert clickatell("senditem", batch_id=batch, to="2799900001", name="Bob").startswith("ID: ")
    control.advance(1)
    assert clickatell("senditem", batch_id=batch, to="2799900001") == "ERR: 201, Invalid batch ID"


def test_a_batch_s_fields_are_filled_in_and_its_parameters_kept(clickatell, control):
    batch = identifier(clickatell("startbatch", template="Hi #field1# #name# #other#", **{"from": "ACME"}))
    clickatell("senditem", batch_id=batch, to="2799900001", field1="Bob", name="Smith")
    message = control.messages()[0]
    assert (message["text"], message["sender"]) == ("Hi Bob Smith #other#", "ACME")


def test_credit_runs_out_in_the_middle_of_a_list(client, control, clickatell):
    account = control.account("clickatell", balance="2")
    clickatell._credentials = account["credentials"]
    lines = clickatell.send(to="2799900001,2799900002,2799900003").split("\n")
    assert [line[:8] for line in lines[2:]] == ["ERR: 301"]
    assert lines[2] == "ERR: 301, No credit left To: 2799900003"
    assert clickatell("getbalance") == "Credit: 0.000"


def test_refused_numbers_cost_nothing(clickatell):
    clickatell.send(to="2799900001,+1,abc")
    assert clickatell("getbalance") == "Credit: 999.000"


@pytest.mark.parametrize(
    ("parameters", "code"),
    [  # every pair names two faults: the earlier check of the document's order wins
        ({"callback": "9", "deliv_time": "99999"}, "101"),
        ({"deliv_time": "99999", "msg_type": "X"}, "120"),
        ({"msg_type": "X", "udh": "zz"}, "112"),
        ({"udh": "zz", "text": ""}, "102"),
        ({"unicode": "1", "text": "zz", "from": "toolongsender"}, "116"),
        ({"text": "", "from": "toolongsender"}, "107"),
        ({"text": "a" * 161, "from": "toolongsender"}, "113"),
        ({"from": "toolongsender", "to": "abc"}, "106"),
    ],
)
def test_the_earlier_check_decides(clickatell, parameters, code):
    given = {"to": "2799900001", "text": "x", **parameters}
    assert clickatell("sendmsg", **given).startswith(f"ERR: {code}, ")


@pytest.mark.parametrize(
    "number", ["+2799900001", "002799900001", "0799900001", "27 99900001", "27-99900001", "123456", "1" * 16, "abc"]
)
def test_a_number_in_another_form_is_refused(clickatell, number):
    assert clickatell.send(to=number) == "ERR: 105, Invalid destination address"


@pytest.mark.parametrize("sender", ["1", "1234567890123456", "ACME", "Acme1234567"])
def test_a_sender_is_16_digits_or_11_letters_and_digits(clickatell, sender):
    identifier(clickatell.send(**{"from": sender}))


@pytest.mark.parametrize("sender", ["12345678901234567", "Acme12345678", "AC ME", "+2799900001", "Ä"])
def test_any_other_sender_is_refused(clickatell, sender):
    assert clickatell.send(**{"from": sender}) == "ERR: 106, Invalid source address"


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("%E2%82%AC", "€"),
        ("caf%C3%A9", "café"),
        ("caf%E9", "café"),
        ("%93hi%94", '"hi"'),
        ("%E4%BD%A0%E5%A5%BD", "??"),
        ("na%C3%AFve", "naive"),
        ("%5B%7E%5D", "[~]"),
        ("%F0%9F%98%80", "?"),
    ],
)
def test_text_without_unicode_arrives_in_the_gsm_alphabet(client, control, sent, shown):
    client.get(f"/clickatell/http/sendmsg?user=MyUserName&password=MyPassword&api_id=123456&to=2799900001&text={sent}")
    assert (control.messages()[0]["text"], control.messages()[0]["encoding"]) == (shown, "gsm7")


def test_charset_says_how_text_is_written(client, control):
    query = "user=MyUserName&password=MyPassword&api_id=123456&to=2799900001&text=%C3%A9&charset=ISO-8859-1"
    client.get(f"/clickatell/http/sendmsg?{query}")
    assert control.messages()[0]["text"].startswith("A")  # two characters, of which GSM has look-alikes at best


def test_unicode_text_is_billed_by_70_and_67(clickatell, control):
    clickatell.send(text="0436" * 71, unicode="1", concat="2")
    message = control.newest()
    assert (message["text"], message["segments"], message["price"]) == ("ж" * 71, 2, "2.00")


@pytest.mark.parametrize("text", ["D83D", "043", "", "zzzz"])
def test_half_a_surrogate_pair_or_no_hex_is_no_unicode(clickatell, text):
    assert clickatell.send(text=text, unicode="1")[:8] in {"ERR: 116", "ERR: 107"}


@pytest.mark.parametrize("command", ["sendmsg", "senditem", "quicksend", "si_push"])
def test_a_refusal_is_not_repeated_for_more_numbers_than_a_call_may_have(clickatell, command):
    for count, lines in ((600, 600), (601, 1)):
        answer = clickatell.post(f"/http/{command}", user="nobody", to=",".join("1" * count))
        assert answer.splitlines()[0].startswith("ERR: 001, Authentication failed")
        assert len(answer.splitlines()) == lines


def test_concat_over_35_is_35_and_the_sender_is_told(clickatell, control):
    assert clickatell.send(text="short", concat="36").startswith("ID: ")
    assert control.messages()[0]["warnings"] == ["concat=36: no message has more than 35 parts"]
    assert clickatell.post("/http/sendmsg", to="2799900001", text="x" * (153 * 35), concat="36").startswith("ID: ")
    assert clickatell.post("/http/sendmsg", to="2799900001", text="x" * (153 * 35 + 1), concat="36").startswith("ERR: 113")


@pytest.mark.parametrize("name", ["concat", "deliv_time", "max_credits", "req_feat", "queue", "validity"])
def test_zero_counts_as_not_given(clickatell, name):
    identifier(clickatell.send(**{name: "0"}))


@pytest.mark.parametrize(
    "parameters",
    [
        {"callback": "-1"},
        {"callback": "http://x"},
        {"queue": "4"},
        {"mo": "2"},
        {"escalate": "x"},
        {"validity": "1441"},
        {"concat": "x"},
        {"max_credits": "lots"},
        {"req_feat": "-1"},
        {"cliMsgId": "a b"},
        {"cliMsgId": "a" * 33},
        {"charset": "nosuch"},
        {"mclass": "4"},
        {"deliv_ack": "5"},
        {"unicode": "yes"},
        {"binary": "1", "text": "xyz"},
        {"data": "0"},
    ],
)
def test_a_value_that_is_not_allowed_is_101(clickatell, parameters):
    assert clickatell("sendmsg", **{"to": "2799900001", "text": "x", **parameters}) == "ERR: 101, Invalid or missing parameters"


def test_an_empty_session_counts_as_none(clickatell):
    assert clickatell("getbalance", session_id="") == "Credit: 1000.000"


def test_the_user_name_counts_in_any_case_and_the_password_does_not(clickatell):
    assert clickatell.get("/http/getbalance", user="MYUSERNAME", password="MyPassword", api_id="123456") == "Credit: 1000.000"
    assert clickatell.get("/http/getbalance", user="MyUserName", password="mypassword", api_id="123456").startswith("ERR: 001")


def test_an_api_id_of_another_account_is_001(clickatell, control):
    other = control.account("clickatell")["credentials"]["api_id"]
    assert clickatell.get("/http/getbalance", user="MyUserName", password="MyPassword", api_id=other).startswith("ERR: 001")


CODECS = [
    "hex",
    "base64",
    "zlib",
    "bz2",
    "rot13",
    "punycode",
    "idna",
    "unicode_escape",
    "raw_unicode_escape",
    "utf-7",
    "nosuch",
    "a\0b",
]


@pytest.mark.parametrize("charset", CODECS)
def test_a_charset_that_is_none_of_texts_is_101(clickatell, charset):
    assert clickatell.send(text="\\ud800x", charset=charset) == "ERR: 101, Invalid or missing parameters"


@pytest.mark.parametrize("charset", ["utf-16", "utf-16-be", "UTF-8", "ISO-8859-1", "windows-1252", "Shift_JIS"])
def test_a_charset_is_that_of_the_text_and_of_nothing_else(client, control, charset):
    query = {"user": "MyUserName", "password": "MyPassword", "api_id": "123456", "to": "2799900001", "charset": charset}
    answer = client.get("/clickatell/http/sendmsg", query_string={**query, "text": "hi".encode(charset)})
    assert answer.get_data(as_text=True).startswith("ID: ")
    assert control.messages()[0]["text"] == "hi"


@pytest.mark.parametrize("number", ["0799900001", "+2799900001"])
def test_a_refusal_quotes_the_number_as_it_was_sent(clickatell, control, number):
    clickatell.send(to=number)
    assert control.exchange()["refusal"]["detail"] == f"'{number}' is no international number"


def test_the_gateway_s_own_number_is_shown_like_any_other(clickatell, control):
    clickatell.send()
    assert control.messages()[0]["sender"] == "+27000000000"
