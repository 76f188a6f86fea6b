"""The pytest plugin, in projects that use it."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from emulator.client import Client, Emulator
from emulator.launch import running
from emulator.pytest_plugin import PROVIDERS
from tests_sheets import SHEETS

ROOT = Path(__file__).parent.parent

SEND = """
import json
from urllib.request import Request, urlopen
import pytest

def send(world, text="Hello", to="+10000000001"):
    body = {"action": "sendsms", "message-text": text, "to": to, "from": "00000"}
    request = Request(f"{world.url}/ep/v2/", json.dumps(body).encode(), {"x-api-key": world.credentials["api_key"]})
    return json.load(urlopen(request, timeout=30))
"""


@pytest.fixture
def project(pytester, monkeypatch):
    """A project of somebody else; ``run`` answers what its tests came to."""
    monkeypatch.delenv("SMS_EMULATOR_URL", raising=False)
    pytester.makeini("[pytest]\naddopts = -p no:schemathesis -p no:hypothesispytest\nfilterwarnings = error\n")

    def run(source, *arguments):
        pytester.makepyfile(test_it=SEND + source)
        return pytester.runpytest_subprocess(*arguments, timeout=120)

    return run


def test_the_documented_examples_pass(project, pytester):
    shutil.copy(ROOT / "examples" / "test_with_pytest.py", pytester.path)
    pytester.runpytest_subprocess("test_with_pytest.py", timeout=120).assert_outcomes(passed=11)


def test_they_pass_in_several_processes_too(project, pytester):
    shutil.copy(ROOT / "examples" / "test_with_pytest.py", pytester.path)
    pytester.runpytest_subprocess("test_with_pytest.py", "-n", "4", timeout=120).assert_outcomes(passed=11)


def test_they_pass_on_a_shared_server_but_for_what_would_concern_everybody(project, pytester, monkeypatch, server_url):
    shutil.copy(ROOT / "examples" / "test_with_pytest.py", pytester.path)
    monkeypatch.setenv("SMS_EMULATOR_URL", server_url)
    result = pytester.runpytest_subprocess("test_with_pytest.py", "-n", "4", "-k", "not begins_with_nothing", timeout=120)
    result.stdout.fnmatch_lines(["*SharedServerError: freezing the clock is refused*Run without SMS_EMULATOR_URL*"])
    result.assert_outcomes(passed=9, errors=1)


def test_there_is_a_fixture_for_every_provider():
    assert set(PROVIDERS) == set(SHEETS)


def test_nothing_is_imported_until_a_fixture_is_used():
    code = "import sys, emulator.pytest_plugin; print(*(one for one in sys.modules if one.startswith('emulator')))"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.split() == ["emulator", "emulator.pytest_plugin"]


def test_no_server_is_started_for_tests_that_do_not_ask(project):
    result = project(
        """
        import sys
        def test_nothing():
            assert "emulator.client" not in sys.modules
    """.replace("\n        ", "\n")
    )
    result.assert_outcomes(passed=1)


def test_every_test_begins_at_the_seed(project):
    result = project("""
def test_one(sms_emulator, skycore):
    send(skycore)
    sms_emulator.change_account("skycore-demo", balance="0")
    sms_emulator.fail({"drop": True}, provider="skycore")
    sms_emulator.advance(100_000)
    assert len(sms_emulator.messages()) == 1

def test_two(sms_emulator, skycore):
    assert sms_emulator.messages() == []
    assert sms_emulator.account("skycore-demo").balance == 1000
    assert len([one for one in sms_emulator.accounts() if one.provider == "skycore"]) == 2
    assert send(skycore)["status"] == "Success"
""")
    result.assert_outcomes(passed=2)


def test_an_error_of_the_emulator_fails_the_test_with_its_traceback(project, pytester):
    (pytester.path / "odd" / "skycore").mkdir(parents=True)
    (pytester.path / "odd" / "skycore" / "provider.yaml").write_text('prices: {by_prefix: {"1": "NaN"}}')
    pytester.makeconftest("""
import pytest

@pytest.fixture(scope="session")
def sms_emulator_settings():
    return {"fixtures": "odd"}
""")
    result = project("""
def test_it(skycore):
    send(skycore)

def test_after_it(skycore):
    assert skycore.messages() == []
""")
    result.assert_outcomes(failed=1, passed=1)
    result.stdout.fnmatch_lines(["*EmulatorCrashedError*", "*POST /skycore/ep/v2/", "*Traceback*", "*InvalidOperation*"])


def test_a_failing_test_shows_what_was_sent_and_what_was_refused(project):
    result = project("""
