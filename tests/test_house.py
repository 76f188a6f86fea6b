"""The rules of the house: what stands where, who imports whom, what has an example."""

import ast
import json
import re
from pathlib import Path

import pytest

import emulator
from emulator.app import create_app
from emulator.edge.registrar import has_type
from emulator.fixtures import EVIDENCE
from emulator.listing import endpoints
from emulator.providers.clickatell.parameters import canonical_path
from emulator.providers.clickatell.responses import STATUSES
from tests_sheets import EXAMPLES, SHEETS

ROOT = Path(emulator.__file__).parent
MODULES = sorted(ROOT.rglob("*.py"))
PROVIDERS = sorted(path for path in (ROOT / "providers").iterdir() if (path / "__init__.py").exists())
ROOMS = ("auth", "callbacks", "errors", "responses", "routes", "schemas")
LINKS = "follow"  # the short links: a phone's browser calls them, no document shows it


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_every_endpoint_of_a_provider_has_an_example():
    without = {e.operation for e in endpoints(create_app()) if e.provider and e.example is None and e.operation != LINKS}
    assert not without


def codes():
    return [(sheet.name, row) for sheet in SHEETS.values() for row in sheet.codes.values()]


def pattern_of(row) -> str:
    """A code with several cases (ClickSend's ``NOT_FOUND/list``) is shown where its text is."""
    code, _, case = row.code.partition("/")
    text = re.escape(json.dumps(row.text)).replace(r"\{field\}", "[a-z ]+")
    return (
        rf'"response_code": "{code}", "response_msg": {text}'
        if case
        else rf'"{code}"|ERR: {code}\b|<faultstring>{re.escape(row.text)}</faultstring>'
    )


@pytest.mark.parametrize(("provider", "row"), codes(), ids=lambda value: getattr(value, "code", value))
def test_every_code_has_an_example_or_says_why_it_cannot_be_answered(provider, row):
    answers = [json.dumps(dict(example.document["response"])) for example in EXAMPLES if example.provider == provider]
    shown = any(re.search(pattern_of(row), answer) for answer in answers)
    assert shown != bool(row.unreachable)
    assert row.evidence in EVIDENCE


@pytest.mark.parametrize("sheet", SHEETS.values(), ids=lambda sheet: sheet.name)
def test_settings_are_declared_with_type_evidence_and_a_sentence(sheet):
    for spec in sheet.settings.values():
        assert has_type(spec)
        assert spec.evidence in EVIDENCE
        assert spec.about.endswith(".")


@pytest.mark.parametrize("sheet", SHEETS.values(), ids=lambda sheet: sheet.name)
def test_a_code_names_only_settings_that_exist(sheet):
    assert {row.setting for row in sheet.codes.values() if row.setting} <= set(sheet.settings)


def test_every_clickatell_status_is_in_the_documented_table():
    assert set(STATUSES.values()) <= set(SHEETS["clickatell"].document["statuses"])


@pytest.mark.parametrize("folder", PROVIDERS, ids=lambda folder: folder.name)
def test_every_provider_has_the_same_rooms(folder):
    for room in ROOMS:
        assert (folder / f"{room}.py").exists() or (folder / room / "__init__.py").exists(), room


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_only_schemas_and_errors_know_marshmallow(path):
    known = {one for one in imports(path) if one.startswith("marshmallow")}
    if name(path) == "edge/errors.py":
        assert known == {"marshmallow.ValidationError", "marshmallow.exceptions.SCHEMA"}
    elif "schemas" not in name(path):
        assert not known


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_only_one_module_knows_each_of_these_libraries(path):
    homes = {
        "yaml": "fixtures.py",
        "faker": "people.py",
        "granian": "server.py",
        "phonenumbers": "core/addresses.py",
        "urllib3": ("delivery/transport.py", "client/line.py"),  # the way out of the server, and the way into it
        "apispec": "control/openapi.py",
        "pytest": "pytest_plugin.py",
        "testcontainers": "testcontainers.py",
    }
    for library, home in homes.items():
        if any(one.split(".")[0] == library for one in imports(path)):
            assert name(path) in home


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_only_the_soap_room_knows_spyne_and_its_xml(path):
    known = {one.split(".")[0] for one in imports(path)} & {"spyne", "lxml"}
    if name(path) == "infoset.py":
        assert known == {"lxml"}
    elif not name(path).startswith("providers/clickatell/soap/"):
        assert not known


