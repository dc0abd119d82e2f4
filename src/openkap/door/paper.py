"""Paper: the signed consent as a tagged PDF, made by the worker and kept beside the database.

Decided here: a paper is made from the very row that was signed and never again changed (`door.pdf` makes
the sheets).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_GET
from django_tasks import task

from openkap.door.enter import anyone
from openkap.door.page import actor, find, now
from openkap.door.pdf import NoPaper, pdf_of, size_for
from openkap.permits import Kind
from openkap.reads.consent import before_in_words, blocks
from openkap.records.facts.clock import moment
from openkap.records.facts.understood import answered_on
from openkap.records.models import Signature
from openkap.steps.open import open_record


@require_GET
@anyone
def consent_paper(request: HttpRequest, signature: UUID) -> HttpResponse | FileResponse:
    """The signed consent as PDF, for whoever may see the signature."""
    row = find(
        request, Signature.objects.select_related("document", "organisation", "patient", "talk"), signature
    )
    open_record(by=actor(request), at=now(), about=row, page="consent_paper", kind=Kind.CONSENT)
    try:
        path = kept_paper(row)
    except NoPaper as missing:
        return render(request, "errors/503.html", {"reason": str(missing)}, status=503)
    name = f"consent-{row.at:%Y-%m-%d}.pdf"
    return FileResponse(path.open("rb"), content_type="application/pdf", filename=name)


@task()
def make_consent_paper(signature: str) -> None:
    """Make the paper of a signature ahead of its first reader; the worker does this."""
    kept_paper(
        Signature.objects.select_related("document", "organisation", "patient", "talk").get(id=signature)
    )


def _with_its_papers() -> QuerySet[Signature]:
    return Signature.objects.select_related("document", "organisation", "patient", "talk")


def kept_paper(signature: Signature) -> Path:
    """The file of this signature's paper; made now where the worker has not yet."""
    path = Path(settings.DATA_DIR) / "papers" / f"{signature.id}.pdf"
    if not path.exists():
        path.parent.mkdir(mode=0o700, exist_ok=True)
        fresh = path.with_suffix(".new")
        fresh.write_bytes(_pdf(signature))
        fresh.replace(path)
    return path


def _asked(signature: Signature) -> list[dict[str, Any]]:
    """Each question of the text with what was chosen last."""
    told = {row["question"]: row for row in signature.answers}
    return [
        {
            "ask": question["ask"],
            "chosen": question["choices"][told[question["id"]]["tries"][-1]],
            "explained": told[question["id"]]["explained"],
        }
        for question in signature.document.questions
        if told.get(question["id"], {}).get("tries")
    ]


def _pdf(signature: Signature) -> bytes:
    zone = ZoneInfo(signature.organisation.zone)
    with override(signature.document.language):
        page: str = render_to_string(
            "door/consent_paper.html",
            {
                "signature": signature,
                "blocks": blocks(signature.document.text),
                "asked": _asked(signature),
                "answered_before": before_in_words(map(answered_on, signature.answers)),
                "signed_at": f"{moment(signature.at, zone)} ({zone.key})",
                "sheet": {
                    "organisation": signature.organisation.name,
                    "title": signature.document.title,
                    "person": signature.patient.legal_name,
                    "version": _("version %(number)s") % {"number": signature.document.version},
                    "lines": [signature.organisation.name, signature.organisation.phone],
                },
            },
        )
    return pdf_of(page, size_for(signature.organisation.country))
