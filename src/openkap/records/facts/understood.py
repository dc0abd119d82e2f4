"""What a signer was asked about a consent text, what they answered, and what was gone through with them.

Decided here: what counts was answered, or gone through, since the last signature of this course: whoever
signs again answers again. A question is settled by a right answer, or by a clinician who went through it with
them; after a second wrong try it waits for that clinician and no longer for the signer: nobody is stuck.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from openkap.records.facts.law import rules_at
from openkap.records.models import ConsentAnswer, ConsentTalk, Course, DocumentVersion, Signature

WRONG_TRIES = 2


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of a text, with every try since the last signature, oldest first."""

    id: str
    ask: str
    choices: tuple[str, ...]
    right: int
    why: str
    tries: tuple[int, ...]
    explained: bool

    @property
    def is_right(self) -> bool:
        return self.right in self.tries

    @property
    def to_talk(self) -> bool:
        """Whether a clinician goes through it with them before they can sign."""
        return not self.is_right and not self.explained and len(self.tries) >= WRONG_TRIES

    @property
    def is_settled(self) -> bool:
        return self.is_right or self.explained

    @property
    def is_open(self) -> bool:
        """Whether the signer can still answer it."""
        return not self.is_settled and not self.to_talk

    def as_kept(self) -> dict[str, Any]:
        """As a signature keeps it."""
        return {
            "question": self.id,
            "tries": list(self.tries),
            "right": self.is_right,
            "explained": self.explained,
        }


@dataclass(frozen=True, slots=True)
class Understood:
    """The questions of one text, and the newest talk about it since the last signature."""

    questions: tuple[Asked, ...]
    talk: ConsentTalk | None

    @property
    def all_settled(self) -> bool:
        return all(question.is_settled for question in self.questions)

    @property
    def to_talk(self) -> tuple[Asked, ...]:
        return tuple(question for question in self.questions if question.to_talk)


def is_minor(course: Course, at: datetime) -> bool:
    """Whether the patient is younger than an adult, by `D-AGE-ADULT`, on the practice's own day."""
    age = course.patient.age_on(at.astimezone(ZoneInfo(course.organisation.zone)).date())
    rule = rules_at(course.organisation_id, at).rule("D-AGE-ADULT")
    return age is not None and age < rule["limit"]


def understood_of(course: Course, version: DocumentVersion, at: datetime) -> Understood:
    """Where this signer stands with this text at `at`. Three queries."""
    last = (
        Signature.objects.filter(course=course, withdrawn=False, document__document__startswith="consent.")
        .order_by("-at")
        .values_list("at", flat=True)
        .first()
    )
    since = {"course": course, "document": version, "at__lte": at} | ({"at__gt": last} if last else {})
    tries: dict[str, list[int]] = {}
    for row in ConsentAnswer.objects.current().filter(**since).order_by("at", "recorded_at", "id"):
        tries.setdefault(row.question, []).append(row.choice)
    talks = list(ConsentTalk.objects.current().filter(**since).order_by("at", "recorded_at", "id"))
    gone_through = {question for talk in talks for question in talk.questions}
    return Understood(
        tuple(
            Asked(
                id=told["id"],
                ask=told["ask"],
                choices=tuple(told["choices"]),
                right=int(told["right"]),
                why=told["why"],
                tries=tuple(tries.get(told["id"], ())),
                explained=told["id"] in gone_through,
            )
            for told in version.questions
        ),
        talks[-1] if talks else None,
    )
