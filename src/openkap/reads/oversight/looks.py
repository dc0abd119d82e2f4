"""Unusual access: which looks into records the trail shows to stand out, by the rows `L-*` of this practice.

Decided here: only who looks under this practice's own hat is asked for a reason; whom a patient let see their
record looks by that consent, and stands in the patient's own log. A page that shows many people at once is no
look into one record. It accuses nobody: a reason may be there that nobody wrote down.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from openkap.medicine.rules import RuleSet
from openkap.permits import ActorKind
from openkap.permits.unusual import (
    COLLEAGUE,
    MANY,
    NAME,
    NIGHT,
    ONESELF,
    OWN,
    REFUSED,
    Look,
    Unusual,
    unusual,
)
from openkap.reads.oversight.lists import Asked, Line, Section
from openkap.reads.said import number
from openkap.records.facts.law import rules_at
from openkap.records.facts.on_call import stretches
from openkap.records.models import (
    Event,
    Membership,
    OnCallCover,
    OnCallHours,
    Participation,
    Person,
    Session,
    Task,
)
from openkap.records.scoped import scoped

MOST = 20_000
SEVERAL = ("opened.rooms", "opened.people")
NEVER = ("cancelled", "no_show")
Pair = tuple[UUID, UUID]


@dataclass
class _Known:
    """What the records say that may be a reason: times by looker and patient, visits, names, who is here."""

    own: dict[Pair, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    own_spans: dict[Pair, list[tuple[datetime, datetime]]] = field(default_factory=lambda: defaultdict(list))
    visits: dict[UUID, list[tuple[datetime, datetime]]] = field(default_factory=lambda: defaultdict(list))
    names: dict[UUID, str] = field(default_factory=dict)
    staff: dict[UUID, list[tuple[datetime, datetime]]] = field(default_factory=lambda: defaultdict(list))
    on_call: dict[UUID, list[tuple[datetime, datetime]]] = field(default_factory=lambda: defaultdict(list))


def found(asked: Asked) -> tuple[tuple[Unusual, ...], dict[UUID, str], RuleSet, bool]:
    """What stands out in this stretch, names by person, the rows in force, and whether some were left out.

    Twelve queries, however many looks there are; the newest `MOST` of them.
    """
    rules = rules_at(asked.place.id, min(asked.at, asked.period.until))
    events = _events(asked)
    names = {by: name for _id, _at, by, name, _patient, _outcome in events}
    known = _known(asked, events, rules)
    looks = [_look(event, known) for event in events]
    return unusual(looks, rules, asked.zone), names, rules, len(events) >= MOST


def access(asked: Asked) -> Section:
    """The same as a list for a person to read."""
    stand_out, names, rules, more = found(asked)
    return Section(
        "access",
        _("Unusual access"),
        tuple(_line(one, names, rules, asked) for one in stand_out),
        why=_(
            "A look into a record that stands out by this practice’s own numbers. It accuses nobody: a phone "
            "call, a question at the door or a name that many share leave no other trace. It cannot see who "
            "read over a shoulder, on paper or under another’s name, nor a try at an address that leads "
            "nowhere."
        ),
        empty=_("No look stands out."),
        more=more,
        link="access",
    )


def why_words(key: str, rules: RuleSet) -> str:
    """What stands out, with the number it goes by."""
    row = rules.rule(key) if key in (OWN, MANY, NIGHT, REFUSED) else None
    value = {name: number(one.value) for name, one in row.numbers.items()} if row is not None else {}
    says = {
        OWN: _("Nothing done with this patient within %(own_days)s days, and no visit within %(visit_days)s"),
        MANY: _("%(people)s people’s records or more within %(minutes)s minutes"),
        NIGHT: _("Between %(from_hour)s:00 and %(to_hour)s:00, and not on call"),
        REFUSED: _("Refused %(tries)s times or more within %(hours)s hours"),
        NAME: _("The same family name as the patient"),
        COLLEAGUE: _("The patient also works here"),
        ONESELF: _("Their own record, under the hat of the practice"),
    }
    return says[key] % value if value else says[key]


def _line(one: Unusual, names: dict[UUID, str], rules: RuleSet, asked: Asked) -> Line:
    whys = tuple(why_words(key, rules) for key in one.why)
    counted = {
        MANY: _("People in that time: %(n)s"),
        REFUSED: _("Tries in that time: %(n)s"),
    }.get(one.why[0], _("Openings that day: %(n)s"))
    day = one.at.astimezone(asked.zone).date().isoformat()
    return Line(
        one.first,
        one.at,
        whys[0],
        (*whys[1:], counted % {"n": one.count}),
        names.get(one.by, ""),
        "caution" if one.why[0] in (MANY, REFUSED, COLLEAGUE, NAME, ONESELF) else "",
        one.patient,
        ("trail", str(one.by), day),
    )


def _events(asked: Asked) -> list[tuple[UUID, datetime, UUID, str, UUID | None, str]]:
    """Openings under this practice's hat, and looks that anyone was refused: the newest first."""
    at = asked.period
    opened = Q(outcome=Event.Outcome.OPENED, by_organisation=asked.place, patient__isnull=False) & ~Q(
        verb__in=SEVERAL
    )
    refused = Q(outcome=Event.Outcome.REFUSED, verb__startswith="missed.")
    rows = Event.objects.filter(
        opened | refused,
        organisation=asked.place,
        by_kind=ActorKind.PERSON.value,
        by_person__isnull=False,
        at__gte=at.since,
        at__lt=at.until,
    )
    columns = ("id", "at", "by_person_id", "by_name", "patient_id", "outcome")
    return list(scoped(rows, asked.scope).order_by("-seq").values_list(*columns)[:MOST])


