"""Keeping a set of vitals: what can be a value at all, when it may have been, and the prompts it gives.

Decided here: an absurd value is refused with a guess, and nothing typed is lost; a set may be kept
late but not from the future; prompts are reckoned anew from all sets of the session, and a line that
was said once is kept once.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from openkap.medicine.monitoring import Unusable
from openkap.medicine.monitoring.physiology import check_pressure, check_vital
from openkap.permits import Actor
from openkap.records.facts.readings import rows_of, watched
from openkap.records.models import Prompt, Session
from openkap.steps.frame import Refused
from openkap.steps.room import authored_in

CHECKED_AS = {"temp_c": "temperature"}
SCALES = ("moaas", "cadss6")
# A tablet's clock may run a little ahead; and a set is of this visit, not of another day (contracts: vitals
# older than 24 hours count as absent).
AHEAD = timedelta(minutes=2)
BEHIND = timedelta(hours=24)


def usable(values: Mapping[str, Any]) -> dict[str, Decimal | int]:
    """The values given, each possible, in mmHg, a minute, percent, °C. Raises Refused naming the field."""
    given = {name: value for name, value in values.items() if value not in (None, "")}
    if not given:
        raise Refused(_("Nothing is measured yet. Give at least one value."))
    if ("sbp" in given) != ("dbp" in given):
        raise Refused(
            _("A blood pressure has two numbers. Give both, or neither."),
            field="dbp" if "sbp" in given else "sbp",
        )
    try:
        if "sbp" in given:
            check_pressure(given["sbp"], given["dbp"])
        checked = {name: check_vital(CHECKED_AS.get(name, name), value) for name, value in given.items()}
    except Unusable as unusable:
        name = "temp_c" if unusable.field == "temperature" else unusable.field
        raise Refused(unusable.sentence, field=name) from None
    return {name: int(value) if name in SCALES else value for name, value in checked.items()}


def within_reach(taken_at: datetime | None, at: datetime) -> datetime:
    """When the set was so: now, or a time not ahead of now and not of another day."""
    if taken_at is None:
        return at
    if taken_at > at + AHEAD:
        raise Refused(_("This time is still to come. Check the day and the hour."), field="taken_at")
    if taken_at < at - BEHIND:
        raise Refused(_("This time is more than a day ago. Check the day and the year."), field="taken_at")
    return min(taken_at, at)


def keep_prompts(by: Actor, session: Session, *, at: datetime) -> list[Prompt]:
    """Keep every line monitoring says now and has not said before. Called inside the step that causes it."""
    lines = watched(session, rows_of(session)).lines
    known = {_key(line) for line in Prompt.objects.filter(session=session).values_list("line", flat=True)}
    assert session.started_at is not None or not lines
    new = [line for line in lines if _key(line.as_json()) not in known]
    return Prompt.objects.bulk_create(
        Prompt(
            **authored_in(
                by,
                session,
                at,
                so=session.started_at + timedelta(seconds=float(line.t_seconds)),  # type: ignore[operator, arg-type]
            ),
            source="monitoring",
            session=session,
            level=line.level.value,
            signal=line.signal,
            value=line.value[:40],
            rule=line.rule,
            because=line.because[:300],
            action=line.action[:300],
            line=line.as_json(),
        )
        for line in new
    )


def _key(line: Mapping[str, Any]) -> tuple[Any, ...]:
    return line["t_seconds"], line["level"], line["signal"], line["rule"]
