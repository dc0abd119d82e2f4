"""Forms beside the PHQ-9 and the GAD-7: the screens before a course, and what some are asked besides.

Decided here: invented like every score. How much someone is hurt or held back goes along with their line of
PHQ-9 totals (`scores`); whose screen for trauma is positive is asked the whole form, and again later.
"""

from __future__ import annotations

from collections.abc import Mapping

from openkap.demonstration.course import Play
from openkap.demonstration.scores import MOODS
from openkap.medicine.instruments import instrument
from openkap.medicine.instruments.text_pack import languages
from openkap.steps.measures import answer_form

HURT = ("partly", "relapse")  # by mood
WELL_BEING = ("well", "slowly")
HELD_BACK = ("partly", "hardly")
CLEAR: dict[str, Mapping[str, int]] = {
    "auditc": {"1": 1, "2": 0, "3": 0},
    "dast10": {str(n): int(n == 3) for n in range(1, 11)},  # able to stop, always
    "asrm": {"1": 1, "2": 0, "3": 0, "4": 0, "5": 1},
}


def screened(play: Play) -> None:
    """What is asked before the first dose, by the patient and by whoever evaluates."""
    hurt = play.who.mood in HURT
    trauma = {"gate": int(hurt), **({str(n): int(n < 5) for n in range(1, 6)} if hurt else {})}
    _own(play, "pcptsd5", trauma, "before")
    for form in ("auditc", "dast10", "asrm", "bladder_check"):
        _own(play, form, CLEAR.get(form) or dict.fromkeys(instrument(form).items, 0), "before")
    _rated(play, "cgi_s", {"1": 5 if play.who.mood in ("well", "slowly") else 6}, "before")
    besides(play, 0, "before")


def besides(play: Play, turn: int, point: str) -> None:
    """What this person is asked beside their mood, before the course and after doses."""
    mood = MOODS[play.who.mood].at("phq9", turn, play.who.own)
    if play.who.mood in HURT:
        _own(play, "pcl5", spread("pcl5", mood * 12 // 5), point)
    if play.who.mood in WELL_BEING:
        _own(play, "who5", spread("who5", (27 - mood) * 25 // 27), point)
    if play.who.mood in HELD_BACK:
        _rated(play, "wsas", spread("wsas", mood * 7 // 5), point)


def spread(form: str, total: int) -> dict[str, int]:
    """Answers that come to this sum, one point a question in turn."""
    made = instrument(form)
    given = dict.fromkeys(made.items, 0)
    left = total
    while left > 0 and any(value < made.questions[item].maximum for item, value in given.items()):
        for item in made.items:
            if left > 0 and given[item] < made.questions[item].maximum:
                given[item] += 1
                left -= 1
    return given


def _own(play: Play, form: str, given: Mapping[str, int], point: str) -> None:
    answer_form(
        by=play.themselves,
        at=play.later(),
        course=play.course,
        instrument=form,
        answers=given,
        point=point,
        language=play.who.language if play.who.language in languages(form) else "en",
    )


def _rated(play: Play, form: str, given: Mapping[str, int], point: str) -> None:
    """By the hand of whoever evaluates, in the room."""
    answer_form(
        by=play.prescriber,
        at=play.later(),
        course=play.course,
        instrument=form,
        answers=given,
        point=point,
        source="in_room",
    )
