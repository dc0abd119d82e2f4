"""What runs out, and where sources disagree, as the director's page shows them.

Decided here: what has run out stands first, in the word of the stricter thing that holds now; a setting is
shown with the numbers its rows hold today, so that nobody has to look for them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from openkap.medicine.dated import CURRENT, OVER, SOON, Dated, dated
from openkap.medicine.disagreements import Setting, settings
from openkap.medicine.protocols.protocol import rows as protocol_rows
from openkap.medicine.protocols.route_set import reading
from openkap.medicine.rules import Rule, RuleSet
from openkap.medicine.sources import resolve
from openkap.records.facts.clock import day

LEVELS = {CURRENT: "clear", SOON: "caution", OVER: "hold"}
ENDS = {
    CURRENT: gettext_noop("Holds to %(until)s"),
    SOON: gettext_noop("Holds to %(until)s only"),
    OVER: gettext_noop("Ran out after %(until)s"),
}
READ = {
    CURRENT: gettext_noop("To be read again by %(until)s"),
    SOON: gettext_noop("To be read again by %(until)s"),
    OVER: gettext_noop("Should have been read again by %(until)s"),
}


@dataclass(frozen=True, slots=True)
class DatedShown:
    """One row: how it stands, what it is about, and what holds then. `nags`: said before its day."""

    rule: str
    title: str
    level: str
    stands: str
    left: str
    about: str
    then: str
    sources: tuple[str, ...]
    nags: bool


@dataclass(frozen=True, slots=True)
class SettingShown:
    """One question with its range, why it is open, and what the rows hold now: rule, title and numbers."""

    title: str
    range: str
    why: str
    rows: tuple[tuple[str, str, str], ...]
    sources: tuple[str, ...]


def dated_shown(on: date, rules: RuleSet) -> tuple[DatedShown, ...]:
    """Every dated row as it stands on this day, the nearest first."""
    return tuple(_dated(row) for row in dated(on, rules))


def settings_shown(rules: RuleSet) -> tuple[SettingShown, ...]:
    known = {rule.id: rule for rule in (*rules, *protocol_rows())}
    return tuple(_setting(setting, known) for setting in settings(rules))


def _dated(row: Dated) -> DatedShown:
    words = (ENDS if row.ends else READ)[row.state]
    left = max(row.days, 0)
    return DatedShown(
        row.rule.id,
        row.rule.title,
        LEVELS[row.state] if row.ends or row.state != OVER else "caution",
        _(words) % {"until": day(row.until)},
        ngettext("%(n)s day left", "%(n)s days left", left) % {"n": left} if row.days >= 0 else "",
        row.about,
        row.then,
        _sources(row.rule),
        row.state != CURRENT,
    )


def _setting(setting: Setting, known: dict[str, Rule]) -> SettingShown:
    rows = tuple((id, known[id].title, _numbers(known[id])) for id in setting.rows)
    return SettingShown(setting.title, setting.range, setting.why, rows, _sources(setting.rule))


def _numbers(rule: Rule) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {reading(number)}" for name, number in rule.numbers.items())


def _sources(rule: Rule) -> tuple[str, ...]:
    return tuple(resolve(key).cited for key in rule.sources)
