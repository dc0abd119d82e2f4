"""Who a newcomer can be in a filled demonstration, and what each would try first.

Decided here: a few words on who this is, and links to things that are really there: `spot` names a page
(`reads.personas`), `of` the patient it is about. Everyone else stands in the table of patients below them.
"""

from __future__ import annotations

from dataclasses import dataclass

from openkap.demonstration.house import EVERYONE, PSYCHIATRY
from openkap.demonstration.people import PATIENTS, Patient
from openkap.steps.cast import CLINIC, THERAPY, Persona


@dataclass(frozen=True, slots=True)
class Try:
    """One thing to try: the words of its button, the page, whom it is about, under which practice's hat."""

    words: str
    spot: str
    of: str = ""
    hat: str = ""


PRACTICES = (
    (CLINIC, "An infusion clinic. The therapists of its patients are elsewhere."),
    (PSYCHIATRY, "A psychiatric practice. One clinician prescribes and does the therapy."),
    (THERAPY, "A therapy practice with several therapists. It gives no medicine."),
)

TRIES: dict[str, tuple[str, tuple[Try, ...]]] = {
    "tamsin": (
        "Decides who is a candidate, orders doses, answers what worries.",
        (
            Try("Open Wren’s gate: one line holds", "session", "wren"),
            Try("Finish the evaluation of the elder Ana", "evaluation", "ana_a"),
            Try("Read what Thaddeus answered, which worries", "chart", "thaddeus"),
            Try("Look at a sign of misuse, for Lucian", "chart", "lucian"),
            Try("Give the second name to a changed rule", "second"),
        ),
    ),
    "jonah": (
        "Gives the dose and watches over it.",
        (
            Try("See all rooms at once", "board"),
            Try("Start Tobias’s dose: everything is met", "session", "tobias"),
            Try("Keep the set that is due in Casper’s room", "session", "casper"),
            Try("Ask Sybil what is asked on the morning", "morning", "sybil"),
        ),
    ),
    "mabel": (
        "With Desmond, who had an injection, and with his therapist’s words before it.",
        (Try("Be in Desmond’s room", "session", "desmond"), Try("Read the hand-over", "team", "desmond")),
    ),
    "osric": (
        "Signs the rules of a route, and looks over whether what was decided is kept.",
        (
            Try("Look over the month, list by list", "oversight"),
            Try("Read and sign a route’s rules", "rules"),
            Try("See which rules were set otherwise, and when", "changes"),
            Try("See what was overruled", "overrides"),
            Try("See who did what", "trail"),
        ),
    ),
    "odette": (
        "Knows who comes, who is here, and what is missing.",
        (
            Try("See the day", "day"),
            Try("Answer who asked for an evaluation", "requests"),
            Try("See who signs a consent again: Anneliese", "consent", "anneliese"),
            Try("Find a person by half a name", "find"),
        ),
    ),
    "priya": (
        "Looks after access: who works here, who has looked at whom.",
        (
            Try("See who looked at whose record", "trail"),
            Try("See whose certificate ended", "standing"),
            Try("Take back the invitation of a colleague", "staff"),
            Try("Make this browser a room’s tablet", "tablets"),
        ),
    ),
    "ilse": (
        "Prescribes and does the therapy, one person with one sign-in.",
        (
            Try("Sit with Oluwaseun: she is both", "session", "seun"),
            Try("See what holds Verity’s dose", "session", "verity"),
            Try("Her week, as prescriber and therapist", "calendar"),
        ),
    ),
    "cosima": (
        "Checks what others ordered, and keeps the certification for esketamine.",
        (
            Try("Check Petra’s order, as the second person", "session", "petra"),
            Try("See the certification", "certification"),
            Try("See what is known, and publish it in your own words", "evidence"),
            Try("Look at a license that waits for a look", "standing"),
            Try("Read and sign a route’s rules", "rules"),
        ),
    ),
    "tove": (
        "With Nadia, who has esketamine: the pressure at 40 minutes is due.",
        (Try("Be in Nadia’s room", "session", "nadia"), Try("See all rooms at once", "board")),
    ),
    "lowell": (
        "With Philippa, who is resting after a racemic nasal spray.",
        (Try("See what her going home still needs", "home", "philippa"),),
    ),
    "hettie": (
        "The desk of the practice, and who works there.",
        (Try("See the day", "day"), Try("Look at what is booked", "calendar"), Try("See the staff", "staff")),
    ),
    "mira": (
        "Treats people whose doses are given elsewhere, as far as they share.",
        (
            Try("See what Wren lets you see", "person", "wren"),
            Try("Whose window is open", "windows"),
            Try("Open your own process notes about Wren", "process", "wren"),
        ),
    ),
    "theo": (
        "Works in two practices: the hat is at the top of the page.",
        (
            Try("Be in the room with Harriet, at Larkmoor", "team", "harriet", CLINIC),
            Try("See what is owed, at Quiet Harbor", "today", "", THERAPY),
        ),
    ),
    "sunniva": (
        "Had to call off a session, and its window closes within hours.",
        (Try("Hold a session for Marcus", "person", "marcus"), Try("Whose window is open", "windows")),
    ),
    "emeka": (
        "Has a proposal of the clinic to answer, and a patient who reads Spanish.",
        (Try("Answer it, for Lucian", "proposals"), Try("See Isabel’s course", "person", "isabel")),
    ),
    "anneliese": (
        "Goes on by another route: the consent is asked for again.",
        (Try("Read what is new, and sign or not", "me-consent"), Try("Does it help?", "me-outcome")),
    ),
    "wren": (
        "Two doses behind her, the third today.",
        (
            Try("Her first page", "me-home"),
            Try("Who sees what, and stop sharing", "me-sharing"),
            Try("Her journal", "me-journal"),
        ),
    ),
    "noor": ("Known to the clinic, without a course yet.", (Try("Their first page", "me-home"),)),
    "amos": ("Has a consent to read and sign.", (Try("Read it on a phone", "me-consent"),)),
    "jasper": ("Home from a dose some hours ago.", (Try("Rest", "me-home"),)),
    "ottilie": (
        "Her window is open, and its session is booked.",
        (Try("What is next", "me-home"), Try("Small things to do", "me-things")),
    ),
    "thaddeus": (
        "A month on, and it is harder again.",
        (Try("Does it help?", "me-outcome"), Try("Get help", "me-help")),
    ),
    "fergus": ("Stopped sharing with his therapist.", (Try("See it, or share again", "me-sharing"),)),
    "isabel": (
        "Lee y escribe en español.",
        (Try("Su página", "me-home"), Try("Su diario", "me-journal"), Try("¿Ayuda?", "me-outcome")),
    ),
}

