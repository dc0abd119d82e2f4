"""May this dose be started now? Every condition asked at once, and who can mend each.

Decided here: which facts stand between an order and a dose, and which state each fact is in. What a
state means, its sentence and who may go ahead all the same are the rows `R-*` of `library/gate`; what
the patient's own facts mean is screening's (S06, S07, S16, S37, S38) and the course's rows. A line that
was not asked is unknown, and unknown never lets a dose start (docs/adr/0021-gate.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from openkap.medicine.course.fasting import LIGHT, LastMeal, clock, state_of
from openkap.medicine.course.next_dose import SinceLastDose, next_dose
from openkap.medicine.dosing.draw import from_a_vial
from openkap.medicine.dosing.order import PastDose
from openkap.medicine.dosing.spacing import SECONDS_PER_HOUR, since_last
from openkap.medicine.inputs import plain
from openkap.medicine.rules import Rule, RuleSet, library
from openkap.medicine.standing import Colleague, line_of
from openkap.medicine.verdict import Finding, Level, Verdict
from openkap.medicine.window import instant, months_after

# The order in which a day asks for them.
RULES = (
    *("R-ROUTE", "R-DECISION", "R-CONSENT", "R-SPACING", "D-SPACING", "R-INTEGRATION", "C-INTEGRATION"),
    *(
        "C-SEVERE-EVENT",
        "C-MANIA-PSYCHOSIS",
        "C-NEW-SUICIDAL-THOUGHTS",
        "C-WORSE",
        "C-NO-RESPONSE",
        "C-MISUSE",
    ),
    *(
        "C-INTEGRATION-MISSED",
        "C-BLADDER-SYMPTOMS",
        "C-BLADDER",
        "C-REVIEW",
        "C-PDMP",
        "C-LIVER",
        "C-THINKING",
    ),
    *("R-IDENTITY", "S38", "R-HEALTH", "R-MEDICINES", "R-TAKEN", "S16", "R-FASTING", "S37", "R-TOUCH"),
    *("R-ORDER", "R-DRAWN", "R-CONFIRMED", "R-STAFF", "R-LICENSE", "R-DEA", "R-ACLS", "R-BLS"),
    *("R-KIT", "R-ROOM", "R-VITALS", "S06", "S07"),
    # What only some ways of care ask: papers first, then who must be there when it starts.
    *("W-SITE", "W-ENROLLED", "W-FORM", "W-RELEASE", "W-BOOKED", "W-SUMMARIES", "W-HANDED-BACK"),
    *("W-HAND-OVER", "W-ON-SITE", "W-MEDICAL", "W-THERAPIST"),
)
FIRST_SET = ("pressure", "heart", "oxygen")
# What screening is asked again on the day; the pressures only once a set was kept.
SCREENED = ("S16", "S37", "S38")
PRESSURES = ("S06", "S07")


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderNow:
    """The order as it is now. `state`: stands, cancelled or none; `valid` is reckoned from `at`."""

    state: str = "none"
    by: str = ""
    at: datetime | None = None
    mg: Decimal | None = None
    words: str = ""
    drawn_by: str = ""
    drawn: str = ""
    drawn_before: bool = False
    confirmed_by: str = ""
    confirmed_before: str = ""


@dataclass(frozen=True, slots=True)
class GoneAhead:
    """Somebody's word to go ahead over one line, as that line read when they gave it."""

    rule: str
    because: str
    by: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What is known before a dose, at `at` in the clinic's zone. Names are shown as they are.

    `signing`: signed, changed, withdrawn or unsigned, with `signed_by`, `signed_on` and, in words,
    `changed_rules` beside it. `decision`: candidate, not_now, not_candidate, or "". `consent`: signed,
    unsigned, unpublished, declined, taken_back, why it is asked for again (`medicine.consent.again`), or
    drawn: asked for again, but what was drawn up for this dose goes on.
    `asked` holds today's answers by question.
    `touch`: asked, earlier or none. `measured` holds which of `FIRST_SET` were kept; `screened` is what
    screening says of the day. `needs` are the words of the way of care's protocol; `way` holds, by need,
    the state of its row and what its sentence names: a need that is not told stays unknown. `integrates`:
    whether this way has integration after a dose at all. `decided_on`: the day of the decision. `since`:
    what is known since the last dose, for the course's rows. `people`: who orders, watches and is within
    reach, with what shows that they may.
    """

    at: datetime
    route: str = "iv"
    signing: str = "unsigned"
    signed_by: str = ""
    signed_on: str = ""
    changed_rules: str = ""
    decision: str = ""
    decided_on: date | None = None
    consent: str = "unsigned"
    last_dose: PastDose | None = None
    integration_held: bool | None = None
    window_closes: datetime | None = None
    asked: Mapping[str, Mapping[str, Any]] = field(default_factory=lambda: MappingProxyType({}))
    touch: str = "none"
    touch_level: str = ""
    escort: str = ""
    order: OrderNow = OrderNow()
    room: str = ""
    room_taken: bool = False
    measured: frozenset[str] = frozenset()
    screened: tuple[Finding, ...] = ()
    gone_ahead: tuple[GoneAhead, ...] = ()
    needs: tuple[str, ...] = ()
    way: Mapping[str, tuple[str, Mapping[str, Any]]] = field(default_factory=lambda: MappingProxyType({}))
    integrates: bool = True
    since: SinceLastDose | None = None
    people: tuple[Colleague, ...] = ()


def ready(day: Day, ruleset: RuleSet | None = None) -> Verdict:
    """Every condition, met or not, worst first. `clear` or `caution` lets the dose start."""
    rules = {rule.id: rule for rule in ruleset or library() if rule.area in ("gate", "dosing")}
    return Verdict.of(_with_words(finding, day) for finding in _asked(day, rules, ruleset))


def way_findings(day: Day, ruleset: RuleSet | None = None) -> tuple[Finding, ...]:
    """Only what the way of care asks, in the order of the day: for those who see no more of the gate."""
    rules = {rule.id: rule for rule in (ruleset or library()).area("gate")}
    return tuple(sorted((_with_words(f, day) for f in _of_the_way(day, rules)), key=in_day_order))


def in_day_order(finding: Finding) -> tuple[int, str]:
    """Sorts findings as a day asks for them."""
    return (RULES.index(finding.rule) if finding.rule in RULES else len(RULES), finding.rule)


def who_mends(finding: Finding, ruleset: RuleSet | None = None) -> str:
    """Whose it is to mend a line: "the nurse". Blank where the row does not say.

    A hand-over that is written, which nobody goes ahead over, waits for a reader of the practice that gives
    the dose: whose that is stands with the hand-over the other way.
    """
    rows = {one.id: one for one in (ruleset or library()).area("gate")}
    rule = finding.rule
    if rule == "W-HAND-OVER" and finding.override is None:
        rule = "W-HANDED-BACK"
    return str(rows[rule].words["who"]) if rule in rows else ""


def order_valid(order: OrderNow, at: datetime, ruleset: RuleSet | None = None) -> bool:
    """Whether a signed order still counts at `at`, by `R-ORDER`."""
    hours = (ruleset or library()).rule("R-ORDER")["valid_h"]
    return order.at is not None and _hours(order.at, at) < hours


def _asked(day: Day, rules: Mapping[str, Rule], ruleset: RuleSet | None) -> Iterator[Finding]:
    said = {
        "by": day.signed_by,
        "on": day.signed_on,
        "which": f": {day.changed_rules}" if day.changed_rules else "",
    }
    yield _line(rules["R-ROUTE"], day.signing, said)
    yield _decided(day, rules["R-DECISION"])
    yield _line(rules["R-CONSENT"], day.consent)
    yield from _since_last_dose(day, rules, ruleset)
    yield from _of_the_course(day, ruleset)
    yield from _of_today(day, rules)
    yield from _of_the_order(day, rules, ruleset)
    yield from _of_the_people(day, rules)
    yield from _of_the_way(day, rules)
    yield _line(rules["R-ROOM"], _room(day), {"room": day.room})
    missing = [name for name in FIRST_SET if name not in day.measured]
    yield _line(rules["R-VITALS"], "missing" if missing else "kept", {"missing": ", ".join(missing)})
    words = rules["R-SCREENED"].words["says"]
    yield from (
        replace(f, because=words[f.rule]["because"].format(escort=day.escort))
        if f.level is Level.CLEAR and f.rule in words
        else f
        for f in day.screened
    )


def _since_last_dose(day: Day, rules: Mapping[str, Rule], ruleset: RuleSet | None) -> Iterator[Finding]:
    if day.last_dose is None:
        if day.integrates:
            yield _line(rules["R-INTEGRATION"], "first")
        return
    last = day.last_dose
    close = since_last(rules["D-SPACING"], last, on=day.at.date(), at=day.at)
    hours = int(_hours(last.at, day.at)) if last.at is not None else 24 * (day.at.date() - last.on).days
    yield close or _line(rules["R-SPACING"], "apart", {"hours": hours})
    if not day.integrates:
        return
    if day.integration_held:
        yield _line(rules["R-INTEGRATION"], "held")
    elif day.window_closes is not None and instant(day.at) < instant(day.window_closes):
        yield _line(rules["R-INTEGRATION"], "open", {"closes": clock(day.window_closes, day.at)})
    else:
        since = SinceLastDose(doses_given=1, window_closed=True, integration_held=day.integration_held)
        yield from (f for f in next_dose(since, ruleset).findings if f.rule == "C-INTEGRATION")


def _decided(day: Day, rule: Rule) -> Finding:
    """A decision counts for the row's months; then the person is screened again."""
    on = day.decided_on
    counts_until = months_after(on, int(rule["months"])) if on is not None else None
    if on is not None and counts_until is not None and counts_until <= day.at.date():
        said = "old" if day.decision == "candidate" else day.decision
        return _line(rule, said or "none", {"on": f"{on:%B} {on.day}, {on.year}"})
    return _line(rule, day.decision or "none")


