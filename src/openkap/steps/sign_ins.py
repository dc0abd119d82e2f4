"""Where someone is signed in: each sign-in is told, and ended from anywhere by the person it belongs to.

Decided here: a sign-in that is ended loses its sessions in the same moment, and with them every page and
stream that rests on them. A sign-in on a phone or computer that was not known yet is told by mail, once
another was known before. Nobody ends another's, but whoever keeps the staff when someone leaves
(`steps.leaving`) or lost their second factor (`steps.second_factor`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _
from django.utils.translation import override

from openkap.permits import Actor
from openkap.records.facts.clock import long_moment
from openkap.records.models import BrowserSession, KnownBrowser, Organisation, PatientFile, Person, SignIn
from openkap.steps.frame import NotPermitted, step, tell
from openkap.steps.mail import post

PERSONA = "persona"
# A link is redeemed, and its browser known, in the moment before its sign-in begins.
JUST_NOW = timedelta(minutes=1)


@step
def begin_sign_in(
    *, by: Actor, at: datetime, how: str, device: str, browser: str = "", remember: bool = False
) -> SignIn:
    """`by` came in on a browser that calls itself `device`; `browser` is its cookie's hash.

    With `remember`, it is known from then on; the first time, and not at the very first, a mail says so.
    """
    assert by.person is not None, "a sign-in is a person's"
    row = SignIn.objects.create(
        person_id=by.person, how=how, device=device[:80], where=by.where[:100], began_at=at
    )
    if remember and browser and how != PERSONA and _is_new(by.person, browser, at):
        _tell_by_mail(by, row, at)
    return row


@step
def end_sign_in(*, by: Actor, at: datetime, sign_in: SignIn, why: str = "elsewhere") -> SignIn:
    """End one of one's own. Doing it twice is the same as once."""
    _must_be_own(by, sign_in.person_id)
    end_now(by, [sign_in.pk], at=at, why=why)
    sign_in.refresh_from_db()
    return sign_in


@step
def sign_out_everywhere(*, by: Actor, at: datetime, but: UUID | None = None) -> int:
    """End all of one's own, but this one where it is named. Every browser is a new one from then on."""
    assert by.person is not None, "a sign-in is a person's"
    ended = end_all_of(by, by.person, at=at, why="everywhere", but=but)
    KnownBrowser.objects.filter(person_id=by.person).delete()
    return ended


def end_all_of(by: Actor, person: UUID, *, at: datetime, why: str, but: UUID | None = None) -> int:
    """Every open sign-in of this person, inside the step that has permission for it."""
    rows = SignIn.objects.filter(person_id=person, ended_at=None)
    found = [pk for pk in rows.values_list("pk", flat=True) if pk != but]
    # A session that belongs to no row goes too: nothing of this person stays open.
    loose = BrowserSession.objects.filter(person=person)
    (loose.exclude(sign_in=but) if but is not None else loose).delete()
    end_now(by, found, at=at, why=why)
    return len(found)


def end_under(by: Actor, person: UUID, organisation: UUID, *, at: datetime, why: str) -> int:
    """Those that wear this organisation's hat now; the person's others stay as they are."""
    worn = [
        session
        for session in BrowserSession.objects.filter(person=person)
        if session.get_decoded().get("hat") == str(organisation)
    ]
    ids = {session.sign_in for session in worn if session.sign_in is not None}
    BrowserSession.objects.filter(pk__in=[session.pk for session in worn]).delete()
    end_now(by, ids, at=at, why=why)
    return len(worn)


def end_now(by: Actor, sign_ins: Iterable[UUID], *, at: datetime, why: str) -> None:
    """These are over, with every session that belongs to them."""
    wanted = list(sign_ins)
    for row in SignIn.objects.select_for_update().filter(pk__in=wanted, ended_at=None):
        # The server's clock may have gone back since: an end is never before its begin.
        row.ended_at, row.ended_why = max(at, row.began_at), why
        row.save(update_fields=["ended_at", "ended_why"])
        tell(by, f"sign_in.ended.{why}", row, at=at, organisation=by.organisation)
    BrowserSession.objects.filter(sign_in__in=wanted).delete()


def _must_be_own(by: Actor, person: UUID) -> None:
    if by.person is None or by.person != person:
        raise NotPermitted(_("Only the person whose sign-in this is can end it."))


def _is_new(person: UUID, browser: str, at: datetime) -> bool:
    """Whether this browser was not known, and another was. From now on it is."""
    others = KnownBrowser.objects.filter(person_id=person).exclude(token_hash=browser).exists()
    row, new = KnownBrowser.objects.get_or_create(
        person_id=person, token_hash=browser, defaults={"first_at": at}
    )
    return others and (new or row.first_at > at - JUST_NOW)


def _tell_by_mail(by: Actor, row: SignIn, at: datetime) -> None:
    person = Person.objects.get(pk=row.person_id)
    place = _place_of(by)
    if not person.email or place is None:
        return
    with override(person.language):
        said = {
            "name": person.chosen_name or person.given_name,
            "device": row.device or _("a browser that does not say what it is"),
            "when": long_moment(at, ZoneInfo(place.zone)),
            "address": f"{settings.CSRF_TRUSTED_ORIGINS[0]}/account/",
            "practice": place.name,
        }
        message = EmailMessage(
            _("A new sign-in"),
            _(
                "Hello %(name)s,\n\nyou signed in on a phone or computer that was not known yet: %(device)s, "
                "%(when)s.\n\nIf that was you, there is nothing to do. If it was not, sign out everywhere: "
                "%(address)s\nand tell %(practice)s.\n"
            )
            % said,
            to=[person.email],
        )
    post(message, at=at, organisation=place, what=f"new_sign_in_{row.pk.hex}", made_by=person.pk)


def _place_of(by: Actor) -> Organisation | None:
    if by.organisation is not None:
        return Organisation.objects.filter(pk=by.organisation).first()
    file = PatientFile.objects.filter(patient_id=by.person).select_related("organisation")
    newest = file.order_by("-opened_at").first()
    return newest.organisation if newest is not None else None
