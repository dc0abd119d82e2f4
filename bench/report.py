"""The page of figures: what was measured, on what, how, and whether it is as fast as was asked.

Decided here: the targets stand beside what was found, met or not; the load of the machine stands beside both,
since a figure from a busy machine is one about the machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bench.figures import Row, machine, table

CHART_MS, CHART_AT, CHART_GROWS, AT_MOST = 40.0, 10_000, 1.3, 100_000
EVENT_MS = 300.0
CHARTS = ("chart", "chart, opened again")


@dataclass
class Site:
    """What one filled site gave."""

    database: str
    patients: int
    about: dict[str, Any] = field(default_factory=dict)
    viewers: dict[str, Any] = field(default_factory=dict)
    loads: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)


@dataclass
class Told:
    requests: int = 200
    sites: list[Site] = field(default_factory=list)
    besides: list[str] = field(default_factory=list)


def verdicts(sites: Sequence[Site]) -> list[str]:
    """Each target that these sites can speak to, in a sentence."""
    said = []
    for database in dict.fromkeys(site.database for site in sites):
        rows = {(row.what, row.patients): row for s in sites if s.database == database for row in s.rows}
        for what in CHARTS:
            chart, most = rows.get((what, CHART_AT)), rows.get((what, AT_MOST))
            if chart is not None:
                said.append(_verdict(f"{database}: {what}, p95 at {CHART_AT:,}", chart.p95, CHART_MS, "ms"))
            if chart is not None and most is not None:
                grown, sizes = most.p95 / chart.p95, f"{AT_MOST:,} to {CHART_AT:,}"
                said.append(_verdict(f"{database}: {what}, p95, {sizes}", grown, CHART_GROWS, "times"))
        for (what, patients), row in rows.items():
            if what.startswith("event"):
                said.append(_verdict(f"{database}: {what} at {patients:,}, p95", row.p95, EVENT_MS, "ms"))
    return said


def _verdict(what: str, found: float, target: float, unit: str) -> str:
    places = 2 if unit == "times" else 1
    state = "met" if found <= target else "NOT met"
    return f"- {what}: {found:.{places}f} {unit}, target {target:g}: {state}."


def page(told: Told) -> str:
    rows = [row for site in told.sites for row in site.rows]
    parts = [
        "# Speed",
        "Measured by `bin/bench`, which wrote this page. `bin/bench --quick` runs the same in a few minutes.",
        f"{datetime.now(UTC):%B %-d, %Y}. {machine()}.",
        "## Targets",
        "\n".join(verdicts(told.sites)),
        "## Pages, writes and events",
        table(rows),
        HOW.format(requests=told.requests, warm=max(told.requests // 5, 3)),
        "## The sites",
        _sites(told.sites),
    ]
    if told.besides:
        parts += ["## The medicine, and the write lock", *(f"```text\n{text}\n```" for text in told.besides)]
    return "\n\n".join(parts) + "\n"


HOW = """\
Milliseconds of the clock from asking to the last byte, over one connection of the real server in one
process, after {warm} requests thrown away: the median of three rounds of {requests}. *CPU* is processor time
of the server for one request. *Queries* is the most that any of a dozen patients needed.

Charts are drawn from all patients and opened for the first time: what is more at 100,000 is read from the
disk. *Opened again* is twenty of them in turn, as desk, nurse and prescriber look at whoever comes today;
*six doses* opens only those with a whole course behind them. *Find* asks by name, half a name, a slip of a
finger, birth date and number. A *vitals write* ends in one of eight rooms under way. An *event* runs from
the tap to each of the pages that look at the rooms, each a connection and a session of its own.

The files of the database are read once before, as each night's backup reads them; a machine keeps of that
what it has memory for.

One practice keeps all patients. 300 are on their way now, 52 come today, eight rooms are live; all
others were here in the ten years before. Their rows are copies of rows that steps made
(`bench/copies.py`)."""


def _sites(sites: Sequence[Site]) -> str:
    lines = [
        "| Database | Patients | Rows | Trail | On disk | Made in | Busy, before and after | With viewers |",
        "| --- | ---: | ---: | ---: | ---: | ---: | --- | --- |",
    ]
    for site in sites:
        about, seen = site.about, site.viewers
        watched = (
            f"{seen['memory_mb']:.0f} MB, {seen['memory_before_mb']:.0f} before; idle "
            f"{seen['cpu_percent_while_nothing_happens']:.0f} % of a core; {seen['missed']} not told"
            if seen
            else ""
        )
        lines.append(
            f"| {site.database} | {about['patients']:,} | {about['rows']:,} | {about['events']:,} "
            f"| {about['size'] / 2**30:.1f} GiB | {about['seconds']:.0f} s "
            f"| {'; '.join(site.loads)} | {watched} |"
        )
    return "\n".join(lines)
