"""Around one dose: who is there, what was handed over each way, and what its way of care still asks.

Decided here: both practices see the same page, cut by Scope: a therapist elsewhere sees what they handed
over, what the patient lets them see of the dose, and who is in the room; what a REMS asks is the clinic's
own. What is owed is told with whose it is and by when, on both sides, until it is done.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from openkap.medicine.course.gate import Day, way_findings
from openkap.medicine.rules import RuleSet
from openkap.medicine.verdict import Finding
from openkap.permits import Act, Kind, Need, Scope, Subject, decide
from openkap.reads.ways import plan_name
from openkap.records.facts.clock import hour, moment
from openkap.records.facts.law import rules_at
from openkap.records.facts.ways import (
    Presence,
    Therapist,
    form_due,
    form_sent,
    here_today,
    plan_of,
    therapist_of,
    way_of,
)
from openkap.records.models import (
    HandOverAfter,
    HandOverBefore,
    HandOverRead,
    MonitoringForm,
    Session,
    SessionNote,
)
from openkap.records.scoped import scoped

# Who must be there, by part, and the word of a protocol that says so.
ASKED_BY = {
    "medical": "medical_checked_in",
    "therapist": "therapist_checked_in",
    "prescriber": "prescriber_on_site",
}
# What only the practice that gives the dose is shown.
OF_THE_CLINIC = ("hcs_certified", "patient_enrolled", "monitoring_form_within_7_days")


@dataclass(frozen=True, slots=True)
class Here:
    """One person in the room, or who was: in which part, since and until when, as said."""

    name: str
    part: str
    since: str
    until: str
    mine: bool

    @property
    def called(self) -> str:
        """By their first name, for a line of the room."""
        return self.name.split()[0]

    @property
    def is_in(self) -> bool:
        return not self.until


@dataclass(frozen=True, slots=True)
class Letter:
    """What was handed over, by whom and when; who has read it. `fields` are heading and words."""

    fields: tuple[tuple[str, str], ...]
    readiness: str
    who: str
    when: str
    read: str
    mine: bool


@dataclass(frozen=True, slots=True)
class Around:
    """The page of one dose for those who care for its patient."""

    way: str
    wants: tuple[str, ...]
    therapist: Therapist | None
    lines: tuple[Finding, ...]
    here: tuple[Here, ...]
    before: Letter | None
    before_due: str
    after: Letter | None
    after_due: str
    sees_summary: bool
    form: MonitoringForm | None
    form_by: str
    notes: tuple[SessionNote, ...] = ()

    @property
    def i_am_in(self) -> bool:
        return any(one.mine and one.is_in for one in self.here)

    @property
    def asks_presence(self) -> bool:
        return bool({"therapist_checked_in", "medical_checked_in", "prescriber_on_site"} & set(self.wants))


def around(scope: Scope, session: Session, reader: UUID | None, at: datetime) -> Around:
    """The page of this dose. `session` is within Scope already. About twenty queries."""
    zone = ZoneInfo(session.organisation.zone)
    plan = plan_of(session.course)
    needs = plan.needs if plan is not None else ()
    clinic = _sees(scope, session, Kind.CLINICAL, at)
    shown = needs if clinic else tuple(need for need in needs if need not in OF_THE_CLINIC)
    ahead = shown if session.started_at is None else ()
    day = Day(at=at.astimezone(zone), needs=ahead, way=way_of(session, ahead, at, zone))
    due, rules = form_due(session), rules_at(session.organisation_id, at)
    return Around(
        way=plan_name(plan) if plan is not None else "",
        wants=needs,
        therapist=therapist_of(session.course, at),
        lines=way_findings(day),
        here=tuple(_here(one, reader, zone) for one in here_today(session, at)),
        before=_before(scope, session, reader, zone) if "hand_over_before" in needs else None,
        before_due=moment(session.planned_from - _hours(rules, "W-HAND-OVER"), zone),
        after=_after(scope, session, reader, zone) if "hand_over_after" in needs else None,
        after_due=moment(_ends(session) + _hours(rules, "W-HANDED-BACK"), zone),
        sees_summary=_sees(scope, session, Kind.SUMMARY, at),
        form=form_sent(session) if clinic and "monitoring_form_within_7_days" in needs else None,
        form_by=moment(due, zone) if due is not None else "",
        notes=tuple(scoped(SessionNote.objects.current().filter(session=session), scope).order_by("at")),
    )


def who_is_here(session: Session, at: datetime, zone: ZoneInfo) -> tuple[Here, ...]:
    """Who checked in to this session, for the room's own page. One query."""
    return tuple(_here(one, None, zone) for one in here_today(session, at))


