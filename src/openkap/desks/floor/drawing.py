"""Preparing a dose, and the second person's check of the order and of what is in the hand.

Decided here: whoever prepares types what the package says and what was drawn or counted, and is told where
that is not the order. A further dose is prepared and checked on the same pages, named in the address. The
second person signs under their own sign-in, on their own device or with their own password and code on this
screen; whoever was signed in here stays so, and stays on the page (docs/adr/0021-gate.md).
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from openkap.desks.floor.names import title_of
from openkap.desks.floor.order_forms import PrepareForm, name_it
from openkap.desks.floor.session_page import does, may, show, the_session
from openkap.door.enter import staff
from openkap.door.page import StepForm, actor, attempt, find, now, scope
from openkap.door.second import BY_CODE, BY_PERSONA, NotShown, second_person, second_persona
from openkap.medicine.dosing.products import product_of
from openkap.permits import Act, Actor
from openkap.reads.morning import caring_here
from openkap.reads.order import OrderShown, order_shown
from openkap.records.models import Draw, Order, Session
from openkap.records.site import is_demonstration
from openkap.steps.frame import NotPermitted
from openkap.steps.order import confirm_order, draw_dose


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
    label = forms.CharField(
        required=False, max_length=80, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def __init__(self, *args: Any, route: str, people: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.product = product_of(route)
        name_it(self, self.product)
        self.fields["persona"].choices = [("", _("Choose")), *people]  # type: ignore[attr-defined]


@staff
@require_http_methods(["GET", "POST"])
def draw(request: HttpRequest, session: UUID) -> HttpResponse:
    """Prepare what is ordered; the arithmetic is shown, and told where it is not the order."""
    row = the_session(request, session, Act.ADD if request.method == "POST" else Act.SEE)
    shown = _of(request, row)
    form = PrepareForm(request.POST or None, route=_route(row, shown), initial=_as_shown(shown))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        order = find(request, Order.objects.filter(session=row), said["order"])
        more = {"instead_of": said["instead_of"], "words": said["words"]}
        if does(request, form, draw_dose, order=order, **more, **form.hand()):
            messages.success(request, _("Prepared, in your name. A second person checks it next."))
            return redirect(_with(reverse("rooms-confirm", args=[row.id]), order))
    return _show(request, "floor/draw.html", row, shown, form)


@staff
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, session: UUID) -> HttpResponse:
    """The second person sees what the signer and the drawer saw, line by line, and checks exactly that."""
    row = the_session(request, session)
    shown = _of(request, row)
    people = _others(request, row, shown)
    form = CheckForm(request.POST or None, route=_route(row, shown), initial=_as_shown(shown), people=people)
    if request.method == "POST" and form.is_valid() and _checked(request, row, form):
        if shown is not None and shown.is_further:
            messages.success(request, _("Checked. The further dose can be given when its time has come."))
            return redirect("rooms-further", session=row.id)
        messages.success(request, _("Checked. The dose can be started when everything else is ready."))
        return redirect("rooms-session", session=row.id)
    return _show(
        request,
        "floor/confirm.html",
        row,
        shown,
        form,
        own=_own(shown, actor(request)),
        own_form=CheckForm(route=form.product.route, auto_id="own_%s", initial=_label_kept(form)),
        may_confirm=may(request, row, Act.CONFIRM),
        demonstration=is_demonstration(),
    )


def _show(
    request: HttpRequest, template: str, row: Session, shown: OrderShown | None, form: StepForm, **more: Any
) -> HttpResponse:
    """Either page: the order as signed, and what is to be said beside it."""
    return show(
        request,
        template,
        row,
        page="order",
        status=422 if form.errors else 200,
        theme="day",
        order=shown,
        form=form,
        at=now(),
        **more,
        **title_of(row),
    )


def _of(request: HttpRequest, row: Session) -> OrderShown | None:
    """The dose's own order, or the further one that the address names."""
    named = request.GET.get("of", "")
    try:
        of = UUID(named) if named else None
    except ValueError:
        raise Http404 from None
    shown = order_shown(scope(request), row, now(), of=of)
    if of is not None and shown is None:
        raise Http404
    return shown


def _label_kept(form: CheckForm) -> dict[str, Any]:
    """What was typed stays in the dock's own field too."""
    return {"label": form.data.get("label", "")}


def _route(row: Session, shown: OrderShown | None) -> str:
    return shown.row.route if shown is not None else row.course.route


def _with(address: str, order: Order) -> str:
    """The same page for a further dose names it."""
    return f"{address}?of={order.id}" if order.booster_of_id is not None else address


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
        by=by, at=now(), order=order, draw=drawn, proof=proof, label=said.get("label", ""),
        submission=said["submission"],
    )  # fmt: skip
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
