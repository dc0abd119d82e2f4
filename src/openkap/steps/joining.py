"""Accepting an invitation: the therapist proves the code, says who they are, and the grant begins.

Decided here: whoever holds the link and not the code learns nothing; five wrong codes end it. A person
new to this site gets a practice of their own, in which they are therapist and administrator; the
practice that keeps the course is asked to check their license, and care can be planned meanwhile. The
grant is the patient's: it stands in their name, as they gave it when they asked
(docs/adr/0025-invitations.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest
from uuid import UUID

from django.utils.translation import gettext as _

from openkap.permits import Act, Actor, ActorKind, Bound, Kind, Role
from openkap.records.invitations import code_of
from openkap.records.links import hash_of
from openkap.records.models import Credential, Grant, Invitation, Membership, Organisation, Person, User
from openkap.records.words import one_line
from openkap.steps.frame import Refused, must, step, tell
from openkap.steps.sharing import TREATING, open_grant
from openkap.steps.tasks import LICENSE, make_task

TRIES = 5
LICENSE_CHECK = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Someone not yet known to this site, as they say themselves."""

    given_name: str
    family_name: str
    title: str
    practice: str
    license_state: str
    license_number: str
    password: str


def invited_with(token: str) -> Invitation | None:
    rows = Invitation.objects.select_related("course__organisation", "organisation", "patient", "grant")
    return rows.filter(token_hash=hash_of(token)).first()


def holder_of(invitation: Invitation, *, where: str, person: Person | None = None) -> Actor:
    """Whoever holds this invitation's link; `person` where they have signed in."""
    return Actor(
        ActorKind.LINK,
        person.name if person is not None else invitation.to_name,
        id=invitation.pk,
        person=person.pk if person is not None else None,
        organisation=invitation.organisation_id,
        bound=Bound(patient=invitation.patient_id, course=invitation.course_id, purpose="invite"),
        where=where,
    )


def show_code(*, by: Actor, at: datetime, invitation: Invitation, code: str) -> bool:
    """Whether the code is right. A wrong one is counted, and the fifth ends the invitation."""
    if compare_digest(code.strip().upper().encode(), code_of(invitation).encode()):
        return True
    _count_wrong(by=by, at=at, invitation=invitation)
    return False


@step
def _count_wrong(*, by: Actor, at: datetime, invitation: Invitation) -> None:
    must(by, Kind.SHARING, Act.CONFIRM, invitation, at=at)
    row = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    row.wrong_tries += 1
    if row.wrong_tries >= TRIES:
        row.ended_at = at
        tell(by, "invitation.closed_by_wrong_codes", row, at=at)
    row.save(update_fields=["wrong_tries", "ended_at"])


@step
def accept_invitation(
    *,
    by: Actor,
    at: datetime,
    invitation: Invitation,
    person: Person | None = None,
    organisation: Organisation | None = None,
    newcomer: Newcomer | None = None,
    submission: UUID | None = None,
) -> Person:
    """Join the course, as someone who is signed in (`person` under `organisation`) or as a newcomer."""
    must(by, Kind.SHARING, Act.CONFIRM, invitation, at=at)
    rows = Invitation.objects.select_for_update(of=("self",))
    row = rows.select_related("course__organisation", "organisation", "patient", "by_person").get(
        pk=invitation.pk
    )
    if row.stands(at) != "sent" or row.course.ended_at is not None:
        raise Refused(_("This invitation can no longer be accepted. Ask for a new one."))
    if newcomer is not None:
        person, organisation = _register(row, newcomer, at)
    assert person is not None and organisation is not None
    _refuse_not_treating(row, person, organisation, at)
    row.grant = open_grant(
        _patient(row),
        at=at,
        course=row.course,
        to_organisation=organisation,
        to_person=person,
        scopes=row.scopes,
        purpose=row.purpose,
        until=row.until,
        from_start=row.from_start,
    )
    row.accepted_at, row.to_person, row.to_organisation = at, person, organisation
    row.save(update_fields=["grant", "accepted_at", "to_person", "to_organisation"])
    tell(by, "invitation.accepted", row, at=at)
    if newcomer is not None:
        _ask_to_check(by, row, person, at)
    return person


@step
def decline_invitation(
    *, by: Actor, at: datetime, invitation: Invitation, submission: UUID | None = None
) -> None:
    """Not able to. The patient reads that, and nothing else."""
    must(by, Kind.SHARING, Act.CONFIRM, invitation, at=at)
    row = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    row.declined_at = at
    row.save(update_fields=["declined_at"])
    tell(by, "invitation.declined", row, at=at)


def _register(row: Invitation, newcomer: Newcomer, at: datetime) -> tuple[Person, Organisation]:
    if User.objects.filter(email=row.to_email).exists():
        raise Refused(_("This address has a sign-in here already. Sign in, then open the link again."))
    name = one_line(newcomer.practice)
    if Organisation.objects.filter(name__iexact=name).exists():
        raise Refused(
            _(
                "A practice of this name is already here. If it is yours, sign in, then open the link "
                "again. If not, write the name another way."
            ),
            field="practice",
        )
    keeper = row.organisation
    practice = Organisation.objects.create(
        name=name, what=Organisation.What.THERAPY, zone=keeper.zone, country=keeper.country
    )
    person = Person.objects.create(
        given_name=newcomer.given_name,
        family_name=newcomer.family_name,
        title=newcomer.title,
        email=row.to_email,
    )
    User.objects.create_user(row.to_email, newcomer.password, person=person)
    for role in (Role.THERAPIST, Role.ADMINISTRATOR):
        Membership.objects.create(person=person, organisation=practice, role=role.value, since=at)
    Credential.objects.create(
        person=person,
        organisation=practice,
        kind="license",
        number=newcomer.license_number,
        state=newcomer.license_state,
        given_at=at,
    )
    return person, practice


def _refuse_not_treating(row: Invitation, person: Person, organisation: Organisation, at: datetime) -> None:
    if organisation.pk == row.organisation_id:
        raise Refused(_("Your practice keeps this course itself. There is nothing to join."))
    if person.pk == row.patient_id:
        raise Refused(_("You cannot be your own therapist."))
    treats = Membership.objects.filter(
        Membership.in_force(at),
        person=person,
        organisation=organisation,
        role__in=[r.value for r in TREATING],
    )
    if not treats.exists():
        raise Refused(_("Accept this as a therapist: change the practice you work for at the top first."))
    shared = Grant.objects.filter(
        Grant.in_force(at),
        patient_id=row.patient_id,
        organisation_id=row.organisation_id,
        to_organisation=organisation,
        to_person=person,
    )
    if shared.exists():
        raise Refused(_("%(name)s already shares this with you.") % {"name": row.patient.name})


def _patient(row: Invitation) -> Actor:
    """The patient, whose word this is."""
    return Actor(
        ActorKind.PERSON,
        row.patient.name,
        id=row.patient_id,
        person=row.patient_id,
        as_patient=True,
        where="invitation",
    )


def _ask_to_check(by: Actor, row: Invitation, person: Person, at: datetime) -> None:
    make_task(
        by,
        at=at,
        organisation=row.organisation,
        what=f"{LICENSE}{row.pk.hex}",
        text=_("Check the license of %(name)s, who treats %(patient)s with you.")
        % {"name": person.name, "patient": row.patient.name},
        due_at=at + LICENSE_CHECK,
        role=Role.PRESCRIBER,
        course=row.course,
    )
