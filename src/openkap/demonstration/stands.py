"""Where each invented patient stands today, as the last things that happened to them.

Decided here: a place in the course is reached by what leads to it and by nothing else. What happens today is
told in minutes from now, so that a room that is in use is in use at whatever hour the site is made; what
happened before lies at the practice's own hours.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from openkap.demonstration import visit
from openkap.demonstration.beside import asked_for_more, died_later
from openkap.demonstration.course import (
    Play,
    asked_to_consent,
    begun,
    decided,
    evaluated,
    measured,
    met,
)
from openkap.demonstration.hours import LAST, by_day, early_in_the_week, from_then_on
from openkap.demonstration.more_forms import besides
from openkap.demonstration.past import accepted, agreed, asked, doses_given, ready
from openkap.records.models import Task
from openkap.steps.arrival import record_arrival
from openkap.steps.booking import cancel_session
from openkap.steps.closing import close_alert
from openkap.steps.consent_again import ask_course_again
from openkap.steps.ending import end_course, move_course
from openkap.steps.moving import miss_session
from openkap.steps.sharing import revoke
from openkap.steps.tasks import finish_task, take_task
from openkap.steps.ways import change_way

DAY = timedelta(days=1)
LATE = 25  # minutes
OTHER_ROUTE, OTHER_WHY = "bracketed_im", "Three infusions changed little, and a cannula is hard to place."
# How long before now a dose began that is under way: sets are kept up to then but for the one that is due.
UNDER_WAY = {"iv": 31, "im": 21, "sublingual": 31, "oral": 31, "nasal_racemic": 41, "esketamine": 41}


def evaluating(play: Play) -> None:
    play.go_to(play.house.clock(3, play.who.hour))
    begun(play)
    play.go_to(play.house.clock(1, 15))
    evaluated(play, left_open=True)


def not_now(play: Play) -> None:
    asked(play)
    again: date = (play.house.now + 30 * DAY).astimezone(play.house.zone).date()
    decided(
        play,
        "not_now",
        "Grieving; wants to wait until the move is over.",
        for_patient="We agreed to wait until you have moved. Then we look again, together.",
        look_again_on=again,
    )


def not_candidate(play: Play) -> None:
    asked(play)
    decided(
        play,
        "not_candidate",
        "A manic episode this spring. Sent on to Dr Vanterpool for mood stabilizing treatment.",
        for_patient="This medicine could set off another episode like the one in spring, so we do not "
        "give it. Dr Vanterpool will see you for a treatment that fits, and we stay in touch.",
    )


def declined(play: Play) -> None:
    accepted(play)
    end(play, "decline", "Prefers to go on with therapy alone.", 5)


def waiting_for_consent(play: Play) -> None:
    accepted(play)
    play.go_to(play.house.clock(2, 11))
    asked_to_consent(play)


def preparing(play: Play) -> None:
    agreed(play)
    play.go_to(play.house.clock(1, 12))
    met(play, play.house.clock(-1, 16))


def window_missed(play: Play) -> None:
    """The session in the window was called off, and nobody held another."""
    ready(play)
    begins, room = visit.place_of(play, play.house.clock(play.who.last, play.who.hour))
    visit.made_ready(play, begins, room=room)
    visit.started(play, begins)
    visit.watched(play, begins, 600)
    visit.held_for_later(play)
    visit.went_home(play, begins)
    visit.next_morning(play)
    assert play.therapist is not None and play.integration is not None
    cancel_session(
        by=play.therapist, at=play.later(), session=play.integration, words="The patient has a fever."
    )
    measured(play, play.number, f"after_{play.number}")


def no_show(play: Play) -> None:
    """The dose of the last working day was booked, and nobody came."""
    doses_given(play)
    begins = play.house.clock(1, play.who.hour)
    visit.booked(play, begins, visit.place_of(play, begins)[1])
    at = play.go_to(begins + timedelta(minutes=45))
    miss_session(by=play.desk, at=at, session=play.dose, words="Called twice, no answer.")


def late(play: Play) -> None:
    """A dose that should have begun a while ago, and nobody is here."""
    begins = _soon(play, -LATE)
    visit.booked_with_window(play, begins)
    visit.said_yes(play)


def another_route(play: Play) -> None:
    """Little came of one route; a prescriber signed another, and the consent is asked for again."""
    doses_given(play)
    play.go_to(play.house.clock(3, 10))
    play.course.refresh_from_db()
    change_way(by=play.prescriber, at=play.at, course=play.course, protocol_id=OTHER_ROUTE, words=OTHER_WHY)
    play.course.refresh_from_db()
    evaluated(play)
    decided(play, words="Into a muscle from now on, two doses; then look again at what it is for.")
    ask_course_again(by=play.desk, at=play.later(), course=play.course)


def all_set(play: Play) -> None:
    """Everything before the dose is met: a press starts it."""
    _at_the_gate(play)


def booked(play: Play) -> None:
    """The next dose is booked; who holds the session after it has said yes."""
    if not play.course:
        ready(play)
    _book(play, answer=True)


def between(play: Play) -> None:
    """Doses given and the next one booked; the therapist has yet to answer."""
    doses_given(play)
    if "sign" in play.who.happens:
        asked_for_more(play, settled=False)
    _book(play, answer=False)


def _book(play: Play, *, answer: bool) -> None:
    begins = play.house.clock(-5, play.who.hour)
    day = early_in_the_week(begins.date()) - begins.date()
    visit.booked_with_window(play, begins + day)
    if answer:
        visit.said_yes(play)


def arrived(play: Play) -> None:
    begins = _soon(play, 50)
    visit.booked_with_window(play, begins)
    visit.said_yes(play)
    visit.handed_over(play, begins, read=False)
    record_arrival(by=play.desk, at=visit.before(play, begins, 58), session=play.dose)


def second_person(play: Play) -> None:
    begins = _soon(play, 35)
    visit.booked_with_window(play, begins)
    visit.said_yes(play)
    record_arrival(by=play.desk, at=visit.before(play, begins, 75), session=play.dose)
    visit.ordered(play, begins)
    visit.morning(play, begins)
    visit.drawn(play, begins)


def gate_holds(play: Play) -> None:
    _at_the_gate(play, medicines="Took lorazepam last night, 1 mg.")


def gate_pressure(play: Play) -> None:
    _at_the_gate(play, rise=48)


def _at_the_gate(play: Play, *, rise: int = 0, medicines: str = "") -> None:
    begins = _soon(play, 12)
    visit.booked_with_window(play, begins)
    visit.said_yes(play)
    visit.handed_over(play, begins)
    record_arrival(by=play.desk, at=visit.before(play, begins, 60), session=play.dose)
    measured(play, play.number - 1, f"before_{play.number}")
    visit.ordered(play, begins)
    visit.morning(play, begins, rise=rise, medicines=medicines)
    visit.drawn(play, begins)
    visit.confirmed(play, begins)
    visit.all_there(play, begins)


def _soon(play: Play, minutes: float) -> datetime:
    """After the doses before today, if any: a dose planned so many minutes from now."""
    doses_given(play)
    return visit.begun_at(play, -minutes)


def in_the_room(play: Play) -> None:
    """A dose is under way, and a set is due."""
    doses_given(play)
    ago = UNDER_WAY[play.who.route] - (7 if play.plan.therapist_in_room else 0)
    begins = visit.begun_at(play, ago)
    visit.made_ready(play, begins, today=True)
    visit.started(play, begins)
    visit.watched(play, begins, ago - 2)


def recovering(play: Play) -> None:
    doses_given(play)
    begins = visit.begun_at(play, 75)
    visit.made_ready(play, begins, today=True)
    visit.started(play, begins)
    visit.watched(play, begins, 73)


def _just_given(play: Play, begins: datetime) -> None:
    ready(play)
    visit.made_ready(play, begins)
    visit.started(play, begins)
    visit.watched(play, begins, 600)
    visit.held_for_later(play)
    visit.went_home(play, begins)


def home_today(play: Play) -> None:
    _just_given(play, by_day(visit.begun_at(play, 216), play.house.zone))


def window_booked(play: Play) -> None:
    _just_given(play, by_day(visit.begun_at(play, 25 * 60), play.house.zone))
    visit.next_morning(play)


def window_closing(play: Play) -> None:
    """The session in the window was called off, and the window closes within a day, at an hour at which
    another can still be held."""
    _just_given(play, from_then_on(visit.begun_at(play, 67 * 60), play.house.zone, 11, LAST))
    visit.next_morning(play)
    assert play.therapist is not None and play.integration is not None
    cancel_session(
        by=play.therapist, at=play.later(), session=play.integration, words="Our therapist is ill that day."
    )


def following(play: Play) -> None:
    """The doses are over; asked month by month how it goes."""
    doses_given(play)
    _over(play)
    for month in range(1, play.who.last // 30 + 1):
        if play.who.last <= 30 * month:
            return
        play.go_to(play.house.clock(play.who.last - 30 * month, 19))
        measured(play, play.number + month, f"month_{month}")
        besides(play, play.number + month, f"month_{month}")


def tail(play: Play) -> None:
    """The doses are over, the therapy goes on."""
    doses_given(play)
    _over(play, verbs=("end_doses",))


def _over(play: Play, verbs: tuple[str, ...] = ("end_doses", "follow")) -> None:
    play.go_to(play.house.clock(max(play.who.last - 5, 1), 9))
    for verb in verbs:
        move_course(by=play.prescriber, at=play.later(), course=play.course, verb=verb)
        play.course.refresh_from_db()


def worsening(play: Play) -> None:
    """An answer of half an hour ago that somebody must look at."""
    doses_given(play)
    _over(play)
    play.go_to(visit.begun_at(play, 38))
    measured(play, play.number + 1, "month_1", safety=1)


def alert_closed(play: Play) -> None:
    """A worse score some weeks ago; somebody looked, and said what came of it."""
    following(play)
    play.go_to(play.house.clock(6, 20))
    measured(play, play.number + 4, "asked_again")
    for task in Task.objects.filter(course=play.course, what__startswith="alert_", done_at=None):
        take_task(by=play.prescriber, at=play.later(), task=task)
        play.go_to(play.house.clock(5, 10))
        close_alert(
            by=play.prescriber,
            at=play.later(),
            task=task,
            outcome="talked",
            words="Called the same evening. A hard week at work; no thoughts of dying. Seen on Thursday.",
        )


def maintenance(play: Play) -> None:
    """A further dose now and then, after a time of follow-up; the next one is booked."""
    doses_given(play)
    if "sign" in play.who.happens:
        asked_for_more(play, settled=True)
    _book(play, answer=True)


def revoked(play: Play) -> None:
    doses_given(play)
    assert play.shared is not None
    revoke(by=play.themselves, at=play.go_to(play.house.clock(2, 18)), grant=play.shared)


def done(play: Play) -> None:
    following(play)
    end(play, "finish", "Well for three months. Knows how to come back.", play.who.last % 30 + 3)


def stopped(play: Play) -> None:
    doses_given(play)
    end(play, "stop", "No benefit after the first dose, and did not like how it felt.", play.who.last - 6)


def transferred(play: Play) -> None:
    doses_given(play)
    end(play, "transfer", "Moved to another city; the course goes on there.", play.who.last - 12)


def died(play: Play) -> None:
    doses_given(play)
    play.go_to(play.house.clock(20, 10))
    died_later(play)
    end(play, "record_death", "Died at home of heart failure; his daughter called.", 20)


def end(play: Play, verb: str, why: str, days_ago: int) -> None:
    play.go_to(play.house.clock(max(days_ago, 1), 11))
    play.course.refresh_from_db()
    end_course(by=play.prescriber, at=play.at, course=play.course, verb=verb, why=why)
    told = Task.objects.filter(course=play.course, what__startswith="ended_", done_at=None)
    for task in told:
        assert play.therapist is not None
        finish_task(by=play.therapist, at=play.later(), task=task, outcome="Read. Nothing was planned.")


# Places with a room in use: whoever is there is made after everyone else's past in that room.
NOW = ("in_the_room", "recovering")
STANDS: dict[str, Callable[[Play], None]] = {
    "evaluating": evaluating,
    "not_now": not_now,
    "not_candidate": not_candidate,
    "declined": declined,
    "asked_to_consent": waiting_for_consent,
    "consented": agreed,
    "preparing": preparing,
    "booked": booked,
    "arrived": arrived,
    "second_person": second_person,
    "late": late,
    "all_set": all_set,
    "gate_holds": gate_holds,
    "gate_pressure": gate_pressure,
    "in_the_room": in_the_room,
    "recovering": recovering,
    "home_today": home_today,
    "window_booked": window_booked,
    "window_closing": window_closing,
    "integrated": doses_given,
    "tail": tail,
    "between": between,
    "another_route": another_route,
    "no_show": no_show,
    "window_missed": window_missed,
    "following": following,
    "worsening": worsening,
    "alert_closed": alert_closed,
    "maintenance": maintenance,
    "revoked": revoked,
    "done": done,
    "stopped": stopped,
    "transferred": transferred,
    "died": died,
}
