"""The course ribbon as a picture: the geometry of `ui.ribbon` said in SVG.

Decided here: nothing but how each part is written. In Python and not in a template, because a chart shows it
twice, with some three hundred values, and a template takes ten times as long over them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from openkap.ui.ribbon import (
    HEIGHT,
    MIDDLE,
    WIDE,
    BandPicture,
    Course,
    MarkPicture,
    Ribbon,
    StagePicture,
    draw,
)

WIDTHS = {"wide": WIDE, "middle": MIDDLE}


Said = Callable[[date], str]


def picture(course: Course, size: str, short_day: Said) -> SafeString:
    """The ribbon of `course` at one of `WIDTHS`, for the eye only: the list beside it is read aloud."""
    shown = draw(course, WIDTHS[size])
    parts = [
        '<svg font-family="OpenKAP Next, DejaVu Sans, sans-serif" font-size="13" '
        f'class="rb {size}" viewBox="0 0 {shown.width} {HEIGHT}" aria-hidden="true" focusable="false">',
        *map(_stage, shown.stages),
        *map(_band, shown.bands),
        *(_mark(mark, shown.tight, short_day) for mark in shown.marks),
        _today(shown),
        _end(shown),
        "</svg>",
    ]
    return mark_safe("".join(parts))  # noqa: S308 numbers of ours; every word is escaped below


def _stage(stage: StagePicture) -> str:
    never = ' stroke-dasharray="3 4"' if stage.state == "never" else ""
    said = (
        f'<text class="st {stage.state}" x="{stage.x}" y="15">{escape(stage.name)}</text>'
        f'<rect class="track {stage.state}" x="{stage.x}" y="55" width="{stage.width}" height="6" rx="3" '
        f'fill="#eee" stroke="#777"{never}/>'
    )
    if stage.past:
        said += f'<rect class="past" x="{stage.x}" y="55" width="{stage.past}" height="6" rx="3"/>'
    return said


def _band(band: BandPicture) -> str:
    dashes = ' stroke-dasharray="4 3"' if band.state == "planned" else ""
    said = (
        f'<rect class="win {band.state}" x="{band.x}" y="49" width="{band.width}" height="18" rx="9" '
        f'fill="#eee" stroke="#444"{dashes}/>'
    )
    if band.words:
        said += (
            f'<text class="wt {band.state}" x="{band.words_x}" y="38" text-anchor="middle">'
            f"{escape(band.words)}</text>"
        )
    return said


def _mark(mark: MarkPicture, tight: bool, short_day: Said) -> str:
    said = {"square": _square, "ring": _ring}.get(mark.shape, _circle)(mark, tight)
    if mark.when is None:
        return said
    look = "td" if mark.today else "lb"
    when = _("Today") if mark.today else short_day(mark.when)
    said += f'<text class="{look}" x="{mark.x}" y="88" text-anchor="middle">{escape(when)}</text>'
    if mark.label:
        said += f'<text class="{look}" x="{mark.x}" y="104" text-anchor="middle">{escape(mark.label)}</text>'
    return said


def _square(mark: MarkPicture, tight: bool) -> str:
    x, y, side = (round(mark.x - 3.5, 1), 54.5, 7) if tight else (mark.left, 53, 10)
    fill = "#000" if mark.state == "done" else "#fff"
    return (
        f'<rect class="q {mark.state}" x="{x}" y="{y}" width="{side}" height="{side}" rx="2" fill="{fill}" '
        'stroke="#000" stroke-width="2"/>'
    )


def _ring(mark: MarkPicture, tight: bool) -> str:
    outer, inner = (10, 4.5) if tight else (12, 5.5)
    return (
        f'<circle class="ring" cx="{mark.x}" cy="58" r="{outer}" fill="#fff" stroke="#000" stroke-width="3"/>'
        f'<circle class="point" cx="{mark.x}" cy="58" r="{inner}"/>'
    )


def _circle(mark: MarkPicture, tight: bool) -> str:
    done = mark.state == "done"
    radius = 6.5 if tight else 8 if done else 7
    fill = "#000" if done else "#fff"
    said = (
        f'<circle class="m {mark.state}" cx="{mark.x}" cy="58" r="{radius}" fill="{fill}" stroke="#000" '
        'stroke-width="2"/>'
    )
    if done and not tight:
        said += f'<path class="tick" d="{mark.tick}" fill="none" stroke="#fff"/>'
    elif mark.state in ("held", "missed"):
        said += f'<path class="bar {mark.state}" d="M{mark.left} 58h10" stroke="#000"/>'
    return said


def _today(shown: Ribbon) -> str:
    if shown.now_x is None:
        return ""
    y = 86 if shown.now_below else 42
    return (
        f'<path class="now" d="M{shown.now_x} 46v24" stroke="#000" stroke-width="2"/>'
        f'<text class="td" x="{shown.now_x}" y="{y}" text-anchor="middle">{escape(_("Today"))}</text>'
    )


def _end(shown: Ribbon) -> str:
    """Where the line broke off: words above it, and a stroke across it."""
    if shown.end is None:
        return ""
    x, words = shown.end
    return (
        f'<path class="over" d="M{x} 48v20" stroke="#000" stroke-width="2"/>'
        f'<text class="lb" x="{x}" y="40" text-anchor="middle">{escape(words)}</text>'
    )
