"""Asking for an evaluation, and what a practice does with it: once, to the right practice, nobody merged."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from openkap.permits import Actor, ActorKind, Role
from openkap.records.ids import new_id
from openkap.records.models import (
    Course,
    EvaluationRequest,
    Event,
    Membership,
    PatientFile,
    Person,
    PublicPage,
    RequestNote,
    Task,
)
from openkap.steps.frame import AlreadyDone, NotPermitted, Refused, Stale
from openkap.steps.requests import (
    EACH_HOUR,
    Asked,
    LikelyMatch,
    ask_for_evaluation,
    close_request,
    contact_request,
    open_from_request,
)
from openkap.steps.tasks import finish_task
from tests.people import NOW, Cast

pytestmark = pytest.mark.django_db

STRANGER = Actor(ActorKind.LINK, "nobody", where="203.0.113.5")
JUNO = Asked(
    "Juna", "Underhill", email="juna@example.org", born_on=date(1990, 1, 2), words="Call after five."
)


def ask(
    people: Cast, asked: Asked = JUNO, *, at=NOW, place: str = "clinic", **more: Any
) -> EvaluationRequest:  # type: ignore[no-untyped-def]
    return ask_for_evaluation(
        by=more.pop("by", STRANGER), at=at, organisation=getattr(people, place), asked=asked, **more
    )


def task_of(request: EvaluationRequest) -> Task:
    return Task.objects.get(what=f"request_{request.id.hex}", done_at=None)


def test_a_request_is_on_the_front_desks_list_with_a_time(people: Cast) -> None:
    row = ask(people)
    assert (row.state, row.patient, row.organisation) == ("new", None, people.clinic)
    task = task_of(row)
    assert (task.role, task.due_at) == (Role.FRONT_DESK, NOW + timedelta(days=1))
    assert "Juna Underhill" in task.text
    assert Event.objects.filter(verb="evaluation.asked", subject=f"evaluationrequest {row.id}").exists()


def test_where_there_is_no_front_desk_the_therapists_have_it(people: Cast) -> None:
    row = ask(people, place="therapy")
    assert task_of(row).role == Role.THERAPIST
    contact_request(by=people.by("mira"), at=NOW, request=row, words="Called.")
    with pytest.raises(NotPermitted):
        contact_request(by=people.by("odette"), at=NOW, request=row, words="Not mine.")


def test_a_role_that_gives_doses_only_does_not_answer_requests(people: Cast) -> None:
    with pytest.raises(NotPermitted):
        contact_request(by=people.by("jonah"), at=NOW, request=ask(people), words="Called.")


def test_sent_twice_is_once_by_the_same_form_and_by_another(people: Cast) -> None:
    submission = new_id()
    first = ask(people, submission=submission)
    with pytest.raises(AlreadyDone):
        ask(people, submission=submission)
    again = ask(people, replace(JUNO, words="I forgot: no Mondays."), at=NOW + timedelta(hours=2))
    assert again == first
    assert EvaluationRequest.objects.filter(family_name="Underhill").count() == 1
    assert [note.words for note in first.notes.all()] == ["I forgot: no Mondays."]
    assert Task.objects.filter(what=f"request_{first.id.hex}").count() == 1
    other = ask(people, place="therapy")  # another practice was asked as well
    assert other != first


def test_a_flood_from_one_address_is_stopped_and_others_are_not(people: Cast) -> None:
    for n in range(EACH_HOUR):
        ask(people, replace(JUNO, given_name=f"Juna {n}"))
    with pytest.raises(Refused, match="Try again in an hour"):
        ask(people, replace(JUNO, given_name="One more"))
    ask(people, replace(JUNO, given_name="Elsewhere"), by=replace(STRANGER, where="198.51.100.9"))
    ask(people, replace(JUNO, given_name="Later"), at=NOW + timedelta(hours=1, minutes=1))


def test_nobody_is_asked_where_the_page_takes_no_requests(people: Cast) -> None:
    PublicPage.objects.filter(organisation=people.clinic).update(asks=False)
    with pytest.raises(Refused, match="takes no requests"):
        ask(people)
    with pytest.raises(Refused, match="phone number"):
        ask(people, replace(JUNO, email=""), place="therapy")


def test_answering_moves_it_on_and_its_clock_too(people: Cast) -> None:
    row = ask(people)
    with pytest.raises(Refused, match="Say what was done"):
        contact_request(by=people.by("odette"), at=NOW, request=row, words=" ")
    contact_request(by=people.by("odette"), at=NOW, request=row, words="Left a message.", version=1)
    row.refresh_from_db()
    assert (row.state, row.handled_by, row.version) == ("contacted", people["odette"], 2)
    assert task_of(row).due_at == NOW + timedelta(days=7)
    with pytest.raises(Stale):
        contact_request(by=people.by("tamsin"), at=NOW, request=row, words="Me too.", version=1)


def test_closing_needs_a_reason_and_can_be_taken_up_again(people: Cast) -> None:
    row = ask(people)
    with pytest.raises(Refused, match="Say why"):
        close_request(by=people.by("odette"), at=NOW, request=row, reason="")
    close_request(by=people.by("odette"), at=NOW, request=row, reason="Found care nearer home.")
    assert not Task.objects.filter(what=f"request_{row.id.hex}", done_at=None).exists()
    with pytest.raises(Refused, match="already closed"):
        close_request(by=people.by("odette"), at=NOW, request=row, reason="Again.")
    contact_request(by=people.by("odette"), at=NOW, request=row, words="They called after all.")
    assert (row.state, task_of(row).role) == ("contacted", Role.FRONT_DESK)
    assert list(RequestNote.objects.filter(request=row).values_list("what", flat=True)) == [
        "closed",
        "contacted",
    ]


def test_a_file_and_a_course_are_opened_for_someone_new(people: Cast) -> None:
    row = ask(people)
    open_from_request(by=people.by("odette"), at=NOW, request=row, protocol_id="blended_iv")
    file = PatientFile.objects.get(patient=row.patient)
    assert (file.organisation, file.patient.born_on, file.patient.email) == (
        people.clinic,
        JUNO.born_on,
        JUNO.email,
    )
    assert (row.state, row.course.state) == ("opened", "evaluation")  # type: ignore[union-attr]
    assert not Task.objects.filter(what=f"request_{row.id.hex}", done_at=None).exists()
    assert Task.objects.get(course=row.course, what="plan_evaluation").role == Role.FRONT_DESK
    for verb in (contact_request, close_request):
        with pytest.raises(Refused, match="already opened"):
            verb(
                by=people.by("odette"),
                at=NOW,
                request=row,
                **{"words" if verb is contact_request else "reason": "x"},
            )


@pytest.mark.parametrize(
    ("given", "family", "born_on"),
    [
        ("Gwendolyn", "Alderbrook", date(1985, 5, 3)),
        ("Wren", "Alderbrook-Moss", date(1985, 5, 3)),
        ("WREN", "Álderbrook", None),
    ],
)
def test_a_likely_match_is_asked_and_never_merged(
    people: Cast, given: str, family: str, born_on: date | None
) -> None:
    row = ask(people, Asked(given, family, phone="+1 555 0000", born_on=born_on))
    persons, before = Person.objects.count(), Person.objects.get(id=people["wren"].id)
    with pytest.raises(LikelyMatch, match=people.file("wren").number):
        open_from_request(by=people.by("odette"), at=NOW, request=row, protocol_id="blended_iv")
    row.refresh_from_db()
    assert (row.state, row.version, Person.objects.count()) == ("new", 1, persons)
    open_from_request(
        by=people.by("odette"), at=NOW, request=row, protocol_id="blended_iv", same_as=people.file("wren")
    )
    row.refresh_from_db()
    assert row.patient == people["wren"]
    now = Person.objects.get(id=before.id)
    assert (now.phone, now.born_on, now.given_name) == (before.phone, before.born_on, before.given_name)
    assert Person.objects.count() == persons


def test_someone_else_of_the_same_name_is_someone_new(people: Cast) -> None:
    row = ask(people, Asked("Gwendolyn", "Alderbrook", phone="+1 555 0000", born_on=date(1985, 5, 3)))
    open_from_request(by=people.by("odette"), at=NOW, request=row, protocol_id="blended_iv", is_new=True)
    assert row.patient != people["wren"]


def test_an_open_course_is_gone_on_with(people: Cast) -> None:
    first = ask(people)
    open_from_request(by=people.by("odette"), at=NOW, request=first, protocol_id="blended_iv")
    second = ask(people, replace(JUNO, email="", phone="+1 555 0001"), at=NOW + timedelta(days=2))
    file = PatientFile.objects.get(patient=first.patient)
    open_from_request(by=people.by("odette"), at=NOW, request=second, protocol_id="blended_iv", same_as=file)
    assert second.course == first.course
    assert Course.objects.filter(patient=first.patient).count() == 1


def test_another_practices_patient_and_file_are_out_of_reach(people: Cast) -> None:
    """Pell is a patient of the other practice: the clinic's desk is not told, and cannot take the file."""
    pell = people["pell"]
    row = ask(people, Asked(pell.given_name, pell.family_name, phone="+1 555 0000", born_on=pell.born_on))
    with pytest.raises(Refused, match="another practice"):
        open_from_request(
            by=people.by("odette"), at=NOW, request=row, protocol_id="blended_iv", same_as=people.file("pell")
        )
    open_from_request(by=people.by("odette"), at=NOW, request=row, protocol_id="blended_iv")
    assert row.patient != pell


def test_a_role_that_ends_leaves_no_request_without_a_list(people: Cast) -> None:
    Membership.objects.filter(organisation=people.clinic, role=Role.FRONT_DESK).update(until=NOW)
    assert task_of(ask(people, at=NOW + timedelta(minutes=1))).role == Role.THERAPIST


def test_its_task_is_not_closed_beside_it(people: Cast) -> None:
    """An outcome on my work would leave the request open and on nobody's list."""
    row = ask(people)
    with pytest.raises(Refused, match="on the request itself"):
        finish_task(by=people.by("odette"), at=NOW, task=task_of(row), outcome="Called.")
    task_of(row)


def test_the_same_request_with_ever_new_words_is_a_flood_too(people: Cast) -> None:
    for n in range(EACH_HOUR + 1):
        ask(people, replace(JUNO, words=f"Words {n}"))
    with pytest.raises(Refused, match="Try again in an hour"):
        ask(people, replace(JUNO, words="And more"))
    ask(people, replace(JUNO, words="Words 0"))  # the words of before are no new ones
    ask(people, replace(JUNO, words="And more"), at=NOW + timedelta(hours=1, minutes=1))
