"""What is put back for a test is what the steps wrote, and only where nothing else was written before."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.models import AutoField
from django.test.utils import CaptureQueriesContext

from openkap.records.models import Course, Person
from openkap.steps.frame import Refused
from tests import played_once
from tests.at_step import at_step
from tests.people import cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(played_once, "_kept", {})


def rows() -> dict[str, list[str]]:
    """Every row of every table, but for the numbers that the database gives."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        names = [field.attname for field in model._meta.concrete_fields if not isinstance(field, AutoField)]
        found[model._meta.db_table] = sorted(repr(row) for row in model._base_manager.values_list(*names))
    return found


def once() -> tuple[dict[str, list[str]], Any, int]:
    """What lies in the database after a stage, what the stage gave, and how many statements it took."""
    with transaction.atomic(), CaptureQueriesContext(connection) as asked:
        stage = at_step(cast(), "gone_home")
        found = rows(), stage.dose.pk, len(asked)
        transaction.set_rollback(True)
    return found


def test_what_is_put_back_is_what_was_played() -> None:
    played, dose, took = once()
    again, same_dose, less = once()
    assert again == played
    assert same_dose == dose
    assert less < took / 2, "it was played again"


def test_after_anything_else_was_written_it_is_played() -> None:
    once()
    people = cast()
    Person.objects.create(given_name="Ines", family_name="Vale")
    before = set(Course.objects.values_list("pk"))
    played = at_step(people, "opened").course
    assert (played.pk,) not in before
    assert {key[-1][0] for key in played_once._kept} == {"cast", "gone_home"}


def test_after_a_refused_step_it_is_played() -> None:
    people = cast()
    with pytest.raises(Refused):
        cast()
    at_step(people, "opened")
    assert {key[-1][0] for key in played_once._kept} == {"cast"}


def test_two_stages_on_one_ground_are_two() -> None:
    people = cast()
    first = at_step(people, "opened")
    second = at_step(people, "opened", key="noor")
    assert first.course.pk != second.course.pk
    assert [len(key) for key in played_once._kept] == [1, 2, 3]
