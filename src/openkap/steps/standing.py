"""Licenses and certificates: written down, corrected, taken away, and looked at.

Decided here: everyone writes down their own, whoever keeps the staff writes down anyone's. Nobody looks at
their own, and what was looked at a colleague corrects: else a person could renew themselves. A correction
waits for a look again. A look that was a mistake is taken back by a further row.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TypedDict, Unpack
from uuid import UUID

from django.utils.translation import gettext as _

from openkap.medicine.standing import ENDED, kind_of, kinds, last_day_of, refused
from openkap.permits import Act, Actor, ActorKind, Kind, Role
from openkap.permits.roles import MAY_GIVE
from openkap.records.base import Authored
from openkap.records.facts.clock import day
from openkap.records.facts.law import rules_at
from openkap.records.facts.standing import held_by, today_in
from openkap.records.models import Credential, CredentialCheck, Membership, Organisation, Person, Task
from openkap.steps.frame import NotPermitted, Refused, Stale, must, step, tell
from openkap.steps.tasks import ENDS, PAPER, RENEW, close_task, make_task

LOOK_WITHIN = timedelta(days=7)  # a practice's custom, not medicine
YEARS = range(1940, 2200)  # of a day that somebody meant to type
Found = CredentialCheck.Found


class Paper(TypedDict, total=False):
    """What stands on it. `expires_on`: the last day it holds; blank where none is printed."""

    kind: str
    number: str
    state: str
    body: str
    note: str
    issued_on: date | None
    expires_on: date | None


@step
def write_credential(
    *,
    by: Actor,
    at: datetime,
    organisation: Organisation,
    person: Person,
    submission: UUID | None = None,
    **paper: Unpack[Paper],
) -> Credential:
    """Write down a license or certificate of someone who works here. It waits for a colleague's look."""
    _must_write(by, organisation, person, at)
    here = Membership.objects.filter(Membership.in_force(at), person=person, organisation=organisation)
    if not here.exists():
        raise Refused(_("%(name)s does not work here now.") % {"name": person.name})
    row = Credential.objects.create(
        **_checked(paper, organisation, at),
        person=person,
        organisation=organisation,
        given_at=at,
        written_by_id=by.person,
    )
    tell(by, "credential.written", row, at=at)
    _ask_for_a_look(by, row, at)
    return row


@step
def correct_credential(
    *,
    by: Actor,
    at: datetime,
    credential: Credential,
    reason: str,
    submission: UUID | None = None,
    **paper: Unpack[Paper],
) -> Credential:
    """Another row in its place, with the reason. It waits for a look of its own."""
    old = _to_replace(by, credential, at)
    said = _because(reason)
    row = Credential.objects.create(
        **_checked({**paper, "kind": old.kind}, old.organisation, at),
        person=old.person,
        organisation=old.organisation,
        given_at=at,
        written_by_id=by.person,
        corrects=old,
        reason=said,
    )
    tell(by, "credential.corrected", row, at=at)
    _close(by, old, _("Corrected"), at)
    _ask_for_a_look(by, row, at)
    return row


@step
def take_away_credential(
    *, by: Actor, at: datetime, credential: Credential, reason: str, submission: UUID | None = None
) -> Credential:
    """It counts no more: a row that says so, with the reason. What was done under it stays."""
    old = _to_replace(by, credential, at)
    row = Credential.objects.create(
        person=old.person,
        organisation=old.organisation,
        kind=old.kind,
        number=old.number,
        state=old.state,
        body=old.body,
        issued_on=old.issued_on,
        expires_on=old.expires_on,
        given_at=at,
        written_by_id=by.person,
        corrects=old,
        withdrawn=True,
        reason=_because(reason),
    )
    tell(by, "credential.taken_away", row, at=at)
    _close(by, old, _("Taken away"), at)
    return row


