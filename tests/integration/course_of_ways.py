"""What the tests of the ways of care share: a course at a stage of its way, its gate, and what it owes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from openkap.medicine.course.gate import ready
from openkap.medicine.protocols import protocol
from openkap.medicine.verdict import Level
from openkap.permits import Actor
from openkap.records.facts.gate import day_of
from openkap.records.models import Session, Task
from openkap.steps.course import plan_session
from tests.at_step import Stage, at_step
from tests.people import CLINIC, cast


def stage_at(name: str, protocol_id: str) -> Stage:
    return at_step(cast(), name, route=protocol(protocol_id).route, protocol=protocol_id)


def line(stage: Stage, rule: str) -> Any:
    stage.fresh()
    return next((f for f in ready(day_of(stage.dose, stage.at)).findings if f.rule == rule), None)


def level(stage: Stage, rule: str) -> Level:
    found: Level = line(stage, rule).level
    return found


def theo(stage: Stage) -> Actor:
    return stage.people.by("theo", CLINIC)


def owed(stage: Stage, what: str) -> Task | None:
    return Task.objects.filter(course=stage.course, what=what, done_at=None).first()


def before_the_day(protocol_id: str) -> Stage:
    """A dose that is ordered, drawn and checked, in a way whose own asks nobody has met yet."""
    return stage_at("confirmed", protocol_id)


def planned_in(stage: Stage, ahead: timedelta, lead: Any = None) -> Session:
    return plan_session(
        by=stage.people.by("odette"), at=stage.at, course=stage.course, organisation=stage.people.clinic,
        phase="dosing", planned_from=stage.at + ahead, minutes=120, room=stage.people.room(),
        lead=lead or stage.people["jonah"],
    )  # fmt: skip
