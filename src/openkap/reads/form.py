"""A form as a person answers it: its questions in order, what was tapped already, who reads it.

Decided here: the words are the instrument's own text pack, whole and unchanged, with its notice; a
language that has none falls back to English, and says which it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q

from openkap.medicine.course.follow_up import opens
from openkap.medicine.instruments import Text, UnknownInstrument, instrument, text
from openkap.permits import Act, Scope
from openkap.records.models import Answer, Ask, Course, Draft, Grant, PersonalLink, Response, Score
from openkap.records.scoped import scoped


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer as printed: what is kept, and the words beside it."""

    value: float
    words: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `chosen`: what was tapped, None where nothing was."""

    item: str
    number: int
    words: str
    choices: tuple[Choice, ...]
    chosen: int | None

    @property
    def chosen_words(self) -> str:
        return next((choice.words for choice in self.choices if choice.value == self.chosen), "")


@dataclass(frozen=True, slots=True)
class Form:
    """A form for one course point. `questions` hold the optional ones last."""

    course: UUID
    instrument: str
    point: str
    title: str
    intro: str
    notice: str
    language: str
    practice: str
    readers: tuple[str, ...]
    questions: tuple[Question, ...]

    def question(self, item: str) -> Question | None:
        return next((q for q in self.questions if q.item == item), None)

    @property
    def first_open(self) -> Question | None:
        return next((q for q in self.questions if q.chosen is None), None)

    @property
    def is_one_question(self) -> bool:
        """A single question with no "Send": the tap is the answer."""
        return len(self.questions) == 1

    @property
    def done(self) -> int:
        return sum(q.chosen is not None for q in self.questions)

    @property
    def begun(self) -> bool:
        return self.done > 0

    @property
    def answers(self) -> dict[str, int | None]:
        return {q.item: q.chosen for q in self.questions}

    def after(self, item: str) -> Question | None:
        later = [q for q in self.questions if q.number > (self.question(item) or self.questions[0]).number]
        return later[0] if later else None

    def before(self, item: str) -> Question | None:
        earlier = [q for q in self.questions if q.number < (self.question(item) or self.questions[0]).number]
        return earlier[-1] if earlier else None


def form_of(scope: Scope, course: Course, name: str, point: str, language: str, at: Any) -> Form | None:
    """The form with what was tapped so far; None where there is no such form. Three queries.

    `course` must already be within the reader's Scope.
    """
    words = words_in(name, language)
    if words is None:
        return None
    made = instrument(name)
    kept = _tapped(scope, course, name, point)
    return Form(
        course=course.id,
        instrument=name,
        point=point,
        title=words.title,
        intro=words.intro,
        notice=words.notice,
        language=words.language,
        practice=course.organisation.name,
        readers=_readers(course, at),
        questions=tuple(
            _question(words, item, number, kept)
            for number, item in enumerate((*made.items, *made.optional), start=1)
        ),
    )


@dataclass(frozen=True, slots=True)
class Sent:
    """The form last sent for a course point. `worrying`: a person must look the same day or sooner.

    `harm`: a question about being better off dead or of self-harm was answered with more than "not at all".
    """

    worrying: bool
    harm: bool


def last_sent(course: Course, name: str, point: str) -> Sent:
    """For the page that answers a form, also when the same form comes again. Two queries."""
    form = instrument(name)
    last = (
        Score.objects.current()
        .filter(course=course, instrument=name, response__point=point)
        .order_by("-recorded_at", "-id")
        .first()
    )
    if last is None:
        return Sent(False, False)
    harm = Answer.objects.filter(
        response_id=last.response_id, item__in=form.safety, value__gt=form.minimum
    ).exists()
    return Sent(any(alert.get("level", "") >= "L2" for alert in last.alerts), harm)


def form_now(link: PersonalLink) -> str | None:
    """The form that this link asks next; None when all it asks is answered. Two queries.

    What is asked at one point of the course comes by one link, and an answer may open another form.
    """
    if link.course_id is None:
        return link.about
    answered = {
        response.instrument: response
        for response in Response.objects.filter(course_id=link.course_id, point=link.point).prefetch_related(
            "answers"
        )
        if response.instrument != link.about or response.recorded_at >= link.made_at
    }
    along = Ask.objects.filter(course_id=link.course_id, point=link.point, skipped_at=None).exclude(link=None)
    wanted = list(dict.fromkeys([link.about, *along.values_list("instrument", flat=True)]))
    for name in wanted:  # grows while it is read
        if name not in answered:
            return name
        given: dict[str, int | None] = {each.item: each.value for each in answered[name].answers.all()}
        opened = opens(name, given)
        if opened is not None and opened not in wanted:
            wanted.append(opened)
    return None


def words_in(name: str, language: str) -> Text | None:
    """The form's own words in this language, else in English; None where the library has neither."""
    for spoken in (language.split("-")[0], "en"):
        try:
            instrument(name)
            return text(name, spoken)
        except UnknownInstrument:
            continue
    return None


def _tapped(scope: Scope, course: Course, name: str, point: str) -> Mapping[str, int | None]:
    """What is kept of a form begun. Whoever may add to it sees what they added."""
    rows = Draft.objects.filter(course=course, instrument=name, point=point, response=None)
    draft = scoped(rows, scope, Act.ADD).first()
    return draft.answers if draft is not None else {}


def _question(words: Text, item: str, number: int, kept: Mapping[str, int | None]) -> Question:
    choices = tuple(Choice(option.value, option.label) for option in words.options[item])
    return Question(item, number, words.items[item], choices, kept.get(item))


def _readers(course: Course, at: Any) -> tuple[str, ...]:
    """The practice, and whoever the patient lets see scores now."""
    grants = Grant.objects.filter(
        Grant.in_force(at), Q(patient_id=course.patient_id), organisation_id=course.organisation_id
    ).select_related("to_person", "to_organisation")
    named = [
        grant.to_person.name if grant.to_person else grant.to_organisation.name
        for grant in grants
        if "measures" in grant.scopes
    ]
    return (course.organisation.name, *dict.fromkeys(named))
