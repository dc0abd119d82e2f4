"""Filling a demonstration site: the practices first, then each patient, whole or not at all.

Decided here: a patient is one transaction, so that a run that is broken off leaves whole patients; run again,
it goes on where it stopped, as of the moment the site was begun. The made-up past mails nobody: what it would
have sent is held at the end, with what the schedule asks at that moment (docs/adr/0012-demonstration.md).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from django.db import transaction

from openkap.demonstration.course import Play
from openkap.demonstration.governed import governed
from openkap.demonstration.house import FOUNDED, PSYCHIATRY, SYSTEM, House, build, house_as_it_is
from openkap.demonstration.papers import mixed_papers
from openkap.demonstration.people import PATIENTS, Patient
from openkap.demonstration.stands import NOW, STANDS
from openkap.demonstration.words import written
from openkap.permits import Actor
from openkap.records.facts.law import held
from openkap.records.models import Course, Organisation, Site
from openkap.steps.follow_up import follow_courses
from openkap.steps.mail import hold_waiting
from openkap.steps.standing_ends import tell_of_ends

Say = Callable[[int, int, Patient], None]


def is_begun() -> bool:
    """Whether this site is one that `fill` began, finished or not."""
    return Site.objects.filter(demonstration=True).exists() and (
        Organisation.objects.filter(name=PSYCHIATRY).exists()
    )


def left_over(patients: Iterable[Patient] = PATIENTS) -> list[Patient]:
    """Who of these has no course yet; those whose rooms are in use now come last."""
    known = set(Course.objects.values_list("patient__given_name", "patient__family_name", "patient__born_on"))
    waiting = [who for who in patients if (who.given, who.family, who.born) not in known]
    return sorted(waiting, key=lambda who: who.stands in NOW)


def fill(*, by: Actor, at: datetime, patients: Iterable[Patient] = PATIENTS, say: Say | None = None) -> int:
    """Make the site and these patients; returns how many were new. Raises Refused where it is someone else's.

    `say` is told before each: how many are done, of how many, and who is next.
    """
    if not is_begun():
        with transaction.atomic():
            build(by=by, at=at)
            mixed_papers(house_as_it_is(at))
            governed(house_as_it_is(at))
    house = house_as_it_is(Site.objects.get().born_at)
    waiting = left_over(patients)
    for turn, who in enumerate(waiting):
        if say is not None:
            say(turn, len(waiting), who)
        with transaction.atomic(), held():
            play(house, who)
    follow_courses(by=by, at=house.now)
    tell_of_ends(by=by, at=house.now)
    hold_waiting(at=house.now, why="made_up")
    return len(waiting)


def play(house: House, who: Patient) -> Play:
    """One patient's course up to where they stand, inside the transaction of whoever calls."""
    course = Play(who, house, house.now - FOUNDED)
    STANDS[who.stands](course)
    written(course)
    return course


__all__ = ["SYSTEM", "fill", "is_begun", "left_over", "play"]
