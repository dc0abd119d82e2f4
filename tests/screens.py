"""A picture of every address at its size, for looking at: run by `bin/screens`, not a part of `bin/test`.

Decided here: the list is `tests/samples.py`, which the access matrix holds complete against the URL resolver;
the pictures are of the real server in the real browser.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from django.urls import reverse

from tests.browser import Browsing, Complaints
from tests.people import sign_in
from tests.samples import SAMPLES, stage

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "var" / "screens"
# What the README shows, and of which address.
KEPT = {"demo": ROOT / "docs" / "pictures" / "first-page.png"}


def test_a_picture_of_every_address(browse: Browsing, complaints: Complaints) -> None:
    complaints.expect("")  # a picture of a page that complains is wanted all the same
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    scene = stage()
    for name, sample in sorted(SAMPLES.items()):
        if sample.post or not sample.shown:
            continue
        page = browse(sample.size, theme="dark" if sample.theme == "room" else "light")
        if sample.persona:
            sign_in(page, sample.persona)
        page.goto(reverse(name, kwargs=sample.kwargs(scene)))
        picture = FOLDER / f"{name.replace(':', '-')}-{sample.size}-{sample.theme}.png"
        page.screenshot(path=picture, full_page=True)
        if name in KEPT:
            KEPT[name].parent.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=KEPT[name])
        page.context.close()
    assert any(FOLDER.iterdir())
