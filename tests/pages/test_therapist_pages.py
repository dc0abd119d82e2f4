"""The therapist's pages of a person: what is ready, preparation and touch, drafts that outlive a refusal."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from openkap.records.facts.preparation import preparation_of, touch_of
from openkap.records.models import Disclosure, NoteDraft, PatientFile, Session
from openkap.steps.cast import THERAPY
from openkap.steps.course import open_course
from openkap.steps.preparation import agree_touch, keep_preparation
from openkap.steps.sharing import revoke
from openkap.steps.small_things import agree_small_thing
from openkap.steps.visits import plan_preparation
from tests.at_step import Stage, at_step, planned
from tests.integration.door_visitors import Visitor
from tests.integration.floor_visits import visitor
from tests.people import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage() -> Stage:
    stage = at_step(cast(), "measured_after")
    stage.later(days=1)
    return stage


@pytest.fixture
def file(stage: Stage) -> PatientFile:
    return PatientFile.objects.get(patient=stage.people["wren"], organisation__name=THERAPY)


def visiting(stage: Stage) -> Any:
    return time_machine.travel(stage.at, tick=False)


def mira() -> Visitor:
    return Visitor().become("mira")


def preparation_planned(stage: Stage) -> Session:
    return plan_preparation(
        by=stage.people.by("mira"),
        at=stage.at,
        course=stage.course,
        organisation=stage.people.therapy,
        planned_from=stage.at + timedelta(minutes=30),
        minutes=60,
    )


def shows_preparation(stage: Stage) -> None:
    """Wren lets Mira see preparation as well: without it Mira widens no word of the clinic's."""
    stage.grant.scopes = sorted({*stage.grant.scopes, "preparation"})
    stage.grant.save(update_fields=["scopes"])


def prepared(stage: Stage) -> None:
    shows_preparation(stage)
    by, course = stage.people.by("mira"), stage.course
    keep_preparation(
        by=by, at=stage.at, course=course, intentions="To look at the shore.", comfort="Grey blanket"
    )
    agree_touch(by=by, at=stage.at, course=course, level="hand", words="The left one.", stop_word="Heron")
    agree_small_thing(by=by, at=stage.at, session=stage.integration, text="Ten minutes at the water")


def test_the_page_asks_few_questions_however_much_is_shared(stage: Stage, file: PatientFile) -> None:
    address = reverse("practice-person", args=[file.id])

    def questions() -> int:
        with visiting(stage), CaptureQueriesContext(connection) as counted:
            page.get(address)
        return len(counted)

    with visiting(stage):
        page = mira()
        page.get(address)
    little = questions()
    planned(stage)
    prepared(stage)
    stage.later(minutes=1)
    much = questions()
    assert little <= 42 and much <= 46, (little, much)
    assert Disclosure.objects.filter(what="practice").count() == 3, "each look is told, in one go"


def test_the_page_says_what_is_ready_and_what_is_open(stage: Stage, file: PatientFile) -> None:
    planned(stage)
    with visiting(stage):
        page = mira()
        page.get(reverse("practice-person", args=[file.id]))
        for name in ("practice-things", "practice-shown", "practice-preparation"):
            assert reverse(name, args=[file.id]) in page.page, name
        assert "may hold a newer word" in page.page
        for words in ("Dose 2, today", "Nothing is written yet", "Nothing is agreed, so none is allowed"):
            assert words in page.page, words
        prepared(stage)
        page.get(reverse("practice-person", args=[file.id]))
    for words in (
        "To look at the shore.",
        "Grey blanket",
        "The left one.",
        "Heron",
        "Ten minutes at the water",
    ):
        assert words in page.page, words


def test_the_page_asks_a_bounded_number_of_questions(
    stage: Stage, file: PatientFile, django_assert_max_num_queries: Any
) -> None:
    planned(stage)
    prepared(stage)
    address = reverse("practice-person", args=[file.id])
    with visiting(stage):
        page = mira()
        page.get(address)
        with django_assert_max_num_queries(70) as first:
            page.get(address)
        for _again in range(4):
            prepared(stage)
        with django_assert_max_num_queries(len(first)):
            page.get(address)
        with django_assert_max_num_queries(48):
            page.get(reverse("practice-preparation", args=[file.id]))


def test_preparation_is_kept_for_the_team_and_read_again(stage: Stage, file: PatientFile) -> None:
    address = reverse("practice-preparation", args=[file.id])
    with visiting(stage):
        page = mira()
        page.get(address)
        sent = {"intentions": "The far shore.", "submission": page.hidden("submission")}
        assert page.post(address, sent).status_code == 302
        assert page.post(address, sent).status_code == 302
        page.get(address)
    assert "The far shore." in page.page and "is handed to Larkmoor Clinic" in page.page
    kept = preparation_of(stage.course, stage.at)
    assert kept is not None and kept.intentions == "The far shore."
    assert not NoteDraft.objects.exists()


