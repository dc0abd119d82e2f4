"""A consent that no longer holds is asked for again, once: on the patient's own page, and by a message.

Decided here: a new version asks every open course that signed an older one, as it is published; what time or
an order brings about is found by the watch. A link that is open, or was sent since the reason began, is the
asking: publishing twice asks once. The message names nothing of it. Who was asked and has not signed shortly
before the next dose is a task for the front desk, and so is whoever has no mail address. Nothing is drawn up
meanwhile.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q

from openkap.medicine.consent.again import Reason, holds_until
from openkap.medicine.rules import Rule
from openkap.medicine.verdict import Level
from openkap.permits import Actor, Role
from openkap.records.facts.booking import AHEAD, DOSING
from openkap.records.facts.consent import Consent, consent_of, route_of
from openkap.records.facts.gate import consent_state
from openkap.records.facts.law import rules_at
from openkap.records.models import Course, Declined, DocumentVersion, PersonalLink, Session
from openkap.steps.frame import Refused, step
from openkap.steps.links import send_link
from openkap.steps.practice_words import for_practice
from openkap.steps.say_no import AGAIN
from openkap.steps.tasks import make_task

# A practice's custom, not medicine: two days are enough to reach someone who has not signed; a week is what a
# link lives.
BEFORE_A_DOSE, LOOKS_AHEAD = timedelta(hours=48), timedelta(days=7)


def ask_all_again(by: Actor, version: DocumentVersion, *, at: datetime) -> int:
    """Inside the step that publishes: every open course that this text is for; how many were asked."""
    touched = Course.objects.filter(
        organisation_id=version.organisation_id,
        ended_at=None,
        route=route_of(version.document),
        signatures__document__document__startswith="consent.",
    )
    courses = touched.select_related("organisation", "patient").distinct()
    return sum(ask_course_again(by=_own(by, course), at=at, course=course) for course in courses)


@step
def ask_where_due(*, by: Actor, at: datetime) -> int:
    """One round: whoever has a dose soon and a consent that no longer holds. Returns how many were asked."""
    doses = (
        Session.objects.filter(
            phase=DOSING,
            state__in=AHEAD,
            planned_from__gt=at,
            planned_from__lte=at + LOOKS_AHEAD,
            course__ended_at=None,
        )
        .select_related("course__organisation", "course__patient")
        .order_by("planned_from")
    )
    courses = {dose.course_id: dose.course for dose in doses}
    return sum(ask_course_again(by=_own(by, course), at=at, course=course) for course in courses.values())


@step
def ask_course_again(*, by: Actor, at: datetime, course: Course) -> bool:
    """Ask this patient to read and sign again, where they were not asked yet; whether a message went out."""
    consent = consent_of(course, at, course.patient.language)
    if consent.state != "older" or _said_no(course, consent):
        return False
    sent = unreachable = False
    if not _was_asked(course, consent, at):
        try:
            send_link(
                by=by,
                at=at,
                organisation=course.organisation,
                patient=course.patient,
                purpose="consent",
                course=course,
                about=(consent.version.document if consent.version else "")[:40],
            )
            sent = True
        except Refused:
            unreachable = True
    _task(by, course, unreachable, at)
    return sent


def refuse_unconsented(session: Session, at: datetime) -> None:
    """Nothing is drawn up for somebody whose consent does not hold, in the gate's own words (dossier 6.1).

    A dose that is drawn up keeps the consent it was drawn on: nobody signs then. A no counts at any moment.
    """
    rule: Rule = rules_at(session.organisation_id, at).rule("R-CONSENT")
    said = rule.words["says"][consent_state(session, at)]
    if Level(said["level"]) is not Level.CLEAR:
        raise Refused(f"{said['because']} {said.get('action', '')}".strip(), hint="gate")


def _said_no(course: Course, consent: Consent) -> bool:
    """Whoever said no to this very text is called by a person, and not asked by a message."""
    return Declined.objects.current().filter(course=course, document=consent.version).exists()


def _was_asked(course: Course, consent: Consent, at: datetime) -> bool:
    """A link to sign is open, or was sent since the reason began."""
    signed, version = consent.signature, consent.version
    if signed is None or version is None:
        return False
    since = max(signed.at, version.made_at)
    if consent.reasons[0] is Reason.YEAR:
        zone = ZoneInfo(course.organisation.zone)
        day = holds_until(signed.at.astimezone(zone).date(), rules_at(course.organisation_id, at))
        since = datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)
    links = PersonalLink.objects.filter(
        course=course, purpose=PersonalLink.Purpose.CONSENT, made_at__gt=signed.at, made_at__lte=at
    )
    return links.filter(Q(made_at__gte=since) | Q(ended_at=None, expires_at__gt=at)).exists()


def _task(by: Actor, course: Course, unreachable: bool, at: datetime) -> None:
    """For the front desk, without a reason that is clinical: shortly before the next dose, or at once where
    no message reaches the patient."""
    coming = Session.objects.filter(course=course, phase=DOSING, state__in=AHEAD, planned_from__gt=at)
    dose = coming.order_by("planned_from").first()
    near = dose is not None and dose.planned_from <= at + BEFORE_A_DOSE
    if not near and not unreachable:
        return
    text = (
        for_practice("%(name)s is asked to read and sign the consent again, and no message reaches them.")
        if unreachable
        else for_practice("%(name)s has not signed the consent again. Nothing is drawn up before they do.")
    )
    make_task(
        by,
        at=at,
        organisation=course.organisation,
        what=AGAIN,
        text=text % {"name": course.patient.name},
        due_at=dose.planned_from if dose is not None else at + BEFORE_A_DOSE,
        role=Role.FRONT_DESK,
        course=course,
    )


def _own(by: Actor, course: Course) -> Actor:
    """The system asks, for the practice of the course: whoever published need not know who it is for."""
    return Actor.system("consent", organisation=course.organisation_id, person=by.person)
