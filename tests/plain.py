"""Signing a consent text in tests: its questions answered as they should be."""

from __future__ import annotations

from datetime import datetime

from openkap.permits import Actor
from openkap.records.models import Course, DocumentVersion
from openkap.steps.understanding import answer_questions


def answered(by: Actor, course: Course, version: DocumentVersion, at: datetime) -> None:
    """Every question of this text, answered rightly; nothing where it asks none."""
    right = {question["id"]: question["right"] for question in version.questions}
    answer_questions(by=by, at=at, course=course, document=version, sha256=version.sha256, answers=right)
