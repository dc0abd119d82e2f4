"""The pictures that pages show are pictures of ours: each is on the list that makes them, and small."""

from __future__ import annotations

import re

from tests.house.tree import ROOT, texts
from tests.pictures import KEPT, PICTURES
from tests.samples import SAMPLES

LARGEST = 150_000
SHOWN = re.compile(r"""(?:!\[[^\]]+\]\(|src(?:set)?=")([^)"\s]+\.(?:png|webp|jpe?g|svg))""")


def made() -> set[str]:
    return {name for picture in PICTURES for name in picture.files}


def test_every_picture_that_is_shown_is_made() -> None:
    shown = {
        (ROOT / page).parent / path
        for page, text in texts().items()
        if page.endswith(".md")
        for path in SHOWN.findall(text)
    }
    assert {path.parent.resolve() for path in shown} == {KEPT}
    assert {path.name for path in shown} - made() == set()
    assert made() - {path.name for path in shown} == set(), "made, and shown nowhere"


def test_every_picture_is_kept_and_small() -> None:
    kept = {path.name: path.stat().st_size for path in KEPT.iterdir()}
    assert set(kept) == made(), "bin/screens --keep makes them"
    assert {name: size for name, size in kept.items() if size > LARGEST} == {}


def test_every_picture_is_of_a_page_that_is_there_and_of_someone_who_opens_it() -> None:
    strangers = [
        picture.name
        for picture in PICTURES
        if picture.address not in SAMPLES or not SAMPLES[picture.address].shown
    ]
    assert strangers == []
    assert len({picture.name for picture in PICTURES}) == len(PICTURES)


def test_every_picture_has_words_for_who_does_not_see_it() -> None:
    text = (ROOT / "README.md").read_text()
    silent = [tag for tag in re.findall(r"<img[^>]*>", text) if not re.search(r'alt="[^"]{20,}"', tag)]
    assert silent == []
    assert re.findall(r"!\[\]", text) == []
