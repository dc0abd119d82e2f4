"""The kit page: every component, in every state, with long names, nothing and plenty, in both themes.

Decided here: only what the sheet shows. Every person, practice and number is invented; clinical values show
the layout and are no settings. The page is served on demonstration sites and read by the accessibility tests.
"""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

from openkap.ui import kit_pictures as pictures
from openkap.ui import kit_rows as rows
from openkap.ui import lanes, scorechart, strip

Row = SimpleNamespace


def context(theme: str = "day") -> dict[str, Any]:
    """What `kit.html` needs, for one theme: "day" or "room"."""
    form = rows.WeightForm(
        {"weight": "700", "reason": "White-coat reading, 132/82 at home this morning.", "basis": "actual"}
    )
    return {
        "theme": theme,
        "site": site(),
        "frame": frame(),
        "person": wren(),
        "long_person": long_name(),
        "bare_person": bare(),
        "course": pictures.course(),
        "long_course": pictures.long_course(),
        "empty_course": pictures.empty_course(),
        "windows": pictures.windows(),
        "strip": pictures.vitals(),
        "empty_strip": strip.Strip((), until=70),
        "score": pictures.phq9(),
        "spark": pictures.spark(),
        "empty_score": scorechart.ScoreChart((), 0, 27),
        "checks": rows.checks(),
        "form": form,
        "finding": rows.finding(),
        "day": rows.day(),
        "work": rows.work(),
        "scope": rows.scope(),
        "looked": rows.looked(),
        "timeline": rows.timeline(),
        "answers": rows.answers(),
        "reading": Row(
            sbp=149,
            dbp=90,
            hr=85,
            spo2=97,
            rr=14,
            last_sbp=148,
            last_dbp=90,
            last_hr=84,
            last_spo2=97,
            last_rr=14,
        ),
        "links": rows.links(),
        "phases": rows.phases(),
        "bad": ["bp"],
        "plan": pictures.plan(),
        "empty_plan": lanes.Plan(pictures.AT.date(), (), pictures.AT, pictures.ZONE),
        "outcomes": pictures.outcomes(),
        "hundred": pictures.hundred(),
        "money": rows.money(),
    }


def phone_context(page: str = "home", theme: str = "day") -> dict[str, Any]:
    """What `kit_phone.html` needs; pages: "home", "question", "sharing"."""
    who = "Mira and the Larkmoor nurse read this by noon tomorrow. It is not watched around the clock."
    return {
        **context(theme),
        "page": page,
        "shades": rows.shades(),
        "who_sees": who if page == "question" else "",
        "frame": Row(home_url="?page=home", menu_url="#menu", theme=theme),
        "site": Row(**{**vars(site()), "name": "Larkmoor"}),
    }


def room_context(page: str = "live", theme: str = "room") -> dict[str, Any]:
    """What `kit_room.html` needs; pages: "live", "alarm", "home"."""
    facts = "Room 2, Alder, dose 3 of 6" if page != "home" else "Going home after dose 3, room 2, Alder"
    room = Row(
        person="Wren Alderbrook",
        facts=facts,
        clock="10:52" if page != "home" else "12:06",
        kept="4 sets kept, 1 waiting to send",
    )
    return {
        **context(theme),
        "page": "live" if page == "alarm" else page,
        "room": room,
        "alarm": page == "alarm",
        "few_checks": [rows.checks()[i] for i in (0, 2, 3)],
        "going": rows.going(),
        "frame": Row(who="Jonah Bellwether, CRNA", theme=theme),
        "site": Row(**{**vars(site()), "demonstration": False}),
    }


def site() -> SimpleNamespace:
    return Row(
        name="Larkmoor Clinic",
        demonstration=True,
        demo_url="/demo",
        crisis=Row(call="988", text="988", words="Need help now?", line="Free, day and night"),
    )


def frame() -> SimpleNamespace:
    names = ("Today", "Rooms", "Planner", "Patients", "Drug ledger", "Outcomes", "Protocols")
    nav = [Row(label=name, url=f"#{name}", current=name == "Patients", key=name[0].lower()) for name in names]
    return Row(
        nav=nav,
        who="Dr Tamsin Orrery",
        acting="Psychiatrist, prescriber",
        switch_url="#switch",
        search_url="/find",
        lock_url="/session/lock",
        act_url="/session/act",
        idle_seconds=600,
        home_url="/",
        theme="day",
    )


def wren() -> SimpleNamespace:
    return Row(
        name="Wren Alderbrook",
        legal_name="",
        born_on=date(1985, 5, 3),
        age=41,
        pronouns="she/her",
        allergies=(),
        facts=("70 kg, BMI 24.2", "Prefers text"),
        sharing="You see what Wren chose to share, until Sep 30, 2027.",
        sharing_url="#scope",
        same_name=(),
    )


def long_name() -> SimpleNamespace:
    return Row(
        name="Maximiliana-Theodora Featherstonehaugh-Cholmondeley",
        legal_name="Maximilian Featherstonehaugh",
        born_on=date(1961, 12, 30),
        age=65,
        pronouns="they/them",
        allergies=("penicillin", "latex", "sulfonamides"),
        facts=("112.5 kg, BMI 38.9", "Interpreter: Spanish"),
        sharing="",
        sharing_url="",
        same_name=("Maximilian Featherstonehaugh-Cole, born January 2, 1962",),
    )


def bare() -> SimpleNamespace:
    return Row(
        name="Ib",
        legal_name="",
        born_on=None,
        age=None,
        pronouns="",
        allergies=None,
        facts=(),
        sharing="",
        sharing_url="",
        same_name=(),
    )
