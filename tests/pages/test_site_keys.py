"""Keys leave a site sealed and come back to their places; none is ever thrown away."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyrage
import pytest

from openkap.upkeep.keys import bring_in, export, keys_of
from openkap.upkeep.places import CannotDo
from tests.integration.site_folder import places

AT = datetime(2027, 3, 9, 14, 0, tzinfo=UTC)
WORDS = "a long enough passphrase"


@pytest.fixture
def folder(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("OPENKAP_SECRET_KEY", raising=False)
    place = tmp_path / "site"
    return laid_out(place, settings, b"1")


def laid_out(place: Path, settings: Any, fill: bytes) -> Path:
    """A data folder with all four keys, each made of one byte."""
    for name, value in places(place).items():
        setattr(settings, name, value)
    settings.PROCESS_KEY = ""
    (place / "keys").mkdir(parents=True)
    (place / "secret_key").write_bytes(fill * 50)
    (place / "keys" / "trail").write_bytes(fill * 32)
    for name in ("journal.key", "process.key"):
        (place / name).write_bytes(base64.b64encode(fill * 32))
    return place


def values(place: Path) -> dict[str, bytes | None]:
    return {key.name: key.value() for key in keys_of(place)}


def test_they_go_out_sealed_and_come_back_the_same(folder: Path, tmp_path: Path) -> None:
    before = values(folder)
    file = tmp_path / "keys.age"
    assert export(folder, file, WORDS, AT) == ["journal", "process", "secret", "trail"]
    assert file.stat().st_mode & 0o077 == 0
    assert not any(value in file.read_bytes() for value in before.values() if value)
    for key in keys_of(folder):
        key.path.unlink()
    assert len(bring_in(folder, file, WORDS, AT, replace=False)) == 4
    assert values(folder) == before
    assert all(key.path.stat().st_mode & 0o077 == 0 for key in keys_of(folder))


def test_a_wrong_or_short_passphrase_and_a_file_that_is_there_are_refused(
    folder: Path, tmp_path: Path
) -> None:
    file = tmp_path / "keys.age"
    with pytest.raises(CannotDo, match="Take 12 or more"):
        export(folder, file, "short", AT)
    export(folder, file, WORDS, AT)
    with pytest.raises(CannotDo, match="never written over"):
        export(folder, file, WORDS, AT)
    with pytest.raises(CannotDo, match="does not open with this passphrase"):
        bring_in(folder, file, WORDS + "!", AT, replace=True)


def test_a_busy_machine_is_not_taken_for_a_wrong_passphrase(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """age refuses what would take too long on the machine as it measures it at that moment."""
    file, busy, opens = tmp_path / "keys.age", [True] * 3, pyrage.passphrase.decrypt
    export(folder, file, WORDS, AT)

    def measured(sealed: bytes, words: str) -> bytes:
        if busy:
            busy.pop()
            raise pyrage.DecryptError("Excessive work parameter for passphrase.")
        return bytes(opens(sealed, words))

    monkeypatch.setattr(pyrage.passphrase, "decrypt", measured)
    assert len(bring_in(folder, file, WORDS, AT, replace=False)) == 4
    busy += [True] * 1000
    with pytest.raises(CannotDo, match="passphrase was not tried"):
        bring_in(folder, file, WORDS, AT, replace=False)


def test_other_keys_are_kept_unless_told_and_then_laid_aside(
    folder: Path, tmp_path: Path, settings: Any
) -> None:
    file = tmp_path / "keys.age"
    export(folder, file, WORDS, AT)
    first = values(folder)
    other = laid_out(tmp_path / "other", settings, b"2")
    second = values(other)
    with pytest.raises(CannotDo, match="Other keys are here already: "):
        bring_in(other, file, WORDS, AT, replace=False)
    assert values(other) == second
    bring_in(other, file, WORDS, AT, replace=True)
    assert values(other) == first
    aside = sorted(path.read_bytes() for path in other.rglob("*.replaced-*"))
    assert aside == sorted(value for value in second.values() if value)


def test_a_key_of_the_environment_is_never_written_over(folder: Path, tmp_path: Path, settings: Any) -> None:
    file = tmp_path / "keys.age"
    export(folder, file, WORDS, AT)
    settings.PROCESS_KEY = base64.b64encode(b"3" * 32).decode()
    said = bring_in(folder, file, WORDS, AT, replace=True)
    assert any("process.key.imported" in line for line in said)
    assert (folder / "process.key.imported").read_bytes() == base64.b64encode(b"1" * 32)


@pytest.mark.parametrize(
    "body", ["[]", '{"format": 1, "keys": []}', '{"format": 1, "keys": {"other": "YWJj"}}']
)
def test_a_sealed_file_of_something_else_puts_no_key(folder: Path, tmp_path: Path, body: str) -> None:
    before, file = values(folder), tmp_path / "keys.age"
    file.write_bytes(pyrage.passphrase.encrypt(body.encode(), WORDS))
    with pytest.raises(CannotDo):
        bring_in(folder, file, WORDS, AT, replace=True)
    assert values(folder) == before
