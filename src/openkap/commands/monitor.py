"""`openkap monitor --route iv --baseline 128/78 [FILE]`: play a recording and print its prompts.

Input: CSV with the columns `t_seconds,hr,sbp,dbp,map,spo2,rr,etco2,moaas` (any absent or blank), or
JSON lines with those keys. Output: a line a prompt, in time order whatever the order of the file,
and the summary last. A row that cannot be used is told and left out.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path

from openkap.commands.stream import Options, Unfit, fit, open_text, read_rows, ruleset, to_json, write
from openkap.medicine.inputs import Unusable, a_number
from openkap.medicine.monitoring import Baseline, Line, Reading, Summary, watch
from openkap.medicine.monitoring.reading import VALUES
from openkap.medicine.protocols.routes import Route

MINUTE = 60


def run(argv: list[str]) -> int:
    return fit(lambda: _run(argv))


def _run(argv: list[str]) -> int:
    parser = Options("monitor", "Play a recording of a dosing session and print its prompts.")
    parser.takes_cases()
    parser.add_argument("--route", required=True, choices=[str(route) for route in Route])
    parser.add_argument("--baseline", metavar="128/78", help="blood pressure before the dose")
    options = parser.parse_args(argv)
    rules = ruleset(options)
    baseline = _baseline(options.baseline)
    told = Told(options.explain)
    # A recording in time order passes row by row, however long; any other is held whole and sorted.
    ordered = _in_time_order(options)
    readings: Iterable[Reading] = _readings(options, told)
    if not ordered:
        readings = list(readings)
    for said in watch(readings, options.route, baseline, ruleset=rules, ordered=ordered):
        if options.explain:
            write(_words(said))
        else:
            write(to_json(said.as_json() | ({"ruleset": rules.name} if isinstance(said, Summary) else {})))
    return 1 if told.any else 0


class Told:
    """Prints the rows that cannot be used, as they are met."""

    def __init__(self, explain: bool) -> None:
        self.explain, self.any = explain, False

    def row(self, number: int, bad: Unusable) -> None:
        self.any = True
        out = {"error": str(bad), "field": bad.field, "row": number}
        write(f"Row {number}: {bad}" if self.explain else to_json(out))


def _in_time_order(options: argparse.Namespace) -> bool:
    """A first look at the times alone. What is no plain file can be read only once."""
    if not Path(options.file).is_file():
        return False
    before: Decimal | None = None
    with open_text(options.file) as text:
        for row in read_rows(text, options.file, _check):
            try:
                now = a_number("t_seconds", row.data.get("t_seconds"))
            except Unusable:
                continue
            if before is not None and now <= before:
                return False
            before = now
    return True


def _baseline(text: str | None) -> Baseline:
    try:
        return Baseline.parse(text) if text else Baseline()
    except Unusable as bad:
        raise Unfit(f"--baseline: {bad}") from None


def _readings(options: argparse.Namespace, told: Told) -> Iterator[Reading]:
    """Every usable row."""
    with open_text(options.file) as text:
        for row in read_rows(text, options.file, _check):
            try:
                if row.error:
                    raise Unusable(row.field, row.error)
                reading = Reading.read(row.data)
                if reading.t_seconds is None:
                    # A recording counts from the start of its dose, which no row says.
                    raise Unusable("t_seconds", "The time of the reading is missing.")
                yield reading
            except Unusable as bad:
                told.row(row.number, bad)


def _check(header: list[str]) -> None:
    if "t_seconds" not in header:
        raise Unfit("The file has no column t_seconds.")
    if not set(header) & set(VALUES):
        raise Unfit(f"The file has no column of a vital sign. They are {', '.join(VALUES)}.")


def _words(said: Line | Summary) -> str:
    if isinstance(said, Summary):
        prompts = f"{said.amber} amber and {said.red} red prompts, {said.due} not done in time"
        return (
            f"{said.readings} readings, {said.artefacts} values that cannot be, {len(said.gaps)} gaps: "
            f"{prompts}. Highest pressure: {said.peak_bp or 'not known'}."
        )
    minutes, seconds = divmod(int(said.t_seconds), MINUTE)
    when = f"{minutes} min" + (f" {seconds} s" if seconds else "")
    return f"{when:>12}  {said.level:8} {said.signal:10} {said.because} {said.action}".rstrip()
