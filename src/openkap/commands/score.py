"""`openkap score [FILE]`: score questionnaires.

Input: one JSON object, JSON lines, or CSV with a column for each item. Output: one JSON object a
case. `--instrument`, `--map` and `--missing` serve files that were made elsewhere.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from openkap.commands.stream import Options, Row, Unfit, answer_each, fit
from openkap.medicine.inputs import Unusable
from openkap.medicine.instruments import Instrument, UnknownInstrument, instrument, score, score_entered
from openkap.medicine.instruments.scoring import SEXES
from openkap.medicine.rules import library_name

DECIMAL = re.compile(r"-?\d+\.\d+")
MOST_LETTERS = 10


def run(argv: list[str]) -> int:
    return fit(lambda: _run(argv))


def _run(argv: list[str]) -> int:
    parser = Options("score", "Score questionnaires.")
    parser.takes_cases()
    parser.add_argument("--instrument", help="id of the instrument, where the file does not say")
    parser.add_argument("--map", default="", help="columns of a CSV: 1=DPQ010,2=DPQ020,...")
    parser.add_argument("--missing", default="", help="codes that mean unanswered: 7,9,.")
    options = parser.parse_args(argv)
    named = _names(options.map)
    missing = {code.strip() for code in options.missing.split(",")} - {""}
    if options.instrument:
        _known(options.instrument, Unfit)
    answer = _answerer(options, named, missing, _ruleset_name(options))
    return answer_each(options, answer, _words, lambda header: _check(header, options, named))


def _ruleset_name(options: argparse.Namespace) -> str:
    if not options.rules:
        return library_name()
    from openkap.commands.stream import ruleset

    return ruleset(options).name


def _answerer(
    options: argparse.Namespace, named: Mapping[str, str], missing: set[str], ruleset: str
) -> Callable[[Row], Mapping[str, Any]]:
    def answer(row: Row) -> Mapping[str, Any]:
        given = row.data.get("instrument") or options.instrument
        form = _known(given, lambda why: Unusable("instrument", why))
        context = row.data.get("context")
        if row.from_csv:
            cells = {named.get(column, column): cell for column, cell in row.data.items()}
            items = (*form.items, *form.optional)
            answers = {i: _cell(cells[i], missing) for i in items if i in cells}
            back = {column: item for column, item in named.items() if item in answers}
            rest = {c: v for c, v in row.data.items() if c not in answers and c not in back}
            rest.pop("instrument", None)
            sex = cells.get("sex", "").strip().lower()
            known = {"sex": sex} if sex in SEXES else {}
            scored = score(form, answers, known).as_dict() | {"ruleset": ruleset}
            return scored | ({"row": rest} if rest else {})
        if "entered" in row.data:
            return _typed_in(form, row.data["entered"], context) | {"ruleset": ruleset}
        answers = _answers(row.data.get("answers"), missing)
        if context is not None and not isinstance(context, Mapping):
            raise Unusable("context", "context must be an object.")
        return score(form, answers, context).as_dict() | {"ruleset": ruleset}

    return answer


def _typed_in(form: Instrument, entered: Any, context: Any) -> dict[str, Any]:
    """A total worked out elsewhere: `{"total": 21, "subtotals": {}, "items": {"9": 0}}`."""
    if not isinstance(entered, Mapping):
        raise Unusable("entered", "entered must be an object with a total.")
    total, subtotals = _whole(entered.get("total")), entered.get("subtotals") or {}
    if not isinstance(subtotals, Mapping):
        raise Unusable("entered.subtotals", "subtotals must be an object of name and number.")
    given = {name: _whole(value) for name, value in subtotals.items()}
    return score_entered(form, total, given, _answers(entered.get("items") or {}, set()), context).as_dict()


def _known(given: Any, refuse: Callable[[str], Exception]) -> Instrument:
    try:
        return instrument(str(given) if given else "")
    except UnknownInstrument as unknown:
        why = str(unknown) if given else "The instrument is not named."
        raise refuse(why) from None


def _names(text: str) -> dict[str, str]:
    """`1=DPQ010,2=DPQ020` as column to item."""
    names: dict[str, str] = {}
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        item, equals, column = part.partition("=")
        if not equals or not item.strip() or not column.strip():
            raise Unfit(f"--map takes item=column pairs, not {part!r}.")
        names[column.strip()] = item.strip()
    return names


def _check(header: list[str], options: argparse.Namespace, named: Mapping[str, str]) -> None:
    """A CSV must say which instrument, and hold at least one of its items."""
    if absent := [column for column in named if column not in header]:
        raise Unfit(f"The file has no column {absent[0]!r}, which --map names.")
    if "instrument" not in header and not options.instrument:
        raise Unfit("The file has no column instrument. Name it with --instrument.")
    if options.instrument:
        form = instrument(options.instrument)
        items = {named.get(column, column) for column in header}
        if not items & set(form.items):
            raise Unfit(f"The file has no column for any item of {form.name}. Name them with --map.")


def _cell(cell: str, missing: set[str]) -> Any:
    """A cell as an answer: blank or a missing code is unanswered; text that is no number stays text."""
    text = cell.strip()
    whole = text.removesuffix(".0")
    if not text or text in missing or whole in missing:
        return None
    if len(whole) >= MOST_LETTERS or not whole.isascii():
        return text
    if whole.lstrip("-").isdigit():
        return int(whole)
    return float(whole) if DECIMAL.fullmatch(whole) else text


def _answers(given: Any, missing: set[str]) -> dict[str, Any]:
    if not isinstance(given, Mapping):
        raise Unusable("answers", "answers must be an object of item and answer.")
    return {
        item: None if missing and str(value) in missing else _whole(value) for item, value in given.items()
    }


def _whole(value: Any) -> Any:
    """JSON's 2.0 is the whole number 2; a half stays a half."""
    if isinstance(value, Decimal) and value.is_finite():
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def _words(scored: Mapping[str, Any]) -> str:
    form = instrument(scored["instrument"])
    total = "no total" if scored["total"] is None else f"total {scored['total']}"
    if scored["prorated"]:
        total += f" (from {len(form.items) - len(scored['missing'])} of {len(form.items)} answers)"
    lines = [f"{form.name}: {total}" + (f", {scored['band'].replace('_', ' ')}" if scored["band"] else "")]
    if scored["missing"]:
        lines.append(f"  Not answered: {', '.join(scored['missing'])}.")
    lines += [f"  {name.replace('_', ' ')}: {_said(value)}" for name, value in scored["flags"].items()]
    lines += [f"  {alert['level']}: {alert['because']} {alert['action']}" for alert in scored["alerts"]]
    return "\n".join(lines)


def _said(value: bool | None) -> str:
    return "not known" if value is None else "yes" if value else "no"