def test_it(skycore):
    send(skycore, "Hello there")
    send(skycore, to="nobody")
    assert False
""")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*Captured sms call*", "skycore sent 00000*'Hello there'", "refused E*"])


def test_a_wait_in_vain_prints_near_misses_and_points_at_the_test(project):
    result = project("""
def test_it(skycore):
    send(skycore)
    skycore.wait_for(to="+10000000002", timeout=0.1)
""")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*near miss: skycore sent * 'Hello'  (not to:+10000000002)*"])
    assert "emulator/client" not in result.stdout.str()


@pytest.mark.parametrize("how", ["option", "ini", "marker"])
def test_the_clock_is_held_when_asked_for(project, pytester, how):
    if how == "ini":
        pytester.makeini("[pytest]\nsms_frozen = true\naddopts = -p no:schemathesis\n")
    mark = "@pytest.mark.sms_frozen" if how == "marker" else ""
    result = project(
        f"""
{mark}
def test_it(skycore, sms_emulator):
    assert sms_emulator.clock()["frozen"]
    send(skycore)
    assert skycore.receipts == []
    skycore.advance(2)
    assert [one.fields["code"] for one in skycore.receipts] == ["N201", "N202"]
    assert {{one.attempts[-1].status for one in skycore.receipts}} == {{200}}
""",
        *(["--sms-frozen"] if how == "option" else []),
    )
    result.assert_outcomes(passed=1)


def test_the_clock_runs_otherwise(project):
    project("""
def test_it(sms_emulator):
    assert not sms_emulator.clock()["frozen"]
""").assert_outcomes(passed=1)


def test_an_application_may_take_its_receipts_itself(project):
    result = project("""
from emulator.client.receiver import taking

@pytest.mark.sms_frozen
def test_it(skycore):
    with taking() as url:
        skycore.configure(callback_url=url + "mine")
        send(skycore)
        skycore.advance(2)
    assert skycore.receipts[0].url.endswith("/mine")
    assert skycore.receipts[0].attempts[0].status == 200
""")
    result.assert_outcomes(passed=1)


def test_on_a_shared_server_nothing_is_reset_and_nothing_left_behind(project, monkeypatch, server_url):
    client = Client(server_url)
    before = len(client.accounts())
    monkeypatch.setenv("SMS_EMULATOR_URL", server_url)
    other = client.open_account("clickatell", balance="5")
    other.reply("older", from_="+2799900001", to="+27000000000")
    result = project("""
def test_one(sms_emulator, skycore):
    send(skycore, "mine")
    assert [one.text for one in skycore.messages()] == ["mine"]

def test_two(sms_emulator, skycore):
    assert skycore.messages() == []
    assert sms_emulator.messages(text="older") == []
    with pytest.raises(AssertionError):
        sms_emulator.wait_for(text="older", timeout=0)
""")
    result.assert_outcomes(passed=2)
    assert other.balance == 5
    assert len(other.messages()) == 1
    other.close()
    assert len(client.accounts()) == before
    client.close()


def test_on_a_shared_server_the_emulator_shows_what_everybody_sends_and_a_provider_only_its_own(project, monkeypatch):
    with Emulator() as emulator:
        monkeypatch.setenv("SMS_EMULATOR_URL", emulator.url)
        result = project("""
import os
from emulator.client import Client

def test_it(sms_emulator, skycore):
    send(Client(os.environ["SMS_EMULATOR_URL"]).open_account("skycore"), "of somebody else")
    assert skycore.messages() == []
    assert [one.text for one in sms_emulator.messages()] == ["of somebody else"]
""")
    result.assert_outcomes(passed=1)


def test_an_account_that_a_test_opens_itself_is_closed_too(project, monkeypatch, server_url):
    monkeypatch.setenv("SMS_EMULATOR_URL", server_url)
    before = {one.id for one in Client(server_url).accounts()}
    result = project("""
def test_it(sms_emulator):
    sms_emulator.open_account("skycore")
""")
    result.assert_outcomes(passed=1)
    assert {one.id for one in Client(server_url).accounts()} == before


def test_a_reset_by_somebody_else_fails_the_test_that_it_met_and_no_other(project, monkeypatch):
    with Emulator() as emulator:
        monkeypatch.setenv("SMS_EMULATOR_URL", emulator.url)
        result = project("""
import os
import pytest
from emulator.client import Client

def test_met(skycore):
    Client(os.environ["SMS_EMULATOR_URL"]).reset()
    skycore.messages()

def test_later(skycore):
    assert skycore.messages() == []
