"""What a step or a page asks for: an act upon a kind of fact.

Decided here: the few kinds that consent and roles speak of. They are the words of the sharing page,
so that what a patient reads is what the code asks.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a fact is about, as far as permission is concerned."""

    IDENTITY = "identity"
    SCHEDULE = "schedule"
    SUMMARY = "summary"
    CLINICAL = "clinical"
    MEASURES = "measures"
    NOTES = "notes"
    CONSENT = "consent"
    SHARING = "sharing"
    TASKS = "tasks"
    TRAIL = "trail"
    STAFF = "staff"
    REQUESTS = "requests"
    PREPARATION = "preparation"
    SMALL_THINGS = "small_things"
    JOURNAL = "journal"
    SHARED_JOURNAL = "shared_journal"
    PROCESS = "process"
    DRAFTS = "drafts"
    RULES = "rules"
    ESCORT = "escort"
    PAGE = "page"
    SAFETY_PLAN = "safety_plan"
    OVERSIGHT = "oversight"
    ADVERSE_EVENTS = "adverse_events"


class Act(StrEnum):
    """What is done with it."""

    SEE = "see"
    ADD = "add"
    CORRECT = "correct"
    SIGN = "sign"
    CONFIRM = "confirm"
    SHARE = "share"
    SEND = "send"
    ENROL = "enrol"


@dataclass(frozen=True, slots=True)
class Need:
    """One act upon one kind, as in `Need(Kind.CLINICAL, Act.ADD)`."""

    kind: Kind
    act: Act = Act.SEE
