"""A no to the consent, or a consent taken back, that was said aloud: written down by whoever heard of it.

Decided here: a spoken no counts like a pressed one, from the moment it is written down, and is never refused
for the hour it comes at. Kept are who said it, when, to whom and in which words. What was signed after it was
said is not undone by it: the patient spoke again by signing (docs/adr/0026-what-was-spoken.md).
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from openkap.permits import Act, Actor, Kind, Subject
from openkap.records.base import Authored
from openkap.records.facts.consent import consent_of
from openkap.records.models import Course, Declined, Membership, Person, SpokenNo
from openkap.records.words import one_line
from openkap.steps.consent import said as when
from openkap.steps.frame import Refused, must, step, tell
from openkap.steps.room import a_person
from openkap.steps.say_no import Said, keep_no, standing_of, withdraw_all


@step
def record_spoken_no(
    *,
    by: Actor,
    at: datetime,
    course: Course,
    said_by: str,
    heard_by: Person,
    said_at: datetime,
    words: str,
    submission: UUID | None = None,
) -> SpokenNo:
    """What was signed is withdrawn; where nothing is signed, it is a no to the text as it is now.

    `said_by`: the patient, or who spoke for them; `heard_by`: someone of this practice; `words`: as said.
    """
    subject = Subject(Kind.CONSENT, course.organisation_id, course.patient_id, course.id)
    must(by, Kind.CONSENT, Act.ADD, subject, at=at)
    a_person(by)
    _refuse_wordless(said_by, words)
    _refuse_when(course, said_at, at)
    _refuse_hearer(course, heard_by, at)
    signed = standing_of(course).exists()
    what = SpokenNo.What.TAKEN_BACK if signed else SpokenNo.What.DECLINED
    row = SpokenNo.objects.create(
        **Authored.authored(by),
        organisation_id=course.organisation_id,
        patient_id=course.patient_id,
        course=course,
        what=what,
        said_by=one_line(said_by)[:200],
        heard_by=heard_by,
        words=words.strip()[:500],
        at=said_at,
        recorded_at=at,
    )
    tell(by, "consent.spoken_no", row, at=at)
    said = Said(said_at, _reason(row))
    if signed:
        withdraw_all(by, course, at=at, said=said)
    else:
        _decline(by, course, at, said)
    return row


def _decline(by: Actor, course: Course, at: datetime, said: Said) -> None:
    """Where nothing is published yet there is no version to say no to: the words alone are kept."""
    version = consent_of(course, at).version
    if version is None or Declined.objects.current().filter(course=course, document=version).exists():
        return
    keep_no(by, course, version, at=at, said=said)


def _reason(row: SpokenNo) -> str:
    return _("Taken back aloud by %(who)s, to %(whom)s: “%(words)s”") % {
        "who": row.said_by,
        "whom": row.heard_by.name,
        "words": row.words,
    }


def _refuse_wordless(said_by: str, words: str) -> None:
    if not said_by.strip():
        raise Refused(_("Say who said it."), field="said_by")
    if not words.strip():
        raise Refused(_("Write down what was said, as near as you can."), field="words")


def _refuse_when(course: Course, said_at: datetime, at: datetime) -> None:
    if said_at > at:
        raise Refused(_("This time is still to come. Check the day and the hour."), field="said_at")
    if said_at < course.opened_at:
        raise Refused(_("This is before the course was opened. Check the day and the year."), field="said_at")
    newest = standing_of(course).last()
    if newest is not None and said_at < newest.at:
        raise Refused(
            _(
                "%(name)s signed after that, on %(when)s. Ask them again: if they take it back now, write "
                "down when they said so."
            )
            % {"name": course.patient.name, "when": when(newest.at, course.organisation)},
            field="said_at",
        )


def _refuse_hearer(course: Course, person: Person, at: datetime) -> None:
    here = Membership.objects.filter(
        Membership.in_force(at), person=person, organisation_id=course.organisation_id
    )
    if not here.exists():
        raise Refused(
            _("%(name)s is not of this practice. Choose who heard it here.") % {"name": person.name},
            field="heard_by",
        )
