"""Medicines and allergies as living lists: what stands, what became of each, and when they were gone through.

Decided here: a list is old where it was not gone through since this course was opened, since each course
is screened anew; how many days ago it was is always said.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from openkap.medicine.rules import library
from openkap.medicine.screening.medicines import read_medicine
from openkap.permits import Scope
from openkap.reads.rows import Chain, chains
from openkap.reads.said import ago
from openkap.records.compiled import Compiled, Question
from openkap.records.facts.clock import day, moment
from openkap.records.facts.people import Lists, lists_of
from openkap.records.models import Allergy, Medication, PatientFile, Reconciliation
from openkap.records.scoped import scoped


@dataclass(frozen=True, slots=True)
class Bearing:
    """A rule that a medicine bears on, in its own words."""

    rule: str
    title: str


@dataclass(frozen=True, slots=True)
class Line:
    """One medicine or allergy. `state`: taken, held, stopped, waiting, past (from an import), ended.

    `unknown`: its name was not recognized; `guess` what it may have meant. `story`: what became of it.
    """

    id: UUID
    model: str
    words: str
    state: str
    state_words: str
    since: str
    who: str
    bears_on: tuple[Bearing, ...] = ()
    unknown: bool = False
    guess: str = ""
    story: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ListsShown:
    """Both lists, in the order a person goes through them. `through`: blank where nobody ever did."""

    medicines: tuple[Line, ...]
    past: tuple[Line, ...]
    allergies: tuple[Line, ...]
    medicines_asked: bool
    allergies_asked: bool
    none_known: bool
    waiting: int
    through: str
    through_ago: str
    old: bool
    seen: str

    @property
    def unknown(self) -> tuple[Line, ...]:
        return tuple(line for line in self.medicines if line.unknown)


def lists_shown(
    lists: Lists,
    opened: datetime | None,
    at: datetime,
    zone: ZoneInfo,
    stories: dict[UUID, tuple[str, ...]] | None = None,
) -> ListsShown:
    """The lists in words. `opened`: when the course was opened that they are looked at for."""
    told = stories or {}
    medicines = [_medicine(row, zone, told.get(row.pk, ())) for row in lists.medicine_rows]
    through = lists.reconciled
    return ListsShown(
        medicines=tuple(line for line in medicines if line.state in ("taken", "held", "waiting")),
        past=tuple(line for line in medicines if line.state in ("stopped", "past")),
        allergies=tuple(
            _allergy(row, zone, told.get(row.pk, ()))
            for row in lists.allergy_rows
            if not (row.none_known and row.confirmed)
        ),
        medicines_asked=lists.medications is not None,
        allergies_asked=lists.allergies is not None,
        none_known=lists.allergies == (),
        waiting=lists.waiting,
        through=f"{through.by_name}, {moment(through.at, zone)}" if through is not None else "",
        through_ago=ago(through.at, at) if through is not None else "",
        old=through is None or (opened is not None and through.at < opened),
        seen=lists.seen,
    )


def living_of(
    scope: Scope, file: PatientFile, opened: datetime | None, at: datetime, zone: ZoneInfo
) -> ListsShown:
    """The lists of one patient with what became of each line. Six queries."""
    stories: dict[UUID, tuple[str, ...]] = {}
    mine = {"patient_id": file.patient_id, "organisation_id": file.organisation_id}
    for model in (Medication, Allergy):
        rows = scoped(model.objects.filter(**mine), scope)
        stories |= {chain.last.pk: _story(chain, zone) for chain in chains(rows, zone)}
    return lists_shown(lists_of(file.patient_id, file.organisation_id), opened, at, zone, stories)


THROUGH: Compiled[Reconciliation] = Compiled(
    Reconciliation,
    lambda patient, practice: (
        Reconciliation.objects.current().filter(patient_id=patient, organisation_id=practice).order_by("-at")
    ),
)


def gone_through(scope: Scope, file: PatientFile, zone: ZoneInfo) -> tuple[str, ...]:
    """Every time the lists were gone through, the latest first. One query."""
    return through_words(through_question(scope, file).now(), zone)


def through_question(scope: Scope, file: PatientFile) -> Question[Reconciliation]:
    return THROUGH.question_within(scope, patient=file.patient_id, practice=file.organisation_id)


def through_words(rows: Sequence[Reconciliation], zone: ZoneInfo) -> tuple[str, ...]:
    """What `through_question` found, in words."""
    return tuple(
        _("%(when)s, %(who)s: %(n)s medicines, %(m)s allergies")
        % {
            "when": moment(row.at, zone),
            "who": row.by_name,
            "n": len(row.medicines),
            "m": len(row.allergies),
        }
        for row in rows[:10]
    )


def _medicine(row: Medication, zone: ZoneInfo, story: tuple[str, ...]) -> Line:
    state = _state(row)
    read = read_medicine(row.text)
    titles = {rule.id: rule.title for rule in library().area("screening")}
    rules = dict.fromkeys(rule for drug in (read.drugs if read else ()) for rule in drug.rules)
    return Line(
        id=row.pk,
        model="medication",
        words=row.text,
        state=state,
        state_words=state_words(state),
        since=day(row.at.astimezone(zone).date()),
        who=_("From an import") if not row.confirmed else row.by_name,
        bears_on=tuple(Bearing(rule, titles[rule]) for rule in rules if rule in titles) if row.active else (),
        unknown=row.active and read is not None and not read.recognized,
        guess=(read.guess or "") if read else "",
        story=story,
    )


def _allergy(row: Allergy, zone: ZoneInfo, story: tuple[str, ...]) -> Line:
    state = "waiting" if not row.confirmed else "taken" if row.active else "ended"
    words = {"waiting": _("From an import, not looked at"), "taken": _("Allergy"), "ended": _("No longer so")}
    who = _("From an import") if not row.confirmed else row.by_name
    since = day(row.at.astimezone(zone).date())
    name = _("No known allergies") if row.none_known else row.text
    return Line(row.pk, "allergy", name, state, words[state], since, who, story=story)


def _state(row: Medication) -> str:
    if not row.active:
        return "stopped" if row.confirmed else "past"
    if not row.confirmed:
        return "waiting"
    return "held" if row.held else "taken"


def state_words(state: str) -> str:
    return {
        "taken": _("Taken"),
        "held": _("On hold"),
        "stopped": _("Stopped"),
        "waiting": _("From an import, not looked at"),
        "past": _("Past, from an import"),
    }[state]


def _story(chain: Chain, zone: ZoneInfo) -> tuple[str, ...]:
    """What became of it, the first line first."""
    return tuple(_told(row, zone) for row in _rows(chain))


def _rows(chain: Chain) -> Iterable[Medication | Allergy]:
    for row in chain.rows:
        if isinstance(row, (Medication, Allergy)):
            yield row


def _told(row: Medication | Allergy, zone: ZoneInfo) -> str:
    change = getattr(row, "change", "")
    verb = {"stopped": _("Stopped"), "held": _("On hold"), "restarted": _("Taken again")}.get(change, "")
    if not verb:
        verb = row.reason or (_("From an import") if row.source == "import" else _("Written down"))
    why = f": {row.reason}" if change and row.reason != verb else ""
    return f"{verb}{why}, {row.by_name}, {moment(row.recorded_at, zone)}"
