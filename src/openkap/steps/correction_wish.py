"""A patient says that something about them is wrong: how they are called, reached, or what is written.

Decided here: a wish is a task with the patient's own words, for whoever may change it; nothing is changed
by asking.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from openkap.permits import Act, Actor, Kind, Role
from openkap.records.models import Course, Task
from openkap.records.words import one_line
from openkap.steps.frame import Refused, must, step
from openkap.steps.practice_words import for_practice
from openkap.steps.tasks import make_task

# Proposed: no source states how soon.
ANSWER_WITHIN = timedelta(days=2)
LONGEST = 220


@step
def ask_for_correction(
    *, by: Actor, at: datetime, course: Course, words: str, submission: UUID | None = None
) -> Task:
    """Ask the practice that keeps the course to put something right. One wish at a time stands open."""
    must(by, Kind.SCHEDULE, Act.SEE, course, at=at)
    said = one_line(words)
    if not said:
        raise Refused(_("Say what is wrong, and how it should be."), field="words")
    if len(said) > LONGEST:
        raise Refused(
            _("Say it in %(most)s characters or fewer, or call. This has %(n)s.")
            % {"most": LONGEST, "n": len(said)},
            field="words",
        )
    waiting = Task.objects.filter(course=course, what="correction_wished", session=None, done_at=None)
    if waiting.exists():
        raise Refused(
            _("You have asked already, and the practice has not answered yet. Call if it is urgent.")
        )
    return make_task(
        by,
        at=at,
        organisation=course.organisation,
        what="correction_wished",
        text=for_practice("%(name)s asks to put right: %(words)s")
        % {"name": course.patient.name, "words": said},
        due_at=at + ANSWER_WITHIN,
        role=Role.FRONT_DESK,
        course=course,
    )
