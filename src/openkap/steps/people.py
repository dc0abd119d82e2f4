"""People and their places: registering someone, opening a file, giving and ending a role."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from openkap.permits import Act, Actor, Kind, Role, Subject
from openkap.records.models import Course, Membership, Organisation, PatientFile, Person
from openkap.steps.frame import Refused, must, step, tell
from openkap.steps.links import tell_old_address
from openkap.steps.staff import refuse_escalation, refuse_leaving


@step
def register_patient(
    *,
    by: Actor,
    at: datetime,
    organisation: Organisation,
    details: dict[str, Any],
    outside_id: str = "",
    submission: UUID | None = None,
) -> PatientFile:
    """A new person with a file here. `details` are Person columns, as `given_name`, `born_on`."""
    must(by, Kind.IDENTITY, Act.ADD, Subject(Kind.IDENTITY, keeper=organisation.id), at=at)
    person = Person.objects.create(**details)
    return open_file(by=by, at=at, organisation=organisation, patient=person, outside_id=outside_id)


@step
def open_file(
    *, by: Actor, at: datetime, organisation: Organisation, patient: Person, outside_id: str = ""
) -> PatientFile:
    """This person becomes a patient of this organisation; one file, however often asked."""
    must(by, Kind.IDENTITY, Act.ADD, Subject(Kind.IDENTITY, keeper=organisation.id), at=at)
    file, new = file_for(organisation, patient, at, outside_id)
    if new:
        tell(by, "file.opened", file, at=at)
    return file


def file_for(
    organisation: Organisation, patient: Person, at: datetime, outside_id: str = ""
) -> tuple[PatientFile, bool]:
    """The file of this person here, made if it is the first; inside a step whose permit stands for it."""
    # Two files opened at once would be given the same number.
    Organisation.objects.select_for_update().only("id").get(pk=organisation.pk)
    number = f"{PatientFile.objects.filter(organisation=organisation).count() + 1:05d}"
    return PatientFile.objects.get_or_create(
        organisation=organisation,
        patient=patient,
        defaults={"number": number, "outside_id": outside_id, "opened_at": at},
    )


@step
def change_contact(
    *,
    by: Actor,
    at: datetime,
    file: PatientFile,
    chosen_name: str,
    pronouns: str,
    email: str,
    phone: str,
    language: str = "",
    submission: UUID | None = None,
) -> Person:
    """What to call someone and where to reach them. Their legal name and birth date are not changed here.

    Who reads what comes to the mail address can sign in as this person: it is changed where care began,
    and not by whoever they share with, or shared with once. The address of before is told.
    """
    must(by, Kind.IDENTITY, Act.ADD, file, at=at)
    person = Person.objects.select_for_update().get(pk=file.patient_id)
    if email.strip().lower() != person.email.strip().lower():
        _refuse_other_keeper(file)
        tell_old_address(by, person, file.organisation, at=at)
    person.chosen_name, person.pronouns, person.email, person.phone = chosen_name, pronouns, email, phone
    person.language = language or person.language
    person.save()
    tell(by, "contact.changed", file, at=at)
    return person


def _refuse_other_keeper(file: PatientFile) -> None:
    """The practice of the first course keeps the address; before any course, that of the first file."""
    first = Course.objects.filter(patient_id=file.patient_id).order_by("opened_at", "id").first()
    keeper = first or PatientFile.objects.filter(patient_id=file.patient_id).earliest("opened_at", "id")
    if keeper.organisation_id != file.organisation_id:
        raise Refused(
            _("%(practice)s keeps this mail address and sends links to it. Have it changed there.")
            % {"practice": keeper.organisation.name},
            field="email",
        )


@step
def choose_language(*, by: Actor, at: datetime, language: str, submission: UUID | None = None) -> None:
    """A patient says in which language pages and messages speak to them from now on."""
    about = Subject(Kind.IDENTITY, patient=by.person)
    must(by, Kind.IDENTITY, Act.CORRECT, about, at=at)
    if by.person and Person.objects.filter(pk=by.person).exclude(language=language).update(language=language):
        tell(by, "language.chosen", None, at=at, patient=by.person)


@step
def give_role(
    *, by: Actor, at: datetime, organisation: Organisation, person: Person, role: Role
) -> Membership:
    """From now on this person holds this role here; nothing changes if they already do."""
    must(by, Kind.STAFF, Act.ADD, organisation, at=at)
    refuse_escalation(by, {role}, at)
    refuse_leaving(organisation, person)
    membership, new = Membership.objects.get_or_create(
        organisation=organisation, person=person, role=role, until=None, defaults={"since": at}
    )
    if new:
        tell(by, "role.given", membership, at=at)
    return membership


@step
def end_role(*, by: Actor, at: datetime, membership: Membership, submission: UUID | None = None) -> None:
    """The role ends now. The row stays: what was done under it was rightly done."""
    must(by, Kind.STAFF, Act.ADD, membership, at=at)
    refuse_escalation(by, {Role(membership.role)}, at)
    if membership.until is not None:
        raise Refused(_("This role has already ended."))
    membership.until = at
    membership.save(update_fields=["until"])
    tell(by, "role.ended", membership, at=at)
