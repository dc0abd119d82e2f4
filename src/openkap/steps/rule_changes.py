"""A medical director sets a number of a rule; a second clinician signs what goes past the library's.

Decided here: a change is signed with a reason and the day it holds from, today or later, never before.
Toward the careful side the director's name is enough. Past the library's number a prescriber or another
director signs too, whose license a colleague looked at, and it holds from then at the earliest. What another
clinic sends arrives as proposals. What the signature touches in open courses is put on a prescriber's list
(dossier 10).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from openkap.medicine.changed import Move, move_of
from openkap.medicine.inputs import plain
from openkap.medicine.rules import Rule, library
from openkap.medicine.settable import why_not
from openkap.medicine.standing import ENDED, NOT_VALID, UNDATED, UNLOOKED, VALID, stands
from openkap.permits import Act, Actor, Kind, Role, Subject
from openkap.records.base import Authored
from openkap.records.facts.gate import day_bounds
from openkap.records.facts.law import Changed, Law, law_of, let_go, rules_at, seen_of
from openkap.records.facts.rerun import open_now
from openkap.records.facts.standing import LICENSE, held_by, today_in
from openkap.records.models import Membership, Organisation, RuleChange, RuleChangeAct
from openkap.steps.frame import Refused, Stale, must, step, tell
from openkap.steps.room import a_person
from openkap.steps.tasks import add_to_task

SIGNED, SECONDED, PUT_ASIDE = RuleChangeAct.Act
# Nobody signs today what holds in a year that cannot be meant.
YEARS_AHEAD = 5
# How soon a prescriber looks at a course that a signed change touches.
LOOK = "A-LOOK-AGAIN"
TASK = "rule_change"
SECOND_NAMES = (Role.PRESCRIBER, Role.MEDICAL_DIRECTOR)


@step
def sign_change(
    *,
    by: Actor,
    at: datetime,
    organisation: Organisation,
    rule: str,
    values: Mapping[str, Decimal],
    reason: str,
    from_on: date | None = None,
    seen: str = "",
    submission: UUID | None = None,
) -> RuleChange:
    """Set these numbers of `rule` and sign it. `from_on`: a day there, absent: from now. `seen`: the numbers
    that the page was made from (`seen_of`). Raises Refused, or Stale where somebody set one of them since."""
    _may(by, organisation, Act.SIGN, reason, "words", at=at)
    known = rule_known(rule)
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    if seen and seen != seen_of(rules_at(organisation.id, at).rule(known.id)):
        raise Stale(
            _("Someone set this rule since you opened the page. Look at the numbers of now, then sign.")
        )
    entries = entries_of(organisation, known, values, at)
    starts = starts_at(organisation, from_on, at)
    row = _written(by, organisation, known.id, entries, reason, "", at)
    _sign(by, row, reason, starts, at)
    return row


@step
def sign_proposed(
    *,
    by: Actor,
    at: datetime,
    change: RuleChange,
    words: str,
    from_on: date | None = None,
    submission: UUID | None = None,
) -> RuleChangeAct:
    """Sign what was proposed, as it stands. Raises Refused, or Stale where it was settled meanwhile."""
    organisation = change.organisation
    _may(by, organisation, Act.SIGN, words, "words", at=at)
    found = _in_state(organisation, change, ("proposed",), at)
    entries_of(organisation, rule_known(change.rule), found.values, at)
    return _sign(by, change, words, starts_at(organisation, from_on, at), at)


@step
def second_change(
    *, by: Actor, at: datetime, change: RuleChange, words: str, submission: UUID | None = None
) -> RuleChangeAct:
    """The second name under a number that goes past the library's. Nobody seconds themselves."""
    organisation = change.organisation
    _may(by, organisation, Act.CONFIRM, words, "words", at=at)
    found = _in_state(organisation, change, ("second",), at)
    if by.person in (change.by_person_id, found.acts[SIGNED].by_person_id):
        raise Refused(_("You signed this. The second name is somebody else's."))
    _refuse_unlicensed(by, organisation, at)
    act = _act(by, change, SECONDED, words, None, at)
    signed = found.acts[SIGNED].from_at
    assert signed is not None
    _tasks(by, change, max(signed, at), at)
    return act