def _look(event: tuple[UUID, datetime, UUID, str, UUID | None, str], known: _Known) -> Look:
    id, at, by, _name, patient, outcome = event
    if patient is None or outcome == Event.Outcome.REFUSED:
        return Look(id, at, by, patient, refused=outcome == Event.Outcome.REFUSED)
    own = [*(abs(at - when) for when in _near(known.own[by, patient], at))]
    own += [_gap(at, *span) for span in known.own_spans[by, patient]]
    name = known.names.get(by, "")
    return Look(
        id,
        at,
        by,
        patient,
        to_own=min(own, default=None),
        to_visit=min((_gap(at, *visit) for visit in known.visits[patient]), default=None),
        same_name=bool(name) and name == known.names.get(patient, ""),
        colleague=any(_gap(at, *held) == timedelta(0) for held in known.staff[patient]),
        on_call=any(starts <= at < ends for starts, ends in known.on_call[by]),
    )


def _near(times: Sequence[datetime], at: datetime) -> Iterable[datetime]:
    place = bisect_left(times, at)
    return times[max(place - 1, 0) : place + 1]


def _gap(at: datetime, starts: datetime, ends: datetime) -> timedelta:
    """How far a moment lies from a stretch; nought within it."""
    return max(starts - at, at - ends, timedelta(0))


def _known(
    asked: Asked, events: Sequence[tuple[UUID, datetime, UUID, str, UUID | None, str]], rules: RuleSet
) -> _Known:
    known = _Known()
    pairs = {
        (by, patient) for _i, _a, by, _n, patient, out in events if patient is not None and out == "opened"
    }
    if not pairs:
        return known
    by, patients = {by for by, _patient in pairs}, {patient for _by, patient in pairs}
    reach = timedelta(days=float(max(rules.rule(OWN)["own_days"], rules.rule(OWN)["visit_days"])) + 1)
    near = (asked.period.since - reach, asked.period.until + reach)
    _acts(asked, known, by, patients, near)
    _visits(asked, known, patients, near)
    roles = _people(asked, known, by | patients)
    _tasks(asked, known, by, patients, roles)
    _courses(asked, known, by, patients)
    _calls(asked, known, by)
    return known