""")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*ServerResetError: somebody else has reset the shared server*"])


OWN_CLOCK = """
@pytest.mark.sms_frozen
def test_one(skycore):
    send(skycore)
    skycore.advance(100)

def test_two(sms_emulator):
    assert not sms_emulator.clock()["frozen"]
    assert sms_emulator.messages() == []
"""


def test_the_server_of_exec_belongs_to_the_tests(project, monkeypatch, server_url):
    monkeypatch.delenv("PYTEST_XDIST_WORKER", raising=False)  # of the process that runs this test
    monkeypatch.setenv("SMS_EMULATOR_URL", server_url)
    monkeypatch.setenv("SMS_EMULATOR_OWNED", "http://127.0.0.1:9")
    project(OWN_CLOCK).assert_outcomes(passed=1, errors=1)
    with running(quiet="1") as url:
        monkeypatch.setenv("SMS_EMULATOR_URL", url)
        monkeypatch.setenv("SMS_EMULATOR_OWNED", url)
        project(OWN_CLOCK).assert_outcomes(passed=2)
        project(OWN_CLOCK, "-n", "2").assert_outcomes(passed=1, errors=1)


@pytest.mark.parametrize("processes", [0, 2])
def test_a_report_tells_of_every_test(project, pytester, processes):
    result = project(
        """
def test_one(skycore):
    send(skycore, "<script>first</script>")

def test_two(skycore):
    send(skycore, "second")
    assert "this is wrong" == ""
""",
        "--sms-report=report.html",
        *(["-n", str(processes)] if processes else []),
    )
    result.assert_outcomes(passed=1, failed=1)
    page = (pytester.path / "report.html").read_text()
    for word in (
        "test_it.py::test_one",
        "test_it.py::test_two",
        "&lt;script&gt;first",
        "second",
        "this is wrong",
        "/skycore/ep/v2/",
    ):
        assert word in page
    assert "<script" not in page


def test_a_report_that_cannot_be_written_is_said_before_the_tests(project, pytester):
    (pytester.path / "taken").touch()
    result = project("def test_it(skycore):\n    send(skycore)\n", "--sms-report=taken/report.html")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*--sms-report: cannot write taken/report.html: *"])


def test_a_report_goes_into_a_folder_that_it_makes(project, pytester):
    project("def test_it(skycore):\n    send(skycore)\n", "--sms-report=new/report.html").assert_outcomes(passed=1)
    assert "Hello" in (pytester.path / "new" / "report.html").read_text()


def test_a_report_that_fails_at_the_end_hides_no_failure(project):
    source = """
import os
def test_it(skycore):
    os.remove("report.html"); os.mkdir("report.html")
    assert "this is wrong" == ""
"""
    result = project(source, "--sms-report=report.html")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*--sms-report was not written*", "*this is wrong*"])


def test_a_fixture_of_the_same_name_wins(project, pytester):
    pytester.makeconftest("import pytest\n@pytest.fixture\ndef skycore():\n    return 'mine'\n")
    project("def test_it(skycore):\n    assert skycore == 'mine'\n").assert_outcomes(passed=1)


def test_the_fixtures_explain_themselves(project):
    result = project("", "--fixtures")
    result.stdout.fnmatch_lines(["skycore -- *", "*A fresh account of skycore*"])
    result.stdout.fnmatch_lines(["sms_emulator -- *", "*The emulator*"])


def readme_example():
    return next(
        block
        for block in re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
        if "def test_" in block
    )


def test_a_stranger_copies_the_readmes_example_and_it_passes(tmp_path):
    """An empty project, a fresh environment, the package as it is installed from its wheel."""
    for words in (["-m", "venv", "env"], ["-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", "dist", str(ROOT)]):
        subprocess.run([sys.executable, *words], cwd=tmp_path, check=True, capture_output=True)
    [wheel] = (tmp_path / "dist").glob("*.whl")
    python = tmp_path / "env" / "bin" / "python"
    wanted = [str(wheel), "pytest", "pytest-xdist"]
    subprocess.run([python, "-m", "pip", "install", "--quiet", *wanted], check=True, capture_output=True)
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "test_signup.py").write_text(readme_example())
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("SMS_", "EMULATOR_", "PYTEST"))}
    for arguments in ([], ["-n", "4"]):
        command = [python, "-m", "pytest", "-q", *arguments]
        said = subprocess.run(
            command, cwd=tmp_path / "project", env=environment, capture_output=True, text=True, timeout=120, check=False
        )
        assert re.search(r"^\d+ passed", said.stdout, re.MULTILINE), said.stdout + said.stderr
        assert said.returncode == 0
