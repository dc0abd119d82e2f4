"""Queries put into words once give the rows that the same query gives anew, whoever asks."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import QuerySet

from openkap.permits import Scope
from openkap.records.compiled import NOT_ASKED, Compiled
from openkap.records.models import Course, Reading, Result, Session
from openkap.records.scoped import scoped
from openkap.records.standing import scope_now
from openkap.records.statistics import refresh_statistics
from openkap.records.together import answers
from tests.at_step import at_step
from tests.people import cast

pytestmark = pytest.mark.django_db
OF_A_PATIENT = [
    model
    for model in apps.get_app_config("records").get_models()
    if hasattr(model, "PATHS")
    and {"patient_id", "organisation_id"} <= {field.attname for field in model._meta.fields}
]


def test_the_same_rows_for_every_model_and_every_person() -> None:
    """Asked twice, so that the second time comes from memory; for two patients, so that values are open."""
    people = cast()
    stage = at_step(people, "measured_after")
    at_step(people, "decided", key="noor")
    compiled = {
        model: Compiled(
            model, lambda patient, m=model: m._base_manager.filter(patient_id=patient).order_by("pk")
        )
        for model in OF_A_PATIENT
    }
    actors = [people.by(key) for key in ("tamsin", "jonah", "osric", "odette", "priya", "mira", "theo")]
    some = 0
    for by in [*actors, people.patient("wren"), people.patient("noor")]:
        scope = scope_now(by, stage.at)
        for model, ask in compiled.items():
            for key in ("wren", "noor", "wren"):
                patient = people[key].id
                plain = scoped(model._base_manager.filter(patient_id=patient).order_by("pk"), scope)
                found = ask.within(scope, patient=patient)
                assert [row.__dict__ | {"_state": None} for row in found] == [
                    row.__dict__ | {"_state": None} for row in plain
                ], (by.name, model.__name__)
                some += len(found)
    assert some > 500


def test_rows_bring_what_they_are_asked_to_bring() -> None:
    stage = at_step(cast(), "planned")

    def sessions(course: object) -> QuerySet[Session]:
        return Session.objects.filter(course=course).select_related("room", "organisation", "lead")

    ask: Compiled[Session] = Compiled(Session, sessions)
    for _again in range(2):
        (row,) = ask(course=stage.course.id)
        assert (row.room, row.organisation) == (stage.dose.room, stage.people.clinic)
        assert row.lead == stage.dose.lead
        assert row._state.db == "default" and not row._state.adding


def test_questions_asked_together_have_the_answers_they_have_alone() -> None:
    """Every model, as several people: the same rows in the same order, and limits and empty Scopes kept."""
    people = cast()
    stage = at_step(people, "measured_after")
    compiled = [
        Compiled(model, lambda patient, m=model: m._base_manager.filter(patient_id=patient).order_by("-pk"))
        for model in OF_A_PATIENT
    ]
    last: Compiled[Result] = Compiled(
        Result, lambda patient: Result.objects.filter(patient_id=patient).order_by("-at", "-pk")[:1]
    )
    wren = people["wren"].id
    some = 0
    for key in ("tamsin", "mira", "odette", "mira"):
        scope = scope_now(people.by(key), stage.at)
        asked = [ask.question_within(scope, patient=wren) for ask in compiled]
        asked += [NOT_ASKED, last.question(patient=wren), compiled[0].question_within(Scope(), patient=wren)]
        together = answers(*asked)
        for found, question in zip(together, asked, strict=True):
            alone = question.now()
            assert [row.__dict__ | {"_state": None} for row in found] == [
                row.__dict__ | {"_state": None} for row in alone
            ], key
            some += len(found)
        assert (len(together[-3]), len(together[-2]), len(together[-1])) == (0, 1, 0)
    assert some > 100 and answers(NOT_ASKED) == ([],)


def test_a_moment_may_be_left_open_and_tuples_come_as_tuples() -> None:
    stage = at_step(cast(), "evaluated")

    def results(patient: object, after: object) -> QuerySet[Result, tuple[str, str]]:
        return Result.objects.filter(patient_id=patient, at__gt=after).values_list("key", "value")

    ask: Compiled[tuple[str, str]] = Compiled(Result, results)
    wren = stage.people["wren"].id
    assert ask(patient=wren, after=stage.at) == []
    assert ("weight_kg", "70") in ask(patient=wren, after=stage.at - timedelta(days=1))


def test_a_scope_without_reach_finds_nothing_and_a_lost_value_is_said() -> None:
    stage = at_step(cast(), "opened")
    ask: Compiled[Course] = Compiled(Course, lambda patient: Course.objects.filter(patient_id=patient))
    assert ask.within(Scope(), patient=stage.course.patient_id) == []
    unheard: Compiled[Course] = Compiled(Course, lambda patient: Course.objects.all())
    with pytest.raises(TypeError, match="patient does not stand in the query"):
        unheard(patient=stage.course.patient_id)


def test_statistics_never_make_a_correction_a_search_of_everything() -> None:
    """All of `corrects` is empty: without care SQLite would read the whole table for each row."""
    if connection.vendor != "sqlite":
        return
    stage = at_step(cast(), "recovering")
    refresh_statistics()
    rows = Reading.objects.current().filter(session=stage.dose, organisation=stage.people.clinic)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'records_reading'")
        assert cursor.fetchone()[0] > 3
    assert "SEARCH T2" in rows.explain(), rows.explain()
