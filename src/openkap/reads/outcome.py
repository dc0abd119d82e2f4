"""The outcome of one course: scores against doses and sessions, and whether the change is real.

Decided here: the first total against the last, by every rule that has a name; what is missing stands
above the fold. One person and no comparison: it shows that, never why (the design's screen 16).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from openkap.medicine.instruments import Change, Ruling, change, instrument
from openkap.medicine.instruments.instrument import Instrument
from openkap.medicine.sources import resolve
from openkap.permits import Scope
from openkap.reads.outcome_chart import MAIN_RULE, Chart, chart_of, point_words
from openkap.reads.said import number
from openkap.records.facts.clock import day
from openkap.records.facts.scores import ScoreAt, scores_of
from openkap.records.models import Ask, Course, PersonalLink, Score, Session
from openkap.records.scoped import scoped

EXPECTED = ("before", "after")
SHOWN = 4


@dataclass(frozen=True, slots=True)
class RuleSays:
    """One named rule, its threshold and what it says, with its sources. `used`: the chart stands on it."""

    id: str
    name: str
    threshold: str
    says: str
    sources: str
    used: bool


@dataclass(frozen=True, slots=True)
class Row:
    when: str
    point: str
    total: str
    band: str
    note: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """`level` and `says` are the banner; `missing` what has not been answered."""

    instrument: str
    level: str
    says: str
    why: str
    count: str
    missing: tuple[str, ...]
    response: str
    remission: str
    rules: tuple[RuleSays, ...]
    rows: tuple[Row, ...]
    chart: Chart
    doses: int


def outcome_of(
    scope: Scope,
    course: Course,
    at: datetime,
    zone: ZoneInfo,
    instrument_id: str = "phq9",
    *,
    notes: Mapping[UUID, tuple[str, ...]] = MappingProxyType({}),
    rule: str = "",
) -> Outcome:
    """The outcome within `scope`. Four queries.

    `notes` are lines for the chart, by the id of the score they stand at; `rule` names the rule of change
    that banner and band stand on, where another than the usual one is wanted.
    """
    form = instrument(instrument_id)
    scores = scores_of(scoped(Score.objects.filter(course=course), scope), instrument_id, at)
    sessions = [
        s
        for s in scoped(Session.objects.filter(course=course), scope).order_by("planned_from")
        if s.phase in (Session.Phase.DOSING, Session.Phase.INTEGRATION) and s.state in ("done", "stopped")
    ]
    links = scoped(
        PersonalLink.objects.filter(course=course, about=instrument_id, made_at__lte=at), scope
    ).order_by("made_at")
    asked = {link.point: link.made_at for link in links}
    asks = scoped(
        Ask.objects.filter(course=course, instrument=instrument_id, made_at__lte=at, skipped_at=None), scope
    ).order_by("due_at")
    asked |= {ask.point: ask.due_at for ask in asks}
    totals = [s for s in scores if s.total is not None]
    found = _change(form, totals)
    main = _main(found, rule)
    level, says, why = _banner(form, totals, found, main)
    doses = sum(s.phase == Session.Phase.DOSING for s in sessions)
    answered = {s.point for s in scores}
    expected = list(dict.fromkeys([*(EXPECTED if form.changes else ()), *asked, *answered]))
    missing = [point for point in expected if point not in answered]
    return Outcome(
        instrument=form.name,
        level=level,
        says=says,
        why=why,
        count=_("%(n)s of %(all)s answered") % {"n": len(expected) - len(missing), "all": len(expected)},
        missing=_missed(missing, asked, zone),
        response=_yes_no(found.response if found else None),
        remission=_yes_no(found.remission if found else None),
        rules=tuple(_rule(r, main) for r in (found.rules if found else ())),
        rows=tuple(_row(s, zone) for s in scores),
        chart=chart_of(
            form, scores, sessions, main, {p: asked[p] for p in missing if p in asked}, zone, says, notes
        ),
        doses=doses,
    )


def _change(form: Instrument, totals: Sequence[ScoreAt]) -> Change | None:
    if len(totals) < 2 or totals[0].total is None or totals[-1].total is None:
        return None
    return change(form, totals[0].total, totals[-1].total)


def _main(found: Change | None, wanted: str = "") -> Ruling | None:
    """What the banner leans on: the rule asked for, one that calls itself reliable, else the first."""
    rules = found.rules if found is not None else ()
    asked = next((r for r in rules if r.rule == wanted), None)
    return asked or next((r for r in rules if MAIN_RULE in r.rule), rules[0] if rules else None)


def _banner(
    form: Instrument, totals: Sequence[ScoreAt], found: Change | None, main: Ruling | None
) -> tuple[str, str, str]:
    if not totals:
        return "unknown", _("Cannot say yet. No answers"), _("The first score will stand here.")
    if found is not None and main is None:
        return (
            "unknown",
            _("No rule says what a change means here"),
            _("%(pre)s to %(post)s.") % {"pre": found.pre, "post": found.post},
        )
    if found is None or main is None:
        first = _("%(name)s was %(total)s.") % {"name": form.name, "total": totals[0].total}
        return "unknown", _("Cannot say yet. One answer, nothing to compare it with"), first
    moved = _("%(pre)s to %(post)s, %(way)s %(points)s.") % {
        "pre": found.pre,
        "post": found.post,
        "way": _("down") if found.points < 0 else _("up"),
        "points": abs(found.points),
    }
    if found.points == 0:
        moved = _("%(pre)s to %(post)s, no change.") % {"pre": found.pre, "post": found.post}
    rule = _("A change of %(n)s or more is more than chance (%(rule)s).") % {
        "n": number(str(main.threshold)),
        "rule": rule_name(main.rule),
    }
    remission = {True: _("In remission."), False: _("Not in remission."), None: ""}[found.remission]
    holding = main.verdict == "improved" and _holds(form, totals, main)
    level, says = {
        "improved": ("clear", _("Reliably better, and holding") if holding else _("Reliably better")),
        "deteriorated": ("caution", _("Reliably worse")),
        "unchanged": ("unknown", _("Could be chance alone")),
    }[main.verdict]
    return level, says, " ".join(filter(None, (moved, rule, remission)))


def _holds(form: Instrument, totals: Sequence[ScoreAt], main: Ruling) -> bool:
    """Whether the score before the last was reliably better too, by the same rule."""
    if len(totals) < 3 or totals[0].total is None or totals[-2].total is None:
        return False
    before = change(form, totals[0].total, totals[-2].total)
    return any(rule.rule == main.rule and rule.verdict == "improved" for rule in before.rules)


def _missed(missing: Sequence[str], asked: dict[str, datetime], zone: ZoneInfo) -> tuple[str, ...]:
    """The latest few by name, the rest as a number."""
    said = [_missing(point, asked.get(point), zone) for point in missing[-SHOWN:]]
    more = len(missing) - len(said)
    if more:
        said.insert(0, ngettext("%(n)s more before these", "%(n)s more before these", more) % {"n": more})
    return tuple(said)


def _missing(point: str, asked_at: datetime | None, zone: ZoneInfo) -> str:
    name = point_words(point)
    if asked_at is None:
        return _("%(point)s: not asked yet") % {"point": name}
    return _("%(point)s: asked %(day)s, not answered") % {
        "point": name,
        "day": day(asked_at.astimezone(zone).date()),
    }


def _yes_no(said: bool | None) -> str:
    return _("Not known") if said is None else _("Yes") if said else _("No")


RULE_NAMES = {
    "clinically_significant": gettext_noop("Clinically significant change"),
    "nhs_reliable": gettext_noop("NHS reliable change"),
    "trd_mct": gettext_noop("Change in treatment-resistant depression"),
    "mcid_pct": gettext_noop("Least change that matters, percent"),
    "jt_rci": gettext_noop("Reliable change index"),
}


def rule_name(rule: str) -> str:
    return _(RULE_NAMES[rule]) if rule in RULE_NAMES else rule.replace("_", " ")


def _rule(ruling: Ruling, main: Ruling | None) -> RuleSays:
    unit = "%" if ruling.unit == "percent" else _("points")
    says = {"improved": _("Better"), "deteriorated": _("Worse"), "unchanged": _("Within chance")}
    return RuleSays(
        ruling.rule,
        rule_name(ruling.rule),
        f"{number(str(ruling.threshold))} {unit}",
        says[ruling.verdict],
        "; ".join(resolve(key).cited for key in ruling.sources),
        ruling is main,
    )


def _row(score: ScoreAt, zone: ZoneInfo) -> Row:
    notes = [
        *score.alerts,
        _("answered late") if score.late else "",
        "" if score.complete else _("not complete"),
    ]
    return Row(
        day(score.at.astimezone(zone).date()),
        point_words(score.point),
        _("No total") if score.total is None else str(score.total),
        score.band.replace("_", " "),
        " ".join(note for note in notes if note),
    )
