"""Has this course's patient signed the consent that is current, and does it still hold?

Decided here: only the newest version counts. A signature that no longer holds is told apart from none, with
the reason (`medicine.consent.again`), so that a person can say why it is asked for again (dossier 6.2). A
consent that was taken back is none, from that moment; when it was taken back is told beside it. The class of
the dose that was consented to is that of the order which stood when it was signed, else of the first after.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from openkap.medicine.consent.again import Held, Reason, dose_class, reasons
from openkap.medicine.rules import RuleSet
from openkap.records.compiled import NOT_ASKED, Compiled, Question
from openkap.records.facts.law import rules_at
from openkap.records.models import Course, DocumentVersion, Order, Signature

PREFIX = "consent."


class Text(NamedTuple):
    """A version of a document, without its words."""

    id: UUID
    document: str
    language: str


class Given(NamedTuple):
    """A signature, for a text without its words."""

    id: UUID
    corrects_id: UUID | None
    withdrawn: bool
    at: datetime
    document: Text


TEXTS: Compiled[tuple[Any, ...]] = Compiled(
    DocumentVersion,
    lambda practice, own, route: (
        DocumentVersion.objects.filter(Q(document=own) | Q(document=route), organisation_id=practice)
        .order_by("-version")
        .values_list("id", "document", "language")
    ),
)
GIVEN: Compiled[tuple[Any, ...]] = Compiled(
    Signature,
    lambda course: (
        Signature.objects.filter(course_id=course, document__document__startswith=PREFIX)
        .order_by("-at", "-recorded_at", "-id")
        .values_list("id", "corrects_id", "withdrawn", "at", *(f"document__{name}" for name in Text._fields))
    ),
)


@dataclass(frozen=True, slots=True)
class Consent:
    """`state`: signed, older (signed once, asked for again), unsigned or unpublished. `signature` is the
    newest one that stands, if any; `reasons` say why it is asked for again, the first told first;
    `taken_back_at` is when the last one was withdrawn, where none stands."""

    state: str
    version: DocumentVersion | None
    signature: Signature | None
    taken_back_at: datetime | None = None
    reasons: tuple[Reason, ...] = ()

    @property
    def reason(self) -> str:
        """Why it is asked for again, in one word; blank where it is not."""
        return self.reasons[0].value if self.reasons else ""


def names_for(route: str, way: str) -> tuple[str, str]:
    """What a course can be consented by: the document of its way of care first, then the route's."""
    return f"{PREFIX}{route}.{way}", f"{PREFIX}{route}"


def document_for(course: Course, published: Container[str]) -> str:
    """The one it is consented by: its way's where the practice published one, else the route's."""
    own, route = names_for(course.route, course.model)
    return own if own in published else route


def route_of(document: str) -> str:
    """The route that a document is for: "iv" of `consent.iv.blended`."""
    return document.removeprefix(PREFIX).partition(".")[0]


def consent_of(course: Course, at: datetime, language: str = "en") -> Consent:
    """The state of consent for this course's route and way. Two queries; up to four where it is signed.

    A document that is not published in `language` counts in the language it is published in. Who signed
    the route's document before the practice published one for this way is asked for the new one.
    """
    rows = list(
        Signature.objects.filter(course=course, document__document__startswith=PREFIX)
        .select_related("document")
        .order_by("-at", "-recorded_at", "-id")
    )
    return _consent(course, at, language, _newest(course), rows)


def asked_again(course: Course | None) -> tuple[Question[Any], Question[Any]]:
    """What `again_of` reads, to be asked along with others (records/together.py)."""
    if course is None or course.ended_at is not None:
        return NOT_ASKED, NOT_ASKED
    own, route = names_for(course.route, course.model)
    return (
        TEXTS.question(practice=course.organisation_id, own=own, route=route),
        GIVEN.question(course=course.id),
    )


