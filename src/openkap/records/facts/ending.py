"""What a patient is told when an evaluation ends without a course, as a draft for the prescriber.

Decided here: a reason and what would change it, one line each, and where to turn; the prescriber makes
the words their own before signing. The clinician's own reasons stay in the chart.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from openkap.medicine.screening.endings import endings
from openkap.records.facts.screening import Evaluated


def draft_for_patient(now: Evaluated) -> str:
    """The draft, from the findings as they stand."""
    reasons = [f"{one.why} {one.changes}" for one in endings(now.findings)]
    before = [_("Thank you for telling us so much. We do not think this treatment is right for you now.")]
    after = [_("You can ask us anything about this. If something changes, tell us, and we look again.")]
    return "\n\n".join([*before, *reasons, *after])
