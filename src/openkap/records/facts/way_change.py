"""What changing the way of a course would do: shown before it is signed, and kept with it as it was shown.

Decided here: one reckoning for the page and for the step, so that nothing happens that was not shown. What
was given, decided and written stays. Another route is screened, decided and consented anew, since the rules
and the risks are others (dossier 6.2: a new route asks for consent again). What another practice planned is
theirs: it is told, never called off for them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openkap.medicine.protocols import Protocol
from openkap.medicine.rules import library
from openkap.records.facts.clock import long_day
from openkap.records.facts.consent import consent_of, names_for
from openkap.records.facts.phases import what_of
from openkap.records.facts.signing import signed_of
from openkap.records.facts.ways import Therapist, plan_of, therapist_of
from openkap.records.models import Course, DocumentVersion, Order, Session, Signature, Task

AHEAD = ("planned", "arrived", "ready")
HAND_OVERS = ("hand_over_before", "read_hand_over")
HEADINGS = ("stays", "called_off", "anew", "rules", "told")


@dataclass(frozen=True, slots=True)
class WayChange:
    """What would follow, in words by heading; and the rows it would touch, for the step."""

    plan: Protocol
    route_changes: bool
    stays: tuple[str, ...]
    called_off: tuple[str, ...]
    anew: tuple[str, ...]
    rules: tuple[str, ...]
    told: tuple[str, ...]
    orders: tuple[Order, ...]
    sessions: tuple[Session, ...]
    doses: tuple[Session, ...]
    lets_go: Therapist | None

    def as_kept(self) -> dict[str, list[str]]:
        return {heading: list(getattr(self, heading)) for heading in HEADINGS}

    @property
    def seen(self) -> str:
        """A fingerprint of what was shown."""
        told = json.dumps([self.plan.id, self.plan.version, self.as_kept()], ensure_ascii=False)
        return hashlib.sha256(told.encode()).hexdigest()


def change_to(course: Course, plan: Protocol, at: datetime) -> WayChange:
    """What follows if this course goes by `plan` from `at` on. About a dozen queries."""
    zone = ZoneInfo(course.organisation.zone)
    before = plan_of(course)
    new_route = plan.route != course.route
    ahead = list(
        Session.objects.filter(course=course, state__in=AHEAD)
        .select_related("organisation", "lead", "course", "patient", "room")
        .order_by("planned_from", "id")
    )
    own = [s for s in ahead if s.organisation_id == course.organisation_id]
    gone = tuple(s for s in own if s.phase not in plan.phases and s.phase != Session.Phase.EVALUATION)
    doses = tuple(s for s in own if s.phase == Session.Phase.DOSING)
    orders = (
        tuple(Order.objects.current().filter(session__in=doses).select_related("session"))
        if new_route
        else ()
    )
    named = therapist_of(course, at)
    lets_go = named if not plan.has_therapy else None
    return WayChange(
        plan=plan,
        route_changes=new_route,
        stays=tuple(_stays(course, plan, ahead, gone, new_route, zone)),
        called_off=tuple(_called_off(course, plan, gone, orders, lets_go, zone)),
        anew=tuple(_anew(course, plan, before, named, new_route, at)),
        rules=tuple(_rules(course, plan, before, doses)),
        told=tuple(_told(course, doses, named)),
        orders=orders,
        sessions=gone,
        doses=doses,
        lets_go=lets_go,
    )


def _stays(
    course: Course,
    plan: Protocol,
    ahead: list[Session],
    gone: tuple[Session, ...],
    new_route: bool,
    zone: ZoneInfo,
) -> Iterator[str]:
    given = Session.objects.filter(
        course=course, phase=Session.Phase.DOSING, started_at__isnull=False
    ).count()
    yield (
        ngettext(
            "The dose given so far, with all that was seen and written.",
            "The %(n)s doses given so far, with all that was seen and written.",
            given,
        )
        % {"n": given}
        if given
        else _("All that was asked, measured and written.")
    )
    yield _("What the patient shares, and with whom.")
    if not new_route:
        yield _("The signed decision, the signed consent and the orders.")
    for session in ahead:
        if session not in gone:
            yield _planned(session, zone)


def _called_off(
    course: Course,
    plan: Protocol,
    gone: tuple[Session, ...],
    orders: tuple[Order, ...],
    lets_go: Therapist | None,
    zone: ZoneInfo,
) -> Iterator[str]:
    if lets_go is not None:
        yield _("%(who)s is let go as therapist of this course: it has no therapy then.") % {
            "who": lets_go.name
        }
    for session in gone:
        yield _planned(session, zone)
    for order in orders:
        yield _("The order of %(mg)s mg for %(day)s.") % {
            "mg": f"{order.mg.normalize():f}",
            "day": long_day(order.session.planned_from.astimezone(zone).date()),
        }
    if "hand_over_before" not in plan.needs:
        owed = Task.objects.filter(course=course, what__in=HAND_OVERS, done_at=None).count()
        if owed:
            yield ngettext(
                "A hand-over that is still owed before a dose.",
                "%(n)s hand-overs that are still owed before a dose.",
                owed,
            ) % {"n": owed}


def _anew(
    course: Course,
    plan: Protocol,
    before: Protocol | None,
    named: Therapist | None,
    new_route: bool,
    at: datetime,
) -> Iterator[str]:
    if new_route:
        yield _("The evaluation: the questions of the new route, and a new signed decision.")
        yield _consent(course, plan)
        yield _("The order of each dose ahead.")
    elif consent_of(course, at).state != "signed":
        yield _("Consent is still to be signed.")
    if plan.therapist_in_room and (before is None or not before.therapist_in_room):
        yield _("Touch: what was agreed with one person holds for nobody else. It is asked again on the day.")
        if named is not None:
            yield _("%(who)s is to be in the room at each dose. Name somebody else where they cannot.") % {
                "who": named.name
            }
    if named is None and plan.has_therapy:
        yield _("A therapist is named.")
    if plan.prepares and (before is None or not before.prepares):
        yield ngettext(
            "Preparation: %(n)s session is usual.",
            "Preparation: %(n)s sessions are usual.",
            plan.preparation.usual,
        ) % {"n": plan.preparation.usual}


def _consent(course: Course, plan: Protocol) -> str:
    """A signature under the newest text of that route counts still; else it is asked for."""
    own, route = names_for(plan.route, plan.model)
    versions = DocumentVersion.objects.filter(
        organisation_id=course.organisation_id, document__in=(own, route)
    ).order_by("-version")
    found = {version.document: version for version in reversed(versions)}
    newest = found.get(own) or found.get(route)
    if newest is None:
        return _("Consent: no text for this route is published here yet.")
    if Signature.objects.current().filter(course=course, document=newest).exists():
        return _("Consent for this route was signed before, in its current version.")
    return _("Consent: the patient signs the text of the new route.")


def _rules(
    course: Course, plan: Protocol, before: Protocol | None, doses: tuple[Session, ...]
) -> Iterator[str]:
    signed = signed_of(course.organisation_id, plan.route)
    route = _(plan.route.words)
    if signed.stands:
        yield _("The rules of this route (%(route)s), which are signed here.") % {"route": route}
    else:
        yield _("The rules of this route (%(route)s). Nobody orders by it yet: %(why)s") % {
            "route": route,
            "why": signed.says,
        }
    titles = {rule.words["need"]: rule.title for rule in library().area("gate") if "need" in rule.words}
    old = before.needs if before is not None else ()
    for need in plan.needs:
        if need not in old:
            yield _("New before each dose: %(what)s.") % {"what": titles[need].lower()}
    for need in old:
        if need not in plan.needs:
            yield _("No longer asked: %(what)s.") % {"what": titles[need].lower()}
    minutes = plan.minutes["dosing"]
    if before is None or before.minutes["dosing"] != minutes:
        yield _("A dosing visit takes %(minutes)s minutes. Look at the length of each dose planned.") % {
            "minutes": minutes
        }
    if before is not None and before.integrates and not plan.integrates:
        yield _("No integration is held or asked for after a dose. Windows that are open now stay open.")


def _told(course: Course, doses: tuple[Session, ...], named: Therapist | None) -> Iterator[str]:
    yield _("%(name)s sees the new way on their own page.") % {"name": course.patient.name}
    if named is not None and named.place.id != course.organisation_id:
        yield _("%(who)s, as far as the patient shares dates with them. Their sessions are theirs.") % {
            "who": named.name
        }
    elif named is not None:
        yield named.name + "."
    leads = dict.fromkeys(s.lead.name for s in doses if s.lead is not None)
    for name in leads:
        yield _("%(name)s, who leads a planned dose.") % {"name": name}


def _planned(session: Session, zone: ZoneInfo) -> str:
    return _("%(what)s, %(day)s, %(place)s.") % {
        "what": what_of(session),
        "day": long_day(session.planned_from.astimezone(zone).date()),
        "place": session.organisation.name,
    }
