"""The kit's lists and forms: findings, checks, days, work, sharing, all invented.

Decided here: only what the sheet shows, with long names, nothing and plenty.
"""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

from django import forms

from openkap.ui.kit_pictures import AT

Row = SimpleNamespace


class WeightForm(forms.Form):
    """A form as a page sends it back: one field out of range, one fine, one choice, one tick."""

    weight = forms.DecimalField(label="Weight today", help_text="Shoes off. One decimal", max_value=250)
    reason = forms.CharField(
        label="Your reason",
        help_text="What makes it right for Wren today?",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    basis = forms.ChoiceField(
        label="Which weight counts?",
        widget=forms.RadioSelect,
        help_text="For the milligrams",
        choices=[("actual", "The weight measured today"), ("ideal", "Ideal body weight")],
    )
    told = forms.BooleanField(label="I told Wren why", required=False, help_text="In words, not on paper")


def shades() -> list[SimpleNamespace]:
    words = {
        "lighter2": "Much lighter",
        "lighter1": "A bit lighter",
        "same": "About the same",
        "heavier1": "A bit heavier",
        "heavier2": "Much heavier",
    }
    return [
        Row(value=i + 1, words=said, glyph=glyph, note="") for i, (glyph, said) in enumerate(words.items())
    ]


def going() -> list[SimpleNamespace]:
    done = (
        ("60 minutes since the dose ended", "Ended 11:00"),
        ("Pressure within 20% of the start", "134/84, start 132/82"),
        ("Oxygen 94% or more on room air", "98%"),
        ("Knows who, where, when and why", "4 of 4"),
        ("Walks steadily", "12:01"),
        ("No thoughts of suicide today", "Asked 12:02"),
        ("Nausea mild or none", "None"),
        ("Integration booked in the window", "Thu, Mar 11, 10:00 am"),
    )
    rows = [Row(state="done", name=name, note="", evidence=seen) for name, seen in done]
    return [
        *rows,
        Row(
            state="next",
            name="Sol is here, and is who he says",
            note="Check a photo ID. Walk them to the car together.",
            evidence="Parking now",
        ),
        Row(
            state="open",
            name="Instructions read aloud and given",
            note="Large print, and sent to Sol’s phone",
            evidence="Not yet",
        ),
    ]


def checks() -> list[SimpleNamespace]:
    return [
        Row(
            name="Alertness",
            note="Look and listen first",
            state="now",
            icon="eye",
            when="",
            url="#a",
            due_at=None,
        ),
        Row(
            name="Pressure again",
            note="Five minutes after 166/98",
            state="late",
            icon="activity",
            when="4 min late",
            url="",
            due_at=None,
        ),
        Row(
            name="Vitals at 40 min",
            note="End of infusion",
            state="later",
            icon="activity",
            when="8 min",
            url="#b",
            due_at=AT,
        ),
        Row(
            name="Six questions",
            note="Only once she is talking",
            state="later",
            icon="message-square",
            when="After",
            url="",
            due_at=None,
        ),
    ]


def finding() -> SimpleNamespace:
    return Row(
        level="caution",
        title="High blood pressure, treated",
        rule="S08",
        version="7",
        status="approved",
        override="",
        because="134/84 and 130/82 today, lisinopril 10 mg. Expect a rise with each dose.",
        confidence="Medium",
        action="Usual tablet that morning. Pressure every 10 minutes",
        data={},
        data_words="Diagnosis list, medicines, two sets today",
        sources=(),
        source_links=[Row(url="#yale", words="Yale series, 2,342 infusions")],
        approved_by="Dr Osric Thanewell, Feb 1, 2027",
    )


def day() -> list[SimpleNamespace]:
    def row(time: str, name: str, **more: Any) -> SimpleNamespace:
        usual: dict[str, Any] = {
            "url": "#p",
            "where": "",
            "visit": "",
            "ready_level": "clear",
            "ready_words": "Ready",
            "ready_note": "",
            "ride": "Not needed",
            "ride_level": "",
            "paid": "$475",
            "here": False,
            "action_url": "",
            "action_words": "",
            "action_icon": "",
            "action_posts": False,
            "status": "",
            "now_words": "",
        }
        return Row(time=time, name=name, **{**usual, **more})

    return [
        row(
            "8:15",
            "Bram Holloway-Pike",
            where="Room 1, Heron",
            visit="Dose 2, IM",
            ready_words="Ready 9:40",
            ride="Ilse, on the way",
            here=True,
            status="In room",
        ),
        row(
            "9:30",
            "Wren Alderbrook",
            where="Room 2, Alder",
            visit="Dose 3, IV",
            ready_words="Ready 10:14",
            ride="Sol, confirmed",
            here=True,
            status="In room",
        ),
        row("", "", now_words="Now 10:52"),
        row(
            "11:00",
            "Caspian Thistlewood",
            where="Not here yet",
            visit="Dose 1, nasal racemic",
            ready_level="stop",
            ready_words="Not ready, 2 holds",
            ready_note="Consent, escort",
            ride="Not known",
            ride_level="unknown",
            paid="$0 of $475",
            action_url="#t",
            action_words="Text him",
            action_icon="message-square",
        ),
        row(
            "2:00",
            "Rafe Underhollow",
            visit="Dose 6, IV",
            ready_level="caution",
            ready_words="One thing left",
            ready_note="PHQ-9 not answered yet",
            ride="Bettina, confirmed",
            action_url="#s",
            action_words="Send again",
            action_icon="message-square",
        ),
    ]


def work() -> list[SimpleNamespace]:
    return [
        Row(
            level="stop",
            icon="",
            title="Caspian Thistlewood: an answer that worries",
            url="#1",
            line="He answered yes to question 9 at 7:42 am. Call him today.",
            when="By 11:42 am",
            late=True,
            action_url="#c",
            action_words="I am calling",
            action_posts=False,
        ),
        Row(
            level="unknown",
            icon="",
            title="Wren Alderbrook: ECG has not come back",
            url="#2",
            line="Asked for on February 17 from her own doctor.",
            when="Since Feb 17",
            late=False,
            action_url="",
            action_words="",
            action_posts=False,
        ),
        Row(
            level="",
            icon="signature",
            title="Sign dose 2 of Bram Holloway-Pike",
            url="#3",
            line="The order waits for your name.",
            when="Today",
            late=False,
            action_url="#s",
            action_words="Sign",
            action_posts=False,
        ),
    ]


def scope() -> SimpleNamespace:
    rows = [
        ("dates", "Dates and doses", "", True),
        ("sessions", "How each session went", "Vitals, calm or hard moments", True),
        ("scores", "Scores over time", "", True),
        (
            "substance",
            "Care for alcohol or drug use",
            "Off until you say so. The law asks for its own signature",
            False,
        ),
    ]
    return Row(
        person="Mira",
        purpose="To plan therapy around your doses.",
        until=date(2027, 9, 30),
        change_url="#change",
        rows=[Row(key=k, name=n, note=o, on=on, locked=False) for k, n, o, on in rows],
        notes=[
            Row(icon="book-open", words="Journal entries are shared one by one, from the entry itself."),
            Row(icon="lock", words="Mira’s private notes stay with Mira. The clinic cannot open them."),
        ],
        looked=[
            Row(words="Mira read your dose 3", when="Today, 9:12 am"),
            Row(words="Jonah added vitals", when="Tue, 10:20 am"),
        ],
        log_url="#log",
        looked_total=41,
    )


def looked() -> list[SimpleNamespace]:
    return [
        Row(
            when="Mar 9, 9:12 am",
            who="Mira Fennimore-Hale",
            organisation="Quiet Harbor Therapy",
            role="Therapist",
            what="Dose 3, vitals and summary",
            why="Care",
        ),
        Row(
            when="Mar 9, 9:02 am",
            who="Dot Applequist",
            organisation="Larkmoor Clinic",
            role="Front desk",
            what="Booking",
            why="",
        ),
    ]


def timeline() -> list[SimpleNamespace]:
    def entry(
        when: str, kind: str, title: str, aside: str = "", line: str = "", corrections: tuple[Any, ...] = ()
    ) -> SimpleNamespace:
        return Row(
            when=when,
            kind=kind,
            title=title,
            aside=aside,
            line=line,
            url="",
            corrections=corrections,
            struck=False,
        )

    fixed = Row(
        words="Lot LM-4471, scanned again.",
        who="Pia Lanternwood, RN",
        when="10:02 am",
        why="The first was typed by hand",
    )
    return [
        entry("Today", "now", "Dose 3 under way", line="Room 2, with Jonah Bellwether, CRNA"),
        entry(
            "Mar 8",
            "session",
            "Integration 2",
            "in the window, 71 h",
            "One step agreed: call her brother by Sunday. Done.",
        ),
        entry("Mar 5", "done", "Lot LM-4417 opened", corrections=(fixed,)),
        entry("Mar 4", "unknown", "ECG asked for", line="No result yet"),
    ]


def answers() -> list[SimpleNamespace]:
    words = ("Not at all", "Several days", "More than half the days", "Nearly every day")
    return [Row(value=i, words=word, glyph="", note="") for i, word in enumerate(words)]


def links() -> list[SimpleNamespace]:
    return [
        Row(url="#s", icon="shield", title="My safety plan", line="Works without a connection"),
        Row(url="#c", icon="credit-card", title="What it costs", line="$2,325 paid, $2,625 left"),
    ]


def money() -> list[SimpleNamespace]:
    parts = ((172500, "a", True), (142500, "a", False), (60000, "b", True), (120000, "b", False))
    return [Row(cents=cents, kind=kind, paid=paid) for cents, kind, paid in parts]


def phases() -> list[SimpleNamespace]:
    return [
        Row(name=name, full=full, now=name == "Dose")
        for name, full in (("Arrive", 100), ("Settle", 100), ("Dose", 80), ("Emerge", 0), ("Rest", 0))
    ]
