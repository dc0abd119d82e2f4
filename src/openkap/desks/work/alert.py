"""One alert on its own page: what raised it, whom to call, what was tried, and the outcome that closes it.

Decided here: everything about an alert is done from this page; on the list it has one link. The safety path's
own tasks (screener, plan, call, review) are closed here as well, where what they ask for was not done.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from openkap.desks.work.person import person_page
from openkap.door.enter import staff
from openkap.door.opening import tell_opening
from openkap.door.page import StepForm, actor, attempt, find, now, scope, zone
from openkap.medicine.course.alerts import has_outcomes
from openkap.permits import Act, Kind, Need, decide
from openkap.reads.alert import AlertShown, alert_of
from openkap.reads.header import header_of
from openkap.records.models import PatientFile, Task
from openkap.records.scoped import scoped
from openkap.records.standing import standing_of
from openkap.steps.closing import LONGEST, close_alert, note_try

ROWS = Task.objects.select_related("patient", "owner", "done_by", "course__organisation", "organisation")


class OutcomeForm(StepForm):
    """What came of it, from the list, and words beside it."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("What came of it"), required=False, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=gettext_lazy("In a few words"),
        help_text=gettext_lazy("Needed after three dots."),
        required=False,
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, shown: AlertShown, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(one.key, f"{one.words} …" if one.asks_words else one.words) for one in shown.outcomes]
        self.fields["outcome"].choices = choices  # type: ignore[attr-defined]


class TryForm(StepForm):
    """A try that closes nothing."""

    tried = forms.ChoiceField(label=gettext_lazy("What was tried"), required=False)
    words = forms.CharField(
        label=gettext_lazy("In a few words"),
        required=False,
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, shown: AlertShown, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tried"].choices = [("", _("Choose")), *shown.tries]  # type: ignore[attr-defined]


@staff
@require_GET
def alert(request: HttpRequest, task: UUID) -> HttpResponse:
    """The page. A task without a list of outcomes has none, and leads back to the list."""
    row = find(request, ROWS, task)
    if not has_outcomes(row.what, row.level):
        return redirect("care-work")
    return _page(request, row)


@staff
@require_POST
def close(request: HttpRequest, task: UUID) -> HttpResponse:
    """The outcome, and with it the end of this alert."""
    row = _row(request, task)
    form = OutcomeForm(request.POST, shown=_shown(request, row), auto_id="o_%s")
    done: Any = form.is_valid() and attempt(
        form,
        lambda: close_alert(
            by=actor(request),
            at=now(),
            task=row,
            outcome=form.cleaned_data["outcome"],
            words=form.cleaned_data["words"],
            submission=form.cleaned_data["submission"],
        ),
    )
    if done:
        messages.success(request, _("Closed: %(what)s") % {"what": row.text})
        return redirect("care-work")
    return _page(request, find(request, ROWS, task), 422, outcome=form)


@staff
@require_POST
def tried(request: HttpRequest, task: UUID) -> HttpResponse:
    """A try; the alert stays open."""
    row = _row(request, task)
    form = TryForm(request.POST, shown=_shown(request, row), auto_id="t_%s")
    done: Any = form.is_valid() and attempt(
        form,
        lambda: note_try(
            by=actor(request),
            at=now(),
            task=row,
            tried=form.cleaned_data["tried"],
            words=form.cleaned_data["words"],
            submission=form.cleaned_data["submission"],
        ),
    )
    if done:
        messages.success(request, _("Written down. It stays open until you say what came of it."))
        return redirect("care-alert", task=row.id)
    return _page(request, find(request, ROWS, task), 422, tries=form)


def _row(request: HttpRequest, task: UUID) -> Task:
    row = find(request, ROWS, task)
    if not has_outcomes(row.what, row.level):
        raise Http404
    return row


def _shown(request: HttpRequest, row: Task) -> AlertShown:
    by, at = actor(request), now()
    return alert_of(scope(request), by, standing_of(by, at).roles, row, at, zone(request))


def _page(request: HttpRequest, row: Task, status: int = 200, **forms: Any) -> HttpResponse:
    shown = _shown(request, row)
    files = PatientFile.objects.select_related("patient", "organisation").filter(
        patient_id=row.patient_id, organisation_id=row.organisation_id
    )
    file = scoped(files, scope(request)).first()
    if file is not None:
        tell_opening(request, row, "alert", Kind.TASKS)
    may = bool(decide(scope(request), Need(Kind.TASKS, Act.ADD), row.as_subject())) and shown.owed.can
    context = {
        "alert": shown,
        "file": file,
        "header": header_of(scope(request), file, now(), zone(request)) if file is not None else None,
        "person_page": person_page(standing_of(actor(request), now()).roles),
        "may": may and shown.open,
        "outcome": OutcomeForm(shown=shown, auto_id="o_%s"),
        "tries": TryForm(shown=shown, auto_id="t_%s"),
        **forms,
    }
    return render(request, "work/alert.html", context, status=status)
