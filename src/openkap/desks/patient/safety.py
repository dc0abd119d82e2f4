"""What helps when it gets hard: the patient's own words and the numbers, also without a connection.

Decided here: nobody else reads the words, as with the journal. A phone keeps a copy only when its owner says
so on that phone; signing out, or someone else signing in there, takes it away
(docs/adr/0032-spanish-and-the-phone.md).
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from openkap.desks.patient.frame import me, needed_course, show, tell_opened
from openkap.door.enter import patient
from openkap.door.kept import own_words
from openkap.door.page import StepForm, actor, attempt, now, scope
from openkap.reads.journal import safety_of
from openkap.steps.journal import LONGEST, write_entry


class SafetyForm(StepForm):
    words = forms.CharField(
        label=gettext_lazy("What helps me"),
        help_text=gettext_lazy("What calms you, where you can go, whom you call first, what you keep away."),
        strip=False,
        required=False,
        widget=forms.Textarea(attrs={"class": "input", "rows": 8, "maxlength": LONGEST}),
    )


@patient
@own_words
@require_http_methods(["GET", "POST"])
def safety(request: HttpRequest) -> HttpResponse:
    """Read them, and write them anew; what stood there before is kept."""
    course = needed_course(request)
    found = safety_of(scope(request), me(request).id)
    form = SafetyForm(request.POST or None, initial={"words": found.words if found else ""})
    if request.method == "POST" and form.is_valid() and _write(request, form):
        messages.success(request, _("Kept. Only you can read it."))
        return HttpResponseRedirect(reverse("me-safety"))
    tell_opened(request, course, "safety")
    context: dict[str, Any] = {"form": form, "found": found, "status": 422 if form.errors else 200}
    return show(request, "patient/safety.html", course, **context)


@patient
@require_GET
def pocket(request: HttpRequest) -> HttpResponse:
    """The words and the numbers alone, as a phone keeps them."""
    course = needed_course(request)
    tell_opened(request, course, "safety")
    return show(request, "patient/pocket.html", course, found=safety_of(scope(request), me(request).id))


def _write(request: HttpRequest, form: SafetyForm) -> object:
    said = form.cleaned_data
    return attempt(
        form,
        lambda: write_entry(
            by=actor(request),
            at=now(),
            course=needed_course(request),
            words=said["words"],
            is_safety=True,
            submission=said["submission"],
        ),
    )