def test_nothing_written_is_said_and_touch_without_a_choice_too(stage: Stage, file: PatientFile) -> None:
    shows_preparation(stage)
    with visiting(stage):
        page = mira()
        empty = {"submission": str(uuid4())}
        assert page.post(reverse("practice-preparation", args=[file.id]), empty).status_code == 422
        sent = {"words": "Left only", "submission": str(uuid4())}
        assert page.post(reverse("practice-touch", args=[file.id]), sent).status_code == 422
        assert "Left only" in page.page
        sent["level"] = "hand"
        assert page.post(reverse("practice-touch", args=[file.id]), sent).status_code == 302
    agreed = touch_of(stage.course, stage.at)
    assert agreed is not None and agreed.words == "Left only"


def test_what_the_clinic_keeps_shows_with_the_patients_leave_and_is_told(
    stage: Stage, file: PatientFile
) -> None:
    agree_touch(
        by=stage.people.patient("wren"), at=stage.at, course=stage.course, level="hand", stop_word="Ibis"
    )
    address = reverse("practice-preparation", args=[file.id])
    with visiting(stage):
        page = mira()
        page.get(address)
        assert "Ibis" not in page.page
        shows_preparation(stage)
        page.get(address)
    assert "Ibis" in page.page
    assert Disclosure.objects.filter(what="preparation", grant=stage.grant).count() == 1


def test_a_session_is_planned_checked_in_and_held(stage: Stage, file: PatientFile) -> None:
    with visiting(stage) as clock:
        page = mira()
        here = (stage.at + timedelta(minutes=5)).astimezone(ZoneInfo(stage.people.therapy.zone))
        when = here.strftime("%Y-%m-%dT%H:%M")
        sent = {"planned_from": "", "minutes": "60", "submission": str(uuid4())}
        address = reverse("practice-preparation-plan", args=[file.id])
        assert page.post(address, sent).status_code == 422
        assert page.post(address, sent | {"planned_from": when}).status_code == 302
        session = Session.objects.get(phase="preparation")
        page.post(reverse("practice-arrived", args=[session.id]), {"version": "1"})
        clock.move_to(session.planned_from + timedelta(minutes=2))
        assert page.post(reverse("practice-held", args=[session.id]), {"version": "1"}).status_code == 409
        assert page.post(reverse("practice-held", args=[session.id]), {"version": "2"}).status_code == 302
    session.refresh_from_db()
    assert session.state == "done"


def test_a_note_half_written_is_a_draft_for_its_author(stage: Stage, file: PatientFile) -> None:
    session = preparation_planned(stage)
    with visiting(stage):
        page = mira()
        answer = page.post(reverse("practice-note-draft", args=[session.id]), {"focus": "Half a tho"})
        assert answer.status_code == 200 and "Draft kept" in page.page
        page.get(reverse("practice-note", args=[session.id]))
        assert "Half a tho" in page.page and "Only you can open it" in page.page
        page.post(reverse("practice-note", args=[session.id]), {"focus": "Whole", "draft": "1"})
    assert NoteDraft.objects.get().words == {"focus": "Whole"}


def test_a_draft_is_thrown_away_by_its_author(stage: Stage, file: PatientFile) -> None:
    session = preparation_planned(stage)
    pages = {
        reverse("practice-note", args=[session.id]): "focus",
        reverse("practice-preparation", args=[file.id]): "worries",
    }
    with visiting(stage):
        page = mira()
        for address, name in pages.items():
            page.post(address, {name: "Half a tho", "draft": "1"})
            page.get(address)
            assert "Half a tho" in page.page and "Throw the draft away" in page.page
            for _sent in (1, 2):
                assert page.post(address, {name: "Half a tho", "discard": "1"}).status_code == 302
            page.get(address)
            assert "Half a tho" not in page.page and "Throw the draft away" not in page.page
    assert not NoteDraft.objects.exists()


def test_a_post_after_revocation_is_refused_in_words_and_stays_a_draft(
    stage: Stage, file: PatientFile
) -> None:
    session = preparation_planned(stage)
    revoke(by=stage.people.patient("wren"), at=stage.later(minutes=40), grant=stage.grant)
    with visiting(stage):
        page = mira()
        sent = {"focus": "What she said of the lake", "submission": str(uuid4()), "held_at": ""}
        assert page.post(reverse("practice-note", args=[session.id]), sent).status_code == 422
        assert "no longer shares" in page.page and "What she said of the lake" in page.page
        page.get(reverse("practice-note", args=[session.id]))
        assert "What she said of the lake" in page.page and "sharing had stopped" in page.page
        sent = {"worries": "The needle", "submission": str(uuid4())}
        assert page.post(reverse("practice-preparation", args=[file.id]), sent).status_code == 422
        page.get(reverse("practice-preparation", args=[file.id]))
        assert "The needle" in page.page
    assert NoteDraft.objects.filter(unshared=True, page="note").count() == 1


def test_what_is_agreed_apart_stands_beside_touch_in_a_course_of_the_house_alone(stage: Stage) -> None:
    mira, file = stage.people.by("mira"), stage.people.file("pell")
    open_course(by=mira, at=stage.at, file=file, protocol_id="blended_iv")
    wrens = PatientFile.objects.get(patient=stage.people["wren"], organisation__name=THERAPY)
    with visiting(stage):
        client = visitor(stage.people, "mira", stage.at)
        pages = [client.get(reverse("practice-preparation", args=[one.id])) for one in (file, wrens)]
    said = ["No trainee. No recording. No care by video." in page.content.decode() for page in pages]
    assert [page.status_code for page in pages] == [200, 200] and said == [True, False]
