"""Consent: publishing the document, and signing exactly what was shown.

Decided here: what is signed is the exact bytes of one version, named by its hash; a newer version
refuses the older hash. Nobody signs between a dose, or its draw, and the time after it (dossier 6.1:
a dosed patient cannot consent). Saying no, and taking a consent back, is always possible: see
`steps.say_no`; signing settles what either asked of the practice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from openkap.medicine.consent.brought import brought
from openkap.medicine.consent.fingerprint import fingerprint
from openkap.permits import Act, Actor, Kind, Subject
from openkap.records.base import Authored
from openkap.records.facts.altered import altered_until, same_name
from openkap.records.facts.clock import long_moment
from openkap.records.facts.consent import PREFIX, consent_document, consent_of, names_for
from openkap.records.facts.understood import Understood, is_minor, understood_of
from openkap.records.models import ConsentTalk, Course, DocumentVersion, Organisation, Person, Signature
from openkap.steps.consent_again import ask_all_again
from openkap.steps.frame import Refused, Stale, must, step, tell
from openkap.steps.promised import refuse_promises
from openkap.steps.say_no import settle_no


@dataclass(frozen=True, slots=True)
class LibraryDocument:
    """A text the house brings along, for a practice to publish as its own."""

    id: str
    language: str
    title: str
    text: str
    elements: tuple[str, ...]
    questions: tuple[dict[str, Any], ...]


def library_document(
    document: str = "consent.iv", language: str = "en", on: date | None = None
) -> LibraryDocument:
    """The library's own text of a document, as of `consent.iv`. Raises Refused where there is none.

    `on`: the day of which it speaks; without one, whatever runs out on a day has run out.
    """
    found = brought(document, language, on or date.max)
    if found is None:
        raise Refused(_("There is no document %(name)s in this language.") % {"name": document})
    questions = tuple(question.kept() for question in found.questions)
    return LibraryDocument(document, language, found.title, found.text, found.covers, questions)


@step
def publish_document(
    *,
    by: Actor,
    at: datetime,
    organisation: Organisation,
    document: str,
    title: str,
    text: str,
    language: str = "en",
    elements: Sequence[str] = (),
    questions: Sequence[Mapping[str, Any]] = (),
    way: str = "",
    state_law: str = "",
    reason: str = "",
    submission: UUID | None = None,
) -> DocumentVersion:
    """Publish the next version of a document; the same bytes again stay the version they are.

    `elements`, `questions`, `way` and `state_law` as `DocumentVersion` keeps them.
    """
    must(by, Kind.STAFF, Act.ADD, organisation, at=at)
    if not text.strip() or not title.strip():
        raise Refused(_("A document needs a title and a text."), field="text" if title.strip() else "title")
    # A wrong answer may promise anything; what is said to be right, and why, may not.
    told = "\n".join(f"{q['choices'][q['right']]}\n{q['why']}" for q in questions)
    refuse_promises({"title": title, "text": text, "questions": told})
    sha256 = fingerprint(text, questions)
    latest = latest_version(organisation.id, document, language)
    if latest is not None and latest.sha256 == sha256 and latest.title == title:
        return latest
    version = DocumentVersion.objects.create(
        organisation=organisation,
        document=document,
        version=latest.version + 1 if latest else 1,
        language=language,
        title=title,
        text=text,
        sha256=sha256,
        made_at=at,
        elements=list(elements),
        questions=[dict(question) for question in questions],
        way=way,
        state_law=state_law,
        by_name=by.name[:200],
        reason=reason.strip()[:500],
    )
    tell(by, "document.published", version, at=at)
    ask_all_again(by, version, at=at)
    return version


@step
def sign_consent(
    *,
    by: Actor,
    at: datetime,
    course: Course,
    document: str | DocumentVersion,
    sha256: str,
    typed_name: str,
    known_by: str,
    as_guardian: bool = False,
    browser: str = "",
    submission: UUID | None = None,
) -> Signature:
    """The patient agrees to the version whose hash is `sha256`. Signing twice finds the first.

    `known_by` says how the signer was known, as in "link and birth date"; `browser` is its family, in words.
    `as_guardian`: the guardian signs whom a clinician named (`steps.understanding`). Every question of the
    text is answered before, or gone through. Raises Refused or Stale.
    """
    subject = Subject(Kind.CONSENT, course.organisation_id, course.patient_id, course.id)
    must(by, Kind.CONSENT, Act.SIGN, subject, at=at)
    version = version_shown(course, document, sha256)
    holds = consent_of(course, at, version.language)
    if holds.state == "signed" and holds.signature is not None and holds.signature.document == version:
        return holds.signature
    refuse_wrong_time(course, at)
    understood = understood_of(course, version, at)
    _refuse_not_plain(understood)
    _refuse_stranger(course, typed_name, understood.talk, as_guardian, at)
    if course.organisation.consent_witness and not (understood.talk and understood.talk.witness):
        raise Refused(
            _(
                "%(practice)s asks for a witness. Sign with one of their people beside you, who names the "
                "witness first."
            )
            % {"practice": course.organisation.name},
            hint="witness",
        )
    signature = Signature.objects.create(
        **Authored.authored(by),
        organisation_id=course.organisation_id,
        patient_id=course.patient_id,
        course=course,
        document=version,
        sha256=version.sha256,
        typed_name=typed_name.strip()[:200],
        known_by=known_by[:60],
        role=Signature.Role.GUARDIAN if as_guardian else Signature.Role.PATIENT,
        zone=course.organisation.zone,
        browser=browser[:60],
        answers=[question.as_kept() for question in understood.questions],
        talk=understood.talk,
        at=at,
        recorded_at=at,
    )
    tell(by, "consent.signed", signature, at=at)
    settle_no(by, course, at=at)
    return signature


def latest_version(organisation: UUID, document: str, language: str) -> DocumentVersion | None:
    return (
        DocumentVersion.objects.filter(organisation_id=organisation, document=document, language=language)
        .order_by("-version")
        .first()
    )


def version_shown(course: Course, document: str | DocumentVersion, sha256: str) -> DocumentVersion:
    """The version that was on the screen, if it is still the newest of the document that counts."""
    name = document if isinstance(document, str) else document.document
    counts = consent_document(course)
    if name.startswith(PREFIX) and name not in names_for(course.route, course.model):
        raise Stale(_("This text is for another way of giving the medicine. Open your own page and read it."))
    if counts and name != counts and name in names_for(course.route, course.model):
        raise Stale(
            _(
                "%(practice)s has another text for your way of care now. Nothing is signed. Read it, then "
                "decide."
            )
            % {"practice": course.organisation.name}
        )
    shown = (
        DocumentVersion.objects.filter(organisation_id=course.organisation_id, document=name, sha256=sha256)
        .order_by("-version")
        .first()
    )
    if shown is None:
        raise Stale(
            _("This text is not one that %(practice)s has published. Open the page again and read it.")
            % {"practice": course.organisation.name}
        )
    latest = latest_version(course.organisation_id, name, shown.language)
    if latest != shown:
        raise Stale(
            _(
                "%(practice)s has published a newer version since you opened this page. Nothing is signed. "
                "Read the new one, then decide."
            )
            % {"practice": course.organisation.name}
        )
    return shown


def _refuse_not_plain(understood: Understood) -> None:
    """What is not answered yet comes first; what waits for a clinician says so."""
    if understood.all_settled:
        return
    if all(question.is_settled or question.to_talk for question in understood.questions):
        raise Refused(
            _("Not yet. Someone of the practice goes through this with you first. They were told."),
            hint="talk",
        )
    raise Refused(_("Answer the questions about the text first."), hint="questions")


def _refuse_stranger(
    course: Course, typed_name: str, talk: ConsentTalk | None, as_guardian: bool, at: datetime
) -> None:
    """The name must be the signer's: the patient's own, or that of the guardian whom a clinician named."""
    if as_guardian:
        if talk is None or not talk.guardian:
            raise Refused(_("No guardian is named here. A clinician of the practice names them first."))
        first, _space, last = talk.guardian.rpartition(" ")
        if not same_name(typed_name, Person(given_name=first, family_name=last)):
            raise Refused(_("This does not look like the guardian's name."), field="typed_name")
        return
    if is_minor(course, at):
        raise Refused(_("Not yet. For someone this young a guardian signs, whom the practice names first."))
    if not same_name(typed_name, course.patient):
        raise Refused(
            _("This does not look like your name. Type your first and last name, as the practice knows it."),
            field="typed_name",
        )


def refuse_wrong_time(course: Course, at: datetime) -> None:
    if course.ended_at is not None:
        raise Refused(_("This course has ended. There is nothing to sign."))
    if (until := altered_until(course.patient_id, at)) is not None:
        raise Refused(
            _(
                "Not today. You had, or are having, a dose, and nobody is asked to agree to anything new "
                "until it has worn off. You can sign from %(time)s on."
            )
            % {"time": said(until, course.organisation)},
            hint="wait",
        )


def said(at: datetime, practice: Organisation) -> str:
    """A moment in the words and the clock of the practice's own place."""
    return long_moment(at, ZoneInfo(practice.zone))