@step
def look_at_credential(
    *,
    by: Actor,
    at: datetime,
    credential: Credential,
    valid: bool,
    where: str,
    words: str = "",
    submission: UUID | None = None,
) -> CredentialCheck:
    """A colleague looked it up. `where`: at which board or card; `words`: what was found, or was wrong."""
    must(by, Kind.STAFF, Act.ADD, credential, at=at)
    row = _standing_now(credential)
    return keep_look(by, row, row.organisation, valid=valid, where=where, words=words, at=at)


@step
def take_back_look(
    *, by: Actor, at: datetime, check: CredentialCheck, because: str, submission: UUID | None = None
) -> CredentialCheck:
    """That look was a mistake: it counts no more, and both stay on record."""
    must(by, Kind.STAFF, Act.ADD, check, at=at)
    row = CredentialCheck.objects.select_related("credential__person").get(pk=check.pk)
    _refuse_own(by, row.credential)
    if row.found == Found.TAKEN_BACK or CredentialCheck.objects.filter(takes_back=row).exists():
        raise Refused(_("This look was taken back already."))
    back = CredentialCheck.objects.create(
        **Authored.authored(by),
        credential=row.credential,
        organisation=row.organisation,
        at=at,
        found=Found.TAKEN_BACK,
        where=_because(because),
        takes_back=row,
    )
    tell(by, "credential.look_taken_back", back, at=at)
    return back


def keep_look(
    by: Actor,
    credential: Credential,
    organisation: Organisation,
    *,
    valid: bool,
    where: str,
    at: datetime,
    words: str = "",
) -> CredentialCheck:
    """The look as a row, inside the step that has permission for it. `organisation`: of whoever looked."""
    _refuse_own(by, credential)
    if not where.strip():
        raise Refused(_("Say where you looked, or what was wrong."), field="where")
    row = CredentialCheck.objects.create(
        **Authored.authored(by),
        credential=credential,
        organisation=organisation,
        at=at,
        found=Found.VALID if valid else Found.NOT_VALID,
        where=where.strip()[:300],
        words=words.strip()[:300],
    )
    tell(by, "credential.found_valid" if valid else "credential.found_not_valid", row, at=at)
    _close(by, credential, _("Valid") if valid else _("Not valid"), at, codes=(PAPER,))
    return row


def refuse_ended_paper(by: Actor, act: str, organisation: Organisation, *, at: datetime) -> None:
    """Refuse what an ended license or registration of `by` holds. `act`: order, decide or on_site."""
    if by.kind is not ActorKind.PERSON or by.person is None:
        return
    held = held_by([by.person], organisation.pk, at).get(by.person, ())
    found = refused(act, held, today_in(organisation, at))
    if found is None:
        return
    rule, stands = found
    last = stands.best.last_day if stands.best is not None else None
    if stands.state == ENDED and last is not None:
        why = _("Your %(what)s ended: its last day was %(day)s.") % {"what": _(rule.title), "day": day(last)}
    else:
        why = _("Your %(what)s was looked at and not found valid.") % {"what": _(rule.title)}
    raise Refused(
        _("%(why)s Write down the renewed one under My licenses and certificates; a colleague looks at it.")
        % {"why": why},
        hint="standing",
    )


def keepers(organisation: UUID, at: datetime, but: UUID | None = None) -> dict[Role, set[UUID]]:
    """Whoever keeps the staff here now, by role, without one person."""
    rows = Membership.objects.filter(
        Membership.in_force(at), organisation=organisation, role__in=[role.value for role in MAY_GIVE]
    ).values_list("role", "person_id")
    found: dict[Role, set[UUID]] = {}
    for role, person in rows:
        if person != but:
            found.setdefault(Role(role), set()).add(person)
    return found


def keeper_role(organisation: UUID, at: datetime, but: UUID | None = None) -> Role | None:
    """On whose list it is: the medical director's, else the administrators'; None where nobody else is."""
    found = keepers(organisation, at, but)
    return next((role for role in (Role.MEDICAL_DIRECTOR, Role.ADMINISTRATOR) if role in found), None)


