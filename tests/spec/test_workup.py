"""Every line of the tables of the work-up: what asks for an item, and how long it counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from openkap.medicine.rules import library
from openkap.medicine.screening import Case, Vitals, read_case, screen
from openkap.medicine.screening.again import due_again, what_changed
from openkap.medicine.screening.case import Lab
from openkap.medicine.screening.workup import Item, Known, work_up
from tests.spec.cases import AT, changed
from tests.spec.tables import Line, lines

NOW = datetime.fromisoformat(AT)


def bare(cause: str) -> tuple[Case, Known]:
    """A case about which nothing is known but what asks for the item."""
    case = Case(NOW, "iv", born_on=date(1982, 4, 11), childbearing_potential=False)
    match cause.split():
        case ["nothing"] | ["everyone"]:
            return case, Known()
        case ["on", day]:
            return replace(case, at=datetime.fromisoformat(f"{day}T23:59:00-05:00")), Known()
        case ["age", years]:
            return replace(case, born_on=NOW.date().replace(year=NOW.year - int(years))), Known()
        case ["pregnancy", "possible"]:
            return replace(case, childbearing_potential=True), Known()
        case ["doses", "before"]:
            return case, Known(doses_before=True)
    return replace(case, history={cause: True}), Known()


def with_it(rule: str, case: Case, known: Known, when: str) -> tuple[Case, Known]:
    """The same with the item done so many days before, by the way the row says it is found."""
    words = library().rule(rule).words
    if when == "not done":
        return case, known
    at: datetime | None = case.at - timedelta(days=int(when) if when.isdigit() else when != "once")
    if when == "of an earlier course":
        known = replace(known, since=case.at)
    if when == "not known when":
        at = None
    if words["found"] == "lab":
        return replace(case, labs={words["key"]: Lab("negative", at)}), known
    if words["found"] == "vital" and at is not None:
        value: dict[str, Any] = {words["key"]: 100} | ({"dbp": 60} if words["key"] == "sbp" else {})
        return replace(case, vitals=(Vitals(at, **value),) * (1 if when == "once" else 2)), known
    return case, replace(known, done={words["key"]: at})


@pytest.mark.parametrize("line", lines("workup"), ids=str)
def test_the_item_stands_as_its_table_says(line: Line) -> None:
    case, known = with_it(line.rule, *bare(line["because of"]), line["done days ago"])
    found = item(line.rule, work_up(case, known))
    assert (found.state if found else "not asked") == line["state"]


def item(rule: str, items: tuple[Item, ...]) -> Item | None:
    return next((each for each in items if each.rule.id == rule), None)


def test_what_is_open_comes_first_and_what_was_done_tomorrow_does_not_count() -> None:
    case, _known = bare("everyone")
    items = work_up(case, Known({"phq9": NOW + timedelta(days=1), "gad7": NOW}))
    assert item("U-PHQ9", items).state == "expired"  # type: ignore[union-attr]
    assert items[-1].rule.id == "U-GAD7"


def test_screening_again_is_due_after_six_months_and_tells_what_changed() -> None:
    assert due_again(date(2026, 8, 31)) == date(2027, 2, 28)
    assert due_again(date(2026, 11, 21)) == date(2027, 5, 21)
    before = screen(read_case(changed({"stable_cardiac_disease": "yes", "weight_kg": "72"})))
    kept = [{"rule": f.rule, "level": str(f.level), "because": f.because} for f in before.verdict.findings]
    assert what_changed(kept, before.verdict.findings) == ()
    now = screen(read_case(changed({"stroke_history": "yes", "urinary_symptoms_active": "yes"})))
    found = what_changed(kept, now.verdict.findings)
    assert [(one.rule, str(one.was_level), str(one.level), one.worse) for one in found] == [
        ("S11", "caution", "stop", True),
        ("S27", "clear", "hold", True),
    ]
    back = what_changed([{"rule": "S11", "level": "stop", "because": "Once."}], ())
    assert [(one.level, one.worse, one.now) for one in back] == [("clear", False, "")]
