"""A wheel for commercial use lacks the words that may not be sold; nothing else is missing."""

from __future__ import annotations

from hatch_build import TEXTS, not_commercial
from hatchling.builders.wheel import WheelBuilder

from tests.house.tree import ROOT


def packed(exclude: list[str]) -> set[str]:
    """What a wheel would hold of the words."""
    builder = WheelBuilder(str(ROOT))
    builder.config.target_config["exclude"] = exclude
    inside = f"{TEXTS.relative_to('src')}/"
    return {f.distribution_path for f in builder.recurse_included_files() if inside in f.distribution_path}


def test_words_that_are_not_for_commercial_use_stay_out() -> None:
    left_out = not_commercial(ROOT)
    assert {folder.rsplit("/", 1)[1] for folder in left_out} == {"audit", "auditc", "dast10", "who5"}
    whole, commercial = packed([]), packed(left_out)
    gone = whole - commercial
    assert gone and commercial < whole
    assert all(any(f"src/{path}".startswith(f"{folder}/") for folder in left_out) for path in gone)
    assert f"{TEXTS.relative_to('src')}/phq9/en.toml" in commercial
