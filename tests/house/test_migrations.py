"""A migration that has landed is never changed: sites have run it, and would not run it again.

Decided here: the fingerprints of all landed migrations. A new one is added to this list when it lands, in the
same change; from then on this test holds it.
"""

from __future__ import annotations

import hashlib

from tests.house.tree import SOURCE

LANDED = {
    "0001_first": "1b88246686bfda62592ffd3f3c1b734dfa36f106f1d3ab5ee89979738312901b",
    "0002_ways_of_care": "3704d5b67d9c64b2426d74708680946fcd05a64dd36501cc98150d140170937a",
    "0003_events_and_alerts": "87f4b3faebc7f0a808dae5a1e1c7e4e7e5bbd5538372232aeae2d660c49099f5",
    "0004_directors_desk": "2754f797e89eb83aa4daa76b4088196bb16424b91d24e7fe62cf6e36e2f80589",
}
FOLDER = SOURCE / "records" / "migrations"


def test_what_has_landed_is_as_it_was() -> None:
    found = {name: hashlib.sha256((FOLDER / f"{name}.py").read_bytes()).hexdigest() for name in LANDED}
    assert found == LANDED


def test_migrations_stand_in_one_line() -> None:
    names = sorted(path.stem for path in FOLDER.glob("[0-9]*.py"))
    assert [name[:4] for name in names] == [f"{number:04}" for number in range(1, len(names) + 1)]
    assert names[: len(LANDED)] == sorted(LANDED)