def _of_the_course(day: Day, ruleset: RuleSet | None) -> Iterator[Finding]:
    """What the course's rows say since the last dose. What was never measured before it cannot be asked any
    more: then the line is told and keeps nothing back; what weighs nothing is for the evaluation's page."""
    if day.since is None:
        return
    for finding in next_dose(day.since, ruleset).findings:
        if finding.rule == "C-INTEGRATION" or (finding.rule == "C-INTEGRATION-MISSED" and not day.integrates):
            continue
        if finding.level is Level.UNKNOWN:
            lost = finding.rule == "C-NO-RESPONSE" or day.since.phq9_was is None
            if finding.weighs is not Level.UNKNOWN or (lost and finding.rule in ("C-WORSE", "C-NO-RESPONSE")):
                continue
        yield finding


def _of_today(day: Day, rules: Mapping[str, Rule]) -> Iterator[Finding]:
    for rule, question in (
        ("R-IDENTITY", "identity"),
        ("R-HEALTH", "health"),
        ("R-MEDICINES", "medicines"),
        ("R-TAKEN", "taken"),
        ("R-KIT", "kit"),
    ):
        told = day.asked.get(question, {})
        line = _line(rules[rule], told.get("answer", "unknown"), {"words": told.get("words", "")})
        yield _asked_when(line, told)
    meal = day.asked.get("meal", {})
    last = LastMeal(meal.get("ate_at"), meal.get("kind", LIGHT), meal.get("drank_at"))
    fasting = rules["R-FASTING"]
    yield _asked_when(_line(fasting, *state_of(fasting, day.route, last, day.at)), meal)
    yield _line(rules["R-TOUCH"], day.touch, {"level": day.touch_level})
    staff = day.asked.get("staff", {})
    monitor, second = staff.get("monitor", ""), staff.get("second", "")
    state = "unknown" if not (monitor and second) else "alone" if monitor == second else "named"
    yield _asked_when(_line(rules["R-STAFF"], state, {"monitor": monitor, "second": second}), staff)


