"""What views are made of: the clock, the actor, finding a row within Scope, doing a step.

Decided here: the clock enters the house in `now`, and nowhere else. A row that the Scope does not
hold is 404, never 403, and the try is told to the trail. A refused step keeps what was typed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest
from django.utils import timezone

from openkap.permits import Act, Actor, Scope
from openkap.records.compiled import Compiled
from openkap.records.ids import new_id
from openkap.records.models import Organisation
from openkap.records.scoped import scoped
from openkap.records.standing import scope_now
from openkap.steps.frame import AlreadyDone, NotPermitted, Refused
from openkap.steps.refusal import tell_missed

M = TypeVar("M", bound=Model)
T = TypeVar("T")
# Digits of a number that a page of ours could have sent; Python itself refuses to read thousands of them.
LONGEST_NUMBER = 10
NUMBER = re.compile(r"-?[0-9]{1,6}([.,][0-9]{1,4})?")


ORGANISATIONS: Compiled[Organisation] = Compiled(
    Organisation, lambda organisation: Organisation.objects.filter(pk=organisation)
)


def now() -> datetime:
    """This moment, in UTC."""
    return timezone.now()


def actor(request: HttpRequest) -> Actor:
    """Who acts, as set at the door (`door.who`)."""
    return request.actor  # type: ignore[attr-defined,no-any-return]


def scope(request: HttpRequest) -> Scope:
    """What this actor may reach, asked once a request."""
    if not hasattr(request, "_scope"):
        request._scope = scope_now(actor(request), now())  # type: ignore[attr-defined]
    return request._scope  # type: ignore[attr-defined,no-any-return]


def organisation(request: HttpRequest) -> Organisation:
    """The organisation whose hat the actor wears; 404 where there is none."""
    by = actor(request)
    if by.organisation is None:
        raise Http404
    if not hasattr(request, "_organisation"):
        (request._organisation,) = ORGANISATIONS(organisation=by.organisation)  # type: ignore[attr-defined]
    return request._organisation  # type: ignore[attr-defined,no-any-return]


def at_place(request: HttpRequest, practice: UUID) -> None:
    """Say which practice's page this is, where the actor wears no hat of one: a patient's."""
    request._place = practice  # type: ignore[attr-defined]


def place_of(request: HttpRequest) -> UUID | None:
    """The practice whose page this is: what was said (`at_place`), else the hat's; None for a stranger."""
    said: UUID | None = getattr(request, "_place", None)
    return said or (request.actor.organisation if hasattr(request, "actor") else None)


def zone(request: HttpRequest) -> ZoneInfo:
    return ZoneInfo(organisation(request).zone)


def find(request: HttpRequest, rows: QuerySet[M] | Compiled[M], pk: UUID | str, act: Act = Act.SEE) -> M:
    """The row, if it is within Scope for `act`; otherwise 404, and the trail knows who tried.

    A page that is opened all day gives a `Compiled` with one open value, `pk`.
    """
    if isinstance(rows, Compiled):
        found = next(iter(rows.within(scope(request), act, pk=pk)), None)
    else:
        found = scoped(rows, scope(request), act).filter(pk=pk).first()
    if found is None:
        tell_missed(by=actor(request), at=now(), model=rows.model, pk=str(pk))
        raise Http404
    return found


def whole(text: str) -> int | None:
    """The whole number that was sent, as a version or a tapped answer; None where it is no such number."""
    return int(text) if text.isdecimal() and len(text) < LONGEST_NUMBER else None


def number_sent(text: str) -> int | float | None:
    """The number that was sent, with a point or a comma; None where it is no such number."""
    found = NUMBER.fullmatch(text.strip())
    if found is None:
        return None
    value = float(text.strip().replace(",", "."))
    return int(value) if value == int(value) else value


class StepForm(forms.Form):
    """A form that is sent once however often it is sent, and remembers which version it was made from."""

    submission = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)


def attempt(form: forms.Form, work: Callable[[], T]) -> T | bool:
    """Do a step for a form. False where it was refused: the form then says why and keeps its words.
    Each error bears the name it was refused under as its code.

    The same submission sent again counts as done: True. So does a step that gives nothing, or an empty
    row of things, because all of it was so already.
    """
    try:
        done = work()
    except AlreadyDone:
        return True
    except NotPermitted:
        raise
    except Refused as refusal:
        for name, because in (refusal.each or {refusal.field: refusal.because}).items():
            said = forms.ValidationError(because, code=name or None)
            form.add_error(name if name in form.fields else None, said)
        return False
    return done or True
