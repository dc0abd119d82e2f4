"""The pictures that README and documents show, made of the real pages: renewed by `bin/screens --keep`.

Decided here: which pictures there are. Everything on them is invented, made through steps, at a fixed hour of
a fixed day, so that they change only when a page does. A picture has few colors and stays small enough to be
kept beside the words it belongs to.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.urls import reverse
from PIL import Image

from openkap.records.models import PatientFile
from openkap.steps.booking import plan_dose_with_window
from openkap.steps.measures import answer_form
from tests import at_step as stages
from tests.at_step import Stage, at_step, reading
from tests.browser import SIZES, Browser, Browsing, Complaints, Page, Size, Theme
from tests.moving_clock import FILE
from tests.people import NOW, Cast, cast, sign_in
from tests.serving import Site, serve

KEPT = Path(__file__).resolve().parent.parent / "docs" / "pictures"
COLORS = 160
DOSE = ("planned", "ordered", "drawn", "arrived")
WHOLE = (*DOSE, "confirmed", "under_way", "watched", "recovering", "gone_home", "integrated")
# Total of the PHQ-9 in the days after each dose, in the order of the doses.
SCORES = (14, 11, 12, 8)
# The first two sets of the dose that is looked at.
RISE = (
    {"sbp": 134, "dbp": 84, "hr": 79, "spo2": 97, "cadss6": 6, "moaas": 4},
    {"sbp": 141, "dbp": 86, "hr": 82, "spo2": 97, "cadss6": 9, "moaas": 4},
)


@dataclass(frozen=True)
class Picture:
    """One page as one person sees it. `about` gives what its address is filled with."""

    name: str
    address: str
    persona: str
    about: Callable[[Shown], dict[str, object]]
    size: Size = "tablet"
    height: int = 820
    themes: tuple[Theme, ...] = ("light",)

    @property
    def files(self) -> tuple[str, ...]:
        """Light bears the name; dark says so."""
        return tuple(
            f"{self.name}.png" if theme == "light" else f"{self.name}-dark.png" for theme in self.themes
        )


@dataclass
class Shown:
    """The site that is looked at: Wren in her fifth dose, Noor two days after a first one."""

    people: Cast
    wren: Stage
    noor: Stage

    def file(self, key: str, place: str) -> dict[str, object]:
        organisation = self.people.clinic if place == "clinic" else self.people.therapy
        return {"file": PatientFile.objects.get(patient=self.people[key], organisation=organisation).pk}


def own_page(shown: Shown) -> dict[str, object]:
    return {}


def wrens_dose(shown: Shown) -> dict[str, object]:
    return {"session": shown.wren.dose.pk}


BEFORE_THE_DOSE = (
    Picture("patient-home", "me-home", "noor", own_page, "phone", 844, ("light", "dark")),
    Picture("patient-sharing", "me-sharing", "noor", own_page, "phone", 844, ("light", "dark")),
    Picture("gate", "rooms-session", "jonah", wrens_dose, height=860),
    Picture("therapist", "practice-person", "mira", lambda shown: shown.file("noor", "therapy"), height=900),
    Picture("outcome", "care-outcome", "tamsin", lambda shown: shown.file("wren", "clinic"), height=1120),
    Picture("rules", "lead-law", "osric", own_page, "desk", 900),
    Picture("oversight", "lead-oversight", "osric", own_page, "desk", 900),
    Picture("front-desk", "desk-find", "odette", own_page, "desk", 470),
)
# The room is dark in any light.
DURING_IT = (Picture("dosing-room", "rooms-session", "jonah", wrens_dose),)
PICTURES = (*BEFORE_THE_DOSE, *DURING_IT)


def make_pictures(folder: Path, data: Path, database: str, chromium: Browser) -> None:
    """Write every picture into `folder`. `data` is the data folder of a site on the database of this test."""
    shown = _site()
    moved = serve(data, database, "tests.moving_clock:application")
    with moved as running, _windows(running, chromium) as browse:
        for picture in BEFORE_THE_DOSE:
            _take(picture, shown, browse, folder, _clock(running, shown.wren))
        _play(shown.wren, "confirmed", "under_way")
        for kept in RISE:
            shown.wren.later(minutes=10)
            reading(shown.wren, **kept)
        for picture in DURING_IT:
            _take(picture, shown, browse, folder, _clock(running, shown.wren))


def _site() -> Shown:
    people = cast(NOW - timedelta(days=60))
    wren = at_step(people, "integrated", key="wren", at=NOW - timedelta(days=30))
    _score(wren, SCORES[0])
    for days, total in zip((23, 16, 9), SCORES[1:], strict=True):
        wren.at = NOW - timedelta(days=days)
        _play(wren, *WHOLE)
        _score(wren, total)
    noor = at_step(people, "gone_home", key="noor", at=NOW - timedelta(hours=44))
    plan_dose_with_window(
        by=people.by("odette"),
        at=NOW,
        course=noor.course,
        planned_from=NOW + timedelta(days=7),
        minutes=120,
        room=people.room("Birch"),
    )
    wren.at = NOW
    _play(wren, *DOSE)
    return Shown(people, wren, noor)


def _play(stage: Stage, *names: str) -> None:
    for name in names:
        getattr(stages, name)(stage.fresh())


def _score(stage: Stage, total: int) -> None:
    answers = {str(item): total // 8 + (item <= total % 8) for item in range(1, 9)} | {"9": 0}
    answer_form(
        by=stage.people.patient(stage.key),
        at=stage.later(hours=20),
        course=stage.course,
        instrument="phq9",
        answers=answers,
        point=f"after_{stage.dose.ordinal}",
    )


def _clock(running: Site, stage: Stage) -> datetime:
    """Set the site's clock to two minutes after the last thing that happened."""
    at = stage.at + timedelta(minutes=2)
    (running.data / FILE).write_text(str((at - datetime.now(UTC)).total_seconds()))
    return at


@contextlib.contextmanager
def _windows(running: Site, chromium: Browser) -> Iterator[Browsing]:
    complaints = Complaints(running.address)
    browsing = Browsing(chromium, running.address, complaints)
    yield browsing
    browsing.close()
    assert complaints.unexpected() == []


def _take(picture: Picture, shown: Shown, browse: Browsing, folder: Path, at: datetime) -> None:
    page: Page = browse(picture.size)
    page.clock.set_fixed_time(at)
    page.set_viewport_size({"width": SIZES[picture.size]["width"], "height": picture.height})
    sign_in(page, picture.persona)
    for theme, name in zip(picture.themes, picture.files, strict=True):
        page.emulate_media(color_scheme=theme)
        page.goto(reverse(picture.address, kwargs=picture.about(shown)))
        with Image.open(io.BytesIO(page.screenshot())) as taken:
            few = taken.convert("RGB").quantize(COLORS, dither=Image.Dither.NONE)
            few.save(folder / name, optimize=True)
    # Closed at once: the clock moves on past the lock, and a page that still listened would complain.
    browse.pages.remove(page)
    page.context.close()


def test_keep_every_picture(own_database: str, tmp_path: Path, running_chromium: Browser) -> None:
    """Not a part of `bin/test`, as this file's name says: it writes to docs/pictures."""
    KEPT.mkdir(exist_ok=True)
    for old in KEPT.iterdir():
        old.unlink()
    make_pictures(KEPT, tmp_path, own_database, running_chromium)
    assert {path.name for path in KEPT.iterdir()} == {name for each in PICTURES for name in each.files}
