"""Consent: publishing the document, and signing exactly what was shown.

Decided here: what is signed is the exact bytes of one version, named by its hash; a newer version
refuses the older hash. Nobody signs between a dose, or its draw, and the time after it (dossier 6.1:
a dosed patient cannot consent). Saying no, and taking a consent back, is always possible: see
`steps.say_no`; signing settles what either asked of the practice.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from openkap.medicine.consent.fingerprint import fingerprint
from openkap.permits import Act, Actor, Kind, Subject
from openkap.records.base import Authored
from openkap.records.facts.altered import altered_until, same_name
from openkap.records.facts.clock import long_moment
from openkap.records.models import Course, DocumentVersion, Organisation, Signature
from openkap.steps.frame import Refused, Stale, must, step, tell
from openkap.steps.say_no import settle_no


@dataclass(frozen=True, slots=True)
class LibraryDocument:
    """A text the house brings along, for a practice to publish as its own."""

    id: str
    language: str
    title: str
    text: str


def library_document(document: str = "consent.iv", language: str = "en") -> LibraryDocument:
    """Read a document of the library, as in `consent.iv`. Raises Refused where there is none."""
    folder, _dot, name = document.partition(".")
    file = files("openkap.medicine.library") / folder / "texts" / language / f"{name}.toml"
    if not file.is_file():
        raise Refused(_("There is no document %(name)s in this language.") % {"name": document})
    data = tomllib.loads(file.read_text("utf-8"))
    return LibraryDocument(data["id"], data["language"], data["title"], data["text"].strip() + "\n")


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
    submission: UUID | None = None,
) -> Signature:
    """The patient agrees to the version whose hash is `sha256`. A second signing finds the first.

    `known_by` says how the signer was known, as in "link and birth date". Raises Refused or Stale.
    """
    subject = Subject(Kind.CONSENT, course.organisation_id, course.patient_id, course.id)
    must(by, Kind.CONSENT, Act.SIGN, subject, at=at)
    version = _version_shown(course, document, sha256)
    first: Signature | None = Signature.objects.current().filter(course=course, document=version).first()
    if first is not None:
        return first
    _refuse_wrong_time(course, at)
    if not same_name(typed_name, course.patient):
        raise Refused(
            _("This does not look like your name. Type your first and last name, as the practice knows it."),
            field="typed_name",
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


def _version_shown(course: Course, document: str | DocumentVersion, sha256: str) -> DocumentVersion:
    """The version that was on the screen, if it is still the newest."""
    name = document if isinstance(document, str) else document.document
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


def _refuse_wrong_time(course: Course, at: datetime) -> None:
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
