"""One dose, from the day it is booked to the days after it, as everyone in it would do their part.

Decided here: the order of a dosing day, and how far it has come. What the course's way of care asks for
(check-ins, hand-overs, the form of a REMS) is done where it asks. Minutes count from the start of the dose;
what comes before it stays on the practice's own day, however early the dose is.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from openkap.demonstration.beside import felt
from openkap.demonstration.course import Play, weighed
from openkap.demonstration.doses import Given, given
from openkap.demonstration.hours import by_day, hours_from, is_free
from openkap.demonstration.house import rooms_of
from openkap.demonstration.vitals import CURVES, Curve, reading
from openkap.medicine.course import next_day
from openkap.records.facts.booking import Treating, fitting_in, minutes_for, window_of
from openkap.records.models import Proposal, Room, Session
from openkap.steps.booking import answer_proposal, plan_dose_with_window
from openkap.steps.course import plan_session
from openkap.steps.day import keep_day
from openkap.steps.dose import end_dose, go_home, keep_reading, start_dose
from openkap.steps.giving import end_hold, give_part
from openkap.steps.hand_over import hand_back, hand_over, read_hand_back, read_hand_over
from openkap.steps.next_day import keep_call
from openkap.steps.notes import hold_integration, summarise_session, write_note
from openkap.steps.order import confirm_order, draw_dose, order_dose
from openkap.steps.presence import check_in
from openkap.steps.readiness import go_ahead
from openkap.steps.rems import form_was_sent
from openkap.steps.small_things import agree_small_thing
from openkap.steps.stopping import stop_dose

WELL = {
    "aldrete": 10,
    "padss": 10,
    "cadss6": 0,
    "oriented": True,
    "gait_steady": True,
    "si_today": False,
    "nausea": "none",
    "escort_present": True,
    "instructions_signed": True,
}
ESCORTS = (
    ("Lou", "sibling"), ("Sam", "partner"), ("Renata Okafor", "friend"), ("Jules", "parent"),
    ("Wim Castellan", "friend"), ("Adele", "partner"), ("Ines", "sibling"),
)  # fmt: skip
HOUR = timedelta(hours=1)
FOCUS = ("A door that would not open, and then did.", "The kitchen at home.", "The lake.")
AGREED = {
    "en": (
        "A call to the brother, by Sunday.",
        "Walk to the river, twice.",
        "Ten minutes without the telephone.",
    ),
    "es": (
        "Una llamada al hermano, antes del domingo.",
        "Caminar hasta el río, dos veces.",
        "Diez minutos sin el teléfono.",
    ),
}
# The minute in which an infusion is stopped by the wish of whoever has it, and why.
STOPS, STOPPED_WHY = 22, "Asked to stop: too much at once. Calm within ten minutes."
AFTER_STOP = "The last one was stopped by her own wish, not for what it did. She wants the whole dose."
MISSED_BUT = "One missed tablet changes nothing for today; to be taken again tomorrow."


def dose_of(play: Play) -> Given:
    return given(play.who.route, play.who.weight)


def curve_of(play: Play) -> Curve:
    return CURVES[play.who.route]


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def before(play: Play, begins: datetime, number: float) -> datetime:
    """So many minutes before the dose, on the practice's same day, and not yet to come."""
    midnight = begins.astimezone(play.house.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    return play.go_to(min(max(begins - minutes(number), midnight), play.house.now))


def booked_with_window(play: Play, begins: datetime) -> None:
    """The desk books a dose of today or to come; whoever treats says yes to the session held for it."""
    ahead = begins > play.house.now + timedelta(days=1)
    play.go_to(by_day(play.house.now - 3 * HOUR if ahead else begins - timedelta(days=2), play.house.zone))
    made = plan_dose_with_window(
        by=play.desk,
        at=play.at,
        course=play.course,
        planned_from=begins,
        minutes=minutes_for(play.course, "dosing"),
        room=room_of(play),
        words="The patient asked for this day.",
    )
    play.number += 1
    play.dose, play.integration = made.dose, made.held


def said_yes(play: Play) -> None:
    """The therapist answers what waits about the session held for the dose."""
    waiting = Proposal.objects.filter(about=play.integration, state=Proposal.State.OPEN).first()
    if waiting is not None and play.therapist is not None:
        answer_proposal(by=play.therapist, at=play.later(), proposal=waiting, answer="accept")


def room_of(play: Play) -> Room:
    """Their own room, or one of the practice's."""
    return _rooms_for(play)[0]


def _rooms_for(play: Play) -> list[Room]:
    """The rooms of the practice, theirs first."""
    rooms = rooms_of(play.house, play.who.at)
    names = sorted(rooms)
    first = names.index(play.who.room) if play.who.room else len(play.who.key) % len(names)
    return [rooms[name] for name in names[first:] + names[:first]]


def place_of(play: Play, begins: datetime) -> tuple[datetime, Room]:
    """A dose of this day: the hour next to `begins` at which a room and the nurse are free, and the room."""
    long, nurse = minutes_for(play.course, "dosing"), play.house.persons[play.nurse_key].id
    local = begins.astimezone(play.house.zone)
    rooms = _rooms_for(play)
    for starts in (begins, *(local.replace(hour=hour, minute=0) for hour in hours_from(local.hour))):
        for room in rooms:
            if starts < play.house.now - timedelta(minutes=long) and is_free(
                starts, long, room=room, lead=nurse
            ):
                return starts, room
    return begins, rooms[0]


def booked(play: Play, begins: datetime, room: Room | None = None) -> None:
    """The desk books a dose of the past, some days before it."""
    play.go_to(by_day(begins - timedelta(days=4), play.house.zone))
    play.number += 1
    play.dose = plan_session(
        by=play.desk,
        at=play.at,
        course=play.course,
        organisation=play.place,
        phase="dosing",
        planned_from=begins,
        minutes=minutes_for(play.course, "dosing"),
        room=room or room_of(play),
        lead=play.house.persons[play.nurse_key],
    )


def ordered(play: Play, begins: datetime) -> None:
    at, what = before(play, begins, 55), dose_of(play)
    weighed(play)
    words = AFTER_STOP if "stopped_early" in play.who.happens and play.number > 1 else what.words
    play.order = order_dose(by=play.prescriber, at=at, session=play.dose, words=words, **what.wanted)


def drawn(play: Play, begins: datetime) -> None:
    draw_dose(by=play.nurse, at=before(play, begins, 22), order=play.order, **dose_of(play).hand)


def confirmed(play: Play, begins: datetime) -> None:
    confirm_order(by=play.second, at=before(play, begins, 18), order=play.order, label=dose_of(play).label)


def escort_of(play: Play) -> dict[str, str]:
    """Who takes this person home, every time."""
    given, relation = ESCORTS[play.who.own // 7 % len(ESCORTS)]
    family = "" if relation == "friend" else f" {play.who.family}"
    return {"name": given + family, "phone": f"+1 555 01{play.who.own % 100:02d}", "relation": relation}


def morning(play: Play, begins: datetime, *, rise: int = 0, medicines: str = "") -> None:
    """What is asked on the day is answered, an escort is named, the first set is kept."""
    at = before(play, begins, 40)
    keep_day(
        by=play.nurse,
        at=at,
        session=play.dose,
        answers={
            "identity": {"answer": "yes"},
            "safety": {"band": "none"},
            "health": {"answer": "no"},
            "medicines": {"answer": "no", "words": medicines} if medicines else {"answer": "yes"},
            "meal": {"ate_at": at - 12 * HOUR, "kind": "light", "drank_at": at - 4 * HOUR},
            "taken": {"answer": "none"},
            "mind": {"answer": "no"},
            "bladder": {"answer": "no"},
            "kit": {"answer": "yes"},
            "staff": {
                "monitor": play.house.persons[play.nurse_key].id,
                "second": play.house.persons[play.team.within_reach].id,
            },
        },
        escort=escort_of(play),
        touch="hand",
        hcg="negative" if play.who.sex == "female" else "",
    )
    first = reading(play.who.key, play.number, play.who.route, 0)
    keep_reading(
        by=play.nurse, at=before(play, begins, 12), session=play.dose,
        values=first | {"sbp": first["sbp"] + rise, "dbp": first["dbp"] + rise // 2},
    )  # fmt: skip


def handed_over(play: Play, begins: datetime, *, read: bool = True) -> None:
    """The therapist's word before the dose, where the way asks for it."""
    if "hand_over_before" not in play.plan.needs or play.therapist is None:
        return
    hand_over(
        by=play.therapist,
        at=before(play, begins, 90),
        session=play.dose,
        readiness="ready",
        intentions="To look at the letter again, and not be alone with it.",
        concerns="Crowds; the corridor before the room.",
    )
    if read:
        read_hand_over(by=play.nurse, at=before(play, begins, 60), session=play.dose)


def all_there(play: Play, begins: datetime) -> None:
    """Those who must be there check in; one who is prescriber and therapist checks in once for both."""
    needs, at = play.plan.needs, before(play, begins, 10)
    if "medical_checked_in" in needs:
        check_in(by=play.nurse, at=at, session=play.dose)
    if "therapist_checked_in" in needs and play.therapist is not None:
        check_in(by=play.therapist, at=at, session=play.dose)
    if "prescriber_on_site" in needs:
        check_in(by=play.prescriber, at=at, session=play.dose)


def started(play: Play, begins: datetime) -> None:
    start_dose(by=play.nurse, at=play.go_to(begins), session=play.dose, **dose_of(play).part)


def made_ready(play: Play, begins: datetime, *, today: bool = False, room: Room | None = None) -> None:
    """Everything up to the start; a dose of `today` has its session held beforehand."""
    if today:
        booked_with_window(play, begins)
        said_yes(play)
    else:
        booked(play, begins, room)
    handed_over(play, begins)
    ordered(play, begins)
    missed = "" if today else play.who.missed
    morning(play, begins, medicines=missed)
    drawn(play, begins)
    confirmed(play, begins)
    all_there(play, begins)
    if missed:
        go_ahead(
            by=play.prescriber, at=before(play, begins, 5), session=play.dose, rule="R-MEDICINES",
            words=MISSED_BUT,
        )  # fmt: skip


def watched(play: Play, begins: datetime, until: float, *, early: bool = False) -> None:
    """The other parts are given and sets kept, in the order of the minutes, up to minute `until`; `early`: an
    infusion is stopped before its end."""
    what, curve = dose_of(play), curve_of(play)
    due = [(part * what.rest, "part") for part in range(1, what.parts)]
    due += [(minute, "set") for minute in curve.sets]
    due += [(STOPS, "stop") if early else (curve.ends, "end")]
    if play.who.route == "sublingual":
        due.append((10, "hold"))
    for minute, name in sorted(due, key=lambda one: (one[0], one[1] in ("end", "stop"))):
        if minute > until:
            return
        at = play.go_to(begins + minutes(minute))
        match name:
            case "part":
                give_part(by=play.nurse, at=at, session=play.dose, **what.part)
            case "hold":
                part = play.dose.given_parts.get()
                end_hold(by=play.nurse, at=at, part=part, after_hold=what.wanted["after_hold"])
            case "stop":
                had = (play.order.mg * STOPS / curve.ends).quantize(Decimal("0.1"))
                stop_dose(by=play.nurse, at=at, session=play.dose, mg=had, words=STOPPED_WHY)
            case "end":
                end_dose(by=play.nurse, at=at, session=play.dose)
            case _:
                values = reading(play.who.key, play.number, play.who.route, minute, play.who.rise)
                keep_reading(by=play.nurse, at=at, session=play.dose, values=values)


def held_for_later(play: Play) -> None:
    """The therapist holds a time in the window."""
    if play.therapist is None or play.healer is None or not play.plan.integrates:
        return
    if play.integration is not None:
        return
    play.dose.refresh_from_db()
    key, where = play.healer
    place, person = play.house.places[where], play.house.persons[key]
    window = window_of(play.dose)
    starts = fitting_in(play.course, window, Treating(place, person), 50, play.at)
    assert starts is not None
    play.integration = hold_integration(
        by=play.therapist, at=play.later(), course=play.course, organisation=place, planned_from=starts,
        minutes=50,
    )  # fmt: skip


def went_home(play: Play, begins: datetime) -> None:
    """Everything is met, an escort takes them home, the clinic says what was seen."""
    at = play.go_to(begins + minutes(curve_of(play).home))
    unresolved = play.who.route in ("nasal_racemic", "esketamine")
    go_home(
        by=play.nurse,
        at=at,
        session=play.dose,
        answers=WELL | ({"resolved": True} if unresolved else {}),
        escort_name=escort_of(play)["name"],
        identified="photo_id",
    )
    play.dose.refresh_from_db()
    summarise_session(by=play.nurse, at=play.later(), session=play.dose, text=dose_of(play).said)
    if "hand_over_after" in play.plan.needs:
        hand_back(
            by=play.nurse, at=play.later(), session=play.dose,
            seen="Calm. Some tears near the end; spoke of a lake.", take_up="The lake.",
        )  # fmt: skip


def next_morning(play: Play) -> None:
    """The call on the next day, the form of a REMS, and the therapist has read what was handed back."""
    assert play.dose.started_at is not None
    play.go_to(play.dose.started_at + timedelta(hours=24))
    keep_call(
        by=play.nurse,
        at=play.at,
        session=play.dose,
        reached=True,
        answers={asked.key: asked.key == "N-SLEPT" for asked in next_day.questions()},
        safety={"1": 0, "2": 0, "6": 0},
        words="Slept well. A little tired.",
    )
    felt(play)
    if "monitoring_form_within_7_days" in play.plan.needs:
        day = play.at.astimezone(play.house.zone).date()
        form_was_sent(by=play.nurse, at=play.later(), session=play.dose, sent_on=day, how="online")
    if "hand_over_after" in play.plan.needs and play.therapist is not None:
        read_hand_back(by=play.therapist, at=play.later(), session=play.dose)


def integrated(play: Play) -> None:
    """The session in the window was held: its note, and a small thing agreed."""
    if play.integration is None or play.therapist is None:
        return
    turn = play.number % len(FOCUS)
    write_note(
        by=play.therapist, at=play.go_to(play.integration.planned_to), session=play.integration,
        focus=FOCUS[turn], agreed=AGREED["en"][turn],
    )  # fmt: skip
    agree_small_thing(
        by=play.therapist, at=play.later(), session=play.integration, text=AGREED[play.who.language][turn]
    )
    play.integration = None


def live(play: Play) -> bool:
    return play.dose.state in Session.LIVE


def begun_at(play: Play, ago: float) -> datetime:
    """The start of a dose that began so many minutes before now, on a whole minute."""
    return (play.house.now - minutes(ago)).replace(second=0, microsecond=0)
