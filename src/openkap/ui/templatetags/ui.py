"""What templates may ask for that plain Django does not give: pictures, initials, and words for times.

Decided here: only how a finished value is drawn or said. By authority of the design document, sections 5
and 6: a dose shows no trailing zero, a missing value says so, a month is always a word.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openkap.records.facts.clock import by_pattern, zone_words
from openkap.records.ids import new_id
from openkap.ui import intervals, lanes, people, ribbon, scorechart, strip, window
from openkap.ui.ribbon_svg import picture as ribbon_svg_picture
from openkap.ui.ribbon_words import in_words

register = template.Library()

#: How each level of a verdict looks. A hold wears the caution shape: it asks, it does not forbid.
LOOKS = {"clear": "clear", "caution": "caution", "hold": "caution", "stop": "stop", "unknown": "unknown"}


@register.filter
def look(level: object) -> str:
    """The look of a medicine level, or of a word that names one; an unfamiliar one is shown as unknown."""
    return LOOKS.get(str(level), "unknown")


@register.simple_tag
def ribbon_svg(course: ribbon.Course, size: str = "wide") -> SafeString:
    return ribbon_svg_picture(course, size, short_day)


@register.simple_tag
def ribbon_list(course: ribbon.Course) -> SafeString:
    return in_words(course, month_day, long_day_clock)


@register.filter
def ribbon_bars(course: ribbon.Course) -> tuple[ribbon.Bar, ...]:
    return ribbon.bars(course)


@register.filter
def window_picture(shown: window.Window) -> window.WindowBar:
    return window.draw(shown)


@register.filter
def strip_picture(shown: strip.Strip, size: str = "wide") -> strip.StripPicture:
    if size == "low":
        return strip.draw(shown, strip.WIDE, strip.LOW)
    return strip.draw(shown, strip.WIDE if size == "wide" else strip.NARROW)


@register.filter
def score_picture(chart: scorechart.ScoreChart, size: str = "wide") -> scorechart.ScorePicture:
    widths = {"wide": scorechart.WIDE, "narrow": scorechart.NARROW, "spark": scorechart.SPARK}
    return scorechart.draw(chart, widths[size])


@register.filter
def plan_picture(plan: lanes.Plan) -> lanes.PlanPicture:
    return lanes.draw(plan)


@register.filter
def scale_top(measures: Iterable[intervals.Measure]) -> int:
    return intervals.top_of(tuple(measures))


@register.filter
def scale_marks(top: int) -> list[tuple[float, int]]:
    return intervals.marks(top)


@register.filter
def rate_bar(rate: intervals.Rate, top: int) -> intervals.RateBar:
    return intervals.draw(rate, top)


@register.filter
def hundred_people(parts: Iterable[people.Part]) -> tuple[people.Person, ...]:
    return people.hundred(tuple(parts))


@register.filter
def money_segments(parts: Iterable[Any]) -> list[dict[str, Any]]:
    """Segments of a money bar (`cents`, `kind`, `paid`) as places in hundredths of its width."""
    known = list(parts)
    whole_sum = sum(part.cents for part in known)
    found, x = [], 0.0
    for part in known:
        width = 100 * part.cents / whole_sum if whole_sum else 0.0
        found.append({"x": round(x, 2), "width": round(width, 2), "kind": part.kind, "paid": part.paid})
        x += width
    return found


@register.filter
def score_months(chart: scorechart.ScoreChart) -> list[scorechart.Event]:
    """The chart's doses and sessions in order of time, for its table."""
    return sorted(chart.events, key=lambda event: event.on)


@register.filter
def initials(name: object) -> str:
    """Two letters for the round beside a name: the first and the last word's."""
    words = str(name or "").split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


@register.filter
def short_number(value: Any) -> str:
    """A number as a clinician writes it: no trailing zero, always a leading one ("0.5", "35")."""
    if value is None or value == "":
        return _("Not known")
    text = f"{value:f}" if isinstance(value, Decimal) else str(value)
    return text.rstrip("0").rstrip(".") if "." in text else text


@register.filter
def time_left(minutes: int) -> str:
    """Minutes as people say them: "46 hours", "50 minutes"."""
    if minutes >= 120:
        hours = minutes // 60
        return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}


