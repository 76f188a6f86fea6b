"""The front door tells the truth."""

import re
from collections import Counter
from pathlib import Path

import pytest
import yaml

from emulator.config import PREFIX, Settings
from tests_sheets import SHEETS

README = (Path(__file__).parent.parent / "README.md").read_text()


@pytest.mark.parametrize("sheet", SHEETS.values(), ids=lambda sheet: sheet.name)
def test_the_fidelity_ledger_counts_the_examples_there_are(sheet):
    count = Counter(example.evidence for example in sheet.examples)
    assert f"| {sheet.title} | {count['documented']} | {count['observed']} | {count['assumed']} |" in README


@pytest.mark.parametrize("sheet", SHEETS.values(), ids=lambda sheet: sheet.name)
def test_the_demo_credentials_are_those_of_the_fixtures(sheet):
    for value in sheet.document["accounts"]["demo"]["credentials"].values():
        assert value in README or set(value) == {"x"}


def test_every_setting_is_in_the_table_and_no_other():
    named = set(re.findall(rf"`({PREFIX}[A-Z_]+)`", README))
    assert named == {PREFIX + name.upper() for name in Settings.__slots__} - {f"{PREFIX}CALLBACK_URLS"}


def test_its_curl_lines_work(client):
    for url in re.findall(r"curl '?http://127\.0\.0\.1:7670(/[^'`\s]*)", README):
        assert client.get(url).status_code == 200


def test_a_newcomer_reads_it_in_five_minutes():
    prose = re.sub(r"(?s:```.*?```)|^\|.*$", "", README, flags=re.MULTILINE)
    assert 500 < len(prose.split()) < 1100


def test_its_recipes_are_yaml_and_name_only_settings_and_hosts_there_are():
    recipes = [yaml.safe_load(block) for block in re.findall(r"(?s)```yaml\n(.*?)```", README)]
    compose = next(one for one in recipes if "app" in one.get("services", ()))
    aliases = compose["services"]["sms"]["networks"]["default"]["aliases"]
    assert {next(name for name, sheet in SHEETS.items() if host in sheet.hosts) for host in aliases} == set(SHEETS)
    assert len(recipes) == 3


def test_every_call_of_the_control_api_is_in_it(client):
    described = client.get("/_emulator/openapi.json").get_json()["paths"]
    for path in described:
        name = path.removeprefix("/_emulator/").replace("{message_id}", "{id}").split("/{")[0]
        assert name in README
