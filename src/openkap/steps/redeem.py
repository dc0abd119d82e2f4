"""Redeeming what was sent to a person: a link by its button, a sign-in by its short code.

Decided here: the secret itself is the permission, and it is bound to the first phone or computer that
redeems it. One that this person has not used before also gives their date of birth; three wrong ones
end the link. A form's link still opens when its time is over: the answer is kept, marked late
(architecture, decision 8).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openkap.permits import Actor, Role
from openkap.records.facts.ended import has_died
from openkap.records.links import hash_of
from openkap.records.models import KnownBrowser, PatientFile, Person, PersonalLink
from openkap.steps.frame import Refused, step, tell
from openkap.steps.links import send_link
from openkap.steps.tasks import make_task

MOST_TRIES = 3
Purpose = PersonalLink.Purpose
PURPOSE_WORDS = {Purpose.SIGN_IN: "sign-in", Purpose.CONSENT: "consent", Purpose.MEASURE: "questions"}


class Stands(StrEnum):
    """What has become of a link, for one browser at one moment."""

    OPEN = "open"
    LATE = "late"
    EXPIRED = "expired"
    USED = "used"
    ELSEWHERE = "elsewhere"
    ENDED = "ended"
    UNKNOWN = "unknown"

    @property
    def opens(self) -> bool:
        return self in (Stands.OPEN, Stands.LATE)


def link_with(token: str) -> PersonalLink | None:
    """The link of this secret."""
    return (
        PersonalLink.objects.select_related("patient", "organisation", "course")
        .filter(token_hash=hash_of(token))
        .first()
    )


def stands(link: PersonalLink | None, browser: str, at: datetime) -> Stands:
    """How `link` stands for the browser whose cookie hashes to `browser` ("" for none)."""
    if link is None:
        return Stands.UNKNOWN
    if link.ended_at is not None:
        return Stands.USED if link.redeemed_at is not None else Stands.ENDED
    if link.redeemed_at is not None and link.redeemed_on != browser:
        return Stands.ELSEWHERE
    if at < link.expires_at:
        return Stands.OPEN
    return Stands.LATE if link.purpose == Purpose.MEASURE else Stands.EXPIRED


def asks_birth_date(person: Person, browser: str) -> bool:
    """Whether this person has not yet shown who they are on this browser."""
    return not browser or not KnownBrowser.objects.filter(person=person, token_hash=browser).exists()


def redeem(
    *, by: Actor, at: datetime, link: PersonalLink, browser: str, born_on: date | None, how: str = "link"
) -> Stands:
    """Open a link for this browser. Raises Refused, naming `born_on`, where the date is wrong or missing."""
    now = stands(link, browser, at)
    if not now.opens:
        raise Refused(_("This link does not open any more."))
    if asks_birth_date(link.patient, browser):
        _check_birth_date(by, at, link, born_on)
    redeem_link(by=by, at=at, link=link, browser=browser, how=how)
    return now


def _check_birth_date(by: Actor, at: datetime, link: PersonalLink, born_on: date | None) -> None:
    if link.patient.born_on is None:
        raise Refused(
            _("%(practice)s does not know your date of birth yet, so this cannot open here. Call them.")
            % {"practice": link.organisation.name}
        )
    if born_on is None:
        raise Refused(_("Write your date of birth. It shows that this link is yours."), field="born_on")
    if born_on == link.patient.born_on:
        return
    left = miss(by=by, at=at, link=link)
    if left <= 0:
        raise Refused(
            _("That was the third date that does not fit. This link is closed, so that nobody can guess.")
        )
    tries = ngettext("%(n)d try is left.", "%(n)d tries are left.", left) % {"n": left}
    raise Refused(_("This date does not fit. %(tries)s") % {"tries": tries}, field="born_on")


@step
def redeem_link(*, by: Actor, at: datetime, link: PersonalLink, browser: str, how: str) -> None:
    """The link now belongs to this browser; a sign-in is used up. Of two at once, one is first."""
    first = PersonalLink.objects.select_for_update().get(id=link.id)
    if not stands(first, browser, at).opens:
        raise Refused(_("This link was opened on another phone or computer a moment ago."))
    first.redeemed_at = first.redeemed_at or at
    first.redeemed_on = browser
    if first.purpose == Purpose.SIGN_IN:
        first.ended_at = at
    first.save(update_fields=["redeemed_at", "redeemed_on", "ended_at"])
    KnownBrowser.objects.get_or_create(
        person_id=first.patient_id, token_hash=browser, defaults={"first_at": at}
    )
    tell(by, f"{how}.redeemed.{first.purpose}", first, at=at)


@step
def miss(*, by: Actor, at: datetime, link: PersonalLink) -> int:
    """Count one wrong date or code; the third ends the link. Returns how many tries are left."""
    PersonalLink.objects.filter(id=link.id).update(wrong_tries=F("wrong_tries") + 1)
    link.refresh_from_db(fields=["wrong_tries", "ended_at"])
    if link.wrong_tries >= MOST_TRIES and link.ended_at is None:
        link.ended_at = at
        link.save(update_fields=["ended_at"])
    tell(by, "link.missed", link, at=at)
    return MOST_TRIES - link.wrong_tries


@step
def finish_link(*, by: Actor, at: datetime, link: UUID) -> None:
    """What the link was for is done: signed, or answered. It does not open again."""
    changed = PersonalLink.objects.filter(id=link, ended_at=None).update(ended_at=at)
    if changed:
        tell(by, "link.done", PersonalLink.objects.get(id=link), at=at)


def sign_ins_of(contact: str, at: datetime) -> list[PersonalLink]:
    """Open sign-ins sent to this mail address; several people may share one."""
    return list(
        PersonalLink.objects.select_related("patient", "organisation").filter(
            purpose=Purpose.SIGN_IN,
            patient__email__iexact=contact.strip(),
            ended_at=None,
            redeemed_at=None,
            expires_at__gt=at,
        )
    )


def sign_in_with_code(
    *, by: Actor, at: datetime, contact: str, code: str, browser: str, born_on: date | None
) -> PersonalLink:
    """The sign-in that this code opens. Raises Refused; a wrong code counts against all it could open."""
    waiting = sign_ins_of(contact, at)
    fitting = [link for link in waiting if link.code_hash == hash_of(code)]
    if not fitting:
        for link in waiting:
            miss(by=by, at=at, link=link)
        raise Refused(
            _("This code does not fit. Check the newest message, or ask for a new code below."), field="code"
        )
    redeem(by=by, at=at, link=fitting[0], browser=browser, born_on=born_on, how="code")
    return fitting[0]


@step
def ask_for_new(*, by: Actor, at: datetime, link: PersonalLink) -> None:
    """Whoever holds a link that no longer opens asks the practice for another: one task, however often."""
    what = PURPOSE_WORDS.get(Purpose(link.purpose), "")
    make_task(
        by,
        at=at,
        organisation=link.organisation,
        what=f"link_asked_{link.purpose}",
        text=f"Send {link.patient.name} a new link: {what}.",
        due_at=at + timedelta(days=1),
        role=Role.FRONT_DESK,
        course=link.course,
        patient=link.patient,
        owner=link.made_by,
    )


@step
def ask_sign_in(*, by: Actor, at: datetime, contact: str) -> list[str]:
    """Send a sign-in to each patient of this mail address; returns the secrets, for the message's own use.

    Nothing tells the asker whether anyone is known by it. A person gets at most three at a time.
    """
    waiting = {link.patient_id for link in sign_ins_of(contact, at) if _has_enough(link, at)}
    files = PatientFile.objects.select_related("patient", "organisation").filter(
        patient__email__iexact=contact.strip()
    )
    first_file = {file.patient_id: file for file in files.order_by("-opened_at")}
    sent = []
    for patient, file in first_file.items():
        if patient in waiting or has_died(patient):
            continue
        desk = Actor.system("sign-in page", organisation=file.organisation_id)
        _link, token = send_link(
            by=desk, at=at, organisation=file.organisation, patient=file.patient, purpose=Purpose.SIGN_IN
        )
        sent.append(token)
    return sent


def _has_enough(link: PersonalLink, at: datetime) -> bool:
    open_ones = PersonalLink.objects.filter(
        patient_id=link.patient_id, purpose=Purpose.SIGN_IN, ended_at=None, expires_at__gt=at
    )
    return open_ones.count() >= MOST_TRIES
