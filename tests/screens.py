"""A picture of every address at its size, for looking at: run by `bin/screens`, not a part of `bin/test`.

Decided here: the list is `tests/samples.py`, which the access matrix holds complete against the URL resolver;
the pictures are of the real server in the real browser.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from django.urls import reverse

from tests.browser import Browsing, Complaints, Page
from tests.people import sign_in
from tests.samples import SAMPLES
from tests.scene import stage

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "var" / "screens"


def test_a_picture_of_every_address(browse: Browsing, complaints: Complaints) -> None:
    complaints.expect("")  # a picture of a page that complains is wanted all the same
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    scene = stage()
    windows: dict[tuple[str, str, str], Page] = {}
    broken = []
    for name, sample in sorted(SAMPLES.items()):
        if sample.post or not sample.shown:
            continue
        as_whom = (sample.persona, sample.size, sample.theme)
        if as_whom not in windows:
            windows[as_whom] = browse(sample.size, theme="dark" if sample.theme == "room" else "light")
            if sample.persona:
                sign_in(windows[as_whom], sample.persona)
        page = windows[as_whom]
        answer = page.goto(reverse(name, kwargs=sample.kwargs(scene)))
        if answer is None or answer.status >= 500:
            broken.append(name)
        picture = FOLDER / f"{name.replace(':', '-')}-{sample.size}-{sample.theme}.png"
        page.screenshot(path=picture, full_page=True)
    assert any(FOLDER.iterdir())
    assert broken == []
