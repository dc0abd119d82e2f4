"""Drawing a dose up, and the second person's check of the order and the syringe.

Decided here: whoever draws types what the vial and the syringe say, and is told where that is not the
order. The second person signs under their own sign-in, on their own device or with their own password and
code on this screen; whoever was signed in here stays so, and stays on the page (docs/adr/0021-gate.md).
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from openkap.desks.floor.forms import number
from openkap.desks.floor.names import title_of
from openkap.desks.floor.session_page import may, show, the_session
from openkap.door.enter import staff
from openkap.door.page import StepForm, actor, attempt, find, now, scope
from openkap.door.second import BY_CODE, BY_PERSONA, NotShown, second_person, second_persona
from openkap.permits import Act, Actor
from openkap.reads.morning import caring_here
from openkap.reads.order import OrderShown, order_shown
from openkap.records.models import Draw, Order, Session
from openkap.records.site import is_demonstration
from openkap.steps.frame import NotPermitted
from openkap.steps.order import confirm_order, draw_dose


class DrawForm(StepForm):
    """What the vial and the syringe say; for tablets and sprays, what is laid out."""

    concentration_mg_per_ml = number(gettext_lazy("The vial says, mg/mL"))
    ml = number(gettext_lazy("In the syringe, mL"))
    mg = number(gettext_lazy("Laid out, mg"))
    words = forms.CharField(
        label=gettext_lazy("Why it is drawn up again"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    order = forms.UUIDField(widget=forms.HiddenInput)
    instead_of = forms.UUIDField(required=False, widget=forms.HiddenInput)


class CheckForm(StepForm):
    """The check itself; the other fields are for someone else than whoever is signed in here."""

    order = forms.UUIDField(widget=forms.HiddenInput)
    draw = forms.UUIDField(widget=forms.HiddenInput)
    email = forms.EmailField(
        label=gettext_lazy("Your mail address"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
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
    persona = forms.ChoiceField(label=gettext_lazy("Who checks it"), required=False)

    def __init__(self, *args: Any, people: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["persona"].choices = [("", _("Choose")), *people]  # type: ignore[attr-defined]


@staff
@require_http_methods(["GET", "POST"])
def draw(request: HttpRequest, session: UUID) -> HttpResponse:
    """Draw up what is ordered; the arithmetic is shown, and told where it is not the order."""
    row = the_session(request, session, Act.ADD if request.method == "POST" else Act.SEE)
    shown = order_shown(scope(request), row, now())
    form = DrawForm(request.POST or None, initial=_as_shown(shown))
    if request.method == "POST" and form.is_valid() and _drawn(request, row, form):
        messages.success(request, _("Drawn up, in your name. A second person checks it next."))
        return redirect("rooms-confirm", session=row.id)
    return show(
        request,
        "floor/draw.html",
        row,
        page="order",
        status=422 if form.errors else 200,
        theme="day",
        order=shown,
        form=form,
        at=now(),
        **title_of(row),
    )


def _drawn(request: HttpRequest, row: Session, form: DrawForm) -> bool:
    said = form.cleaned_data
    order = find(request, Order.objects.filter(session=row), said["order"])
    return bool(
        attempt(
            form,
            lambda: draw_dose(
                by=actor(request),
                at=now(),
                order=order,
                concentration_mg_per_ml=said["concentration_mg_per_ml"],
                ml=said["ml"],
                counted_mg=said["mg"],
                instead_of=said["instead_of"],
                words=said["words"],
                submission=said["submission"],
            ),
        )
    )


@staff
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, session: UUID) -> HttpResponse:
    """The second person sees what the signer and the drawer saw, line by line, and checks exactly that."""
    row = the_session(request, session)
    shown = order_shown(scope(request), row, now())
    form = CheckForm(request.POST or None, initial=_as_shown(shown), people=_others(request, row, shown))
    if request.method == "POST" and form.is_valid() and _checked(request, row, form):
        messages.success(request, _("Checked. The dose can be started when everything else is ready."))
        return redirect("rooms-session", session=row.id)
    return show(
        request,
        "floor/confirm.html",
        row,
        page="order",
        status=422 if form.errors else 200,
        theme="day",
        order=shown,
        form=form,
        own=_own(shown, actor(request)),
        may_confirm=may(request, row, Act.CONFIRM),
        demonstration=is_demonstration(),
        at=now(),
        **title_of(row),
    )


def _checked(request: HttpRequest, row: Session, form: CheckForm) -> bool:
    """Whoever checks is asked first; then the step says whether they may."""
    said = form.cleaned_data
    try:
        by, proof = _who(request, form)
    except NotShown as not_shown:
        form.add_error(None, str(not_shown))
        return False
    order = find(request, Order.objects.filter(session=row), said["order"])
    drawn = find(request, Draw.objects.filter(session=row), said["draw"])
    work = lambda: confirm_order(  # noqa: E731
        by=by, at=now(), order=order, draw=drawn, proof=proof, submission=said["submission"]
    )
    try:
        return bool(attempt(form, work))
    except NotPermitted:
        if by == actor(request):
            raise
        form.add_error(None, _("%(name)s may not check orders here.") % {"name": by.name})
        return False


def _who(request: HttpRequest, form: CheckForm) -> tuple[Actor, str]:
    """Who checks, and how they showed it: whoever is signed in here, or the second person at this screen."""
    said = form.cleaned_data
    if "second" not in request.POST:
        return actor(request), "sign_in"
    if is_demonstration():
        return second_persona(request, said["persona"]), BY_PERSONA
    shown = second_person(request, email=said["email"], password=said["password"], code=said["code"])
    return shown, BY_CODE


def _as_shown(shown: OrderShown | None) -> dict[str, Any]:
    if shown is None:
        return {}
    drawn = shown.drawn.id if shown.drawn is not None else None
    return {"order": shown.row.id, "draw": drawn, "instead_of": drawn}


def _own(shown: OrderShown | None, by: Actor) -> str:
    """Why whoever is signed in here is not the second person: they signed it, or they drew it."""
    if shown is not None and shown.row.by_person_id == by.person:
        return "signed"
    if shown is not None and shown.drawn is not None and shown.drawn.by_person_id == by.person:
        return "drew"
    return ""


def _others(request: HttpRequest, row: Session, shown: OrderShown | None) -> list[tuple[str, str]]:
    """On a demonstration, who could be the second person."""
    if shown is None or shown.drawn is None or not is_demonstration():
        return []
    not_them = {str(shown.row.by_person_id), str(shown.drawn.by_person_id), str(actor(request).person)}
    return [pair for pair in caring_here(row.organisation_id, now()) if pair[0] not in not_them]
