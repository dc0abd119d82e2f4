"""Every line of the instruments' tables: answers, and the score that must come out."""

from __future__ import annotations

import pytest

from openkap.medicine.instruments import Answer, Instrument, Score, instrument, score, score_entered
from tests.spec.tables import Line, lines

ANSWERS = {"y": True, "n": False, "-": None}
SAID = {True: "yes", False: "no", None: ""}
OUTCOMES = ("total", "band", "sums", "alerts", "major", "other")
GIVEN = ("context", "entered")
FLAGS = {"major": "major_depressive_syndrome", "other": "other_depressive_syndrome"}


@pytest.mark.parametrize("line", lines("instruments"), ids=str)
def test_the_score_is_as_the_table_says(line: Line) -> None:
    form = instrument(line.rule)
    context = dict([line["context"].split("=")]) if line["context"] else {}
    if "entered" in line.cells:
        scored = score_entered(form, float(line["entered"]) if line["entered"] else None)
    else:
        scored = score(form, _answers(form, line), context)
    for column, cell in line.cells.items():
        if column in _outcomes(form):
            assert _said(scored, column) == cell, column


def _outcomes(form: Instrument) -> set[str]:
    return {*OUTCOMES, *(flag.name for flag in form.flags)}


def _answers(form: Instrument, line: Line) -> dict[str, Answer]:
    """Every cell before the outcomes holds answers, in the order of the form's items."""
    given = [
        mark
        for column, cell in line.cells.items()
        if column not in _outcomes(form) and column not in GIVEN
        for mark in cell.split()
    ]
    assert len(given) == len(form.items)
    return {item: _answer(mark) for item, mark in zip(form.items, given, strict=True)}


def _answer(mark: str) -> Answer:
    """A number, a yes or no, a dash; or a word that the item knows."""
    if mark in ANSWERS:
        return ANSWERS[mark]
    try:
        return float(mark) if "." in mark else int(mark)
    except ValueError:
        return mark


def _said(scored: Score, column: str) -> str:
    """An outcome as the table writes it."""
    if column in ("total", "band"):
        value = getattr(scored, column)
        return "" if value is None else str(value)
    if column == "sums":
        return " ".join(str(value) for value in scored.subscales.values() if value is not None)
    if column == "alerts":
        return ", ".join(f"{alert.level} {alert.rule}" for alert in scored.alerts)
    return SAID[scored.flags[FLAGS.get(column, column)]]
