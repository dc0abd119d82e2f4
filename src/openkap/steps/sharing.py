"""The patient lets another practice see some of what one practice keeps, and stops it again.

Decided here: only the patient shares. Sharing less, and stopping, is always possible and counts from
that moment; sharing more is not, while a dose may still act. A change is a new grant: the old one
ends and keeps its own list of what was shown under it. When the last grant to a practice ends, so
does its part in the courses; what its people wrote stays theirs.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from openkap.permits import Act, Actor, Kind, Role, Subject
from openkap.permits.roles import GRANT_SCOPES
from openkap.records.base import Authored
from openkap.records.facts.altered import altered_until
from openkap.records.models import Course, Grant, Membership, Organisation, Person
from openkap.steps.consent import said
from openkap.steps.course import take_part
from openkap.steps.frame import Refused, must, step, tell
from openkap.steps.parting import end_dates, part, shared_again
from openkap.steps.people import file_for

# Who in a practice may be named as the one who sees: those who treat.
TREATING = (Role.THERAPIST, Role.PRESCRIBER)


@step
def grant(
    *,
    by: Actor,
    at: datetime,
    course: Course,
    to_organisation: Organisation,
    to_person: Person | None,
    scopes: Iterable[str],
    purpose: str,
    until: datetime,
    from_start: bool = True,
    submission: UUID | None = None,
) -> Grant:
    """Let `to_organisation` (or one person in it) see `scopes` of what the course's practice keeps.

    A grant to the same receiver that is still in force ends and this one follows. Raises Refused
    where it would open more than before while a dose may still act.
    """
    must(by, Kind.SHARING, Act.SHARE, _subject(course), at=at)
    wanted = known_scopes(scopes)
    _refuse_receiver(course, to_organisation, to_person, at)
    refuse_end(until, at)
    before = _standing_grants(course, to_organisation).filter(to_person=to_person).first()
    if not _only_narrows(before, wanted, until, from_start, at):
        refuse_widening(course, at)
    made = open_grant(
        by,
        at=at,
        course=course,
        to_organisation=to_organisation,
        to_person=to_person,
        scopes=wanted,
        purpose=purpose,
        until=until,
        from_start=from_start,
    )
    tell(by, "sharing.granted", made, at=at)
    return made


def open_grant(
    patient: Actor,
    *,
    at: datetime,
    course: Course,
    to_organisation: Organisation,
    to_person: Person | None,
    scopes: Iterable[str],
    purpose: str,
    until: datetime,
    from_start: bool,
) -> Grant:
    """The grant itself, in the patient's name, inside the step whose permit stands for it.

    One that stood for the same receiver ends, and this one follows.
    """
    for before in _standing_grants(course, to_organisation).filter(to_person=to_person):
        _end(patient, before, at, replaced=True)
    made = Grant.objects.create(
        **Authored.authored(patient),
        patient_id=course.patient_id,
        organisation_id=course.organisation_id,
        to_organisation=to_organisation,
        to_person=to_person,
        scopes=sorted(scopes),
        purpose=purpose.strip()[:200] or _("To plan therapy around your doses"),
        made_at=at,
        from_start=from_start,
        until=until,
    )
    file_for(to_organisation, course.patient, at)
    take_part(patient, at=at, course=course, organisation=to_organisation, person=to_person)
    _dates(patient, made, at)
    return made


@step
def revoke(*, by: Actor, at: datetime, grant: Grant, submission: UUID | None = None) -> Grant:
    """Stop sharing with this receiver now. Always possible; stopping what has stopped changes nothing."""
    must(by, Kind.SHARING, Act.SHARE, grant, at=at)
    grant = _standing(grant)
    if grant.revoked_at is None:
        _end(by, grant, at, replaced=False)
        part(by, grant, at=at)
    return grant


@step
def change_scopes(
    *, by: Actor, at: datetime, grant: Grant, scopes: Iterable[str], submission: UUID | None = None
) -> Grant | None:
    """The same receiver, purpose and end with other scopes. With none left, sharing stops: None."""
    must(by, Kind.SHARING, Act.SHARE, grant, at=at)
    grant = _standing(grant)
    if grant.revoked_at is not None or grant.until <= at:
        raise Refused(_("Sharing has already stopped. To share again, start anew below."))
    wanted = frozenset(scopes)
    if not wanted:
        revoke(by=by, at=at, grant=grant)
        return None
    if wanted == frozenset(grant.scopes):
        return grant
    if not wanted <= frozenset(grant.scopes):
        refuse_widening_for(grant.patient_id, grant.organisation, at)
    _end(by, grant, at, replaced=True)
    made = Grant.objects.create(
        **Authored.authored(by),
        patient_id=grant.patient_id,
        organisation_id=grant.organisation_id,
        to_organisation_id=grant.to_organisation_id,
        to_person_id=grant.to_person_id,
        scopes=sorted(known_scopes(wanted)),
        purpose=grant.purpose,
        made_at=at,
        from_start=grant.from_start,
        until=grant.until,
    )
    _dates(by, made, at)
    tell(by, "sharing.changed", made, at=at)
    return made


def _standing(grant: Grant) -> Grant:
    """The grant that stands for this receiver now: a page may still show the one it replaced."""
    grant = Grant.objects.select_related("organisation").get(pk=grant.pk)
    if grant.revoked_at is None:
        return grant
    later = (
        Grant.objects.select_related("organisation")
        .filter(
            patient_id=grant.patient_id,
            organisation_id=grant.organisation_id,
            to_organisation_id=grant.to_organisation_id,
            to_person_id=grant.to_person_id,
            revoked_at=None,
        )
        .first()
    )
    return later or grant


def refuse_widening(course: Course, at: datetime) -> None:
    refuse_widening_for(course.patient_id, course.organisation, at)


def refuse_widening_for(patient: UUID, keeper: Organisation, at: datetime) -> None:
    """Nothing more is opened while a dose may still act; less, or nothing, always can be."""
    if (until := altered_until(patient, at)) is not None:
        raise Refused(
            _(
                "Not today. You had, or are having, a dose, and nothing more is opened until it has worn "
                "off. You can share more from %(time)s on. You can share less, or stop, at any time."
            )
            % {"time": said(until, keeper)}
        )


def _subject(course: Course) -> Subject:
    return Subject(Kind.SHARING, course.organisation_id, course.patient_id, course.id)


def known_scopes(scopes: Iterable[str]) -> frozenset[str]:
    wanted = frozenset(scopes)
    if not wanted:
        raise Refused(_("Choose at least one thing to share."), field="scopes")
    if strangers := wanted - GRANT_SCOPES.keys():
        raise Refused(_("%(what)s cannot be shared.") % {"what": sorted(strangers)[0]}, field="scopes")
    return wanted


def _refuse_receiver(course: Course, practice: Organisation, person: Person | None, at: datetime) -> None:
    if practice.id == course.organisation_id:
        raise Refused(
            _("%(practice)s keeps this record itself. Choose another practice.")
            % {"practice": practice.name},
            field="to",
        )
    treating = Membership.objects.filter(
        Membership.in_force(at), organisation=practice, role__in=[role.value for role in TREATING]
    )
    if person is not None and not treating.filter(person=person).exists():
        raise Refused(
            _("%(name)s does not treat people at %(practice)s.")
            % {"name": person.name, "practice": practice.name},
            field="to",
        )


def refuse_end(until: datetime, at: datetime) -> None:
    if until <= at:
        raise Refused(_("The end has already passed. Choose a later day."), field="until")


def _standing_grants(course: Course, practice: Organisation) -> QuerySet[Grant]:
    return Grant.objects.filter(
        patient_id=course.patient_id,
        organisation_id=course.organisation_id,
        to_organisation=practice,
        revoked_at=None,
    )


def _only_narrows(
    before: Grant | None, wanted: frozenset[str], until: datetime, from_start: bool, at: datetime
) -> bool:
    return (
        before is not None
        and before.until > at
        and wanted <= frozenset(before.scopes)
        and until <= before.until
        and (before.from_start or not from_start)
    )


def _end(by: Actor, grant: Grant, at: datetime, *, replaced: bool) -> None:
    """A grant that ran out ended at its end; any other ends now."""
    grant.revoked_at = min(at, grant.until)
    grant.save(update_fields=["revoked_at"])
    tell(by, "sharing.replaced" if replaced else "sharing.stopped", grant, at=at)


def _dates(by: Actor, made: Grant, at: datetime) -> None:
    """What rested on dates goes with them, and is asked no more once they are shared again."""
    if "schedule" in made.scopes:
        shared_again(by, made, at=at)
    else:
        end_dates(by, made, at=at)
