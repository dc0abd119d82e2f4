"""The page of the manual that says how often `openkap monitor` speaks over real recordings.

`python -m tests.real.recordings_page > docs/reference/recordings.md` draws it anew.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from openkap.medicine.monitoring import Line, Reading, Sign, Summary, watch
from tests.real.data import real

OPENING = """# Prompts over real recordings

How often `openkap monitor --route iv` speaks over recordings of real patients, none of them from a ketamine
session and all sicker than anyone who would be dosed. They are public (BIDMC, MIMIC and the 2012 challenge of
PhysioNet, under open data licenses) and not kept here. No baseline is given, so rises count for nothing.
Zeros and sentinels never give a prompt of their signal;
`python -m tests.real.recordings_page` draws this page.

| Recording | Hours | Readings | Values that cannot be | Amber | Red | Prompts an hour | Which |
|---|---|---|---|---|---|---|---|
"""
SECONDS_PER_HOUR = 3600


def names() -> list[str]:
    return sorted(path.name for path in real("vitals").glob("*.csv"))


@cache
def readings(name: str) -> tuple[Reading, ...]:
    with Path(real("vitals", name)).open(encoding="utf-8", newline="") as file:
        return tuple(Reading.read(row) for row in csv.DictReader(file))


@cache
def played(name: str) -> tuple[tuple[Line, ...], Summary]:
    said = list(watch(readings(name), "iv"))
    lines = tuple(item for item in said if isinstance(item, Line))
    return lines, next(item for item in said if isinstance(item, Summary))


def hours(name: str) -> float:
    times = [float(reading.t_seconds or 0) for reading in readings(name)]
    return (max(times) - min(times)) / SECONDS_PER_HOUR


def page() -> str:
    return OPENING + "".join(_rows())


def _rows() -> Iterator[str]:
    for name in names():
        lines, summary = played(name)
        loud = [line for line in lines if line.level in (Sign.AMBER, Sign.RED)]
        rules = sorted({line.rule for line in loud})
        which = ", ".join(f"{rule} {sum(line.rule == rule for line in loud)}" for rule in rules) or "none"
        length = hours(name)
        an_hour = f"{len(loud) / length:.1f}" if length else "none"
        yield (
            f"| {name.removesuffix('.csv')} | {length:.1f} | {summary.readings} | {summary.artefacts} "
            f"| {summary.amber} | {summary.red} | {an_hour} | {which} |\n"
        )


if __name__ == "__main__":
    sys.stdout.write(page())
