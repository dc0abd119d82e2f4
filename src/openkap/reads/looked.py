"""Who has looked at a patient's record, and who tried: from the trail, in words, with the day.

Decided here: a look, an act and a refusal are three things and shown as such. A patient sees every
opening of their own record in any practice; staff see those of their own practice's file.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from openkap.permits import ActorKind, Role, Scope
from openkap.reads.told import kind_words, what_words
from openkap.records.facts.clock import moment
from openkap.records.models import Event, Membership
from openkap.records.scoped import scoped

SHOWN = 200
ROLES: dict[str, str] = {
    Role.THERAPIST: gettext_noop("therapist"),
    Role.PRESCRIBER: gettext_noop("prescriber"),
    Role.MONITOR: gettext_noop("monitor"),
    Role.FRONT_DESK: gettext_noop("front desk"),
    Role.MEDICAL_DIRECTOR: gettext_noop("medical director"),
    Role.PRIVACY_OFFICER: gettext_noop("privacy officer"),
    Role.ADMINISTRATOR: gettext_noop("administrator"),
}


@dataclass(frozen=True, slots=True)
class Look:
    """One line, in the shape of the looked table. `kind`: opened, done, refused."""

    at: datetime
    when: str
    who: str
    organisation: str
    role: str
    what: str
    why: str
    kind: str


def looks_of(
    scope: Scope,
    patient: UUID,
    at: datetime,
    zone: ZoneInfo,
    *,
    acts: bool = False,
    others: bool = False,
    limit: int = SHOWN,
) -> tuple[Look, ...]:
    """The latest first: openings and refusals, and with `acts` what was done too. Two queries.

    `others`: without the patient's own, known by who they are and not by a name, which others may have too.
    """
    wanted = [Event.Outcome.OPENED, Event.Outcome.REFUSED] + ([Event.Outcome.DONE] if acts else [])
    events = Event.objects.filter(patient_id=patient, outcome__in=wanted, at__lte=at)
    if others:
        as_patient = Q(by_organisation=None) | Q(by_kind=ActorKind.LINK.value)
        events = events.exclude(Q(by_person_id=patient) & as_patient)
    rows = list(scoped(events, scope).select_related("by_organisation").order_by("-seq")[:limit])
    roles = _roles(rows)
    return tuple(_look(row, roles, zone) for row in rows)


def _roles(rows: Iterable[Event]) -> dict[tuple[UUID, UUID], list[Membership]]:
    people = {row.by_person_id for row in rows if row.by_person_id}
    found: dict[tuple[UUID, UUID], list[Membership]] = defaultdict(list)
    for held in Membership.objects.filter(person_id__in=people).order_by("since"):
        found[(held.person_id, held.organisation_id)].append(held)
    return found


def _look(row: Event, roles: dict[tuple[UUID, UUID], list[Membership]], zone: ZoneInfo) -> Look:
    held = roles.get((row.by_person_id, row.by_organisation_id), []) if row.by_person_id else []  # type: ignore[arg-type]
    then = [m.role for m in held if m.since <= row.at and (m.until is None or row.at < m.until)]
    return Look(
        at=row.at,
        when=moment(row.at, zone),
        who=row.by_name,
        organisation=row.by_organisation.name if row.by_organisation is not None else "",
        role=", ".join(_(ROLES[role]) for role in then) or kind_words(row),
        what=what_words(row),
        why=_("Refused, and told") if row.outcome == Event.Outcome.REFUSED else "",
        kind=row.outcome,
    )
