"""What waits for me, and saying what came of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from django.views.decorators.http import require_POST

from openkap.desks.work.person import person_page
from openkap.door.enter import staff
from openkap.door.page import StepForm, actor, attempt, find, now, organisation, scope, zone
from openkap.permits import Act, Kind, Need, Subject, decide
from openkap.reads.before_care import nobody_treated_yet
from openkap.reads.staff_standing import own_ended
from openkap.reads.unanswered import Unanswered, unanswered_of
from openkap.reads.work import ALL, LATE, MINE, ROLE, WHOSE, Owed, Together, work_of
from openkap.records.facts.clock import moment
from openkap.records.models import Person, Task
from openkap.records.standing import standing_of
from openkap.steps.tasks import finish_task, hand_over_task, take_task

LISTS = {
    MINE: gettext_noop("Mine"),
    ROLE: gettext_noop("All for my role"),
    LATE: gettext_noop("Overdue"),
    ALL: gettext_noop("Everyone's"),
}


class DoneForm(StepForm):
    outcome = forms.CharField(
        label=gettext_lazy("What came of it"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class HandOverForm(StepForm):
    to = forms.ModelChoiceField(label=gettext_lazy("To"), queryset=Person.objects.all(), required=True)


@staff
def work(request: HttpRequest) -> HttpResponse:
    """Overdue first, then by time: mine, my role's, what is late, or all of the practice."""
    if "print" in request.GET:
        return _paper(request)
    return _page(request)


def _paper(request: HttpRequest) -> HttpResponse:
    """The list on paper, with room to write."""
    by, at = actor(request), now()
    shown = work_of(scope(request), by, standing_of(by, at).roles, at, zone(request), _whose(request))
    sheet = {
        "organisation": organisation(request).name,
        "title": _("My work"),
        "person": by.name,
        "lines": [by.name, moment(at, zone(request))],
    }
    return render(request, "work/paper.html", {"work": shown, "sheet": sheet})


def _whose(request: HttpRequest) -> str:
    asked = request.GET.get("whose", MINE)
    return asked if asked in WHOSE else MINE


def _page(
    request: HttpRequest, status: int = 200, refused: tuple[UUID, DoneForm] | None = None
) -> HttpResponse:
    by, at = actor(request), now()
    roles = standing_of(by, at).roles
    shown = work_of(scope(request), by, roles, at, zone(request), _whose(request))
    may = bool(decide(scope(request), Need(Kind.TASKS, Act.ADD), Subject(Kind.TASKS, by.organisation)))
    rows = [_line(line, refused) for line in shown.lines]
    context = {
        "work": shown,
        "rows": rows,
        "person_page": person_page(roles),
        "may_finish": may,
        "refused": refused[1] if refused else None,
        "lists": [(name, _(LISTS[name]), shown.counts[name]) for name in WHOSE],
        "unanswered": _unanswered(request),
        "ended": _ended(request),
        "begins": _begins(request),
    }
    return render(request, "work/work.html", context, status=status)


def _begins(request: HttpRequest) -> bool:
    """Whether the way to the list before care is shown: to who keeps the staff, while nobody is treated."""
    place = actor(request).organisation
    keeps = decide(scope(request), Need(Kind.STAFF, Act.ADD), Subject(Kind.STAFF, place))
    return bool(keeps) and nobody_treated_yet(place)


def _ended(request: HttpRequest) -> tuple[tuple[str, str], ...]:
    """What of my own licenses and certificates has ended, and what that holds."""
    by = actor(request)
    if by.person is None or by.organisation is None:
        return ()
    return own_ended(by.organisation, by.person, now(), zone(request))


def _unanswered(request: HttpRequest) -> tuple[Unanswered, ...]:
    """Forms that were not answered in time, for whoever may ask for them."""
    place = actor(request).organisation
    may = decide(scope(request), Need(Kind.MEASURES, Act.SEND), Subject(Kind.MEASURES, place))
    return unanswered_of(scope(request), now()) if may else ()


def _line(
    line: Owed | Together, refused: tuple[UUID, DoneForm] | None
) -> tuple[Together | None, list[tuple[Owed, DoneForm]]]:
    """A line of the list: what stands together, if it does, and each task with its form."""
    if isinstance(line, Together):
        return line, [(owed, _form(owed.id, refused)) for owed in line.each]
    return None, [(line, _form(line.id, refused))]


def _form(task: UUID, refused: tuple[UUID, DoneForm] | None) -> DoneForm:
    if refused is not None and refused[0] == task:
        return refused[1]
    return DoneForm(auto_id=f"t{task.hex}_%s")


@staff
@require_POST
def done(request: HttpRequest, task: UUID) -> HttpResponse:
    """Close a task with what came of it."""
    row = find(request, Task.objects.all(), task)
    form = DoneForm(request.POST, auto_id=f"t{task.hex}_%s")
    finished: Any = form.is_valid() and attempt(
        form,
        lambda: finish_task(
            by=actor(request),
            at=now(),
            task=row,
            outcome=form.cleaned_data["outcome"],
            submission=form.cleaned_data["submission"],
        ),
    )
    if finished:
        messages.success(request, _("Done: %(what)s") % {"what": row.text})
        return redirect("care-work")
    return _page(request, 422, (task, form))


@staff
@require_POST
def take(request: HttpRequest, task: UUID) -> HttpResponse:
    """I do this."""
    row = find(request, Task.objects.all(), task)
    form = StepForm(request.POST)
    if _did(
        request,
        form,
        lambda: take_task(by=actor(request), at=now(), task=row, submission=form.cleaned_data["submission"]),
    ):
        messages.success(request, _("It is yours now."))
    return redirect("care-work")


@staff
@require_POST
def hand_over(request: HttpRequest, task: UUID) -> HttpResponse:
    """A colleague does this from now on."""
    row = find(request, Task.objects.all(), task)
    form = HandOverForm(request.POST)
    if _did(
        request,
        form,
        lambda: hand_over_task(
            by=actor(request),
            at=now(),
            task=row,
            to=form.cleaned_data["to"],
            submission=form.cleaned_data["submission"],
        ),
    ):
        messages.success(request, _("Handed over to %(who)s.") % {"who": form.cleaned_data["to"].name})
    return redirect("care-work")


def _did(request: HttpRequest, form: StepForm, work: Callable[[], Any]) -> bool:
    """Whether it was done; where not, the list says why."""
    if form.is_valid() and attempt(form, work):
        return True
    messages.error(request, " ".join(str(each) for errors in form.errors.values() for each in errors))
    return False
