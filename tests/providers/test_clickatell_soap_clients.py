"""Real SOAP clients against a real server: zeep, and PHP's SoapClient where there is PHP (in CI there must be)."""

import json
import os
import re
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from zeep import Client, Settings, xsd

from emulator.providers.clickatell.soap.operations import ENCODED, OLDEST

CLIENTS = Path(__file__).parent.parent / "clients"
LOGIN = {"api_id": 123456, "user": "MyUserName", "password": "MyPassword"}
ID = r"ID: [0-9a-f]{32}"


@pytest.fixture(scope="module")
def php():
    """Runs a PHP program with arguments and answers what it prints."""
    command = ["php", "-d", "soap.wsdl_cache_enabled=0", "-d", "display_errors=stderr", "-d", "error_reporting=-1"]
    if (
        shutil.which("php") is None
        or "soap" not in subprocess.run(["php", "-m"], capture_output=True, text=True, check=True).stdout
    ):
        reason = "PHP with its SOAP extension is not installed (scripts/install-php does it)"
        if os.environ.get("SMS_EMULATOR_CI") == "1":
            pytest.fail(reason)
        pytest.skip(reason)

    def run(program, *arguments):
        ended = subprocess.run([*command, str(program), *arguments], capture_output=True, text=True, timeout=60, check=False)
        assert (ended.returncode, ended.stderr) == (0, "")
        return ended.stdout

    return run


@pytest.fixture(scope="module", params=[True, False], ids=["strict", "lenient"])
def zeep(request, server_url):
    address = f"{server_url}/clickatell/soap/document_literal/webservice?wsdl"
    with Client(address, settings=Settings(strict=request.param)) as client:
        yield client.service


def test_the_document_s_php_sample_prints_two_message_ids_with_only_the_host_swapped(php, server_url, tmp_path):
    sample = (CLIENTS / "clickatell_sendmsg.php").read_text()
    assert sample.count("http://api.clickatell.com") == 1
    swapped = tmp_path / "sample.php"
    swapped.write_text(sample.replace("http://api.clickatell.com", f"{server_url}/clickatell"))
    printed = php(swapped)
    assert re.findall(rf"\[(\d)\] => {ID} To: (\d+)\n", printed) == [("0", "2799900001"), ("1", "2799900002")]


@pytest.mark.parametrize("path", ["webservice.php", "webservice_vs.php", "rpc_encoded/webservice"])
def test_php_calls_the_rpc_endpoints_with_every_slot_filled(php, server_url, path):
    answers = json.loads(php(CLIENTS / "clickatell_rpc.php", f"{server_url}/clickatell/soap/{path}"))
    assert answers["auth"] == "OK:"
    assert [re.sub(ID, "ID", line) for line in answers["sendmsg"]] == ["ID To: 2799900001", "ID To: 2799900002"]
    [status] = answers["querymsg"]
    assert re.fullmatch(rf"{ID} Status: 00[34]", status)
    assert answers["getbalance"].startswith("Credit: ")
    assert answers["routeCoverage"].startswith("OK: This prefix is currently supported.")
    assert answers["refused"] == [f"ERR: 001, Authentication failed To: 279990000{number}" for number in (1, 2)]


def test_php_calls_without_a_wsdl_by_position(php, server_url):
    answers = json.loads(php(CLIENTS / "clickatell_positional.php", f"{server_url}/clickatell/soap/webservice.php"))
    assert [re.sub(ID, "ID", line) for line in answers["sent"]] == ["ID To: 2799900001", "ID To: 2799900002"]
    assert answers["refused"] == [f"ERR: 001, Authentication failed To: 279990000{number}" for number in (1, 2)]


@pytest.mark.parametrize(
    ("path", "style"), [("webservice.php", OLDEST), ("webservice_vs.php", ENCODED), ("rpc_encoded/webservice", ENCODED)]
)
def test_zeep_calls_the_rpc_endpoints_without_fetching_anything_from_elsewhere(server_url, path, style):
    with Client(f"{server_url}/clickatell/soap/{path}?wsdl") as client:
        assert re.fullmatch(r"OK: [0-9a-f]{32}", client.service.auth(**LOGIN))
        parts = {part.name: xsd.SkipValue for part in style.operations["sendmsg"]}
        item = xsd.Element("item", xsd.String())
        numbers = [xsd.AnyObject(item, number) for number in ("2799900001", "2799900002")]
        array = client.get_type("{http://api.clickatell.com/soap/webservice}ArrayOfString")
        lines = client.service.sendmsg(**{**parts, **LOGIN, "to": array(numbers), "text": "Hi", "session_id": ""})
        assert [re.sub(ID, "ID", line) for line in lines] == ["ID To: 2799900001", "ID To: 2799900002"]


def test_php_sees_faults_as_soap_faults_and_may_compress(php, server_url):
    answers = json.loads(php(CLIENTS / "clickatell_faults.php", f"{server_url}/clickatell"))
    assert re.fullmatch(ID, answers.pop("compressed"))
    assert answers == {
        "unknown operation": "SOAP-ENV:Client: The service has no such operation",
        "no such address": "SOAP-ENV:Client: There is no service at this address",
        "SOAP 1.2": "SOAP-ENV:VersionMismatch: The envelope is not of SOAP 1.1",
    }


def test_zeep_sends_to_two_numbers(zeep):
    lines = zeep.sendmsg(**LOGIN, to=["2799900001", "2799900002"], text="é & <b>", **{"from": "ACME"})
    assert [re.sub(ID, "ID", line) for line in lines] == ["ID To: 2799900001", "ID To: 2799900002"]


def test_zeep_reads_errors_as_answers(zeep):
    assert zeep.sendmsg(**LOGIN | {"password": "wrong"}, to=["2799900001"], text="Hi") == ["ERR: 001, Authentication failed"]


def test_zeep_goes_through_a_session_and_a_batch(zeep):
    session = {"session_id": zeep.auth(**LOGIN).removeprefix("OK: ")}
    assert zeep.ping(**session) == f"OK: {session['session_id']}"
    batch = {**session, "batch_id": zeep.startbatch(**session, template="Hi #field1#").removeprefix("ID: ")}
    [item] = zeep.senditem(**batch, to=["2799900001"], field1="Bob")
    assert re.fullmatch(ID, item)
    assert len(zeep.quicksend(**batch, to=["2799900001", "2799900002"])) == 2
    assert zeep.endbatch(**batch) == "OK"
    message = item.removeprefix("ID: ")
    assert zeep.querymsg(**session, apimsgid=message).startswith(f"{item} Status: ")
    assert zeep.getmsgcharge(**session, apimsgid=message).startswith(f"apiMsgId: {message} charge: 1 ")


def test_calls_at_the_same_time_do_not_mix(zeep):
    numbers = [f"2799{number:06}" for number in range(200)]
    with ThreadPoolExecutor(8) as threads:
        answers = threads.map(lambda number: zeep.sendmsg(**LOGIN, to=[number, number[::-1].lstrip("0")], text=number), numbers)
    for number, [line, _] in zip(numbers, answers, strict=True):
        assert line.endswith(f" To: {number}")
