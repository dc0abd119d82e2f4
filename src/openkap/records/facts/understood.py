"""What a signer was asked about a consent text, what they answered, and what was gone through with them.

Decided here: what counts was answered, or gone through, since the last signature of this course. Whoever
signs again because the text changed keeps what they answered about what did not change, for as long as a
signature holds; for any other reason they answer all of it again. A question is settled by a right answer,
or by a clinician who went through it with them; after a second wrong try it waits for that clinician and no
longer for the signer: nobody is stuck.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from openkap.medicine.consent.again import Reason, holds_until
from openkap.medicine.consent.asked import Told, asked_anew, words_of
from openkap.records.facts.consent import consent_of
from openkap.records.facts.consent_text import parted
from openkap.records.facts.law import rules_at
from openkap.records.models import ConsentAnswer, ConsentTalk, Course, DocumentVersion, Signature

WRONG_TRIES = 2


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of a text, with every try since the last signature, oldest first.

    `answered_on`: the day of the signature that its answer was given for, where that still counts.
    """

    id: str
    ask: str
    choices: tuple[str, ...]
    right: int
    why: str
    tries: tuple[int, ...]
    explained: bool
    answered_on: date | None = None

    @property
    def is_right(self) -> bool:
        return self.right in self.tries

    @property
    def to_talk(self) -> bool:
        """Whether a clinician goes through it with them before they can sign."""
        return not self.is_settled and len(self.tries) >= WRONG_TRIES

    @property
    def is_settled(self) -> bool:
        return self.is_right or self.explained or self.answered_on is not None

    @property
    def is_open(self) -> bool:
        """Whether the signer can still answer it."""
        return not self.is_settled and not self.to_talk

    def as_kept(self) -> dict[str, Any]:
        """As a signature keeps it: what was answered for an earlier one by its day alone."""
        if self.answered_on is not None:
            return {"question": self.id, "answered_on": self.answered_on.isoformat()}
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
    """Where this signer stands with this text at `at`: which questions are open is decided here alone.

    Three queries, and those of `consent_of`.
    """
    last = (
        Signature.objects.filter(course=course, withdrawn=False, document__document__startswith="consent.")
        .order_by("-at")
        .values_list("at", flat=True)
        .first()
    )
    since = {"course": course, "document": version, "at__lte": at} | ({"at__gt": last} if last else {})
    still = _still_answered(course, version, at)
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
                answered_on=still.get(told["id"]),
            )
            for told in version.questions
        ),
        talks[-1] if talks else None,
    )


def answered_on(kept: Mapping[str, Any]) -> date | None:
    """The day in one row of what a signature keeps; None where it was answered for that signature."""
    said = kept.get("answered_on")
    return date.fromisoformat(said) if said else None


def _still_answered(course: Course, version: DocumentVersion, at: datetime) -> dict[str, date]:
    """What was answered for the signature that stands and is the same in `version`, with the day of it."""
    consent = consent_of(course, at, version.language)
    signed = consent.signature
    if signed is None or consent.reasons != (Reason.VERSION,) or signed.document.language != version.language:
        return {}
    rules, zone = rules_at(course.organisation_id, at), ZoneInfo(course.organisation.zone)
    today, signed_on = at.astimezone(zone).date(), signed.at.astimezone(zone).date()
    anew = asked_anew(_told(signed.document), _told(version))
    days = {
        row["question"]: answered_on(row) or signed_on
        for row in signed.answers
        if row.get("right") or row.get("explained") or answered_on(row)
    }
    return {id: on for id, on in days.items() if id not in anew and today < holds_until(on, rules)}


def _told(version: DocumentVersion) -> Told:
    return Told(version.questions, words_of(parted(version.text, version.language)))
