"""Links sent to a person: a secret for one purpose, its time, and the message that carries it.

Decided here: the secret has 256 random bits and only its hash is kept; a sign-in lives 15 minutes,
a consent or a form seven days (issue: people and permission; sending again ends nothing, so that an
older message in the same inbox still works for its time). The message names no illness and no medicine:
mail is read on locked screens.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from openkap.medicine.instruments import UnknownInstrument, instrument
from openkap.permits import Act, Actor, Kind, Subject
from openkap.records.facts.crisis import crisis_of
from openkap.records.facts.ended import has_died
from openkap.records.links import CODE_LENGTH, CODE_LETTERS, hash_of
from openkap.records.models import Course, Organisation, Person, PersonalLink
from openkap.steps.frame import Refused, must, step, tell
from openkap.steps.mail import post
from openkap.steps.on_call import refuse_uncovered

Purpose = PersonalLink.Purpose

LIVES = {
    Purpose.SIGN_IN: timedelta(minutes=15),
    Purpose.CONSENT: timedelta(days=7),
    Purpose.MEASURE: timedelta(days=7),
}
# Sending a form is its own permission; a sign-in and a consent go together at the desk.
NEEDS = {Purpose.SIGN_IN: Kind.CONSENT, Purpose.CONSENT: Kind.CONSENT, Purpose.MEASURE: Kind.MEASURES}

TOKEN_BYTES = 32


@step
def send_link(
    *,
    by: Actor,
    at: datetime,
    organisation: Organisation,
    patient: Person,
    purpose: str,
    course: Course | None = None,
    about: str = "",
    point: str = "",
    along: tuple[str, ...] = (),
    until: datetime | None = None,
    together: list[tuple[PersonalLink, str]] | None = None,
    submission: UUID | None = None,
) -> tuple[PersonalLink, str]:
    """Make a link and put its message on its way. Returns the link and its secret token.

    `together` gathers links that go in one message: `mail_together` sends it, inside the same step.

    `about` is the instrument or document id, `point` the course point of a form, `along` what else is asked
    there; `until` ends a form's link before its week is over. Raises Refused where there is no mail address,
    no course to speak of, the course has ended, or a form asks of safety and nobody would be on call.
    """
    purpose = Purpose(purpose)
    subject = Subject(NEEDS[purpose], organisation.id, patient.id, course.id if course else None)
    must(by, NEEDS[purpose], Act.SEND, subject, at=at)
    _refuse_nowhere(patient)
    if purpose is not Purpose.SIGN_IN:
        _refuse_no_course(course, patient)
    expires_at = min(until or at + LIVES[purpose], at + LIVES[purpose])
    if purpose is Purpose.MEASURE:
        for form in (about, *along):
            refuse_uncovered(organisation, form, at, expires_at)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    code = "".join(secrets.choice(CODE_LETTERS) for _n in range(CODE_LENGTH))
    link = PersonalLink.objects.create(
        purpose=purpose,
        patient=patient,
        organisation=organisation,
        course=course,
        about=about,
        point=point,
        token_hash=hash_of(token),
        code_hash=hash_of(code) if purpose is Purpose.SIGN_IN else "",
        made_at=at,
        made_by_id=by.person,
        expires_at=expires_at,
    )
    tell(by, f"link.sent.{purpose}", link, at=at)
    if together is not None:
        together.append((link, token))
        return link, token
    _post(by, [link], _message([(link, token)], patient, organisation, code), at)
    return link, token


def mail_together(by: Actor, gathered: Sequence[tuple[PersonalLink, str]], *, at: datetime) -> None:
    """One message for all that was gathered for one person; what takes one tap stands first."""
    if gathered:
        ordered = sorted(gathered, key=lambda one: not _is_one_question(one[0].about))
        first = ordered[0][0]
        message = _message(ordered, first.patient, first.organisation, "")
        _post(by, [link for link, _token in ordered], message, at)


def tell_old_address(by: Actor, patient: Person, organisation: Organisation, *, at: datetime) -> None:
    """Links go elsewhere from now on: the address of before is told, inside the step that changes it.

    So that nobody is signed in for behind their back. It may be read no more: nobody waits for it.
    """
    if not patient.email.strip() or has_died(patient.id):
        return
    with override(patient.language):
        said = {"name": patient.chosen_name or patient.given_name, "practice": organisation.name}
        message = EmailMessage(
            _("Your mail address was changed"),
            _(
                "Hello %(name)s,\n\n%(practice)s changed the mail address that your messages go to. From now "
                "on nothing comes here.\n\nIf you did not ask for this, call %(practice)s now.\n"
            )
            % said,
            to=[patient.email],
        )
    what = f"old_address_{patient.pk.hex}"
    post(message, at=at, organisation=organisation, what=what[:40], made_by=by.person)


def _post(by: Actor, links: Sequence[PersonalLink], message: EmailMessage, at: datetime) -> None:
    post(
        message,
        at=at,
        organisation=links[0].organisation,
        what=f"unsent_{links[0].id.hex}",
        patient=links[0].patient,
        course=links[0].course,
        made_by=by.person,
        until=max(link.expires_at for link in links),
    )


def link_address(token: str) -> str:
    """The whole address of a link, as it stands in the message."""
    return f"{settings.CSRF_TRUSTED_ORIGINS[0]}/l/{token}/"


def _refuse_nowhere(patient: Person) -> None:
    if has_died(patient.id):
        raise Refused(
            _("%(name)s has died. No message goes to their address any more.") % {"name": patient.name},
            field="died",
        )
    if not patient.email:
        raise Refused(
            _("No mail address is known for %(name)s. Add one, then send the link.") % {"name": patient.name},
            field="no_mail",
        )


def _refuse_no_course(course: Course | None, patient: Person) -> None:
    if course is None or course.patient_id != patient.id:
        raise Refused(_("Choose the course this is for. Without one there is nothing to sign or answer."))
    if course.ended_at is not None:
        raise Refused(_("This course has ended. Nothing more is sent for it."))


def _message(
    links: Sequence[tuple[PersonalLink, str]], patient: Person, organisation: Organisation, code: str
) -> EmailMessage:
    with override(patient.language):
        subject, _line = _words(links[0][0], organisation.name)
        lines = [_("Hello %(name)s,") % {"name": patient.chosen_name or patient.given_name}]
        for link, token in links:
            lines += [_words(link, organisation.name)[1], link_address(token)]
            if link.purpose == Purpose.SIGN_IN:
                lines.append(_("Or type this code: %(code)s") % {"code": code})
                lines.append(_("Both work once, for 15 minutes."))
            else:
                lines.append(_lives(link))
        lines.append(_help_now(organisation))
    return EmailMessage(subject, "\n\n".join(lines) + "\n", to=[patient.email])


def _help_now(organisation: Organisation) -> str:
    """Whom to call instead of answering the mail."""
    crisis = crisis_of(organisation.id)
    if crisis.text:
        return _(
            "If you need help now, call or text %(number)s. A person answers, day and night. "
            "Nobody reads this mailbox."
        ) % {"number": crisis.text}
    return _(
        "If you need help now, call your local emergency services: %(number)s. Nobody reads this mailbox."
    ) % {"number": crisis.emergency}


def _lives(link: PersonalLink) -> str:
    days = max((link.expires_at - link.made_at).days, 1)
    return ngettext(
        "The link works for %(n)s day. It is for you alone: do not pass it on.",
        "The link works for %(n)s days. It is for you alone: do not pass it on.",
        days,
    ) % {"n": days}


def _words(link: PersonalLink, practice: str) -> tuple[str, str]:
    """Subject and first line. Nothing that a stranger's glance should learn."""
    if link.purpose == Purpose.SIGN_IN:
        return _("Your sign-in"), _("Here is your sign-in for %(practice)s.") % {"practice": practice}
    if link.purpose == Purpose.CONSENT:
        return (
            _("Something to read and sign"),
            _("%(practice)s asks you to read a document and, if you agree, sign it.")
            % {"practice": practice},
        )
    if _is_one_question(link.about):
        return (
            _("One question"),
            _("%(practice)s asks you one question. One tap answers it.") % {"practice": practice},
        )
    return (
        _("A few questions"),
        _("%(practice)s asks you a few questions. They take about three minutes.") % {"practice": practice},
    )


def _is_one_question(name: str) -> bool:
    try:
        return len(instrument(name).items) == 1
    except UnknownInstrument:
        return False
