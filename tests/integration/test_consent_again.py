"""A consent that no longer holds, and why; questions, talks, guardians, and words apart from it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from openkap.medicine.consent.again import Reason
from openkap.reads.consent import to_sign
from openkap.reads.consent_desk import consent_desk
from openkap.records.facts.agreements import agreed_now, is_yes
from openkap.records.facts.consent import consent_of
from openkap.records.facts.gate import consent_state
from openkap.records.facts.understood import understood_of
from openkap.records.models import (
    Agreement,
    ConsentAnswer,
    DocumentVersion,
    OutgoingMail,
    PersonalLink,
    Signature,
    Task,
)
from openkap.records.standing import scope_now
from openkap.steps.agreements import agree_to, heard_no_to
from openkap.steps.consent import publish_document, sign_consent
from openkap.steps.consent_again import ask_where_due, refuse_unconsented
from openkap.steps.frame import AlreadyDone, NotPermitted, Refused, Stale
from openkap.steps.places import ask_for_witness
from openkap.steps.preparation import agree_touch
from openkap.steps.say_no import take_back_consent
from openkap.steps.understanding import Beside, answer_questions, go_through_consent
from tests.at_step import Stage, at_step
from tests.people import SYSTEM, cast

pytestmark = pytest.mark.django_db

TWO = (
    {
        "id": "drive",
        "ask": "May you drive home?",
        "choices": ["Yes", "No"],
        "right": 1,
        "why": "Not until tomorrow.",
    },
    {
        "id": "stop",
        "ask": "May you stop?",
        "choices": ["Always", "Never", "Once"],
        "right": 0,
        "why": "Always.",
    },
)


@pytest.fixture
def stage() -> Stage:
    return at_step(cast(), "consented")


def publish(
    stage: Stage, text: str = "# New\n\nAll new.\n", *, name: str = "consent.iv", **more: Any
) -> DocumentVersion:
    return publish_document(
        by=SYSTEM, at=more.pop("at", stage.at), organisation=stage.people.clinic, document=name,
        title="What you agree to", text=text, **more,
    )  # fmt: skip


def sign(stage: Stage, **changes: Any) -> Signature:
    at = changes.pop("at", stage.at)
    shown = consent_of(stage.course, at).version
    assert shown is not None
    given: dict[str, Any] = {
        "by": stage.people.patient("wren"), "at": at, "course": stage.course, "document": shown,
        "sha256": shown.sha256, "typed_name": stage.people["wren"].legal_name, "known_by": "sign-in",
    }  # fmt: skip
    return sign_consent(**{**given, **changes})


def answer(stage: Stage, version: DocumentVersion, **answers: int) -> None:
    answer_questions(
        by=stage.people.patient("wren"), at=stage.later(minutes=1), course=stage.course,
        document=version, sha256=version.sha256, answers=answers,
    )  # fmt: skip


def through(stage: Stage, who: str = "jonah", **beside: str) -> None:
    go_through_consent(
        by=stage.people.by(who),
        at=stage.later(minutes=1),
        course=stage.course,
        how="room",
        beside=Beside(**beside),
    )


def asked_since(stage: Stage, signed: Signature) -> int:
    return PersonalLink.objects.filter(course=stage.course, purpose="consent", made_at__gt=signed.at).count()


def test_a_new_version_asks_each_signer_once_and_stops_the_draw(stage: Stage) -> None:
    signed = Signature.objects.get()
    stage.later(days=8)
    mails = OutgoingMail.objects.count()
    publish(stage)
    assert consent_of(stage.course, stage.at).reasons == (Reason.VERSION,)
    assert (asked_since(stage, signed), OutgoingMail.objects.count()) == (1, mails + 1)
    stage.later(days=1)
    publish(stage, "# New\n\nAll new, once more.\n")
    publish(stage, "# Nuevo\n\nTodo.\n", language="es")
    ask_where_due(by=SYSTEM, at=stage.at)
    assert asked_since(stage, signed) == 1
    again = sign(stage)
    assert consent_of(stage.course, stage.at).signature == again
    assert consent_of(stage.course, stage.at).state == "signed"


def test_nothing_is_drawn_on_a_consent_that_no_longer_holds() -> None:
    stage = at_step(cast(), "ordered")
    refuse_unconsented(stage.dose, stage.at)
    publish(stage)
    with pytest.raises(Refused, match="its text changed"):
        refuse_unconsented(stage.dose, stage.at)
    ask_where_due(by=SYSTEM, at=stage.dose.planned_from - timedelta(hours=40))
    ask_where_due(by=SYSTEM, at=stage.dose.planned_from - timedelta(hours=39))
    task = Task.objects.get(what="consent_again")
    assert (task.role, task.due_at) == ("front_desk", stage.dose.planned_from)
    sign(stage)
    task.refresh_from_db()
    assert task.done_at is not None
    refuse_unconsented(stage.dose, stage.at)


def test_a_dose_under_way_keeps_the_consent_it_began_with_and_a_no_counts_at_once() -> None:
    stage = at_step(cast(), "under_way")
    stage.dose.refresh_from_db()
    publish(stage)
    refuse_unconsented(stage.dose, stage.at)
    take_back_consent(by=stage.people.patient("wren"), at=stage.at, course=stage.course)
    with pytest.raises(Refused, match="took back"):
        refuse_unconsented(stage.dose, stage.at)


def test_a_text_published_once_a_dose_is_drawn_up_waits_for_the_next_one() -> None:
    stage = at_step(cast(), "drawn")
    publish(stage)
    assert consent_state(stage.dose, stage.at) == "drawn"
    refuse_unconsented(stage.dose, stage.at)
    take_back_consent(by=stage.people.patient("wren"), at=stage.at, course=stage.course)
    assert consent_state(stage.dose, stage.at) == "taken_back"


def test_a_year_later_the_same_text_is_signed_again(stage: Stage) -> None:
    signed = Signature.objects.get()
    year = signed.at + timedelta(days=366)
    assert consent_of(stage.course, year).reasons == (Reason.YEAR,)
    again = sign(stage, at=year)
    assert again != signed and again.document == signed.document
    assert sign(stage, at=year + timedelta(minutes=1)) == again
    assert consent_of(stage.course, year + timedelta(days=1)).state == "signed"


def test_another_route_and_another_way_are_told_apart(stage: Stage) -> None:
    stage.course.route = "im"
    stage.course.save()
    publish(stage, name="consent.im")
    assert consent_of(stage.course, stage.at).reason == "route"
    stage.course.route = "iv"
    stage.course.save()
    assert consent_of(stage.course, stage.at).state == "signed"
    publish(stage, name=f"consent.iv.{stage.course.model}")
    assert consent_of(stage.course, stage.at).reason == "way"
    old = DocumentVersion.objects.filter(document="consent.iv", language="en").latest("version")
    with pytest.raises(Stale, match="another text"):
        sign(stage, document=old, sha256=old.sha256)


def test_whoever_has_no_mail_is_a_task_at_once(stage: Stage) -> None:
    person = stage.people["wren"]
    person.email = ""
    person.save()
    publish(stage)
    assert "no message reaches" in Task.objects.get(what="consent_again").text


def test_two_wrong_tries_wait_for_a_clinician_and_are_kept(stage: Stage) -> None:
    version = publish(stage, questions=TWO)
    with pytest.raises(Refused, match="Answer the questions"):
        sign(stage)
    answer(stage, version, drive=0, stop=0)
    answer(stage, version, drive=0)
    answer(stage, version, drive=1)  # waits for the clinician by now: not asked any more
    assert list(ConsentAnswer.objects.values_list("question", "right")) == [
        ("drive", False), ("stop", True), ("drive", False),
    ]  # fmt: skip
    with pytest.raises(Refused, match="goes through this with you first"):
        sign(stage)
    assert Task.objects.get(what="consent_talk").done_at is None
    with pytest.raises(Refused, match="A clinician goes through"):
        through(stage, "odette")
    through(stage, "jonah", interpreter="Lingua", interpreter_language="Spanish", interpreter_how="phone")
    assert Task.objects.get(what="consent_talk").done_at == stage.at
    signed = sign(stage, browser="Firefox, Android")
    assert signed.answers == [
        {"question": "drive", "tries": [0, 0], "right": False, "explained": True},
        {"question": "stop", "tries": [0], "right": True, "explained": False},
    ]
    assert signed.talk is not None and signed.talk.by_person == stage.people["jonah"]
    assert (signed.talk.interpreter, signed.role, signed.browser) == ("Lingua", "patient", "Firefox, Android")
    assert signed.zone == stage.people.clinic.zone
    # A text that holds asks nothing of what was answered for it; whoever signs anew begins anew.
    assert [q.tries for q in understood_of(stage.course, version, stage.later(days=1)).questions] == [(), ()]


def test_a_new_version_asks_only_what_is_new_and_a_year_asks_all(stage: Stage) -> None:
    dose = {**TWO[0], "id": "dose", "ask": "Who tells you your dose?"}
    said = "# What this is\nThey tell you.\n\n# Ours\nWe are two.\n"
    first = publish(stage, said, questions=[*TWO, dose])
    answer(stage, first, drive=1, stop=0, dose=1)
    zone = ZoneInfo(stage.people.clinic.zone)
    on = sign(stage).at.astimezone(zone).date()
    stage.later(days=30)

    def open_now(version: DocumentVersion, days: int = 0) -> dict[str, Any]:
        asked = understood_of(stage.course, version, stage.at + timedelta(days=days)).questions
        return {q.id: q.answered_on for q in asked if q.is_open or q.answered_on}

    # The element's words changed, one question too; one is as it was, with the words around it.
    other = {**TWO[1], "ask": "May you stop at any time?"}
    second = publish(stage, said.replace("tell you.", "tell you first."), questions=[TWO[0], other, dose])
    assert open_now(second) == {"drive": on, "stop": None, "dose": None}
    page = to_sign(stage.course, "en", stage.at)
    assert [q.id for q in page.open_questions] == [q.id for q in page.asked_now] == ["stop", "dose"]
    assert "1 question was answered" in page.answered_before[0]
    with pytest.raises(Refused, match="Answer the questions"):
        sign(stage)
    answer(stage, second, drive=0, stop=0, dose=1)  # what was answered is not asked: no try is kept of it
    assert not ConsentAnswer.objects.filter(question="drive", right=False).exists()
    again = sign(stage)
    assert again.answers[0] == {"question": "drive", "answered_on": on.isoformat()}
    desk = consent_desk(scope_now(stage.people.by("jonah"), stage.at), stage.course, stage.at, zone)
    assert page.answered_before[0].rstrip(".") in desk.signatures[0].lines
    # A third version, nothing of it asked: it can be signed at once, and each answer keeps its own day.
    third = publish(
        stage, said.replace("tell you.", "tell you first.") + "\nAnd more.\n", questions=second.questions
    )
    assert list(open_now(third).values()) == [on, *[again.at.astimezone(zone).date()] * 2]
    # A year after it was answered, or for any other reason, all of it is asked.
    assert open_now(third, days=340)["drive"] is None and open_now(third, days=340)["stop"] is not None
    assert set(open_now(third, days=370).values()) == {None}
    sign(stage)
    publish(stage, said, name=f"consent.iv.{stage.course.model}", questions=[*TWO, dose])
    by_way = consent_of(stage.course, stage.at).version
    assert by_way is not None and set(open_now(by_way).values()) == {None}


def test_the_same_answers_sent_twice_are_one_try_and_wrong_ones_are_refused(stage: Stage) -> None:
    version = publish(stage, questions=TWO)
    given: dict[str, Any] = {
        "by": stage.people.patient("wren"), "at": stage.at, "course": stage.course, "document": version,
        "sha256": version.sha256, "submission": version.id,
    }  # fmt: skip
    answer_questions(**given, answers={"drive": 0})
    with pytest.raises(AlreadyDone):
        answer_questions(**given, answers={"drive": 0})
    for wrong in ({"drive": 2}, {"nothing": 0}):
        with pytest.raises(Refused, match="Choose one of the answers"):
            answer_questions(**{**given, "submission": None}, answers=wrong)
    assert ConsentAnswer.objects.count() == 1
    with pytest.raises(NotPermitted):
        answer_questions(
            **{**given, "submission": None, "by": stage.people.by("jonah")}, answers={"drive": 1}
        )


def test_a_guardian_signs_only_where_one_is_named_and_says_who_they_are(stage: Stage) -> None:
    publish(stage)
    with pytest.raises(Refused, match="No guardian is named"):
        sign(stage, as_guardian=True, typed_name="Lou Alderbrook")
    with pytest.raises(Refused, match="Say why a guardian signs"):
        through(stage, guardian="Lou Alderbrook", guardian_relation="brother")
    through(
        stage, guardian="Lou Alderbrook", guardian_relation="brother", guardian_why="Court order of May 2026"
    )
    with pytest.raises(Refused, match="guardian's name"):
        sign(stage, as_guardian=True)
    signed = sign(stage, as_guardian=True, typed_name="Lou Alderbrook")
    assert (signed.role, signed.typed_name) == ("guardian", "Lou Alderbrook")


def test_a_minor_signs_by_a_guardian(stage: Stage) -> None:
    publish(stage)
    person = stage.people["wren"]
    person.born_on = stage.at.date() - timedelta(days=16 * 365)
    person.save()
    stage.course.refresh_from_db()
    with pytest.raises(Refused, match="a guardian signs"):
        sign(stage)
    through(stage, guardian="Lou Alderbrook", guardian_relation="father")
    assert sign(stage, as_guardian=True, typed_name="Lou Alderbrook")


def test_where_the_practice_asks_a_witness_is_named_first(stage: Stage) -> None:
    publish(stage)
    ask_for_witness(by=SYSTEM, at=stage.at, organisation=stage.people.clinic, wanted=True)
    with pytest.raises(NotPermitted):
        ask_for_witness(
            by=stage.people.by("jonah"), at=stage.at, organisation=stage.people.clinic, wanted=False
        )
    stage.course.organisation.refresh_from_db()
    with pytest.raises(Refused, match="asks for a witness"):
        sign(stage)
    through(stage, witness="Odette Farrow")
    talk = sign(stage).talk
    assert talk is not None and talk.witness == "Odette Farrow"


def test_a_yes_is_the_patients_own_and_a_no_counts_at_any_hour() -> None:
    stage = at_step(cast(), "arrived")
    wren, jonah = stage.people.patient("wren"), stage.people.by("jonah")
    text = publish(stage, "A trainee may watch.\n", name="agree.trainee")
    given: dict[str, Any] = {"course": stage.course, "what": "trainee"}
    before = stage.dose.planned_from - timedelta(days=1)
    with pytest.raises(Stale):
        agree_to(by=wren, at=before, **given, yes=True, sha256="0" * 64)
    yes = agree_to(by=wren, at=before, **given, yes=True, sha256=text.sha256)
    assert agree_to(by=wren, at=before, **given, yes=True, sha256=text.sha256) == yes
    with pytest.raises(NotPermitted):
        agree_to(by=jonah, at=before, **given, yes=True, sha256=text.sha256)
    assert agreed_now(stage.course, stage.at)["trainee"] == yes
    # Another text is another question: the yes was to the one before.
    text = publish(stage, "A trainee may help.\n", name="agree.trainee", at=before)
    assert not is_yes(agreed_now(stage.course, stage.at)["trainee"])
    yes = agree_to(by=wren, at=before, **given, yes=True, sha256=text.sha256)
    assert yes.document == text and is_yes(agreed_now(stage.course, stage.at)["trainee"])
    no = heard_no_to(by=jonah, at=stage.at, **given)
    assert agreed_now(stage.course, stage.at)["trainee"] == no and not no.yes
    assert Agreement.objects.count() == 3
    told = Task.objects.get(what="no_trainee")
    assert told.role == "monitor" and "no longer agrees to a trainee" in told.text and not told.done_at
    agree_to(by=wren, at=stage.at + timedelta(days=3), **given, yes=True, sha256=text.sha256)
    told.refresh_from_db()
    assert told.done_at is not None


def test_while_a_dose_acts_no_yes_is_taken_and_a_no_is() -> None:
    stage = at_step(cast(), "under_way")
    wren = stage.people.patient("wren")
    text = publish(stage, "A trainee may watch.\n", name="agree.trainee")
    given: dict[str, Any] = {"by": wren, "at": stage.at, "course": stage.course, "what": "trainee"}
    with pytest.raises(Refused, match="Not today"):
        agree_to(**given, yes=True, sha256=text.sha256)
    assert not agree_to(**given, yes=False).yes


def test_touch_said_again_in_the_morning_keeps_its_stop_word_and_whom_it_holds_for(stage: Stage) -> None:
    wren = stage.people.patient("wren")
    agree_touch(
        by=wren,
        at=stage.at,
        course=stage.course,
        level="hand",
        words="Left hand",
        stop_word="Red",
        holds_for="Mira",
    )
    again = agree_touch(
        by=stage.people.by("jonah"), at=stage.later(days=1), course=stage.course, level="hand"
    )
    assert (again.words, again.stop_word, again.holds_for) == ("Left hand", "Red", "Mira")
