"""A consent document as a person reads it, and what they have signed.

Decided here: the text is shown as written, in blocks that keep its headings and lists; nothing is
left out, since every byte of it is what is signed. Who is asked again is told why first, and what changed
since the version they signed, before the whole text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from openkap.permits import Scope
from openkap.reads.what_changed import Changed, what_changed
from openkap.records.facts.altered import altered_until
from openkap.records.facts.clock import day
from openkap.records.facts.consent import Consent, consent_of
from openkap.records.facts.understood import Asked, Understood, understood_of
from openkap.records.models import ConsentTalk, Course, Signature
from openkap.records.scoped import scoped

# Why it is asked for again, as its patient reads it and as the practice does.
AGAIN = {
    "version": gettext_noop("The text changed since you signed it."),
    "route": gettext_noop("Your medicine is given another way now."),
    "way": gettext_noop("Your care goes another way now."),
    "dose": gettext_noop("Your dose is of another size now."),
    "year": gettext_noop("Your last signature is over a year old."),
}
FOR_STAFF = {
    "version": gettext_noop("its text changed"),
    "route": gettext_noop("it is for another route"),
    "way": gettext_noop("it is for another way of care"),
    "dose": gettext_noop("the dose ordered is of another class"),
    "year": gettext_noop("it is over a year old"),
}


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, a paragraph (its lines) or a list (its items)."""

    kind: str
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        return " ".join(self.lines)


@dataclass(frozen=True, slots=True)
class Signed:
    """One signature, with the bytes it was given for."""

    id: UUID
    title: str
    version: int
    typed_name: str
    at: datetime
    known_by: str
    sha256: str
    practice: str
    language: str
    blocks: tuple[Block, ...] = ()
    taken_back_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ToSign:
    """What there is to read and sign for a course. `state`: signed, older, unsigned, unpublished."""

    course: UUID
    practice: str
    state: str
    document: str
    title: str
    version: int
    sha256: str
    blocks: tuple[Block, ...]
    signed: Signed | None
    not_before: datetime | None
    ended: bool
    language: str
    taken_back_at: datetime | None = None
    again: tuple[str, ...] = ()
    changes: tuple[Changed, ...] = ()
    questions: tuple[Asked, ...] = ()
    talk: ConsentTalk | None = None
    witness_wanted: bool = False

    @property
    def asked_now(self) -> tuple[Asked, ...]:
        """What was not answered for an earlier signature."""
        return tuple(question for question in self.questions if question.answered_on is None)

    @property
    def answered_before(self) -> tuple[str, ...]:
        """A line for each earlier signature whose answers still count."""
        return before_in_words(question.answered_on for question in self.questions)

    @property
    def open_questions(self) -> tuple[Asked, ...]:
        return tuple(question for question in self.questions if question.is_open)

    @property
    def to_talk(self) -> tuple[Asked, ...]:
        """What a clinician goes through with them before they can sign."""
        return tuple(question for question in self.questions if question.to_talk)

    @property
    def may_sign(self) -> bool:
        return self.state in ("unsigned", "older") and self.not_before is None and not self.ended


def to_sign(course: Course, language: str, at: datetime) -> ToSign:
    """The current document of this course; once it is signed, the very text that was signed, in the language
    it was signed in. `course` must already be within the reader's Scope."""
    consent = consent_of(course, at, language)
    version = consent.version
    understood = understood_of(course, version, at) if version is not None else Understood((), None)
    talk = understood.talk
    if consent.state == "signed" and consent.signature is not None:
        version = consent.signature.document
    return ToSign(
        course=course.id,
        practice=course.organisation.name,
        state=consent.state,
        document=version.document if version else "",
        title=version.title if version else "",
        version=version.version if version else 0,
        sha256=version.sha256 if version else "",
        blocks=tuple(blocks(version.text)) if version else (),
        signed=_signed(consent.signature) if consent.signature else None,
        not_before=altered_until(course.patient_id, at),
        ended=course.ended_at is not None,
        language=version.language if version else "",
        taken_back_at=consent.taken_back_at,
        again=tuple(_(AGAIN[reason]) for reason in consent.reasons),
        changes=_changes(consent),
        questions=understood.questions if consent.state != "signed" else (),
        talk=talk,
        witness_wanted=course.organisation.consent_witness and not (talk and talk.witness),
    )


def again_for_staff(consent: Consent) -> str:
    """Why it must be signed again, in one line for the practice; blank where it holds."""
    return ", ".join(_(FOR_STAFF[reason]) for reason in consent.reasons)


def before_in_words(days: Iterable[date | None]) -> tuple[str, ...]:
    """What was answered for earlier signatures and still counts, one line for the day of each."""
    return tuple(
        ngettext(
            "%(n)s question was answered for the signature of %(day)s, and nothing about it changed.",
            "%(n)s questions were answered for the signature of %(day)s, and nothing about them changed.",
            n,
        )
        % {"n": n, "day": day(on)}
        for on, n in sorted(Counter(on for on in days if on is not None).items())
    )


def _changes(consent: Consent) -> tuple[Changed, ...]:
    """What changed since the version that was signed: of the same document and language only."""
    if consent.signature is None or consent.version is None:
        return ()
    signed, now = consent.signature.document, consent.version
    if signed == now or (signed.document, signed.language) != (now.document, now.language):
        return ()
    return what_changed(signed.text, now.text)


def signed_documents(scope: Scope, patient: UUID) -> tuple[Signed, ...]:
    """Everything this person signed, newest first, what was taken back too. One query."""
    rows = Signature.objects.filter(patient_id=patient).select_related("document", "organisation")
    seen = list(scoped(rows, scope).order_by("-at"))
    after = {row.corrects_id: row for row in seen if row.corrects_id is not None}
    return tuple(
        _signed(row, taken_back_at=after[row.id].at if row.id in after else None)
        for row in seen
        if not row.withdrawn
    )


def signed_document(signature: Signature) -> Signed:
    """One signature with its whole text."""
    return _signed(signature, whole=True)


def blocks(text: str) -> Iterator[Block]:
    """Headings (`# `), lists (`- `) and paragraphs, parted by empty lines or a change of kind."""
    kind = ""
    lines: list[str] = []
    for line in [*text.splitlines(), ""]:
        now = "heading" if line.startswith("# ") else "list" if line.startswith("- ") else "paragraph"
        now = now if line.strip() else ""
        if lines and (now != kind or kind == "heading"):
            yield Block(kind, tuple(lines))
            lines = []
        if now:
            lines.append(line[2:].strip() if now != "paragraph" else line.strip())
        kind = now


def _signed(row: Signature, *, whole: bool = False, taken_back_at: datetime | None = None) -> Signed:
    return Signed(
        id=row.id,
        title=row.document.title,
        version=row.document.version,
        typed_name=row.typed_name,
        at=row.at,
        known_by=row.known_by,
        sha256=row.sha256,
        practice=row.organisation.name,
        language=row.document.language,
        blocks=tuple(blocks(row.document.text)) if whole else (),
        taken_back_at=taken_back_at,
    )
