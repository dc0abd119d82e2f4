"""What a patient is told when an evaluation ends without a course, as a draft for the prescriber.

Decided here: a reason and what would change it, one line each, and where to turn; the prescriber makes
the words their own before signing. The clinician's own reasons stay in the chart. For a patient of another
language the draft stands in theirs first and in English below: who signs must be able to read it.
"""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import override

from openkap.medicine.screening.endings import endings, languages
from openkap.records.facts.screening import Evaluated

DESKS = "en"


def draft_for_patient(now: Evaluated, language: str = DESKS) -> str:
    """The draft, from the findings as they stand, for a patient who speaks `language`."""
    spoken = [language] if language != DESKS and language in languages() else []
    return "\n\n".join(_draft(now, each) for each in (*spoken, DESKS))


def _draft(now: Evaluated, language: str) -> str:
    reasons = [f"{one.why} {one.changes}" for one in endings(now.findings, language)]
    with override(language):
        before = _("Thank you for telling us so much. We do not think this treatment is right for you now.")
        after = _("You can ask us anything about this. If something changes, tell us, and we look again.")
    return "\n\n".join([before, *reasons, after])
