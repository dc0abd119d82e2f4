"""Findings and signed decisions as pages show them, with the rule, its sources and who may go ahead.

Decided here: a stored decision is shown with the findings it was made on, in their words of then, never
as the rules would speak today.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from openkap.medicine.rules import library
from openkap.medicine.sources import resolve
from openkap.medicine.verdict import Finding, Level
from openkap.permits import Scope
from openkap.records.facts.clock import day, moment
from openkap.records.models import Course, Decision
from openkap.records.scoped import scoped


@dataclass(frozen=True, slots=True)
class Source:
    key: str
    words: str


@dataclass(frozen=True, slots=True)
class FindingShown:
    """One finding with all that stands behind it. `overruled`: the reason given at the decision."""

    rule: str
    version: str
    level: str
    title: str
    because: str
    action: str
    data: str
    sources: tuple[Source, ...]
    confidence: str
    status: str
    override: str
    override_words: str
    overruled: str = ""
    name: str = ""
    approved_by: str = ""


@dataclass(frozen=True, slots=True)
class DecisionShown:
    id: UUID
    outcome: str
    outcome_words: str
    words: str
    who: str
    when: str
    level: str
    level_words: str
    findings: tuple[FindingShown, ...]
    struck: bool
    for_patient: str = ""
    look_again: str = ""


def finding_shown(finding: Finding, data: str) -> FindingShown:
    return FindingShown(
        rule=finding.rule,
        version=finding.version,
        level=str(finding.level),
        title=_title(finding),
        because="" if finding.level is Level.CLEAR else library().rule(finding.rule).title,
        action=_("Ask or measure it, then write it below.")
        if finding.level is Level.UNKNOWN
        else finding.action,
        data=data,
        sources=_sources(finding.sources),
        confidence=confidence_words(finding.confidence),
        status=str(finding.status),
        override=finding.override or "",
        override_words=who_may(finding.override),
        name=library().rule(finding.rule).title,
    )


def _title(finding: Finding) -> str:
    """What was found, in its own sentence; a clear rule by its name."""
    return library().rule(finding.rule).title if finding.level is Level.CLEAR else finding.because


def _sources(keys: Iterable[str]) -> tuple[Source, ...]:
    return tuple(Source(key, resolve(key).text) for key in keys)


def confidence_words(letter: str) -> str:
    return {"H": _("High"), "M": _("Medium"), "L": _("Low")}.get(letter, letter)


def who_may(override: str | None) -> str:
    return {
        "prescriber": _("The prescriber, with a reason"),
        "medical_director": _("The medical director only, with a reason"),
    }.get(override or "", "")


def decisions_of(scope: Scope, course: Course, zone: ZoneInfo) -> Iterable[DecisionShown]:
    """Signed decisions, the latest first, each with the verdict it was made on, as it was shown then."""
    rows = scoped(Decision.objects.filter(course=course), scope).order_by("-at", "-recorded_at")
    replaced = {row.corrects_id for row in rows if row.corrects_id}
    for row in rows:
        if row.withdrawn:
            continue
        yield DecisionShown(
            id=row.id,
            outcome=row.outcome,
            outcome_words=outcome_words(row.outcome),
            words=row.words,
            who=row.by_name,
            when=moment(row.at, zone),
            level=row.level,
            level_words=level_words(row.level),
            findings=tuple(
                _kept(finding, row.verdict.get("overrides", {})) for finding in row.verdict["findings"]
            ),
            struck=row.id in replaced,
            for_patient=row.for_patient,
            look_again=day(row.look_again_on) if row.look_again_on else "",
        )


def _kept(finding: dict[str, Any], overrides: dict[str, str]) -> FindingShown:
    """A finding out of a stored verdict: shown as it was, not as the rule would speak today."""
    return FindingShown(
        rule=finding["rule"],
        version=finding["version"],
        level=finding["level"],
        title=finding["because"],
        because="",
        action=finding["action"],
        data=", ".join(f"{name} {value}" for name, value in finding["data"].items()),
        sources=_sources(finding["sources"]),
        confidence=confidence_words(finding["confidence"]),
        status=finding["status"],
        override=finding["override"] or "",
        override_words=who_may(finding["override"]),
        overruled=overrides.get(finding["rule"], ""),
    )


def outcome_words(outcome: str) -> str:
    return {
        "candidate": _("Candidate, with a plan"),
        "not_now": _("Not now"),
        "not_candidate": _("Not a candidate"),
    }[outcome]


def level_words(level: str) -> str:
    """A verdict's level as one word or two."""
    return {
        "clear": _("Clear"),
        "caution": _("Caution"),
        "hold": _("Hold"),
        "stop": _("Stop"),
        "unknown": _("Cannot say"),
    }.get(level, level)
