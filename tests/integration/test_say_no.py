"""No to a consent text, and a consent taken back: always possible, heard at once, and it stops the dose."""

from __future__ import annotations

import pytest

from openkap.records.facts.consent import consent_of
from openkap.records.models import Declined, Signature, Task
from openkap.steps.consent import sign_consent
from openkap.steps.dose import start_dose
from openkap.steps.frame import NotPermitted, Refused
from openkap.steps.say_no import decline_consent, take_back_consent
from tests.at_step import Stage, at_step
from tests.people import cast

pytestmark = pytest.mark.django_db


def sign(stage: Stage) -> Signature:
    shown = consent_of(stage.course, stage.at).version
    assert shown is not None
    return sign_consent(
        by=stage.people.patient("wren"),
        at=stage.at,
        course=stage.course,
        document=shown,
        sha256=shown.sha256,
        typed_name=stage.people["wren"].legal_name,
        known_by="sign-in",
    )


def open_tasks() -> list[str]:
    return list(Task.objects.filter(done_at=None, what__startswith="consent_").values_list("what", flat=True))


@pytest.mark.parametrize("where", ["consented", "arrived", "under_way", "recovering", "gone_home"])
def test_a_consent_is_taken_back_at_any_time(where: str) -> None:
    stage = at_step(cast(), where)
    ended = take_back_consent(by=stage.people.patient("wren"), at=stage.at, course=stage.course)
    assert len(ended) == 1
    consent = consent_of(stage.course, stage.at)
    assert (consent.state, consent.taken_back_at) == ("unsigned", stage.at)
    task = Task.objects.get(what="consent_taken_back")
    assert task.due_at == stage.at and "Wren Alderbrook took back" in task.text
    assert take_back_consent(by=stage.people.patient("wren"), at=stage.at, course=stage.course) == ()


def test_taken_back_on_the_morning_the_dose_does_not_start() -> None:
    stage = at_step(cast(), "arrived")
    take_back_consent(by=stage.people.patient("wren"), at=stage.at, course=stage.course)
    with pytest.raises(Refused):
        start_dose(by=stage.people.by("jonah"), at=stage.at, session=stage.dose)
    stage.dose.refresh_from_db()
    assert stage.dose.started_at is None


def test_signing_again_counts_and_settles_the_call() -> None:
    stage = at_step(cast(), "consented")
    take_back_consent(by=stage.people.patient("wren"), at=stage.at, course=stage.course)
    again = sign(stage)
    assert consent_of(stage.course, stage.at).signature == again
    assert consent_of(stage.course, stage.at).taken_back_at is None
    assert open_tasks() == []
    assert Signature.objects.count() == 3


def test_no_before_signing_is_kept_once_and_told() -> None:
    stage = at_step(cast(), "consented")
    wren = stage.people.patient("wren")
    with pytest.raises(Refused, match="You signed this"):
        decline_consent(by=wren, at=stage.at, course=stage.course)
    take_back_consent(by=wren, at=stage.at, course=stage.course)
    first = decline_consent(by=wren, at=stage.at, course=stage.course)
    assert decline_consent(by=wren, at=stage.later(hours=1), course=stage.course) == first
    assert Declined.objects.count() == 1
    assert sorted(open_tasks()) == ["consent_declined", "consent_taken_back"]


def test_only_the_patient_says_no() -> None:
    stage = at_step(cast(), "consented")
    for key in ("tamsin", "mira", "odette"):
        with pytest.raises(NotPermitted):
            take_back_consent(by=stage.people.by(key), at=stage.at, course=stage.course)
