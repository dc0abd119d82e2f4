"""The signed consent on paper: made from the row that was signed, tagged, asking nothing of the network."""

from __future__ import annotations

import zlib
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from django.conf import settings
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from openkap.door.paper import kept_paper, make_consent_paper
from openkap.door.pdf import STATIC, NoPaper, our_file
from openkap.records.models import Signature
from openkap.steps.consent import publish_document
from tests.at_step import at_step
from tests.integration.door_visitors import Visitor
from tests.people import SYSTEM, cast

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
    assert b"OpenKAP" in unpacked(content) or b"Atkinson" in unpacked(content), "in our own letters"


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
    for url in ("https://example.org/a.css", "file:///etc/passwd", f"{STATIC}../settings.py", "a.css"):
        with pytest.raises(ValueError, match="not one of our files"):
            our_file(url)


def test_without_pango_it_says_so(signature: Signature) -> None:
    kept_paper(signature).unlink()
    with patch.dict("sys.modules", {"weasyprint": None}), pytest.raises(NoPaper, match="Pango is missing"):
        kept_paper(signature)


def test_signing_asks_the_worker_for_the_paper() -> None:
    stage = at_step(
        cast(timezone.now() - timedelta(days=60)), "shared", at=timezone.now() - timedelta(days=1)
    )
    again = publish_document(
        by=SYSTEM,
        at=stage.at,
        organisation=stage.people.clinic,
        document="consent.iv",
        title="A newer text",
        text="# What this is\nA newer text.\n",
    )
    wren = Visitor().become("wren")
    wren.get("/me/consent/")
    sent = {name: wren.hidden(name) for name in ("submission", "document", "sha256")}
    answer = wren.post("/me/consent/", {**sent, "typed_name": stage.people["wren"].legal_name})
    assert answer.status_code == 302, wren.page
    signature = Signature.objects.get(document=again)
    asked = DBTaskResult.objects.get()
    assert asked.args_kwargs["args"] == [str(signature.id)]
    make_consent_paper.call(str(signature.id))
    assert (Path(settings.DATA_DIR) / "papers" / f"{signature.id}.pdf").exists()
