"""Before a license or certificate ends it is told once: to whoever holds it, and to whoever keeps the staff.

Decided here: how many days before is the practice's own number of the kind's row. What was renewed meanwhile
closes its own tasks. The round may be done twice and may be missed once.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from openkap.medicine.standing import ends_soon, kind_of, stands, state_of, tells_from
from openkap.permits import Actor, Role
from openkap.records.facts.clock import day
from openkap.records.facts.law import rules_at
from openkap.records.facts.standing import as_held, today_in
from openkap.records.models import Credential, Membership, Organisation, Task
from openkap.steps.frame import step
from openkap.steps.standing import keeper_role
from openkap.steps.tasks import ENDS, RENEW, close_task, make_task


@step
def tell_of_ends(*, by: Actor, at: datetime) -> int:
    """Make the tasks that are missing, close what was renewed; gives how many papers end or have ended."""
    told = 0
    for place in Organisation.objects.filter(credentials__expires_on__isnull=False).distinct():
        told += _in(by, place, at)
    return told


def _in(by: Actor, place: Organisation, at: datetime) -> int:
    today, rules = today_in(place, at), rules_at(place.pk, at)
    here = dict(
        Membership.objects.filter(Membership.in_force(at), organisation=place)
        .order_by("-since")
        .values_list("person_id", "role")
    )
    rows = list(
        Credential.objects.filter(organisation=place, person__in=here)
        .current(at)
        .with_look(at)
        .select_related("person", "organisation")
    )
    near = [row for row in rows if row.expires_on is not None and row.expires_on <= tells_from(today, rules)]
    told = 0
    for row in near:
        same = [as_held(each) for each in rows if (each.person_id, each.kind) == (row.person_id, row.kind)]
        if stands(same, (row.kind,), today).best != as_held(row):
            _renewed(by, row, at)
        elif ends_soon(as_held(row), today, rules) or state_of(as_held(row), today) == "ended":
            _tell(by, row, here[row.person_id], at)
            told += 1
    return told


def _tell(by: Actor, row: Credential, role: str, at: datetime) -> None:
    """One task to the person, one to whoever keeps the staff; each is made once for this paper, ever."""
    assert row.expires_on is not None
    named = {"what": _(kind_of(row.kind).title), "who": row.person.name, "day": day(row.expires_on)}
    theirs = _("Renew your %(what)s. Its last day: %(day)s.") % named
    _once(by, row, RENEW, theirs, Role(role), at, owner=True)
    keeps = keeper_role(row.organisation_id, at, row.person_id)
    if keeps is not None:
        words = _("%(what)s of %(who)s. Its last day: %(day)s. Ask for the renewed one.") % named
        _once(by, row, ENDS, words, keeps, at)


def _once(
    by: Actor, row: Credential, code: str, words: str, role: Role, at: datetime, *, owner: bool = False
) -> None:
    assert row.expires_on is not None
    what = f"{code}{row.pk.hex}"
    if Task.objects.filter(what=what).exists():
        return
    end = datetime.combine(row.expires_on, time(), tzinfo=ZoneInfo(row.organisation.zone)) + timedelta(days=1)
    make_task(
        by,
        at=at,
        organisation=row.organisation,
        what=what,
        text=words,
        due_at=max(end, at),
        role=role,
        owner=row.person if owner else None,
    )


def _renewed(by: Actor, row: Credential, at: datetime) -> None:
    codes = [f"{code}{row.pk.hex}" for code in (RENEW, ENDS)]
    for task in Task.objects.filter(what__in=codes, done_at=None):
        close_task(by, task, at=at, outcome=_("Renewed"))
