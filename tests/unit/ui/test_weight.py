"""What a patient's phone has to fetch: under 40 KB compressed a page, under 90 KB with the font at first."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from django.template.loader import render_to_string

import openkap.ui
from openkap.ui import kit

DIST = Path(openkap.ui.__file__).parent / "static" / "dist"
KB = 1000


def packed(data: bytes) -> int:
    return len(gzip.compress(data, 6))


@pytest.mark.parametrize("page", ["home", "question", "sharing"])
def test_a_patients_page_is_light(page: str) -> None:
    html = packed(render_to_string("kit_phone.html", kit.phone_context(page)).encode())
    parts = sum(packed((DIST / name).read_bytes()) for name in ("patient.css", "patient.js", "icons.svg"))
    font = (DIST / "fonts" / "next.woff2").stat().st_size
    assert html + parts < 40 * KB
    assert html + parts + font < 90 * KB


def test_a_phone_never_loads_the_mono_face() -> None:
    assert "mono.woff2" not in (DIST / "patient.css").read_text()


def test_nothing_is_fetched_from_elsewhere() -> None:
    for name in ("staff.css", "patient.css", "room.css", "print.css", "staff.js", "patient.js", "room.js"):
        text = (DIST / name).read_text()
        assert "//" not in text.replace("http://www.w3.org/", ""), name
