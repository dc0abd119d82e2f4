"""`openkap change [FILE]`: say whether a change between two scores is real, by every named rule.

A case holds `pre` and `post`, or a `series` of totals with their days: then whether a response came, held and
was lost. With `norms` of the ill and the well it also names the category of Jacobson and Truax.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from openkap.commands.stream import Options, Row, answer_each, fit, ruleset
from openkap.medicine.inputs import Unusable, a_day, a_flag, a_number
from openkap.medicine.instruments import UnknownInstrument, change, instrument
from openkap.medicine.instruments.instrument import Instrument, Value
from openkap.medicine.instruments.jacobson import Norm
from openkap.medicine.instruments.sustained import course_of


def run(argv: list[str]) -> int:
    return fit(lambda: _run(argv))


def _run(argv: list[str]) -> int:
    parser = Options("change", "Say whether a change between two scores is real.")
    parser.takes_cases()
    options = parser.parse_args(argv)
    name = ruleset(options).name
    return answer_each(options, lambda row: _answer(row) | {"ruleset": name}, _words)


def _answer(row: Row) -> dict[str, Any]:
    data = row.data
    try:
        form = instrument(str(data.get("instrument") or ""))
    except UnknownInstrument as unknown:
        raise Unusable("instrument", str(unknown)) from None
    if "series" in data:
        return _course(form, data)
    return change(
        form,
        _total(data, "pre"),
        _total(data, "post"),
        _optional(data, "sd"),
        _optional(data, "reliability"),
        norms=_norms(data.get("norms")),
        ill_at_first=a_flag("ill_at_first", data.get("ill_at_first", False)),
    ).as_dict()


def _course(form: Instrument, data: Mapping[str, Any]) -> dict[str, Any]:
    """`{"series": [{"on": "2026-01-05", "total": 18}, ...], "days_apart": 14}`."""
    rows = data["series"]
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise Unusable("series", "series must be a list of objects, each with on and total.")
    totals = [(a_day("series.on", row.get("on")), _total(row, "total")) for row in rows]
    days = _number(data, "days_apart")
    if days is None or days != days.to_integral_value():
        raise Unusable("days_apart", "Say how many days apart two assessments must be, as a whole number.")
    return asdict(course_of(form, totals, int(days)))


def _norms(given: Any) -> tuple[Norm, Norm] | None:
    """`{"ill": {"mean": 24.9, "sd": 3.3}, "well": {"mean": 8, "sd": 8}}`."""
    if given is None:
        return None
    found = []
    for group in ("ill", "well"):
        block = given.get(group) if isinstance(given, Mapping) else None
        if not isinstance(block, Mapping):
            raise Unusable(f"norms.{group}", f"norms needs the mean and sd of the {group}.")
        mean, sd = (_number(block, field) for field in ("mean", "sd"))
        if mean is None or sd is None or sd <= 0:
            raise Unusable(f"norms.{group}", "A norm needs a mean and an sd above 0.")
        found.append(Norm(float(mean), float(sd)))
    return found[0], found[1]


def _total(data: Mapping[str, Any], field: str) -> Value:
    number = _number(data, field)
    if number is None:
        raise Unusable(field, f"{field} is missing.")
    return int(number) if number == number.to_integral_value() else float(number)


def _optional(data: Mapping[str, Any], field: str) -> float | None:
    number = _number(data, field)
    return None if number is None else float(number)


def _number(data: Mapping[str, Any], field: str) -> Decimal | None:
    value = data.get(field)
    return None if value in (None, "") else a_number(field, value)


def _words(out: Mapping[str, Any]) -> str:
    name = instrument(out["instrument"]).name
    if "assessments" in out:
        return _course_words(name, out)
    percent = "" if out["percent"] is None else f" ({out['percent']:+.0f}%)"
    lines = [f"{name}: {out['pre']} to {out['post']}, {out['points']:+g} points{percent}"]
    for word in ("response", "remission"):
        if out[word] is not None:
            lines.append(f"  {word}: {'yes' if out[word] else 'no'}")
    for rule in out["rules"]:
        unit = "%" if rule["unit"] == "percent" else " points"
        lines.append(f"  {rule['rule']} ({rule['threshold']:g}{unit}): {rule['verdict']}")
    lines += [f"  {end['rule']}: {'yes' if end['reached'] else 'no'}" for end in out["ends"]]
    if out["jt"]:
        lines.append(f"  Jacobson and Truax: {out['jt']['category']} (cut-off {out['jt']['cutoff']:g})")
    return "\n".join(lines)


def _course_words(name: str, out: Mapping[str, Any]) -> str:
    def day(value: date | None) -> str:
        return "no" if value is None else value.isoformat()

    return "\n".join(
        [
            f"{name}: {out['assessments']} assessments up to {day(out['last_on'])}",
            f"  first response: {day(out['responded_on'])}",
            f"  held at two at least {out['days_apart']} days apart: {day(out['sustained_on'])}",
            f"  lost at two in a row: {day(out['lost_on'])}",
            f"  remission: {day(out['remitted_on'])}",
        ]
    )
