"""What a measurement says, and the words a table of them is written in."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median


@dataclass(frozen=True, slots=True)
class Row:
    """One line: what, where, how many requests, milliseconds at three places, processor time, queries.

    `cpu` is milliseconds of the server's processor for one request; None where it cannot be told apart.
    """

    what: str
    database: str
    patients: int
    requests: int
    p50: float
    p95: float
    p99: float
    cpu: float | None
    queries: int | None


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of them lie: nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def of_rounds(rounds: Iterable[Sequence[float]]) -> tuple[float, float, float]:
    """Median over repeated rounds of each round's p50, p95 and p99."""
    every = [tuple(percentile(values, share) for share in (0.5, 0.95, 0.99)) for values in rounds]
    return tuple(median(place) for place in zip(*every, strict=True))  # type: ignore[return-value]


def table(rows: Sequence[Row]) -> str:
    """As Markdown, one line a row, what is asked first, then by database and size."""
    lines = [
        "| What | Database | Patients | Requests | p50 ms | p95 ms | p99 ms | CPU ms | Queries |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    order = {name: place for place, name in enumerate(dict.fromkeys(row.what for row in rows))}
    for row in sorted(rows, key=lambda r: (order[r.what], r.database, r.patients)):
        cpu = "" if row.cpu is None else f"{row.cpu:.1f}"
        queries = "" if row.queries is None else str(row.queries)
        lines.append(
            f"| {row.what} | {row.database} | {row.patients:,} | {row.requests:,} | {row.p50:.1f} "
            f"| {row.p95:.1f} | {row.p99:.1f} | {cpu} | {queries} |"
        )
    return "\n".join(lines)


def machine() -> str:
    """What it ran on, in one line."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{processor()}, {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} "
        f"{platform.release().split('-')[0]}, Python {platform.python_version()}"
    )


def processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def load() -> str:
    """How busy the machine is: how many programs wanted a core, and what a core is worth now."""
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores, {slowness():.0f} ms for the fixed piece"


def slowness() -> float:
    """Milliseconds of the clock for a fixed piece of Python, the median of nine."""
    took = []
    for _round in range(9):
        began = time.perf_counter()
        sum(n * n % 7 for n in range(600_000))
        took.append((time.perf_counter() - began) * 1000)
    return median(took)


def cpu_ms(pid: int) -> float:
    """Processor time a process has used so far, in milliseconds."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def memory_mb(pid: int) -> float:
    """Resident memory of a process."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0
