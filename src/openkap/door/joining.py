"""Coming to work here: the link of an invitation, the code, who one is; and coming back in with a new one.

Decided here: opening the link changes nothing, and before the code was right the page names the practice and
nobody else. Signed in by the password just chosen, one goes on to a second factor; until it is set nothing
else opens. The session's key changes with it, so that nobody who had it before comes in along.
"""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.utils import is_mfa_enabled
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

from openkap.door.adapter import SECOND_FACTORS
from openkap.door.enter import anyone, is_nobody, to_sign_in
from openkap.door.page import StepForm, actor, attempt, now
from openkap.door.who import empty, wear
from openkap.permits import Role
from openkap.reads.staff import role_words
from openkap.records.models import Person, StaffInvitation, User
from openkap.steps import staff_joining

PROVEN = "staff_invited"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        error_messages={"required": gettext_lazy("Type the six letters they told you.")},
    )


class PasswordForm(StepForm):
    password = forms.CharField(
        label=gettext_lazy("Choose a password, 12 letters or more"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": gettext_lazy("Choose a password.")},
    )

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        validate_password(password)
        return password


class ColleagueForm(PasswordForm):
    given_name = forms.CharField(
        label=gettext_lazy("First name"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
        error_messages={"required": gettext_lazy("Write your first name.")},
    )
    family_name = forms.CharField(
        label=gettext_lazy("Last name"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
        error_messages={"required": gettext_lazy("Write your last name.")},
    )
    title = forms.CharField(label=gettext_lazy("Title, as in Dr, RN or LCSW"), required=False, max_length=80)
    field_order = ("given_name", "family_name", "title", "password")


@anyone
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """One address for all of it: each press goes one step on."""
    row = staff_joining.invitation_with(token)
    if row is None or row.stands(now()) != "sent":
        return _gone(request, row)
    if request.session.get(PROVEN) != str(row.pk):
        return _ask_code(request, row)
    if row.person is not None:
        return _back_in(request, row)
    known = User.objects.filter(email=row.to_email).exists()
    return _as_oneself(request, row) if known else _as_newcomer(request, row)


def _ask_code(request: HttpRequest, row: StaffInvitation) -> HttpResponse:
    form = CodeForm(request.POST if request.method == "POST" else None, label_suffix="")
    if request.method == "POST" and form.is_valid():
        by = staff_joining.guest_of(row, where=actor(request).where)
        if staff_joining.show_staff_code(by=by, at=now(), invitation=row, code=form.cleaned_data["code"]):
            request.session[PROVEN] = str(row.pk)
            return HttpResponseRedirect(request.path)
        row.refresh_from_db()
        if row.stands(now()) != "sent":
            return _gone(request, row)
        form.add_error("code", _("This code does not fit. Ask them to read it to you again."))
    return _show(request, "door/staff_code.html", row, form)


def _as_newcomer(request: HttpRequest, row: StaffInvitation) -> HttpResponse:
    form = ColleagueForm(request.POST if request.method == "POST" else None, initial=_names(row))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        who = staff_joining.NewColleague(
            said["given_name"], said["family_name"], said["title"], said["password"]
        )
        done: Any = attempt(
            form,
            lambda: staff_joining.join_staff(
                by=staff_joining.guest_of(row, where=actor(request).where),
                at=now(),
                invitation=row,
                newcomer=who,
                submission=said["submission"],
            ),
        )
        if isinstance(done, Person):
            return _signed_in(request, row, done)
    return _show(request, "door/staff_join.html", row, form)


def _as_oneself(request: HttpRequest, row: StaffInvitation) -> HttpResponse:
    """Someone whose address has a sign-in on this site already: they sign in, and accept with it."""
    by = actor(request)
    user = request.user if isinstance(request.user, User) else None
    # Who works nowhere just now, and comes back, is signed in and wears no hat.
    without_hat = is_nobody(by) and user is not None
    if user is not None and not without_hat and not by.strong:
        return HttpResponseRedirect(reverse("mfa_index"))
    signed_in = user.person_id if user is not None and without_hat else by.person if by.strong else None
    person = Person.objects.filter(pk=signed_in).first() if signed_in is not None else None
    if person is None:
        return to_sign_in(request, "account_login")
    form = StepForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        done: Any = attempt(
            form,
            lambda: staff_joining.join_staff(
                by=staff_joining.guest_of(row, where=by.where, person=person),
                at=now(),
                invitation=row,
                person=person,
                submission=form.cleaned_data["submission"],
            ),
        )
        if done:
            request.session.pop(PROVEN, None)
            if without_hat:
                strong = is_mfa_enabled(user, SECOND_FACTORS)
                wear(request, person, str(row.organisation_id), strong=strong, at=now())
                return HttpResponseRedirect(reverse("start"))
            messages.success(request, _("You work here now. Choose as whom you act."))
            return HttpResponseRedirect(reverse("hat"))
    return _show(request, "door/staff_join.html", row, form, me=person)


def _back_in(request: HttpRequest, row: StaffInvitation) -> HttpResponse:
    form = PasswordForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        done: Any = attempt(
            form,
            lambda: staff_joining.come_back_in(
                by=staff_joining.guest_of(row, where=actor(request).where),
                at=now(),
                invitation=row,
                password=said["password"],
                submission=said["submission"],
            ),
        )
        if isinstance(done, Person):
            return _signed_in(request, row, done)
    return _show(request, "door/staff_join.html", row, form, back=True)


def _signed_in(request: HttpRequest, row: StaffInvitation, person: Person) -> HttpResponse:
    """Signed in by the password just chosen, in a session of its own, and on to the second factor."""
    empty(request)
    user = User.objects.get(person=person)
    login(request, user, backend=BACKEND)
    wear(request, person, str(row.organisation_id), strong=False, at=now())
    # The password was given just now: setting up the second factor does not ask for it once more.
    record_authentication(request, user, method="password")
    messages.info(request, _("One thing more: a second way to show it is you. It opens the rest."))
    return HttpResponseRedirect(reverse("mfa_index"))


def _gone(request: HttpRequest, row: StaffInvitation | None) -> HttpResponse:
    stands = row.stands(now()) if row is not None else "unknown"
    words = {"stands": stands, "practice": row.organisation if row is not None else None}
    return render(request, "door/staff_gone.html", words, status=404 if row is None else 410)


def _show(
    request: HttpRequest, template: str, row: StaffInvitation, form: forms.Form, **more: Any
) -> HttpResponse:
    words = {
        "invitation": row,
        "practice": row.organisation,
        "roles": role_words({Role(role) for role in row.roles}),
        "form": form,
        **more,
    }
    return render(request, template, words, status=422 if form.errors else 200)


def _names(row: StaffInvitation) -> dict[str, str]:
    """The name the practice wrote, as a beginning."""
    title, name = ("Dr", row.to_name[3:]) if row.to_name.startswith("Dr ") else ("", row.to_name)
    first, _space, last = name.rpartition(" ")
    return {"given_name": first or last, "family_name": last if first else "", "title": title}
