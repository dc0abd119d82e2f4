"""A reading put right: the room says what it would have said of the right number."""

from __future__ import annotations

from decimal import Decimal

import pytest

from openkap.records.models import Prompt, Reading
from openkap.steps.correct import correct
from tests.at_step import at_step, reading
from tests.people import cast

pytestmark = pytest.mark.django_db


def test_a_corrected_reading_says_what_it_should_have_said() -> None:
    stage = at_step(cast(), "under_way")
    reading(stage, spo2=98)
    row = Reading.objects.current().filter(session=stage.dose).order_by("recorded_at").last()
    assert not Prompt.objects.filter(session=stage.dose, signal="spo2").exists()
    correct(
        by=stage.people.by("jonah"),
        at=stage.later(minutes=1),
        row=row,
        reason="Misread",
        changes={"spo2": Decimal(82)},
    )
    (prompt,) = Prompt.objects.filter(session=stage.dose, signal="spo2")
    assert prompt.level == "red"
