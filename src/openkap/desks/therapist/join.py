"""Accepting an invitation in about two minutes: the code, who one is, and a sign-in of one's own.

Decided here: before the code was right the page names the practice and nobody else. The mail's address
is the sign-in's name: whoever reads this has its mailbox. A second factor follows at once, as for all
staff; until it is set nothing of the patient is open (docs/adr/0025-invitations.md).
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.password_validation import validate_password
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from openkap.door.enter import anyone, is_staff, to_sign_in
from openkap.door.page import StepForm, actor, attempt, now, organisation
from openkap.door.who import wear
from openkap.permits import Role
from openkap.reads.invitations import Invited, invitation_of
from openkap.reads.patient_home import person_of
from openkap.records.models import Invitation, Person
from openkap.records.standing import standing_of
from openkap.steps import joining

PROVEN = "invited"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
TREATING = frozenset({Role.THERAPIST, Role.PRESCRIBER})


def _text(label: Any, missing: Any, **attrs: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=100,
        widget=forms.TextInput(attrs={"class": "input", **attrs}),
        error_messages={"required": missing},
    )


class CodeForm(forms.Form):
    code = _text(
        gettext_lazy("Code"),
        gettext_lazy("Type the six letters they gave you."),
        autocomplete="one-time-code",
        autocapitalize="characters",
        spellcheck="false",
    )


class NewcomerForm(StepForm):
    """Who one is, and a password. The names are those others will read."""

    given_name = _text(
        gettext_lazy("First name"), gettext_lazy("Write your first name."), autocomplete="given-name"
    )
    family_name = _text(
        gettext_lazy("Last name"), gettext_lazy("Write your last name."), autocomplete="family-name"
    )
    title = forms.CharField(
        label=gettext_lazy("Letters after your name, as in LCSW"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"class": "input"}),
    )
    practice = _text(
        gettext_lazy("Name of your practice"),
        gettext_lazy("Write the name of your practice. Your own name is fine."),
        autocomplete="organization",
    )
    license_state = _text(gettext_lazy("Licensed in"), gettext_lazy("Write the state of your license."))
    license_number = _text(gettext_lazy("License number"), gettext_lazy("Write your license number."))
    password = forms.CharField(
        label=gettext_lazy("Choose a password, 12 letters or more"),
        strip=False,
        widget=forms.PasswordInput(attrs={"class": "input", "autocomplete": "new-password"}),
        error_messages={"required": gettext_lazy("Choose a password.")},
    )

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        validate_password(password)
        return password


@anyone
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """One address for all of it: each press goes one step on. Opening it changes nothing."""
    row = joining.invited_with(token)
    if row is None or row.stands(now()) != "sent" or row.course.ended_at is not None:
        return _gone(request, row)
    if request.session.get(PROVEN) != str(row.pk):
        return _ask_code(request, row)
    if request.method == "POST" and "decline" in request.POST:
        return _decline(request, row)
    if request.method == "POST" and "sign-in" in request.POST:
        return HttpResponseRedirect(to_sign_in(request, "account_login").url + f"?next={request.path}")
    return _as_oneself(request, row) if is_staff(actor(request)) else _as_newcomer(request, row)


def _ask_code(request: HttpRequest, row: Invitation) -> HttpResponse:
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        by = joining.holder_of(row, where=actor(request).where)
        if joining.show_code(by=by, at=now(), invitation=row, code=form.cleaned_data["code"]):
            request.session[PROVEN] = str(row.pk)
            return HttpResponseRedirect(request.path)
        row.refresh_from_db()
        if row.stands(now()) != "sent":
            return _gone(request, row)
        form.add_error("code", _("This code does not fit. Ask them to read it to you again."))
    return _show(request, "practice/join_code.html", invitation_of(row, now()), form)


def _as_oneself(request: HttpRequest, row: Invitation) -> HttpResponse:
    """Someone with a sign-in accepts under the hat they wear."""
    by = actor(request)
    person, practice = person_of(by), organisation(request)
    treats = bool(standing_of(by, now()).roles & TREATING)
    form = StepForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and treats:
        done = attempt(
            form,
            lambda: joining.accept_invitation(
                by=joining.holder_of(row, where=by.where, person=person),
                at=now(),
                invitation=row,
                person=person,
                organisation=practice,
                submission=form.cleaned_data["submission"],
            ),
        )
        if done:
            return _joined(request, row, reverse("practice-people"))
    return _show(
        request,
        "practice/join.html",
        invitation_of(row, now()),
        form,
        patient=row.patient,
        me=person,
        practice=practice,
        treats=treats,
    )


def _as_newcomer(request: HttpRequest, row: Invitation) -> HttpResponse:
    form = NewcomerForm(request.POST if request.method == "POST" else None, initial=_names(row))
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        submission = given.pop("submission")
        given.pop("version")
        person = attempt(
            form,
            lambda: joining.accept_invitation(
                by=joining.holder_of(row, where=actor(request).where),
                at=now(),
                invitation=row,
                newcomer=joining.Newcomer(**given),
                submission=submission,
            ),
        )
        if isinstance(person, Person):
            return _signed_in(request, row, person)
    return _show(
        request,
        "practice/join.html",
        invitation_of(row, now()),
        form,
        patient=row.patient,
        me=None,
        treats=True,
    )


def _signed_in(request: HttpRequest, row: Invitation, person: Person) -> HttpResponse:
    """Signed in by the password just chosen, and on to the second factor."""
    login(request, person.user, backend=BACKEND)
    row.refresh_from_db(fields=["to_organisation"])
    wear(request, person, str(row.to_organisation_id), strong=False, at=now())
    messages.info(request, _("One thing more: a second way to show it is you. It opens the rest."))
    return _joined(request, row, reverse("mfa_index"))


def _joined(request: HttpRequest, row: Invitation, to: str) -> HttpResponse:
    request.session.pop(PROVEN, None)
    messages.success(request, _("You have joined %(name)s's course. Thank you.") % {"name": row.patient.name})
    return HttpResponseRedirect(to)


def _decline(request: HttpRequest, row: Invitation) -> HttpResponse:
    by = joining.holder_of(row, where=actor(request).where)
    joining.decline_invitation(by=by, at=now(), invitation=row)
    request.session.pop(PROVEN, None)
    row.refresh_from_db()
    return _gone(request, row, status=200)


def _gone(request: HttpRequest, row: Invitation | None, status: int = 410) -> HttpResponse:
    stands = row.stands(now()) if row is not None else "unknown"
    words = {"stands": stands, "practice": row.organisation if row is not None else None}
    return render(request, "practice/join_gone.html", words, status=404 if row is None else status)


def _show(
    request: HttpRequest, template: str, invited: Invited, form: forms.Form, **words: Any
) -> HttpResponse:
    words = {"invitation": invited, "form": form, **words}
    return render(request, template, words, status=422 if form.errors else 200)


def _names(row: Invitation) -> dict[str, str]:
    """The name the patient wrote, as a beginning."""
    parts = row.to_name.removeprefix("Dr ").split()
    return {"given_name": " ".join(parts[:-1]) or row.to_name, "family_name": parts[-1] if parts[1:] else ""}