@step
def put_aside(
    *, by: Actor, at: datetime, change: RuleChange, words: str, submission: UUID | None = None
) -> RuleChangeAct:
    """This change does not come to hold. One that holds already is undone by another change."""
    _may(by, change.organisation, Act.SIGN, words, "words", at=at)
    _in_state(change.organisation, change, ("proposed", "second", "later"), at)
    return _act(by, change, PUT_ASIDE, words, None, at)


@step
def propose_changes(
    *,
    by: Actor,
    at: datetime,
    organisation: Organisation,
    origin: str,
    changes: Mapping[str, Mapping[str, Decimal]],
    reason: str,
    submission: UUID | None = None,
) -> tuple[RuleChange, ...]:
    """Numbers from another clinic's set, rule by rule, as proposals that nobody here has signed."""
    must(by, Kind.RULES, Act.SIGN, Subject(Kind.RULES, organisation.id), at=at)
    waiting = {
        (one.row.rule, tuple(sorted(one.values.items()))): one.row
        for one in law_of(organisation.id).changes
        if one.state(at) == "proposed"
    }
    rows = []
    for rule, values in changes.items():
        known = rule_known(rule)
        same = waiting.get((rule, tuple(sorted(values.items()))))
        rows.append(
            same
            or _written(
                by, organisation, rule, entries_of(organisation, known, values, at), reason, origin, at
            )
        )
    return tuple(rows)


def rule_known(id: str) -> Rule:
    try:
        return library().rule(id)
    except KeyError:
        raise Refused(_("There is no rule %(id)s.") % {"id": id}) from None


def starts_at(organisation: Organisation, from_on: date | None, at: datetime) -> datetime:
    """When a change begins that is to hold from this day: its midnight there; today means now."""
    zone = ZoneInfo(organisation.zone)
    today = at.astimezone(zone).date()
    if from_on is None or from_on == today:
        return at
    if from_on < today:
        raise Refused(
            _("A number holds from today or a later day. What was decided before stays as it was."),
            field="from_on",
        )
    if from_on.year > today.year + YEARS_AHEAD:
        raise Refused(
            _("The year %(year)s cannot be right.") % {"year": f"{from_on.year:04d}"}, field="from_on"
        )
    noon = datetime(from_on.year, from_on.month, from_on.day, 12, tzinfo=zone)
    return day_bounds(noon, zone)[0]


def _may(by: Actor, organisation: Organisation, act: Act, words: str, field: str, *, at: datetime) -> None:
    must(by, Kind.RULES, act, Subject(Kind.RULES, organisation.id), at=at)
    a_person(by)
    if not by.strong:
        raise Refused(_("This needs your second factor. Sign in with it, then sign here."))
    if not words.strip():
        raise Refused(_("Say why. Staff read it next to the rule."), field=field)


def _refuse_unlicensed(by: Actor, organisation: Organisation, at: datetime) -> None:
    """The second name is that of someone who may prescribe, by a license that a colleague looked at."""
    assert by.person is not None
    here = Membership.objects.filter(
        Membership.in_force(at), person=by.person, organisation=organisation, role__in=SECOND_NAMES
    )
    if not here.exists():
        raise Refused(_("The second name is a prescriber's, or another medical director's."))
    held = held_by({by.person}, organisation.id, at).get(by.person, ())
    state = stands(held, (LICENSE,), today_in(organisation, at)).state
    if state in (VALID, UNDATED):
        return
    says = {
        ENDED: _("Your license has ended here."),
        NOT_VALID: _("Your license was looked at here and not found valid."),
        UNLOOKED: _("Nobody has looked at your license here yet."),
    }.get(state, _("No license of yours is on record here."))
    raise Refused(
        _(
            "%(why)s A number past the library's takes a second license that holds. A colleague looks at it "
            "under Licenses and certificates; then sign here."
        )
        % {"why": says}
    )


