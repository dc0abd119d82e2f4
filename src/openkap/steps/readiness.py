"""Starting only what the gate lets through: everything missing is told at once.

Decided here: a line that names who may go ahead asks for that person's own words, and keeps them beside the
line as it read then; all others are mended, not worded away. What is unknown is asked, never overruled.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from openkap.medicine.course.gate import in_day_order, ready
from openkap.medicine.verdict import Finding, Level
from openkap.permits import Act, Actor, Kind
from openkap.records.facts.gate import day_of
from openkap.records.facts.law import rules_of
from openkap.records.models import GoAhead, Session
from openkap.records.standing import standing_of
from openkap.steps.frame import Refused, Stale, must, step, tell
from openkap.steps.overrule import may_overrule, who_overrules
from openkap.steps.room import a_person, authored_in, held, in_session, must_be_before


@step
def go_ahead(
    *,
    by: Actor,
    at: datetime,
    session: Session,
    rule: str,
    words: str,
    because: str = "",
    submission: UUID | None = None,
) -> GoAhead:
    """Go ahead over one line of the gate, with a reason. `because` is how the line read on the page.

    Raises Refused where nobody, or not this person, may go ahead; Stale where the line reads otherwise now.
    """
    must(by, Kind.CLINICAL, Act.SEE, in_session(session, at), at=at)
    a_person(by)
    session = held(session)
    must_be_before(session)
    finding = next((f for f in standing(session, at) if f.rule == rule), None)
    if finding is None:
        raise Stale(_("This line is settled by now. Look at the gate again."))
    if because and because != finding.because:
        raise Stale(_("This line changed: %(why)s Look again, then decide.") % {"why": finding.because})
    return _kept(by, session, finding, words, at)


def refuse_unready(by: Actor, session: Session, words: str, *, at: datetime) -> None:
    """Refuse where anything is missing. With `words`, whoever may goes ahead over what is left."""
    left = standing(session, at)
    if any(not may_be_gone_over(finding) for finding in left):
        raise Refused(_("Not ready. %(why)s") % {"why": " ".join(_said(f) for f in left)}, hint="gate")
    if not left:
        return
    if not words.strip():
        why = " ".join(_said(finding) for finding in left)
        raise Refused(
            _("Not yet. %(why)s A prescriber may go ahead with a reason.") % {"why": why}, field="words"
        )
    must(by, Kind.CLINICAL, Act.SIGN, in_session(session, at), at=at)
    for finding in left:
        _kept(by, session, finding, words, at)


def standing(session: Session, at: datetime) -> list[Finding]:
    """The lines that keep this dose from starting, in the order of the day."""
    asked = sorted(ready(day_of(session, at), rules_of(session, at)).findings, key=in_day_order)
    return [finding for finding in asked if finding.weighs.weight > Level.CAUTION.weight]


def may_be_gone_over(finding: Finding) -> bool:
    return finding.override is not None and finding.level is Level.HOLD


def _kept(by: Actor, session: Session, finding: Finding, words: str, at: datetime) -> GoAhead:
    if not may_be_gone_over(finding):
        raise Refused(_("%(why)s Nobody can go ahead over this.") % {"why": finding.because})
    if not may_overrule(standing_of(by, at).roles, finding):
        raise Refused(
            _("%(why)s Only %(who)s can go ahead over this.")
            % {"why": finding.because, "who": who_overrules(finding)}
        )
    if not words.strip():
        raise Refused(_("%(why)s Say why you go ahead.") % {"why": finding.because}, field="words")
    row = GoAhead.objects.create(
        **authored_in(by, session, at),
        session=session,
        rule=finding.rule,
        level=finding.level.value,
        because=finding.because[:500],
        words=words.strip()[:500],
    )
    tell(by, "gate.gone_ahead", row, at=at)
    return row


def _said(finding: Finding) -> str:
    return f"{finding.because} {finding.action}".strip()
