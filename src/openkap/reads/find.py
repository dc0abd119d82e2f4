"""Finding a person: by half a name, a name spelt another way, a birth date, or a file number.

Decided here: a name matches when every word typed is close to a word of the name, in any order, so
that accents, swapped names and slips of a finger still find. Close words are looked for among the words of
all names, and people by those words' index, so that a hundred thousand files are never read through
(records/names.py). Only within Scope: a person of another practice is not found, and the page cannot tell
that they exist.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from openkap.permits import Actor, Scope
from openkap.reads.header import state_words
from openkap.reads.matching import close_to, dates_in, name_score
from openkap.records.facts.clock import day
from openkap.records.models import Course, Event, PatientFile, PersonWord
from openkap.records.names import all_words
from openkap.records.people import name_key
from openkap.records.scoped import scoped

SHOWN, RECENT = 25, 8
# So many who fit are ranked; of more than these it is only counted how many.
RANKED = 400
# How far back a person's openings are read for those they opened last.
LOOKED_THROUGH = 200
LIKELY = 0.88
LONGEST_NUMBER = 12


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
    """People within `scope` who fit `text`. Six queries at most, whatever is asked."""
    days, words = dates_in(text, at.astimezone(zone).date(), country)
    near = _who_fit(scope, days, words)
    rows = _rows(near, words)
    ranked = _ranked(rows, days, words)
    ids = [id_ for _score, id_ in ranked[:SHOWN]]
    read_as = _(" or ").join(day(on) for on in days)
    every = near.count() if near is not None and len(rows) >= RANKED else len(ranked)
    return FoundPeople(text.strip(), _people(scope, ids, at, zone), max(every - SHOWN, 0), read_as)


def recent_people(scope: Scope, by: Actor, at: datetime, zone: ZoneInfo) -> tuple[Person, ...]:
    """Those whose record this actor opened last, under the hat worn. Three queries."""
    opened = Event.objects.filter(
        by_person_id=by.person,
        by_organisation=by.organisation,
        outcome=Event.Outcome.OPENED,
        patient__isnull=False,
    ).order_by("-at", "-seq")
    latest = opened.values_list("patient_id", flat=True)[:LOOKED_THROUGH]
    patients = list(dict.fromkeys(latest))[:RECENT]
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
    name = f"{given} {family}"
    key = name_key(name)
    rows = _rows(_who_fit(scope, (), name), name)
    ids = [id_ for id_, known, _born, _number in rows if name_score(key, known) >= LIKELY]
    files = scoped(PatientFile.objects.all(), scope)
    if born_on is not None and len(files.values_list("id")[:SHOWN]) < SHOWN:
        # In a small practice, where a day is shared by chance with hardly anyone.
        ids += files.filter(patient__born_on=born_on).values_list("id", flat=True)
    ids = list(dict.fromkeys([*also, *ids]))
    return _people(scope, ids[:SHOWN], at, zone)


Row = tuple[UUID, str, date | None, str]


def _who_fit(scope: Scope, days: Sequence[date], words: str) -> QuerySet[PatientFile] | None:
    """Files that may fit, by an index; None where nothing that was typed can be looked for."""
    files: QuerySet[PatientFile] = scoped(PatientFile.objects.all(), scope)
    if number := _number_in(words):
        bare = number.lstrip("0")
        padded = {number, *(bare.zfill(places) for places in range(len(bare), LONGEST_NUMBER))}
        return files.filter(number__in=padded)
    if words:
        for known in _close_words(words):
            files = files.filter(patient__in=PersonWord.objects.filter(word__in=known).values("person"))
        return files
    return files.filter(patient__born_on__in=days) if days else None


def _rows(files: QuerySet[PatientFile] | None, words: str) -> list[Row]:
    """What is ranked of these. Of very many, first those in whose names the words stand as typed."""
    if files is None:
        return []
    rows = _read(files)
    if len(rows) >= RANKED and not _number_in(words):
        exact = files
        for word in _typed(words):
            same = PersonWord.objects.filter(word__word=word)
            exact = exact.filter(patient__in=same.values("person"))
        rows = list(dict.fromkeys([*_read(exact), *rows]))
    return rows


def _read(files: QuerySet[PatientFile]) -> list[Row]:
    rows = files.values_list(
        "id", "patient__name_key", "patient__born_on", "number", "patient__given_name", "patient__family_name"
    )
    # A name in another script has no plain key; it is matched as it is written.
    return [
        (r[0], f"{r[1]} {r[4]} {r[5]}".casefold() if not r[1] else r[1], r[2], r[3]) for r in rows[:RANKED]
    ]


def _typed(words: str) -> list[str]:
    return (name_key(words) or words.casefold()).split()


def _number_in(words: str) -> str:
    said = words.strip().lstrip("#")
    return said if said.isdigit() else ""


def _close_words(words: str) -> list[list[int]]:
    """For each word that was typed, the words of names that are close to it."""
    spoken = all_words()
    return [[spoken[name] for name in close_to(word, spoken)] for word in _typed(words)]


def _ranked(rows: Iterable[Row], days: Sequence[date], words: str) -> list[tuple[float, UUID]]:
    key = name_key(words) or words.casefold()
    number = _number_in(words)
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
    states = {c.patient_id: state_words(c.state, c.protocol) for c in courses}
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
            course_state=states.get(row.patient_id, _("No course")),
            keeper=row.organisation.name,
            twins=names.count(name_key(row.patient.name)) > 1,
        )
        for id_ in ids
        if (row := rows.get(id_)) is not None
    )
