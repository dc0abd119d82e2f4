"""Signs of misuse: write one down, and say what was decided on it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from openkap.desks.clinic.patient_page import may_clinical, show, the_course
from openkap.door.enter import staff
from openkap.door.page import StepForm, actor, attempt, find, now, scope, zone
from openkap.medicine.course.next_dose import misuse_flags
from openkap.medicine.rules import library
from openkap.medicine.sources import resolve
from openkap.permits import Act, Kind
from openkap.reads.harm import sign_words, signs_of
from openkap.records.facts.clock import moment
from openkap.records.models import Course, MisuseSign, PatientFile
from openkap.records.scoped import scoped
from openkap.steps.misuse import note_misuse, settle_misuse

RULE = "C-MISUSE"
ELSE = "else"


class SignForm(StepForm):
    sign = forms.ChoiceField(
        label=gettext_lazy("What was seen"), required=False, widget=forms.RadioSelect(attrs={"class": "tap"})
    )
    words = forms.CharField(
        label=gettext_lazy("In words"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"class": "input", "rows": "3"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(flag, words[:1].upper() + words[1:]) for flag, words in misuse_flags().items()]
        # A value of its own: a blank one would stand chosen before anybody chose.
        self.fields["sign"].choices = [*named, (ELSE, _("Something else"))]  # type: ignore[attr-defined]

    def clean_sign(self) -> str:
        said: str = self.cleaned_data["sign"]
        return "" if said == ELSE else said


class SettleForm(StepForm):
    decided = forms.CharField(label=gettext_lazy("What was decided"), required=False, max_length=500)


@staff
@require_http_methods(["GET", "POST"])
def misuse(request: HttpRequest, course: UUID) -> HttpResponse:
    """What stands and what was settled; a form for another."""
    row = the_course(request, course)
    form = SignForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        kept: Any = attempt(
            form,
            lambda: note_misuse(
                by=actor(request), at=now(), course=row, sign=said["sign"], words=said["words"],
                submission=said["submission"],
            ),
        )  # fmt: skip
        if kept:
            messages.success(request, _("Written down. The next dose waits until someone decides on it."))
            return redirect("care-misuse", course=row.id)
    return _page(request, row, form)


@staff
@require_POST
def settle(request: HttpRequest, sign: UUID) -> HttpResponse:
    """Say what was decided on one sign."""
    # Also one that is settled by now: what is sent twice is answered by the step.
    rows = MisuseSign.objects.filter(withdrawn=False).select_related("course")
    row = find(request, rows, sign, Act.CORRECT)
    form = SettleForm(request.POST)
    done: Any = form.is_valid() and attempt(
        form,
        lambda: settle_misuse(
            by=actor(request), at=now(), sign=row, decided=form.cleaned_data["decided"],
            submission=form.cleaned_data["submission"],
        ),
    )  # fmt: skip
    if done:
        messages.success(request, _("Kept. It holds nothing back any more."))
        return redirect("care-misuse", course=row.course_id)
    return _page(request, the_course(request, row.course_id), SignForm(), settling=(row, form))


def _page(
    request: HttpRequest, row: Course, form: SignForm, settling: tuple[MisuseSign, SettleForm] | None = None
) -> HttpResponse:
    files = PatientFile.objects.filter(patient_id=row.patient_id, organisation_id=row.organisation_id)
    file = scoped(files.select_related("patient", "organisation"), scope(request)).first()
    may = may_clinical(request, file) if file is not None else {}
    if file is None or (not may["note"] and not may["correct"]):
        raise Http404
    stands, settled = signs_of(scope(request), row)
    rule, where, back = library().rule(RULE), zone(request), settling[1] if settling else None
    if settling and settling[0] not in stands:  # settled meanwhile: what was typed stands beside why
        stands = (settling[0], *stands)
    return show(
        request,
        "clinic/misuse.html",
        row,
        page="misuse",
        kind=Kind.CLINICAL,
        status=422 if form.errors or back else 200,
        course=row,
        form=form,
        may=may,
        stands=[
            _line(sign, where) | {"form": back if settling and settling[0] == sign else SettleForm()}
            for sign in stands
        ],
        settled=[_line(sign, where) for sign in settled],
        rule=rule,
        sources=[resolve(key) for key in rule.sources],
    )


def _line(sign: MisuseSign, where: Any) -> dict[str, Any]:
    return {"row": sign, "words": sign_words(sign), "when": moment(sign.at, where)}
