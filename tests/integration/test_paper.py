"""The signed consent on paper: made from the row that was signed, tagged, asking nothing of the network."""

from __future__ import annotations

import zlib
from contextlib import suppress
from pathlib import Path
from unittest.mock import patch

import pytest
from django.conf import settings

from openkap.door.paper import NoPaper, kept_paper, our_file
from openkap.records.models import Signature
from tests.at_step import at_step
from tests.people import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def signature() -> Signature:
    at_step(cast(), "consented")
    return Signature.objects.select_related("document", "organisation", "patient").get()


def test_the_paper_is_a_tagged_pdf_kept_beside_the_database(signature: Signature) -> None:
    path = kept_paper(signature)
    assert path == Path(settings.DATA_DIR) / "papers" / f"{signature.id}.pdf"
    content = path.read_bytes()
    assert content.startswith(b"%PDF")
    assert b"/StructTreeRoot" in unpacked(content)


def unpacked(content: bytes) -> bytes:
    """All streams of a PDF that are packed, opened."""
    opened = []
    for part in content.split(b"stream\n")[1:]:
        with suppress(zlib.error):
            opened.append(zlib.decompressobj().decompress(part))
    return b"".join(opened)


def test_it_is_made_once(signature: Signature) -> None:
    made = kept_paper(signature).stat().st_mtime_ns
    assert kept_paper(signature).stat().st_mtime_ns == made


def test_nothing_is_asked_of_the_network() -> None:
    for url in ("https://example.org/a.css", "file:///etc/passwd", "static:///../settings.py"):
        with pytest.raises(ValueError, match="not one of our files"):
            our_file(url)


def test_without_pango_it_says_so(signature: Signature) -> None:
    with patch.dict("sys.modules", {"weasyprint": None}), pytest.raises(NoPaper, match="Pango is missing"):
        kept_paper(signature)