def again_of(
    course: Course, at: datetime, language: str, texts: Sequence[Any], given: Sequence[Any]
) -> Consent:
    """The same as `consent_of` of the answers to `asked_again`, without the words of any text."""
    newest = _newest_of(course, [Text(*row) for row in texts])
    rows = [Given(id, before, gone, when, Text(*text)) for id, before, gone, when, *text in given]
    return _consent(course, at, language, newest, rows)


def _consent(
    course: Course, at: datetime, language: str, newest: Mapping[str, Any], rows: Sequence[Any]
) -> Consent:
    current = newest.get(language) or next(iter(newest.values()), None)
    corrected = {row.corrects_id for row in rows}
    names = names_for(course.route, course.model)
    own = [row for row in rows if row.document.document in names]
    signed = _standing(own, corrected)
    taken_back_at = next((row.at for row in own if row.withdrawn), None) if signed is None else None
    if current is None:
        return Consent("unpublished", None, signed, taken_back_at)
    if signed is None and taken_back_at is None:
        signed = _standing(rows, corrected)
    if signed is None:
        return Consent("unsigned", current, None, taken_back_at)
    why = _reasons(course, signed, current, newest, at)
    return Consent("older" if why else "signed", current, signed, reasons=why)


def consent_document(course: Course) -> str:
    """The name of the document that counts for this course now; blank where none is published. One query."""
    names = names_for(course.route, course.model)
    rows = DocumentVersion.objects.filter(organisation_id=course.organisation_id, document__in=names)
    published = set(rows.values_list("document", flat=True))
    return document_for(course, published) if published else ""


def _newest(course: Course) -> dict[str, DocumentVersion]:
    """The newest version of this course's document, by language. One query."""
    names = names_for(course.route, course.model)
    published = DocumentVersion.objects.filter(organisation_id=course.organisation_id, document__in=names)
    return _newest_of(course, list(published.order_by("-version")))


def _newest_of(course: Course, rows: Sequence[Any]) -> dict[str, Any]:
    wanted = document_for(course, {version.document for version in rows})
    newest: dict[str, Any] = {}
    for version in rows:
        if version.document == wanted:
            newest.setdefault(version.language, version)
    return newest


def _standing(rows: Iterable[Any], corrected: Container[UUID | None]) -> Any:
    return next((row for row in rows if not row.withdrawn and row.id not in corrected), None)


def _reasons(
    course: Course,
    signed: Any,
    current: Any,
    newest: Mapping[str, Any],
    at: datetime,
) -> tuple[Reason, ...]:
    rules, zone = rules_at(course.organisation_id, at), ZoneInfo(course.organisation.zone)
    then, now = _classes(course, signed, at, rules)
    return reasons(
        Held(
            signed_route=route_of(signed.document.document),
            route=course.route,
            on=signed.at.astimezone(zone).date(),
            today=at.astimezone(zone).date(),
            same_document=signed.document.document == current.document,
            newest=newest.get(signed.document.language) == signed.document,
            signed_class=then,
            dose_class=now,
        ),
        rules,
    )


def _classes(course: Course, signed: Any, at: datetime, rules: RuleSet) -> tuple[str, str]:
    """The class of the dose that was consented to, and of the one ordered last. At most one query."""
    if not dose_class(course.route, Decimal(1), rules):
        return "", ""
    orders = list(
        Order.objects.current()
        .filter(session__course=course, route=course.route, at__lte=at)
        .order_by("at", "recorded_at", "id")
        .values_list("session_id", "mg", "at")
    )
    if not orders:
        return "", ""
    whole: dict[UUID, Decimal] = {}
    for session, mg, _at in orders:
        whole[session] = whole.get(session, Decimal(0)) + mg
    before = [session for session, _mg, ordered_at in orders if ordered_at <= signed.at]
    then = before[-1] if before else orders[0][0]
    now = orders[-1][0]
    return dose_class(course.route, whole[then], rules), dose_class(course.route, whole[now], rules)
