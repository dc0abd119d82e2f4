"""How often an event was seen, in words: what the rows `E-*` call a rate, and its two ends as one line.

Decided here: the words alone. The numbers and their sources are the library's.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from openkap.medicine.inputs import plain
from openkap.medicine.monitoring.adverse import Term

FROM, TO = "_from", "_to"
WHERE = {
    "transform_1": gettext_noop("Esketamine nasal spray, trial TRANSFORM-1"),
    "acute_si_1": gettext_noop("Esketamine with acute suicidal thoughts, one trial"),
    "acute_si_2": gettext_noop("Esketamine with acute suicidal thoughts, another trial"),
    "by_cadss": gettext_noop("Esketamine, asked by the CADSS scale"),
    "by_moaas": gettext_noop("Esketamine, watched by the MOAA/S scale"),
    "anaesthetic": gettext_noop("Ketamine as an anesthetic"),
    "esketamine": gettext_noop("Esketamine, by its label"),
}


@dataclass(frozen=True, slots=True)
class RateShown:
    """One rate: where it was seen, and percent of people ("26.8", "61 to 84"); `placebo` blank where none."""

    where: str
    percent: str
    placebo: str


def rates_of(term: Term) -> tuple[RateShown, ...]:
    """Every rate of a term, a range on one line."""
    by_name = {rate.where: rate for rate in term.rates}
    shown = []
    for name, rate in by_name.items():
        if name.endswith(TO) and name.removesuffix(TO) + FROM in by_name:
            continue
        most = by_name.get(name.removesuffix(FROM) + TO) if name.endswith(FROM) else None
        where = WHERE.get(name.removesuffix(FROM), name.replace("_", " "))
        shown.append(
            RateShown(_(where), _range(rate.percent, most.percent if most else None), _plain(rate.placebo))
        )
    return tuple(shown)


def _range(least: Decimal, most: Decimal | None) -> str:
    if most is None:
        return plain(least)
    return _("%(least)s to %(most)s") % {"least": plain(least), "most": plain(most)}


def _plain(number: Decimal | None) -> str:
    return "" if number is None else plain(number)
