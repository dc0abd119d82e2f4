"""Inviting an outside therapist: what is asked, who says yes, what opens, and what never does."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from openkap.permits import Role
from openkap.reads.sharing import receivers
from openkap.records.invitations import code_of
from openkap.records.models import (
    Credential,
    Event,
    Grant,
    Invitation,
    Membership,
    Organisation,
    Session,
    Task,
    User,
)
from openkap.records.scoped import scoped
from openkap.records.standing import scope_now
from openkap.steps.credentials import check_license
from openkap.steps.frame import NotPermitted, Refused
from openkap.steps.invitations import approve, ask_patient_to_share, end_invitation, invite, send_again
from openkap.steps.joining import (
    TRIES,
    Newcomer,
    accept_invitation,
    decline_invitation,
    holder_of,
    invited_with,
    show_code,
)
from openkap.steps.sharing import revoke
from openkap.steps.tasks import finish_task
from tests.at_step import STAGES, Stage, at_step, invite_someone
from tests.integration.clinic_desk import visiting
from tests.people import NOW, cast
from tests.post import delivered

pytestmark = pytest.mark.django_db

IVO = Newcomer(
    "Ivo", "Castellan-Brede", "LMFT", "Cedar Lane Therapy", "New York", "LMFT 0148", "a long enough secret"
)


@pytest.fixture
def stage() -> Stage:
    return at_step(cast(NOW - timedelta(days=3)), "decided", at=NOW)


def asked(stage: Stage, **changes: Any) -> tuple[Invitation, str]:
    given: dict[str, Any] = {
        "by": stage.people.patient("wren"),
        "at": stage.at,
        "course": stage.course,
        "to_name": "Ivo Castellan-Brede",
        "to_email": "ivo@cedarlane.example",
        "scopes": ["schedule", "measures"],
        "purpose": "To plan therapy around my doses",
        "until": stage.at + timedelta(days=180),
    }
    return invite(**{**given, **changes})


def accept(stage: Stage, row: Invitation, **who: Any) -> Any:
    return accept_invitation(
        by=holder_of(row, where="test"),
        at=stage.later(minutes=2),
        invitation=row,
        **(who or {"newcomer": IVO}),
    )


def test_a_newcomer_joins_with_a_practice_of_their_own_and_sees_what_was_said(stage: Stage) -> None:
    row, token = asked(stage)
    assert invited_with(token) == row
    ivo = accept(stage, row)
    practice = Organisation.objects.get(name="Cedar Lane Therapy")
    made = Grant.objects.get(to_person=ivo)
    assert (made.scopes, made.by_person_id) == (["measures", "schedule"], stage.people["wren"].id)
    roles = set(Membership.objects.filter(person=ivo, organisation=practice).values_list("role", flat=True))
    assert roles == {Role.THERAPIST.value, Role.ADMINISTRATOR.value}
    assert User.objects.get(email="ivo@cedarlane.example").check_password(IVO.password)
    assert not Credential.objects.filter(person=ivo).found_valid(stage.at).exists()
    assert Task.objects.filter(what__startswith="license_", organisation=stage.people.clinic).exists()


@pytest.mark.parametrize("valid", [True, False])
def test_a_license_is_looked_at_by_name(stage: Stage, valid: bool) -> None:
    row, _token = asked(stage)
    ivo = accept(stage, row)
    task = Task.objects.get(what__startswith="license_")
    with pytest.raises(Refused):
        finish_task(by=stage.people.by("tamsin"), at=stage.at, task=task, outcome="Done")
    with pytest.raises(Refused):
        check_license(by=stage.people.by("odette"), at=stage.at, task=task, valid=valid, words="Looked")
    check_license(by=stage.people.by("tamsin"), at=stage.at, task=task, valid=valid, words="State's own list")
    assert Credential.objects.filter(person=ivo).found_valid(stage.at).exists() is valid
    assert Task.objects.filter(what__startswith="speak_", role="medical_director").exists() is not valid
    with pytest.raises(Refused):
        check_license(by=stage.people.by("tamsin"), at=stage.at, task=task, valid=True, words="Again")


def test_the_license_page() -> None:
    now = timezone.now()
    stage = at_step(cast(now - timedelta(days=60)), "decided", at=now - timedelta(days=1))
    row, _token = asked(stage)
    accept(stage, row)
    task = Task.objects.get(what__startswith="license_")
    page = f"/my-work/{task.pk}/license/"
    with visiting("tamsin", stage.later(minutes=1)) as tamsin:
        tamsin.get(page)
        assert "LMFT 0148" in tamsin.page
        sent = {"submission": tamsin.hidden("submission"), "valid": "1"}
        assert tamsin.post(page, {**sent, "words": ""}).status_code == 422
        assert tamsin.post(page, {**sent, "words": "The state's list"}).status_code == 302
        tamsin.get(page)
        assert "Valid. The state" in tamsin.page


def test_the_mail_names_nobody_in_care_and_not_the_code(stage: Stage) -> None:
    row, token = asked(stage)
    sent = delivered()[-1]
    text = str(sent.subject) + str(sent.body)
    assert sent.to == ["ivo@cedarlane.example"] and token in text
    for secret in ("Wren", "Gwendolyn", "Alderbrook", "ketamine", code_of(row)):
        assert secret not in text


def test_nothing_opens_before_it_is_accepted(stage: Stage) -> None:
    row, _token = asked(stage)
    holder = holder_of(row, where="test")
    assert not scoped(Session.objects.all(), scope_now(holder, stage.at)).exists()
    assert not Grant.objects.exists()


@pytest.mark.parametrize("tries", range(1, TRIES + 1))
def test_five_wrong_codes_end_it(stage: Stage, tries: int) -> None:
    row, _token = asked(stage)
    for _n in range(tries):
        right = show_code(by=holder_of(row, where="t"), at=stage.at, invitation=row, code="AAAAAA")
        assert not right
    row.refresh_from_db()
    assert (row.stands(stage.at) == "ended") is (tries == TRIES)


def test_the_right_code_is_read_as_it_is_typed(stage: Stage) -> None:
    row, _token = asked(stage)
    typed = f" {code_of(row).lower()} "
    assert show_code(by=holder_of(row, where="t"), at=stage.at, invitation=row, code=typed)


def test_accepted_twice_is_told(stage: Stage) -> None:
    row, _token = asked(stage)
    accept(stage, row)
    with pytest.raises(Refused):
        accept(stage, row)
    assert Grant.objects.count() == 1


@pytest.mark.parametrize("over", ["taken back", "declined", "ran out"])
def test_what_is_over_is_not_accepted(stage: Stage, over: str) -> None:
    row, _token = asked(stage)
    if over == "taken back":
        end_invitation(by=stage.people.patient("wren"), at=stage.at, invitation=row)
    if over == "declined":
        decline_invitation(by=holder_of(row, where="t"), at=stage.at, invitation=row)
    if over == "ran out":
        stage.later(days=15)
    with pytest.raises(Refused):
        accept(stage, row)
    assert not Grant.objects.exists()


def test_someone_of_this_site_joins_as_they_are(stage: Stage) -> None:
    row, _token = asked(stage)
    accept(stage, row, person=stage.people["mira"], organisation=stage.people.therapy)
    assert Grant.objects.get().to_person == stage.people["mira"]


@pytest.mark.parametrize("who", ["jonah", "priya"])
def test_who_does_not_treat_elsewhere_cannot_join(stage: Stage, who: str) -> None:
    row, _token = asked(stage)
    with pytest.raises(Refused):
        accept(stage, row, person=stage.people[who], organisation=stage.people.clinic)


def test_a_clinician_asks_and_the_patient_gives_less(stage: Stage) -> None:
    row = ask_patient_to_share(
        by=stage.people.by("tamsin"),
        at=stage.at,
        course=stage.course,
        to_name="Mira Fennimore-Hale",
        to_organisation=stage.people.therapy,
        to_person=stage.people["mira"],
        scopes=["schedule", "measures"],
        purpose="To plan therapy around your doses",
        until=stage.at + timedelta(days=100),
    )
    assert not Grant.objects.exists()
    with pytest.raises(Refused):
        approve(by=stage.people.patient("wren"), at=stage.at, invitation=row, scopes=["session_summaries"])
    approve(by=stage.people.patient("wren"), at=stage.later(hours=1), invitation=row, scopes=["schedule"])
    assert Grant.objects.get().scopes == ["schedule"]


def test_no_is_told_to_who_asked_and_opens_nothing(stage: Stage) -> None:
    row = ask_patient_to_share(
        by=stage.people.by("tamsin"),
        at=stage.at,
        course=stage.course,
        to_name="Ivo",
        to_email="ivo@cedarlane.example",
        scopes=["schedule"],
        purpose="Therapy",
        until=stage.at + timedelta(days=100),
    )
    end_invitation(by=stage.people.patient("wren"), at=stage.at, invitation=row)
    told = Task.objects.get(what__startswith="not_shared")
    assert told.owner == stage.people["tamsin"] and not Grant.objects.exists()


def test_only_the_patient_invites(stage: Stage) -> None:
    for by in (stage.people.by("tamsin"), stage.people.by("odette"), stage.people.patient("noor")):
        with pytest.raises(NotPermitted):
            asked(stage, by=by)


def test_not_while_a_dose_may_still_act_but_what_was_sent_before_counts() -> None:
    stage = at_step(cast(NOW - timedelta(days=3)), "shared", at=NOW)
    row, _token = invite_someone(stage)
    names = list(STAGES)
    for name in names[names.index("shared") + 1 : names.index("under_way") + 1]:
        STAGES[name](stage.fresh())
    with pytest.raises(Refused):
        asked(stage, to_email="other@cedarlane.example")
    with pytest.raises(Refused):
        send_again(by=stage.people.patient("wren"), at=stage.at, invitation=row)
    accept(stage, row)
    end = Grant.objects.get(to_person__email="ivo@cedarlane.example")
    revoke(by=stage.people.patient("wren"), at=stage.at, grant=end)


def test_sent_again_the_old_link_is_dead(stage: Stage) -> None:
    row, old = asked(stage)
    _row, new = send_again(by=stage.people.patient("wren"), at=stage.later(days=1), invitation=row)
    assert invited_with(old) is None and invited_with(new) == row


def test_the_pages_by_hand(client: Client) -> None:
    """Code, name, password: three presses; a mail scanner's look changes nothing."""
    stage = at_step(
        cast(timezone.now() - timedelta(days=60)), "decided", at=timezone.now() - timedelta(days=1)
    )
    row, token = asked(stage)
    page = f"/join/{token}/"
    events = Event.objects.count()
    for _n in range(3):
        assert b"Alderbrook" not in client.get(page).content
    assert Event.objects.count() == events
    assert client.post(page, {"code": "WRONG2"}).status_code == 422
    assert client.post(page, {"code": code_of(row)}).status_code == 302
    assert b"Alderbrook" in client.get(page).content
    given = {
        "given_name": "Ivo",
        "family_name": "Castellan-Brede",
        "title": "",
        "practice": "Cedar Lane Therapy",
        "license_state": "New York",
        "license_number": "LMFT 0148",
        "submission": "0192f0c1-1111-7000-8000-000000000001",
    }
    short = client.post(page, {**given, "password": "short"})
    assert short.status_code == 422 and b"Cedar Lane" in short.content
    joined = client.post(page, {**given, "password": IVO.password})
    assert joined.headers["Location"] == "/second-factor/"
    assert client.get("/practice/").headers["Location"] == "/second-factor/"
    assert client.get(page).status_code == 410


