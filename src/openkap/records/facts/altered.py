"""Is this person under a dose or a sedative, or not yet past it? And is a typed name theirs?

Decided here: from the moment a dose is drawn, or a sedative is given before it, until the rule
`C-AFTER-DOSE` (`library/consent/agreements.toml`) lets go, nothing new is agreed to; a confirmed or
started dose counts as drawn. What was drawn and wasted, or belongs to an order that was cancelled, counts
for nothing unless a sedative was given. A dose that nobody has ended yet has no end. Hours are elapsed
hours: the night the clocks change is no shorter. Narrowing, revoking and refusing never ask here
(docs/adr/0022-room.md).
"""

from __future__ import annotations

import unicodedata
from datetime import datetime, timedelta
from difflib import SequenceMatcher
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet, Subquery

from openkap.records.compiled import Compiled
from openkap.records.facts.law import rules_at
from openkap.records.models import Administration, Confirmation, Draw, Order, Person, RoomEvent, Session

CALLED_OFF = ("cancelled", "no_show")
SEDATIVE = "sedative"
ALIKE = 0.8


class _Dose(NamedTuple):
    """What is known of one dose by a moment."""

    organisation_id: UUID
    state: str
    planned_to: datetime
    ended_at: datetime | None
    ordered: bool
    prepared: bool
    given: bool
    sedated_at: datetime | None


def altered_until(patient: UUID, at: datetime) -> datetime | None:
    """The time from which this person may agree to something new; None where they may now.

    One query, and where a dose was given the numbers of the practice that gave it.
    """
    doses = (_Dose(*row) for row in _ACTING(patient=patient, at=at))
    ends = [_end_of(dose, at) + _lasts(dose.organisation_id, at) for dose in doses]
    latest = max(ends, default=None)
    return latest if latest is not None and at < latest else None


def _acting(patient: UUID, at: datetime) -> QuerySet[Session, tuple[Any, ...]]:
    """Every dose of this patient that was drawn, given or prepared for with a sedative by `at`."""
    here = {"session": OuterRef("pk"), "at__lte": at}
    sedated = RoomEvent.objects.current().filter(**here, what=SEDATIVE).order_by().values("session")
    return (
        Session.objects.filter(patient_id=patient, phase=Session.Phase.DOSING)
        .annotate(
            ordered=Exists(Order.objects.current().filter(session=OuterRef("pk"))),
            prepared=Exists(Draw.objects.current().filter(**here))
            | Exists(Confirmation.objects.current().filter(**here)),
            given=Exists(Administration.objects.current().filter(**here)),
            sedated_at=Subquery(sedated.annotate(last=Max(F("at"))).values("last")),
        )
        .filter(
            Q(given=True)
            | Q(sedated_at__isnull=False)
            | (Q(prepared=True, ordered=True) & ~Q(state__in=CALLED_OFF))
        )
        .values_list(*_Dose._fields)
    )


# Asked before anything is agreed to.
_ACTING: Compiled[tuple[Any, ...]] = Compiled(Session, _acting)


def still_acts(session: Session, at: datetime) -> bool:
    """Whether this one dose, begun and ended, may act at `at`; True while nobody has ended it. One query."""
    return session.ended_at is None or at < session.ended_at + _lasts(session.organisation_id, at)


def _lasts(practice: UUID, at: datetime) -> timedelta:
    """How long after its end a dose of this practice may act, by `C-AFTER-DOSE`."""
    rule = rules_at(practice, at).rule("C-AFTER-DOSE", at.date())
    return timedelta(hours=float(rule["hours_after_end"]))


def _end_of(session: _Dose, at: datetime) -> datetime:
    """When what acts ended. Under way, it has not; drawn and never given, the time it was planned for."""
    if session.ended_at is not None:
        return session.ended_at
    if session.given:
        return max(session.planned_to, at)
    drawn = session.prepared and session.ordered and session.state not in CALLED_OFF
    known = [session.planned_to if drawn else None, session.sedated_at]
    return max(moment for moment in known if moment is not None)


def same_name(typed: str, person: Person) -> bool:
    """Whether `typed` resembles the legal name or the one they go by: slips of a finger are forgiven."""
    said = _plain(typed)
    names = [_plain(person.legal_name), _plain(person.name)]
    return bool(said) and any(_alike(said, name) for name in names if name)


def _alike(said: list[str], name: list[str]) -> bool:
    if len(said) < min(2, len(name)):
        return False
    return any(
        SequenceMatcher(None, " ".join(one), " ".join(name)).ratio() >= ALIKE for one in (said, said[::-1])
    ) or set(said) >= {name[0], name[-1]}


def _plain(text: str) -> list[str]:
    """The words of a name without case, accents or marks, in any script."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return "".join(c if c.isalnum() else " " for c in bare.casefold()).split()
