"""Asking a therapist of another practice into a course: by the patient, or with the patient's yes.

Decided here: nothing is opened by asking. The patient says what would be shared, for what and until
when, and that word counts when the therapist accepts (`steps.joining`), also if a dose acts at that
hour: it was given before. The mail names nobody in care; the code that opens it is told by the
patient (docs/adr/0025-invitations.md).
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _

from openkap.permits import Act, Actor, Kind, Role, Subject
from openkap.records.base import Authored
from openkap.records.links import hash_of
from openkap.records.models import Course, Invitation, Organisation, Person
from openkap.records.words import one_line
from openkap.steps.frame import Refused, must, step, tell
from openkap.steps.links import TOKEN_BYTES
from openkap.steps.mail import post
from openkap.steps.practice_words import for_practice
from openkap.steps.sharing import grant as share
from openkap.steps.sharing import known_scopes, refuse_end, refuse_widening
from openkap.steps.tasks import make_task

LIVES = timedelta(days=14)


@step
def invite(
    *,
    by: Actor,
    at: datetime,
    course: Course,
    to_name: str,
    to_email: str,
    scopes: Iterable[str],
    purpose: str,
    until: datetime,
    from_start: bool = True,
    submission: UUID | None = None,
) -> tuple[Invitation, str]:
    """The patient asks someone, by mail, to join as their therapist. Returns it and its secret token.

    Raises Refused while a dose may still act, where a mail to this address already waits, and for
    what cannot be shared.
    """
    must(by, Kind.SHARING, Act.SHARE, _subject(course), at=at)
    wanted = known_scopes(scopes)
    refuse_end(until, at)
    refuse_widening(course, at)
    _refuse_ended(course)
    _refuse_waiting(course, to_email, at)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    made = Invitation.objects.create(
        **_asked(by, course, at, to_name),
        to_email=to_email.strip().lower(),
        scopes=sorted(wanted),
        purpose=purpose.strip()[:200] or _("To plan therapy around your doses"),
        until=until,
        from_start=from_start,
        approved_at=at,
        token_hash=hash_of(token),
    )
    tell(by, "invitation.sent", made, at=at)
    _send(made, token, at)
    return made, token


@step
def ask_patient_to_share(
    *,
    by: Actor,
    at: datetime,
    course: Course,
    to_name: str,
    to_email: str = "",
    to_organisation: Organisation | None = None,
    to_person: Person | None = None,
    scopes: Iterable[str],
    purpose: str,
    until: datetime,
    submission: UUID | None = None,
) -> Invitation:
    """Someone of the practice proposes whom to let know. It waits for the patient, and opens nothing."""
    must(by, Kind.CONSENT, Act.SEND, Subject(Kind.CONSENT, *_about(course)), at=at)
    wanted = known_scopes(scopes)
    refuse_end(until, at)
    _refuse_ended(course)
    if to_organisation is None and not to_email.strip():
        raise Refused(_("Choose someone of this site, or give a mail address."), field="to_email")
    if to_email:
        _refuse_waiting(course, to_email, at)
    made = Invitation.objects.create(
        **_asked(by, course, at, to_name),
        to_email=to_email.strip().lower(),
        to_organisation=to_organisation,
        to_person=to_person,
        scopes=sorted(wanted),
        purpose=purpose.strip()[:200] or _("To plan therapy around your doses"),
        until=until,
    )
    tell(by, "invitation.asked", made, at=at)
    return made


@step
def approve(
    *, by: Actor, at: datetime, invitation: Invitation, scopes: Iterable[str], submission: UUID | None = None
) -> tuple[Invitation, str]:
    """The patient says yes to what was asked for, or to less of it. Someone of this site sees it at once."""
    must(by, Kind.SHARING, Act.SHARE, invitation, at=at)
    row = _held(invitation)
    _refuse_not(row, "asked", at)
    wanted = known_scopes(scopes)
    if not wanted <= frozenset(row.scopes):
        raise Refused(_("This is more than was asked for. Share it yourself below, if you want."))
    _refuse_ended(row.course)
    refuse_widening(row.course, at)
    row.scopes, row.approved_at, row.expires_at, token = sorted(wanted), at, at + LIVES, ""
    if row.to_organisation is not None:
        row.grant = share(
            by=by,
            at=at,
            course=row.course,
            to_organisation=row.to_organisation,
            to_person=row.to_person,
            scopes=wanted,
            purpose=row.purpose,
            until=row.until,
            from_start=row.from_start,
        )
        row.accepted_at = at
    else:
        token = secrets.token_urlsafe(TOKEN_BYTES)
        row.token_hash = hash_of(token)
        _send(row, token, at)
    row.save()
    tell(by, "invitation.approved", row, at=at)
    return row, token


@step
def end_invitation(
    *, by: Actor, at: datetime, invitation: Invitation, submission: UUID | None = None
) -> Invitation:
    """The patient says no, or takes it back before anyone accepted. What asked first is told."""
    must(by, Kind.SHARING, Act.SHARE, invitation, at=at)
    row = _held(invitation)
    stands = row.stands(at)
    if stands in ("ended", "expired", "declined"):
        return row
    if stands == "accepted":
        raise Refused(_("It was accepted before you took it back. You can stop sharing on this page."))
    row.ended_at = at
    row.save(update_fields=["ended_at"])
    if stands == "asked":
        _tell_no(by, row, at)
    tell(by, "invitation.ended", row, at=at)
    return row


@step
def send_again(
    *, by: Actor, at: datetime, invitation: Invitation, submission: UUID | None = None
) -> tuple[Invitation, str]:
    """A new link to the same address, for another 14 days; the one before ends."""
    must(by, Kind.SHARING, Act.SHARE, invitation, at=at)
    row = _held(invitation)
    if row.approved_at is None or row.stands(at) not in ("sent", "expired"):
        raise Refused(_("This invitation is no longer waiting. Begin a new one."))
    _refuse_ended(row.course)
    refuse_end(row.until, at)
    refuse_widening(row.course, at)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    row.token_hash, row.expires_at, row.wrong_tries = hash_of(token), at + LIVES, 0
    row.save(update_fields=["token_hash", "expires_at", "wrong_tries"])
    _send(row, token, at)
    tell(by, "invitation.sent", row, at=at)
    return row, token


def join_address(token: str) -> str:
    return f"{settings.CSRF_TRUSTED_ORIGINS[0]}/join/{token}/"


def _send(row: Invitation, token: str, at: datetime) -> None:
    lines = [
        for_practice("Hello %(name)s,") % {"name": row.to_name},
        for_practice(
            "someone in the care of %(practice)s asks you to work with us as their therapist. It takes about "
            "two minutes. You need the code they will give you."
        )
        % {"practice": row.organisation.name},
        join_address(token),
        for_practice(
            "The link works for 14 days. If this is not for you, leave it: it tells you nothing more."
        ),
    ]
    subject = for_practice("An invitation from %(practice)s") % {"practice": row.organisation.name}
    message = EmailMessage(subject, "\n\n".join(lines) + "\n", to=[row.to_email])
    post(
        message,
        at=at,
        organisation=row.organisation,
        what=f"unsent_invitation_{row.pk.hex}",
        patient=row.patient,
        course=row.course,
        until=row.expires_at,
    )


def _tell_no(by: Actor, row: Invitation, at: datetime) -> None:
    """Who asked learns that the answer was no, and need not know why."""
    make_task(
        by,
        at=at,
        organisation=row.organisation,
        what=f"not_shared_{row.pk.hex}"[:40],
        text=for_practice("%(name)s does not want %(who)s to be told. Nothing was opened.")
        % {"name": row.patient.name, "who": row.to_name},
        due_at=at + timedelta(days=7),
        role=Role.PRESCRIBER,
        course=row.course,
        owner=row.by_person,
    )


def _asked(by: Actor, course: Course, at: datetime, to_name: str) -> dict[str, object]:
    if not to_name.strip():
        raise Refused(_("Say who it is for."), field="to_name")
    return {
        **Authored.authored(by),
        "course": course,
        "patient_id": course.patient_id,
        "organisation_id": course.organisation_id,
        "to_name": one_line(to_name)[:200],
        "made_at": at,
        "expires_at": at + LIVES,
    }


def _held(invitation: Invitation) -> Invitation:
    rows = Invitation.objects.select_for_update(of=("self",))
    return rows.select_related("course__organisation", "organisation", "patient").get(pk=invitation.pk)


def _refuse_not(row: Invitation, wanted: str, at: datetime) -> None:
    if row.stands(at) != wanted:
        raise Refused(_("This was answered already. Look at the page again."))


def _refuse_ended(course: Course) -> None:
    if course.ended_at is not None:
        raise Refused(_("This course has ended. There is nothing more to join."))


def _refuse_waiting(course: Course, email: str, at: datetime) -> None:
    waiting = Invitation.objects.filter(Invitation.open(at), course=course, to_email=email.strip().lower())
    if waiting.exists():
        raise Refused(
            _("An invitation to this address is already waiting. Send that one again, or take it back."),
            field="to_email",
        )


def _about(course: Course) -> tuple[UUID, UUID, UUID]:
    return course.organisation_id, course.patient_id, course.id


def _subject(course: Course) -> Subject:
    return Subject(Kind.SHARING, *_about(course))
