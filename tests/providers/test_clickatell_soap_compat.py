"""spyne on every supported Python, and nothing of the mending left where others could see it."""

import subprocess
import sys

import pytest

from emulator.providers.clickatell.soap.compat import parse_header

ROOM = "emulator.providers.clickatell.soap"


def run(program, **options):
    command = [sys.executable, "-W", "error", "-c", program]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, **options)


def test_it_is_imported_without_a_warning():
    ended = run(f"import {ROOM}.service; print('ok')")
    assert (ended.stdout, ended.stderr) == ("ok\n", "")


def test_no_other_module_sees_the_stand_ins():
    program = f"""
import sys
finders = list(sys.meta_path)
import {ROOM}.service
assert "cgi" not in sys.modules
assert all(not type(finder).__module__.startswith("spyne") for finder in sys.meta_path), sys.meta_path
assert set(finders) <= set(sys.meta_path)
"""
    assert run(program).stderr == ""


def test_a_cgi_that_is_there_is_put_back():
    program = f"""
import sys, types
sys.modules["cgi"] = own = types.ModuleType("cgi")
import {ROOM}.service
assert sys.modules["cgi"] is own
"""
    assert run(program).stderr == ""


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("text/xml", ("text/xml", {})),
        ("text/xml; charset=utf-8", ("text/xml", {"charset": "utf-8"})),
        ('multipart/related; type="text/xml"; boundary="a;b"', ("multipart/related", {"type": "text/xml", "boundary": "a;b"})),
        ("", ("", {})),
    ],
)
def test_a_header_is_read_into_its_value_and_parameters(line, read):
    assert parse_header(line) == read


def test_a_broken_spyne_stops_the_start_with_the_provider_s_name(tmp_path):
    (tmp_path / "spyne").mkdir()
    (tmp_path / "spyne" / "__init__.py").write_text("raise ImportError('broken')")
    program = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import emulator.app; emulator.app.create_app()"
    ended = run(program)
    assert ended.returncode == 1
    assert "StartError: the provider 'clickatell' cannot be loaded: ImportError('broken')" in ended.stderr


def test_its_log_of_unreadable_envelopes_is_shut():
    program = f"""
import logging, {ROOM}.service
logging.basicConfig(level=logging.DEBUG)
for name in ("spyne.protocol.soap.soap11.invalid", "spyne.protocol.xml.invalid"):
    logging.getLogger(name).error("p4ssw0rd")
"""
    ended = run(program)
    assert (ended.returncode, ended.stderr) == (0, "")
