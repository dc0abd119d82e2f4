"""What a month says of care: doses, courses, scores, adverse events, incidents.

Decided here: a dose is one session's, whatever parts it was given in; its way of care is the course's at the
time. A serious event, a stopped dose and a hand-over to emergency care are incidents.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from openkap.medicine.monitoring import events
from openkap.medicine.protocols.routes import Route
from openkap.reads.harm import event_name
from openkap.reads.oversight.lists import Asked
from openkap.reads.oversight.month_part import Part, share
from openkap.reads.ways import NAMES
from openkap.records.models import (
    Administration,
    AdverseEvent,
    Course,
    CourseEnd,
    RoomEvent,
    Score,
    WayChosen,
)
from openkap.records.scoped import scoped

GRADES = (1, 2, 3, 4, 5)
FORM = "phq9"


def doses(asked: Asked) -> Part:
    """By route and way of care. Two queries."""
    at = asked.period
    rows = scoped(Administration.objects.as_of(asked.at), asked.scope).filter(
        organisation=asked.place, at__gte=at.since, at__lt=at.until
    )
    columns = (
        "session_id",
        "session__course_id",
        "session__course__model",
        "patient_id",
        "order__route",
        "at",
    )
    given = {row[0]: row for row in rows.order_by("at", "id").values_list(*columns)}
    ways = _ways(asked)
    counted: dict[tuple[str, str], list[UUID]] = defaultdict(list)
    for _session, course, model, patient, route, when in given.values():
        counted[route, _way_at(ways.get(course, []), when, model)].append(patient)
    people = {row[3] for row in given.values()}
    total = _("Doses: %(doses)s. People: %(people)s.") % {"doses": len(given), "people": len(people)}
    return Part(
        "doses",
        _("Doses given"),
        (_("Route"), _("Way of care"), _("Doses"), _("People")),
        tuple(
            (Route(route).words, _(NAMES.get(way, way)), str(len(held)), str(len(set(held))))
            for (route, way), held in sorted(counted.items())
        ),
        (total,) if given else (),
        _("No dose was given."),
    )


def _ways(asked: Asked) -> dict[UUID, list[tuple[datetime, str, str]]]:
    """Every change of a course's way, in order: when, from then on, and until then."""
    rows = scoped(WayChosen.objects.as_of(asked.at), asked.scope).filter(organisation=asked.place)
    found: dict[UUID, list[tuple[datetime, str, str]]] = defaultdict(list)
    for course, at, model, before in rows.order_by("at", "id").values_list(
        "course_id", "at", "model", "before"
    ):
        found[course].append((at, model, before))
    return found


def _way_at(changes: list[tuple[datetime, str, str]], when: datetime, now: str) -> str:
    """The way that was in force then; before the first change, what that change left."""
    held = [model for at, model, _before in changes if at <= when]
    if held:
        return held[-1]
    return changes[0][2].removeprefix("way-") if changes else now


def courses(asked: Asked) -> Part:
    """Begun, ended, and how. Two queries."""
    at = asked.period
    begun = scoped(Course.objects.filter(organisation=asked.place), asked.scope).filter(
        opened_at__gte=at.since, opened_at__lt=at.until
    )
    ended = scoped(CourseEnd.objects.as_of(asked.at), asked.scope).filter(
        organisation=asked.place, at__gte=at.since, at__lt=at.until
    )
    routes = Counter(begun.values_list("route", flat=True))
    ends = Counter(ended.values_list("ended_as", flat=True))
    rows = [(_("Begun"), Route(route).words, str(n)) for route, n in sorted(routes.items())]
    rows += [(_("Ended"), _(as_.replace("_", " ")), str(n)) for as_, n in sorted(ends.items())]
    said = _("Begun: %(begun)s. Ended: %(ended)s.") % {
        "begun": sum(routes.values()),
        "ended": sum(ends.values()),
    }
    return Part(
        "courses",
        _("Courses"),
        (_("What"), _("Which"), _("Courses")),
        tuple(rows),
        (said,) if rows else (),
        _("No course was begun or ended."),
    )


