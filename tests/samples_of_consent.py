"""Samples of the addresses of consent documents and agreements beside them."""

from __future__ import annotations

from openkap.permits import Act, Kind, Need
from tests.sample import Kwargs, Sample, see

KEEPS = (Need(Kind.STAFF, Act.ADD),)
TEXT = Kwargs(document="consent.iv", language="en")

CONSENT: dict[str, Sample] = {
    "lead-consent": Sample("priya", holds=see(Kind.STAFF)),
    "lead-consent-document": Sample("priya", Kwargs(document="consent.iv"), holds=see(Kind.STAFF)),
    "lead-consent-edit": Sample("osric", TEXT, holds=KEEPS),
    "lead-consent-begin": Sample("priya", TEXT, holds=KEEPS, post=True, shown=False),
    # Without a draft there is nothing to publish: the page leads back to where one is written.
    "lead-consent-publish": Sample(
        "osric",
        Kwargs(document="agree.trainee", language="es"),
        holds=KEEPS,
        also=frozenset({302}),
        shown=False,
    ),
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
