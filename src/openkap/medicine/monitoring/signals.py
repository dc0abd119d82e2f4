"""What each signal's values mean: over a limit, safely inside it, or no physiology at all.

Decided here: how the prompt rows of the library are compared with a value. A condition is over
(`over`) or safely back (`clear`, inside by the margin of `M-EPISODE`); between the two it stays as
it was, so that a value that hovers at a limit is one prompt and not twenty.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from openkap.medicine.monitoring.line import Sign
from openkap.medicine.monitoring.reading import Baseline, Reading
from openkap.medicine.rules import Rule, RuleSet

Test = Callable[[Reading], bool]
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Condition:
    """One prompt row for one signal, ready to be asked.

    `lasts` is how many seconds it must hold by its own row (None: as `M-EPISODE` says).
    `twice` holds the least and most seconds between two values, where one is not enough.
    """

    rule: Rule
    level: Sign
    over: Test
    clear: Test
    lasts: Decimal | None = None
    twice: tuple[Decimal, Decimal] | None = None


def below(rule: Rule, name: str, margin: Decimal, key: str = "under") -> tuple[Test, Test]:
    """Over the limit when the value is under it."""
    limit, back = rule[key], rule[key] + margin
    return lambda r: getattr(r, name) < limit, lambda r: getattr(r, name) >= back


def above(rule: Rule, name: str, margin: Decimal, key: str = "over") -> tuple[Test, Test]:
    limit, back = rule[key], rule[key] - margin
    return lambda r: getattr(r, name) > limit, lambda r: getattr(r, name) <= back


def either(*pairs: tuple[Test, Test]) -> tuple[Test, Test]:
    """Over when any is over, clear when all are clear."""
    overs, clears = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    return lambda r: any(over(r) for over in overs), lambda r: all(clear(r) for clear in clears)


def conditions(rules: RuleSet, baseline: Baseline) -> dict[str, tuple[Condition, ...]]:
    """Every condition by its signal."""
    row = {rule.id: rule for rule in rules.area("prompts")}
    margins = row["M-EPISODE"]
    return {
        "bp": _pressure(row, baseline, margins["inside_bp"]),
        "hr": _heart(row, margins["inside_hr"]),
        "spo2": _oxygen(row, margins["inside_spo2"]),
        "rr": _breaths(row, margins["inside_rr"]),
        "etco2": (),
        "sedation": _alertness(row),
        "rass": _agitation(row),
        "cadss6": _dissociation(row),
    }


def _make(rule: Rule, tests: tuple[Test, Test], **more: Decimal | tuple[Decimal, Decimal]) -> Condition:
    over, clear = tests
    return Condition(rule, Sign(rule.words["level"]), over, clear, **more)  # type: ignore[arg-type]


def _heart(row: dict[str, Rule], margin: Decimal) -> tuple[Condition, ...]:
    amber, red, lasting = row["M-HR-AMBER"], row["M-HR-RED"], row["M-HR-RED-LASTING"]
    return (
        _make(red, either(below(red, "hr", margin), above(red, "hr", margin))),
        _make(lasting, above(lasting, "hr", margin), lasts=lasting["minutes"] * 60),
        _make(amber, either(below(amber, "hr", margin), above(amber, "hr", margin))),
    )


def _oxygen(row: dict[str, Rule], margin: Decimal) -> tuple[Condition, ...]:
    red, oxygen, amber = row["M-SPO2-RED"], row["M-SPO2-RED-OXYGEN"], row["M-SPO2-AMBER"]
    over, clear = below(oxygen, "spo2", margin)
    given: tuple[Test, Test] = (
        lambda r: r.on_oxygen and over(r),
        lambda r: not r.on_oxygen or clear(r),
    )
    return (
        _make(red, below(red, "spo2", margin)),
        _make(oxygen, given),
        _make(amber, below(amber, "spo2", margin)),
    )


def _breaths(row: dict[str, Rule], margin: Decimal) -> tuple[Condition, ...]:
    red, amber, high = row["M-RR-RED"], row["M-RR-AMBER"], row["M-RR-HIGH"]
    return (
        _make(red, below(red, "rr", margin)),
        _make(amber, below(amber, "rr", margin)),
        _make(high, above(high, "rr", margin)),
    )


def _alertness(row: dict[str, Rule]) -> tuple[Condition, ...]:
    def at_most(rule: Rule) -> tuple[Test, Test]:
        limit = rule["at_most"]
        return (
            lambda r: r.moaas is not None and r.moaas <= limit,
            lambda r: r.moaas is not None and r.moaas > limit,
        )

    return tuple(_make(row[id], at_most(row[id])) for id in ("M-SEDATION-RED", "M-SEDATION-AMBER"))


def _agitation(row: dict[str, Rule]) -> tuple[Condition, ...]:
    def outside(rule: Rule) -> tuple[Test, Test]:
        low, high = rule["at_most"], rule["at_least"]

        def over(reading: Reading) -> bool:
            return reading.rass is not None and (reading.rass <= low or reading.rass >= high)

        return over, lambda reading: not over(reading)

    return tuple(_make(row[id], outside(row[id])) for id in ("M-RASS-RED", "M-RASS-AMBER"))


def _dissociation(row: dict[str, Rule]) -> tuple[Condition, ...]:
    rule = row["M-CADSS6-AMBER"]
    limit = rule["at_least"]

    def over(reading: Reading) -> bool:
        return reading.cadss6 is not None and reading.cadss6 >= limit and reading.distressed

    return (_make(rule, (over, lambda reading: not over(reading))),)


def _pressure(row: dict[str, Rule], baseline: Baseline, margin: Decimal) -> tuple[Condition, ...]:
    amber, low = row["M-BP-AMBER"], row["M-BP-LOW"]
    twice, once = row["M-BP-RED"], row["M-BP-RED-ONCE"]
    rises = [
        _from(name, start + amber[f"{name}_rise"], margin)
        for name, start in (("sbp", baseline.sbp), ("dbp", baseline.dbp))
        if start is not None
    ]
    under: tuple[Test, Test] = (
        lambda r: r.sbp is not None and r.sbp < low["sbp_under"],
        lambda r: r.sbp is None or r.sbp >= low["sbp_under"] + margin,
    )
    return (
        _make(once, _both(once, margin)),
        _make(twice, _both(twice, margin), twice=(twice["least"] * 60, twice["most"] * 60)),
        _make(amber, either(_both(amber, margin), *rises)),
        _make(low, under),
    )


def _both(rule: Rule, margin: Decimal) -> tuple[Test, Test]:
    return either(*(_from(name, rule[f"{name}_from"], margin) for name in ("sbp", "dbp")))


def _from(name: str, limit: Decimal, margin: Decimal) -> tuple[Test, Test]:
    """At or over `limit`; a part that was not measured is neither over nor in the way."""
    back = limit - margin

    def over(reading: Reading) -> bool:
        value = getattr(reading, name)
        return value is not None and value >= limit

    def clear(reading: Reading) -> bool:
        value = getattr(reading, name)
        return value is None or value <= back

    return over, clear
