"""Measures the emulator on this machine and prints a table: python benchmarks/run.py [PART ...]; the parts stand in PARTS.

Everything stays on the loopback interface. Figures of two runs, or of two machines, say little beside each other; the ratios to
the yardsticks, which are measured in the same minutes, say more.
"""

import argparse
import os
import platform
import signal
import sys
import time
from collections.abc import Callable, Mapping

import campaigns
import kit
import load
import receipts
import sends
import start
import store
from report import Row, facts

from emulator import __version__
from emulator.config import Settings

FACTS: Mapping[str, Callable[[], list[Row]]] = {
    "start": start.measure,
    "store": store.measure,
    "receipts": receipts.measure,
    "campaigns": campaigns.measure,
    "kit": kit.measure,
}
PARTS = ("start", "sends", "store", "receipts", "campaigns", "kit")  # in this order


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure the emulator; without a part: all of them.")
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parts = parser.parse_args().parts or PARTS
    if unknown := set(parts) - set(PARTS):
        parser.error(f"no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    if not load.is_installed():
        print("The load comes from wrk, which is not installed: apt-get install wrk", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that everything started is stopped
    try:
        return _run([part for part in PARTS if part in parts])
    except KeyboardInterrupt:
        return 130


def _run(wanted: list[str]) -> int:
    begin = time.monotonic()
    rows: list[Row] = []
    sent = sends.Results()
    for part in wanted:
        print(f"{part} ...", flush=True)
        if part == "sends":
            sent = sends.measure()
        else:
            rows += FACTS[part]()
    tables = [sent.markdown()] * bool(sent.samples) + [facts(rows)] * bool(rows)
    print("", _circumstances(), *tables, f"Measured in {time.monotonic() - begin:.0f} s.", sep="\n\n")
    return 1 if sent.left_out else 0


def _circumstances() -> str:
    return (
        f"sms-emulator {__version__}, Python {platform.python_version()}, {os.cpu_count()} cores shared with wrk "
        f"(-t{load.THREADS} -c{load.CONNECTIONS}, {sends.SECONDS} s, median of {sends.ROUNDS} interleaved rounds), "
        f"one worker process with {Settings().threads} threads."
    )


if __name__ == "__main__":
    sys.exit(main())
