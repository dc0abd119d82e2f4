"""What lies behind an invented patient: the way from a first file to the last dose before today.

Decided here: every past is made of the same stretches, each ending where the next begins: asked, accepted,
agreed, ready, and then the doses one by one. Days are counted back from today by the line of the patient.
"""

from __future__ import annotations

from datetime import datetime

from openkap.demonstration import visit
from openkap.demonstration.beside import agreed_apart, has_plan, takes_medicines
from openkap.demonstration.course import (
    Play,
    begun,
    consented,
    decided,
    evaluated,
    measured,
    prepared,
    shown_to_therapist,
)
from openkap.demonstration.more_forms import screened


def first_day(play: Play) -> int:
    """How many days ago the first dose was, or would be."""
    who = play.who
    return who.last + who.every * max(who.doses - 1, 0) if who.doses else 2


def asked(play: Play) -> None:
    """A file is opened, a course begins, and the evaluation is whole."""
    days = first_day(play) + play.who.waits
    play.go_to(play.house.clock(days, play.who.hour))
    begun(play)
    play.go_to(play.house.clock(days - 2, 10))
    takes_medicines(play)
    evaluated(play)


def accepted(play: Play) -> None:
    asked(play)
    measured(play, 0, "before")
    screened(play)
    decided(play)
    if "plan" in play.who.happens:
        has_plan(play)


def agreed(play: Play) -> None:
    """Consent is signed and the therapist is shown the course."""
    accepted(play)
    play.go_to(play.house.clock(first_day(play) + 11, 9))
    consented(play)
    shown_to_therapist(play)
    if "agrees" in play.who.happens:
        agreed_apart(play)


def ready(play: Play) -> None:
    agreed(play)
    if play.therapist is not None:
        prepared(play, play.house.clock(first_day(play) + 6, 16))


def one_dose(play: Play, begins: datetime) -> None:
    """One dose whole, with the days after it."""
    begins, room = visit.place_of(play, begins)
    visit.made_ready(play, begins, room=room)
    visit.started(play, begins)
    visit.watched(play, begins, 600, early="stopped_early" in play.who.happens and play.number == 1)
    visit.held_for_later(play)
    visit.went_home(play, begins)
    visit.next_morning(play)
    visit.integrated(play)
    measured(play, play.number, f"after_{play.number}")


def doses_given(play: Play) -> None:
    """The doses before today, each with its calls, its integration and its scores."""
    ready(play)
    for turn in range(play.who.doses):
        days = play.who.last + play.who.every * (play.who.doses - 1 - turn)
        one_dose(play, play.house.clock(days, play.who.hour))
