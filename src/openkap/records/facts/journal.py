"""The words of a journal entry, opened with the journal's own key, and whom an entry could be shown to.

Decided here: one key opens the journal (`settings.JOURNAL_KEY_FILE`). Who treats in a course is whoever
leads or led a session of it, takes part in it by name, or was named by a grant that stands, as long as
they hold a treating role where they did.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings

from openkap.permits.roles import OWN_WORDS_OF
from openkap.records.models import Course, Grant, JournalEntry, Membership, Participation, Session
from openkap.records.secret import Unreadable, fingerprint, key_in, seal, unseal


@dataclass(frozen=True, slots=True)
class Treating:
    """One person of one practice who treats in a course."""

    person: UUID
    name: str
    organisation: UUID
    practice: str

    @property
    def key(self) -> str:
        """How a form names them: "organisation:person"."""
        return f"{self.organisation}:{self.person}"


def sealed_words(entry: UUID, words: str) -> dict[str, object]:
    """The columns of an entry of this id that hold `words`."""
    key = key_in(settings.JOURNAL_KEY_FILE)
    return {"sealed": seal(key, words.encode(), _about(entry)), "key": fingerprint(key)}


def words_of(entry: JournalEntry) -> str | None:
    """What was typed, letter for letter; None where this server's key does not open it."""
    try:
        return unseal(key_in(settings.JOURNAL_KEY_FILE), bytes(entry.sealed), _about(entry.id)).decode()
    except Unreadable:
        return None


def treating_in(course: Course, at: datetime) -> tuple[Treating, ...]:
    """Whoever treats in this course at `at`, by name. Four queries."""
    places = set(
        Session.objects.filter(course=course, lead__isnull=False).values_list("organisation_id", "lead_id")
    )
    places |= set(
        Participation.objects.filter(course=course, until=None, person__isnull=False).values_list(
            "organisation_id", "person_id"
        )
    )
    places |= set(
        Grant.objects.filter(
            Grant.in_force(at), patient_id=course.patient_id, to_person__isnull=False
        ).values_list("to_organisation_id", "to_person_id")
    )
    return _named(places, at)


def may_be_shown(course: Course, at: datetime) -> tuple[Treating, ...]:
    """To whom an entry can be shown: whoever treats here, and elsewhere while the course is shared with
    them, or with all of their practice. Five queries."""
    shared = set(
        Grant.objects.filter(
            Grant.in_force(at), patient_id=course.patient_id, organisation_id=course.organisation_id
        ).values_list("to_organisation_id", "to_person_id")
    )
    return tuple(
        one
        for one in treating_in(course, at)
        if one.organisation == course.organisation_id
        or shared & {(one.organisation, None), (one.organisation, one.person)}
    )


def _named(places: Iterable[tuple[UUID, UUID]], at: datetime) -> tuple[Treating, ...]:
    wanted = set(places)
    held = Membership.objects.filter(
        Membership.in_force(at),
        role__in=[role.value for role in OWN_WORDS_OF],
        person_id__in={person for _place, person in wanted},
    ).select_related("person", "organisation")
    found = {
        (m.organisation_id, m.person_id): Treating(
            m.person_id, m.person.name, m.organisation_id, m.organisation.name
        )
        for m in held
        if (m.organisation_id, m.person_id) in wanted
    }
    return tuple(sorted(found.values(), key=lambda one: (one.practice, one.name)))


def _about(entry: UUID) -> str:
    return f"journal {entry}"
