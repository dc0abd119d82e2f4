"""Samples of the addresses of consent documents and agreements beside them."""

from __future__ import annotations

from openkap.permits import Act, Kind, Need
from openkap.records.models import Course
from tests.sample import Kwargs, Sample, doing, of_patient, see

KEEPS = (Need(Kind.STAFF, Act.ADD),)
TEXT = Kwargs(document="consent.iv", language="en")

CONSENT: dict[str, Sample] = {
    "lead-consent": Sample("priya", holds=see(Kind.STAFF)),
    "lead-consent-document": Sample("priya", Kwargs(document="consent.iv"), holds=see(Kind.STAFF)),
    "lead-consent-edit": Sample("osric", TEXT, holds=KEEPS),
    "lead-consent-begin": Sample("priya", TEXT, holds=KEEPS, post=True, shown=False),
    "lead-consent-publish": Sample("osric", TEXT, holds=KEEPS),
    "lead-consent-version": Sample(
        "priya", Kwargs(document="consent.iv", language="en", version=0), holds=see(Kind.STAFF)
    ),
    "lead-consent-print": Sample(
        "priya",
        Kwargs(document="agree.telehealth", language="es", version=0),
        holds=see(Kind.STAFF),
        shown=False,
    ),
}

COURSE = of_patient("course", Course.objects.all)
# As it is signed: the practice's side of it, and what a patient agrees to apart from it.
CONSENT |= {
    "care-consent": Sample("tamsin", COURSE, needs=see(Kind.SCHEDULE, Kind.CONSENT)),
    "care-consent-no": doing(
        "tamsin", of_patient("course", Course.objects.all, what="trainee"), Kind.SCHEDULE, Kind.CONSENT
    ),
    "me-agreements": Sample("wren", size="phone"),
    "me-consent-questions": Sample("wren", size="phone"),
    "link-consent-questions": Sample(shown=False),
}
