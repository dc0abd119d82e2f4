"""The watch over one dose: readings in, lines out, one at a time.

Decided here: the order in which a reading is looked at, and what is remembered between readings.
What counts as too high is `signals`, how long a prompt lives is `episode`, what is owed is
`schedule`; the numbers of all three are library rows. Contract: `openkap monitor`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from openkap.medicine.inputs import Unusable
from openkap.medicine.monitoring.artefacts import NAMES, Sensor, capital, pressure_is_real
from openkap.medicine.monitoring.checks import Checks
from openkap.medicine.monitoring.episode import Episode
from openkap.medicine.monitoring.line import Line, Sign, Summary
from openkap.medicine.monitoring.physiology import bounds
from openkap.medicine.monitoring.reading import Baseline, Reading, in_time_order, shown
from openkap.medicine.monitoring.schedule import Schedule
from openkap.medicine.monitoring.signals import Condition, conditions
from openkap.medicine.monitoring.trend import Trend
from openkap.medicine.protocols.routes import Route
from openkap.medicine.rules import Rule, RuleSet, library

COLUMNS = {"hr": "hr", "spo2": "spo2", "rr": "rr", "etco2": "etco2", "sedation": "moaas", "rass": "rass",
           "cadss6": "cadss6"}  # fmt: skip
SCALES = ("sedation", "rass", "cadss6")
SAID_AS = {"rass": "sedation", "cadss6": "dissociation"}
BREATHING = ("rr", "etco2")


class Monitor:
    """Give it readings in time order with `step`; end with `finish`."""

    def __init__(
        self,
        route: Route | str,
        baseline: Baseline | None = None,
        *,
        ruleset: RuleSet | None = None,
        schedule: Schedule | None = None,
    ) -> None:
        rules = ruleset or library()
        self.baseline = baseline or Baseline()
        self.rows = {rule.id: rule for rule in rules.area("prompts")}
        self.timing = self.rows["M-EPISODE"]
        self.close = self.timing["opens_after"]
        asked = conditions(rules, self.baseline)
        self.episodes = {
            signal: Episode(asked[signal], self.timing, at_once=signal in SCALES) for signal in asked
        }
        self.sensors = {signal: Sensor(signal, self.rows) for signal in asked}
        self.bounds = {signal: bounds(column, rules) for signal, column in COLUMNS.items()}
        self.pressures = {name: bounds(name, rules) for name in ("sbp", "dbp", "map")}
        self.checks = Checks(schedule or Schedule.of(Route(route), rules), self.rows["M-CHECK"])
        self.trend = Trend(self.baseline, self.rows)
        self.symptoms: set[str] = set()
        self.now: Decimal | None = None

    def step(self, reading: Reading, next_in: Decimal | None = None) -> list[Line]:
        """What this reading gives rise to. `next_in`: seconds to the next reading, where known.

        Raises `Unusable` for a reading without a time or earlier than the one before.
        """
        t = reading.t_seconds
        if t is None:
            raise Unusable("t_seconds", "The time of the reading is missing.")
        if self.now is not None and t < self.now:
            raise Unusable("t_seconds", "This reading is earlier than the one before it.")
        self.now = t
        lines = self.checks.until(t)
        self.trend.reading(t, reading)
        heart = self._signal("hr", t, reading, next_in, lines)
        for signal in ("spo2", *BREATHING, *SCALES):
            self._signal(signal, t, reading, next_in, lines)
        self._pressure(t, reading, lines)
        if heart is False:
            for signal in BREATHING:
                self.sensors[signal].no_heart()
        self._symptoms(t, reading, lines)
        self.trend.count(lines)
        return lines

    def finish(self) -> Summary:
        """The whole in figures; checks that were never due are not counted late."""
        return self.trend.summary(sum(sensor.count for sensor in self.sensors.values()))

    def _signal(
        self, signal: str, t: Decimal, reading: Reading, next_in: Decimal | None, lines: list[Line]
    ) -> bool | None:
        """True for a usable value, False for an artefact, None where there is none."""
        value: Decimal | None = getattr(reading, COLUMNS[signal])
        sensor, episode = self.sensors[signal], self.episodes[signal]
        if value is None:
            if episode.shown is None and sensor.bad_since is None:
                return None
            self._say(episode.tick(t), signal, t, episode.shown, lines)
            self._breaths(signal, t, lines)
            lines.extend(sensor.overdue(t, SAID_AS.get(signal, signal), self._called(episode)))
            return None
        dense = sensor.dense(t, next_in, self.close)
        least, most = self.bounds[signal]
        if not least <= value <= most:
            maybe = (
                signal in BREATHING and value == 0 and self.sensors["hr"].live(t, self.rows["M-GAP"]["over"])
            )
            lines.extend(sensor.bad(t, SAID_AS.get(signal, signal), shown(value), maybe))
            self._breaths(signal, t, lines)
            lines.extend(sensor.overdue(t, SAID_AS.get(signal, signal), self._called(episode)))
            return False
        sensor.good(t)
        self.checks.seen(signal, t)
        self._take(signal, t, reading, dense, cuff=False, lines=lines)
        return True

    def _pressure(self, t: Decimal, reading: Reading, lines: list[Line]) -> None:
        sensor, episode = self.sensors["bp"], self.episodes["bp"]
        if reading.sbp is None and reading.dbp is None:
            self._say(episode.tick(t), "bp", t, episode.shown, lines)
            lines.extend(sensor.overdue(t, "bp", False))
            return
        # A cuff measures once in minutes; only an arterial line gives values this close.
        dense = sensor.dense(t, None, self.close)
        if not pressure_is_real(reading, self.pressures):
            lines.extend(sensor.bad(t, "bp", reading.pressure, False))
            lines.extend(sensor.overdue(t, "bp", False))
            return
        sensor.good(t)
        if reading.sbp is not None and reading.dbp is not None:
            self.checks.seen("bp", t)
            self.trend.pressure(t, reading)
        self._take("bp", t, reading, dense, cuff=not dense, lines=lines)

    def _take(
        self, signal: str, t: Decimal, reading: Reading, dense: bool, cuff: bool, lines: list[Line]
    ) -> None:
        episode = self.episodes[signal]
        raised = episode.sample(t, reading, dense, cuff)
        self._say(raised, signal, t, reading, lines)
        rule = episode.rule
        if episode.closes(t, reading, cuff or signal in SCALES) and rule is not None:
            value = self._value(signal, reading)
            said = SAID_AS.get(signal, signal)
            lines.append(
                Line(
                    t,
                    Sign.RESOLVED,
                    said,
                    value,
                    rule.id,
                    capital(f"{NAMES[said]} is {value}, back inside its limits."),
                )
            )

    def _breaths(self, signal: str, t: Decimal, lines: list[Line]) -> None:
        """No breath seen for a while, with a heart that beats."""
        if signal not in BREATHING:
            return
        rule, sensor = self.rows["M-APNOEA"], self.sensors[signal]
        if not sensor.no_breath_for(t, rule["seconds"]):
            return
        if not self.sensors["hr"].live(t, self.rows["M-GAP"]["over"]):
            return
        if self.episodes[signal].force(rule, Sign.RED):
            because = rule.words["because"].format(seconds=shown(rule["seconds"]))
            lines.append(Line(t, Sign.RED, signal, "0", rule.id, because, rule.words["action"]))

    def _called(self, episode: Episode) -> bool:
        """Whether someone was already called to look, because no breaths were seen."""
        return episode.level is Sign.RED and episode.rule is self.rows["M-APNOEA"]

    def _symptoms(self, t: Decimal, reading: Reading, lines: list[Line]) -> None:
        rule = self.rows["M-BP-SYMPTOMS"]
        for word in reading.symptoms:
            if word not in rule.words["symptoms"]:
                raise Unusable("symptoms", f"{word} is not known. Use: {', '.join(rule.words['symptoms'])}.")
            if word not in self.symptoms:
                said = word.replace("_", " ").capitalize()
                lines.append(Line(t, Sign.RED, "bp", said, rule.id, f"{said}.", rule.words["action"]))
        self.symptoms = set(reading.symptoms) if reading.measured or reading.symptoms else self.symptoms

    def _say(
        self, condition: Condition | None, signal: str, t: Decimal, reading: Reading | None, lines: list[Line]
    ) -> None:
        if condition is None or reading is None:
            return
        rule, value = condition.rule, self._value(signal, reading)
        because = _because(rule, value, reading, self.baseline)
        said = SAID_AS.get(signal, signal)
        lines.append(Line(t, condition.level, said, value, rule.id, because, _action(rule)))

    def _value(self, signal: str, reading: Reading) -> str:
        return reading.pressure if signal == "bp" else shown(getattr(reading, COLUMNS[signal]))


def _action(rule: Rule) -> str:
    return str(rule.words["action"].format(**{n: shown(number.value) for n, number in rule.numbers.items()}))


def _because(rule: Rule, value: str, reading: Reading, baseline: Baseline) -> str:
    figures = {name: shown(number.value) for name, number in rule.numbers.items()}
    why = ""
    if rule.id == "M-BP-AMBER":
        why = _high(rule, reading) or (
            f"It rose {figures['sbp_rise']}/{figures['dbp_rise']} or more from "
            f"{shown(baseline.sbp)}/{shown(baseline.dbp)}."
        )
    return str(rule.words["because"].format(value=value, why=why, **figures))


def _high(rule: Rule, reading: Reading) -> str:
    """Which of the two numbers is high in itself; nothing where neither is."""
    upper, lower = (
        (now := getattr(reading, name)) is not None and now >= rule[f"{name}_from"] for name in ("sbp", "dbp")
    )
    sbp, dbp = shown(rule["sbp_from"]), shown(rule["dbp_from"])
    if upper and lower:
        return f"It is {sbp}/{dbp} or more."
    if upper:
        return f"The upper number is {sbp} or more."
    return f"The lower number is {dbp} or more." if lower else ""


def watch(
    readings: Iterable[Reading],
    route: Route | str,
    baseline: Baseline | None = None,
    *,
    ruleset: RuleSet | None = None,
    schedule: Schedule | None = None,
    ordered: bool = False,
) -> Iterator[Line | Summary]:
    """Every line in time order, whatever the order of the input, and the summary last.

    `ordered` says that the readings come in the order of `in_time_order`; they then pass one by one.
    """
    monitor = Monitor(route, baseline, ruleset=ruleset, schedule=schedule)
    coming = iter(readings if ordered else in_time_order(readings))
    reading = next(coming, None)
    while reading is not None:
        later = next(coming, None)
        gap = None
        if later is not None and later.t_seconds is not None and reading.t_seconds is not None:
            gap = later.t_seconds - reading.t_seconds
        yield from monitor.step(reading, gap)
        reading = later
    yield monitor.finish()
