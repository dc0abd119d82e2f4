"""What the esketamine REMS asks a practice to keep: certified setting, enrolled patient, monitoring form.

Decided here: each is written down with the day it was checked and by whom; nothing here is sent anywhere:
the practice sends, and says that it did (dossier 5.8: S15b, S67, S80, S82, S84). What is missing holds the
dose by fixed rows of the library, which no practice can change.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from openkap.permits import Act, Actor, Kind, Role, Subject
from openkap.records.base import Authored
from openkap.records.facts.ways import enrolment_of, form_due, form_sent, plan_of
from openkap.records.models import (
    Course,
    Enrolment,
    MonitoringForm,
    Organisation,
    Session,
    SiteCertification,
    Task,
)
from openkap.steps.frame import Refused, must, step, tell
from openkap.steps.room import a_person, authored_in, in_session
from openkap.steps.tasks import close_task, make_task

FORM = "monitoring_form"


@step
def certify_site(
    *,
    by: Actor,
    at: datetime,
    organisation: Organisation,
    certified: bool,
    checked_on: date,
    certified_on: date | None = None,
    representative: str = "",
    number: str = "",
    words: str = "",
    submission: UUID | None = None,
) -> SiteCertification:
    """The medical director writes down that this setting is certified, or no more. The newest counts."""
    must(by, Kind.RULES, Act.SIGN, Subject(Kind.RULES, organisation.id), at=at)
    a_person(by)
    today = at.astimezone(ZoneInfo(organisation.zone)).date()
    _refuse_day(checked_on, today, "checked_on")
    if certified and certified_on is None:
        raise Refused(_("Say since when this setting is certified."), field="certified_on")
    if certified and certified_on is not None:
        _refuse_day(certified_on, today, "certified_on")
    if certified and not representative.strip():
        raise Refused(
            _("Name the authorized representative who signed for the setting."), field="representative"
        )
    row = SiteCertification.objects.create(
        **Authored.authored(by),
        organisation=organisation,
        act=SiteCertification.Act.CERTIFIED if certified else SiteCertification.Act.ENDED,
        certified_on=certified_on if certified else None,
        representative=representative.strip()[:200],
        number=number.strip()[:60],
        checked_on=checked_on,
        words=words.strip()[:300],
        at=at,
    )
    tell(by, "rems.site_certified" if certified else "rems.site_ended", row, at=at)
    return row


@step
def enrol_patient(
    *,
    by: Actor,
    at: datetime,
    course: Course,
    enrolled_on: date,
    checked_on: date | None = None,
    number: str = "",
    ended: bool = False,
    words: str = "",
    submission: UUID | None = None,
) -> Enrolment:
    """A prescriber writes down that patient and prescriber signed the enrollment form, seen on a day."""
    subject = Subject(Kind.CLINICAL, course.organisation_id, course.patient_id, course.id, at=at)
    must(by, Kind.CLINICAL, Act.SIGN, subject, at=at)
    a_person(by)
    today = at.astimezone(ZoneInfo(course.organisation.zone)).date()
    _refuse_day(enrolled_on, today, "enrolled_on")
    _refuse_day(checked_on or today, today, "checked_on")
    before = enrolment_of(course.patient_id, course.organisation_id, at)
    if ended and (before is None or before.ended):
        raise Refused(_("No enrollment stands here that could end."))
    row = Enrolment.objects.create(
        **Authored.authored(by),
        organisation_id=course.organisation_id,
        patient_id=course.patient_id,
        at=at,
        recorded_at=at,
        enrolled_on=enrolled_on,
        checked_on=checked_on or today,
        number=number.strip()[:60],
        ended=ended,
        words=words.strip()[:300],
    )
    tell(by, "rems.enrolment_ended" if ended else "rems.enrolled", row, at=at)
    return row


@step
def form_was_sent(
    *,
    by: Actor,
    at: datetime,
    session: Session,
    sent_on: date,
    how: str,
    words: str = "",
    submission: UUID | None = None,
) -> MonitoringForm:
    """The monitoring form of this visit was sent, by whoever says so. A second time finds the first."""
    must(by, Kind.CLINICAL, Act.ADD, in_session(session, at), at=at)
    a_person(by)
    first = form_sent(session)
    if first is not None:
        return first
    if session.started_at is None:
        raise Refused(_("This visit has not begun. Its form is sent after it."))
    if how not in MonitoringForm.How.values:
        raise Refused(_("Say how it was sent."), field="how")
    zone = ZoneInfo(session.organisation.zone)
    _refuse_day(sent_on, at.astimezone(zone).date(), "sent_on")
    if sent_on < session.started_at.astimezone(zone).date():
        raise Refused(_("This is before the visit itself. Check the date."), field="sent_on")
    row = MonitoringForm.objects.create(
        **authored_in(by, session, at), session=session, sent_on=sent_on, how=how, words=words.strip()[:300]
    )
    for task in Task.objects.filter(session=session, what=FORM, done_at=None):
        close_task(by, task, at=at, outcome=_("Sent"))
    tell(by, "rems.form_sent", row, at=at)
    return row


def ask_for_form(by: Actor, session: Session, *, at: datetime) -> None:
    """A visit of the esketamine way has ended: its form is a task, due within the days of `W-FORM`."""
    plan, due = plan_of(session.course), form_due(session)
    if plan is None or "monitoring_form_within_7_days" not in plan.needs or due is None:
        return
    make_task(
        by,
        at=at,
        organisation=session.organisation,
        what=FORM,
        text=_("Send the esketamine monitoring form of this visit, and write down that it was sent."),
        due_at=due,
        role=Role.MONITOR,
        course=session.course,
        session=session,
    )


def _refuse_day(on: date, today: date, field: str) -> None:
    if on > today:
        raise Refused(_("This day is still to come. Check the date."), field=field)
