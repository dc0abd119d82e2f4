"""Asking between visits: what the schedule wants, sent once, reminded a few times, and then a person.

Decided here: the watch proposes, each row makes it once (`Ask`), so that a round done twice asks once and a
round missed asks later, or not at all where its time is over. One link a point of the course, whatever is
asked there. Where a link may not go out, a person has a task instead. Silence after a dose is a call.
Nothing is asked of a course that ended, of one whose patient wished no more, or of someone who has died.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import DatabaseError
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from openkap.medicine.course.follow_up import (
    Wish,
    may_ask_of_safety,
    reminding,
    shorter_of,
    silent_after,
    wishes,
    without_fresh,
    without_screened,
)
from openkap.medicine.instruments import UnknownInstrument, instrument
from openkap.medicine.protocols import UnknownProtocol, protocol
from openkap.permits import Act, Actor, ActorKind, Kind, Role, Subject
from openkap.records.base import Authored
from openkap.records.facts.follow_up import LONGER, doses_of
from openkap.records.facts.law import held, rules_at
from openkap.records.models import Ask, AskStop, Course, PersonalLink, Response, Score
from openkap.steps.frame import Refused, must, step, tell
from openkap.steps.links import mail_together, send_link
from openkap.steps.practice_words import for_practice
from openkap.steps.tasks import make_task

log = logging.getLogger("openkap.follow_up")

ASKING = ("preparation", "dosing", "integration", "follow_up")
# A round that was missed for longer asks no more what was silent then: it is in the past.
LOOKS_BACK = timedelta(days=7)
# A practice's custom, not medicine: a reminder may come so much earlier to spare a second message that day.
ALONG = timedelta(hours=6)
Together = list[tuple[PersonalLink, str]]
ANSWERED = Response.objects.filter(
    course=OuterRef("course"), instrument=OuterRef("instrument"), point=OuterRef("point")
)


def follow_courses(*, by: Actor, at: datetime) -> int:
    """One round over every open course, each in steps of its own; returns how many had something due.

    What goes wrong in one course keeps no other from being asked.
    """
    courses = Course.objects.filter(ended_at=None, state__in=ASKING).select_related("organisation", "patient")
    busy = 0
    for course in courses.exclude(Exists(AskStop.objects.filter(course=OuterRef("pk"), until=None))):
        try:
            with held():
                busy += _follow(by, course, at)
        except DatabaseError:
            raise  # not of this course: the whole round is tried again
        except Exception as error:  # noqa: BLE001 one course, whatever it is, for all the others
            log.error("course %s could not be followed: %s", course.pk, type(error).__name__)
    return busy


def _follow(by: Actor, course: Course, at: datetime) -> bool:
    """What is due in one course; whether anything was."""
    own = Actor.system(by.name, organisation=course.organisation_id)
    due = _not_yet_asked(course, at)
    # What would be asked again soon goes along with what is asked now: one message, not two.
    again = _to_remind(course, at + ALONG if any(wish.by_link for wish in due) else at)
    silent = _silent(course, at)
    if due or again:
        ask_what_is_due(by=own, at=at, course=course, due=due, again=again)
    for ask in silent:
        call_for_silence(by=own, at=at, ask=ask)
    return bool(due or again or silent)


def _not_yet_asked(course: Course, at: datetime) -> list[Wish]:
    """What the protocol wants now, less what was asked, and what was answered meanwhile unasked."""
    try:
        plan = protocol(course.protocol)
    except UnknownProtocol:
        return []
    rules = rules_at(course.organisation_id, at)
    wanted = wishes(plan, doses_of(course, plan, at), at, ZoneInfo(course.organisation.zone), rules)
    if not wanted:
        return []
    asked = set(Ask.objects.filter(course=course).values_list("instrument", "point"))
    answered = list(Response.objects.current().filter(course=course).values_list("instrument", "at"))
    sure = dict(
        Score.objects.current().filter(course=course).order_by("at").values_list("instrument", "flags")
    )
    open_ones = [
        wish
        for wish in without_fresh(plan, without_screened(wanted, sure), answered, at)
        if (wish.instrument, wish.point) not in asked
        and not any(name == wish.instrument and when >= wish.due_at for name, when in answered)
    ]
    return sorted(open_ones, key=lambda wish: wish.point)


def _to_remind(course: Course, at: datetime) -> list[Ask]:
    every, most = reminding(rules_at(course.organisation_id, at))
    return list(
        Ask.objects.filter(
            ~Exists(ANSWERED),
            course=course,
            closes_at__gt=at,
            sent_at__lte=at - every,
            skipped_at=None,
            reminders__lt=most,
        ).order_by("point", "due_at", "id")
    )


def _silent(course: Course, at: datetime) -> list[Ask]:
    """First questions after a dose that nobody answered for as long as `F-SILENT` says."""
    wait = silent_after(rules_at(course.organisation_id, at))
    return list(
        Ask.objects.filter(
            ~Exists(ANSWERED),
            course=course,
            point__startswith="day_",
            point__endswith="_1",
            sent_at__lte=at - wait,
            due_at__gt=at - wait - LOOKS_BACK,
            skipped_at=None,
            held_for="",
        ).select_related("organisation", "patient", "course")
    )


@step
def ask_what_is_due(
    *, by: Actor, at: datetime, course: Course, due: Sequence[Wish], again: Sequence[Ask]
) -> None:
    """Every point that is due in one course, and what is asked for again, in one message to one person."""
    must(by, Kind.MEASURES, Act.SEND, _subject(course), at=at)
    together: Together = []
    for point, wanted in groupby(due, key=lambda wish: wish.point):
        ask_at_point(by=by, at=at, course=course, point=point, wanted=tuple(wanted), together=together)
    for point, asks in groupby(again, key=lambda ask: ask.point):
        remind(by=by, at=at, course=course, point=point, asks=tuple(asks), together=together)
    mail_together(by, together, at=at)


@step
def ask_at_point(
    *,
    by: Actor,
    at: datetime,
    course: Course,
    point: str,
    wanted: Sequence[Wish],
    together: Together | None = None,
) -> tuple[Ask, ...]:
    """Make the rows of one point, and send its link; where that may not be, a person is asked to ask."""
    must(by, Kind.MEASURES, Act.SEND, _subject(course), at=at)
    made = []
    for wish in wanted:
        ask, new = Ask.objects.get_or_create(
            course=course,
            instrument=wish.instrument,
            point=point,
            defaults={
                "organisation_id": course.organisation_id,
                "patient_id": course.patient_id,
                "due_at": wish.due_at,
                "closes_at": wish.closes_at,
                "made_at": at,
                "held_for": "" if wish.by_link else "in_person",
            },
        )
        if new:
            tell(by, "form.due", ask, at=at)
            made.append(ask)
    _send(by, at, course, [ask for ask in made if not ask.held_for], together=together)
    for ask in made:
        if ask.held_for:
            _ask_in_person(by, at, course, ask)
    return tuple(made)


@step
def remind(
    *,
    by: Actor,
    at: datetime,
    course: Course,
    point: str,
    asks: Sequence[Ask],
    together: Together | None = None,
) -> None:
    """Send the link of a point again. The older message still works for its time."""
    must(by, Kind.MEASURES, Act.SEND, _subject(course), at=at)
    Ask.objects.filter(id__in=[ask.id for ask in asks]).select_for_update().first()
    for ask in asks:
        ask.refresh_from_db()
    every, most = reminding(rules_at(course.organisation_id, at))
    soon = at + ALONG if together else at
    still = [ask for ask in asks if ask.sent_at and ask.sent_at <= soon - every and ask.reminders < most]
    _send(by, at, course, still, again=True, together=together)


@step
def call_for_silence(*, by: Actor, at: datetime, ask: Ask) -> None:
    """The first question after a dose stayed without an answer: someone calls."""
    must(by, Kind.TASKS, Act.ADD, Subject(Kind.TASKS, ask.organisation_id, ask.patient_id), at=at)
    make_task(
        by,
        at=at,
        organisation=ask.organisation,
        what=f"silent_{ask.point}",
        text=_(
            "%(name)s has not answered the first question after the dose. Call. If nobody answers, call "
            "their contact."
        )
        % {"name": ask.patient.name},
        due_at=at,
        role=Role.MONITOR,
        course=ask.course,
    )
    Ask.objects.filter(pk=ask.pk).update(held_for="call")


@step
def skip_asks(*, by: Actor, at: datetime, course: Course, point: str, submission: UUID | None = None) -> None:
    """The patient answers nothing at this point: it is asked no more. Nothing is thought of it."""
    must(by, Kind.MEASURES, Act.ADD, Subject(Kind.MEASURES, _keeper(by, course), course.patient_id), at=at)
    asks = Ask.objects.filter(course=course, point=point, skipped_at=None)
    if asks.update(skipped_at=at):
        tell(by, "form.skipped", course, at=at, patient=course.patient_id)


def close_shorter(by: Actor, course: Course, name: str, *, answered_at: datetime, at: datetime) -> None:
    """Inside the step that keeps a form: the short ones whose questions it holds are needed no more."""
    try:
        shorter = shorter_of(protocol(course.protocol), name)
    except UnknownProtocol:
        return
    if not shorter:
        return
    open_ones = Ask.objects.filter(
        ~Exists(ANSWERED), course=course, instrument__in=shorter, skipped_at=None, closes_at__gt=at
    )
    for ask in open_ones.filter(due_at__lte=answered_at):
        ask.skipped_at, ask.held_for = at, LONGER
        ask.save(update_fields=["skipped_at", "held_for"])
        tell(by, "form.not_needed", ask, at=at)


@step
def stop_asking(
    *, by: Actor, at: datetime, course: Course, why: str = "", submission: UUID | None = None
) -> AskStop:
    """Nothing more is asked of this course by mail until someone says so. Help is asked for as ever."""
    _may_stop(by, course, at)
    stop, new = AskStop.objects.get_or_create(
        course=course,
        until=None,
        defaults={
            **Authored.authored(by),
            "organisation_id": course.organisation_id,
            "patient_id": course.patient_id,
            "at": at,
            "why": why.strip()[:300],
        },
    )
    if new:
        tell(by, "asking.stopped", stop, at=at)
        if by.kind is not ActorKind.SYSTEM and (by.as_patient or by.kind is ActorKind.LINK):
            make_task(
                by,
                at=at,
                organisation=course.organisation,
                what="asking_stopped",
                text=for_practice(
                    "%(name)s wishes no more questions by mail. Ask in the next visit how they are."
                )
                % {"name": course.patient.name},
                due_at=at + timedelta(days=1),
                role=Role.MONITOR,
                course=course,
            )
    return stop


@step
def ask_again(*, by: Actor, at: datetime, course: Course, submission: UUID | None = None) -> None:
    """The schedule asks again from now on."""
    _may_stop(by, course, at)
    for stop in AskStop.objects.select_for_update().filter(course=course, until=None):
        stop.until = at
        stop.save(update_fields=["until"])
        tell(by, "asking.resumed", stop, at=at)


def _may_stop(by: Actor, course: Course, at: datetime) -> None:
    own = by.as_patient or by.kind is ActorKind.LINK
    subject = Subject(Kind.MEASURES, _keeper(by, course), course.patient_id, course.id)
    must(by, Kind.MEASURES, Act.ADD if own else Act.SEND, subject, at=at)


def _keeper(by: Actor, course: Course) -> UUID:
    return by.organisation or course.organisation_id


def _subject(course: Course) -> Subject:
    return Subject(Kind.MEASURES, course.organisation_id, course.patient_id, course.id)


def _send(
    by: Actor,
    at: datetime,
    course: Course,
    asks: Sequence[Ask],
    *,
    again: bool = False,
    together: Together | None = None,
) -> None:
    """One message for all of these. Refused: those that ask of safety go to a person, the others still go."""
    if not asks:
        return
    try:
        link, _token = send_link(
            by=by,
            at=at,
            organisation=course.organisation,
            patient=course.patient,
            purpose="measure",
            course=course,
            about=asks[0].instrument,
            point=asks[0].point,
            along=tuple(ask.instrument for ask in asks[1:]),
            until=max(ask.closes_at for ask in asks),
            together=together,
        )
    except Refused as refusal:
        _hold(by, at, course, asks, refusal, again=again, together=together)
        return
    for ask in asks:
        ask.link, ask.sent_at = link, at
        ask.reminders += again
        ask.save(update_fields=["link", "sent_at", "reminders"])


def _hold(
    by: Actor,
    at: datetime,
    course: Course,
    asks: Sequence[Ask],
    refusal: Refused,
    *,
    again: bool,
    together: Together | None,
) -> None:
    why = refusal.field or "refused"
    held = [ask for ask in asks if why != "on_call" or may_ask_of_safety(ask.instrument)]
    for ask in held:
        ask.held_for = why[:20]
        ask.reminders += again
        ask.save(update_fields=["held_for", "reminders"])
        _ask_in_person(by, at, course, ask, refusal.because)
    others = [ask for ask in asks if ask not in held]
    if others:
        _send(by, at, course, others, again=again, together=together)


def _ask_in_person(by: Actor, at: datetime, course: Course, ask: Ask, because: str = "") -> None:
    """One open task a form, however often its time comes round."""
    make_task(
        by,
        at=at,
        organisation=course.organisation,
        what=f"ask_{ask.instrument}",
        text=(
            _words_of(ask.instrument) % {"name": course.patient.name, "form": _name_of(ask.instrument)}
            + (f" {because}" if because else "")
        )[:300],
        due_at=ask.closes_at,
        role=Role.MONITOR,
        course=course,
    )


NAMES = {
    "icsi": "bladder questions (ICSI)",
    "moca": "short test of thinking (MoCA)",
    "adverse_events": "questions about unwanted effects since the last time (adverse events)",
}


def _words_of(name: str) -> str:
    """What to do: ask the patient, or fill in what a clinician rates."""
    rated = name not in NAMES and "patient" not in instrument(name).respondent
    return (
        _("Fill in the %(form)s for %(name)s.")
        if rated
        else _("Ask %(name)s the %(form)s, in person or by phone.")
    )


def _name_of(name: str) -> str:
    try:
        return instrument(name).name
    except UnknownInstrument:
        return NAMES.get(name, name)
