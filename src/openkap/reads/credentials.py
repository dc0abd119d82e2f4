"""A license or certificate in words: how it stands, who looked at it, and everything that happened to it.

Decided here: what is asked of a role and was never written down is a line of its own, so that nothing is
missing by silence. What somebody looked at is told with their name, the day and where.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from openkap.medicine.rules import Rule, RuleSet
from openkap.medicine.standing import (
    ENDED,
    NONE,
    NOT_VALID,
    VALID,
    Held,
    days_left,
    ends_soon,
    kind_of,
    kinds,
    stands,
    state_of,
)
from openkap.permits import Role
from openkap.records.facts.clock import day, moment
from openkap.records.facts.standing import as_held
from openkap.records.models import Credential, CredentialCheck

LEVELS = {
    "valid": "clear",
    "undated": "caution",
    "unlooked": "caution",
    "none": "unknown",
    "ended": "stop",
    "not_valid": "stop",
}
SAYS = {
    "valid": gettext_noop("Valid"),
    "undated": gettext_noop("Valid, its last day is not on record"),
    "unlooked": gettext_noop("Nobody has looked at it"),
    "none": gettext_noop("Not on record"),
    "ended": gettext_noop("Ended"),
    "not_valid": gettext_noop("Found not valid"),
}
LOOKS = {
    "valid": gettext_noop("Looked at: valid"),
    "not_valid": gettext_noop("Looked at: not valid"),
    "taken_back": gettext_noop("Took back a look"),
}


@dataclass(frozen=True, slots=True)
class Paper:
    """One license or certificate, or one that is missing (`id` None). `looked`: by whom, when and where."""

    id: UUID | None
    kind: str
    title: str
    number: str
    given_by: str
    note: str
    last_day: str
    left: str
    state: str
    level: str
    says: str
    looked: str = ""
    holds: str = ""
    days: int | None = None
    theirs: bool = False

    @property
    def soon(self) -> bool:
        return self.level == "caution" and self.state == "valid"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened to someone's papers, newest first. `check`: a look that can be taken back."""

    when: str
    who: str
    what: str
    words: str
    check: UUID | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    today: date
    zone: ZoneInfo
    rules: RuleSet
    held: dict[UUID, tuple[Held, ...]]


def papers_of(seen: Seen, person: UUID, roles: frozenset[Role], rows: list[Credential]) -> list[Paper]:
    """What they hold; then what their roles are asked for and nobody wrote down."""
    found = [_paper(row, seen) for row in rows]
    have, named = {row.kind for row in rows}, {role.value for role in roles}
    for rule in kinds():
        kind = rule.words["kind"]
        if kind in have or not named & set(rule.words["asked_of"]):
            continue
        stand = stands(seen.held.get(person, ()), (kind,), seen.today)
        # A license that was looked at when a role was given, and never written down.
        looked = _("Looked at when a role was given") if stand.state != NONE else ""
        found.append(
            Paper(
                None, kind, _(rule.title), "", "", "", "", "", stand.state, LEVELS[stand.state],
                _(SAYS[stand.state]), looked,
            )
        )  # fmt: skip
    return found


def _paper(row: Credential, seen: Seen) -> Paper:
    one, rule = as_held(row), kind_of(row.kind)
    state, days = state_of(one, seen.today), days_left(one, seen.today)
    soon = state == VALID and ends_soon(one, seen.today, seen.rules)
    gone = state in (ENDED, NOT_VALID)
    return Paper(
        id=row.pk,
        kind=row.kind,
        title=_(rule.title),
        number=row.number,
        given_by=", ".join(part for part in (row.state, row.body) if part),
        note=row.note,
        last_day=day(row.expires_on) if row.expires_on is not None else "",
        left=_left(days),
        state=state,
        level="caution" if soon else rule.words["ended_level"] if gone else LEVELS[state],
        says=_("Ends soon") if soon else _(SAYS[state]),
        looked=_looked(row, seen.zone),
        holds=rule.words["ended"] if gone else "",
        days=days,
        theirs=row.written_by_id in (None, row.person_id),
    )


def _left(days: int | None) -> str:
    if days is None:
        return ""
    if days < 0:
        return ngettext("%(n)s day ago", "%(n)s days ago", -days) % {"n": -days}
    return ngettext("%(n)s day left", "%(n)s days left", days) % {"n": days}


def _looked(row: Credential, zone: ZoneInfo) -> str:
    """Osric Thanewell, March 3, 2027: the board's own list."""
    if row.look_at is not None:
        on = day(row.look_at.astimezone(zone).date())
        return _("%(who)s, %(day)s: %(where)s") % {"who": row.look_by, "day": on, "where": row.look_where}
    return day(row.checked_at.astimezone(zone).date()) if row.checked_at is not None else ""


def ended_words(rule: Rule, last: date | None) -> str:
    """What of one's own ended and what that holds, in sentences."""
    named = {
        "what": _(rule.title),
        "day": day(last) if last is not None else "",
        "holds": rule.words["ended"],
    }
    if last is None:
        return _("Your %(what)s was looked at and not found valid. %(holds)s") % named
    return _("Your %(what)s ended: its last day was %(day)s. %(holds)s") % {**named, "day": day(last)}


def history_of(rows: list[Credential], zone: ZoneInfo) -> tuple[Step, ...]:
    """Written, corrected, taken away, looked at, taken back: the newest first. One query more."""
    told: list[tuple[datetime, Step]] = []
    for row in rows:
        what = _("Taken away") if row.withdrawn else _("Corrected") if row.corrects_id else _("Written down")
        who = row.written_by.name if row.written_by is not None else ""
        words = ". ".join(part for part in (_name(row), row.reason) if part)
        told.append((row.given_at, Step(moment(row.given_at, zone), who, what, words)))
    checks = list(
        CredentialCheck.objects.filter(credential__in=[row.pk for row in rows]).select_related("credential")
    )
    back = {check.takes_back_id for check in checks}
    for check in checks:
        can = check.found != CredentialCheck.Found.TAKEN_BACK and check.pk not in back
        words = ". ".join(part for part in (_name(check.credential), check.where, check.words) if part)
        what = _(LOOKS[check.found])
        told.append(
            (check.at, Step(moment(check.at, zone), check.by_name, what, words, check.pk if can else None))
        )
    return tuple(step for _at, step in sorted(told, key=lambda pair: pair[0], reverse=True))


def _name(row: Credential) -> str:
    last = _("to %(day)s") % {"day": day(row.expires_on)} if row.expires_on is not None else ""
    return " ".join(part for part in (_(kind_of(row.kind).title), row.number, row.state, last) if part)
