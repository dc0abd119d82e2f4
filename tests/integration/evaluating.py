"""An evaluation in tests: everyday answers and results, and the small steps that keep them."""

from __future__ import annotations

import re

from openkap.records.facts.screening import evaluate
from openkap.records.models import Course
from openkap.steps.candidacy import decide_candidacy
from openkap.steps.evaluation import Measured, keep_evaluation
from openkap.steps.medicines import note_allergy, reconcile
from tests.at_step import EVERYDAY, HISTORY
from tests.people import NOW, Cast

NO = dict.fromkeys(HISTORY, False)


def measured(key: str, value: str, unit: str = "", at=NOW) -> Measured:  # type: ignore[no-untyped-def]
    return Measured(key, value, unit, at)


PRESSURE = [measured("sbp", "122", "mmHg"), measured("dbp", "78", "mmHg")]
CALM = measured("cssrs_recent", "none")
OTHERS = [measured(*row) for row in EVERYDAY if row[0] not in ("sbp", "dbp", "cssrs_recent")]


def keep(people: Cast, course: Course, answers=None, results=(), who="tamsin", seen=None, at=NOW):  # type: ignore[no-untyped-def]
    return keep_evaluation(
        by=people.by(who), at=at, course=course, seen=seen, answers=answers or {}, results=list(results)
    )


def lists(people: Cast, at=NOW) -> None:  # type: ignore[no-untyped-def]
    """No allergies, no medicines, gone through."""
    note_allergy(by=people.by("tamsin"), at=at, file=people.file("wren"), none_known=True)
    reconcile(by=people.by("tamsin"), at=at, file=people.file("wren"))


def piece(page, name: str) -> dict[str, str]:  # type: ignore[no-untyped-def]
    """The hidden fields of one piece of the page, as its form would send them."""
    for form in page.page.split("<form")[1:]:
        if f'name="piece" value="{name}"' in form:
            return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
    raise AssertionError(name)


def level(course: Course, at=NOW) -> str:  # type: ignore[no-untyped-def]
    return str(evaluate(course, at).screened.verdict.level)


def levels(course: Course, at=NOW) -> dict[str, str]:  # type: ignore[no-untyped-def]
    return {f.rule: str(f.level) for f in evaluate(course, at).screened.verdict.findings}


def ready(people: Cast, course: Course, answers=None, results=()) -> None:  # type: ignore[no-untyped-def]
    """All is asked and measured, but for what is given otherwise."""
    given = {one.key for one in results}
    usual = [one for one in (*PRESSURE, CALM, *OTHERS) if one.key not in given]
    keep(people, course, {**NO, **(answers or {})}, [*usual, *results])
    lists(people)


def sign(people: Cast, course: Course, who: str = "tamsin", at=NOW, **changes):  # type: ignore[no-untyped-def]
    said = {"outcome": "candidate", "words": "Six doses.", **changes}
    return decide_candidacy(by=people.by(who), at=at, course=course, **said)
