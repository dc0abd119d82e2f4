"""The call on the day after a dose: what was tried, what is asked, and when the next try is due.

Decided here: every try is shown, with who made it; what was answered is shown in the questions' own words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from openkap.medicine.course.next_day import questions
from openkap.medicine.verdict import Finding, Level
from openkap.permits import Scope
from openkap.reads.behind import behind
from openkap.records.facts.clock import moment
from openkap.records.models import NextDayCall, Session, Task
from openkap.records.scoped import scoped

TASKS = ("next_day_call", "next_day_unreached")


@dataclass(frozen=True, slots=True)
class Try:
    """One call. `said` are question and answer; `found` what needed someone, with what to do."""

    at: datetime
    who: str
    reached: bool
    words: str
    said: tuple[tuple[str, bool], ...]
    found: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Calls:
    """Every try, newest first; `due_at` and `told` of the open task: `told` is a prescriber's."""

    tries: tuple[Try, ...]
    due_at: datetime | None
    told: bool

    @property
    def reached(self) -> bool:
        return any(call.reached for call in self.tries)


def calls_of(scope: Scope, session: Session) -> Calls:
    """Two queries."""
    rows = scoped(NextDayCall.objects.current().filter(session=session), scope).select_related("organisation")
    task = scoped(Task.objects.filter(session=session, what__in=TASKS, done_at=None), scope).first()
    words = {asked.key: asked.words for asked in questions()}
    return Calls(
        tries=tuple(_try(row, words) for row in rows.order_by("-at")),
        due_at=task.due_at if task is not None else None,
        told=task is not None and task.what == TASKS[1],
    )


def _try(row: NextDayCall, words: dict[str, str]) -> Try:
    return Try(
        at=row.at,
        who=row.by_name,
        reached=row.reached,
        words=row.words,
        said=tuple((words.get(key, key), bool(answer)) for key, answer in row.answers.items()),
        found=tuple(_found(found, row) for found in row.findings),
    )


def _found(found: Mapping[str, Any], row: NextDayCall) -> Finding:
    """What needed someone, with what is behind it."""
    zone = ZoneInfo(row.organisation.zone)
    data = {"asked_at": moment(row.at, zone), "asked_by": row.by_name}
    level = Level.HOLD if found.get("alert") else Level.CAUTION
    return behind(str(found["rule"]), found["because"], level, data, action=found["action"])


def call_words(row: Any) -> str:
    """One try in one line: reached or not, how they are, and what needed someone."""
    reached = _("Reached") if row.reached else _("Not reached")
    return ". ".join([reached, *filter(None, (row.words, *(found["because"] for found in row.findings)))])
