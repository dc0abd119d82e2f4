"""Every way of care, from its first choice to the end of its course: what the gate asks, and who is owed what."""

from __future__ import annotations

import pytest

from openkap.medicine.protocols import protocols
from tests.at_step import at_step
from tests.people import cast

pytestmark = pytest.mark.django_db

WAYS = ("blended_iv", "bracketed_iv", "in_session_iv", "infusion_only_iv", "esketamine")


@pytest.mark.parametrize("plan", [p for p in protocols() if p.id in WAYS], ids=lambda plan: plan.id)
def test_each_way_goes_from_opening_to_the_measure_after(plan) -> None:
    stage = at_step(cast(), "measured_after", route=plan.route, protocol=plan.id)
    assert stage.dose.state == "done"
    assert stage.course.protocol == plan.id
