"""Rules and protocols: every number that holds here, and setting one with a reason and a preview.

Decided here: whoever may read the rules finds every one of them; the medical director sets a number on the
rule's own page, sees what it would have changed, and signs there. A prescriber or another director gives the
second name. Each page works without scripts: what is asked stands in the address.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from openkap.desks.director.rules import SignForm, factor_shown, may
from openkap.door.enter import staff
from openkap.door.page import actor, attempt, now, organisation, scope, zone
from openkap.medicine.changed import Change
from openkap.medicine.protocols.routes import Route
from openkap.permits import Act, Kind
from openkap.reads.law import PARTS, STATES, RuleRow, Wanted, desk, history, one_rule
from openkap.records.facts.law import asks_second, law_of
from openkap.records.facts.rerun import KINDS, open_now, past
from openkap.records.ids import new_id
from openkap.records.models import RuleChange
from openkap.records.site import is_demonstration
from openkap.steps.frame import Refused
from openkap.steps.rule_changes import put_aside, second_change, sign_change, sign_proposed, starts_at

NUMBER = "n_"


class NarrowForm(forms.Form):
    """What to narrow the desk to."""

    q = forms.CharField(label=gettext_lazy("Find"), required=False, max_length=80)
    route = forms.ChoiceField(label=gettext_lazy("A dose"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("How it stands"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.fields["route"].choices = [("", _("Any")), *((str(r), r.words) for r in Route)]  # type: ignore[attr-defined]
        states = [("", _("Any")), *((key, _(says)) for key, says in STATES.items())]
        self.fields["state"].choices = states  # type: ignore[attr-defined]


class NumbersForm(SignForm):
    """The numbers of one rule that can be set, the day they hold from, and why."""

    from_on = forms.DateField(
        label=gettext_lazy("Holds from"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("Left empty: from the moment you sign. Doses under way keep their numbers."),
    )

    def __init__(self, row: RuleRow, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].label = _("Why are you changing it?")
        self.fields["words"].help_text = _("Staff read this next to the rule.")
        for number in row.numbers:
            if not number.fixed:
                self.fields[NUMBER + number.name] = forms.DecimalField(
                    label=f"{number.words}, {number.unit}",
                    initial=number.value,
                    max_digits=12,
                    decimal_places=4,
                    help_text=number.careful,
                )

    @property
    def numbers(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(NUMBER)]

    @property
    def values(self) -> dict[str, Decimal]:
        return {
            name.removeprefix(NUMBER): value
            for name, value in self.cleaned_data.items()
            if name.startswith(NUMBER) and value is not None
        }


@staff
@require_GET
def rules_desk(request: HttpRequest) -> HttpResponse:
    """Every rule, found by part, route, word and how it stands."""
    if not may(request, Kind.RULES):
        raise Http404
    form = NarrowForm(request.GET)
    said = form.cleaned_data if form.is_valid() else {}
    part = request.GET.get("part", "")
    wanted = Wanted(
        part if part in PARTS else "", said.get("route", ""), said.get("state", ""), said.get("q", "")
    )
    query = request.GET.copy()
    query.pop("part", None)
    found = desk(scope(request), organisation(request).id, now(), wanted)
    context = {
        "desk": found,
        "parts": [(key, _(says), found.counts[key]) for key, says in PARTS.items()],
        "wanted": wanted,
        "form": form,
        "query": query.urlencode(),
        "zone": str(zone(request)),
    }
    return render(request, "director/law.html", context)


@staff
@require_GET
def law_history(request: HttpRequest) -> HttpResponse:
    """Every change ever written down, the latest first."""
    if not may(request, Kind.RULES):
        raise Http404
    context = {"history": history(organisation(request).id, now()), "zone": str(zone(request))}
    return render(request, "director/law_history.html", context)


@staff
@require_GET
def rule(request: HttpRequest, rule: str) -> HttpResponse:
    """One rule; with numbers in the address, what they would have changed."""
    row = _row(request, rule)
    asked = any(name.startswith(NUMBER) for name in request.GET)
    sent = request.GET.copy()
    sent.setdefault("submission", str(new_id()))
    form = NumbersForm(row, sent if asked else None)
    return _page(request, row, form, preview=asked)


@staff
@require_POST
def sign(request: HttpRequest, rule: str) -> HttpResponse:
    """Set the numbers, in one's own name."""
    row = _row(request, rule, Act.SIGN)
    form = NumbersForm(row, request.POST)
    if form.is_valid() and factor_shown(request, form):
        said = form.cleaned_data
        done = attempt(
            form,
            lambda: sign_change(
                by=actor(request),
                at=now(),
                organisation=organisation(request),
                rule=row.id,
                values=form.values,
                reason=said["words"],
                from_on=said["from_on"],
                submission=said["submission"],
            ),
        )
        if done:
            second = asks_second(row.id, form.values)
            messages.success(
                request,
                _("Signed. It holds once a second clinician has signed it too.") if second else _("Signed."),
            )
            return redirect("lead-rule", rule=row.id)
    return _page(request, row, form, preview=True)


