"""Paper: the signed consent as a tagged PDF, made by the worker and kept beside the database.

Decided here: a paper is made from the very row that was signed and never again changed; where Pango
is missing the page says so, and the text itself can be printed from the browser. Styles and fonts come
from our own files: making a paper asks nothing of the network.
"""

from __future__ import annotations

import mimetypes
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_GET
from django_tasks import task

from openkap.door.enter import anyone
from openkap.door.page import actor, find, now
from openkap.permits import Kind
from openkap.reads.consent import blocks
from openkap.records.models import Signature
from openkap.steps.open import open_record

STATIC = "static:///"


class NoPaper(Exception):
    """PDF cannot be made on this machine; the sentence says what is missing."""


@require_GET
@anyone
def consent_paper(request: HttpRequest, signature: UUID) -> HttpResponse | FileResponse:
    """The signed consent as PDF, for whoever may see the signature."""
    row = find(request, Signature.objects.select_related("document", "organisation", "patient"), signature)
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
    kept_paper(Signature.objects.select_related("document", "organisation", "patient").get(id=signature))


def kept_paper(signature: Signature) -> Path:
    """The file of this signature's paper; made now where the worker has not yet."""
    path = Path(settings.DATA_DIR) / "papers" / f"{signature.id}.pdf"
    if not path.exists():
        path.parent.mkdir(mode=0o700, exist_ok=True)
        fresh = path.with_suffix(".new")
        fresh.write_bytes(_pdf(signature))
        fresh.replace(path)
    return path


def _pdf(signature: Signature) -> bytes:
    try:
        # Imported here: it loads Pango, which a machine may lack, and takes a second.
        from weasyprint import HTML
        from weasyprint.urls import URLFetcher, URLFetcherResponse
    except (ImportError, OSError) as error:
        raise NoPaper(
            _("PDF files cannot be made here, because Pango is missing. Print the page from the browser.")
        ) from error
    zone = ZoneInfo(signature.organisation.zone)
    with override(signature.document.language):
        page: str = render_to_string(
            "door/consent_paper.html",
            {
                "signature": signature,
                "blocks": blocks(signature.document.text),
                "signed_at": date_format(signature.at.astimezone(zone), _("F j, Y, g:i a"))
                + f" ({zone.key})",
                "sheet": {
                    "organisation": signature.organisation.name,
                    "title": signature.document.title,
                    "person": signature.patient.legal_name,
                    "version": _("version %(number)s") % {"number": signature.document.version},
                    "lines": [signature.organisation.name, signature.organisation.phone],
                },
            },
        )
    page = page.replace(f'href="{settings.STATIC_URL}', f'href="{STATIC}')

    class OurFiles(URLFetcher):
        """Styles and fonts from our own static files, and from nowhere else."""

        def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
            path = our_file(url)
            kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
            return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})

    made = HTML(string=page, url_fetcher=OurFiles(), base_url=STATIC).write_pdf(pdf_variant="pdf/ua-1")
    assert made is not None  # no target was given, so the bytes come back
    return bytes(made)


def our_file(url: str) -> Path:
    """The file behind an address of ours, as `static:///dist/print.css`; anything else is a ValueError."""
    name = url.removeprefix(STATIC).lstrip("/")
    try:
        found = finders.find(name) if url.startswith(STATIC) else None
    except SuspiciousFileOperation:
        found = None
    if not isinstance(found, str):
        raise ValueError(f"{url} is not one of our files.")
    return Path(found)
