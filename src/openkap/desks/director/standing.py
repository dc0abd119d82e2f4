"""Licenses and certificates of the staff: what holds, what ends, and looking at each.

Decided here: whoever may see the staff sees the list; whoever may keep it writes down, corrects and looks.
Nobody is offered to look at their own.
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
from django.views.decorators.http import require_GET, require_http_methods

from openkap.desks.director.staff import may, must_keep
from openkap.door.enter import staff
from openkap.door.page import actor, attempt, find, now, organisation, scope, zone
from openkap.door.paper_forms import CredentialForm, LicenseForm, ReasonForm
from openkap.permits import Act
from openkap.reads.staff_standing import SHOWS, PersonStanding, person_standing, standing_shown
from openkap.records.facts.clock import staff_moment
from openkap.records.models import Credential, CredentialCheck, Person
from openkap.steps.standing import (
    correct_credential,
    look_at_credential,
    take_away_credential,
    take_back_look,
    write_credential,
)


class NarrowForm(forms.Form):
    """What to narrow the list to."""

    q = forms.CharField(label=gettext_lazy("Find"), required=False, max_length=80)
    show = forms.ChoiceField(label=gettext_lazy("How it stands"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.fields["show"].choices = [(key, _(says)) for key, says in SHOWS.items()]  # type: ignore[attr-defined]


@staff
@require_GET
def standing(request: HttpRequest) -> HttpResponse:
    """Everyone by what they hold: what stops someone first, then what ends soonest."""
    if not may(request):
        raise Http404
    form = NarrowForm(request.GET)
    said = form.cleaned_data if form.is_valid() else {}
    show, words = said.get("show", ""), said.get("q", "")
    shown = standing_shown(scope(request), organisation(request), now(), show=show, find=words)
    query = request.GET.copy()
    query["print"] = "1"
    context: dict[str, Any] = {
        "shown": shown,
        "form": form,
        "counts": [(key, _(SHOWS[key]), shown.counts[key]) for key in SHOWS if key],
        "show": show,
        "words": words,
        "narrowed": bool(show or words),
        "may": may(request, Act.ADD),
        "print_query": query.urlencode(),
    }
    if "print" in request.GET:
        context["sheet"] = {
            "organisation": organisation(request).name,
            "title": _("Licenses and certificates"),
            "person": actor(request).name,
            "lines": [_(SHOWS[show]), staff_moment(now(), zone(request))],
        }
        return render(request, "director/standing_paper.html", context)
    return render(request, "director/standing.html", context)


@staff
@require_http_methods(["GET", "POST"])
def person(request: HttpRequest, person: UUID) -> HttpResponse:
    """One person: what they hold, what is missing, everything that happened; and writing one down."""
    if request.method == "POST":
        must_keep(request)
    shown = _shown(request, person)
    form = CredentialForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _written(request, form, person):
        messages.success(request, _("Kept. A colleague looks at it next."))
        return redirect("lead-standing-person", person=person)
    context = {
        "shown": shown,
        "form": form,
        "may": may(request, Act.ADD),
        "own": actor(request).person == person,
    }
    return render(request, "director/standing_person.html", context, status=422 if form.errors else 200)


@staff
@require_http_methods(["GET", "POST"])
def look(request: HttpRequest, credential: UUID) -> HttpResponse:
    """Valid, or not: two buttons, and where it was looked up."""
    row, shown = _paper(request, credential)
    form = LicenseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        done = attempt(
            form,
            lambda: look_at_credential(
                by=actor(request),
                at=now(),
                credential=row,
                valid="valid" in request.POST,
                where=said["words"],
                submission=said["submission"],
            ),
        )
        if done:
            messages.success(request, _("Kept, with your name."))
            return redirect("lead-standing-person", person=row.person_id)
    context = {
        "shown": shown,
        "paper": next((p for p in shown.papers if p.id == row.pk), None),
        "form": form,
        "own": actor(request).person == row.person_id,
    }
    return render(request, "director/standing_look.html", context, status=422 if form.errors else 200)


@staff
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, credential: UUID) -> HttpResponse:
    """Another row in its place, or taking it away, with the reason."""
    row, shown = _paper(request, credential)
    away = "away" in request.POST
    sent = request.POST if request.method == "POST" else None
    form = CredentialForm(None if away else sent, corrects=row)
    gone = ReasonForm(sent if away else None, prefix="away")
    asked = gone if away else form
    if (
        request.method == "POST"
        and asked.is_valid()
        and attempt(asked, lambda: _replaced(request, row, asked))
    ):
        messages.success(request, _("Kept. What stood before stays on record."))
        return redirect("lead-standing-person", person=row.person_id)
    context = {
        "shown": shown,
        "paper": next((p for p in shown.papers if p.id == row.pk), None),
        "form": form,
        "gone": gone,
    }
    return render(request, "director/standing_correct.html", context, status=422 if asked.errors else 200)


@staff
@require_http_methods(["GET", "POST"])
def undo(request: HttpRequest, check: UUID) -> HttpResponse:
    """Take back a look that was a mistake."""
    must_keep(request)
    row = find(request, CredentialCheck.objects.select_related("credential__person"), check, Act.ADD)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        done = attempt(
            form,
            lambda: take_back_look(
                by=actor(request),
                at=now(),
                check=row,
                because=said["reason"],
                submission=said["submission"],
            ),
        )
        if done:
            messages.success(request, _("Taken back. Both stay on record."))
            return redirect("lead-standing-person", person=row.credential.person_id)
    shown = _shown(request, row.credential.person_id)
    context = {
        "shown": shown,
        "step": next((one for one in shown.history if one.check == row.pk), None),
        "form": form,
    }
    return render(request, "director/standing_undo.html", context, status=422 if form.errors else 200)


def _shown(request: HttpRequest, person: UUID) -> PersonStanding:
    if not may(request):
        raise Http404
    shown = person_standing(scope(request), organisation(request), person, now())
    if shown is None:
        raise Http404
    return shown


def _paper(request: HttpRequest, credential: UUID) -> tuple[Credential, PersonStanding]:
    """One that counts now, of someone who works here; 404 for anyone who does not keep the staff."""
    must_keep(request)
    row = find(request, Credential.objects.select_related("person"), credential, Act.ADD)
    return row, _shown(request, row.person_id)


def _written(request: HttpRequest, form: CredentialForm, person: UUID) -> bool:
    return bool(
        attempt(
            form,
            lambda: write_credential(
                by=actor(request),
                at=now(),
                organisation=organisation(request),
                person=Person.objects.get(pk=person),
                submission=form.cleaned_data["submission"],
                **form.paper,
            ),
        )
    )


def _replaced(request: HttpRequest, row: Credential, form: CredentialForm | ReasonForm) -> bool:
    said = form.cleaned_data
    common: dict[str, Any] = {
        "by": actor(request),
        "at": now(),
        "credential": row,
        "reason": said["reason"],
        "submission": said["submission"],
    }
    if isinstance(form, ReasonForm):
        return bool(attempt(form, lambda: take_away_credential(**common)))
    return bool(attempt(form, lambda: correct_credential(**common, **form.paper)))