def scores(asked: Asked) -> Part:
    """First and last PHQ-9 of courses that ended. Two queries."""
    at = asked.period
    ended = scoped(CourseEnd.objects.as_of(asked.at), asked.scope).filter(
        organisation=asked.place, at__gte=at.since, at__lt=at.until
    )
    over = set(ended.values_list("course_id", flat=True))
    rows = scoped(Score.objects.as_of(asked.at), asked.scope).filter(
        course_id__in=over, instrument=FORM, complete=True
    )
    totals: dict[UUID, list[float]] = defaultdict(list)
    for course, total in rows.order_by("at", "id").values_list("course_id", "total"):
        if total is not None:
            totals[course].append(float(total))
    pairs = [(held[0], held[-1]) for held in totals.values() if len(held) > 1]
    lower = sum(last < first for first, last in pairs)
    halved = sum(last * 2 <= first for first, last in pairs if first)
    return Part(
        "scores",
        _("PHQ-9 of courses that ended"),
        (_("What"), _("Courses")),
        (
            (_("Answered at least twice"), share(len(pairs), len(over))),
            (_("Lower at the last than at the first"), share(lower, len(pairs))),
            (_("At most half of the first"), share(halved, sum(first > 0 for first, _last in pairs))),
        )
        if over
        else (),
        (_("Who did not answer twice is in no count of change. This does not tell why, or for how long."),)
        if over
        else (),
        _("No course ended, so there is nothing to count."),
    )


def adverse(asked: Asked) -> Part:
    """By term and grade. One query."""
    at = asked.period
    rows = list(
        scoped(AdverseEvent.objects.as_of(asked.at), asked.scope).filter(
            organisation=asked.place, at__gte=at.since, at__lt=at.until
        )
    )
    terms: dict[str, list[AdverseEvent]] = defaultdict(list)
    for row in rows:
        terms[event_name(row) if row.term else _("In own words")].append(row)
    people = len({row.patient_id for row in rows})
    total = _("Events: %(n)s. People: %(people)s. Serious: %(serious)s. Not on the list of expected: %(un)s.")
    said = total % {
        "n": len(rows),
        "people": people,
        "serious": sum(bool(row.serious) for row in rows),
        "un": sum(row.expected != "expected" for row in rows),
    }
    return Part(
        "adverse",
        _("Adverse events by grade"),
        (_("Event"), *(str(grade) for grade in GRADES), _("Not graded"), _("In all")),
        tuple(
            (
                term,
                *(str(sum(row.grade == grade for row in held) or "") for grade in GRADES),
                str(sum(row.grade is None for row in held) or ""),
                str(len(held)),
            )
            for term, held in sorted(terms.items())
        ),
        (said, _("An event that nobody wrote down is not known.")) if rows else (),
        _("None was written down. Whether there was one is not known from that."),
    )


def incidents(asked: Asked) -> Part:
    """What was serious, stopped or handed over, one by one and without names. Two queries."""
    at = asked.period
    serious = (
        scoped(AdverseEvent.objects.as_of(asked.at), asked.scope)
        .filter(organisation=asked.place, at__gte=at.since, at__lt=at.until)
        .order_by("at", "id")
    )
    room = (
        scoped(RoomEvent.objects.as_of(asked.at), asked.scope)
        .filter(
            organisation=asked.place, at__gte=at.since, at__lt=at.until, what__in=("stopped", "emergency")
        )
        .order_by("at", "id")
    )
    says = {"stopped": _("A dose was stopped"), "emergency": _("Handed over to emergency care")}
    became = events.choices(events.OUTCOME)
    found = [
        (row.at, _("Serious: %(what)s") % {"what": event_name(row)}, became.get(row.outcome, row.outcome))
        for row in serious
        if row.serious
    ]
    found += [(row.at, says[row.what], row.words) for row in room]
    return Part(
        "incidents",
        _("Incidents"),
        (_("Day"), _("What"), _("What became of it, or why")),
        tuple(
            (when.astimezone(asked.zone).date().isoformat(), what, words)
            for when, what, words in sorted(found)
        ),
        (),
        _("No serious event, no stopped dose and no hand-over to emergency care was written down."),
    )
