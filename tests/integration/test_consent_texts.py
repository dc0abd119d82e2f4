"""Consent texts as they are written and published: nothing typed is lost, nothing required is left out."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from openkap.medicine.consent.brought import named
from openkap.medicine.consent.compose import Practice, Section
from openkap.medicine.consent.fingerprint import fingerprint
from openkap.reads.consent_documents import Side, behind, document_of
from openkap.reads.consent_editor import text_shown, touched_by
from openkap.records.facts.consent import consent_of
from openkap.records.facts.consent_text import drafted, working_text
from openkap.records.models import DocumentDraft, DocumentVersion
from openkap.records.standing import scope_now
from openkap.steps.consent_texts import begin_text, keep_text, publish_text
from openkap.steps.frame import NotPermitted, Refused, Stale
from tests.integration.course_of import course_of
from tests.integration.test_consent import published, sign
from tests.people import NOW, Cast

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=5)


def begun(people: Cast, document: str = "consent.iv", by: str = "osric", **practice: Any) -> DocumentDraft:
    return begin_text(
        by=people.by(by),
        at=NOW,
        organisation=people.clinic,
        document=document,
        language="en",
        on=NOW.date(),
        practice=Practice("Larkmoor", **practice),
    )


def kept(people: Cast, draft: DocumentDraft, **changes: Any) -> DocumentDraft:
    text = drafted(draft)
    given = {
        "by": people.by("priya"),
        "at": LATER,
        "organisation": people.clinic,
        "document": draft.document,
        "language": draft.language,
        "title": text.title,
        "sections": text.sections,
        "questions": text.questions,
        "seen": text.stamp,
    }
    return keep_text(**{**given, **changes})


def publish(people: Cast, draft: DocumentDraft, by: str = "osric", **changes: Any) -> DocumentVersion:
    given = {
        "by": people.by(by),
        "at": LATER,
        "organisation": people.clinic,
        "document": draft.document,
        "language": draft.language,
        "reason": "Read with our lawyer.",
        "seen": draft.changed_at.isoformat(),
    }
    return publish_text(**{**given, **changes})


def without(draft: DocumentDraft, id: str) -> tuple[Section, ...]:
    return tuple(replace(each, words="") if each.id == id else each for each in drafted(draft).sections)


def test_what_is_published_says_what_it_covers_who_did_it_and_why(people: Cast) -> None:
    version = publish(people, begun(people, "consent.iv.blended", state="UT", price="It costs $600."))
    assert (version.by_name, version.reason) == ("Osric Thanewell", "Read with our lawyer.")
    assert (version.way, version.state_law, version.version) == ("blended", "UT", 1)
    assert len(version.elements) == len(version.questions) == 21
    assert version.sha256 == fingerprint(version.text, version.questions) != fingerprint(version.text)
    assert "It costs $600." in version.text and "What the law of Utah asks" in version.text
    assert DocumentDraft.objects.count() == 1


def test_after_publishing_nobody_works_on_a_draft_until_a_word_is_changed(people: Cast) -> None:
    def side() -> Side:
        known = named("consent.iv")
        assert known is not None
        return document_of(people.clinic, known, ZoneInfo("UTC")).sides[0]

    draft = kept(people, begun(people), title="Ours")
    assert side().drafted
    publish(people, draft, at=LATER + timedelta(minutes=1))
    assert not side().drafted and side().in_force is not None
    kept(people, draft, title="Ours, again", at=LATER + timedelta(hours=3))
    assert side().drafted.endswith(":05") and "am" not in side().drafted


def test_a_text_that_leaves_out_what_it_must_say_is_kept_and_not_published(people: Cast) -> None:
    draft = begun(people)
    draft = kept(people, draft, sections=without(draft, "touch"))
    with pytest.raises(Refused, match="leaves out what it must say: Touch"):
        publish(people, draft)
    own = Section("own-1", "Hands", "Nobody touches you unless you agreed to it.", ("touch",))
    sections = (*without(draft, "touch"), own)
    draft = kept(people, draft, sections=sections, at=LATER + timedelta(minutes=1))
    assert "touch" in publish(people, draft).elements


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("This cures depression.", "promises more than is known"),
        ("Ask us about anything.", ""),
    ],
)
def test_a_promise_is_refused_with_its_reason(people: Cast, words: str, told: str) -> None:
    draft = begun(people)
    own = Section("own-1", "More", words)
    draft = kept(people, draft, sections=(*drafted(draft).sections, own))
    if not told:
        assert words in publish(people, draft).text
        return
    with pytest.raises(Refused, match=told):
        publish(people, draft)


@pytest.mark.parametrize(
    "change",
    [{"choices": ["One"]}, {"right": 7}, {"right": -1}, {"why": " "}],
    ids=["one", "far", "none", "why"],
)
def test_a_question_that_cannot_be_asked_is_refused_by_name(people: Cast, change: dict[str, Any]) -> None:
    draft = begun(people)
    first, *rest = drafted(draft).questions
    draft = kept(people, draft, questions=[{**first, **change}, *rest])
    with pytest.raises(Refused, match="Who tells you your dose"):
        publish(people, draft)


def test_what_a_question_says_is_right_promises_nothing_and_a_wrong_answer_may(people: Cast) -> None:
    draft = begun(people)
    first, *rest = drafted(draft).questions
    wrong = {**first, "choices": ["It cures me", "Nobody knows"], "right": 1}
    draft = kept(people, draft, questions=[{**wrong, "why": "Ketamine cures depression."}, *rest])
    with pytest.raises(Refused, match="promises more than is known"):
        publish(people, draft)
    draft = kept(people, draft, questions=[wrong, *rest], at=LATER + timedelta(minutes=1))
    assert publish(people, draft)


def test_two_editors_do_not_overwrite_one_another_unseen(people: Cast) -> None:
    draft = begun(people)
    stamp = draft.changed_at.isoformat()
    kept(people, draft, title="Ours")
    with pytest.raises(Stale, match="Priya"):
        kept(people, draft, title="Mine", seen=stamp, by=people.by("osric"))
    with pytest.raises(Stale, match="Look at it again"):
        publish(people, draft, seen=stamp)
    assert DocumentDraft.objects.get().title == "Ours"


def test_words_that_do_not_fit_are_not_cut_off_unseen(people: Cast) -> None:
    draft = begun(people)
    first, *rest = drafted(draft).sections
    with pytest.raises(Refused, match="too long"):
        kept(people, draft, sections=[replace(first, words="w" * 20_001), *rest])


def test_a_reason_is_asked_for_and_others_may_not(people: Cast) -> None:
    draft = begun(people)
    with pytest.raises(Refused, match="Say why"):
        publish(people, draft, reason=" ")
    for who in ("tamsin", "jonah", "odette"):
        with pytest.raises(NotPermitted):
            publish(people, draft, by=who)
        with pytest.raises(NotPermitted):
            begun(people, by=who)
    assert publish(people, draft, by="priya").version == 1


def test_publishing_says_whom_it_touches_before_and_asks_them_after(people: Cast) -> None:
    course = course_of(people)
    sign(people, course, published(people))
    director, office = (scope_now(people.by(who), NOW) for who in ("osric", "priya"))

    def touched(name: str, language: str = "en", scope: Any = director) -> tuple[int, tuple[str, ...]]:
        known = named(name)
        assert known is not None
        found = touched_by(scope, people.clinic, known, language)
        return found.count, found.names

    assert touched("consent.iv") == touched("consent.iv.blended") == (1, ("Wren Alderbrook",))
    assert touched("consent.iv", scope=office) == (1, ())
    assert touched("consent.iv", "es") == touched("consent.iv.bracketed") == touched("consent.im") == (0, ())
    assert consent_of(course, LATER).state == "signed"
    publish(people, begun(people, "consent.iv.blended"))
    assert consent_of(course, LATER).state == "older"
    assert touched("consent.iv") == (0, ())


def test_what_is_in_force_is_where_writing_goes_on(people: Cast) -> None:
    known = named("consent.iv")
    assert known is not None
    muscle = named("consent.im")
    assert muscle is not None
    before = working_text(people.clinic.id, muscle, "en", NOW.date())
    assert before.origin == "library"
    published(people)
    text = text_shown(people.clinic, known, "en", NOW.date())
    assert text.working.origin == "force" and text.lacks == () and text.changed == ()
    assert [each.id for each in text.working.sections] == [each.id for each in before.sections]
    published(people, "# What this is\nOur own words.\n\n# Something else\nMore.\n")
    older = text_shown(people.clinic, known, "en", NOW.date())
    assert len(older.lacks) == 20 and older.says == ("What this is",)


@pytest.mark.parametrize(
    ("published", "late"),
    [
        ("en", ""),
        ("en es", ""),
        ("en es en", "es"),
        ("en es en es", ""),
        ("en en es", ""),
        ("en es en en es", ""),
        ("en es es", "en"),
    ],
)
def test_a_language_that_follows_is_up_with_the_other_and_puts_it_behind_no_more(
    published: str, late: str
) -> None:
    order = [(NOW + timedelta(minutes=n), language) for n, language in enumerate(published.split())]
    assert " ".join(sorted(behind(reversed(order)))) == late
