"""What happens beside the doses of some invented people: their medicines, plans, signs and agreements.

Decided here: who takes, felt or agreed to what follows their line (`happens`) or their key, the same each
time, and none of it stands for how often something happens to real people.
"""

from __future__ import annotations

from datetime import timedelta
from zlib import crc32

from openkap.demonstration.course import Play
from openkap.medicine.monitoring.events import ctcae_versions
from openkap.records.facts.agreements import texts_of
from openkap.steps.adverse import Said, note_event
from openkap.steps.agreements import agree_to
from openkap.steps.medicines import note_medicine
from openkap.steps.misuse import note_misuse, settle_misuse
from openkap.steps.safety_plan import write_plan

MEDICINES = (
    "Sertraline 100 mg, once a day",
    "Escitalopram 10 mg, once a day",
    "",
    "Mirtazapine 15 mg at night",
)
MINUTE = timedelta(minutes=1)
# Told on the call of the day after: what, its grade, after how many minutes it began and how long it lasted.
FELT = (
    ("E-NAUSEA", 1, 30, 40),
    ("E-DIZZINESS", 1, 12, 50),
    ("E-HEADACHE", 1, 95, 180),
    ("E-SOMNOLENCE", 1, 60, 200),
    ("E-ANXIETY", 2, 15, 25),
)
NONE_OF = 4  # further turns in which nothing is told
PLAN = {
    "warning_signs": "Not answering the telephone. The thought that nobody would notice.",
    "alone": "The dog and the long way round the reservoir.",
    "distraction": "The workshop on Dover Street; they are there until nine.",
    "people": "Sister Edda, any hour.",
    "professionals": "The practice in the day. 988 at any hour.",
    "surroundings": "Edda keeps the tablets and gives a week at a time.",
}
AGREES = {"trainee": True, "recording": False}


def takes_medicines(play: Play) -> None:
    """One they have taken for long, or none."""
    own = "" if play.who.protocol.startswith("esketamine") else MEDICINES[play.who.own % len(MEDICINES)]
    wanted = MEDICINES[0] if play.who.missed else own
    if wanted:
        note_medicine(by=play.prescriber, at=play.at, file=play.file, text=wanted)


def felt(play: Play) -> None:
    """What somebody felt after this dose, told on the call, and written down; often nothing."""
    turn = crc32(f"{play.who.key} {play.number}".encode()) % (len(FELT) + NONE_OF)
    if turn >= len(FELT):
        return
    assert play.dose.started_at is not None
    term, grade, after, long = FELT[turn]
    began = play.dose.started_at + after * MINUTE
    said = Said(
        term=term, words="", at=began, ended_at=began + long * MINUTE, grade=grade,
        ctcae_version=ctcae_versions()[0], serious=(), related="related",
        action="none" if grade == 1 else "watched", outcome="gone",
    )  # fmt: skip
    note_event(by=play.nurse, at=play.later(), session=play.dose, said=said)


def died_later(play: Play) -> None:
    """A death is a serious event of the last dose, whatever brought it."""
    said = Said(
        term="", words="Heart failure, at home", at=play.at - timedelta(hours=20), ended_at=None, grade=5,
        ctcae_version=ctcae_versions()[0], serious=("death",), related="unrelated", action="none",
        outcome="death",
    )  # fmt: skip
    note_event(by=play.prescriber, at=play.later(), session=play.dose, said=said)


def has_plan(play: Play) -> None:
    """The plan for when it gets hard, written with whoever evaluates."""
    write_plan(by=play.prescriber, at=play.later(), course=play.course, words=PLAN)


def agreed_apart(play: Play) -> None:
    """A trainee may be there; nothing is recorded."""
    texts = texts_of(play.course, play.who.language)
    for what, yes in AGREES.items():
        text = texts[what].sha256 if yes else ""
        agree_to(by=play.themselves, at=play.later(), course=play.course, what=what, yes=yes, sha256=text)


def asked_for_more(play: Play, *, settled: bool) -> None:
    """A sign of misuse: written by the nurse, and where it is settled decided on by the prescriber."""
    sign = note_misuse(
        by=play.nurse, at=play.later(), course=play.course, sign="more_frequent",
        words="Asked twice on the telephone for an earlier day.",
    )  # fmt: skip
    if settled:
        settle_misuse(
            by=play.prescriber, at=play.later(timedelta(hours=3)), sign=sign,
            decided="Talked it over: afraid of losing the good week. The days stay as planned.",
        )  # fmt: skip
