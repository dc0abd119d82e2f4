"""Papers of a patient as a page lists them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from openkap.permits import Scope
from openkap.records.facts.clock import day
from openkap.records.models import UploadedDocument
from openkap.records.scoped import scoped


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper that stands: what it is, of which day, who took it in, and how large it is."""

    id: UUID
    what: str
    title: str
    on: str
    who: str
    taken: str
    size: str
    kind: str


def papers_of(scope: Scope, patient: UUID, keeper: UUID, zone: ZoneInfo) -> tuple[Paper, ...]:
    """The papers that stand, the latest day first. One query; the bytes stay where they are."""
    mine = {"patient_id": patient, "organisation_id": keeper}
    rows = scoped(UploadedDocument.objects.current().filter(**mine), scope)
    rows = rows.select_related("content").defer("content__content").order_by("-at", "-recorded_at")
    return tuple(
        Paper(
            row.pk,
            what_words(row.what),
            row.title,
            day(row.at.astimezone(zone).date()),
            row.by_name,
            day(row.recorded_at.astimezone(zone).date()),
            size_words(row.content.size),
            KINDS.get(row.content.content_type, ""),
        )
        for row in rows
    )


KINDS = {"application/pdf": "PDF", "image/png": "PNG", "image/jpeg": "JPEG", "text/plain": "TXT"}


def what_words(what: str) -> str:
    return {
        "ecg": _("ECG"),
        "labs": _("Lab report"),
        "pregnancy_test": _("Pregnancy test"),
        "pdmp": _("PDMP check"),
        "letter": _("Letter"),
        "other": _("Other paper"),
    }[what]


def size_words(size: int) -> str:
    """640 KB; 2.4 MB."""
    if size < 1024 * 1024:
        return f"{max(size // 1024, 1)} KB"
    return f"{size / 1024 / 1024:.1f} MB"
