"""Wherever a credential can stand it is masked, and what stands beside it is not."""

import json

import pytest

SECRET = "S3cretPassw0rd"
PLACES = {
    "a percent-encoded name": ("&pass%77ord=S3cretPassw0rd", "&pass%77ord=***"),
    "a name encoded throughout": ("?%70%61%73%73%77%6F%72%64=S3cretPassw0rd", "?%70%61%73%73%77%6F%72%64=***"),
    "a name in capitals": ("?PassWord=S3cretPassw0rd", "?PassWord=***"),
    "a second parameter of the name": ("&password=S3cret&password=S3cretPassw0rd", "&password=***&password=***"),
    "a parameter behind a semicolon": ("a=1;password=S3cretPassw0rd", "a=1;password=***"),
    "a parameter of a list": ("?password[0]=S3cretPassw0rd", "?password[0]=***"),
    "a parameter of an address": ('"see http://x/?api_key=S3cretPassw0rd"', "http://x/?api_key=***"),
    "a login of an address": ('"http://me:S3cretPassw0rd@x/"', '"http://me:***@x/"'),
    "a member": ('{"api_key" : "S3cretPassw0rd"}', '{"api_key" : "***"}'),
    "a member far down": ('{"a": [{"b": {"apiKey":"S3cretPassw0rd"}}]}', '{"a": [{"b": {"apiKey":"***"}}]}'),
    "a member with an escaped name": ('{"p\\u0061ssword": "S3cretPassw0rd"}', '{"p\\u0061ssword": "***"}'),
    "a member with an escaped mark": ('{"password": "a\\"S3cretPassw0rd", "b": 1}', '{"password": "***", "b": 1}'),
    "a list of members": ('{"password": ["a]", "S3cretPassw0rd"], "b": 1}', '{"password": ***, "b": 1}'),
    "an object of members": ('{"password": {"is": "S3cretPassw0rd"}, "b": 1}', '{"password": ***, "b": 1}'),
    "a list without its end": ('{"password": ["S3cretPassw0rd", ', '{"password": ***'),
    "a document in a text": (
        r'{"a": "{\"password\": \"S3cretPassw0rd\", \"b\": 1}"}',
        r'{"a": "{\"password\": \"***\", \"b\": 1}"}',
    ),
    "what Python prints": ("{'password': 'S3cretPassw0rd'}", "{'password': '***'}"),
    "a short name": ("?pass=S3cretPassw0rd&pwd=S3cretPassw0rd&passwd=S3cretPassw0rd", "?pass=***&pwd=***&passwd=***"),
    "an element of a short name": (
        "<a><pass>S3cretPassw0rd</pass><pwd>x</pwd><passwd>y</passwd></a>",
        "<a><pass>***</pass><pwd>***</pwd><passwd>***</passwd></a>",
    ),
    "a name with a space behind": ("?a=b&password%20=S3cretPassw0rd", "?a=b&password%20=***"),
    "a name with a sign for a space behind": ("?a=b&password+=S3cretPassw0rd", "?a=b&password+=***"),
    "a name with a space before": ("?a=b&%20password=S3cretPassw0rd", "?a=b&%20password=***"),
    "a part of a path": ("/auth/password=S3cretPassw0rd", "/auth/password=***"),
    "an attribute": ("<a n:password = 'S3cretPassw0rd' b='c'>d</a>", "<a n:password = '***' b='c'>d</a>"),
    "an attribute of a secret": (
        '<password x="y" password="S3cretPassw0rd">S3cret</password>',
        '<password x="y" password="***">***</password>',
    ),
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("provider", ["clicksend/v3/sms/send", "clickatell/http/sendmsg"])
def test_a_secret_is_masked_and_nothing_else(client, control, provider, place):
    sent, shown = PLACES[place]
    client.post(f"/{provider}", data=sent, content_type="text/plain")
    exchange = control.exchange()
    assert shown in exchange["request"]["body"]
    assert SECRET not in json.dumps(exchange)
    assert SECRET not in client.get(f"/_emulator/exchanges/{exchange['id']}/curl").get_data(as_text=True)


@pytest.mark.parametrize(
    ("head", "written"),
    [
        ('Content-Disposition: form-data; name="password"', SECRET),
        ("content-disposition: form-data; name=password", SECRET),
        ("Content-Type: text/plain\r\nContent-Disposition: form-data; filename=a; name=pass%77ord\r\nX: y", SECRET),
        ('Content-Disposition: form-data; name="password"', f"two\r\nlines {SECRET}\r\n\r\n--{SECRET}"),
    ],
)
@pytest.mark.parametrize("end", ["\r\n--cut\r\nContent-Disposition: form-data; name=b\r\n\r\nshown\r\n--cut--\r\n", ""])
def test_a_field_of_a_multipart_form_is_masked_up_to_the_next(client, control, head, written, end):
    body = f"--cut\r\n{head}\r\n\r\n{written}{end}"
    client.post("/clickatell/http/sendmsg", data=body, content_type="multipart/form-data; boundary=cut")
    exchange = control.exchange()
    assert exchange["request"]["body"] == f"--cut\r\n{head}\r\n\r\n***{end}"
    replayed = control.post(f"/exchanges/{exchange['id']}/replay")
    assert replayed["request"]["body"] == exchange["request"]["body"]


def test_a_field_that_ends_like_a_secret_is_shown(client, control):
    client.post("/clickatell/http/sendmsg", data={"my.password.hint": "shown"}, content_type="multipart/form-data")
    assert "shown" in control.exchange()["request"]["body"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Authorization", f"Bearer {SECRET}"),
        ("authorization", SECRET),
        ("X-Forwarded-Authorization", f"Basic {SECRET}"),
        ("Cookie", f"session={SECRET}"),
        ("X-API-KEY", SECRET),
        ("Api-Key", SECRET),
        ("X-Access-Token", SECRET),
        ("Referer", f"http://x/?api_key={SECRET}"),
        ("Referer", f"http://me:{SECRET}@x/"),
        ("X-Original-Url", f"/x?a=b&pass%77ord={SECRET}"),
    ],
)
@pytest.mark.parametrize("provider", ["clicksend", "clickatell", "go4clients", "skycore"])
def test_a_header_shows_no_secret(app, control, provider, name, value):
    client = app.test_client(use_cookies=False)  # it has cookies of its own otherwise
    client.get(f"/{provider}/", headers={name: value})
    exchange = control.exchange()
    assert "***" in exchange["request"]["headers"][name.title()]
    assert SECRET not in json.dumps(exchange)
    assert SECRET not in client.get(f"/_emulator/exchanges/{exchange['id']}/curl").get_data(as_text=True)


