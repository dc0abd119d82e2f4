"""The facts that stand before a dose, loaded for `medicine.course.gate`.

Decided here: which rows answer each question. The consent that counts is the newest version of the
route's document; what is asked on the day counts on the clinic's own calendar day; the first set is
whatever was kept for this session before it started.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from openkap.medicine.consent.again import Reason
from openkap.medicine.course.gate import PRESSURES, SCREENED, Day, GoneAhead, OrderNow
from openkap.medicine.dosing.order import PastDose
from openkap.medicine.dosing.products import product_of
from openkap.medicine.inputs import plain
from openkap.medicine.protocols.routes import Route
from openkap.medicine.rules import RuleSet
from openkap.medicine.screening import Case, Vitals, screen
from openkap.medicine.verdict import Finding
from openkap.records.facts.clock import hour
from openkap.records.facts.consent import consent_of
from openkap.records.facts.dose import draw_of, last_order
from openkap.records.facts.law import Law, law_of
from openkap.records.facts.preparation import touch_of
from openkap.records.facts.screening import case_of
from openkap.records.facts.signing import newest, state_of
from openkap.records.facts.since import since_of
from openkap.records.facts.standing import people_of
from openkap.records.facts.ways import last_way, plan_of, way_at, way_of
from openkap.records.models import (
    Administration,
    Confirmation,
    DayAnswer,
    Decision,
    Declined,
    Draw,
    Escort,
    GoAhead,
    Order,
    Reading,
    Score,
    Session,
    Window,
)

CSSRS, SINCE_LAST = "cssrs_recent", "cssrs_slc"

# What is asked before the next dose, and does not come between drawing one up and its last part.
ASKED_LATER = frozenset({Reason.VERSION, Reason.WAY, Reason.YEAR})


def day_of(session: Session, at: datetime, law: Law | None = None) -> Day:
    """What is known before this session's dose. About four dozen queries. `law`: if already at hand."""
    law = law if law is not None else law_of(session.organisation_id)
    zone = ZoneInfo(session.organisation.zone)
    asked = asked_today(session, at)
    first = first_set(session)
    escort = escort_of(session)
    route = session.course.route
    signed = state_of(route, newest(session.organisation_id, route), law, at)
    touch = touch_of(session.course, at)
    last, held, closes, owed = _since_last(session, at, zone)
    plan = plan_of(session.course)
    needs = plan.needs if plan is not None else ()
    decision, decided_on = _decision(session, at, zone)
    told, order = _told(asked, zone), last_order(session)
    return Day(
        at=at.astimezone(zone),
        route=session.course.route,
        signing=signed.state,
        signed_by=signed.row.by_name if signed.row is not None else "",
        signed_on=signed.on,
        changed_rules=signed.which,
        decision=decision,
        decided_on=decided_on,
        consent=consent_state(session, at),
        last_dose=last,
        integration_held=held,
        window_closes=closes,
        asked=told,
        touch="none" if touch is None else "asked" if touch.is_of_day(at, zone) else "earlier",
        touch_level=touch.level.value.replace("_", " ") if touch is not None else "",
        escort=_named(escort),
        order=_order(session, order),
        room=session.room.name if session.room is not None else "",
        room_taken=_taken(session),
        measured=_measured(first),
        screened=screened_on_the_day(
            case_on_the_day(session, at, first, asked, escort), law.at(session.started_at or at), zone
        ),
        gone_ahead=_gone_ahead(session, at),
        needs=needs,
        way=way_of(session, needs, at, zone),
        integrates=owed and (plan is None or plan.integrates),
        since=since_of(session, at, plan, told),
        people=people_of(session, order, asked.get("staff"), at),
    )


def first_set(session: Session) -> tuple[Reading, ...]:
    """Readings kept before the dose began, oldest first."""
    rows = Reading.objects.current().filter(session=session).order_by("at", "recorded_at")
    if session.started_at is not None:
        rows = rows.filter(at__lte=session.started_at)
    return tuple(rows)


def asked_today(session: Session, at: datetime) -> dict[str, DayAnswer]:
    """The newest answer to each question of the day, of the clinic's calendar day of `at`. One query."""
    start, end = day_bounds(at, ZoneInfo(session.organisation.zone))
    rows = DayAnswer.objects.current().filter(session=session, at__gte=start, at__lt=end, at__lte=at)
    return {row.question: row for row in rows.order_by("at", "recorded_at", "id")}


