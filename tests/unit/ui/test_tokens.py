"""Contrast of every pair of tokens that text and marks use, in both themes, from the style itself."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import openkap.ui

STYLES = Path(openkap.ui.__file__).parent / "styles"
TOKENS = (STYLES / "parts" / "tokens.css").read_text()

#: foreground, background, least ratio: 4.5 for text, 3 for marks and bounds (WCAG 2.2, 1.4.3, 1.4.11).
PAIRS = [
    ("ink", "bg", 4.5),
    ("ink", "surface", 4.5),
    ("ink", "raised", 4.5),
    ("ink", "sunken", 4.5),
    ("ink-2", "bg", 4.5),
    ("ink-2", "surface", 4.5),
    ("ink-2", "sunken", 4.5),
    ("ink-2", "raised", 4.5),
    ("ink-3", "bg", 4.5),
    ("ink-3", "surface", 4.5),
    ("ink-3", "sunken", 4.5),
    ("ink-2", "action-soft", 4.5),
    ("ink", "action-soft", 4.5),
    ("on-action", "action", 4.5),
    ("action", "surface", 4.5),
    ("action", "bg", 4.5),
    ("action", "action-soft", 4.5),
    ("action", "raised", 4.5),
    ("window", "window-soft", 4.5),
    ("window", "surface", 4.5),
    ("clear", "clear-soft", 4.5),
    ("clear", "surface", 4.5),
    ("surface", "clear", 4.5),
    ("caution", "caution-soft", 4.5),
    ("caution", "surface", 4.5),
    ("caution", "bg", 4.5),
    ("on-stop", "stop-fill", 4.5),
    ("stop", "surface", 4.5),
    ("stop", "stop-soft", 4.5),
    ("stop", "bg", 4.5),
    ("unknown", "surface", 4.5),
    ("unknown", "bg", 4.5),
    ("bg", "ink", 4.5),
    ("line-strong", "surface", 3),
    ("line-strong", "bg", 3),
    ("line-strong", "raised", 3),
    ("window-mark", "window-soft", 3),
    ("clear-mark", "clear-soft", 3),
    ("clear-mark", "surface", 3),
    ("caution-mark", "caution-soft", 3),
    ("caution-mark", "surface", 3),
    ("stop-mark", "surface", 3),
    ("unknown-mark", "surface", 3),
    ("unknown-mark", "bg", 3),
    ("focus", "bg", 3),
    ("focus", "surface", 3),
    ("focus", "raised", 3),
    ("on-stop", "stop-fill", 3),
    ("action", "line", 3),
]


def block(selector: str) -> dict[str, str]:
    found = re.search(re.escape(selector) + r" \{(.*?)\n\s*\}", TOKENS, re.DOTALL)
    assert found, selector
    return dict(re.findall(r"--([a-z0-9-]+): (#[0-9A-Fa-f]{6})", found.group(1)))


DAY, ROOM, AUTO = block(":root"), block('[data-theme="room"]'), block('[data-theme="auto"]')


def luminance(color: str) -> float:
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(a: str, b: str) -> float:
    light, dark = sorted((luminance(a), luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_ratio_is_the_published_one() -> None:
    assert contrast("#FFFFFF", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(("fore", "back", "least"), PAIRS)
@pytest.mark.parametrize("theme", [DAY, DAY | ROOM], ids=["day", "room"])
def test_contrast(theme: dict[str, str], fore: str, back: str, least: float) -> None:
    assert contrast(theme[fore], theme[back]) >= least


def test_a_phone_that_is_dark_has_the_colors_of_the_room() -> None:
    assert AUTO == ROOM


def test_the_room_replaces_every_color_of_the_day() -> None:
    assert set(ROOM) == set(DAY)


def test_components_use_tokens_only() -> None:
    """No part but the tokens, the paper and forced colors names a color of its own."""
    for part in sorted((STYLES / "parts").glob("*.css")):
        if part.name in {"tokens.css", "print.css"}:
            continue
        plain = re.sub(r"@media \(forced-colors.*", "", part.read_text())
        assert re.findall(r"#[0-9A-Fa-f]{3,8}\b", plain) == [], part.name


def test_every_token_that_is_used_exists() -> None:
    defined = set(re.findall(r"--([a-z0-9-]+):", TOKENS))
    for part in (STYLES / "parts").glob("*.css"):
        local = set(re.findall(r"--([a-z0-9-]+):", part.read_text()))
        used = set(re.findall(r"var\(--([a-z0-9-]+)", part.read_text()))
        assert used <= defined | local, part.name


def test_layout_is_logical() -> None:
    """Left and right are for pictures; a page that reads from the right must turn by itself."""
    physical = re.compile(
        r"(?:^|[;{ ])(?:margin|padding|border)-(?:left|right)\s*:|text-align:\s*(?:left|right)"
    )
    for part in (STYLES / "parts").glob("*.css"):
        assert physical.findall(part.read_text()) == [], part.name
