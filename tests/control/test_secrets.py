"""No secret is shown, whatever it is packed and written in, and nobody's body makes that slow."""

import gzip
import os
import subprocess
import time
import zlib
from contextlib import suppress

import pytest

from emulator.control.named import Names
from soap_calls import CREDENTIALS, Fault

PATH = "/clickatell/soap/document_literal/webservice"
KEPT = 64 * 1024
TEXT = "text/xml; charset=utf-8"


@pytest.fixture
def shown(soap, control):
    """The body of a call with ``written`` in it, as the journal shows it."""

    def shown(written, doctype=""):
        envelope = soap.envelope("getbalance", user="nobody").replace("</n:getb", f"{written}</n:getb")
        with suppress(Fault):
            soap.post(doctype + envelope)
        return control.exchange()["request"]["body"]

    return shown


@pytest.mark.parametrize(
    "written",
    [
        "S3cret<!-- x -->Passw0rd",
        "<!-- x -->S3cretPassw0rd",
        "S3cret<?x y?>Passw0rd",
        "<b>S3cretPassw0rd</b>",
        "S3cret<b/>Passw0rd",
        "<![CDATA[S3cret]]>Passw0rd",
        "S3cret<![CDATA[</password>]]>Passw0rd",
        "S3cret<!-- </password> -->Passw0rd",
    ],
)
def test_all_of_an_element_is_masked_up_to_its_end(shown, written):
    assert "<password>***</password></n:getbalance>" in shown(f"<password>{written}</password>")


@pytest.mark.parametrize(
    ("opened", "closed"),
    [
        ('<password xsi:type="x>y">', "</password>"),
        ("<p:password a='/>' >", "</p:password >"),
        ("<PASSWORD\n>", "</PASSWORD>"),
    ],
)
def test_a_tag_ends_behind_its_attributes(shown, opened, closed):
    assert f"{opened}***{closed}" in shown(f"{opened}S3cretPassw0rd{closed}")


@pytest.mark.parametrize(
    "written", ['<password a="S3cretPassw0rd</password>', "<password a='<'>S3cretPassw0rd", "<password <b>S3cretPassw0rd"]
)
def test_what_is_no_tag_hides_too_much_rather_than_too_little(shown, written):
    assert "S3cretPassw0rd" not in shown(written)


def test_an_empty_element_hides_nothing_behind_it(shown):
    assert "<password/><password a='b'/><x>shown</x>" in shown("<password/><password a='b'/><x>shown</x>")


def test_the_value_of_an_entity_is_masked(shown):
    body = shown("<password>&x;</password>", "<!DOCTYPE a [<!ENTITY x \"S3cretPassw0rd\"><!ENTITY % y 'S3cretPassw0rd'>]>")
    assert "S3cretPassw0rd" not in body
    assert '<!ENTITY x "***">' in body


def test_a_tag_in_a_text_that_is_no_xml_hides_no_more_than_up_to_the_next(client, control):
    client.post("/skycore/", data='{"message-text": "Dear <password> we", "x": "<b>shown"}')
    assert control.exchange()["request"]["body"] == '{"message-text": "Dear <password>***<b>shown"}'


def in_codec(codec, declaration=""):
    return lambda body: f"{declaration}{body.decode()}".encode(codec)


def flawed(body):
    return gzip.compress(body + "".join(map(str, range(5000))).encode())[:-2000] + b"!" * 2000


GZIP, DECLARED = {"Content-Encoding": "gzip"}, '<?xml version="1.0" encoding="{}"?>'
PACKED = {
    "gzip": (gzip.compress, GZIP, TEXT),
    "deflate": (zlib.compress, {"Content-Encoding": "Deflate"}, TEXT),
    "gzip with a flaw": (flawed, GZIP, TEXT),
    "ebcdic": (in_codec("cp037"), {}, "text/xml; charset=cp037"),
    "ebcdic, declared": (in_codec("cp037", DECLARED.format("cp037")), {}, "text/xml"),
    "utf-16": (in_codec("utf-16"), {}, "text/xml"),
    "utf-16, said": (in_codec("utf-16-be"), {}, "text/xml; charset=utf-16be"),
    "utf-16, declared": (in_codec("utf-16", DECLARED.format("UTF-16")), {}, "text/xml"),
    "utf-7": (lambda body: body.replace(b"<", b"+ADw-"), {}, "text/xml; charset=utf-7"),
    "gzipped utf-16": (lambda body: gzip.compress(in_codec("utf-16")(body)), GZIP, "text/xml"),
}


@pytest.fixture
def packed(client, soap, control):
    """The newest exchange of a call packed in one of those ways."""

    def packed(name, **parts):
        pack, headers, content_type = PACKED[name]
        body = pack(soap.envelope("getbalance", **parts).encode())
        client.post(PATH, data=body, headers=headers, content_type=content_type)
        return control.exchange()

    return packed


