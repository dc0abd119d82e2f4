"""Every line of the tables on informed consent, and that both languages say the same."""

from __future__ import annotations

import re
from datetime import date

import pytest

from openkap.medicine.consent.agreements import AGREEMENTS, agreement
from openkap.medicine.consent.asked import Told, asked_anew, words_of
from openkap.medicine.consent.brought import brought, named
from openkap.medicine.consent.compose import Composed, Practice, Section, compose, missing, required, ways_of
from openkap.medicine.consent.differences import differences
from openkap.medicine.consent.elements import elements, words_in
from openkap.medicine.consent.fingerprint import fingerprint
from openkap.medicine.consent.reading import reading, syllables
from openkap.medicine.consent.states import state_laws
from openkap.medicine.promises import promises_found
from openkap.medicine.protocols.routes import Route
from openkap.medicine.sources import resolve
from tests.spec.tables import Line, lines

ALL = [(str(route), way) for route in Route for way in ("", *ways_of(route))]
EVERYTHING = Practice("Larkmoor", "Six hundred dollars a dose.", "UT", True, True, True, True)


def of(name: str) -> list[Line]:
    return [line for line in lines("informed") if line.rule == name]


def unlike(text: str, wanted: str) -> list[str]:
    """What the table wants and the text does not say, or says where it should not."""
    asked = filter(None, map(str.strip, wanted.split(";")))
    return [words for words in asked if (words.rpartition("not: ")[2] in text) is ("not: " in words)]


@pytest.mark.parametrize("line", of("elements"), ids=str)
def test_an_element_is_required_as_the_table_says(line: Line) -> None:
    element = elements()[line["element"]]
    assert element.number == int(line["number"])
    for route in Route:
        assert (element in required(route)) is (line[route] == "yes"), route
        for way in ways_of(route):
            never = not element.ways and line[route] == "no"
            expected = not never and way not in line["not in"].split(", ")
            assert (element in required(route, way)) is expected, (route, way)
    for source in element.sources:
        resolve(source)


def test_the_table_names_every_element() -> None:
    assert [line["element"] for line in of("elements")] == list(elements())


@pytest.mark.parametrize("line", of("wording"), ids=str)
def test_the_library_says_what_the_table_says(line: Line) -> None:
    facts = {"price": EVERYTHING.price} if line["practice"] == "price" else {}
    flags = {line["practice"]: True} if line["practice"] not in ("", "price") else {}
    text = compose(line["given by"], line["way"], Practice(**facts, **flags))
    section = next(each for each in text.sections if each.id == line["element"])
    assert unlike(section.words, line["says"]) == []


@pytest.mark.parametrize("line", of("reading"), ids=str)
def test_words_read_as_hard_as_the_table_says(line: Line) -> None:
    if line["syllables"]:
        assert syllables(line["words"], line["language"]) == int(line["syllables"])
        return
    found = reading(line["words"], line["language"])
    assert found is not None
    assert (found.grade, found.is_hard) == (float(line["grade"]), line["hard"] == "yes")


@pytest.mark.parametrize("line", of("remote"), ids=str)
def test_remote_prescribing_fails_closed(line: Line) -> None:
    text = agreement("agree.telehealth", line["language"], date.fromisoformat(line["day"])).text
    assert unlike(text, line["says"]) == []


@pytest.mark.parametrize(("route", "way"), ALL)
@pytest.mark.parametrize("practice", [Practice(), EVERYTHING], ids=["plain", "everything"])
def test_both_languages_say_all_that_is_required_and_the_same(
    route: str, way: str, practice: Practice
) -> None:
    english, spanish = (compose(route, way, practice, language) for language in ("en", "es"))
    assert missing(english.covers, route, way) == missing(spanish.covers, route, way) == ()
    assert [each.id for each in english.sections] == [each.id for each in spanish.sections]
    for one, other in zip(english.sections, spanish.sections, strict=True):
        assert re.findall(r"\d+", one.words) == re.findall(r"\d+", other.words), one.id
    for text in (english, spanish):
        plain(text)
    assert {question.id for question in english.questions} == set(english.covers)
    assert [(q.id, q.right, len(q.choices)) for q in english.questions] == [
        (q.id, q.right, len(q.choices)) for q in spanish.questions
    ]


def plain(text: Composed) -> None:
    """Calm, whole, easy, and no promise."""
    assert "!" not in text.text and "{" not in text.text + text.title
    assert all(each.words for each in text.sections)
    measure = reading(text.text, text.language)
    assert measure is not None and not measure.is_hard
    assert promises_found(f"{text.title}.\n{text.text}") == ()
    for question in text.questions:
        assert 0 <= question.right < len(question.choices) and question.why.endswith(".")


def test_parts_stand_under_the_same_terms_in_both_languages() -> None:
    english, spanish = words_in("en"), words_in("es")
    assert list(english) == list(spanish)
    for id, words in english.items():
        assert [part.when for part in words.parts] == [part.when for part in spanish[id].parts], id
        assert [each.when for each in words.asked] == [each.when for each in spanish[id].asked], id


@pytest.mark.parametrize("name", AGREEMENTS)
def test_an_agreement_has_its_own_questions_in_both_languages(name: str) -> None:
    english, spanish = (agreement(name, language, date(2026, 11, 22)) for language in ("en", "es"))
    plain(english)
    plain(spanish)
    assert [(q.id, q.right) for q in english.questions] == [(q.id, q.right) for q in spanish.questions] != []
    assert len(english.sections) == len(spanish.sections)


def test_a_state_that_was_not_looked_into_adds_nothing() -> None:
    known = {law.id for law in state_laws()}
    assert known == {"UT", "GA"}
    assert compose("iv", "", Practice(state="UT")).state_law == "UT"
    assert compose("iv", "", Practice(state="TX")) == compose("iv", "", Practice())


@pytest.mark.parametrize(
    "name", ["consent.xx", "consent.iv.esketamine", "consent", "agree.else", "consent.iv."]
)
def test_no_document_has_another_name(name: str) -> None:
    assert named(name) is None
    assert brought(name, "en", date(2026, 11, 22)) is None


def test_a_text_without_questions_keeps_the_hash_it_always_had() -> None:
    assert fingerprint("a\n") == "87428fc522803d31065e7bce3cf03fe475096631e5e07bbd7a0fde60c4cf25c7"
    one, two = ({"id": "a", "right": right} for right in (0, 1))
    assert len({fingerprint("a\n"), fingerprint("a\n", [one]), fingerprint("a\n", [two])}) == 3


def test_differences_are_told_by_the_sentence() -> None:
    found = differences("# A\nOne. Two.\n- Three", "# A\nOne.  Two and more.\n- Three\n- Four")
    assert [(each.was, each.now) for each in found] == [(("Two.",), ("Two and more.",)), ((), ("Four",))]


@pytest.mark.parametrize("line", of("asked_anew"), ids=str)
def test_a_question_is_asked_anew_as_the_table_says(line: Line) -> None:
    anew = asked_anew(told(line, "then"), told(line, "now"))
    assert anew == ({"dose"} if line["asked"] else set())


def told(line: Line, when: str) -> Told:
    ask, *more = line[f"question {when}"].split(" / ")
    questions = [{"id": "dose", "ask": ask, "choices": more[0].split(", "), "right": more[1]}] if more else []
    words = line[f"section {when}"]
    known = () if words == "-" else ("dose",)
    return Told(questions, words_of([Section("dose", "What this is", words, known)]))
