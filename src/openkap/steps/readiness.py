"""Starting only what the gate lets through: everything missing is told at once.

Decided here: a finding that names who may go ahead asks for that person's own words; all others are
mended, not worded away.
"""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from openkap.medicine.course.gate import in_day_order, ready
from openkap.medicine.verdict import Finding, Level
from openkap.permits import Act, Actor, Kind
from openkap.records.facts.gate import day_of
from openkap.records.models import Session
from openkap.steps.frame import Refused, must
from openkap.steps.room import in_session


def refuse_unready(by: Actor, session: Session, words: str, *, at: datetime) -> None:
    """Refuse where anything is missing. With `words`, a prescriber goes ahead where one may."""
    asked = sorted(ready(day_of(session, at)).findings, key=in_day_order)
    standing = [finding for finding in asked if finding.weighs.weight > Level.CAUTION.weight]
    fixed = [finding for finding in standing if not _may_go_ahead(finding)]
    if fixed:
        raise Refused(_("Not ready. %(why)s") % {"why": " ".join(_said(f) for f in standing)}, hint="gate")
    if not standing:
        return
    if not words.strip():
        why = " ".join(_said(finding) for finding in standing)
        raise Refused(
            _("Not yet. %(why)s A prescriber may go ahead with a reason.") % {"why": why}, field="words"
        )
    must(by, Kind.CLINICAL, Act.SIGN, in_session(session, at), at=at)


def _may_go_ahead(finding: Finding) -> bool:
    return finding.override == "prescriber" and finding.level is Level.HOLD


def _said(finding: Finding) -> str:
    return f"{finding.because} {finding.action}".strip()
