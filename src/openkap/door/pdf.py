"""PDF of a page of ours: tagged, from our own styles and fonts, asking nothing of the network.

Decided here: a sheet is as large as the paper of the place where the practice is (Letter in North America
and the Philippines, A4 elsewhere), unless the reader says otherwise. Where Pango is missing the page
says so, and the text itself can be printed from the browser.
"""

from __future__ import annotations

import mimetypes
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation
from django.utils.translation import gettext as _

# Stands for our own files. A scheme of our own would leave `./fonts/…` in a style unresolved; `.invalid` is
# nobody's name on any network (RFC 2606), and is never asked.
STATIC = "https://files.invalid/"
LETTER, A4 = "letter", "A4"
SIZES = {"letter": LETTER, "a4": A4}
# Where offices print on Letter, by the ISO 3166 codes of the countries; everywhere else it is A4 (ISO 216).
ON_LETTER = frozenset({"US", "CA", "MX", "PR", "PH"})


class NoPaper(Exception):
    """PDF cannot be made on this machine; the sentence says what is missing."""


def size_for(country: str, wanted: str = "") -> str:
    """The sheet the reader asked for by name, else the one of the country (two letters)."""
    return SIZES.get(wanted.lower()) or (LETTER if country.upper() in ON_LETTER else A4)


def pdf_of(page: str, size: str = LETTER) -> bytes:
    """The rendered `page` as PDF/UA bytes on sheets of `size`. Raises NoPaper where Pango is missing."""
    try:
        # Imported here: it loads Pango, which a machine may lack, and takes a second.
        from weasyprint import CSS, HTML
        from weasyprint.urls import URLFetcher, URLFetcherResponse
    except (ImportError, OSError) as error:
        raise NoPaper(
            _("PDF files cannot be made here, because Pango is missing. Print the page from the browser.")
        ) from error

    class OurFiles(URLFetcher):
        """Styles and fonts from our own static files, and from nowhere else."""

        def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
            path = our_file(url)
            kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
            return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})

    page = page.replace(f'href="{settings.STATIC_URL}', f'href="{STATIC}')
    sheet = HTML(string=page, url_fetcher=OurFiles(), base_url=STATIC)
    made = sheet.write_pdf(stylesheets=[CSS(string=f"@page {{ size: {size}; }}")], pdf_variant="pdf/ua-1")
    assert made is not None  # no target was given, so the bytes come back
    return bytes(made)


def our_file(url: str) -> Path:
    """The file behind an address of ours, as `dist/print.css` under `STATIC`; else a ValueError."""
    name = url.removeprefix(STATIC).lstrip("/")
    try:
        found = finders.find(name) if url.startswith(STATIC) else None
    except SuspiciousFileOperation:
        found = None
    if not isinstance(found, str):
        raise ValueError(f"{url} is not one of our files.")
    return Path(found)
