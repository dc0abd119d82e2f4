"""Going ahead all the same: who may overrule a finding, and the verdict kept as it was shown.

Decided here: only whom the finding itself names may overrule it, with a reason of their own; an answer
that is missing is asked, never overruled (docs/adr/0004-verdicts.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from openkap.medicine.verdict import Finding, Level, Verdict
from openkap.permits import Actor, Role
from openkap.permits.roles import OVERRULES
from openkap.records.facts.screening import Evaluated
from openkap.records.standing import standing_of
from openkap.steps.frame import Refused


def may_overrule(roles: AbstractSet[Role], finding: Finding) -> bool:
    """Whether one of these roles is named by the finding's row; where it names nobody, none is."""
    return finding.override is not None and bool(roles & OVERRULES[finding.override])


def who_overrules(finding: Finding) -> str:
    """Whom the finding's row names, in words for the middle of a sentence. Only where it names someone."""
    named = {"prescriber": _("a prescriber"), "medical_director": _("the medical director")}
    return named[str(finding.override)]


def refuse_unready(by: Actor, at: datetime, verdict: Verdict, reasons: Mapping[str, str]) -> None:
    """Every hold and stop is overruled by someone who may, with a reason; what is unknown is asked first."""
    roles = standing_of(by, at).roles
    for finding in verdict.findings:
        if finding.weighs is Level.UNKNOWN:
            raise Refused(
                _("Cannot say yet. %(why)s Add the answer, or record “not now”.") % {"why": finding.because}
            )
        if finding.level not in (Level.HOLD, Level.STOP):
            continue
        if finding.override is None:
            raise Refused(_("Not a candidate. %(why)s Nobody can overrule this.") % {"why": finding.because})
        if not may_overrule(roles, finding):
            raise Refused(
                _("%(why)s Only %(who)s can overrule this.")
                % {"why": finding.because, "who": who_overrules(finding)},
                field=f"override_{finding.rule}",
            )
        if finding.rule not in reasons:
            raise Refused(
                _("%(why)s Say why you go ahead all the same.") % {"why": finding.because},
                field=f"override_{finding.rule}",
            )


def verdict_as_shown(now: Evaluated, reasons: Mapping[str, str]) -> dict[str, Any]:
    """The verdict as plain data: every finding with its rule, data and sources, and why it was overruled."""
    verdict = now.screened.verdict
    return {
        "ruleset": now.screened.ruleset,
        "rules": list(now.rules),
        "level": str(verdict.level),
        "findings": [_finding(finding) for finding in verdict.findings],
        "overrides": dict(reasons),
        "facts": now.facts.fingerprint,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "version": finding.version,
        "level": str(finding.level),
        "because": finding.because,
        "action": finding.action,
        "data": {name: str(value) for name, value in finding.data.items()},
        "sources": list(finding.sources),
        "status": str(finding.status),
        "confidence": finding.confidence,
        "override": finding.override,
    }
