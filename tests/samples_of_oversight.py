"""Samples of the addresses of what a director looks over, and the month on paper."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from openkap.permits import Act, Kind, Need
from tests.sample import Kwargs, Sample, see

SEE = see(Kind.OVERSIGHT)
LAST_MONTH = f"{timezone.now() - timedelta(days=32):%Y-%m}"
EVENTS = (*SEE, *see(Kind.CLINICAL))

OVERSIGHT: dict[str, Sample] = {
    "lead-oversight": Sample("osric", holds=SEE),
    "lead-oversight-list": Sample("osric", Kwargs(what="events"), holds=EVENTS),
    "lead-oversight-print": Sample("osric", Kwargs(what="events"), holds=EVENTS),
    # What is settled is a row of the practice: the tests of the page take one of their own.
    "lead-oversight-settle": Sample(
        "osric",
        Kwargs(what="events", subject=uuid4()),
        holds=(*EVENTS, Need(Kind.OVERSIGHT, Act.ADD)),
        post=True,
        shown=False,
        also=frozenset({422}),
    ),
    "lead-oversight-together": Sample(
        "osric",
        Kwargs(what="tasks"),
        holds=(*see(Kind.OVERSIGHT, Kind.TASKS, Kind.CLINICAL), Need(Kind.OVERSIGHT, Act.ADD)),
        post=True,
        shown=False,
        also=frozenset({422}),
    ),
    "lead-month": Sample("osric", holds=SEE),
    "lead-month-print": Sample("osric", Kwargs(name=LAST_MONTH), holds=SEE),
}
