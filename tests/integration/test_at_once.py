"""Several hands at one moment: one is first, the others are told, and nothing is done twice.

The hands hold rows that they read before any of them began, as pages do.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections

from openkap.records.ids import new_id
from openkap.records.models import Course, Event, Grant, Reading, Session, SessionNote, Signature, Task
from openkap.steps.consent import sign_consent
from openkap.steps.course import open_course
from openkap.steps.dose import keep_reading
from openkap.steps.frame import AlreadyDone, Refused
from openkap.steps.notes import hold_integration, write_note
from openkap.steps.sharing import change_scopes
from openkap.steps.tasks import finish_task
from tests.at_step import at_step
from tests.people import NOW, cast

HANDS = 4
pytestmark = pytest.mark.usefixtures("own_database")


def at_once(*works: Callable[[], Any]) -> Counter[str]:
    """Do all of it in threads that begin together; how often it was done, already done, or refused."""
    begin = threading.Barrier(len(works))
    came: list[str] = []

    def hand(work: Callable[[], Any]) -> None:
        begin.wait(30)
        try:
            work()
            came.append("done")
        except AlreadyDone:
            came.append("already done")
        except Refused:
            came.append("refused")
        except Exception as error:
            came.append(repr(error))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=hand, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return Counter(came)


def test_the_same_form_from_four_hands_counts_once() -> None:
    stage = at_step(cast(), "watched")
    by, at, submission = stage.people.by("jonah"), stage.later(minutes=1), new_id()
    before = Reading.objects.count()

    def work() -> None:
        keep_reading(by=by, at=at, session=stage.dose, values={"hr": 70}, submission=submission)

    assert at_once(*[work] * HANDS) == {"done": 1, "already done": HANDS - 1}
    assert Reading.objects.count() == before + 1


def test_a_session_has_one_note_and_its_number_is_its_own() -> None:
    stage = at_step(cast(), "recovering")
    by, at = stage.people.by("mira"), stage.later(minutes=1)

    def hold(hand: int) -> None:
        hold_integration(
            by=by, at=at, course=stage.course, organisation=stage.people.therapy,
            planned_from=at + timedelta(hours=37 + hand), minutes=60,
        )  # fmt: skip

    assert at_once(*[lambda hand=hand: hold(hand) for hand in range(HANDS)]) == {"done": HANDS}
    held = Session.objects.filter(course=stage.course, phase="integration").order_by("ordinal")
    assert [session.ordinal for session in held] == [1, 2, 3, 4]
    rows = [Session.objects.get(pk=held[0].pk) for _hand in range(HANDS)]
    later = at + timedelta(hours=41)
    wrote = at_once(
        *[lambda row=row: write_note(by=by, at=later, session=row, focus="The lake.") for row in rows]
    )
    assert wrote == {"done": 1, "refused": HANDS - 1}
    assert SessionNote.objects.current().filter(session=held[0]).count() == 1


def test_a_task_is_finished_once_and_keeps_the_first_outcome() -> None:
    stage = at_step(cast(), "recovering")
    task = Task.objects.filter(done_at=None, what="hold_integration").first()
    assert task is not None
    rows = [Task.objects.get(pk=task.pk) for _hand in range(HANDS)]
    by, at = stage.people.by("mira"), stage.later(minutes=1)
    came = at_once(
        *[lambda row=row: finish_task(by=by, at=at, task=row, outcome=f"hand {id(row)}") for row in rows]
    )
    assert came == {"done": 1, "refused": HANDS - 1}
    assert Event.objects.filter(verb="task.done", subject=f"task {task.pk}").count() == 1


def test_switches_flipped_at_once_leave_one_grant() -> None:
    stage = at_step(cast(), "shared")
    by, at = stage.people.patient("wren"), stage.later(minutes=1)
    wanted = (["schedule"], ["schedule", "measures"], ["schedule", "session_summaries"])
    rows = [Grant.objects.get(pk=stage.grant.pk) for _each in wanted]
    came = at_once(
        *[
            lambda row=row, scopes=scopes: change_scopes(by=by, at=at, grant=row, scopes=scopes)
            for row, scopes in zip(rows, wanted, strict=True)
        ]
    )
    assert came == {"done": len(wanted)}
    assert Grant.objects.filter(patient=stage.people["wren"], revoked_at=None).count() == 1


def test_one_course_is_opened_and_one_signature_given() -> None:
    stage = at_step(cast(), "consented")
    people, at = stage.people, stage.later(minutes=1)
    opened = at_once(
        *[
            lambda: open_course(
                by=people.by("tamsin"), at=NOW, file=people.file("noor"), protocol_id="blended_iv"
            )
        ]
        * HANDS
    )
    assert opened == {"done": 1, "refused": HANDS - 1}
    text = Signature.objects.get(course=stage.course).document
    course = Course.objects.get(patient=people["noor"])

    def sign() -> None:
        sign_consent(
            by=people.patient("noor"), at=at, course=course, document=text, sha256=text.sha256,
            typed_name=people["noor"].legal_name, known_by="link",
        )  # fmt: skip

    assert at_once(*[sign] * HANDS) == {"done": HANDS}
    assert Signature.objects.filter(course=course).count() == 1
