"""`openkap month YYYY-MM --organisation ID --by USER [--csv]`: a month, as a director reads it.

Prints one JSON object, or with `--csv` a row a cell: part, row, column, value. The records are taken as they
stood when the month ended; whoever it is asked for reads no more than on the page.
"""

from __future__ import annotations

import csv
import re
import sys
from typing import Any

from openkap.commands.site import acting_staff, begin, fail, unready
from openkap.commands.stream import Options, Unfit, fit, to_json, write

NAME = re.compile(r"(2[01][0-9]{2})-(0[1-9]|1[0-2])")


def run(argv: list[str]) -> int:
    return fit(lambda: _run(argv))


def _run(argv: list[str]) -> int:
    parser = Options("month", "Print one month of a practice, as its medical director reads it.")
    parser.add_argument("month", metavar="YYYY-MM")
    parser.add_argument("--organisation", required=True, metavar="ID", help="id or name of the practice")
    parser.add_argument("--by", required=True, metavar="USER", help="mail address of whoever reads it")
    parser.add_argument("--csv", action="store_true", help="a row a cell instead of JSON")
    parser.add_argument("--json", action="store_true", help="one JSON object, as without it")
    options = parser.parse_args(argv)
    found = NAME.fullmatch(options.month)
    if found is None:
        raise Unfit(f"{options.month} is no month. Write it as 2026-11.")
    begin()
    if why := unready():
        return fail(why)
    from openkap.steps.frame import Refused

    try:
        told = _told(options.by, options.organisation, int(found[1]), int(found[2]))
    except Refused as refusal:
        return fail(refusal.because)
    if options.csv:
        _as_csv(told)
    else:
        write(to_json(told))
    return 0


def _told(mail: str, organisation: str, year: int, number: int) -> dict[str, Any]:
    from zoneinfo import ZoneInfo

    from django.utils import timezone

    from openkap.reads.oversight.month import month_shown
    from openkap.reads.oversight.page import may_see
    from openkap.reads.oversight.period import month
    from openkap.records.standing import scope_now
    from openkap.steps.frame import Refused

    by, place = acting_staff(mail, organisation, "openkap month")
    at, zone = timezone.now(), ZoneInfo(place.zone)
    scope = scope_now(by, at)
    if not may_see(scope, place.id):
        raise Refused("Your role here does not include oversight.")
    if month(year, number, zone).since > at:
        raise Refused("This month has not begun.")
    return month_shown(scope, place, year, number, at, zone).as_json()


def _as_csv(told: dict[str, Any]) -> None:
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(("month", "part", "row", "column", "value"))
    for part in told["parts"]:
        for n, row in enumerate(part["rows"], start=1):
            for column, value in zip(part["columns"], row, strict=True):
                out.writerow((told["month"], part["part"], n, column, value))
