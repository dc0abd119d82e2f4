"""The kit page: every component, in every state, with long names, nothing and plenty, in both themes.

Decided here: only what the sheet shows. Every person, practice and number is invented; clinical values show the
layout and are no settings. The page is served on demonstration sites and read by the accessibility tests.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from openkap.ui import ribbon, scorechart, strip, window

ZONE = ZoneInfo("America/New_York")
AT = datetime(2027, 3, 9, 10, 52, tzinfo=ZONE)
Row = SimpleNamespace


class WeightForm(forms.Form):
    """A form as a page sends it back: one field out of range, one fine, one choice, one tick."""

    weight = forms.DecimalField(label="Weight today", help_text="Shoes off. One decimal", max_value=250)
    reason = forms.CharField(label="Your reason", help_text="What makes it right for Wren today?",
                             widget=forms.Textarea(attrs={"rows": 2}))
    basis = forms.ChoiceField(label="Which weight counts?", widget=forms.RadioSelect, help_text="For the milligrams",
                              choices=[("actual", "The weight measured today"), ("ideal", "Ideal body weight")])
    told = forms.BooleanField(label="I told Wren why", required=False, help_text="In words, not on paper")


def context(theme: str = "day") -> dict[str, Any]:
    """What `kit.html` needs, for one theme: "day" or "room"."""
    form = WeightForm({"weight": "700", "reason": "White-coat reading, 132/82 at home this morning.", "basis": "actual"})
    return {
        "theme": theme, "site": site(), "frame": frame(), "person": wren(), "long_person": long_name(), "bare_person": bare(),
        "course": course(), "long_course": long_course(), "empty_course": empty_course(), "windows": windows(),
        "strip": vitals(), "empty_strip": strip.Strip((), until=70), "score": phq9(), "spark": spark(),
        "empty_score": scorechart.ScoreChart((), 0, 27), "checks": checks(), "form": form, "finding": finding(),
        "day": day(), "work": work(), "scope": scope(), "looked": looked(), "timeline": timeline(), "answers": answers(),
        "reading": Row(sbp=149, dbp=90, hr=85, spo2=97, rr=14, last_sbp=148, last_dbp=90, last_hr=84, last_spo2=97, last_rr=14),
        "links": links(), "phases": phases(), "bad": ["bp"],
    }


def phone_context(page: str = "home", theme: str = "day") -> dict[str, Any]:
    """What `kit_phone.html` needs; pages: "home", "question", "sharing"."""
    who = "Mira and the Larkmoor nurse read this by noon tomorrow. It is not watched around the clock."
    return {
        **context(theme), "page": page, "shades": shades(), "who_sees": who if page == "question" else "",
        "frame": Row(home_url="?page=home", menu_url="#menu", theme=theme), "site": Row(**{**vars(site()), "name": "Larkmoor"}),
    }


def room_context(page: str = "live", theme: str = "room") -> dict[str, Any]:
    """What `kit_room.html` needs; pages: "live", "home"."""
    facts = "Room 2, Alder, dose 3 of 6" if page == "live" else "Going home after dose 3, room 2, Alder"
    room = Row(person="Wren Alderbrook", facts=facts, clock="10:52" if page == "live" else "12:06",
               kept="4 sets kept, 1 waiting to send")
    return {
        **context(theme), "page": page, "room": room, "few_checks": [checks()[i] for i in (0, 2, 3)], "going": going(),
        "frame": Row(who="Jonah Bellwether, CRNA", theme=theme), "site": Row(**{**vars(site()), "demonstration": False}),
    }


def shades() -> list[SimpleNamespace]:
    words = {"lighter2": "Much lighter", "lighter1": "A bit lighter", "same": "About the same", "heavier1": "A bit heavier",
             "heavier2": "Much heavier"}
    return [Row(value=i + 1, words=said, glyph=glyph, note="") for i, (glyph, said) in enumerate(words.items())]


def going() -> list[SimpleNamespace]:
    done = (("60 minutes since the dose ended", "Ended 11:00"), ("Pressure within 20% of the start", "134/84, start 132/82"),
            ("Oxygen 94% or more on room air", "98%"), ("Knows who, where, when and why", "4 of 4"), ("Walks steadily", "12:01"),
            ("No thoughts of suicide today", "Asked 12:02"), ("Nausea mild or none", "None"),
            ("Integration booked in the window", "Thu, Mar 11, 10:00 am"))
    rows = [Row(state="done", name=name, note="", evidence=seen) for name, seen in done]
    return [*rows,
            Row(state="next", name="Sol is here, and is who he says", note="Check a photo ID. Walk them to the car together.", evidence="Parking now"),
            Row(state="open", name="Instructions read aloud and given", note="Large print, and sent to Sol’s phone", evidence="Not yet")]


def site() -> SimpleNamespace:
    return Row(name="Larkmoor Clinic", demonstration=True, demo_url="/demo",
               crisis=Row(call="988", text="988", words="Need help now?", line="Free, day and night"))


def frame() -> SimpleNamespace:
    names = ("Today", "Rooms", "Planner", "Patients", "Drug ledger", "Outcomes", "Protocols")
    nav = [Row(label=name, url=f"#{name}", current=name == "Patients", key=name[0].lower()) for name in names]
    return Row(nav=nav, who="Dr Tamsin Orrery", acting="Psychiatrist, prescriber", switch_url="#switch", search_url="/find",
               lock_url="/session/lock", act_url="/session/act", idle_seconds=600, home_url="/", theme="day")


def wren() -> SimpleNamespace:
    return Row(name="Wren Alderbrook", legal_name="", born_on=date(1985, 5, 3), age=41, pronouns="she/her", allergies=(),
               facts=("70 kg, BMI 24.2", "Prefers text"), sharing="You see what Wren chose to share, until Sep 30, 2027.",
               sharing_url="#scope", same_name=())


def long_name() -> SimpleNamespace:
    return Row(name="Maximiliana-Theodora Featherstonehaugh-Cholmondeley", legal_name="Maximilian Featherstonehaugh",
               born_on=date(1961, 12, 30), age=65, pronouns="they/them", allergies=("penicillin", "latex", "sulfonamides"),
               facts=("112.5 kg, BMI 38.9", "Interpreter: Spanish"), sharing="", sharing_url="",
               same_name=("Maximilian Featherstonehaugh-Cole, born January 2, 1962",))


def bare() -> SimpleNamespace:
    return Row(name="Ib", legal_name="", born_on=None, age=None, pronouns="", allergies=None, facts=(), sharing="",
               sharing_url="", same_name=())


def _at(month: int, day_of: int, hour: int = 10, minute: int = 0) -> datetime:
    return datetime(2027, month, day_of, hour, minute, tzinfo=ZONE)


def course() -> ribbon.Course:
    doses = [(3, 2), (3, 5), (3, 9), (3, 12), (3, 16), (3, 19)]
    sessions = [(3, 4), (3, 8), (3, 11), (3, 15), (3, 18), (3, 22)]
    marks = [ribbon.Mark(_at(*d), "dose", "done" if i < 2 else "planned", f"Dose {i + 1}") for i, d in enumerate(doses)]
    marks += [ribbon.Mark(_at(*s), "session", "done" if i < 2 else "planned") for i, s in enumerate(sessions)]
    bands = [ribbon.Band(_at(*d) + timedelta(hours=24), _at(*d) + timedelta(hours=72), "fixed" if i < 3 else "planned",
                         "Window, Wed to Fri" if i == 2 else "") for i, d in enumerate(doses)]
    weekly = tuple(ribbon.Mark(_at(m, d), "session") for m, d in ((3, 29), (4, 5), (4, 12), (4, 19)))
    return ribbon.Course((
        ribbon.Stage("Evaluation", "done", (ribbon.Mark(_at(2, 17), state="done"),)),
        ribbon.Stage("Preparation", "done", (ribbon.Mark(_at(2, 22), state="done"), ribbon.Mark(_at(2, 25), state="done"))),
        ribbon.Stage("Dosing and integration", "now", tuple(marks), tuple(bands)),
        ribbon.Stage("Continued integration", "planned", weekly),
    ), AT, "Evaluation and preparation done. Dose 3 of 6 is today. Continued integration from March 29.")


def long_course() -> ribbon.Course:
    first = _at(1, 4)
    doses = [first + timedelta(days=4 * i) for i in range(20)]
    marks = [ribbon.Mark(at, "dose", "missed" if i == 7 else "done" if at < AT else "held" if i == 17 else "planned", f"Dose {i + 1}")
             for i, at in enumerate(doses)]
    bands = [ribbon.Band(at + timedelta(hours=24), at + timedelta(hours=72), "unmet" if i == 15 else "fixed" if at < AT else "planned",
                         "No session held" if i == 15 else "") for i, at in enumerate(doses)]
    sessions = [ribbon.Mark(at + timedelta(hours=80 if i == 3 else 40), "session", "late" if i == 3 else "done")
                for i, at in enumerate(doses[:15])]
    return ribbon.Course((
        ribbon.Stage("Evaluation", "done", (ribbon.Mark(_at(1, 2), state="done"),)),
        ribbon.Stage("Preparation", "done", (ribbon.Mark(_at(1, 3), state="done"),)),
        ribbon.Stage("Dosing and integration", "now", (*marks, *sessions), tuple(bands)),
        ribbon.Stage("Continued integration", "planned", ()),
    ), AT, "16 of 20 doses done. The window after dose 16 has no session.")


def empty_course() -> ribbon.Course:
    names = ("Evaluation", "Preparation", "Dosing and integration", "Continued integration")
    stages = tuple(ribbon.Stage(name, "now" if i == 0 else "planned") for i, name in enumerate(names))
    return ribbon.Course(stages, AT, "Evaluation has not been booked.")


def windows() -> dict[str, window.Window]:
    ended = _at(3, 9, 11)
    times = {"dose_ended_at": ended, "opens_at": ended + timedelta(hours=24), "closes_at": ended + timedelta(hours=72)}
    held = _at(3, 11, 10)
    return {
        "before": window.Window(**times, at=ended + timedelta(hours=1), session_at=held),
        "open": window.Window(**times, at=ended + timedelta(hours=26), session_at=held),
        "unmet": window.Window(**times, at=ended + timedelta(hours=80)),
    }


def vitals() -> strip.Strip:
    sets = [(0, 132, 82, 74, 98), (10, 136, 84, 78, 98), (20, 142, 88, 82, 97), (30, 148, 90, 84, 97)]
    return strip.Strip(
        tuple(strip.Reading(*values) for values in sets), until=80, ticks=(0, 10, 20, 30, 40, 55, 70), now=32,
        phases=(strip.Phase("Infusion", 0, 40), strip.Phase("Emerging", 40, 80)),
        limits=(strip.Limit("sbp", 160, "Tell prescriber: 160 or more"),), due=strip.Due(40, "Due 11:00"), gap=20,
        summary="Blood pressure rose from 132/82 to 148/90 in 30 minutes. Heart 74 to 84. Oxygen 98 to 97 percent.",
    )


def phq9() -> scorechart.ScoreChart:
    scores = [((2, 17), 19), ((3, 2), 18), ((3, 4), 14), ((3, 5), 15), ((3, 8), 13), ((3, 9), 12), ((3, 12), 11), ((3, 16), 9),
              ((3, 19), 8), ((4, 19), 7), ((5, 19), None), ((6, 19), 9), ((7, 2), 14), ((7, 16), 9), ((8, 19), 8), ((9, 20), 7)]
    points = tuple(scorechart.Point(
        date(2027, *on), value, raised=on == (7, 2), label="May: not answered" if value is None else "",
        note=("Up 5 in two weeks, July 2", "Mira called within 3 hours") if on == (7, 2) else ()) for on, value in scores)
    doses = [scorechart.Event(date(2027, 3, d)) for d in (2, 5, 9, 12, 16, 19)]
    sessions = [scorechart.Event(date(2027, *d), "session") for d in ((3, 4), (3, 8), (3, 11), (3, 15), (3, 18), (3, 22), (3, 29), (4, 5), (4, 12), (4, 19))]
    return scorechart.ScoreChart(
        points, 0, 27, (scorechart.Rule(25, "25: reliably worse", "worse"), scorechart.Rule(13, "13: reliably better", "better"),
                        scorechart.Rule(9.5, "9: half of the start"), scorechart.Rule(4.5, "4: remission")),
        (*doses, scorechart.Event(date(2027, 7, 9), label="Booster"), *sessions), between_words=("Between: could be", "chance alone"),
        doses_words="6 doses", sessions_words="10 sessions",
        summary="PHQ-9 from 19 in February to 7 in September, with a rise to 14 in early July.")


def spark() -> scorechart.ScoreChart:
    scores = [((2, 17), 19), ((3, 2), 18), ((3, 4), 14), ((3, 5), 15), ((3, 8), 13), ((3, 9), 12)]
    return scorechart.ScoreChart(tuple(scorechart.Point(date(2027, *on), value) for on, value in scores), 0, 27,
                                 summary="PHQ-9 fell from 19 to 12.")


def checks() -> list[SimpleNamespace]:
    return [
        Row(name="Alertness", note="Look and listen first", state="now", icon="eye", when="", url="#a", due_at=None),
        Row(name="Pressure again", note="Five minutes after 166/98", state="late", icon="activity", when="4 min late", url="", due_at=None),
        Row(name="Vitals at 40 min", note="End of infusion", state="later", icon="activity", when="8 min", url="#b", due_at=AT),
        Row(name="Six questions", note="Only once she is talking", state="later", icon="message-square", when="After", url="", due_at=None),
    ]


def finding() -> SimpleNamespace:
    return Row(level="caution", title="High blood pressure, treated", rule="S08", version="7", status="approved", override="",
               because="134/84 and 130/82 today, lisinopril 10 mg. Expect a rise with each dose.", confidence="Medium",
               action="Usual tablet that morning. Pressure every 10 minutes", data={}, data_words="Diagnosis list, medicines, two sets today",
               sources=(), source_links=[Row(url="#yale", words="Yale series, 2,342 infusions")], approved_by="Dr Osric Thanewell, Feb 1, 2027")


def day() -> list[SimpleNamespace]:
    def row(time: str, name: str, **more: Any) -> SimpleNamespace:
        usual: dict[str, Any] = {"url": "#p", "where": "", "visit": "", "ready_level": "clear", "ready_words": "Ready", "ready_note": "",
                 "ride": "Not needed", "ride_level": "", "paid": "$475", "here": False, "action_url": "", "action_words": "",
                 "action_icon": "", "action_posts": False, "status": "", "now_words": ""}
        return Row(time=time, name=name, **{**usual, **more})

    return [
        row("8:15", "Bram Holloway-Pike", where="Room 1, Heron", visit="Dose 2, IM", ready_words="Ready 9:40", ride="Ilse, on the way", here=True, status="In room"),
        row("9:30", "Wren Alderbrook", where="Room 2, Alder", visit="Dose 3, IV", ready_words="Ready 10:14", ride="Sol, confirmed", here=True, status="In room"),
        row("", "", now_words="Now 10:52"),
        row("11:00", "Caspian Thistlewood", where="Not here yet", visit="Dose 1, nasal racemic", ready_level="stop", ready_words="Not ready, 2 holds",
            ready_note="Consent, escort", ride="Not known", ride_level="unknown", paid="$0 of $475", action_url="#t", action_words="Text him", action_icon="message-square"),
        row("2:00", "Rafe Underhollow", visit="Dose 6, IV", ready_level="caution", ready_words="One thing left", ready_note="PHQ-9 not answered yet", ride="Bettina, confirmed",
            action_url="#s", action_words="Send again", action_icon="message-square"),
    ]


def work() -> list[SimpleNamespace]:
    return [
        Row(level="stop", icon="", title="Caspian Thistlewood: an answer that worries", url="#1", line="He answered yes to question 9 at 7:42 am. Call him today.", when="By 11:42 am", late=True, action_url="#c", action_words="I am calling", action_posts=False),
        Row(level="unknown", icon="", title="Wren Alderbrook: ECG has not come back", url="#2", line="Asked for on February 17 from her own doctor.", when="Since Feb 17", late=False, action_url="", action_words="", action_posts=False),
        Row(level="", icon="signature", title="Sign dose 2 of Bram Holloway-Pike", url="#3", line="The order waits for your name.", when="Today", late=False, action_url="#s", action_words="Sign", action_posts=False),
    ]


def scope() -> SimpleNamespace:
    rows = [("dates", "Dates and doses", "", True), ("sessions", "How each session went", "Vitals, calm or hard moments", True), ("scores", "Scores over time", "", True),
            ("substance", "Care for alcohol or drug use", "Off until you say so. The law asks for its own signature", False)]
    return Row(person="Mira", purpose="To plan therapy around your doses.", until=date(2027, 9, 30), change_url="#change",
               rows=[Row(key=k, name=n, note=o, on=on, locked=False) for k, n, o, on in rows],
               notes=[Row(icon="book-open", words="Journal entries are shared one by one, from the entry itself."), Row(icon="lock", words="Mira’s private notes stay with Mira. The clinic cannot open them.")],
               looked=[Row(words="Mira read your dose 3", when="Today, 9:12 am"), Row(words="Jonah added vitals", when="Tue, 10:20 am")], log_url="#log", looked_total=41)


def looked() -> list[SimpleNamespace]:
    return [
        Row(when="Mar 9, 9:12 am", who="Mira Fennimore-Hale", organisation="Quiet Harbor Therapy", role="Therapist", what="Dose 3, vitals and summary", why="Care"),
        Row(when="Mar 9, 9:02 am", who="Dot Applequist", organisation="Larkmoor Clinic", role="Front desk", what="Booking", why=""),
    ]


def timeline() -> list[SimpleNamespace]:
    def entry(when: str, kind: str, title: str, aside: str = "", line: str = "", corrections: tuple[Any, ...] = ()) -> SimpleNamespace:
        return Row(when=when, kind=kind, title=title, aside=aside, line=line, url="", corrections=corrections, struck=False)

    fixed = Row(words="Lot LM-4471, scanned again.", who="Pia Lanternwood, RN", when="10:02 am", why="The first was typed by hand")
    return [
        entry("Today", "now", "Dose 3 under way", line="Room 2, with Jonah Bellwether, CRNA"),
        entry("Mar 8", "session", "Integration 2", "in the window, 71 h", "One step agreed: call her brother by Sunday. Done."),
        entry("Mar 5", "done", "Lot LM-4417 opened", corrections=(fixed,)),
        entry("Mar 4", "unknown", "ECG asked for", line="No result yet"),
    ]


def answers() -> list[SimpleNamespace]:
    words = ("Not at all", "Several days", "More than half the days", "Nearly every day")
    return [Row(value=i, words=word, glyph="", note="") for i, word in enumerate(words)]


def links() -> list[SimpleNamespace]:
    return [Row(url="#s", icon="shield", title="My safety plan", line="Works without a connection"), Row(url="#c", icon="credit-card", title="What it costs", line="$2,325 paid, $2,625 left")]


def phases() -> list[SimpleNamespace]:
    return [Row(name=name, full=full, now=name == "Dose") for name, full in (("Arrive", 100), ("Settle", 100), ("Dose", 80), ("Emerge", 0), ("Rest", 0))]
