"""My devices and sign-ins: where one is signed in, ending one or all, and the password.

Decided here: everyone sees their own and nobody else's, patients in their own simple words. Signing out
everywhere also forgets every known phone and computer. A changed password ends every other sign-in. Failed
tries of the old password count as they do at sign-in (docs/adr/0030-a-real-site.md).
"""

from __future__ import annotations

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from allauth.mfa.models import Authenticator
from axes.handlers.proxy import AxesProxyHandler
from django import forms
from django.contrib import messages
from django.contrib.auth import SESSION_KEY, authenticate, update_session_auth_hash
from django.contrib.auth.password_validation import validate_password
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from openkap.door.context import acting
from openkap.door.enter import anyone, is_nobody, is_staff, to_sign_in
from openkap.door.look import LOOKS
from openkap.door.page import actor, now
from openkap.door.trouble import locked_out
from openkap.door.who import SIGN_IN, empty
from openkap.reads.patient_home import practice_of
from openkap.reads.sign_ins import sign_ins_of
from openkap.records.models import Organisation, Person, SignIn, User
from openkap.steps.password import change_password
from openkap.steps.sign_ins import end_sign_in, sign_out_everywhere


class PasswordForm(forms.Form):
    old = forms.CharField(
        label=gettext_lazy("Your password now"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=gettext_lazy("The new one, 12 letters or more"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_new(self) -> str:
        password = str(self.cleaned_data["new"])
        validate_password(password)
        return password


def _mine(request: HttpRequest) -> UUID | None:
    """Whose page this is; None for nobody, a link's holder or a tablet."""
    by = actor(request)
    return None if is_nobody(by) or by.bound is not None else by.person


def _here(request: HttpRequest) -> UUID | None:
    known = request.session.get(SIGN_IN)
    return UUID(known) if known else None


@anyone
@require_GET
def account(request: HttpRequest) -> HttpResponse:
    """Where I am signed in, and how I sign in."""
    mine = _mine(request)
    if mine is None:
        return to_sign_in(request, "account_login")
    by = actor(request)
    return render(
        request,
        "door/account.html",
        {
            "sign_ins": sign_ins_of(mine, _here(request), now()),
            "staff": is_staff(by),
            "by_password": is_staff(by) and SESSION_KEY in request.session,
            "factors": _factors(mine) if is_staff(by) else None,
            "looks": [(key, _(words)) for key, words in LOOKS.items()],
            "zone": str(_zone(request, mine)),
            "layout": "layouts/staff.html" if is_staff(by) else "layouts/patient.html",
            "practice": practice_of(Person.objects.get(pk=mine)) if by.as_patient else None,
        },
    )


@anyone
@require_POST
def end_one(request: HttpRequest, sign_in: UUID) -> HttpResponse:
    """End one of one's own; the one used here is a signing out."""
    mine = _mine(request)
    row = SignIn.objects.filter(pk=sign_in, person=mine).first() if mine is not None else None
    if row is None:
        raise Http404
    end_sign_in(by=actor(request), at=now(), sign_in=row)
    if row.pk == _here(request):
        return _out(request)
    messages.success(request, _("Signed out there."))
    return redirect("account")


@anyone
@require_POST
def end_all(request: HttpRequest) -> HttpResponse:
    """Everywhere, here too."""
    if _mine(request) is None:
        return to_sign_in(request, "account_login")
    sign_out_everywhere(by=actor(request), at=now())
    return _out(request)


@anyone
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """A new password; whoever else is signed in with the old one is not any more."""
    mine = _mine(request)
    if mine is None:
        return to_sign_in(request, "account_login")
    user = User.objects.filter(person_id=mine).first() if is_staff(actor(request)) else None
    # Asked now: once the password is another, the old session would not be believed any more.
    if user is None or SESSION_KEY not in request.session or not request.user.is_authenticated:
        raise Http404
    form = PasswordForm(request.POST if request.method == "POST" else None, label_suffix="")
    if request.method == "POST":
        if not AxesProxyHandler.is_allowed(request, {"email": user.email}):
            return locked_out(request)
        if form.is_valid() and _knows(request, form, user):
            change_password(
                by=actor(request), at=now(), user=user, password=form.cleaned_data["new"], here=_here(request)
            )
            update_session_auth_hash(request, User.objects.get(pk=user.pk))
            messages.success(request, _("Your password is changed. Everywhere else you are signed out."))
            return redirect("account")
    return render(request, "door/password.html", {"form": form}, status=422 if form.errors else 200)


def _knows(request: HttpRequest, form: forms.Form, user: User) -> bool:
    found = authenticate(request, email=user.email, password=form.cleaned_data["old"])
    if found is not None and found.pk == user.pk:
        return True
    form.add_error("old", _("That is not the password. After five tries it closes for 15 minutes."))
    return False


def _factors(person: UUID) -> dict[str, Any]:
    rows = list(Authenticator.objects.filter(user__person=person).order_by("created_at"))
    kinds = Authenticator.Type
    return {
        "app": next((row for row in rows if row.type == kinds.TOTP), None),
        "passkeys": [row.wrap() for row in rows if row.type == kinds.WEBAUTHN],
        "codes": next((row.wrap() for row in rows if row.type == kinds.RECOVERY_CODES), None),
    }


def _zone(request: HttpRequest, person: UUID) -> ZoneInfo:
    """The zone of the hat worn, else of the practice whose patient this is."""
    here = actor(request).organisation
    row = Organisation.objects.filter(pk=here).first() if here is not None else None
    row = row or Organisation.objects.filter(files__patient=person).order_by("-files__opened_at").first()
    return ZoneInfo(row.zone if row is not None else "UTC")


def _out(request: HttpRequest) -> HttpResponseRedirect:
    patient = acting(request).patient
    empty(request)
    return HttpResponseRedirect(reverse("sign-in-code" if patient else "account_login"))
