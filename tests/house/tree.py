"""The repository as its own tests see it: what is, or is about to be, committed."""

from __future__ import annotations

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
SOURCE = ROOT / "src" / "openkap"


@cache
def files() -> tuple[Path, ...]:
    """Every file that git keeps or would add; what is built or kept in var/ is not among them."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return tuple(path for name in sorted(set(listed.split("\0")) - {""}) if (path := ROOT / name).is_file())


@cache
def texts() -> dict[str, str]:
    """Relative name to text, of every file that is text."""
    found = {}
    for path in files():
        try:
            found[name_of(path)] = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
    return found


@cache
def modules() -> dict[str, ast.Module]:
    """Relative name to syntax tree, of every Python file of ours but migrations."""
    return {
        name: ast.parse(text)
        for name, text in texts().items()
        if name.endswith(".py") and "/migrations/" not in name
    }


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def under(name: str, *folders: str) -> bool:
    """Whether a relative name lies in one of these folders."""
    return name.startswith(tuple(f"{folder}/" for folder in folders))