def test_an_end_that_has_passed_is_not_accepted_and_not_sent_again(stage: Stage) -> None:
    """The patient said until when; later the link says that it is over, and nothing breaks."""
    row, _token = asked(stage, until=stage.at + timedelta(days=2))
    stage.later(days=3)
    assert row.stands(stage.at) == "expired"
    with pytest.raises(NotPermitted):
        accept(stage, row)
    with pytest.raises(Refused, match="already passed"):
        send_again(by=stage.people.patient("wren"), at=stage.at, invitation=row)
    assert not Grant.objects.filter(invitation=row).exists()


def test_a_course_that_ended_is_not_shared_by_an_old_request(stage: Stage) -> None:
    row = ask_patient_to_share(
        by=stage.people.by("tamsin"),
        at=stage.at,
        course=stage.course,
        to_name="Ivo\nBcc: others@example.org",
        to_email="ivo@cedarlane.example",
        scopes=["schedule"],
        purpose="",
        until=stage.at + timedelta(days=30),
    )
    assert row.to_name == "Ivo Bcc: others@example.org"  # one line of a mail, whatever was sent
    type(stage.course).objects.filter(pk=stage.course.pk).update(ended_at=stage.at)
    with pytest.raises(Refused, match="has ended"):
        approve(by=stage.people.patient("wren"), at=stage.later(hours=1), invitation=row, scopes=["schedule"])


def test_who_only_says_who_they_are_is_offered_to_nobody_else(stage: Stage) -> None:
    """A name and a license that nobody looked at do not stand on other patients' list of whom to trust."""
    row, _token = asked(stage)
    accept(stage, row)
    offered = {
        key: {one.practice for one in receivers(stage.at, but=[stage.people.clinic.id], patient=who.id)}
        for key, who in (("wren", stage.people["wren"]), ("noor", stage.people["noor"]))
    }
    assert "Cedar Lane Therapy" in offered["wren"] and "Quiet Harbor Therapy" in offered["noor"]
    assert "Cedar Lane Therapy" not in offered["noor"]
    task = Task.objects.get(what__startswith="license_")
    check_license(by=stage.people.by("tamsin"), at=stage.at, task=task, valid=True, words="State's own list")
    found = receivers(stage.at, but=[stage.people.clinic.id], patient=stage.people["noor"].id)
    assert "Cedar Lane Therapy" in {one.practice for one in found}
