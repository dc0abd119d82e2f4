"""Every line of the table: how long after a dose something new may be agreed to."""

from __future__ import annotations

from datetime import timedelta

import pytest

from openkap.records.facts.altered import altered_until
from tests.at_step import at_step
from tests.people import Cast, cast
from tests.spec.tables import Line, lines

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> Cast:
    return cast()


@pytest.mark.parametrize("line", lines("consent"), ids=str)
def test_nothing_new_is_agreed_to_while_a_dose_may_still_act(people: Cast, line: Line) -> None:
    stage = at_step(people, line["stage"])
    ended = stage.dose.ended_at or stage.at
    until = altered_until(stage.course.patient_id, ended + timedelta(hours=float(line["hours after"])))
    assert ("yes" if until is None else "no") == line["may agree to something new"]
