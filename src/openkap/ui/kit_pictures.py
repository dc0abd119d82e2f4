"""The kit's pictures: courses, windows, vitals and scores of people who do not exist.

Decided here: only what the sheet shows. Numbers show the layout and are no settings.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from openkap.ui import intervals, lanes, people, ribbon, scorechart, strip, window

ZONE = ZoneInfo("America/New_York")
AT = datetime(2027, 3, 9, 10, 52, tzinfo=ZONE)


def _at(month: int, day_of: int, hour: int = 10, minute: int = 0) -> datetime:
    return datetime(2027, month, day_of, hour, minute, tzinfo=ZONE)


def course() -> ribbon.Course:
    doses = [(3, 2), (3, 5), (3, 9), (3, 12), (3, 16), (3, 19)]
    sessions = [(3, 4), (3, 8), (3, 11), (3, 15), (3, 18), (3, 22)]
    marks = [
        ribbon.Mark(_at(*d), "dose", "done" if i < 2 else "planned", f"Dose {i + 1}")
        for i, d in enumerate(doses)
    ]
    marks += [ribbon.Mark(_at(*s), "session", "done" if i < 2 else "planned") for i, s in enumerate(sessions)]
    bands = [
        ribbon.Band(
            _at(*d) + timedelta(hours=24),
            _at(*d) + timedelta(hours=72),
            "fixed" if i < 3 else "planned",
            "Window, Wed to Fri" if i == 2 else "",
        )
        for i, d in enumerate(doses)
    ]
    weekly = tuple(ribbon.Mark(_at(m, d), "session") for m, d in ((3, 29), (4, 5), (4, 12), (4, 19)))
    return ribbon.Course(
        (
            ribbon.Stage("Evaluation", "done", (ribbon.Mark(_at(2, 17), state="done"),)),
            ribbon.Stage(
                "Preparation",
                "done",
                (ribbon.Mark(_at(2, 22), state="done"), ribbon.Mark(_at(2, 25), state="done")),
            ),
            ribbon.Stage("Dosing and integration", "now", tuple(marks), tuple(bands)),
            ribbon.Stage("Continued integration", "planned", weekly),
        ),
        AT,
        "Evaluation and preparation done. Dose 3 of 6 is today. Continued integration from March 29.",
    )


def long_course() -> ribbon.Course:
    first = _at(1, 4)
    doses = [first + timedelta(days=4 * i) for i in range(20)]
    marks = [
        ribbon.Mark(
            at,
            "dose",
            "missed" if i == 7 else "done" if at < AT else "held" if i == 17 else "planned",
            f"Dose {i + 1}",
        )
        for i, at in enumerate(doses)
    ]
    bands = [
        ribbon.Band(
            at + timedelta(hours=24),
            at + timedelta(hours=72),
            "unmet" if i == 15 else "fixed" if at < AT else "planned",
            "No session held" if i == 15 else "",
        )
        for i, at in enumerate(doses)
    ]
    sessions = [
        ribbon.Mark(at + timedelta(hours=80 if i == 3 else 40), "session", "late" if i == 3 else "done")
        for i, at in enumerate(doses[:15])
    ]
    return ribbon.Course(
        (
            ribbon.Stage("Evaluation", "done", (ribbon.Mark(_at(1, 2), state="done"),)),
            ribbon.Stage("Preparation", "done", (ribbon.Mark(_at(1, 3), state="done"),)),
            ribbon.Stage("Dosing and integration", "now", (*marks, *sessions), tuple(bands)),
            ribbon.Stage("Continued integration", "planned", ()),
        ),
        AT,
        "16 of 20 doses done. The window after dose 16 has no session.",
    )


def empty_course() -> ribbon.Course:
    names = ("Evaluation", "Preparation", "Dosing and integration", "Continued integration")
    stages = tuple(ribbon.Stage(name, "now" if i == 0 else "planned") for i, name in enumerate(names))
    return ribbon.Course(stages, AT, "Evaluation has not been booked.")


def windows() -> dict[str, window.Window]:
    ended = _at(3, 9, 11)
    times = {
        "dose_ended_at": ended,
        "opens_at": ended + timedelta(hours=24),
        "closes_at": ended + timedelta(hours=72),
    }
    held = _at(3, 11, 10)
    return {
        "before": window.Window(**times, at=ended + timedelta(hours=1), session_at=held),
        "open": window.Window(**times, at=ended + timedelta(hours=26), session_at=held),
        "unmet": window.Window(**times, at=ended + timedelta(hours=80)),
    }


def vitals() -> strip.Strip:
    sets = [(0, 132, 82, 74, 98), (10, 136, 84, 78, 98), (20, 142, 88, 82, 97), (30, 148, 90, 84, 97)]
    return strip.Strip(
        tuple(strip.Reading(*values) for values in sets),
        until=80,
        ticks=(0, 10, 20, 30, 40, 55, 70),
        now=32,
        phases=(strip.Phase("Infusion", 0, 40), strip.Phase("Emerging", 40, 80)),
        limits=(strip.Limit("sbp", 160, "Tell prescriber: 160 or more"),),
        due=strip.Due(40, "Due 11:00"),
        gap=20,
        summary="Blood pressure rose from 132/82 to 148/90 in 30 minutes. Heart 74 to 84. Oxygen 98 to 97%.",
    )


def phq9() -> scorechart.ScoreChart:
    scores = [
        ((2, 17), 19),
        ((3, 2), 18),
        ((3, 4), 14),
        ((3, 5), 15),
        ((3, 8), 13),
        ((3, 9), 12),
        ((3, 12), 11),
        ((3, 16), 9),
        ((3, 19), 8),
        ((4, 19), 7),
        ((5, 19), None),
        ((6, 19), 9),
        ((7, 2), 14),
        ((7, 16), 9),
        ((8, 19), 8),
        ((9, 20), 7),
    ]
    points = tuple(
        scorechart.Point(
            date(2027, *on),
            value,
            raised=on == (7, 2),
            label="May: not answered" if value is None else "",
            note=("Up 5 in two weeks, July 2", "Mira called within 3 hours") if on == (7, 2) else (),
        )
        for on, value in scores
    )
    doses = [scorechart.Event(date(2027, 3, d)) for d in (2, 5, 9, 12, 16, 19)]
    sessions = [
        scorechart.Event(date(2027, *d), "session")
        for d in ((3, 4), (3, 8), (3, 11), (3, 15), (3, 18), (3, 22), (3, 29), (4, 5), (4, 12), (4, 19))
    ]
    return scorechart.ScoreChart(
        points,
        0,
        27,
        (
            scorechart.Rule(25, "25: reliably worse", "worse"),
            scorechart.Rule(13, "13: reliably better", "better"),
            scorechart.Rule(9.5, "9: half of the start"),
            scorechart.Rule(4.5, "4: remission"),
        ),
        (*doses, scorechart.Event(date(2027, 7, 9), label="Booster"), *sessions),
        between_words=("Between: could be", "chance alone"),
        doses_words="6 doses",
        sessions_words="10 sessions",
        summary="PHQ-9 from 19 in February to 7 in September, with a rise to 14 in early July.",
    )


def spark() -> scorechart.ScoreChart:
    scores = [((2, 17), 19), ((3, 2), 18), ((3, 4), 14), ((3, 5), 15), ((3, 8), 13), ((3, 9), 12)]
    return scorechart.ScoreChart(
        tuple(scorechart.Point(date(2027, *on), value) for on, value in scores),
        0,
        27,
        summary="PHQ-9 fell from 19 to 12.",
    )


def plan() -> lanes.Plan:
    def window_of(at: datetime, state: str = "fixed", words: str = "") -> lanes.Window:
        return lanes.Window(at + timedelta(hours=24), at + timedelta(hours=72), state, words)  # type: ignore[arg-type]

    wren, odette, greta = _at(3, 9, 11), _at(3, 9, 10, 48), _at(3, 12, 10)
    return lanes.Plan(
        date(2027, 3, 8),
        (
            lanes.Lane(
                "Wren Alderbrook",
                "IV, Mira Fennimore-Hale, outside",
                "#w",
                (lanes.Dose(wren, "3", "done"), lanes.Dose(_at(3, 12, 11), "4")),
                (window_of(_at(3, 5, 11)), window_of(wren), window_of(_at(3, 12, 11), "planned")),
                (lanes.Session(_at(3, 8, 10)), lanes.Session(_at(3, 11, 10))),
                "Dose 3 Tuesday 11:00 am, session Thursday 10:00 am, dose 4 Friday 11:00 am.",
            ),
            lanes.Lane(
                "Odette Marrowby",
                "IV, Petra Mossgrove, outside",
                "#o",
                (lanes.Dose(odette, "1", "done"),),
                (window_of(odette, "unmet", "No session held"),),
                (),
                "Dose 1 Tuesday 10:48 am. Its window closes Friday 10:48 am and no session is held.",
            ),
            lanes.Lane(
                "Greta Sandpiper",
                "IM, Petra Mossgrove, outside",
                "",
                (lanes.Dose(greta, "3", "held"),),
                (window_of(greta, "planned"),),
                (
                    lanes.Session(_at(3, 8, 14), "late", "Came 5 h late"),
                    lanes.Session(_at(3, 13, 14), "offered"),
                ),
                "Session Monday 2:00 pm came 5 hours late. Dose 3 on Friday is on hold.",
            ),
        ),
        AT,
        ZONE,
    )


def outcomes() -> tuple[intervals.Measure, ...]:
    ours = intervals.Rate("Larkmoor", 53.8, 42.9, 64.5, "42 of 78", ours=True)
    return (
        intervals.Measure(
            "Response",
            "PHQ-9 at least halved",
            (ours, intervals.Rate("McInnes 2022", 53.6, 49.4, 57.8, "", source="#m")),
        ),
        intervals.Measure(
            "Worse", "PHQ-9 up 5 or more", (intervals.Rate("Larkmoor", 6.4, 2.8, 14.1, "5 of 78", ours=True),)
        ),
    )


def hundred() -> tuple[people.Part, ...]:
    return (
        people.Part(54, "felt at least half better", "full"),
        people.Part(38, "were in between", "hollow"),
        people.Part(8, "felt worse", "cross"),
    )
