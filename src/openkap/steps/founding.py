"""The birth of a real site: what it is, its first practice, and the first person who may let others in.

Decided here: only the command does this, and each part may be done again without harm: what stands is kept
as it is, and what is missing is added. What a site is, is written once; a demonstration never becomes real,
and a real site never a demonstration (docs/adr/0012-demonstration.md, docs/adr/0030-a-real-site.md).
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from zoneinfo import available_timezones

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, validate_totp_code
from django.contrib.auth.password_validation import validate_password
from django.core.validators import validate_email
from django.forms import ValidationError

from openkap.permits import Act, Actor, Kind, Role, Subject
from openkap.records.models import Membership, Organisation, Person, Site, User
from openkap.steps.frame import Refused, must, step, tell
from openkap.steps.sign_ins import end_all_of
from openkap.steps.staff import other_administrators


@dataclass(frozen=True, slots=True)
class Administrator:
    """The first of them, as they say themselves."""

    given_name: str
    family_name: str
    title: str
    email: str
    password: str
    roles: tuple[str, ...]


@step
def found_site(*, by: Actor, at: datetime) -> Site:
    """Mark this site as a real one, once. Refused where it is a demonstration or holds people already."""
    must(by, Kind.STAFF, Act.ADD, Subject(Kind.STAFF), at=at)
    found = Site.objects.first()
    if found is not None and found.demonstration:
        raise Refused(
            "This is a demonstration site, and stays one. Choose another data folder in OPENKAP_DATA, "
            "and another database in DATABASE_URL where you use one."
        )
    if found is not None:
        return found
    if Person.objects.exists():
        raise Refused("This database holds people already, and no site. Restore a backup, or begin empty.")
    site = Site.objects.create(demonstration=False, born_at=at)
    tell(by, "site.born", None, at=at)
    return site


@step
def found_organisation(
    *, by: Actor, at: datetime, name: str, what: str, zone: str, country: str, phone: str
) -> Organisation:
    """The first practice of this site. Another name on another day changes nothing and is said."""
    must(by, Kind.STAFF, Act.ADD, Subject(Kind.STAFF), at=at)
    found = first_organisation()
    if found is not None:
        if found.name != name.strip():
            raise Refused(
                f"This site's first practice is {found.name}. It is changed in the browser, on its own page.",
                field="organisation",
            )
        return found
    row = Organisation.objects.create(
        name=fit_name(name),
        what=fit_what(what),
        zone=fit_zone(zone),
        country=fit_country(country),
        phone=fit_phone(phone),
    )
    tell(by, "practice.founded", row, at=at, organisation=row.pk)
    return row


@step
def found_administrator(*, by: Actor, at: datetime, organisation: Organisation, who: Administrator) -> Person:
    """The first administrator; named again by the same address, they get the roles they lack."""
    must(by, Kind.STAFF, Act.ADD, organisation, at=at)
    email = fit_email(who.email)
    user = User.objects.select_related("person").filter(email=email).first()
    others = Membership.objects.filter(
        Membership.in_force(at), organisation=organisation, role=Role.ADMINISTRATOR.value
    )
    first = others.exclude(person__user__email=email).select_related("person").first()
    if user is None and first is not None:
        raise Refused(
            f"{first.person.name} is administrator here already. They invite others in the browser.",
            field="admin_email",
        )
    if user is None:
        fit_password(who.password)
        person = Person.objects.create(
            given_name=fit_name(who.given_name),
            family_name=fit_name(who.family_name),
            title=who.title.strip()[:80],
            email=email,
        )
        User.objects.create_user(email, who.password, person=person)
        tell(by, "administrator.founded", organisation, at=at, organisation=organisation.pk)
    else:
        person = user.person
    _give(by, organisation, person, who.roles, at)
    return person


@step
def found_second_factor(*, by: Actor, at: datetime, person: Person, secret: str, code: str) -> list[str]:
    """The authenticator app that shows `code` becomes their second factor. Returns recovery codes, once."""
    must(by, Kind.STAFF, Act.ADD, Subject(Kind.STAFF), at=at)
    user = User.objects.select_for_update().get(person=person)
    if Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists():
        raise Refused("An authenticator app is in use already. It is changed in the browser.", field="code")
    if not validate_totp_code(secret, "".join(code.split())):
        raise Refused(
            "This code does not fit. Type the six digits as the app shows them now; if they never fit, the "
            "clock of this machine or of the phone is wrong.",
            field="code",
        )
    TOTP.activate(user, secret)
    codes = RecoveryCodes.activate(user).get_unused_codes()
    tell(by, "second_factor.founded", None, at=at)
    return list(codes)


@step
def found_anew(*, by: Actor, at: datetime, person: Person, password: str) -> None:
    """The only administrator lost their phone: whoever has the server takes the old ways in away.

    Refused where a second administrator could do it, with both names in the trail (steps/second_factor.py).
    """
    must(by, Kind.STAFF, Act.ADD, Subject(Kind.STAFF), at=at)
    if password:
        fit_password(password)
    user = User.objects.select_for_update().get(person=person)
    for row in Membership.objects.filter(
        Membership.in_force(at), person=person, role=Role.ADMINISTRATOR.value
    ).select_related("organisation"):
        if other_administrators(row.organisation, person, at):
            raise Refused(
                f"{row.organisation.name} has another administrator. They let {person.name} back in, in the "
                "browser: Staff."
            )
    if password:
        user.set_password(password)
        user.save(update_fields=["password"])
    Authenticator.objects.filter(user=user).delete()
    end_all_of(by, person.pk, at=at, why="reset")
    tell(by, "second_factor.taken_away", None, at=at)


@step
def note_mail_test(*, by: Actor, at: datetime, organisation: Organisation, good: bool) -> None:
    """A message was sent to see whether mail leaves; what the server answered is said to whoever asked."""
    must(by, Kind.STAFF, Act.ADD, organisation, at=at)
    verb = "mail.tested" if good else "mail.test_failed"
    tell(by, verb, None, at=at, organisation=organisation.pk)


def first_organisation() -> Organisation | None:
    return Organisation.objects.order_by("id").first()


def has_second_factor(person: Person) -> bool:
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return bool(Authenticator.objects.filter(user__person=person, type__in=kinds).exists())


def _give(
    by: Actor, organisation: Organisation, person: Person, roles: Collection[str], at: datetime
) -> None:
    held = set(
        Membership.objects.filter(
            Membership.in_force(at), person=person, organisation=organisation
        ).values_list("role", flat=True)
    )
    for role in sorted({Role.ADMINISTRATOR.value, *fit_roles(roles)} - held):
        row = Membership.objects.create(person=person, organisation=organisation, role=role, since=at)
        tell(by, "role.given", row, at=at)


def fit_name(text: str) -> str:
    if not text.strip():
        raise Refused("A name is needed here.")
    return text.strip()[:100]


def fit_what(text: str) -> str:
    kinds = [kind.value for kind in Organisation.What]
    if text.strip().lower() not in kinds:
        raise Refused(f"{text!r} is none of {', '.join(kinds)}.", field="kind")
    return text.strip().lower()


def fit_zone(text: str) -> str:
    """An IANA name, as in America/New_York."""
    known = available_timezones()
    wanted = text.strip().replace(" ", "_")
    if wanted in known:
        return wanted
    by_end = sorted(name for name in known if name.rpartition("/")[2].lower() == wanted.lower())
    guess = by_end or get_close_matches(wanted, known, n=1, cutoff=0.6)
    hint = f" Did you mean {guess[0]}?" if guess else " Write it as America/New_York."
    raise Refused(f"{text!r} is no time zone.{hint}", field="zone")


def fit_country(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{2}", text.strip()):
        raise Refused(f"{text!r} is no country. Write its two letters, as in US or ES.", field="country")
    return text.strip().upper()


def fit_phone(text: str) -> str:
    digits = sum(each.isdigit() for each in text)
    if not 5 <= digits <= 15 or not re.fullmatch(r"[0-9+(). /-]+", text.strip()):
        raise Refused(f"{text!r} is no phone number. Write it as +1 212 555 0100.", field="phone")
    return text.strip()[:40]


def fit_email(text: str) -> str:
    try:
        validate_email(text.strip())
    except ValidationError:
        raise Refused(f"{text!r} is no mail address.", field="admin_email") from None
    return text.strip().lower()


def fit_password(text: str) -> str:
    try:
        validate_password(text)
    except ValidationError as error:
        raise Refused(" ".join(error.messages), field="admin_password") from None
    return text


def fit_roles(roles: Collection[str]) -> list[str]:
    if unknown := [role for role in roles if role not in list(Role)]:
        raise Refused(f"{unknown[0]!r} is no role. There are {', '.join(Role)}.", field="roles")
    return [Role(role).value for role in roles]
