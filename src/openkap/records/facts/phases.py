"""A session by its phase of care, in words: "Dose", "Dose 2".

Decided here: one word a phase, for patients and staff alike.
"""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from openkap.records.models import Session

PHASES = {
    Session.Phase.EVALUATION: gettext_noop("Evaluation"),
    Session.Phase.PREPARATION: gettext_noop("Preparation"),
    Session.Phase.DOSING: gettext_noop("Dose"),
    Session.Phase.INTEGRATION: gettext_noop("Integration"),
    Session.Phase.FOLLOW_UP: gettext_noop("Follow-up"),
}


def phase_words(phase: str) -> str:
    """Dose; Follow-up."""
    return _(PHASES[Session.Phase(phase)])


def what_of(session: Session) -> str:
    """Dose 2, Integration 1."""
    return f"{phase_words(session.phase)} {session.ordinal}"
