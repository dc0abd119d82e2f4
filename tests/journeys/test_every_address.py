"""Every address in the real browser: accessible, without sideways scroll, in each theme the page has.

The list is `tests/samples.py`, which the access matrix holds complete against the URL resolver.
"""

from __future__ import annotations

from django.urls import reverse
from tests.browser import Browsing, Complaints, Page, violations_in_each_theme
from tests.people import sign_in
from tests.samples import SAMPLES
from tests.scene import Scene, stage

SHOWN = {name: sample for name, sample in sorted(SAMPLES.items()) if sample.shown}


def too_wide(page: Page) -> int:
    """How many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def visit(page: Page, scene: Scene, name: str) -> None:
    page.goto(reverse(name, kwargs=SHOWN[name].kwargs(scene)))


def looked_at(page: Page, size: str) -> list[str]:
    """What is wrong with the page as it stands: axe in each theme it has, its width, and that at 200 %."""
    wrong = violations_in_each_theme(page)
    if too_wide(page):
        wrong.append(f"{too_wide(page)} px too wide at {size}")
    # 200 % zoom of a desk is half its width; of a phone, 320 px is what is left to hold.
    whole = page.viewport_size
    assert whole is not None
    page.set_viewport_size({"width": 320 if size == "phone" else 720, "height": 800})
    if too_wide(page):
        wrong.append(f"{too_wide(page)} px too wide at 200 %")
    page.set_viewport_size(whole)
    return wrong


def test_every_address_is_accessible_and_holds_at_twice_the_size_of_text(
    browse: Browsing, complaints: Complaints
) -> None:
    complaints.expect("404")
    scene = stage()
    wrong: list[str] = []
    windows: dict[tuple[str, str], Page] = {}
    for name, sample in SHOWN.items():
        key = (sample.persona, sample.size)
        if key not in windows:
            windows[key] = browse(sample.size)  # type: ignore[arg-type]
            if sample.persona:
                sign_in(windows[key], sample.persona)
        visit(windows[key], scene, name)
        wrong += [f"{name}: {what}" for what in looked_at(windows[key], sample.size)]
    assert not wrong, "\n".join(wrong)