@pytest.mark.parametrize("name", PACKED)
def test_a_packed_call_can_be_read_and_its_secrets_cannot(packed, name):
    body = packed(name, **CREDENTIALS)["request"]["body"]
    assert "<password>***</password>" in body
    assert f"<api_id>{CREDENTIALS['api_id']}</api_id>" in body


@pytest.mark.parametrize("name", PACKED)
def test_no_copy_of_a_packed_call_holds_a_secret_and_each_says_the_same(client, packed, name):
    exchange = packed(name, **CREDENTIALS)
    command = client.get(f"/_emulator/exchanges/{exchange['id']}/curl").get_data(as_text=True)
    told = command.replace("curl ", "printf '%s\\n' ", 1)
    environment = {**os.environ, "CLICKATELL_USER": "MyUserName", "CLICKATELL_PASSWORD": "MyPassword"}
    words = subprocess.run(["sh", "-c", told], env=environment, capture_output=True, check=True).stdout.decode()
    assert "MyPassword" not in command
    assert '"$CLICKATELL_PASSWORD"' in command
    assert "<user>MyUserName</user><password>MyPassword</password>" in words
    assert "Encoding" not in words
    assert "charset=" not in words or "charset=utf-8" in words
    assert " encoding=" not in words


def test_a_packed_call_without_a_secret_is_copied_as_it_was(client, packed):
    exchange = packed("gzip", text="Hi")
    command = client.get(f"/_emulator/exchanges/{exchange['id']}/curl").get_data(as_text=True)
    assert command.startswith("printf ")
    assert "Content-Encoding: gzip" in command


def test_what_unfolds_to_more_than_is_kept_is_shown_as_cut(packed):
    request = packed("gzip", text="x" * 70_000)["request"]
    assert (len(request["body"]), request["cut"]) == (KEPT, True)


def test_a_secret_behind_what_is_shown_is_none_that_is_copied(client, packed):
    exchange = packed("gzip", text="x" * 70_000, password="MyPassword")
    assert "MyPassword" not in client.get(f"/_emulator/exchanges/{exchange['id']}/curl").get_data(as_text=True)


HOSTILE = {
    "tags that never end": "<password ",
    "tags with half a quote": '<password "',
    "tags with two kinds of quotes": "<password \"'a",
    "elements that never end": "<password>",
    "ends alone": "</password",
    "comments": "<password><!--",
    "sections": "<![CDATA[<password>",
    "prefixes": "<a.b-",
    "entities": "<!ENTITY x ",
    "entities without a name": "<!ENTITY ",
    "members": '"password" ',
    "members with half a value": '"password":"\\',
    "spaces": " ",
    "parameters": "&password=",
    "elements in a form": "x=<password>",
    "names with spaces": "&%20%20password%20%20+ ",
    "names before spaces": " password" + " " * 500,
    "spaces before names": "&" + "%20" * 500,
    "paths": "/password",
    "attributes that never end": ' password="',
    "attributes of elements": '<password password="',
    "arrays that never end": '"password":[',
    "objects that never end": '"password":{"',
    "numbers": '"password":1',
    "texts within texts": '\\"password\\":\\"\\\\',
    "escaped names": "&%70%61ssword",
    "logins that lead nowhere": "://a:b",
    "parts without an end": '--x\nContent-Disposition: a; name="password"\n\n',
    "fields without a value": '--x\nContent-Disposition: a; name="password"\n',
    "names of one field": "--x\nContent-Disposition: a" + "; name=password" * 500 + "\n",
    "parts without a name": "--x\nContent-Disposition: a; name=\n",
    "heads without an end": "--x\na\n",
}


def seconds(text):
    """Of the fastest of some readings."""
    names, taken = Names(frozenset({"password", "token", "session_id"}), {"user"}), []
    for _ in range(4):
        begin = time.process_time()
        for _ in names.found(text):
            pass
        taken.append(time.process_time() - begin)
    return min(taken)


@pytest.mark.parametrize("name", HOSTILE)
def test_eight_times_the_body_takes_about_eight_times_as_long(name):
    once = HOSTILE[name]
    short = once * (KEPT // 8 // len(once))
    for start in ("", '"password"', "<a>"):
        assert seconds(start + short * 8) < max(25 * seconds(start + short), 0.02)


@pytest.mark.parametrize(
    "written", ["<password>{:04x}</password>", "&password={:04x}", '"password":"{:04x}",', "{:04x}<token>a</token>"]
)
def test_thousands_of_secrets_are_shown_in_no_time(client, control, written):
    body = "".join(map(written.format, range(KEPT // len(written.format(0)))))
    client.post("/clickatell/http/ping", data=body)
    begin = time.process_time()
    assert control.exchange()["request"]["body"]
    assert time.process_time() - begin < 1