def test_a_password_presented_in_a_header_is_masked_elsewhere_too(client, control):
    client.post("/clicksend/v3/sms/send", auth=("nobody", SECRET), data=f"my key is {SECRET}")
    assert control.exchange()["request"]["body"] == "my key is ***"


def test_a_variable_stands_where_a_text_of_json_has_escapes(client, control):
    client.post("/clicksend/v3/sms/send", data='{"api_key": "a\\"b"}')
    command = client.get(f"/_emulator/exchanges/{control.exchange()['id']}/curl").get_data(as_text=True)
    assert """'{"api_key": "'"$CLICKSEND_API_KEY_JSON"'"}'""" in command


def test_a_secret_within_a_path_is_masked_and_not_logged(client, control, caplog):
    caplog.set_level("DEBUG")
    client.get(f"/clickatell/http/auth/password={SECRET}")
    assert control.exchange()["request"]["path"] == "/clickatell/http/auth/password=***"
    assert SECRET not in caplog.text


def test_the_key_of_an_older_api_is_masked(client, control):
    client.get(f"/clicksend/v3/account?username=u&key={SECRET}")
    assert control.exchange()["request"]["path"] == "/clicksend/v3/account?username=u&key=***"


RPC_SPACE = "http://api.clickatell.com/soap/webservice"
ARGUMENTS = (
    f"<param0>Sess10n</param0><param2>me</param2><param3>{SECRET}</param3><param4>2799900001</param4><param6>Hi</param6>"
)


@pytest.mark.parametrize("space", [RPC_SPACE, "http://elsewhere.example"], ids=["read", "unread"])
def test_a_call_by_position_shows_no_secret_though_nobody_is_let_in(client, control, space):
    call = f'<n:sendmsg xmlns:n="{space}">{ARGUMENTS}</n:sendmsg>'
    envelope = f'<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>{call}</e:Body></e:Envelope>'
    client.post("/clickatell/soap/webservice.php", data=envelope, content_type="text/xml")
    exchange = control.exchange()
    assert "<param0>***</param0><param2>***</param2><param3>***</param3>" in exchange["request"]["body"]
    assert "<param4>2799900001</param4><param6>Hi</param6>" in exchange["request"]["body"]
    assert SECRET not in client.get(f"/_emulator/exchanges/{exchange['id']}/curl").get_data(as_text=True)
