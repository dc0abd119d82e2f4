"""What waits for me, and saying what came of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from openkap.door.enter import staff
from openkap.door.page import StepForm, actor, attempt, find, now, scope, zone
from openkap.permits import Act, Kind, Need, Subject, decide
from openkap.reads.work import work_of
from openkap.records.models import Task
from openkap.records.standing import standing_of
from openkap.steps.tasks import finish_task


class DoneForm(StepForm):
    outcome = forms.CharField(
        label=gettext_lazy("What came of it"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


@staff
def work(request: HttpRequest) -> HttpResponse:
    """Overdue first, then by time."""
    return _page(request)


def _page(
    request: HttpRequest, status: int = 200, refused: tuple[UUID, DoneForm] | None = None
) -> HttpResponse:
    by, at = actor(request), now()
    shown = work_of(scope(request), by, standing_of(by, at).roles, at, zone(request))
    may = bool(decide(scope(request), Need(Kind.TASKS, Act.ADD), Subject(Kind.TASKS, by.organisation)))
    rows = [(owed, _form(owed.id, refused)) for owed in shown.waiting]
    context = {"work": shown, "rows": rows, "may_finish": may, "refused": refused[1] if refused else None}
    return render(request, "work/work.html", context, status=status)


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
