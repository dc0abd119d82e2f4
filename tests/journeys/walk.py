"""The whole course in the browser, stage by stage, each by the person who does it.

A journey signs in and clicks. Every stage begins by becoming someone and ends on a page that says what
was done; nothing is set behind the pages' back but the clock.
"""

from __future__ import annotations

from tests.journeys.walk_after import After
from tests.journeys.walk_before import Before
from tests.journeys.walk_dose import DoseDay
from tests.journeys.walk_frame import Patient

__all__ = ["PLANTED", "Patient", "Walk", "whole_course"]

# A word of no language: it stands in a process note, and nowhere else in the whole site.
PLANTED = "Quillendorrow"
BEFORE = [3, 3, 2, 3, 2, 2, 2, 1, 0, 2]
AFTER = [1, 1, 1, 1, 1, 1, 0, 0, 0, 1]


class Walk(Before, DoseDay, After):
    """Everyone's part of it."""


def whole_course(walk: Walk, recording: str, says: str = "") -> None:
    """From evaluation to a course that is done, with a revocation in it.

    `recording` is played into the room; `says` is what the room then says, where it should.
    """
    before_dose(walk)
    rooms = walk.order()
    dose_day(walk, rooms, recording, says)
    after_dose(walk)
    both_ends(walk)


def before_dose(walk: Walk) -> None:
    walk.write_down_contact("patient@example.org")
    walk.evaluate()
    walk.consent(walk.link_sent("Send the consent"))
    walk.answer(walk.link_sent("Send PHQ-9, before"), BEFORE)
    walk.share()
    walk.prepare_with_therapist(PLANTED)
    walk.plan()
    walk.hold(46)


def dose_day(walk: Walk, rooms: str, recording: str, says: str) -> None:
    walk.prepare(rooms)
    walk.watch(rooms)
    walk.narrow_and_pause(rooms)
    walk.hand_over(rooms)
    walk.rest("You are safe")
    walk.play(rooms, recording)
    if says:
        walk.play_on(rooms, says)
    walk.end(rooms)
    walk.go_home(rooms)
    walk.rest("Rest well")
    walk.summarize()


def after_dose(walk: Walk) -> None:
    walk.pass_time(hours=24)
    walk.call_next_day()
    walk.check_in()
    walk.pass_time(hours=21)
    walk.integrate()
    walk.tick_and_write()
    walk.read_entry()
    walk.pass_time(hours=20)
    walk.answer(walk.link_sent("Send PHQ-9, after"), AFTER)
    walk.outcome("18 to 6, down 12")
    walk.looked()


def both_ends(walk: Walk) -> None:
    walk.revoke_under_a_note()
    walk.nothing_shared()
    walk.end_course()
