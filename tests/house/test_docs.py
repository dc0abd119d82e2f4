"""What the pages say is so: links lead somewhere, cited decisions exist, promises name file and test."""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from openkap.cli import COMMANDS
from tests.house.tree import ROOT, SOURCE, texts, under
from tests.spec import publish
from tests.spec.publish import BROUGHT

LINK = re.compile(r"(?<!`)\[[^\]]*\]\(([^)\s]+)\)")
SETTING = re.compile(r"\b(?:OPENKAP_[A-Z0-9_]+|DATABASE_URL)\b")
ADR_LINES = 25
# What is written when the documents are built, and kept nowhere.
GENERATED = {ROOT / "docs" / name for name in publish.pages()}


def pages() -> dict[str, str]:
    return {name: text for name, text in texts().items() if name.endswith(".md")}


def test_links_between_pages_lead_somewhere() -> None:
    broken = []
    for name, text in pages().items():
        for target in LINK.findall(text):
            path = target.partition("#")[0]
            if not path or "://" in path or path.startswith("mailto:"):
                continue
            place = Path(os.path.normpath((ROOT / name).parent / path))
            if not place.exists() and place not in GENERATED:
                broken.append(f"{name}: {target}")
    assert broken == []


def test_every_page_is_reached_from_the_readme_by_links() -> None:
    reached, ahead = set(), [ROOT / "README.md"]
    while ahead:
        page = ahead.pop()
        if page in reached or page.suffix != ".md":
            continue
        reached.add(page)
        if page in GENERATED and page.relative_to(ROOT / "docs").as_posix() not in BROUGHT.values():
            continue
        brought_from = {ROOT / "docs" / place: ROOT / origin for origin, place in BROUGHT.items()}
        source = brought_from.get(page, page)
        for target in LINK.findall(source.read_text()):
            if "://" not in target:
                ahead.append(Path(os.path.normpath(source.parent / target.partition("#")[0])))
    read_elsewhere = ("tests/spec/",)  # each table is a page of the manual
    assert [n for n in pages() if ROOT / n not in reached and not n.startswith(read_elsewhere)] == []


def test_the_site_leads_to_every_page_but_those_that_an_index_lists() -> None:
    """`nav` in zensical.toml: each page once, each page there; decisions and the manual have their index."""

    def leaves(nav: Any) -> list[str]:
        if isinstance(nav, str):
            return [nav]
        return [leaf for part in (nav if isinstance(nav, list) else nav.values()) for leaf in leaves(part)]

    with (ROOT / "zensical.toml").open("rb") as file:
        led = leaves(tomllib.load(file)["project"]["nav"])
    there = {path.relative_to(ROOT / "docs").as_posix() for path in GENERATED}
    there |= {name.removeprefix("docs/") for name in pages() if under(name, "docs")}
    listed = {
        name for name in there if name.startswith(("adr/", "manual/")) and not name.endswith("index.md")
    }
    assert sorted(led) == sorted(there - listed)


def test_decisions_that_are_cited_exist() -> None:
    missing = [
        f"{name}: {cited}"
        for name, text in texts().items()
        for cited in re.findall(r"docs/adr/[\w.-]+\.md", text)
        if not (ROOT / cited).is_file()
    ]
    assert missing == []


def test_decisions_are_short_numbered_and_listed() -> None:
    adr = {name: text for name, text in pages().items() if under(name, "docs/adr") and "index" not in name}
    index = (ROOT / "docs/adr/index.md").read_text()
    numbers = [name.removeprefix("docs/adr/")[:4] for name in adr]
    assert numbers == [f"{number:04}" for number in range(1, len(adr) + 1)]
    assert [name for name in adr if name.removeprefix("docs/adr/") not in index] == []
    assert [name for name, text in adr.items() if len(text.splitlines()) > ADR_LINES] == []
    assert [name for name, text in adr.items() if "**Why.**" not in text or "**Decision.**" not in text] == []


def test_every_setting_is_described_and_every_described_setting_is_read() -> None:
    def names(*texts_: str) -> set[str]:
        found = {name for text in texts_ for name in SETTING.findall(text)}
        return {name.removesuffix("_FILE") for name in found if not name.endswith("_")}

    read = names(*(text for name, text in texts().items() if under(name, "src", "bin")))
    read |= names(*((ROOT / name).read_text() for name in ("tests/engines.py", "hatch_build.py")))
    described = names((ROOT / "docs/reference/settings.md").read_text())
    assert read == described


def test_every_command_is_described_and_every_described_command_exists() -> None:
    described = re.findall(
        r"^\| `openkap ([a-z-]+)`", (ROOT / "docs/reference/commands.md").read_text(), re.MULTILINE
    )
    present = [name for name in COMMANDS if (SOURCE / "commands" / f"{name.replace('-', '_')}.py").is_file()]
    assert sorted(described) == sorted(present)


@pytest.mark.parametrize("page", ["SAFETY.md", "SECURITY.md"])
def test_every_promise_names_the_file_that_keeps_it_and_the_test_that_holds_it(page: str) -> None:
    rows = re.findall(r"^\| (?!Promise|---)(.+) \| (.+) \| (.+) \|$", (ROOT / page).read_text(), re.MULTILINE)
    assert rows
    missing = []
    for promise, kept_in, held_by in rows:
        for place in re.findall(r"`([^`]+)`", f"{kept_in} {held_by}"):
            path, _, test = place.partition("::")
            if not (ROOT / path).exists() or (test and f"def {test}(" not in (ROOT / path).read_text()):
                missing.append(f"{promise}: {place}")
        assert "`" in kept_in, promise
        assert "`" in held_by, promise
    assert missing == []


def test_the_readme_shows_the_two_commands() -> None:
    readme = (ROOT / "README.md").read_text()
    for command in ("./bin/up", "./bin/test"):
        assert command in readme
        assert (ROOT / command).stat().st_mode & 0o111
