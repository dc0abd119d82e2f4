"""The rules of each route: what stands in them, the medical director's signature, and what became of it.

Decided here: a prescriber and a nurse may read what is signed; only the medical director signs, with their
own words and a second factor shown again. What was gone ahead over is listed beside it, for review.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from openkap.door.enter import staff
from openkap.door.page import StepForm, actor, attempt, now, organisation, scope, zone
from openkap.door.second import NotShown, shows_own_factor
from openkap.door.times import on_day
from openkap.medicine.protocols.routes import Route
from openkap.permits import Act, Kind, Need, Subject, decide
from openkap.reads.overrides import KINDS, Overrides, Wanted, overrides_of
from openkap.reads.rules import route_shown, routes_of
from openkap.reads.running_out import dated_shown, settings_shown
from openkap.records.facts.law import rules_at
from openkap.records.site import is_demonstration
from openkap.steps.signing import sign_route_set, withdraw_route_set


class SignForm(StepForm):
    """A signature: own words, and the password and code shown again where there are any."""

    words = forms.CharField(
        label=gettext_lazy("In your own words"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("What you looked at, and why it is right here. It stays with the signature."),
    )
    fingerprint = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    password = forms.CharField(
        label=gettext_lazy("Your password"),
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    code = forms.CharField(
        label=gettext_lazy("Your code"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class OverridesForm(forms.Form):
    """What to narrow the list to."""

    kind = forms.ChoiceField(label=gettext_lazy("Where"), required=False)
    since = forms.DateField(
        label=gettext_lazy("From"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=gettext_lazy("To"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        choices = [("", _("Everywhere")), *((key, _(says)) for key, says in KINDS.items())]
        self.fields["kind"].choices = choices  # type: ignore[attr-defined]


def may(request: HttpRequest, kind: Kind, act: Act = Act.SEE) -> bool:
    return bool(decide(scope(request), Need(kind, act), Subject(kind, organisation(request).id)))


@staff
@require_GET
def rules(request: HttpRequest) -> HttpResponse:
    """Every route, and whether its rules are signed here."""
    if not may(request, Kind.RULES):
        raise Http404
    rules = rules_at(organisation(request).id, now())
    context = {
        "routes": routes_of(scope(request), organisation(request).id, now()),
        "dated": dated_shown(now().astimezone(zone(request)).date(), rules),
        "settings": settings_shown(rules),
        "zone": str(zone(request)),
    }
    return render(request, "director/rules.html", context)


@staff
@require_GET
def route(request: HttpRequest, route: str) -> HttpResponse:
    """One route's rules, with the signature under them."""
    return _page(request, route)


@staff
@require_POST
def sign(request: HttpRequest, route: str) -> HttpResponse:
    """Sign the rules as they stood on the page."""
    return _signed(request, route, sign_route_set, _("Signed. Doses by this route can be ordered."))


@staff
@require_POST
def withdraw(request: HttpRequest, route: str) -> HttpResponse:
    """Withdraw the signature: nothing is ordered by this route until it is signed again."""
    return _signed(request, route, withdraw_route_set, _("Withdrawn. Nothing is ordered by this route now."))


def _signed(request: HttpRequest, route: str, work: Callable[..., Any], says: str) -> HttpResponse:
    _known(request, route, Act.SIGN)
    form = SignForm(request.POST)
    if form.is_valid() and factor_shown(request, form):
        said = form.cleaned_data
        more = {"fingerprint": said["fingerprint"]} if work is sign_route_set else {}
        if attempt(
            form,
            lambda: work(
                by=actor(request),
                at=now(),
                organisation=organisation(request),
                route=route,
                words=said["words"],
                submission=said["submission"],
                **more,
            ),
        ):
            messages.success(request, says)
            return redirect("lead-route", route=route)
    return _page(request, route, form)


def factor_shown(request: HttpRequest, form: SignForm) -> bool:
    said = form.cleaned_data
    try:
        shows_own_factor(request, password=said["password"], code=said["code"])
    except NotShown as not_shown:
        form.add_error(None, str(not_shown))
        return False
    return True


def _page(request: HttpRequest, route: str, form: SignForm | None = None) -> HttpResponse:
    _known(request, route)
    shown = route_shown(scope(request), organisation(request).id, route, now())
    given = form or SignForm(initial={"fingerprint": shown.signed.now.fingerprint})
    context = {
        "route": shown,
        "form": given,
        "may_sign": may(request, Kind.RULES, Act.SIGN),
        "demonstration": is_demonstration(),
        "zone": str(zone(request)),
    }
    return render(request, "director/route.html", context, status=422 if given.errors else 200)


def _known(request: HttpRequest, route: str, act: Act = Act.SEE) -> None:
    if not may(request, Kind.RULES, act) or route not in list(Route):
        raise Http404


@staff
@require_GET
def overrides(request: HttpRequest) -> HttpResponse:
    """Where somebody went ahead all the same."""
    form, shown = _overrides(request)
    context = {
        "form": form,
        "overrides": shown,
        "filtered": form.is_bound,
        "query": request.GET.urlencode(),
        "zone": str(zone(request)),
    }
    return render(request, "director/overrides.html", context, status=422 if form.errors else 200)


@staff
@require_GET
def overrides_paper(request: HttpRequest) -> HttpResponse:
    """The same list, on paper."""
    _form, shown = _overrides(request)
    sheet = {
        "organisation": organisation(request).name,
        "title": _("Where somebody went ahead"),
        "printed_at": now().astimezone(zone(request)),
    }
    context = {"overrides": shown, "sheet": sheet, "zone": str(zone(request))}
    return render(request, "director/overrides_paper.html", context)


def _overrides(request: HttpRequest) -> tuple[OverridesForm, Overrides]:
    """The list as it was narrowed; a form that cannot be read narrows nothing, and says so."""
    if not may(request, Kind.CLINICAL) or not may(request, Kind.TRAIL):
        raise Http404
    form = OverridesForm(request.GET or None)
    wanted = Wanted()
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        wanted = Wanted(
            said["kind"],
            on_day(said["since"], zone(request))[0] if said["since"] else None,
            on_day(said["until"], zone(request))[1] if said["until"] else None,
        )
    return form, overrides_of(scope(request), organisation(request), wanted)
