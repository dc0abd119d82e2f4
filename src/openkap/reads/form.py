"""A form as a person answers it: its questions in order, what was tapped already, who reads it.

Decided here: the words are the instrument's own text pack, whole and unchanged, with its notice; a
language that has none falls back to English, and says which it is. A question that an answer has made idle is
not asked. Where there are no words, a number is asked for each item under a short name of our own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from openkap.medicine.course.follow_up import opens
from openkap.medicine.course.pace import next_of
from openkap.medicine.instruments import Text, UnknownInstrument, instrument
from openkap.medicine.instruments.instrument import Instrument, Item, Value
from openkap.medicine.instruments.scoring import asked
from openkap.medicine.instruments.text_pack import best_text
from openkap.permits import Act, Scope
from openkap.reads.said import number
from openkap.records.facts.follow_up import LONGER
from openkap.records.facts.law import rules_at
from openkap.records.models import Answer, Ask, Course, Draft, Grant, PersonalLink, Response, Score
from openkap.records.scoped import scoped

# From so many values on, a scale with words at its ends is a line, not a row of buttons.
LINE_FROM = 12
FOLDED_FROM = 120
# A night lies between two forms that are further apart.
REST = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer as printed: what is kept, and the words beside it."""

    value: Value
    words: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `chosen`: what was tapped, None where nothing was.

    `kind` is how it is answered: by a tap on `choices`, on a row of numbers (`scale`), on a `line` with words
    at its ends, or by a typed `number`. `left_out` says when it is not asked, `behind` which answers close it
    ("1 2,3": 1 alone, or 2 and 3 together); without `named` its words are its number.
    """

    item: str
    number: int
    words: str
    choices: tuple[Choice, ...]
    chosen: Value | None
    kind: str = "choices"
    low: Value = 0
    high: Value = 0
    step: Value = 1
    ends: tuple[str, str] = ("", "")
    heading: str = ""
    hint: str = ""
    left_out: str = ""
    behind: str = ""
    named: bool = True

    @property
    def chosen_words(self) -> str:
        if self.chosen is None or self.kind != "choices":
            return "" if self.chosen is None else number(self.chosen)
        return next((choice.words for choice in self.choices if choice.value == self.chosen), "")

    @property
    def range_words(self) -> str:
        return _("%(low)s to %(high)s") % {"low": number(self.low), "high": number(self.high)}


@dataclass(frozen=True, slots=True)
class Form:
    """A form for one course point. `questions` are those asked now, `every` all of them; optional ones last.

    `has_words` is False where only numbers under short names can be typed in.
    """

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
    every: tuple[Question, ...] = field(repr=False)
    has_words: bool = True
    caution: str = ""

    @property
    def stem(self) -> str:
        """The end of the intro that each question goes on from, as "how much were you bothered by:"."""
        *before, last = self.intro.rsplit(". ", 1)
        return last if before and last.endswith(":") else ""

    @property
    def is_lengthy(self) -> bool:
        """Whether the intro is said once, and folded after the first question."""
        return len(self.intro) > FOLDED_FROM

    def question(self, item: str) -> Question | None:
        """One of the form, whether it is asked now or not."""
        return next((q for q in (*self.questions, *self.every) if q.item == item), None)

    @property
    def first_open(self) -> Question | None:
        return next((q for q in self.questions if q.chosen is None), None)

    @property
    def is_one_question(self) -> bool:
        """A single question with no "Send": the tap is the answer."""
        return len(self.every) == 1 and self.every[0].kind == "choices"

    @property
    def done(self) -> int:
        return sum(q.chosen is not None for q in self.questions)

    @property
    def begun(self) -> bool:
        return self.done > 0

    @property
    def answers(self) -> dict[str, Value | None]:
        return {q.item: q.chosen for q in self.every}

    def after(self, item: str, answers: Mapping[str, Value | None] | None = None) -> str | None:
        """The item asked after this one, once these answers are kept; None after the last."""
        made = instrument(self.instrument)
        known = {**self.answers, **(answers or {})}
        now = (*asked(made, known), *made.optional)
        order = [q.item for q in self.every]
        later = order[order.index(item) + 1 :] if item in order else order
        return next((each for each in later if each in now), None)

    def before(self, item: str) -> Question | None:
        earlier = [q for q in self.questions if q.number < (self.question(item) or self.questions[0]).number]
        return earlier[-1] if earlier else None


def form_of(
    scope: Scope, course: Course, name: str, point: str, language: str, at: Any, *, boxes: bool = False
) -> Form | None:
    """The form with what was tapped so far; None where there is no such form. Three queries.

    `course` must already be within the reader's Scope. `boxes`: where there are no words, numbers will do.
    """
    words = words_in(name, language)
    if words is None and not boxes:
        return None
    try:
        made = instrument(name)
    except UnknownInstrument:
        return None
    kept = _tapped(scope, course, name, point)
    every = _every(made, words, kept)
    now = (*asked(made, kept), *made.optional)
    return Form(
        course=course.id,
        instrument=name,
        point=point,
        title=words.title if words is not None else made.name,
        intro=words.intro if words is not None else "",
        notice=words.notice if words is not None else "",
        caution=words.licence.caution if words is not None else "",
        language=words.language if words is not None else "en",
        practice=course.organisation.name,
        readers=_readers(course, at),
        questions=tuple(_counted(q for q in every if q.item in now)),
        every=tuple(_counted(every)),
        has_words=words is not None,
    )


def _every(made: Instrument, words: Text | None, kept: Mapping[str, Value | None]) -> list[Question]:
    idle = _idle_words(made, words)
    return [
        replace(
            _question(made.questions[item], words, kept.get(item), idle.get(item, "")),
            behind=" ".join(",".join(gate.when) for gate in made.skips if item in gate.skip),
        )
        for item in (*made.items, *made.optional)
    ]


def _question(item: Item, words: Text | None, chosen: Value | None, left_out: str) -> Question:
    options = words.options[item.id] if words is not None else ()
    ends = words.ends.get(item.id, ("", "")) if words is not None else ("", "")
    scale = "line" if len(options) >= LINE_FROM else "scale"
    return Question(
        item=item.id,
        number=0,
        words=words.items[item.id] if words is not None else item.label or _("Item %(n)s") % {"n": item.id},
        choices=tuple(Choice(option.value, option.label) for option in options),
        chosen=chosen,
        kind="number" if words is None else scale if any(ends) or len(options) >= LINE_FROM else "choices",
        low=item.minimum,
        high=item.maximum,
        step=item.step,
        ends=ends,
        heading=words.headings.get(item.id, "") if words is not None else "",
        hint=words.hints.get(item.id, "") if words is not None else "",
        left_out=left_out,
        named=words is not None or bool(item.label),
    )


def _counted(questions: Iterable[Question]) -> Iterable[Question]:
    return (replace(question, number=n) for n, question in enumerate(questions, start=1))


def _idle_words(made: Instrument, words: Text | None) -> dict[str, str]:
    """For each item behind a gate: which answer leaves it out."""
    order = [*made.items, *made.optional]
    said: dict[str, str] = {}
    for gate in made.skips:
        zero = next((o.label for o in words.options[gate.when[0]] if o.value == 0), "0") if words else "0"
        named = " + ".join(str(order.index(item) + 1) for item in gate.when)
        for item in gate.skip:
            said.setdefault(
                item, _("Not asked where %(question)s is “%(answer)s”.") % {"question": named, "answer": zero}
            )
    return said


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


def form_now(link: PersonalLink, at: datetime | None = None) -> str | None:
    """The form that this link asks next; None when all it asks is answered. Three queries.

    What is asked at one point of the course comes by one link, and an answer may open another form. With the
    time given, what is short comes before a second long form.
    """
    return _following(link, at)[0]


def enough_today(link: PersonalLink, at: datetime) -> bool:
    """Whether what is left of this link had better wait until tomorrow: a long form after a long one."""
    return _following(link, at)[1]


def answered_by_longer(link: PersonalLink) -> bool:
    """Whether what this link asked first is needed no more: a longer form was answered since. One query."""
    closed = Ask.objects.filter(course=link.course, point=link.point, instrument=link.about)
    return closed.filter(held_for=LONGER, skipped_at__gte=link.made_at).exists()


def _following(link: PersonalLink, at: datetime | None) -> tuple[str | None, bool]:
    if link.course_id is None:
        return link.about, False
    answered = {
        response.instrument: response
        for response in Response.objects.filter(course_id=link.course_id, point=link.point).prefetch_related(
            "answers"
        )
        if response.instrument != link.about or response.recorded_at >= link.made_at
    }
    along = Ask.objects.filter(course_id=link.course_id, point=link.point).exclude(link=None)
    rows = list(along.values_list("instrument", "skipped_at", "held_for"))
    needless = {name for name, end, why in rows if end is not None and end >= link.made_at and why == LONGER}
    asked_along = [name for name, skipped_at, _why in rows if skipped_at is None]
    wanted = [name for name in dict.fromkeys([link.about, *asked_along]) if name not in needless]
    rules = rules_at(link.organisation_id, at or link.made_at)
    waiting = []
    for name in wanted:  # grows while it is read
        if name not in answered:
            waiting.append(name)
            continue
        given: dict[str, Value | None] = {each.item: each.value for each in answered[name].answers.all()}
        opened = opens(name, given, rules, sex=link.patient.sex)
        if opened is not None and opened not in wanted:
            wanted.append(opened)
    lately = [n for n, row in answered.items() if at is not None and row.recorded_at > at - REST]
    return next_of(waiting, lately, rules)


def words_in(name: str, language: str) -> Text | None:
    """The form's own words in this language, else in English; None where the library has neither."""
    try:
        return best_text(name, language)
    except UnknownInstrument:
        return None


def _tapped(scope: Scope, course: Course, name: str, point: str) -> Mapping[str, Value | None]:
    """What is kept of a form begun. Whoever may add to it sees what they added."""
    rows = Draft.objects.filter(course=course, instrument=name, point=point, response=None)
    draft = scoped(rows, scope, Act.ADD).first()
    return draft.answers if draft is not None else {}


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
