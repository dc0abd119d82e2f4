"""Every address in the real browser: accessible, without sideways scroll, light and dark.

The list is `tests/samples.py`, which the access matrix holds complete against the URL resolver.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from tests.browser import Browsing, Complaints, Page
from tests.people import sign_in
from tests.samples import SAMPLES
from tests.scene import Scene, stage

SHOWN = {name: sample for name, sample in sorted(SAMPLES.items()) if sample.shown}


def too_wide(page: Page) -> int:
    """How many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def visit(page: Page, scene: Scene, name: str) -> None:
    page.goto(reverse(name, kwargs=SHOWN[name].kwargs(scene)))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_address_is_accessible(
    browse: Browsing, complaints: Complaints, axe: Callable[[Page], None], theme: str
) -> None:
    complaints.expect("404")
    scene = stage()
    wrong: list[str] = []
    windows: dict[tuple[str, str], Page] = {}
    for name, sample in SHOWN.items():
        key = (sample.persona, sample.size)
        if key not in windows:
            windows[key] = browse(sample.size, theme=theme)  # type: ignore[arg-type]
            if sample.persona:
                sign_in(windows[key], sample.persona)
        page = windows[key]
        visit(page, scene, name)
        try:
            axe(page)
        except AssertionError as found:
            wrong.append(f"{name}: {found}")
        if too_wide(page):
            wrong.append(f"{name}: {too_wide(page)} px too wide at {sample.size}")
    assert not wrong, "\n".join(wrong)


def test_every_address_holds_at_twice_the_size_of_text(browse: Browsing, complaints: Complaints) -> None:
    """200 % zoom of a desk is half its width; of a phone, 320 px is what is left to hold."""
    complaints.expect("404")
    scene = stage()
    wrong: list[str] = []
    windows: dict[str, Page] = {}
    for name, sample in SHOWN.items():
        if sample.persona not in windows:
            windows[sample.persona] = browse("desk")
            if sample.persona:
                sign_in(windows[sample.persona], sample.persona)
        page = windows[sample.persona]
        page.set_viewport_size({"width": 320 if sample.size == "phone" else 720, "height": 800})
        visit(page, scene, name)
        if too_wide(page):
            wrong.append(f"{name}: {too_wide(page)} px too wide")
    assert not wrong, "\n".join(wrong)
