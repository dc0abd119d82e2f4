"""A trainee in the room, a recording, care at a distance: yes or no to each, apart from the treatment.

Decided here: a yes is the patient's own, to a text that was shown, and never while a dose may act; a no needs
nothing, counts at once at any hour, and may be said aloud to somebody of the practice who writes it down
(dossier 6.1, items 11, 13 and 20). The treatment does not hang on any of them. A yes that is taken back may
have been planned on: whoever is with the patient next is told in a task, which a new yes closes. A no from
the beginning asks nothing of anyone: the morning and the room say it as they say that nobody was asked.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from openkap.permits import Act, Actor, Kind, Role, Subject
from openkap.records.base import Authored
from openkap.records.facts.agreements import agreed_now, is_yes, text_of
from openkap.records.models import Agreement, Course, Membership, Session, Task
from openkap.steps.consent import refuse_wrong_time
from openkap.steps.frame import Refused, Stale, must, step, tell
from openkap.steps.practice_words import for_practice
from openkap.steps.room import a_person
from openkap.steps.tasks import able_roles, close_task, make_task

NEVER = ("cancelled", "no_show", "done", "stopped")
# Where nothing is planned.
WITHIN = timedelta(days=1)
TAKEN_BACK = {
    "trainee": gettext_noop(
        "%(name)s no longer agrees to a trainee in the room. Tell whoever was planned to be there."
    ),
    "recording": gettext_noop(
        "%(name)s no longer agrees to a recording or a photo. See that nobody records from now on."
    ),
    "telehealth": gettext_noop(
        "%(name)s no longer agrees to care by video or telephone. Plan what lies ahead in person."
    ),
}
AGREED_AGAIN = gettext_noop("The patient agreed again.")


@step
def agree_to(
    *,
    by: Actor,
    at: datetime,
    course: Course,
    what: str,
    yes: bool,
    sha256: str = "",
    submission: UUID | None = None,
) -> Agreement:
    """The patient's yes or no to one of `Agreement.What`; `sha256` is the text that was shown with a yes.

    The same word again is the first. Raises Refused or Stale for a yes that cannot be given now.
    """
    must(by, Kind.CONSENT, Act.SIGN, _subject(course), at=at)
    return _keep(by, course, _named(what), yes, sha256, at)


@step
def heard_no_to(
    *, by: Actor, at: datetime, course: Course, what: str, submission: UUID | None = None
) -> Agreement:
    """The patient said no to it aloud: whoever heard it writes it down, and it counts at once."""
    must(by, Kind.CONSENT, Act.ADD, _subject(course), at=at)
    a_person(by)
    return _keep(by, course, _named(what), False, "", at)


def _keep(by: Actor, course: Course, what: str, yes: bool, sha256: str, at: datetime) -> Agreement:
    now = agreed_now(course, at)[what]
    if now is not None and (is_yes(now) if yes else not now.yes):
        return now
    text = text_of(course, what, course.patient.language)
    if yes:
        refuse_wrong_time(course, at)
        if text is None:
            raise Refused(_("The practice has not published its text for this. Ask them for it."))
        if sha256 != text.sha256:
            raise Stale(_("This text changed since you opened the page. Read it again, then decide."))
    row = Agreement.objects.create(
        **Authored.authored(by),
        organisation_id=course.organisation_id,
        patient_id=course.patient_id,
        course=course,
        what=what,
        yes=yes,
        document=text,
        at=at,
        recorded_at=at,
    )
    tell(by, "agreement.yes" if yes else "agreement.no", row, at=at)
    if yes:
        _settle(by, course, what, at)
    elif is_yes(now):
        _say_who_must_know(by, course, what, at)
    return row


def _say_who_must_know(by: Actor, course: Course, what: str, at: datetime) -> None:
    ahead = Session.objects.filter(course=course, planned_to__gte=at).exclude(state__in=NEVER)
    soonest = ahead.order_by("planned_from").values_list("planned_from", flat=True).first()
    here = Membership.objects.filter(Membership.in_force(at), organisation=course.organisation_id)
    nurses = here.filter(role__in=able_roles(Role.MONITOR)).exists()
    make_task(
        by,
        at=at,
        organisation=course.organisation,
        what=f"no_{what}",
        text=for_practice(TAKEN_BACK[what]) % {"name": course.patient.name},
        due_at=max(at, soonest) if soonest is not None else at + WITHIN,
        role=Role.MONITOR if nurses else Role.THERAPIST,
        course=course,
    )


def _settle(by: Actor, course: Course, what: str, at: datetime) -> None:
    for task in Task.objects.filter(course=course, what=f"no_{what}", done_at=None):
        close_task(by, task, at=at, outcome=for_practice(AGREED_AGAIN))


def _named(what: str) -> str:
    if what not in set(Agreement.What):
        raise Refused(_("Choose what it is about."))
    return what


def _subject(course: Course) -> Subject:
    return Subject(Kind.CONSENT, course.organisation_id, course.patient_id, course.id)
