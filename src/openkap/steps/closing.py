"""Closing an alert, and what is tried before: an outcome from a list, by a person with a name.

Decided here: words alone close no alert, and neither does a machine. A try that reached nobody is written
down and closes nothing: the clock runs on, and the next in turn is told when it is over. What comes of an
alert may itself put something on a list (`steps.safety_path`).
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from openkap.medicine.course.alerts import Outcome, has_outcomes, outcomes, tries
from openkap.permits import Act, Actor, ActorKind, Kind
from openkap.records.models import AlertNote, Task
from openkap.steps.alerts import note
from openkap.steps.frame import Refused, must, step, tell
from openkap.steps.safety_path import after_closing
from openkap.steps.tasks import close_task, open_one

LONGEST = 200


@step
def close_alert(
    *, by: Actor, at: datetime, task: Task, outcome: str, words: str = "", submission: UUID | None = None
) -> Task:
    """Close it with `outcome`, a word of its list; `words` stand beside it where they are needed or given."""
    task = _held(by, task, at)
    chosen = _chosen(task, outcome)
    if chosen.asks_words and not words.strip():
        raise Refused(_("This needs a few words beside it. Write them, then close it."), field="words")
    if len(words) > LONGEST:
        raise Refused(_("Say it in at most %(n)s characters.") % {"n": LONGEST}, field="words")
    said = f"{chosen.words}. {words.strip()}".strip() if words.strip() else chosen.words
    close_task(by, task, at=at, outcome=said, key=chosen.key)
    after_closing(by, task, chosen, at=at)
    return task


@step
def note_try(
    *, by: Actor, at: datetime, task: Task, tried: str, words: str = "", submission: UUID | None = None
) -> AlertNote:
    """Write down a try to reach the patient. The alert stays open, and its clock runs on."""
    task = _held(by, task, at)
    if tried not in tries():
        raise Refused(_("Choose what was tried."), field="tried")
    kept = note(by, task, AlertNote.What.TRIED, at=at, key=tried, words=words)
    tell(by, "alert.tried", task, at=at)
    return kept


def _held(by: Actor, task: Task, at: datetime) -> Task:
    must(by, Kind.TASKS, Act.ADD, task, at=at)
    if by.kind is not ActorKind.PERSON:
        raise Refused(_("A person with a name closes this."))
    task = open_one(by, task, at)
    if not has_outcomes(task.what, task.level):
        raise Refused(_("This has no list of outcomes. Say on your list what came of it."))
    return task


def _chosen(task: Task, outcome: str) -> Outcome:
    found = next((one for one in outcomes(task.what) if one.key == outcome), None)
    if found is None:
        raise Refused(_("Choose what came of it. Until then it stays open."), field="outcome")
    return found
