"""Is this person under a dose, or not yet past it? And is a typed name theirs?

Decided here: from the moment a second person confirmed the drawn dose until the rule `C-AFTER-DOSE`
(`library/consent/agreements.toml`) lets go, nothing new is agreed to. A session that was called off
before anything was given counts for nothing; a dose that nobody has ended yet has no end.
"""

from __future__ import annotations

import unicodedata
from datetime import datetime, timedelta
from difflib import SequenceMatcher
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from openkap.medicine.rules import library
from openkap.records.models import Administration, Confirmation, Person, Session

CALLED_OFF = ("cancelled", "no_show")
ALIKE = 0.8


def altered_until(patient: UUID, at: datetime) -> datetime | None:
    """The time from which this person may agree to something new; None where they may now."""
    hours = timedelta(hours=float(library().rule("C-AFTER-DOSE", at.date())["hours_after_end"]))
    drawn = Confirmation.objects.current().filter(session=OuterRef("pk"), at__lte=at)
    given = Administration.objects.current().filter(session=OuterRef("pk"), at__lte=at)
    sessions = (
        Session.objects.filter(patient_id=patient, phase=Session.Phase.DOSING)
        .annotate(drawn=Exists(drawn), given=Exists(given))
        .filter(Q(given=True) | (Q(drawn=True) & ~Q(state__in=CALLED_OFF)))
    )
    ends = [_end_of(session, at) + hours for session in sessions]
    latest = max(ends, default=None)
    return latest if latest is not None and at < latest else None


def _end_of(session: Any, at: datetime) -> Any:
    """When it ended. Under way, it has not; drawn and never given, the time it was planned for."""
    planned, ended = session.planned_to, session.ended_at
    if ended is not None:
        return ended
    return max(planned, at) if session.given else planned


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