# In the order of a course; the last word of each is said on the page.
WHERE: dict[str, str] = {
    "evaluating": "Evaluation, not everything is known",
    "not_now": "Decided: not now",
    "not_candidate": "Ended: not a candidate",
    "declined": "Ended: declined",
    "asked_to_consent": "A candidate, waiting for consent",
    "consented": "Consent signed",
    "preparing": "Preparation planned",
    "booked": "First dose booked",
    "arrived": "Here for today’s dose",
    "second_person": "Order waits for a second person",
    "late": "Dose due, not here yet",
    "all_set": "At the gate: everything is met",
    "gate_holds": "At the gate: medicines hold it",
    "gate_pressure": "At the gate: pressure holds it",
    "in_the_room": "In the room now",
    "recovering": "Recovering now",
    "home_today": "Home after a dose",
    "window_booked": "Window open, session booked",
    "window_closing": "Window closes soon, nothing held",
    "window_missed": "Window missed, nothing was held",
    "integrated": "Integration held",
    "tail": "Doses over, therapy goes on",
    "between": "Between doses",
    "no_show": "Did not come to the last dose",
    "another_route": "Another route, consent asked again",
    "following": "Follow-up, well",
    "worsening": "Follow-up, an answer worries",
    "alert_closed": "Follow-up, an alert was closed",
    "maintenance": "Maintenance, next dose booked",
    "revoked": "Between doses, stopped sharing",
    "done": "Ended: completed",
    "stopped": "Ended: stopped",
    "transferred": "Ended: moved elsewhere",
    "died": "Ended: has died",
}


def staff_of(place: str) -> list[Persona]:
    """Those with something to try whose first practice is this one, in the order of `TRIES`."""
    known = {one.key: one for one in EVERYONE if one.places and one.places[0][0] == place}
    return [known[key] for key in TRIES if key in known]


def shown_patients() -> list[str]:
    """Keys of the patients with a card of their own."""
    staff = {one.key for one in EVERYONE if one.places}
    return [key for key in TRIES if key not in staff]


def by_place() -> list[tuple[str, Patient]]:
    """Everyone with a course, in the order of a course: where they stand in words, and their line."""
    order = list(WHERE)
    return [(WHERE[who.stands], who) for who in sorted(PATIENTS, key=lambda who: order.index(who.stands))]


def tried(key: str, number: str) -> Try | None:
    """The numbered thing to try of this person, if there is one."""
    _words, tries = TRIES.get(key, ("", ()))
    return tries[int(number)] if number.isdigit() and int(number) < len(tries) else None
