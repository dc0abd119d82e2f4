"""Who sees what: switches that act at once, sharing with someone new, and stopping.

Decided here: stopping asks nothing and can be undone; a change acts at once and says so. What was
chosen stays on the page when a step says no.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from openkap.desks.patient.frame import me, my_course, needed_course, show, tell_opened, zone_of
from openkap.door.enter import patient
from openkap.door.page import StepForm, actor, attempt, find, now, scope
from openkap.door.times import on_day
from openkap.permits import Act
from openkap.reads.invitations import invitations_of
from openkap.reads.sharing import SCOPE_WORDS, Receiver, Shared, receivers, sharing_of
from openkap.records.models import Course, Grant, Organisation, Person
from openkap.steps import sharing as steps
from openkap.steps.frame import Refused


class WhatForm(StepForm):
    """What is shared, for what, from when, until when."""

    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("What they see"),
        widget=forms.CheckboxSelectMultiple,
        choices=[(key, words[0]) for key, words in SCOPE_WORDS.items()],
        error_messages={"required": gettext_lazy("Choose at least one thing to share.")},
    )
    purpose = forms.CharField(
        label=gettext_lazy("What for"),
        max_length=200,
        required=False,
        initial=gettext_lazy("To plan therapy around my doses"),
        widget=forms.TextInput(attrs={"class": "input"}),
    )
    until = forms.TypedChoiceField(
        label=gettext_lazy("For how long"),
        coerce=int,
        initial=6,
        widget=forms.RadioSelect,
        choices=[
            (3, gettext_lazy("3 months")),
            (6, gettext_lazy("6 months")),
            (12, gettext_lazy("1 year")),
        ],
    )
    from_start = forms.TypedChoiceField(
        label=gettext_lazy("From when"),
        coerce=lambda value: value == "start",
        initial="start",
        widget=forms.RadioSelect,
        choices=[
            ("start", gettext_lazy("Everything since the course began")),
            ("now", gettext_lazy("Only what is written from now on")),
        ],
    )


class ShareForm(WhatForm):
    """And with whom, of those who are on this site."""

    to = forms.ChoiceField(
        label=gettext_lazy("Who may see it"),
        widget=forms.Select(attrs={"class": "input"}),
        error_messages={"required": gettext_lazy("Choose who may see it.")},
    )

    def __init__(self, *args: Any, choices: tuple[Receiver, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        practices: dict[str, list[tuple[str, str]]] = {}
        for receiver in choices:
            practices.setdefault(receiver.practice, []).append((receiver.key, receiver.name))
        self.fields["to"].choices = [("", _("Choose")), *practices.items()]  # type: ignore[attr-defined]


@patient
@require_GET
def sharing(request: HttpRequest) -> HttpResponse:
    course = my_course(request)
    tell_opened(request, course, "sharing")
    found = sharing_of(scope(request), me(request).id, now(), zone_of(course))
    cards = [_card(shared) for shared in found.now]
    return show(
        request,
        "patient/sharing.html",
        course,
        cards=cards,
        stopped=found.stopped,
        invitations=invitations_of(scope(request), me(request).id, now()),
        can=course is not None,
    )


@patient
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Share with someone, or change for how long with someone who sees already."""
    course = needed_course(request)
    choices = receivers(now(), but=[course.organisation_id], patient=course.patient_id)
    form = ShareForm(request.POST or None, choices=choices, initial=_begin(request, course))
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: _grant(request, course, form.cleaned_data))
        if made:
            messages.success(request, _("Shared. It can be seen from now on."))
            return HttpResponseRedirect(reverse("me-sharing"))
    tell_opened(request, course, "sharing")
    return show(
        request,
        "patient/share_new.html",
        course,
        form=form,
        nobody=not choices,
        status=422 if form.errors else 200,
    )


@patient
@require_POST
def change(request: HttpRequest, grant: UUID) -> HttpResponse:
    """The switches. They act at once, with or without scripts."""
    row = find(request, Grant.objects.select_related("organisation", "patient"), grant, Act.SHARE)
    try:
        left = steps.change_scopes(
            by=actor(request), at=now(), grant=row, scopes=request.POST.getlist("shared")
        )
    except Refused as refusal:
        return not_changed(request, refusal)
    if left is None:
        messages.success(request, _("Nothing is shared any more."))
    elif "X-Requested-With" not in request.headers:
        messages.success(request, _("Changed. It counts from now."))
    return HttpResponseRedirect(reverse("me-sharing"))


