"""How long from the first process to the first answer, and how much memory a server takes that nobody uses."""

from statistics import median

import processes
from report import Row

STARTS = 7


def measure() -> list[Row]:
    seconds, parents, workers = [], [], []
    for _ in range(STARTS):
        with processes.emulator() as server:
            seconds.append(server.ready_seconds)
            parents.append(server.parent_megabytes())
            workers.append(server.worker_megabytes())
    parent, worker = median(parents), median(workers)
    return [
        Row("start to ready", f"{median(seconds):.2f} s", f"median of {STARTS}, {min(seconds):.2f} to {max(seconds):.2f}"),
        Row("memory, idle", f"{parent + worker:.0f} MB", f"parent process {parent:.0f}, worker {worker:.0f}"),
    ]
