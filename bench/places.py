"""Where a filled site is kept, and when it is another one."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FILLED = "filled.json"  # written last
MADE_FROM = ("copies.py", "engines.py", "originals.py", "people.py", "sites.py")


def kept_in(patients: int, database: str) -> Path:
    """The folder of this site: below OPENKAP_BENCH, else var/bench."""
    root = Path(os.environ.get("OPENKAP_BENCH") or ROOT / "var" / "bench")
    return root.resolve() / f"{database}-{patients}-{fingerprint()}"


def is_filled(folder: Path) -> bool:
    return (folder / FILLED).exists()


def fingerprint() -> str:
    """Of everything a filled site is made from: another fingerprint, another site."""
    migrations = sorted((ROOT / "src" / "openkap" / "records" / "migrations").glob("0*.py"))
    wanted = [*(ROOT / "bench" / name for name in MADE_FROM), *migrations]
    return hashlib.sha256(b"".join(path.read_bytes() for path in wanted)).hexdigest()[:10]