@register.filter
def clock(at: datetime | None) -> str:
    """A time of day as the reader writes it: "11:00 am" in English, 24 hours where the language does."""
    return _said(at, _("g:i a"))


@register.filter
def zone_said(zone: str) -> str:
    """A practice's zone as people say it: "Eastern time"."""
    return zone_words(zone)


@register.filter
def at_clock(at: datetime) -> str:
    """The hour within a sentence: "at 11:00 am". Its own word for one o'clock where a language has one."""
    hour = timezone.localtime(at).hour % 12 or 12
    return ngettext("at %(time)s", "at %(time)s", hour) % {"time": clock(at)}


@register.filter
def day_clock(at: datetime | None) -> str:
    """A near day and its time: "Wed 11:00 am"."""
    return _said(at, _("D g:i a"))


@register.filter
def long_day_clock(at: date | None) -> str:
    """A day and time in full, for screen readers: "Wednesday, March 10, 11:00 am"."""
    return _said(at, _("l, F j, g:i a"))


@register.filter
def long_date(on: date | None) -> str:
    """A date in full: "March 11, 2027"."""
    return _said(on, _("F j, Y"))


@register.filter
def month_day(on: date | None) -> str:
    """A date of this year: "March 11"."""
    return _said(on, _("F j"))


@register.filter
def short_day(on: date | None) -> str:
    """A date where there is little room: "Mar 11"."""
    return _said(on, _("M j"))


@register.filter
def week_day(on: date | None) -> str:
    """A day of the week and its date: "Tue, Mar 9"."""
    return _said(on, _("D, M j"))


def _said(at: date | None, pattern: str) -> str:
    if at is None:
        return _("Not known")
    aware = isinstance(at, datetime) and timezone.is_aware(at)
    shown = timezone.localtime(at) if aware and isinstance(at, datetime) else at
    if isinstance(shown, datetime):
        # No pattern says seconds. Without its zone: one moment by two clocks is equal, and said differently.
        shown = shown.replace(second=0, microsecond=0, tzinfo=None)
    return by_pattern(shown, pattern)


@register.filter
def since(now: datetime | None, then: datetime | None) -> str:
    """The stretch between two moments as a running clock says it: 2:05, 1 h 05, or 0:00 where it is over."""
    if now is None or then is None:
        return ""
    seconds = max(int((now - then).total_seconds()), 0)
    hours, minutes = divmod(seconds // 60, 60)
    return f"{hours} h {minutes:02d}" if hours else f"{minutes}:{seconds % 60:02d}"


@register.filter
def whole(value: object) -> int:
    """A count that came as an attribute's text; what is no count is none."""
    text = str(value).strip()
    return int(text) if text.isdecimal() else 0


@register.filter
def add_to(value: float, more: float) -> float:
    """Sums of positions in pictures; Django's own `add` gives nothing for floats written in a template."""
    return round(float(value) + float(more), 1)


@register.filter
def before_slash(value: object) -> str:
    """Systolic of "148/90"."""
    return str(value).partition("/")[0]


@register.filter
def after_slash(value: object) -> str:
    """Diastolic of "148/90"."""
    return str(value).partition("/")[2]


@register.filter
def percent_of(part: float | str, entire: float | str) -> float:
    """A share in hundredths, within [0, 100], for the attributes of a bar."""
    share = 100 * float(part) / float(entire) if float(entire) else 0.0
    return round(min(max(share, 0.0), 100.0), 1)


@register.filter
def undo_address(tags: object) -> str:
    """The way back that a message carries in `extra_tags="undo=/address"`; only one of this site."""
    for tag in str(tags or "").split():
        address = tag.removeprefix("undo=")
        if address != tag and address.startswith("/") and not urlsplit(address).netloc:
            return address
    return ""


@register.filter
def toast_kind(tags: object) -> str:
    """clear, caution or stop, from a Django message's level."""
    words = str(tags or "").split()
    return "stop" if "error" in words else "caution" if "warning" in words else "clear"


@register.filter
def listed(values: Iterable[object] | None) -> str:
    """Values as one sentence part: "sertraline, lisinopril and zolpidem"."""
    words = [str(value) for value in values or ()]
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s and %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}


@register.simple_tag
def new_submission() -> str:
    """An id for one more form of the same page: each is sent once, and none stands for another."""
    return str(new_id())
