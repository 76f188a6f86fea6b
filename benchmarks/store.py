"""What keeping messages costs: memory until the store is full and after, and the time to list a page of it."""

import time
from statistics import median

import load
import processes
from control import Control
from processes import Running
from report import Row

FEW = 1_000
JOURNAL_IS_FULL = 20_000  # from here on only messages add to the memory, requests do not
FULL = 100_000  # MAX_MESSAGES
PAGE = 50
LISTINGS = 30
PROVIDER = "skycore"


def measure() -> list[Row]:
    with processes.emulator(max_messages=str(FULL)) as server:
        filling = _Filling(server)
        few = filling.up_to(FEW)
        listed_few = _listing(filling.control)
        journal_full = filling.up_to(JOURNAL_IS_FULL)
        full = filling.up_to(FULL)
        twice = filling.up_to(2 * FULL)
        thrice = filling.up_to(3 * FULL)
        each = (full - journal_full) / (FULL - JOURNAL_IS_FULL)
        return [
            Row(f"memory of the worker at {FEW:,} messages", f"{few:.0f} MB"),
            Row(
                f"at {FULL:,}, the store is full",
                f"{full:.0f} MB",
                f"{each * 100_000:.0f} MB per 100,000 messages, {each * 1024:.1f} KB each",
            ),
            Row(f"after {FULL:,} more", f"{twice:.0f} MB", f"{twice - full:+.0f} MB"),
            Row(f"after another {FULL:,}", f"{thrice:.0f} MB", f"{thrice - twice:+.0f} MB"),
            *_listings(filling.control, listed_few),
        ]


class _Filling:
    """Brings the messages that the server was ever sent up to a number."""

    def __init__(self, server: Running) -> None:
        self.control = Control(server.port)
        self.control.enrich(PROVIDER)
        self._server = server
        self._series = 0

    def up_to(self, count: int) -> float:
        """Answers the worker's megabytes once everything is delivered."""
        self._series += 1
        missing = count - self.control.ever_captured()
        filled = load.fill(self._server.url, self._series, missing, lambda: self.control.ever_captured() >= count)
        self.control.settle()
        sent = self.control.ever_captured()
        if filled.failures or sent < count or self.control.captured() != min(sent, FULL):
            raise SystemExit(f"{sent:,} of {count:,} messages captured; {filled.failures}")
        megabytes = self._server.worker_megabytes()
        print(f"  {sent:,} messages sent: {megabytes:.0f} MB", flush=True)
        return megabytes


def _listings(control: Control, listed_few: float) -> list[Row]:
    newest = _listing(control)
    of_account = _listing(control, q=f"account:{PROVIDER}-demo")
    far_in, cursor = _cursor_far_in(control)
    oldest = _listing(control, cursor=cursor)
    return [
        Row(f"newest {PAGE} of {FEW:,} messages", f"{listed_few:.1f} ms", f"median of {LISTINGS}"),
        Row(f"newest {PAGE} of {FULL:,}", f"{newest:.1f} ms", f"{newest / listed_few:.2f} times as long"),
        Row("the same with q=account:...", f"{of_account:.1f} ms", f"{of_account / listed_few:.2f} times as long"),
        Row(f"{PAGE} behind the newest {far_in:,}, by cursor", f"{oldest:.1f} ms", f"{oldest / listed_few:.2f} times as long"),
    ]


def _listing(control: Control, **query: str) -> float:
    """Milliseconds that a page takes, the median."""
    durations = []
    for _ in range(LISTINGS):
        begin = time.perf_counter()
        page = control.messages(limit=str(PAGE), **query)
        durations.append(time.perf_counter() - begin)
        if len(page["messages"]) != PAGE:
            raise SystemExit(f"a page of {len(page['messages'])} messages for {query}")
    return median(durations) * 1000


def _cursor_far_in(control: Control) -> tuple[int, str]:
    """Pages to the last full page but one; answers how many messages are newer, and the cursor."""
    step = 1_000
    cursor = None
    for _ in range(FULL // step - 1):
        cursor = control.messages(limit=str(step), **({"cursor": cursor} if cursor else {}))["next_cursor"]
    return FULL - step, str(cursor)
