"""Samples of the addresses of the director's desk: rules, and what has a file of its own beside this one."""

from __future__ import annotations

from uuid import uuid4

from openkap.permits import Act, Kind, Need
from tests.sample import Kwargs, Sample, see
from tests.samples_of_consent import CONSENT
from tests.samples_of_evidence import EVIDENCE
from tests.samples_of_oversight import OVERSIGHT
from tests.samples_of_standing import STANDING

SIGN_RULES = (Need(Kind.RULES, Act.SIGN),)

RULES: dict[str, Sample] = {
    "lead-rules": Sample("osric", holds=see(Kind.RULES)),
    "lead-law": Sample("osric", holds=see(Kind.RULES)),
    "lead-law-history": Sample("osric", holds=see(Kind.RULES)),
    "lead-law-compare": Sample("osric", holds=see(Kind.RULES)),
    "lead-route-print": Sample("osric", Kwargs(route="iv"), holds=see(Kind.RULES)),
    "lead-rule": Sample("osric", Kwargs(rule="S06"), holds=see(Kind.RULES)),
    "lead-rule-sign": Sample("osric", Kwargs(rule="S06"), holds=SIGN_RULES, post=True, shown=False),
    # No change waits on the scene: the tests of the page open one of their own.
    "lead-rule-settle": Sample(
        "osric", Kwargs(change=uuid4(), act="second"), holds=SIGN_RULES, post=True, shown=False, visited=False
    ),
    "lead-route": Sample("osric", Kwargs(route="iv"), holds=see(Kind.RULES)),
    "lead-sign": Sample("osric", Kwargs(route="im"), holds=SIGN_RULES, post=True, shown=False),
    "lead-withdraw": Sample("osric", Kwargs(route="iv"), holds=SIGN_RULES, post=True, shown=False),
}
DIRECTOR: dict[str, Sample] = RULES | EVIDENCE | CONSENT | STANDING | OVERSIGHT
