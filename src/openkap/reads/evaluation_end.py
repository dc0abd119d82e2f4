"""How an evaluation ended, in the words written for the patient.

Decided here: only what was written to them is given, never the clinician's own reasons; a decision that
was made anew or withdrawn says nothing any more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from openkap.records.models import Course, Decision


@dataclass(frozen=True, slots=True)
class EndingWords:
    """`outcome`: not_now or not_candidate; `words` as signed; `look_again_on` where it was not now."""

    outcome: str
    words: str
    look_again_on: date | None
    who: str
    at: datetime


def ending_words(course: Course) -> EndingWords | None:
    """What the patient is told where the latest decision is not to start; None where it is another."""
    row = Decision.objects.current().filter(course=course).order_by("-at", "-recorded_at").first()
    if row is None or row.outcome == Decision.Outcome.CANDIDATE or not row.for_patient:
        return None
    return EndingWords(row.outcome, row.for_patient, row.look_again_on, row.by_name, row.at)
