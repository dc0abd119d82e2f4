"""The plan of the house is true: every room is named, floored and, where it must be, pure."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

from tests.house.tree import ROOT, SOURCE, modules, under

OPENED = ("medicine", "desks", "exchange")  # rooms whose own rooms stand in the plan
ROOM_LINE = re.compile(r"^((?:  )+)(\w+(?:/|\.py)) +(.+)$", re.MULTILINE)
LIBRARY = SOURCE / "medicine" / "library"
PURE = ("medicine", "permits", "money")
NO_CLOCK = ("medicine", "permits", "money", "reads", "steps")
CLOCK_CALLS = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("timezone", "now"),
    ("timezone", "localdate"),
    ("timezone", "localtime"),
    ("time", "time"),
}


def rooms() -> list[str]:
    return sorted(path.name for path in SOURCE.iterdir() if path.is_dir() and any(path.rglob("*.py")))


def contracts() -> list[dict[str, object]]:
    with (ROOT / "pyproject.toml").open("rb") as file:
        return list(tomllib.load(file)["tool"]["importlinter"]["contracts"])


def plan() -> dict[str, str]:
    """The first picture of ARCHITECTURE.md: each place under src/openkap to what is decided there."""
    picture = (ROOT / "ARCHITECTURE.md").read_text().split("```")[1]
    found, above = {}, {0: ""}
    for indent, name, words in ROOM_LINE.findall(picture):
        depth = len(indent) // 2
        above[depth] = f"{above[depth - 1]}{name}"
        found[above[depth]] = words.strip()
    return found


def test_every_room_is_named_in_the_plan_with_what_it_decides() -> None:
    within = [
        f"{room}/{path.name}/"
        for room in OPENED
        for path in (SOURCE / room).iterdir()
        if path.is_dir() and any(path.rglob("*.py"))
    ]
    assert [
        place
        for place in (*(f"{room}/" for room in rooms()), *within)
        if len(plan().get(place, "").split()) < 3
    ] == []


def test_every_room_of_the_plan_exists() -> None:
    assert len(plan()) > len(rooms())
    assert [place for place in plan() if not (SOURCE / place).exists()] == []


def test_the_floors_of_the_plan_are_those_of_the_contracts() -> None:
    floors = (ROOT / "ARCHITECTURE.md").read_text().split("```")[5]
    declared = {
        part
        for contract in contracts()
        if contract["type"] == "layers"
        for layer in contract["layers"]  # type: ignore[attr-defined]
        for part in re.findall(r"\w+", layer)
    }
    later = {
        part for part in declared if not any((SOURCE / base / part).exists() for base in ("", "medicine"))
    }
    later -= {path.stem for path in (*SOURCE.glob("*.py"), *(SOURCE / "medicine").glob("*.py"))}
    assert declared - later - set(re.findall(r"\w+", floors)) == set()


def test_what_the_plan_points_at_exists() -> None:
    """Each file or folder named in ARCHITECTURE.md: from the root, or from the house."""
    text = (ROOT / "ARCHITECTURE.md").read_text()
    named = re.findall(r"`([a-z_]+(?:/[\w.]+)*(?:/|/\w+\.(?:py|toml|md)))`", text)
    assert len(named) > 20
    missing = [name for name in named if not any((base / name).exists() for base in (ROOT, SOURCE, LIBRARY))]
    assert missing == []


def test_pure_rooms_are_under_the_contract_that_forbids_the_framework() -> None:
    listed = next(c["source_modules"] for c in contracts() if c["type"] == "forbidden")
    assert isinstance(listed, list)
    assert [room for room in PURE if (SOURCE / room).is_dir() and f"openkap.{room}" not in listed] == []


def test_no_clock_is_read_where_time_is_an_argument() -> None:
    found = [
        f"{name}:{node.lineno}"
        for name, tree in modules().items()
        if under(name, *(f"src/openkap/{room}" for room in NO_CLOCK))
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and _called(node) in CLOCK_CALLS
    ]
    assert found == []


def test_medicine_opens_nothing_but_its_library() -> None:
    forbidden = {"os", "subprocess", "socket", "urllib", "http", "sqlite3", "requests"}
    found = [
        f"{name}: {module}"
        for name, tree in modules().items()
        if under(name, *(f"src/openkap/{room}" for room in PURE))
        for module in _imported(tree)
        if module.partition(".")[0] in forbidden
    ]
    assert found == []


def test_packages_have_an_init_file() -> None:
    # Without one a folder is no package to the contracts, and escapes them unseen.
    folders = {(ROOT / name).parent for name in modules() if under(name, "src/openkap")}
    assert sorted(str(folder) for folder in folders if not Path(folder / "__init__.py").is_file()) == []


def _called(node: ast.Call) -> tuple[str, str] | None:
    function = node.func
    if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
        return function.value.id, function.attr
    return None


def _imported(tree: ast.Module) -> list[str]:
    names: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.append(node.module)
    return names
