"""Five ways of care by six routes, each a sound plan."""

from __future__ import annotations

import pytest

from openkap.medicine.protocols import PHASES, Protocol, Route, UnknownProtocol, protocol, protocols
from openkap.medicine.protocols.protocol import rows
from openkap.medicine.sources import resolve

WAYS = ("in_session", "bracketed", "blended", "infusion_only", "esketamine")


def test_every_way_and_every_route_has_a_plan() -> None:
    assert {plan.model for plan in protocols()} == set(WAYS)
    assert {plan.route for plan in protocols()} == set(Route)
    assert len({plan.id for plan in protocols()}) == len(protocols())


def test_the_blended_plan_by_infusion() -> None:
    plan = protocol("blended_iv")
    assert (plan.model, plan.route, plan.status) == ("blended", "iv", "proposed")
    assert (plan.window.open, plan.window.target, plan.window.close) == (24, 48, 72)
    assert (plan.doses.usual, plan.weekly, plan.spacing.soft_h, plan.spacing.hard_h) == (6, 2, 72, 48)
    assert plan.checks == (0, 10, 20, 30, 40, 55, 70)
    assert plan.then_every == 15
    assert plan.minutes == {
        "evaluation": 90,
        "preparation": 60,
        "dosing": 120,
        "integration": 60,
        "follow_up": 60,
    }
    assert plan.measures[0].instruments[0] == "phq9"
    assert "release_of_information" in plan.needs


@pytest.mark.parametrize("plan", protocols(), ids=lambda plan: plan.id)
def test_every_plan_is_sound(plan: Protocol) -> None:
    assert protocol(plan.id) == plan
    assert plan.window.open <= plan.window.target <= plan.window.close
    assert plan.doses.least <= plan.doses.usual <= plan.doses.most
    assert plan.preparation.least <= plan.preparation.usual <= plan.preparation.most
    assert list(plan.checks) == sorted(plan.checks) and plan.checks[0] == 0
    assert plan.minutes["dosing"] > 0
    assert set(plan.phases) <= set(PHASES)
    assert ("therapist" in plan.present) == plan.therapist_in_room
    assert ("integration" in plan.phases) == (plan.integration_per_dose > 0)
    assert all(resolve(key) for key in plan.sources)


def test_every_number_has_its_source_and_status() -> None:
    numbers = [number for rule in rows() for number in rule.numbers.values()]
    assert numbers
    assert all(number.sources and number.status and number.confidence for number in numbers)


def test_an_unknown_plan_is_said_to_be_unknown() -> None:
    with pytest.raises(UnknownProtocol, match="blended_iv2"):
        protocol("blended_iv2")