def gone_from(session: Session, at: datetime, zone: ZoneInfo) -> tuple[Here, ...]:
    """Who must be there by this way of care, came, and has left while the dose acts. One query."""
    plan = plan_of(session.course)
    asked = {part for part, need in ASKED_BY.items() if plan is not None and need in plan.needs}
    found = here_today(session, at)
    kept = {one.part for one in found if one.until is None}
    return tuple(_here(one, None, zone) for one in found if one.part in asked - kept)


def _sees(scope: Scope, session: Session, kind: Kind, at: datetime) -> bool:
    """The practice's own sight of it: what a therapist sees while in the room is not meant."""
    subject = Subject(kind, session.organisation_id, session.patient_id, session.course_id, at=at)
    return bool(decide(scope, Need(kind, Act.SEE), subject))


def _here(one: Presence, reader: UUID | None, zone: ZoneInfo) -> Here:
    parts = {
        "medical": _("medical clinician"),
        "therapist": _("therapist"),
        "prescriber": _("prescriber on site"),
    }
    until = hour(one.until, zone) if one.until is not None else ""
    return Here(one.name, parts[one.part], hour(one.since, zone), until, one.person == reader)


def _before(scope: Scope, session: Session, reader: UUID | None, zone: ZoneInfo) -> Letter | None:
    row = (
        scoped(HandOverBefore.objects.current().filter(session=session), scope)
        .order_by("-at", "-recorded_at", "-id")
        .first()
    )
    if row is None:
        return None
    read = HandOverRead.objects.filter(before__in=[row.pk, *_copies(row)]).first()
    says = {
        "ready": _("Ready for this dose"),
        "talk_first": _("Wants to talk first"),
        "not_yet": _("Not ready for this dose"),
    }
    fields = ((_("What they hope for"), row.intentions), (_("What worries the therapist"), row.concerns))
    return Letter(
        tuple((head, words) for head, words in fields if words),
        says[row.readiness],
        row.by_name,
        moment(row.at, zone),
        _read(read, zone),
        row.by_person_id == reader,
    )


def _copies(row: HandOverBefore) -> list[UUID]:
    return list(HandOverBefore.objects.filter(handed_from=row).values_list("pk", flat=True))


def _after(scope: Scope, session: Session, reader: UUID | None, zone: ZoneInfo) -> Letter | None:
    row = (
        scoped(HandOverAfter.objects.current().filter(session=session), scope)
        .order_by("-at", "-recorded_at", "-id")
        .first()
    )
    if row is None:
        return None
    read = HandOverRead.objects.filter(after=row).first()
    fields = ((_("What was seen"), row.seen), (_("What therapy might take up"), row.take_up))
    return Letter(
        tuple((head, words) for head, words in fields if words),
        "",
        row.by_name,
        moment(row.at, zone),
        _read(read, zone),
        row.by_person_id == reader,
    )


def _read(read: HandOverRead | None, zone: ZoneInfo) -> str:
    if read is None:
        return ""
    return _("Read by %(who)s, %(when)s") % {"who": read.by_name, "when": moment(read.at, zone)}


def _hours(rules: RuleSet, rule: str) -> timedelta:
    return timedelta(hours=float(rules.rule(rule)["due"]))


def _ends(session: Session) -> datetime:
    return session.ended_at or session.planned_to
