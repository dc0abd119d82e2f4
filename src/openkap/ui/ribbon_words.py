"""The course ribbon in words: the list that is read aloud, and printed, where the picture is not.

Decided here: nothing but the order of the words. In Python for the same reason as `ui.ribbon_svg`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from openkap.ui.ribbon import Band, Course, Mark, Stage

Said = Callable[[date], str]


def in_words(course: Course, month_day: Said, long_day_clock: Said) -> SafeString:
    """Each stage with its visits and windows, as items of a list."""
    items = (_stage(stage, month_day, long_day_clock) for stage in course.stages)
    return mark_safe("".join(items))  # noqa: S308 every word is escaped below


STAGES = {
    "done": gettext_noop("done"),
    "now": gettext_noop("now"),
    "planned": gettext_noop("to come"),
    "never": gettext_noop("not come to"),
}
MARKS = {
    "planned": gettext_noop("planned"),
    "done": gettext_noop("done"),
    "missed": gettext_noop("missed"),
    "held": gettext_noop("on hold"),
    "late": gettext_noop("held outside the window"),
}


def _stage(stage: Stage, month_day: Said, long_day_clock: Said) -> str:
    marks = "; ".join(_mark(mark, month_day) for mark in stage.marks)
    bands = "".join(_band(band, long_day_clock) for band in stage.bands)
    state = escape(stage.ended_words if stage.state == "ended" else _(STAGES[stage.state]))
    said = f"{state}. {marks}" if marks else state
    return f'<li><b>{escape(stage.name)}:</b> {said}<span class="windows">{bands}</span>.</li>'


def _mark(mark: Mark, month_day: Said) -> str:
    what = mark.label or (_("Session") if mark.kind == "session" else _("Visit"))
    said = f"{what}, {month_day(mark.at)}, {_(MARKS[mark.state])}"
    return escape(f"{said} ({mark.words})" if mark.words else said)


def _band(band: Band, long_day_clock: Said) -> str:
    said = _("window from %(a)s to %(z)s") % {
        "a": long_day_clock(band.opens_at),
        "z": long_day_clock(band.closes_at),
    }
    if band.state == "unmet":
        said += f" ({_('no session held')})"
    return f"; {escape(said)}"
