"""What the fixtures say, read once for the tests that go through all of it."""

from emulator.app import discover
from emulator.fixtures import load_sheet

SHEETS = {name: load_sheet(name) for name in discover()}
EXAMPLES = [example for sheet in SHEETS.values() for example in sheet.examples]