@patient
@require_POST
def stop(request: HttpRequest, grant: UUID) -> HttpResponse:
    row = find(request, Grant.objects.all(), grant, Act.SHARE)
    ended = steps.revoke(by=actor(request), at=now(), grant=row)
    undo = reverse("me-sharing-again", args=[ended.id])
    messages.success(request, _("Stopped. Nobody there sees more from now on."), extra_tags=f"undo={undo}")
    return HttpResponseRedirect(reverse("me-sharing"))


@patient
@require_POST
def again(request: HttpRequest, grant: UUID) -> HttpResponse:
    """Undo a stop: the same person, the same things, the same end."""
    rows = Grant.objects.select_related("to_organisation", "to_person")
    row = find(request, rows, grant, Act.SHARE)
    try:
        steps.grant(
            by=actor(request),
            at=now(),
            course=_course_of(request, row),
            to_organisation=row.to_organisation,
            to_person=row.to_person,
            scopes=row.scopes,
            purpose=row.purpose,
            until=row.until,
            from_start=row.from_start,
        )
    except Refused as refusal:
        return not_changed(request, refusal)
    messages.success(request, _("Shared again, as before."))
    return HttpResponseRedirect(reverse("me-sharing"))


def _course_of(request: HttpRequest, row: Grant) -> Course:
    """A course at the practice whose record it was: undoing never shares another practice's."""
    mine = Course.objects.filter(patient_id=row.patient_id, organisation_id=row.organisation_id)
    newest = mine.order_by("-opened_at").first()
    if newest is None:
        raise Http404
    return find(request, mine.select_related("organisation", "patient"), newest.pk)


def _grant(request: HttpRequest, course: Course, given: dict[str, Any]) -> Grant:
    practice, _colon, person = given["to"].partition(":")
    return steps.grant(
        by=actor(request),
        at=now(),
        course=course,
        to_organisation=Organisation.objects.get(id=practice),
        to_person=Person.objects.get(id=person) if person else None,
        scopes=given["scopes"],
        purpose=given["purpose"],
        until=in_months(given["until"], course),
        from_start=given["from_start"],
        submission=given["submission"],
    )


def in_months(months: int, course: Course) -> datetime:
    """The end of the day so many months from now, where the practice is."""
    zone = zone_of(course)
    today = now().astimezone(zone).date()
    month = today.month - 1 + months
    first = today.replace(year=today.year + month // 12, month=month % 12 + 1, day=1)
    day = min(today.day, 28)
    return on_day(first.replace(day=day), zone)[1]


def _begin(request: HttpRequest, course: Course) -> dict[str, Any]:
    """With whoever was asked for chosen; where they see already, with what they see."""
    wanted = request.GET.get("to", "")
    if request.method != "GET" or not wanted:
        return {"scopes": list(SCOPE_WORDS)[:2]}
    standing = sharing_of(scope(request), me(request).id, now(), zone_of(course)).now
    shared = next((one for one in standing if one.to == wanted), None)
    if shared is None:
        return {"to": wanted, "scopes": list(SCOPE_WORDS)[:2]}
    return {
        "to": wanted,
        "scopes": [row.key for row in shared.rows if row.on],
        "purpose": shared.purpose,
        "from_start": "start" if shared.from_start else "now",
    }


def _card(shared: Shared) -> dict[str, Any]:
    """The sharing card's own names."""
    return {
        "id": shared.id,
        "person": shared.person,
        "practice": shared.practice,
        "purpose": shared.purpose,
        "until": shared.until,
        "change_url": f"{reverse('me-sharing-new')}?to={shared.to}",
        "rows": shared.rows,
        "notes": [
            {
                "icon": "lock",
                "words": _("Notes that %(who)s writes stay with %(who)s. Your clinic cannot open them.")
                % {"who": shared.person},
            }
        ],
        "looked": shared.looked,
        "looked_total": shared.looked_total,
        "log_url": reverse("me-looked") if shared.looked_total > len(shared.looked) else "",
        "from_now": not shared.from_start,
    }


def not_changed(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """The page as it stands, with the reason on top; a script reads the reason from a header."""
    course = my_course(request)
    found = sharing_of(scope(request), me(request).id, now(), zone_of(course))
    response = show(
        request,
        "patient/sharing.html",
        course,
        cards=[_card(shared) for shared in found.now],
        stopped=found.stopped,
        invitations=invitations_of(scope(request), me(request).id, now()),
        can=True,
        error=refusal.because,
        status=422,
    )
    response.headers["X-OpenKAP-Says"] = quote(refusal.because)
    return response