def test_every_soap_address_has_an_example():
    served = {e.url for e in endpoints(create_app()) if "/soap/" in e.url}
    paths = {example.document["request"]["path"].partition("?")[0] for example in EXAMPLES if example.provider == "clickatell"}
    assert len(served) == 4
    assert served <= {f"/clickatell{canonical_path(path)}" for path in paths}


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_file_fits_in_the_head(path):
    assert len(path.read_text().splitlines()) <= 360


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_no_room_is_called_by_a_word_that_says_nothing(path):
    assert not {"utils", "helpers", "common", "manager", "base", "misc"} & set(re.split(r"[/_.]", name(path)))


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_no_state_is_kept_in_a_module(path):
    """Two emulators live in one process: module names are constants, never reassigned through ``global``."""
    assert not [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Global)]


FIFTH = """
from flask import Blueprint, request
from emulator.core.accounts import Credentials
from emulator.core.errors import Reason
from emulator.core.message import Submission
from emulator.edge.body import json_response
from emulator.edge.context import smsc
from emulator.edge.errors import ErrorTable
from emulator.edge.provider import Api, Provider

blueprint = Blueprint("fifth", __name__)

@blueprint.post("/sms")
def sms():
    account = smsc.authenticate("fifth", Credentials({"key": request.headers.get("key", "")}))
    return json_response({"id": smsc.submit_one(account, Submission(recipient="+4915112345678", text="x")).provider_message_id})

class Silence:
    def receipt(self, account, message):
        return ()

TABLE = ErrorTable("fifth", {reason: "N1" for reason in Reason})
provider = Provider(
    name="fifth",
    apis=(Api("", blueprint, TABLE, lambda fail, row: json_response({"no": row.text}, 418)),),
    message_id=lambda identifier: identifier[:4],
    callbacks=lambda *_: Silence(),
    secrets=frozenset({"key"}),
)
"""
FIFTH_SHEET = """
title: Fifth
hosts: [api.fifth.example]
default_sender: Fifth
credentials: {key: {made: "hex:8", login: true, secret: true}}
accounts: {demo: {credentials: {key: abc}}}
prices: {currency: EUR, default: "0.01", refunds: []}
settings: {}
"""


def test_a_fifth_provider_is_one_package_and_one_fixtures_folder(tmp_path, monkeypatch):
    package, fixtures = tmp_path / "providers" / "fifth", tmp_path / "fixtures" / "fifth"
    package.mkdir(parents=True)
    fixtures.mkdir(parents=True)
    (package / "__init__.py").write_text(FIFTH)
    (fixtures / "provider.yaml").write_text(FIFTH_SHEET)
    (fixtures / "codes.yaml").write_text("N1: {text: nope, evidence: assumed, when: Always.}\n")
    monkeypatch.setattr(emulator.providers, "__path__", [*emulator.providers.__path__, str(tmp_path / "providers")])
    client = create_app(emulator.config.Settings(fixtures=tmp_path / "fixtures")).test_client()

    assert len(client.post("/fifth/sms", headers={"key": "abc"}).get_json()["id"]) == 4
    assert client.post("/sms", headers={"key": "abc", "Host": "api.fifth.example"}).status_code == 200
    assert client.post("/fifth/sms", headers={"key": "wrong"}).get_json() == {"no": "nope"}
    assert client.get("/fifth/nothing").status_code == 418
    assert client.get("/_emulator/messages?q=provider:fifth").get_json()["total"] == 2
    assert client.get("/_emulator/exchanges?q=provider:fifth").get_json()["exchanges"][0]["provider"] == "fifth"