def _acts(
    asked: Asked, known: _Known, by: set[UUID], patients: set[UUID], near: tuple[datetime, datetime]
) -> None:
    """Whatever the looker did about this patient."""
    rows = Event.objects.filter(
        organisation=asked.place,
        outcome=Event.Outcome.DONE,
        by_person__in=by,
        patient__in=patients,
        at__gte=near[0],
        at__lt=near[1],
    )
    for who, patient, when in (
        scoped(rows, asked.scope).order_by("at").values_list("by_person_id", "patient_id", "at")
    ):
        known.own[who, patient].append(when)


def _visits(asked: Asked, known: _Known, patients: set[UUID], near: tuple[datetime, datetime]) -> None:
    """Every session of this practice that was not called off; who leads one has a reason of their own."""
    rows = Session.objects.filter(
        organisation=asked.place,
        patient__in=patients,
        planned_from__gte=near[0],
        planned_from__lt=near[1],
    ).exclude(state__in=NEVER)
    columns = ("patient_id", "lead_id", "planned_from", "planned_to", "started_at", "ended_at")
    for patient, lead, planned, planned_to, started, ended in scoped(rows, asked.scope).values_list(*columns):
        span = (min(planned, started or planned), max(ended or planned_to, started or planned))
        known.visits[patient].append(span)
        if lead is not None:
            known.own_spans[lead, patient].append(span)


def _people(asked: Asked, known: _Known, persons: set[UUID]) -> dict[UUID, set[str]]:
    """Family names, and who works here as what."""
    rows = Person.objects.filter(pk__in=persons)
    known.names.update({pk: name.strip().casefold() for pk, name in rows.values_list("pk", "family_name")})
    roles: dict[UUID, set[str]] = defaultdict(set)
    held = Membership.objects.filter(person_id__in=persons, organisation=asked.place)
    for person, role, since, until in scoped(held, asked.scope).values_list(
        "person_id", "role", "since", "until"
    ):
        known.staff[person].append((since, until or asked.period.until))
        roles[person].add(role)
    return roles


def _tasks(
    asked: Asked, known: _Known, by: set[UUID], patients: set[UUID], roles: dict[UUID, set[str]]
) -> None:
    """What the looker, or everyone of their role, owed about this patient while it was open."""
    rows = Task.objects.filter(organisation=asked.place, patient__in=patients, made_at__lt=asked.period.until)
    columns = ("patient_id", "owner_id", "done_by_id", "role", "made_at", "done_at")
    for patient, owner, done_by, role, made, done in scoped(rows, asked.scope).values_list(*columns):
        theirs = {owner, done_by} - {None}
        if owner is None:
            theirs |= {person for person in by if role in roles[person]}
        for person in theirs:
            known.own_spans[person, patient].append((made, done or asked.period.until))


def _courses(asked: Asked, known: _Known, by: set[UUID], patients: set[UUID]) -> None:
    """Whoever is named in a course of theirs."""
    rows = Participation.objects.filter(
        course__patient__in=patients, organisation=asked.place, person_id__in=by
    )
    columns = ("person_id", "course__patient_id", "since", "until")
    for person, patient, since, until in scoped(rows, asked.scope).values_list(*columns):
        known.own_spans[person, patient].append((since, until or asked.period.until))


def _calls(asked: Asked, known: _Known, by: set[UUID]) -> None:
    """Hours in which the looker answered the phone, by the list or in someone's place."""
    at = asked.period
    rows = OnCallHours.objects.filter(organisation=asked.place, person_id__in=by)
    for each in stretches(scoped(rows, asked.scope), asked.zone, at.since, at.until):
        known.on_call[each.person].append((each.starts, each.ends))
    covers = OnCallCover.objects.filter(
        organisation=asked.place, covered_by_id__in=by, until__gt=at.since, since__lt=at.until
    )
    for person, since, until in scoped(covers, asked.scope).values_list("covered_by_id", "since", "until"):
        known.on_call[person].append((since, until))
