"""The practice's public page, written by its own people: looked at before it is published, and as it was.

Decided here: "Look at it" writes nothing and keeps every word. What is published stands there at once.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from openkap.door.enter import staff
from openkap.door.page import StepForm, actor, attempt, now, organisation, scope, zone
from openkap.permits import Act, Kind, Need
from openkap.reads.front import lines
from openkap.reads.front_page import page_of, states_of
from openkap.records.models import Organisation, PublicPage
from openkap.steps.front import WORDS, publish_page


def _lines(label: Any, name: str, rows: int, **more: Any) -> forms.CharField:
    area = forms.Textarea(attrs={"class": "input", "rows": str(rows)})
    return forms.CharField(label=label, max_length=WORDS[name], required=False, widget=area, **more)


class PageForm(StepForm):
    """What stands on the page."""

    slug = forms.CharField(label=gettext_lazy("Address"), max_length=60)
    words = _lines(
        gettext_lazy("A few sentences in your own words"),
        "words",
        4,
        help_text=gettext_lazy(
            "Who you are and how you work. Promise nothing: what is known stands beside it."
        ),
    )
    offers = _lines(gettext_lazy("What you offer"), "offers", 4, help_text=gettext_lazy("One thing a line."))
    hours = _lines(
        gettext_lazy("When you are open"),
        "hours",
        3,
        help_text=gettext_lazy("One line for each, as in: Monday to Thursday, 9 am to 5 pm."),
    )
    phone = forms.CharField(label=gettext_lazy("Telephone"), max_length=40, required=False)
    asks = forms.BooleanField(
        label=gettext_lazy("An evaluation can be asked for on this page"), required=False
    )
    crisis_number = forms.CharField(
        label=gettext_lazy("Another number for a crisis"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("Left empty, the number of your country stands there."),
    )
    crisis_words = forms.CharField(
        label=gettext_lazy("Words beside that number"), max_length=200, required=False
    )

    def __init__(self, *args: Any, has_address: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if has_address:
            del self.fields["slug"]


@staff
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """The form, the page as it would read, and each state it had."""
    if not scope(request).allowing(Need(Kind.PAGE)):
        raise Http404
    here = organisation(request)
    row = page_of(scope(request), here)
    form = PageForm(request.POST or None, has_address=row is not None, initial=_now(row, here))
    looking = "look" in request.POST
    sent = request.method == "POST" and not looking and form.is_valid()
    done: Any = sent and attempt(form, lambda: _publish(request, here, form))
    if done:
        messages.success(request, _("Published. It stands there now."))
        return redirect("desk-page")
    context = {
        "form": form,
        "page": row,
        "here": here,
        "looks": _looks(form) if looking and form.is_valid() else None,
        "states": states_of(scope(request), row, zone(request)),
        "may": bool(scope(request).allowing(Need(Kind.PAGE, Act.ADD))),
    }
    return render(request, "office/page.html", context, status=422 if form.errors else 200)


def _now(row: PublicPage | None, here: Organisation) -> dict[str, Any]:
    if row is None:
        return {"asks": True, "phone": here.phone}
    kept = {name: getattr(row, name) for name in (*WORDS, "asks", "version")}
    return {**kept, "phone": here.phone}


def _publish(request: HttpRequest, here: Organisation, form: PageForm) -> PublicPage:
    return publish_page(by=actor(request), at=now(), organisation=here, **form.cleaned_data)


def _looks(form: PageForm) -> dict[str, Any]:
    """What was typed, in the shape of a public page."""
    said = form.cleaned_data
    return {**said, "offers": lines(said["offers"]), "hours": lines(said["hours"])}
