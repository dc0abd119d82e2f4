"""Samples of the addresses of what is known of a treatment."""

from __future__ import annotations

from openkap.permits import Act, Kind, Need
from tests.sample import Kwargs, Sample, anyone

WRITES = (Need(Kind.RULES, Act.SIGN),)

EVIDENCE: dict[str, Sample] = {
    "evidence": anyone(),
    "public-evidence": anyone(kwargs_of=Kwargs(slug="larkmoor"), size="phone"),
    "lead-evidence": Sample("osric"),
    "lead-evidence-source": Sample("osric", Kwargs(key="S9")),
    "lead-evidence-new": Sample("osric", holds=WRITES),
    "lead-evidence-card": Sample("osric", Kwargs(claim="therapy-adds", language="en"), holds=WRITES),
}