@staff
@require_POST
def settle(request: HttpRequest, change: UUID, act: str) -> HttpResponse:
    """Sign what was proposed, give the second name, or put it aside."""
    needs = {"sign": Act.SIGN, "second": Act.CONFIRM, "put-aside": Act.SIGN}
    if act not in needs or not may(request, Kind.RULES, needs[act]):
        raise Http404
    found = RuleChange.objects.filter(organisation=organisation(request), pk=change).first()
    if found is None:
        raise Http404
    row = _row(request, found.rule)
    work = {"sign": sign_proposed, "second": second_change, "put-aside": put_aside}[act]
    form = SignForm(request.POST)
    if form.is_valid() and factor_shown(request, form):
        said = form.cleaned_data
        asked = {"by": actor(request), "at": now(), "change": found, "words": said["words"]}
        if attempt(form, lambda: work(**asked, submission=said["submission"])):
            messages.success(request, _("Kept."))
            return redirect("lead-rule", rule=found.rule)
    return _page(request, row, NumbersForm(row), settling=form)


def _row(request: HttpRequest, rule: str, act: Act = Act.SEE) -> RuleRow:
    if not may(request, Kind.RULES, act):
        raise Http404
    row = one_rule(scope(request), organisation(request).id, now(), rule)
    if row is None or (act is Act.SIGN and not row.can_change):
        raise Http404
    return row


def _page(
    request: HttpRequest,
    row: RuleRow,
    form: NumbersForm,
    *,
    preview: bool = False,
    settling: SignForm | None = None,
) -> HttpResponse:
    told = _preview(request, row, form) if preview and form.is_valid() else None
    wrong = request.method == "POST" and (form.errors or (settling is not None and settling.errors))
    context = {
        "row": row,
        "form": form,
        "settling": settling or SignForm(),
        "preview": told,
        "may_sign": may(request, Kind.RULES, Act.SIGN),
        "may_second": may(request, Kind.RULES, Act.CONFIRM),
        "demonstration": is_demonstration(),
        "zone": str(zone(request)),
    }
    return render(request, "director/rule.html", context, status=422 if wrong else 200)


def _preview(request: HttpRequest, row: RuleRow, form: NumbersForm) -> dict[str, Any] | None:
    """What the past would have read like, and which open courses it touches. Writes nothing."""
    held = {number.name: number.value for number in row.numbers}
    moved = {name: value for name, value in form.values.items() if value != Decimal(held[name])}
    here, at = organisation(request), now()
    try:
        starts = starts_at(here, form.cleaned_data["from_on"], at)
    except Refused as refusal:
        form.add_error("from_on", refusal.because)
        return None
    if not moved:
        form.add_error(None, _("These are the numbers that hold already. Nothing would change."))
        return None
    change = Change(row.id, tuple(sorted(moved.items())), second=True)
    law = law_of(here.id)
    told = past(here.id, law, change, row.area, at)
    return {
        "moved": [
            {"name": n.words, "was": n.reads, "now": f"{moved[n.name].normalize():f} {n.unit}"}
            for n in row.numbers
            if n.name in moved
        ],
        "asked": [(_(KINDS[kind]), count) for kind, count in told.asked.items()],
        "different": [(one, _(KINDS[one.kind])) for one in told.different],
        "people": told.people,
        "open": open_now(here.id, law, change, row.area, at),
        "second": asks_second(row.id, moved),
        "starts": starts,
        "today": starts <= at,
    }
