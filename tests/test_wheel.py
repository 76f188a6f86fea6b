"""What a user installs."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def names(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    [wheel] = folder.glob("*.whl")
    return set(zipfile.ZipFile(wheel).namelist())


def test_the_wheel_carries_every_fixture(names):
    wanted = {
        f"emulator/_fixtures/{path.relative_to(ROOT / 'fixtures').as_posix()}" for path in (ROOT / "fixtures").rglob("*.yaml")
    }
    assert len(wanted) > 100
    assert wanted <= names


def test_the_wheel_carries_the_pages(names):
    pages = {path.relative_to(ROOT).as_posix() for kind in ("html", "css") for path in (ROOT / "emulator").rglob(f"*.{kind}")}
    assert len(pages) > 4
    assert pages <= names


def test_the_wheel_carries_the_inbox_with_the_licences_of_what_it_ships(names):
    inbox = ROOT / "emulator" / "inbox"
    wanted = {
        path.relative_to(ROOT).as_posix()
        for folder in ("templates", "static")
        for path in (inbox / folder).rglob("*")
        if path.is_file()
    }
    assert len([name for name in wanted if "LICENSE" in name]) == 2
    assert wanted <= names


def test_the_wheel_is_typed_and_holds_no_tests(names):
    assert "emulator/py.typed" in names
    assert not [name for name in names if name.startswith("test") or "/test_" in name]
