"""Finding a person: by half a name, a name spelt another way, a birth date, or a file number.

Decided here: a name matches when every word typed is close to a word of the name, in any order, so
that accents, swapped names and slips of a finger still find. Only within Scope: a person of another
practice is not found, and the page cannot tell that they exist.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from openkap.permits import Actor, Scope
from openkap.reads.header import state_words
from openkap.reads.matching import dates_in, name_score
from openkap.reads.said import day
from openkap.records.models import Course, Event, PatientFile
from openkap.records.people import name_key
from openkap.records.scoped import scoped

SHOWN, RECENT = 25, 8
LIKELY = 0.88


@dataclass(frozen=True, slots=True)
class Person:
    """One line of the list. `twins`: another of the same name is in the list."""

    file: UUID
    number: str
    name: str
    legal_name: str
    born: str
    age: int | None
    course_state: str
    keeper: str
    twins: bool


@dataclass(frozen=True, slots=True)
class FoundPeople:
    """Best first. `more`: how many are not shown. `read_as`: how a typed date was understood."""

    asked: str
    people: tuple[Person, ...]
    more: int
    read_as: str


def find_people(scope: Scope, text: str, at: datetime, zone: ZoneInfo, country: str = "US") -> FoundPeople:
    """People within `scope` who fit `text`. Three queries, whatever is asked."""
    days, words = dates_in(text, at.astimezone(zone).date(), country)
    ranked = _ranked(_all(scope), days, words)
    ids = [id_ for _score, id_ in ranked[:SHOWN]]
    read_as = _(" or ").join(day(on) for on in days)
    return FoundPeople(text.strip(), _people(scope, ids, at, zone), max(len(ranked) - SHOWN, 0), read_as)


def recent_people(scope: Scope, by: Actor, at: datetime, zone: ZoneInfo) -> tuple[Person, ...]:
    """Those whose record this actor opened last, under the hat worn. Three queries."""
    opened = (
        Event.objects.filter(
            by_person_id=by.person,
            by_organisation=by.organisation,
            outcome=Event.Outcome.OPENED,
            patient__isnull=False,
        )
        .values("patient_id")
        .annotate(last=Max("seq"))
        .order_by("-last")[:RECENT]
    )
    patients = [row["patient_id"] for row in opened]
    rows = scoped(PatientFile.objects.filter(patient_id__in=patients, organisation=by.organisation), scope)
    by_patient = {row.patient_id: row.id for row in rows}
    return _people(scope, [by_patient[p] for p in patients if p in by_patient], at, zone)


def same_person(
    scope: Scope,
    given: str,
    family: str,
    born_on: date | None,
    at: datetime,
    zone: ZoneInfo,
    *,
    also: Sequence[UUID] = (),
) -> tuple[Person, ...]:
    """People already here who may be the one about to be registered: close in name, or born that day.

    `also` are files that another rule found; they come first.
    """
    key = name_key(f"{given} {family}")
    close = [
        (id_, name_score(key, known) >= LIKELY, born_on is not None and born == born_on)
        for id_, known, born, _number in _all(scope)
    ]
    ids = [id_ for id_, named, same_day in close if named or (same_day and len(close) < SHOWN)]
    ids = list(dict.fromkeys([*also, *ids]))
    return _people(scope, ids[:SHOWN], at, zone)


Row = tuple[UUID, str, date | None, str]


def _all(scope: Scope) -> Iterable[Row]:
    files: QuerySet[PatientFile] = scoped(PatientFile.objects.all(), scope)
    rows = files.values_list(
        "id", "patient__name_key", "patient__born_on", "number", "patient__given_name", "patient__family_name"
    )
    # A name in another script has no plain key; it is matched as it is written.
    return ((r[0], f"{r[1]} {r[4]} {r[5]}".casefold() if not r[1] else r[1], r[2], r[3]) for r in rows)


def _ranked(rows: Iterable[Row], days: Sequence[date], words: str) -> list[tuple[float, UUID]]:
    key = name_key(words) or words.casefold()
    number = words.strip().lstrip("#") if words.strip().lstrip("#").isdigit() else ""
    found = []
    for id_, known, born, filed in rows:
        if number:
            score = 2.0 if filed == number else 1.5 if filed.lstrip("0") == number.lstrip("0") else 0.0
        elif key:
            score = name_score(key, known)
            if days and score:
                score = score + 1 if born in days else score / 2
        else:
            score = 0.0
        if days and not key and not number:
            score = 2.0 - days.index(born) / 2 if born in days else 0.0
        if score:
            found.append((-score, known, id_))
    return [(-minus, id_) for minus, _known, id_ in sorted(found)]


def _people(scope: Scope, ids: Sequence[UUID], at: datetime, zone: ZoneInfo) -> tuple[Person, ...]:
    rows = scoped(PatientFile.objects.select_related("patient", "organisation"), scope).in_bulk(list(ids))
    patients = {row.patient_id for row in rows.values()}
    courses = scoped(Course.objects.filter(patient_id__in=patients), scope).order_by("opened_at")
    states = {c.patient_id: c.state for c in courses}
    names = [name_key(row.patient.name) for row in rows.values()]
    today = at.astimezone(zone).date()
    return tuple(
        Person(
            file=row.id,
            number=row.number,
            name=row.patient.name,
            legal_name=row.patient.legal_name if row.patient.legal_name != row.patient.name else "",
            born=day(row.patient.born_on) if row.patient.born_on else _("Birth date not known"),
            age=row.patient.age_on(today),
            course_state=state_words(states[row.patient_id]) if row.patient_id in states else _("No course"),
            keeper=row.organisation.name,
            twins=names.count(name_key(row.patient.name)) > 1,
        )
        for id_ in ids
        if (row := rows.get(id_)) is not None
    )
