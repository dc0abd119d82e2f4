"""What every step is made of: permission, one transaction, one event, and kind refusals.

Decided here: a step takes the actor `by` and the time `at`, asks permission in its first line, writes
inside one transaction, and tells the trail (docs/adr/0007-trail.md). A step called with a
`submission` (the id a form or tablet made) does its work once, however often it is sent. A refusal
rolls everything back and is itself told to the trail.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ParamSpec, Protocol, TypeVar
from uuid import UUID

from django.db import IntegrityError, connection, models, transaction
from django.utils.translation import gettext as _

from openkap.permits import Act, Actor, Kind, Need, No, Subject, Yes, decide
from openkap.records.base import Authored
from openkap.records.models import Event, Person
from openkap.records.standing import scope_now

P = ParamSpec("P")
R = TypeVar("R")


class Refused(Exception):
    """The step did nothing, and says why in a sentence for the person who asked.

    `field` names the form field at fault, where there is one; `hint` says what would change it. `each`
    holds the reasons apart, by field or item, where several stand at once.
    """

    def __init__(
        self, because: str, *, field: str = "", hint: str = "", each: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(because)
        self.because, self.field, self.hint, self.each = because, field, hint, dict(each or {})


class NotPermitted(Refused):
    """No reach covers it. Pages show a foreign patient's as not there at all: hence `subject`."""

    def __init__(self, because: str, subject: Subject | None = None) -> None:
        super().__init__(because)
        self.subject = subject


class Stale(Refused):
    """The page was made from an older version; someone came first. What was typed is kept."""


class AlreadyDone(Exception):
    """The same submission came again. Not an error: the first one counts."""

    def __init__(self, event: Event) -> None:
        super().__init__(f"already done: {event.verb}")
        self.event = event


class HasSubject(Protocol):
    def as_subject(self) -> Subject: ...


@dataclass(slots=True)
class _Call:
    """The outermost step under way in this thread of work."""

    by: Actor
    at: datetime
    verb: str
    submission: UUID | None
    asked: list[Subject] = field(default_factory=list)
    # The first event of the step carries the submission as its own id.
    told: bool = False


_call: ContextVar[_Call | None] = ContextVar("step", default=None)


def step(function: Callable[P, R]) -> Callable[P, R]:
    """Make a verb of a function taking keyword-only `by`, `at` and, if it likes, `submission`."""

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if _call.get() is not None:
            return function(*args, **kwargs)
        call = _Call(kwargs["by"], kwargs["at"], function.__name__, kwargs.get("submission"))  # type: ignore[arg-type]
        token = _call.set(call)
        try:
            return _once(call, lambda: function(*args, **kwargs))
        except Refused as refusal:
            _tell_refusal(call, refusal)
            raise
        finally:
            _call.reset(token)

    run.is_step = True  # type: ignore[attr-defined]
    return run


def _once(call: _Call, work: Callable[[], R]) -> R:
    """One transaction; the second of two same submissions finds the first, also when they race."""
    try:
        with transaction.atomic():
            _refuse_repeat(call)
            return work()
    except IntegrityError:
        _refuse_repeat(call)
        raise


def _refuse_repeat(call: _Call) -> None:
    if call.submission is None:
        return
    first = Event.objects.filter(id=call.submission).first()
    if first is None:
        return
    if first.by_person_id != call.by.person:
        raise Refused(_("This form was already sent by someone else. Open the page again and check."))
    raise AlreadyDone(first)


def must(by: Actor, kind: Kind, act: Act, about: HasSubject | Subject, *, at: datetime) -> Yes:
    """Ask permission, afresh from the records; raise NotPermitted with the reason."""
    subject = about if isinstance(about, Subject) else about.as_subject()
    if (call := _call.get()) is not None:
        call.asked.append(subject)
        if act is not Act.SEE:
            _take_turns(call, subject.patient)
    answer = decide(scope_now(by, at), Need(kind, act), subject)
    if isinstance(answer, No):
        raise NotPermitted(answer.because, subject)
    return answer


def must_see(
    by: Actor, wanted: Sequence[tuple[Kind, HasSubject]], *, at: datetime
) -> tuple[tuple[Subject, Yes], ...]:
    """Permission to look at several things at once, each decided by itself; NotPermitted for the first no."""
    scope, call = scope_now(by, at), _call.get()
    answered = []
    for kind, about in wanted:
        subject = about.as_subject()
        if call is not None:
            call.asked.append(subject)
        answer = decide(scope, Need(kind, Act.SEE), subject)
        if isinstance(answer, No):
            raise NotPermitted(answer.because, subject)
        answered.append((subject, answer))
    return tuple(answered)


def _take_turns(call: _Call, patient: UUID | None) -> None:
    """Steps that write about one patient go one after the other, from the permit to the commit.

    What a step looked for and did not find is then still not there when it writes. SQLite has one
    writer and needs nothing; elsewhere the patient's row is held, without stopping rows that point at it.
    """
    if patient is not None and connection.features.has_select_for_update:
        Person.objects.select_for_update(no_key=True).filter(pk=patient).values_list("pk").first()
        if not call.told:
            _refuse_repeat(call)  # the same form may have been the one that was waited for


def tell(
    by: Actor,
    verb: str,
    about: models.Model | None,
    *,
    at: datetime,
    organisation: UUID | None = None,
    patient: UUID | None = None,
    session: UUID | None = None,
    outcome: str = Event.Outcome.DONE,
) -> Event:
    """Record one event. What it is about fills in whose record, which patient, which session."""
    call = _call.get()
    own_id = {}
    if call is not None and call.submission is not None and not call.told:
        own_id, call.told = {"id": call.submission}, True
    return Event.objects.create(
        **own_id,
        **Authored.authored(by),
        at=at,
        verb=verb,
        outcome=outcome,
        organisation_id=organisation or _of(about, "organisation_id"),
        by_organisation_id=by.organisation,
        patient_id=patient or _of(about, "patient_id"),
        session=session
        or _of(about, "session_id")
        or (about.pk if about is not None and _named(about) == "session" else None),
        subject=f"{_named(about)} {about.pk}" if about is not None else "",
        where=by.where[:100],
    )


def expect(row: Any, version: int | None, *, words: str) -> None:
    """Refuse where the form was made from an older version of a changing row, else count it up.

    The row is read again under lock, so of two hands exactly one is first.
    """
    now = type(row).objects.select_for_update().only("version").get(pk=row.pk).version
    if version is not None and version != now:
        raise Stale(
            _("Someone changed this %(what)s since you opened it. Look at it again, then decide.")
            % {"what": words}
        )
    row.version = now + 1


def _of(about: models.Model | None, column: str) -> Any:
    return getattr(about, column, None)


def _named(about: models.Model | None) -> str:
    return about._meta.model_name or "" if about is not None else ""


def _tell_refusal(call: _Call, refusal: Refused) -> None:
    """A refusal is a fact too. It stands in a transaction of its own: the step's was rolled back."""
    subject = call.asked[-1] if call.asked else None
    call.told = True  # what was refused can be sent again: the submission is not used up
    with transaction.atomic():
        tell(
            call.by,
            f"{call.verb}.refused",
            None,
            at=call.at,
            organisation=subject.keeper if subject else None,
            patient=subject.patient if subject else None,
            session=subject.session if subject else None,
            outcome=Event.Outcome.REFUSED,
        )