def entries_of(
    organisation: Organisation, rule: Rule, values: Mapping[str, Decimal], at: datetime
) -> dict[str, dict[str, str]]:
    """What the row keeps of each number that moves. Raises Refused where one may not."""
    held = law_of(organisation.id).at(at).rule(rule.id)
    entries = {}
    for name, value in values.items():
        number = rule.numbers.get(name)
        says = {"name": name.replace("_", " "), "value": plain(value), "title": rule.title}
        if number is None:
            raise Refused(_("%(title)s has no number called %(name)s.") % says, field=name)
        match move_of(number, value):
            case Move.FIXED:
                raise Refused(
                    _("%(name)s is fixed by law or label. No clinic changes it.") % says, field=name
                )
            case Move.ABSURD:
                raise Refused(_("%(name)s cannot be %(value)s.") % says, field=name)
            case Move.PART:
                raise Refused(_("%(name)s is a whole number. It says %(value)s.") % says, field=name)
        if why_not(rule, name):
            raise Refused(_("%(name)s is not set here. The library's number holds.") % says, field=name)
        if value != held.numbers[name].value:
            entries[name] = {
                "value": plain(value),
                "unit": number.unit,
                "was": plain(held.numbers[name].value),
            }
    if not entries:
        raise Refused(_("These are the numbers that hold already. Nothing would change."))
    return entries


def _in_state(
    organisation: Organisation, change: RuleChange, states: tuple[str, ...], at: datetime
) -> Changed:
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    found = law_of(organisation.id).change(change.id)
    if found is None or found.state(at) not in states:
        raise Stale(_("This change was settled meanwhile. Look at it again."))
    return found


def _written(
    by: Actor,
    organisation: Organisation,
    rule: str,
    entries: dict[str, dict[str, str]],
    reason: str,
    origin: str,
    at: datetime,
) -> RuleChange:
    row = RuleChange.objects.create(
        **Authored.authored(by),
        organisation=organisation,
        rule=rule,
        numbers=entries,
        reason=reason.strip()[:500],
        origin=origin[:80],
        at=at,
    )
    let_go()
    tell(by, "rules.proposed", row, at=at)
    return row


def _sign(by: Actor, change: RuleChange, words: str, starts: datetime, at: datetime) -> RuleChangeAct:
    act = _act(by, change, SIGNED, words, starts, at)
    found = law_of(change.organisation_id).change(change.id)
    if found is not None and found.holds_from is not None:
        _tasks(by, change, starts, at)
    return act


def _act(
    by: Actor, change: RuleChange, act: RuleChangeAct.Act, words: str, from_at: datetime | None, at: datetime
) -> RuleChangeAct:
    row = RuleChangeAct.objects.create(
        **Authored.authored(by),
        organisation=change.organisation,
        change=change,
        act=act,
        words=words.strip()[:500],
        from_at=from_at,
        at=at,
    )
    let_go()
    tell(by, f"rules.change_{act}", row, at=at)
    return row


def _tasks(by: Actor, change: RuleChange, starts: datetime, at: datetime) -> None:
    """Each open course that the change touches, on a prescriber's list before it holds, or at once."""
    rule = rule_known(change.rule)
    law = law_of(change.organisation_id)
    found = law.change(change.id)
    assert found is not None
    before = Law(law.name, tuple(one for one in law.changes if one is not found))
    within = timedelta(hours=float(rules_at(change.organisation_id, at).rule(LOOK)["within"]))
    for one in open_now(change.organisation_id, before, found.as_change(), rule.area, at).different:
        words = _("%(title)s was changed here. %(what)s Look at it again.")
        add_to_task(
            by,
            at=at,
            organisation=change.organisation,
            what=TASK,
            text=words % {"title": rule.title, "what": one.says},
            due_at=max(starts, at + within),
            role=Role.PRESCRIBER,
            course=one.course,
        )
