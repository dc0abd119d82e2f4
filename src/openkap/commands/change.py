"""`openkap change [FILE]`: say whether a change between two scores is real, by every named rule."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from openkap.commands.stream import Options, Row, answer_each, fit, ruleset
from openkap.medicine.inputs import Unusable, a_number
from openkap.medicine.instruments import UnknownInstrument, change, instrument


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
    return change(
        form,
        _total(data, "pre"),
        _total(data, "post"),
        _optional(data, "sd"),
        _optional(data, "reliability"),
    ).as_dict()


def _total(data: Mapping[str, Any], field: str) -> int:
    number = _number(data, field)
    if number is None:
        raise Unusable(field, f"{field} is missing.")
    if number != number.to_integral_value():
        raise Unusable(field, f"{field} {number} is not a whole number.")
    return int(number)


def _optional(data: Mapping[str, Any], field: str) -> float | None:
    number = _number(data, field)
    return None if number is None else float(number)


def _number(data: Mapping[str, Any], field: str) -> Decimal | None:
    value = data.get(field)
    return None if value in (None, "") else a_number(field, value)


def _words(out: Mapping[str, Any]) -> str:
    name = instrument(out["instrument"]).name
    percent = "" if out["percent"] is None else f" ({out['percent']:+.0f}%)"
    lines = [f"{name}: {out['pre']} to {out['post']}, {out['points']:+d} points{percent}"]
    for word in ("response", "remission"):
        if out[word] is not None:
            lines.append(f"  {word}: {'yes' if out[word] else 'no'}")
    for rule in out["rules"]:
        unit = "%" if rule["unit"] == "percent" else " points"
        lines.append(f"  {rule['rule']} ({rule['threshold']:g}{unit}): {rule['verdict']}")
    return "\n".join(lines)
