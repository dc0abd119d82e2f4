"""Looking at the license that someone gave when they joined: valid, or not.

Decided here: the practice that was joined looks, and says so by name; until then the newcomer is offered to
no other patient (docs/adr/0025-invitations.md). Not valid ends nothing by itself: what the patient
shares is the patient's, so the medical director is asked to speak with them within a day.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from openkap.permits import Act, Actor, Kind, Role
from openkap.records.models import Credential, Invitation, Task
from openkap.steps.frame import Refused, must, step, tell
from openkap.steps.tasks import LICENSE, close_task, make_task, open_one

SPEAK_WITHIN = timedelta(days=1)


def license_of(task: Task) -> tuple[Invitation, Credential]:
    """The invitation that was accepted, and the license given with it. `Refused` where there is none."""
    if not task.what.startswith(LICENSE):
        raise Refused(_("There is no license to look at here."))
    rows = Invitation.objects.select_related("to_person", "to_organisation", "patient", "organisation")
    invitation = rows.filter(pk=task.what.removeprefix(LICENSE), organisation=task.organisation_id).first()
    given = Credential.objects.filter(person=invitation.to_person, kind="license") if invitation else None
    newest = given.order_by("-given_at").first() if given is not None else None
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
    if valid:
        credential.checked_at = at
        credential.save(update_fields=["checked_at"])
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
