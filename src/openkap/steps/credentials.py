"""Looking at the license that someone gave when they joined: valid, or not.

Decided here: the practice that was joined looks, and says so by name; until then the newcomer is offered to
no other patient (docs/adr/0025-invitations.md). Not valid ends nothing by itself: what the patient
shares is the patient's, so the medical director is asked to speak with them within a day. A colleague's
role that rests on a license counts from the look on (`steps/licensed.py`).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from openkap.permits import Act, Actor, Kind, Role
from openkap.records.models import Credential, Invitation, LicensedRole, Membership, Task
from openkap.steps.frame import Refused, must, step, tell
from openkap.steps.licensed import others_who_may_look
from openkap.steps.staff import refuse_leaving
from openkap.steps.standing import keep_look
from openkap.steps.tasks import LICENSE, close_task, make_task, open_one

SPEAK_WITHIN = timedelta(days=1)
LICENSED = "license"


def license_of(task: Task) -> tuple[Invitation, Credential]:
    """The invitation that was accepted, and the license given with it. `Refused` where there is none."""
    if not task.what.startswith(LICENSE):
        raise Refused(_("There is no license to look at here."))
    rows = Invitation.objects.select_related("to_person", "to_organisation", "patient", "organisation")
    invitation = rows.filter(pk=task.what.removeprefix(LICENSE), organisation=task.organisation_id).first()
    given = Credential.objects.filter(person=invitation.to_person, kind=LICENSED) if invitation else None
    newest = given.filter(withdrawn=False).order_by("-given_at").first() if given is not None else None
    if invitation is None or newest is None:
        raise Refused(_("There is no license to look at here."))
    return invitation, newest


@step
def check_license(
    *, by: Actor, at: datetime, task: Task, valid: bool, words: str = "", submission: UUID | None = None
) -> Credential:
    """Say whether the license is valid. `words` say where it was looked up, or what was wrong."""
    must(by, Kind.TASKS, Act.ADD, task, at=at)
    task = open_one(by, task, at)
    invitation, credential = license_of(task)
    if not words.strip():
        raise Refused(_("Say where you looked, or what was wrong."), field="words")
    keep_look(by, credential, task.organisation, valid=valid, where=words, at=at)
    if valid:
        close_task(by, task, at=at, outcome=_("Valid. %(words)s") % {"words": words.strip()})
    else:
        close_task(by, task, at=at, outcome=_("Not valid. %(words)s") % {"words": words.strip()})
        make_task(
            by,
            at=at,
            organisation=invitation.organisation,
            what=f"speak_{invitation.pk.hex}",
            text=_(
                "The license of %(who)s was not found valid. Speak with %(patient)s, who shares with them."
            )
            % {"who": invitation.to_name, "patient": invitation.patient.name},
            due_at=at + SPEAK_WITHIN,
            role=Role.MEDICAL_DIRECTOR,
            course=invitation.course,
        )
    tell(by, "license.checked", task, at=at, patient=invitation.patient_id)
    return credential


@step
def look_at_license(
    *,
    by: Actor,
    at: datetime,
    asked: LicensedRole,
    valid: bool,
    words: str,
    number: str = "",
    state: str = "",
    last_day: date | None = None,
    submission: UUID | None = None,
) -> LicensedRole:
    """Say whether a colleague's license is valid; if so, the role counts from now on. `words`: as above.
    `number`, `state` and `last_day` are kept as their license, where they were seen.

    Whoever gave the role looks only where nobody else keeps the staff, and the trail says so.
    """
    must(by, Kind.STAFF, Act.ADD, asked, at=at)
    rows = LicensedRole.objects.select_for_update(of=("self",)).select_related("organisation", "person")
    asked = rows.get(pk=asked.pk)
    if asked.looked_at is not None or asked.ended_at is not None:
        raise Refused(_("This was settled already."))
    alone = _refuse_own(by, asked, at)
    if not words.strip():
        raise Refused(_("Say where you looked, or what was wrong."), field="words")
    refuse_leaving(asked.organisation, asked.person)
    asked.looked_at, asked.looked_by_id, asked.words = at, by.person, words.strip()[:300]
    asked.ended_at = None if valid else at
    asked.save(update_fields=["looked_at", "looked_by", "words", "ended_at"])
    _keep_license(by, asked, valid, (number.strip(), state.strip(), last_day), at)
    if not valid:
        tell(by, "role.license_not_valid", asked, at=at)
        return asked
    tell(by, "role.license_looked_at_alone" if alone else "role.license_looked_at", asked, at=at)
    given, new = Membership.objects.get_or_create(
        person=asked.person,
        organisation=asked.organisation,
        role=asked.role,
        until=None,
        defaults={"since": at},
    )
    if new:
        tell(by, "role.given", given, at=at)
    return asked


def _keep_license(
    by: Actor, asked: LicensedRole, valid: bool, seen: tuple[str, str, date | None], at: datetime
) -> None:
    """The license itself with this look, where what stands on it was written down."""
    number, state, last_day = seen
    if not (number or last_day):
        return
    row = Credential.objects.create(
        person=asked.person,
        organisation=asked.organisation,
        kind=LICENSED,
        number=number[:60],
        state=state[:60],
        expires_on=last_day,
        given_at=at,
        written_by_id=by.person,
    )
    tell(by, "credential.written", row, at=at)
    keep_look(by, row, asked.organisation, valid=valid, where=asked.words, at=at)


def _refuse_own(by: Actor, asked: LicensedRole, at: datetime) -> bool:
    """Refuse whoever gave or gets the role; True where the giver stands alone here and may."""
    if by.person == asked.person_id:
        raise Refused(_("Nobody looks at their own license. A colleague does."))
    if by.person != asked.by_person_id:
        return False
    if others := sorted(person.name for person in others_who_may_look(asked, at)):
        raise Refused(
            _("You gave this role. Somebody else looks at the license: %(who)s.") % {"who": ", ".join(others)}
        )
    if not by.strong:
        raise Refused(_("You are alone here. This needs your second factor: sign in with it, then look."))
    return True