def _must_write(by: Actor, organisation: Organisation, person: Person, at: datetime) -> None:
    if by.kind is ActorKind.PERSON and by.person == person.pk and by.organisation == organisation.pk:
        if by.as_patient:
            raise NotPermitted(_("Only staff keep licenses here."))
        return
    must(by, Kind.STAFF, Act.ADD, organisation, at=at)


def _to_replace(by: Actor, credential: Credential, at: datetime) -> Credential:
    """The row as it stands, for whoever may put another in its place."""
    row = _standing_now(credential)
    _must_write(by, row.organisation, row.person, at)
    if by.person == row.person_id and (row.checked_at is not None or row.checks.counting(at).exists()):
        raise Refused(
            _("A colleague has looked at this. Whoever keeps the staff corrects it; add a new one.")
        )
    return row


def _standing_now(credential: Credential) -> Credential:
    rows = Credential.objects.select_for_update(of=("self",)).select_related("person", "organisation")
    row: Credential = rows.get(pk=credential.pk)
    if row.withdrawn or Credential.objects.filter(corrects=row).exists():
        raise Stale(_("This was corrected since you opened it. Look at it as it is now, then decide."))
    return row


def _refuse_own(by: Actor, credential: Credential) -> None:
    if by.person == credential.person_id:
        raise Refused(_("Nobody looks at their own. A colleague who keeps the staff does."))


def _because(reason: str) -> str:
    if not reason.strip():
        raise Refused(_("Say why, in a few words."), field="reason")
    return reason.strip()[:300]


def _checked(paper: Paper, organisation: Organisation, at: datetime) -> Paper:
    """The values as they are kept. Raises Refused by field."""
    kind, today = paper.get("kind", ""), today_in(organisation, at)
    if kind not in {rule.words["kind"] for rule in kinds()}:
        raise Refused(_("Choose what it is."), field="kind")
    issued, last = paper.get("issued_on"), paper.get("expires_on")
    number, note = paper.get("number", "").strip(), paper.get("note", "").strip()
    if kind in ("license", "dea") and not number:
        raise Refused(_("Write its number, as it is printed."), field="number")
    if kind == "license" and not paper.get("state", "").strip():
        raise Refused(_("Say for which state it is."), field="state")
    if kind == "other" and not note:
        raise Refused(_("Say in the note what it is."), field="note")
    for field, on in (("issued_on", issued), ("expires_on", last)):
        if on is not None and on.year not in YEARS:
            raise Refused(_("The year %(year)s cannot be right.") % {"year": f"{on.year:04d}"}, field=field)
    if issued is not None and issued > today:
        raise Refused(_("This day is still to come. Check the date."), field="issued_on")
    if last is None and issued is not None:
        last = last_day_of(kind, issued, rules_at(organisation.pk, at))
    if issued is not None and last is not None and last < issued:
        raise Refused(_("Its last day is before the day it was given. Check both."), field="expires_on")
    return Paper(
        kind=kind,
        number=number[:60],
        state=paper.get("state", "").strip()[:60],
        body=paper.get("body", "").strip()[:120],
        note=note[:300],
        issued_on=issued,
        expires_on=last,
    )


def _ask_for_a_look(by: Actor, row: Credential, at: datetime) -> None:
    """On the list of whoever keeps the staff, but not of the person whose it is."""
    role = keeper_role(row.organisation_id, at, row.person_id)
    if role is None or by.kind is not ActorKind.PERSON:
        return
    make_task(
        by,
        at=at,
        organisation=row.organisation,
        what=f"{PAPER}{row.pk.hex}",
        text=_("Look at what %(who)s holds: %(what)s.")
        % {"who": row.person.name, "what": _(kind_of(row.kind).title)},
        due_at=at + LOOK_WITHIN,
        role=role,
    )


def _close(
    by: Actor,
    row: Credential,
    outcome: str,
    at: datetime,
    codes: tuple[str, ...] = (PAPER, ENDS, RENEW),
) -> None:
    for task in Task.objects.filter(what__in=[f"{code}{row.pk.hex}" for code in codes], done_at=None):
        close_task(by, task, at=at, outcome=outcome)