def escort_of(session: Session) -> Escort | None:
    """Who takes the patient home from this session, as last written down."""
    found: Escort | None = (
        Escort.objects.current().filter(session=session).order_by("-recorded_at", "-id").first()
    )
    return found


def day_bounds(at: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The clinic's calendar day that holds `at`, half-open, in UTC; 23 or 25 hours on a change of clocks."""
    day = at.astimezone(zone).date()
    midnight, next_one = (
        datetime.combine(d, time(), tzinfo=zone).astimezone(UTC) for d in (day, day + timedelta(days=1))
    )
    return midnight, next_one


def _decision(session: Session, at: datetime, zone: ZoneInfo) -> tuple[str, date | None]:
    """The last decision and its day; one on another route is none for this one: it is screened anew."""
    row = Decision.objects.current().filter(course=session.course_id, at__lte=at).order_by("-at").first()
    if row is None:
        return "", None
    turned = last_way(session.course, of_route=True)
    if turned is not None and row.at <= turned.at:
        return "", None
    return row.outcome, row.at.astimezone(zone).date()


def consent_state(session: Session, at: datetime) -> str:
    """A consent that was taken back, or a no to the text of now, is told apart from none; one that is asked
    for again is told by its reason. What was drawn up on a consent that held goes on, since nobody is asked
    to sign then: a newer text, a way's own or a year wait for the next dose (`drawn`)."""
    consent = consent_of(session.course, at)
    if consent.state == "signed":
        return "signed"
    if consent.taken_back_at is not None:
        return "taken_back"
    if (
        consent.version is not None
        and Declined.objects.current().filter(course=session.course_id, document=consent.version).exists()
    ):
        return "declined"
    if consent.reasons and ASKED_LATER.issuperset(consent.reasons) and _is_drawn(session):
        return "drawn"
    return consent.reason or consent.state


def _is_drawn(session: Session) -> bool:
    return session.started_at is not None or draw_of(last_order(session)) is not None


def _since_last(
    session: Session, at: datetime, zone: ZoneInfo
) -> tuple[PastDose | None, bool | None, datetime | None, bool]:
    """The last dose given here, whether integration kept its window, when that closes, and whether its own
    way of care asked for integration at all."""
    last = (
        Administration.objects.current()
        .filter(patient_id=session.patient_id, organisation_id=session.organisation_id, at__lte=at)
        .exclude(session=session)
        .select_related("order", "session__course")
        .order_by("-at")
        .first()
    )
    if last is None:
        return None, None, None, True
    window = Window.objects.filter(dose_id=last.session_id).first()
    past = PastDose(Route(last.order.route), last.mg, last.at.astimezone(zone).date(), last.at)
    if window is None:
        then = way_at(last.session.course, last.at)
        return past, None, None, then is None or then.integrates
    return past, window.kept_by_id is not None, window.closes_at, True


def _order(session: Session, row: Order | None) -> OrderNow:
    if row is None:
        return OrderNow()
    if row.withdrawn:
        return OrderNow(state="cancelled", by=row.by_name, at=row.at, words=row.reason)
    drawn = draw_of(row)
    confirmed = Confirmation.objects.current().filter(order=row, draw=drawn).first() if drawn else None
    before = (
        Confirmation.objects.current()
        .filter(session=session, order__booster_of=None)
        .select_related("order")
        .last()
    )
    return OrderNow(
        state="stands",
        by=row.by_name,
        at=row.at,
        mg=row.mg,
        drawn_by=drawn.by_name if drawn is not None else "",
        drawn=amount_of(drawn) if drawn is not None else "",
        drawn_before=drawn is None
        and Draw.objects.current().filter(session=session, order__booster_of=None).exists(),
        confirmed_by=confirmed.by_name if confirmed is not None else "",
        confirmed_before=""
        if confirmed is not None or before is None
        else "redrawn"
        if before.order_id == row.id
        else "changed",
    )


def amount_of(drawn: Draw) -> str:
    """What was prepared, in words: "0.7 mL of 50 mg/mL, 35 mg", "2 devices of 28 mg, 56 mg"."""
    mg = f"{plain(drawn.mg)} mg"
    if drawn.units is not None and drawn.unit_mg is not None:
        counted = product_of(drawn.order.route).counted(drawn.units)
        return f"{counted} of {plain(drawn.unit_mg)} mg, {mg}"
    if drawn.ml is None or drawn.concentration_mg_per_ml is None:
        return mg
    return f"{plain(drawn.ml)} mL of {plain(drawn.concentration_mg_per_ml)} mg/mL, {mg}"


def _told(asked: Mapping[str, DayAnswer], zone: ZoneInfo) -> dict[str, dict[str, Any]]:
    """Values as medicine reads them, times as times; and when each was asked, by whom."""
    told = {
        question: dict(row.value) | {"asked_at": hour(row.at, zone), "asked_by": row.by_name}
        for question, row in asked.items()
    }
    for meal in filter(None, (told.get("meal"),)):
        for key in ("ate_at", "drank_at"):
            if meal.get(key):
                meal[key] = datetime.fromisoformat(meal[key])
    return told


def _named(escort: Escort | None) -> str:
    if escort is None:
        return ""
    return ", ".join(part for part in (escort.name, escort.relation, escort.phone) if part)


def _taken(session: Session) -> bool:
    if session.room_id is None:
        return False
    # Looked for among what is under way in this practice: a room has held sessions for years.
    live = Session.objects.filter(organisation_id=session.organisation_id, state__in=Session.LIVE)
    return session.room_id in set(live.exclude(pk=session.pk).order_by().values_list("room_id", flat=True))


def _measured(readings: tuple[Reading, ...]) -> frozenset[str]:
    found = set()
    for row in readings:
        if row.sbp is not None and row.dbp is not None:
            found.add("pressure")
        if row.hr is not None:
            found.add("heart")
        if row.spo2 is not None:
            found.add("oxygen")
    return frozenset(found)


def case_on_the_day(
    session: Session,
    at: datetime,
    readings: tuple[Reading, ...] | None = None,
    asked: Mapping[str, DayAnswer] | None = None,
    escort: Escort | None = None,
) -> Case:
    """What screening is asked on the day: the escort, today's safety answers, the sets before the dose."""
    zone = ZoneInfo(session.organisation.zone)
    rows = first_set(session) if readings is None else readings
    sets = tuple(
        Vitals(row.at.astimezone(zone), *(_bare(v) for v in (row.sbp, row.dbp, row.hr, row.spo2)))
        for row in rows
        if row.sbp is not None and row.dbp is not None
    )
    return replace(
        case_of(session.course, at, dosing_day=True),
        vitals=sets,
        escort=True if (escort or escort_of(session)) is not None else None,
        scores=_safety(session, asked_today(session, at) if asked is None else asked, at),
    )


def screened_on_the_day(case: Case, rules: RuleSet, zone: ZoneInfo) -> tuple[Finding, ...]:
    """What screening says of the day: pregnancy, escort and safety always, pressures once one was kept."""
    found = screen(case, rules, (*SCREENED, *PRESSURES) if case.vitals else SCREENED).verdict.findings
    if not case.vitals:
        return found
    measured = {"measured": hour(case.vitals[-1].at, zone)}
    return tuple(replace(f, data={**f.data, **measured}) if f.rule in PRESSURES else f for f in found)


def _bare(value: Decimal | None) -> Decimal | None:
    """A measured number without the zeros its column adds: 152, not 152.0."""
    return Decimal(plain(value)) if value is not None else None


def _safety(session: Session, asked: Mapping[str, DayAnswer], at: datetime) -> dict[str, Decimal | str]:
    """Today's safety questions: what the nurse wrote down, and a form filled in today, each as its band."""
    start, end = day_bounds(at, ZoneInfo(session.organisation.zone))
    form = (
        Score.objects.current()
        .filter(course=session.course_id, instrument=SINCE_LAST, at__gte=start, at__lt=end, at__lte=at)
        .order_by("-at")
        .first()
    )
    found: dict[str, Decimal | str] = {}
    if form is not None and form.band:
        found[SINCE_LAST] = found[CSSRS] = form.band
    if (told := asked.get("safety")) is not None:
        found[CSSRS] = told.value["band"]
    return found


def _gone_ahead(session: Session, at: datetime) -> tuple[GoneAhead, ...]:
    """Words given today: what was set aside on another day is looked at again."""
    start, end = day_bounds(at, ZoneInfo(session.organisation.zone))
    rows = GoAhead.objects.current().filter(session=session, at__gte=start, at__lt=end).order_by("at", "id")
    return tuple(GoneAhead(row.rule, row.because, row.by_name, row.words) for row in rows)
