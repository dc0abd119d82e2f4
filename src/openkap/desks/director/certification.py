"""The esketamine program: whether this setting is certified, since when, and who checked it on which day.

Decided here: everyone who may read the rules sees it; the medical director writes it down. Nothing is sent
from here: the practice certifies itself with the program, and keeps here what it was told.
"""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from openkap.door.enter import staff
from openkap.door.page import StepForm, actor, attempt, now, organisation, scope, zone
from openkap.permits import Act, Kind, Need, Subject, decide
from openkap.records.models import SiteCertification
from openkap.records.scoped import scoped
from openkap.steps.rems import certify_site

WHOLE_DATE = {"invalid": gettext_lazy("Write the date as 2026-11-21."), "required": gettext_lazy("Say when.")}


class CertificationForm(StepForm):
    """What the program told this setting, and the day it was looked at."""

    act = forms.ChoiceField(
        label=gettext_lazy("How it stands"),
        choices=(("certified", gettext_lazy("Certified")), ("ended", gettext_lazy("No longer certified"))),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one of the two.")},
    )
    certified_on = forms.DateField(
        label=gettext_lazy("Certified since"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages=WHOLE_DATE,
    )
    representative = forms.CharField(
        label=gettext_lazy("Authorized representative"),
        help_text=gettext_lazy("Who signed for this setting."),
        required=False,
        max_length=200,
    )
    number = forms.CharField(label=gettext_lazy("Number, if any"), required=False, max_length=60)
    checked_on = forms.DateField(
        label=gettext_lazy("Checked on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages=WHOLE_DATE,
    )
    words = forms.CharField(label=gettext_lazy("In a few words"), required=False, max_length=300)


@staff
@require_http_methods(["GET", "POST"])
def certification(request: HttpRequest) -> HttpResponse:
    """How it stands, how it came to that, and the form to write it down."""
    here = organisation(request)
    about = Subject(Kind.RULES, here.id)
    if not decide(scope(request), Need(Kind.RULES, Act.SEE), about):
        raise Http404
    may = bool(decide(scope(request), Need(Kind.RULES, Act.SIGN), about))
    form = CertificationForm(
        request.POST or None, initial={"checked_on": now().astimezone(zone(request)).date()}
    )
    if request.method == "POST" and not may:
        raise Http404
    if request.method == "POST" and form.is_valid() and _kept(request, form):
        messages.success(request, _("Kept, with your name."))
        return redirect("lead-certification")
    rows = list(
        scoped(SiteCertification.objects.filter(organisation=here), scope(request)).order_by("-at", "-id")
    )
    context = {"rows": rows, "now": rows[0] if rows else None, "form": form, "may": may}
    return render(request, "director/certification.html", context, status=422 if form.errors else 200)


def _kept(request: HttpRequest, form: CertificationForm) -> bool:
    said = form.cleaned_data
    return bool(
        attempt(
            form,
            lambda: certify_site(
                by=actor(request),
                at=now(),
                organisation=organisation(request),
                certified=said["act"] == "certified",
                checked_on=said["checked_on"],
                certified_on=said["certified_on"],
                representative=said["representative"],
                number=said["number"],
                words=said["words"],
                submission=said["submission"],
            ),
        )
    )
