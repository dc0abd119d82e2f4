"""Asking one's own therapist in: an invitation by mail, what was asked for by the clinic, and taking it back.

Decided here: the code is shown to the patient, who tells it themselves; the page says so in one line.
What the clinic asked for can be given in part. No is one press and needs no reason.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from openkap.desks.patient.frame import my_course, needed_course, show, tell_opened
from openkap.desks.patient.sharing import WhatForm, in_months, not_changed
from openkap.door.enter import patient
from openkap.door.page import StepForm, actor, attempt, find, now
from openkap.permits import Act
from openkap.reads.invitations import invitation_of
from openkap.reads.sharing import SCOPE_WORDS
from openkap.records.models import Course, Invitation
from openkap.records.site import is_demonstration
from openkap.steps import invitations as steps
from openkap.steps.frame import Refused


class InviteForm(WhatForm):
    """Whom, by which address, and what they would see."""

    to_name = forms.CharField(
        label=gettext_lazy("Their name"),
        max_length=200,
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Write the name of your therapist.")},
    )
    to_email = forms.EmailField(
        label=gettext_lazy("Their mail address"),
        widget=forms.EmailInput(attrs={"class": "input", "autocomplete": "off"}),
        error_messages={
            "required": gettext_lazy("Write their mail address. The invitation goes there."),
            "invalid": gettext_lazy("This does not look like a mail address. An example: name@practice.com"),
        },
    )

    field_order = ("to_name", "to_email", "scopes", "purpose", "until", "from_start")


class ApproveForm(StepForm):
    """What the patient gives, of what was asked for."""

    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("What they would see"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one thing, or say no below.")},
    )

    def __init__(self, *args: Any, asked: list[str], **kwargs: Any) -> None:
        super().__init__(*args, initial={"scopes": asked}, **kwargs)
        self.fields["scopes"].choices = [  # type: ignore[attr-defined]
            (key, words[0]) for key, words in SCOPE_WORDS.items() if key in asked
        ]


@patient
@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    """Write down whom, and send it."""
    course = needed_course(request)
    form = InviteForm(request.POST or None, initial={"scopes": list(SCOPE_WORDS)[:2]})
    if request.method == "POST" and form.is_valid():
        sent = attempt(form, lambda: _invite(request, course, form.cleaned_data))
        if sent:
            return _sent(request, sent)
    tell_opened(request, course, "sharing")
    status = 422 if form.errors else 200
    return show(request, "patient/invite.html", course, form=form, status=status)


@patient
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, invitation: UUID) -> HttpResponse:
    """One invitation: its code while it waits, or the question the clinic asked."""
    row = find(request, _rows(), invitation)
    form = ApproveForm(request.POST or None, asked=list(row.scopes))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        done = attempt(
            form,
            lambda: steps.approve(
                by=actor(request),
                at=now(),
                invitation=row,
                scopes=given["scopes"],
                submission=given["submission"],
            ),
        )
        if done:
            return _sent(request, done)
    course = my_course(request)
    tell_opened(request, course, "sharing")
    return show(
        request,
        "patient/invitation.html",
        course,
        invitation=invitation_of(row, now()),
        form=form,
        status=422 if form.errors else 200,
    )


@patient
@require_POST
def end(request: HttpRequest, invitation: UUID) -> HttpResponse:
    """No, or not any more."""
    row = find(request, _rows(), invitation, Act.SHARE)
    try:
        steps.end_invitation(by=actor(request), at=now(), invitation=row)
    except Refused as refusal:
        return not_changed(request, refusal)
    messages.success(request, _("Taken back. Nothing was opened."))
    return HttpResponseRedirect(reverse("me-sharing"))


@patient
@require_POST
def again(request: HttpRequest, invitation: UUID) -> HttpResponse:
    """A new link to the same address."""
    row = find(request, _rows(), invitation, Act.SHARE)
    try:
        sent = steps.send_again(by=actor(request), at=now(), invitation=row)
    except Refused as refusal:
        return not_changed(request, refusal)
    return _sent(request, sent)


def _rows() -> Any:
    return Invitation.objects.select_related("organisation", "course", "to_organisation", "by_person")


def _invite(request: HttpRequest, course: Course, given: dict[str, Any]) -> tuple[Invitation, str]:
    return steps.invite(
        by=actor(request),
        at=now(),
        course=course,
        to_name=given["to_name"],
        to_email=given["to_email"],
        scopes=given["scopes"],
        purpose=given["purpose"],
        until=in_months(given["until"], course),
        from_start=given["from_start"],
        submission=given["submission"],
    )


def _sent(request: HttpRequest, sent: tuple[Invitation, str] | bool) -> HttpResponse:
    """To the invitation's own page. On a demonstration nothing is mailed, so its link is said here."""
    if isinstance(sent, bool):
        return HttpResponseRedirect(reverse("me-sharing"))
    row, token = sent
    if not token:
        messages.success(request, _("Shared. It can be seen from now on."))
        return HttpResponseRedirect(reverse("me-sharing"))
    messages.success(request, _("Sent to %(who)s.") % {"who": row.to_email})
    if is_demonstration():
        messages.info(
            request,
            _("A demonstration sends no mail. The link: %(link)s") % {"link": steps.join_address(token)},
        )
    return HttpResponseRedirect(reverse("me-invitation", args=[row.pk]))
