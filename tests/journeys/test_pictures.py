"""The pictures of the README are made of the pages as they are; a person looks, no dot is compared."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from tests.browser import Browser
from tests.pictures import KEPT, PICTURES, make_pictures


@pytest.mark.long
def test_every_picture_can_be_made_anew(own_database: str, tmp_path: Path, running_chromium: Browser) -> None:
    made, data = tmp_path / "pictures", tmp_path / "data"
    made.mkdir()
    data.mkdir()
    make_pictures(made, data, own_database, running_chromium)
    for name in (name for picture in PICTURES for name in picture.files):
        with Image.open(made / name) as new, Image.open(KEPT / name) as kept:
            assert new.size == kept.size, name
            assert len(new.getcolors() or ()) > 20, f"{name} is nearly empty"
