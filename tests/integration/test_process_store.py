"""The store of the process notes: sealed, bound to their author, only added, and useless without the key."""

from __future__ import annotations

import base64
import sqlite3
import stat
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from openkap.reads.check import unsafe
from openkap.records.process_store import Kept, Shelf, StoreClosed, add, draft_on, fault, keep_draft, notes_on

AT = datetime(2027, 3, 9, 14, 0, tzinfo=UTC)
PLANTED = "kingfisher at the weir"


@pytest.fixture
def store(tmp_path: Path, settings: Any) -> Path:
    settings.DATA_DIR = tmp_path
    settings.PROCESS_STORE = tmp_path / "process.sqlite3"
    settings.PROCESS_KEY = ""
    settings.PROCESS_KEY_FILE = tmp_path / "process.key"
    return tmp_path


def shelf() -> Shelf:
    return Shelf(uuid4(), uuid4(), uuid4())


def test_what_is_written_is_read_by_its_author_alone(store: Path) -> None:
    mine = shelf()
    note = add(mine, Kept(uuid4(), PLANTED, AT, session=uuid4()))
    assert notes_on(mine) == (note,)
    assert notes_on(Shelf(uuid4(), mine.organisation, mine.patient)) == ()
    assert notes_on(Shelf(mine.author, uuid4(), mine.patient)) == ()
    assert notes_on(Shelf(mine.author, mine.organisation, uuid4())) == ()


def test_no_word_no_name_and_no_length_stands_on_the_disk(store: Path) -> None:
    mine = shelf()
    add(mine, Kept(uuid4(), PLANTED, AT))
    keep_draft(mine, PLANTED + " again", AT)
    for file in store.iterdir():
        content = file.read_bytes()
        for word in ("kingfisher", "weir", str(mine.author), str(mine.patient), mine.patient.hex):
            assert word.encode() not in content, (file.name, word)
    with sqlite3.connect(store / "process.sqlite3") as rows:
        sizes = {len(sealed) % 512 for (sealed,) in rows.execute("SELECT sealed FROM note")}
    assert sizes == {12 + 16}


def test_both_files_are_for_this_account_only(store: Path) -> None:
    add(shelf(), Kept(uuid4(), PLANTED, AT))
    for name in ("process.sqlite3", "process.key"):
        assert stat.S_IMODE((store / name).stat().st_mode) == 0o600, name


def test_a_row_moved_to_another_shelf_does_not_open(store: Path) -> None:
    mine, other = shelf(), shelf()
    add(mine, Kept(uuid4(), PLANTED, AT))
    add(other, Kept(uuid4(), "theirs", AT))
    with sqlite3.connect(store / "process.sqlite3") as rows:
        rows.execute("DROP TRIGGER note_no_update")
        shelves = [name for (name,) in rows.execute("SELECT shelf FROM note ORDER BY rowid")]
        rows.execute("UPDATE note SET shelf = ?", (shelves[1],))
    with pytest.raises(StoreClosed, match="changed on the disk"):
        notes_on(other)


@pytest.mark.parametrize("change", ["UPDATE note SET sealed = x'00'", "DELETE FROM note"])
def test_a_note_is_only_added(store: Path, change: str) -> None:
    add(shelf(), Kept(uuid4(), PLANTED, AT))
    with sqlite3.connect(store / "process.sqlite3") as rows, pytest.raises(sqlite3.IntegrityError):
        rows.execute(change)


def test_the_same_note_again_is_the_same_and_another_text_is_not_lost(store: Path) -> None:
    mine, name = shelf(), uuid4()
    add(mine, Kept(name, PLANTED, AT))
    add(mine, Kept(name, PLANTED, AT))
    assert len(notes_on(mine)) == 1
    assert add(mine, Kept(name, "more words", AT)).id != name
    assert {note.words for note in notes_on(mine)} == {PLANTED, "more words"}


def test_a_draft_is_replaced_and_goes(store: Path) -> None:
    mine = shelf()
    assert draft_on(mine) is None
    keep_draft(mine, "half", AT)
    keep_draft(mine, "half a thought", AT)
    found = draft_on(mine)
    assert found is not None and found.words == "half a thought"
    keep_draft(mine, " ", AT)
    assert draft_on(mine) is None


def test_a_lost_key_is_never_made_anew(store: Path) -> None:
    mine = shelf()
    add(mine, Kept(uuid4(), PLANTED, AT))
    (store / "process.key").unlink()
    with pytest.raises(StoreClosed, match="missing"):
        notes_on(mine)
    assert "put" in fault(real=False)
    assert not (store / "process.key").exists()


def test_another_key_opens_nothing_and_seals_nothing(store: Path, settings: Any) -> None:
    mine = shelf()
    add(mine, Kept(uuid4(), PLANTED, AT))
    settings.PROCESS_KEY = base64.b64encode(bytes(32)).decode()
    with pytest.raises(StoreClosed, match="does not open"):
        add(mine, Kept(uuid4(), "other", AT))
    assert "right key" in fault(real=False)


@pytest.mark.parametrize(
    "text", ["", "short", "x" * 44, base64.b64encode(b"31 bytes, which is one too few.").decode()]
)
def test_what_is_no_key_is_named(store: Path, text: str) -> None:
    (store / "process.key").write_text(text)
    (store / "process.key").chmod(0o600)
    assert "32 random bytes" in fault(real=False)


def test_a_store_that_is_no_database_is_said(store: Path) -> None:
    (store / "process.sqlite3").write_text("not a database, by any means")
    (store / "process.key").write_text(base64.b64encode(bytes(32)).decode())
    with pytest.raises(StoreClosed, match="cannot be read or written"):
        notes_on(shelf())


def test_a_demonstration_makes_its_own_key_and_a_real_site_does_not_keep_it_beside(
    store: Path, settings: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert fault(real=False) == ""
    assert "OPENKAP_PROCESS_KEY_FILE" in fault(real=True)
    settings.PROCESS_KEY_FILE = tmp_path_factory.mktemp("elsewhere") / "process.key"
    assert fault(real=True) == ""
    add(shelf(), Kept(uuid4(), PLANTED, AT))
    assert fault(real=True) == ""


@pytest.mark.django_db
def test_check_names_a_key_that_others_can_read(store: Path) -> None:
    add(shelf(), Kept(uuid4(), PLANTED, AT))
    (store / "process.key").chmod(0o644)
    assert any("chmod 600" in sentence for sentence in unsafe())
