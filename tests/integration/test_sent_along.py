"""From a request to an evaluation: what was answered along with it, and the task it left."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from openkap.records.models import PatientFile, Session, Task
from openkap.steps.requests import open_from_request
from tests.integration.clinic_desk import visiting
from tests.integration.test_requests import JUNO, ask
from tests.people import NOW, Cast

pytestmark = pytest.mark.django_db


@pytest.mark.usefixtures("given_to_pages")
def test_what_was_sent_along_stands_on_the_evaluation_and_planning_it_settles_the_task(people: Cast) -> None:
    answers = {"medicines": ["sedatives"]}
    row = ask(people, replace(JUNO, answers=answers))
    open_from_request(by=people.by("odette"), at=NOW, request=row, protocol_id="blended_iv")
    assert row.course is not None
    with visiting("tamsin", NOW) as page:
        shown = page.get(f"/care/courses/{row.course.id}/evaluation/").content.decode()
    assert "Said before, when they asked" in shown and "benzodiazepines" in shown
    address = reverse("care-patient", args=[PatientFile.objects.get(patient=row.patient).id])
    with visiting("odette", NOW) as page:
        chart = page.get(address)
        assert chart.context["plan_form"]["phase"].value() == "evaluation"
        day = (NOW + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
        sent = {"phase": "evaluation", "planned_from": day, "minutes": "60", "submission": str(uuid4())}
        assert page.post(reverse("care-plan", args=[row.course.id]), sent).status_code == 302
    assert Session.objects.get(course=row.course).phase == "evaluation"
    assert Task.objects.get(course=row.course, what="plan_evaluation").done_at == NOW
