"""Whom to call when something goes wrong in a room, and what to say to them.

Decided here: the sentence is made of what is on record and says what is not known; the people are those
of this practice who may order or direct, whoever ordered this dose first. Numbers of emergency services
are the countries' own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from openkap.medicine.dosing.products import product_of
from openkap.medicine.inputs import plain
from openkap.medicine.screening.selfcheck import emergency_number
from openkap.permits import Role
from openkap.reads.clockwork import Clockwork
from openkap.reads.room import Live
from openkap.records.models import Administration, Membership, Session

CALLED = (Role.PRESCRIBER, Role.MEDICAL_DIRECTOR)


@dataclass(frozen=True, slots=True)
class Called:
    """Someone to call. `phone` is blank where none is written down."""

    name: str
    role: str
    phone: str


@dataclass(frozen=True, slots=True)
class HelpNow:
    """What needs no network once the page is there: the number, where we are, what to say line by line, and
    who in the practice is told."""

    number: str
    where: str
    say: tuple[str, ...]
    people: tuple[Called, ...]


@dataclass(frozen=True, slots=True)
class Help(HelpNow):
    """The same as it stands this minute, with how much was given, where that is known."""

    given_mg: str


def help_now(session: Session, at: datetime) -> HelpNow:
    """For the page of a room, before anyone asks. What changes by the minute is read from the monitor, so
    that nothing here grows old. Two queries; `session` is within the reader's Scope already."""
    zone = ZoneInfo(session.organisation.zone)
    dose = Administration.objects.current().filter(session=session).select_related("order").last()
    say = [_who(session, at, zone)]
    if dose is not None and session.started_at is not None:
        given = {
            "product": product_of(dose.order.route).name,
            "mg": plain(dose.order.mg),
            "time": f"{session.started_at.astimezone(zone):%H:%M}",
        }
        say.append(_("%(product)s: %(mg)s mg ordered, started %(time)s.") % given)
    ordered = dose.order.by_person_id if dose is not None else None
    return HelpNow(_number(session), _where(session), tuple(say), _people(session, ordered, at))


def _number(session: Session) -> str:
    return emergency_number(session.organisation.country)


def help_for(session: Session, live: Live, allergies: str, at: datetime) -> Help:
    """Everything for one phone call. Two queries; `session` is within the reader's Scope already."""
    ordered = live.dose.order.by_person_id if live.dose is not None else None
    return Help(
        number=_number(session),
        where=_where(session),
        say=tuple(_say(session, live, allergies, at)),
        people=_people(session, ordered, at),
        given_mg=_mg(live.clockwork),
    )


def _where(session: Session) -> str:
    room = session.room
    if room is None:
        return session.organisation.name
    parts = (session.organisation.name, room.location.address, room.name)
    return ", ".join(part for part in parts if part)


def _say(session: Session, live: Live, allergies: str, at: datetime) -> list[str]:
    zone = ZoneInfo(session.organisation.zone)
    lines = [_who(session, at, zone)]
    if session.started_at is not None and live.dose is not None:
        lines.append(
            _("%(product)s: about %(mg)s mg, started %(time)s.")
            % {
                "product": product_of(live.route).name,
                "mg": _mg(live.clockwork) or "?",
                "time": f"{session.started_at.astimezone(zone):%H:%M}",
            }
        )
    lines += [
        _("Also given at %(time)s: %(what)s, %(dose)s.")
        % {"time": f"{m.at.astimezone(zone):%H:%M}", "what": m.words.rstrip("."), "dose": m.dose}
        for m in live.medicines
    ]
    lines.append(_numbers(live, zone))
    lines.append(allergies.rstrip(".") + ".")
    return lines


def _who(session: Session, at: datetime, zone: ZoneInfo) -> str:
    age = session.patient.age_on(at.astimezone(zone).date())
    if age is None:
        return _("%(name)s, age not known.") % {"name": session.patient.name}
    return _("%(name)s, %(age)s years old.") % {"name": session.patient.name, "age": age}


def _numbers(live: Live, zone: ZoneInfo) -> str:
    words = {
        "bp": _("pressure %(v)s"),
        "hr": _("heart %(v)s"),
        "spo2": _("oxygen %(v)s%%"),
        "rr": _("breaths %(v)s"),
        "moaas": _("alertness %(v)s of 5"),
    }
    said = [words[key] % {"v": live.numbers[key].value} for key in words if live.numbers[key].value]
    if not said or live.last_set_at is None:
        return _("No vitals are known.")
    when = f"{live.last_set_at.astimezone(zone):%H:%M}"
    return _("At %(time)s: %(all)s.") % {"time": when, "all": ", ".join(said)}


def _people(session: Session, ordered: UUID | None, at: datetime) -> tuple[Called, ...]:
    """Whoever ordered this dose, then the others who may; each person once."""
    rows = (
        Membership.objects.filter(
            Membership.in_force(at),
            organisation_id=session.organisation_id,
            role__in=[role.value for role in CALLED],
        )
        .select_related("person")
        .order_by("since", "id")
    )
    ranked = sorted(rows, key=lambda m: (m.person_id != ordered, m.role != Role.PRESCRIBER))
    once = {m.person_id: m for m in reversed(ranked)}
    return tuple(
        Called(m.person.name, _(m.role.replace("_", " ")), m.person.phone)
        for m in ranked
        if once[m.person_id] is m
    )


def _mg(clockwork: Clockwork) -> str:
    given = clockwork.given if clockwork.given is not None else clockwork.ordered
    return f"{given.normalize():f}" if given is not None else ""
