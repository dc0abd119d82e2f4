"""A course's consent as its practice reads it: how it stands, what was answered, and who went through it.

Decided here: the same rows as the patient's own page, with how the signer was known, and who else was there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from openkap.permits import Scope
from openkap.reads.consent import again_for_staff, before_in_words
from openkap.records.facts.clock import moment
from openkap.records.facts.consent import consent_of
from openkap.records.facts.understood import Asked, Understood, answered_on, understood_of
from openkap.records.models import ConsentTalk, Course, Signature
from openkap.records.scoped import scoped

HOW = {
    "room": gettext_noop("in the room"),
    "video": gettext_noop("by video"),
    "phone": gettext_noop("by telephone"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened: what it was, when, and who was there, line by line."""

    what: str
    when: str
    lines: tuple[str, ...]
    struck: bool = False


@dataclass(frozen=True, slots=True)
class Desk:
    """`level` of the verdict, what it `says` and why; `title` and `language` of the text of now, blank where
    none is published. `waits`: questions that a clinician goes through before the patient can sign."""

    level: str
    says: str
    why: str
    title: str
    language: str
    questions: tuple[Asked, ...]
    signatures: tuple[Line, ...]
    talks: tuple[Line, ...]
    witness_asked: bool

    @property
    def asked_now(self) -> tuple[Asked, ...]:
        """What was not answered for an earlier signature."""
        return tuple(question for question in self.questions if question.answered_on is None)

    @property
    def answered_before(self) -> tuple[str, ...]:
        """A line for each earlier signature whose answers still count."""
        return before_in_words(question.answered_on for question in self.questions)

    @property
    def waits(self) -> tuple[Asked, ...]:
        return tuple(question for question in self.questions if question.to_talk)


def consent_desk(scope: Scope, course: Course, at: datetime, zone: ZoneInfo) -> Desk:
    """Everything for the page. About ten queries; `course` is within Scope already."""
    consent = consent_of(course, at, course.patient.language)
    version = consent.version
    understood = understood_of(course, version, at) if version is not None else Understood((), None)
    level, says = _stands(consent.state, consent.taken_back_at is not None)
    signed = scoped(Signature.objects.filter(course=course), scope).select_related("document", "talk")
    talks = scoped(ConsentTalk.objects.current().filter(course=course), scope).select_related("document")
    rows = list(signed.order_by("-at", "-recorded_at"))
    back = {row.corrects_id: row for row in rows if row.corrects_id is not None}
    return Desk(
        level=level,
        says=says,
        why=_("Asked for again: %(why)s.") % {"why": again_for_staff(consent)} if consent.reasons else "",
        title=version.title if version is not None else "",
        language=version.language if version is not None else "",
        questions=understood.questions if consent.state != "signed" else (),
        signatures=tuple(_signed(row, back.get(row.id), zone) for row in rows if not row.withdrawn),
        talks=tuple(_talk(row, zone) for row in talks.order_by("-at")),
        witness_asked=course.organisation.consent_witness,
    )


def _stands(state: str, taken_back: bool) -> tuple[str, str]:
    match state:
        case "signed":
            return "clear", _("Signed, and it holds")
        case "older":
            return "hold", _("Signed once, and asked for again")
        case "unpublished":
            return "unknown", _("No text is published for this route")
    if taken_back:
        return "stop", _("Taken back by the patient")
    return "unknown", _("Not signed yet")


def _signed(row: Signature, back: Signature | None, zone: ZoneInfo) -> Line:
    name = {"name": row.typed_name}
    who = _("As %(name)s, guardian") % name if row.role == "guardian" else _("As %(name)s") % name
    known = _("Known by: %(how)s") % {"how": row.known_by}
    now = [told for told in row.answers if answered_on(told) is None]
    wrong = sum(len(told["tries"]) - bool(told["right"]) for told in now)
    asked = _("%(n)s questions, %(wrong)s wrong tries") % {"n": len(now), "wrong": wrong} if now else ""
    before = (line.rstrip(".") for line in before_in_words(map(answered_on, row.answers)))
    explained = _("Gone through with %(who)s") % {"who": row.talk.by_name} if row.talk is not None else ""
    taken = _("Taken back %(when)s") % {"when": moment(back.at, zone)} if back is not None else ""
    return Line(
        _("%(title)s, version %(n)s") % {"title": row.document.title, "n": row.document.version},
        moment(row.at, zone),
        tuple(filter(None, (who, known, row.browser, asked, *before, explained, taken))),
        back is not None,
    )


def _talk(row: Any, zone: ZoneInfo) -> Line:
    lines = [_(HOW[row.how]).capitalize()]
    if row.interpreter:
        how = _(HOW[row.interpreter_how])
        told = {"who": row.interpreter, "language": row.interpreter_language, "how": how}
        lines.append(_("Interpreted by %(who)s, %(language)s, %(how)s") % told)
    if row.guardian:
        lines.append(_("Guardian: %(who)s, %(what)s") % {"who": row.guardian, "what": row.guardian_relation})
        lines += [row.guardian_why] if row.guardian_why else []
    if row.witness:
        lines.append(_("Witness: %(who)s") % {"who": row.witness})
    return Line(row.by_name, moment(row.at, zone), tuple(lines))