def _asked_when(line: Finding, told: Mapping[str, Any]) -> Finding:
    """The line with when its question was asked and by whom, where that is told."""
    asked = {key: told[key] for key in ("asked_at", "asked_by") if key in told}
    return replace(line, data={**line.data, **asked})


def _of_the_order(day: Day, rules: Mapping[str, Rule], ruleset: RuleSet | None) -> Iterator[Finding]:
    order, at = day.order, day.at
    expired = order.state == "stands" and not order_valid(order, at, ruleset)
    said = {
        "by": order.by,
        "words": order.words,
        "mg": plain(order.mg) if order.mg is not None else "",
        "on": clock(order.at, at) if order.at is not None else "",
    }
    yield _line(rules["R-ORDER"], "expired" if expired else order.state, said)
    drawn = "drawn" if order.drawn_by else "changed" if order.drawn_before else "none"
    if not from_a_vial(day.route):
        drawn = f"laid_{drawn}"
    yield _line(rules["R-DRAWN"], drawn, {"by": order.drawn_by, "amount": order.drawn})
    checked = "checked" if order.confirmed_by else order.confirmed_before or "none"
    yield _line(rules["R-CONFIRMED"], checked, {"by": order.confirmed_by})


def _of_the_people(day: Day, rules: Mapping[str, Rule]) -> Iterator[Finding]:
    """Whether they may: asked of whoever is named. Who is named nowhere is missing on their own line."""
    for rule in rules.values():
        if "credentials" not in rule.words or rule.words.get("route", day.route) != day.route:
            continue
        told = line_of(rule, day.people, day.at.date())
        if told is not None:
            yield _line(rule, *told)


