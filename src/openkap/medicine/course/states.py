"""The states of a course and of a session, as two tables.

Decided here: what may follow what. Whether a person may do it is for permits, whether medicine allows
it for the gates; here only that a dose cannot end before it began. `docs/reference/states.md` is drawn
from these tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Moves = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Table:
    """`moves[state][verb]` is the next state. `words` say a state inside "This session is …".

    `does` says a verb as something that can be done; `owner` names whose turn it is.
    """

    name: str
    start: str
    moves: Moves
    words: Mapping[str, str]
    does: Mapping[str, str]
    owner: Mapping[str, str]

    @property
    def ended(self) -> tuple[str, ...]:
        """States that nothing leaves."""
        return tuple(state for state in self.words if not self.moves.get(state))

    def comes_from(self, verb: str) -> tuple[str, ...]:
        """The states in which `verb` can be done."""
        return tuple(state for state, verbs in self.moves.items() if verb in verbs)


LEAVING = {"stop": "stopped", "decline": "declined", "transfer": "transferred", "record_death": "died"}

COURSE = Table(
    name="course",
    start="evaluation",
    moves={
        "evaluation": {
            "accept": "preparation",
            "wait": "not_now",
            "refuse": "not_candidate",
            "decline": "declined",
            "transfer": "transferred",
            "record_death": "died",
        },
        "not_now": {
            "look_again": "evaluation",
            "accept": "preparation",
            "refuse": "not_candidate",
            "decline": "declined",
            "transfer": "transferred",
            "record_death": "died",
        },
        "preparation": {
            "begin_doses": "dosing",
            "look_again": "evaluation",
            "refuse": "not_candidate",
            **LEAVING,
        },
        "dosing": {"end_doses": "integration", "look_again": "evaluation", **LEAVING},
        "integration": {
            "begin_doses": "dosing",
            "follow": "follow_up",
            "look_again": "evaluation",
            "finish": "done",
            **LEAVING,
        },
        "follow_up": {"begin_doses": "dosing", "look_again": "evaluation", "finish": "done", **LEAVING},
        "not_candidate": {},
        "declined": {},
        "done": {},
        "stopped": {},
        "transferred": {},
        "died": {},
    },
    words={
        "evaluation": "in evaluation",
        "not_now": "waiting, not now",
        "preparation": "in preparation",
        "dosing": "in its doses",
        "integration": "in continued integration",
        "follow_up": "in follow-up",
        "not_candidate": "ended: not a candidate",
        "declined": "ended: the patient declined",
        "done": "completed",
        "stopped": "stopped",
        "transferred": "moved to another practice",
        "died": "ended: the patient has died",
    },
    does={
        "accept": "decide that this is a candidate",
        "wait": "decide that it is not now",
        "refuse": "decide that this is not a candidate",
        "look_again": "evaluate again",
        "begin_doses": "begin doses",
        "end_doses": "end the doses",
        "follow": "go on to follow-up",
        "finish": "complete the course",
        "stop": "stop the course",
        "decline": "record that the patient declines",
        "transfer": "move to another practice",
        "record_death": "record a death",
    },
    owner={
        "evaluation": "prescriber",
        "not_now": "prescriber",
        "preparation": "therapist",
        "dosing": "prescriber",
        "integration": "therapist",
        "follow_up": "therapist",
    },
)

SESSION = Table(
    name="session",
    start="planned",
    moves={
        "planned": {"arrive": "arrived", "start": "under_way", "cancel": "cancelled", "miss": "no_show"},
        "arrived": {
            "make_ready": "ready",
            "start": "under_way",
            "not_here": "planned",
            "cancel": "cancelled",
        },
        "ready": {"start": "under_way", "not_ready": "arrived", "cancel": "cancelled"},
        "under_way": {
            "pause": "paused",
            "end_dose": "recovering",
            "stop_dose": "recovering",
            "finish": "done",
            "hand_over": "stopped",
        },
        "paused": {
            "resume": "under_way",
            "end_dose": "recovering",
            "stop_dose": "recovering",
            "hand_over": "stopped",
        },
        "recovering": {"go_home": "done", "hand_over": "stopped"},
        "no_show": {"arrive": "arrived"},
        "done": {},
        "stopped": {},
        "cancelled": {},
    },
    words={
        "planned": "planned and not started",
        "arrived": "waiting, the patient is here",
        "ready": "ready to start",
        "under_way": "under way",
        "paused": "paused",
        "recovering": "recovering",
        "no_show": "marked as not come",
        "done": "done",
        "stopped": "ended by handing over to emergency care",
        "cancelled": "cancelled",
    },
    does={
        "arrive": "record the arrival",
        "not_here": "take the arrival back",
        "make_ready": "make ready",
        "not_ready": "take back that it is ready",
        "start": "start",
        "pause": "pause",
        "resume": "go on",
        "end_dose": "end the dose",
        "stop_dose": "stop the dose early",
        "finish": "finish a visit without a dose",
        "go_home": "let the patient go home",
        "hand_over": "hand over to emergency care",
        "cancel": "cancel",
        "miss": "record that nobody came",
    },
    owner={
        "planned": "front desk",
        "arrived": "nurse",
        "ready": "nurse",
        "under_way": "nurse",
        "paused": "nurse",
        "recovering": "nurse",
        "no_show": "front desk",
    },
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a verb cannot be done now, and what can. False, so that `if not allowed(...)` reads well."""

    sentence: str
    possible: tuple[str, ...]

    def __bool__(self) -> bool:
        return False

    def __str__(self) -> str:
        return self.sentence


def allowed(table: Table, state: str, verb: str) -> str | Refusal:
    """The next state, or a sentence. Raises `KeyError` for a state or verb that the table does not know."""
    if state not in table.words:
        raise KeyError(f"A {table.name} has no state {state!r}.")
    if verb not in table.does:
        raise KeyError(f"A {table.name} has no verb {verb!r}.")
    possible = table.moves[state]
    if verb in possible:
        return possible[verb]
    sentence = f"Not now. This {table.name} is {table.words[state]}."
    if possible:
        sentence += f" What can be done: {', '.join(table.does[next_verb] for next_verb in possible)}."
    return Refusal(sentence, tuple(possible))


def course_after(state: str, verb: str) -> str | None:
    """The course's next state, None where it cannot be done."""
    return allowed(COURSE, state, verb) or None  # type: ignore[return-value]


def session_after(state: str, verb: str) -> str | None:
    """The session's next state, None where it cannot be done."""
    return allowed(SESSION, state, verb) or None  # type: ignore[return-value]
