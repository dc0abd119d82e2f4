"""Own words of invented people: a few lines of a journal, and a therapist's process notes.

Decided here: words are written last in a course, since process notes lie in a store of their own that a
transaction of the records does not hold.
"""

from __future__ import annotations

from datetime import timedelta

from openkap.demonstration.course import Play
from openkap.records.models import PatientFile, SmallThing
from openkap.steps.cast import THERAPY
from openkap.steps.journal import share_entry, write_entry
from openkap.steps.process import keep_process_note
from openkap.steps.small_things import add_small_thing, tick

JOURNAL = {
    "en": (
        "The lake again, and a heron that did not mind me.",
        "Slept through. First time since March.",
        "I could say her name without my throat closing.",
    ),
    "es": (
        "Otra vez el patio de mi abuela. Olía a jazmín.",
        "Dormí toda la noche, por primera vez en meses.",
        "Hoy llamé a mi hermana. Lloramos las dos, y estuvo bien.",
    ),
}
OWN = {"en": "Walk to the river", "es": "Caminar hasta el mercado"}
PROCESS = "She waits for me to be disappointed. Stay with that; do not hurry past the pauses."


def written(play: Play) -> None:
    """What this person, or their therapist, wrote for themselves."""
    if "journal" in play.who.tells:
        _journal(play)
    if "process" in play.who.tells and play.therapist is not None:
        file = PatientFile.objects.get(patient=play.person, organisation__name=THERAPY)
        keep_process_note(by=play.therapist, at=play.house.now - timedelta(days=4), file=file, words=PROCESS)


def _journal(play: Play) -> None:
    lines = JOURNAL[play.who.language]
    for thing in SmallThing.objects.filter(course=play.course).order_by("made_at")[:1]:
        tick(by=play.themselves, at=play.house.now - timedelta(days=3), thing=thing)
    entries = [
        write_entry(
            by=play.themselves,
            at=play.house.now - timedelta(days=len(lines) - turn, hours=2),
            course=play.course,
            words=words,
        )
        for turn, words in enumerate(lines)
    ]
    at = play.house.now - timedelta(hours=40)
    add_small_thing(by=play.themselves, at=at, course=play.course, text=OWN[play.who.language])
    if play.who.therapist:
        share_entry(
            by=play.themselves, at=at, entry=entries[0], to_organisation=play.house.places[THERAPY],
            to_person=play.house.persons[play.who.therapist],
        )  # fmt: skip