def _of_the_way(day: Day, rules: Mapping[str, Rule]) -> Iterator[Finding]:
    """What this way of care asks for. A need that nobody looked up is unknown, never met."""
    asks = {rule.words["need"]: rule for rule in rules.values() if "need" in rule.words}
    for need in day.needs:
        state, figures = day.way.get(need, ("", {}))
        if state:
            yield _line(asks[need], state, figures)
        else:
            rule = asks[need]
            yield Finding(
                rule=rule.id,
                level=Level.UNKNOWN,
                because=f"{rule.title}: not known.",
                version=rule.version,
                sources=rule.sources,
                status=rule.status,
                confidence=rule.confidence,
                could_be=Level.HOLD,
            )


def _room(day: Day) -> str:
    return "none" if not day.room else "taken" if day.room_taken else "free"


def _with_words(finding: Finding, day: Day) -> Finding:
    """A line that somebody went ahead over is a caution from then on, with their name and reason."""
    if finding.level is not Level.HOLD or finding.override is None:
        return finding
    for word in day.gone_ahead:
        if (word.rule, word.because) == (finding.rule, finding.because):
            because = f"{finding.because} {word.by} goes ahead: {word.words}"
            return replace(finding, level=Level.CAUTION, because=because, action="")
    return finding


def _line(rule: Rule, state: str, figures: Mapping[str, Any] | None = None) -> Finding:
    """The row's sentence for this state. Its own numbers can be named in the sentence, as in {limit}."""
    says = rule.words["says"][state]
    level = Level(says["level"])
    limits = {name: plain(number.value) for name, number in rule.numbers.items()}
    named = limits | dict(figures or {})
    return Finding(
        rule=rule.id,
        level=level,
        because=says["because"].format(**named).strip(),
        version=rule.version,
        data={"state": state},
        action=says.get("action", "").format(**named),
        sources=rule.sources,
        status=rule.status,
        confidence=rule.confidence,
        override=says.get("override"),
        could_be=Level.HOLD if level is Level.UNKNOWN else level,
    )


def _hours(since: datetime, at: datetime) -> Decimal:
    return Decimal(str((instant(at) - instant(since)).total_seconds())) / SECONDS_PER_HOUR
