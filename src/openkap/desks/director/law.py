"""Rules and protocols: every number that holds here, and setting one with a reason and a preview.

Decided here: whoever may read the rules finds every one of them; the medical director sets a number on the
rule's own page, sees what it would have changed, and signs there. A prescriber or another director gives the
second name. Each page works without scripts: what is asked stands in the address.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from time import monotonic
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from openkap.desks.director.rules import SignForm, factor_shown, may
from openkap.door.enter import staff
from openkap.door.page import actor, attempt, now, organisation, scope, zone
from openkap.medicine.changed import Change
from openkap.medicine.disagreements import Choice
from openkap.medicine.inputs import plain
from openkap.medicine.protocols.routes import Route
from openkap.permits import Act, Kind
from openkap.reads.law import Wanted, desk, history, one_rule
from openkap.reads.law_row import PARTS, STATES, RuleRow
from openkap.records.facts.law import asks_second, law_of, rules_at, seen_of
from openkap.records.facts.rerun import FEW, KINDS, MONTHS, MOST, open_now, past
from openkap.records.ids import new_id
from openkap.records.models import RuleChange
from openkap.records.site import is_demonstration
from openkap.steps.frame import Refused
from openkap.steps.rule_changes import (
    entries_of,
    put_aside,
    rule_known,
    second_change,
    sign_change,
    sign_proposed,
    starts_at,
)

NUMBER, CHOICE, OWN = "n_", "choice", "own"
EVERY = "all"
# So many rows stand on a page before the rest is asked for.
ROWS = 25
# So long a preview looks back, and at open courses, before it says what it has found.
SECONDS = 3


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
        self.row = row
        if row.choices:
            held = next((key for key, _one, holds in row.choices if holds), OWN)
            offered = [(key, one.says) for key, one, _holds in row.choices]
            self.fields[CHOICE] = forms.ChoiceField(
                choices=[*offered, (OWN, _("Own value"))], initial=held, required=False
            )
        for number in row.numbers:
            if not number.fixed:
                self.fields[NUMBER + number.name] = forms.DecimalField(
                    label=capfirst(number.label),
                    initial=number.value,
                    max_digits=12,
                    decimal_places=4,
                    help_text=number.careful,
                    error_messages={
                        "required": _("Write a number. To leave it, write the one that holds."),
                        "invalid": _("This is not a number. Write it with a point, as in 130.5."),
                    },
                )

    @property
    def numbers(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(NUMBER)]

    @property
    def offered(self) -> list[tuple[str, Choice, bool, bool]]:
        """Each choice with whether it holds here, and whether it is the one that is chosen."""
        chosen = self[CHOICE].value() if self.row.choices else OWN
        return [(key, one, holds, key == chosen) for key, one, holds in self.row.choices]

    @property
    def own(self) -> bool:
        """Whether numbers of one's own are typed, rather than a source's taken."""
        return not self.row.choices or self[CHOICE].value() in (OWN, None, "")

    @property
    def values(self) -> dict[str, Decimal]:
        """Another source's numbers where one was chosen; else what is typed, also beside the one in use."""
        held = {number.name: Decimal(number.value) for number in self.row.numbers if not number.fixed}
        for key, one, holds in self.row.choices:
            if self.cleaned_data.get(CHOICE) == key and not holds:
                return held | dict(one.values)
        return {
            name.removeprefix(NUMBER): value
            for name, value in self.cleaned_data.items()
            if name.startswith(NUMBER) and value is not None
        }


@staff
@require_GET
def rules_desk(request: HttpRequest) -> HttpResponse:
    """Every rule, found by part, route, word and how it stands; beside them the one that was chosen."""
    if not may(request, Kind.RULES):
        raise Http404
    form = NarrowForm(request.GET)
    said = form.cleaned_data if form.is_valid() else {}
    narrowed = any(said.get(name) for name in ("q", "route", "state"))
    asked = request.GET.get("part", "")
    part = asked if asked in PARTS else EVERY if asked == EVERY or narrowed else ""
    rule = request.GET.get("rule", "")
    wanted = Wanted(part, said.get("route", ""), said.get("state", ""), said.get("q", ""), rule)
    found = desk(scope(request), organisation(request).id, now(), wanted)
    chosen = found.chosen(rule)
    whole = "rest" in request.GET or (chosen is not None and chosen in found.rows[ROWS:])
    context = {
        "desk": found,
        "parts": [(key, _(says), found.counts[key]) for key, says in PARTS.items() if found.counts[key]],
        "every": EVERY,
        "form": form,
        "query": _query(request, "q", "route", "state"),
        "here": _query(request, "q", "route", "state", "rest") + f"part={found.part}&",
        "shown": found.rows if whole else found.rows[:ROWS],
        "left": 0 if whole else max(len(found.rows) - ROWS, 0),
        "picked": bool(rule),
        "narrowed": narrowed,
        "zone": str(zone(request)),
    }
    if chosen is not None:
        kept = [(name, request.GET.get(name, "")) for name in ("q", "route", "state")]
        kept += [("rest", "1")] if "rest" in request.GET else []
        kept += [("part", found.part), ("rule", chosen.id)]
        numbers, preview = _asked(request, chosen)
        context |= _panel(request, chosen, numbers, preview=preview) | {
            "kept": kept,
            "panel_at": reverse("lead-law"),
        }
    return render(request, "director/law.html", context)


def _query(request: HttpRequest, *names: str) -> str:
    """These words of the address, to go before others."""
    said = {name: value for name in names if (value := request.GET.get(name))}
    return urlencode(said) + "&" if said else ""


def _asked(request: HttpRequest, row: RuleRow) -> tuple[NumbersForm, bool]:
    """The form of this row; filled in where numbers are in the address."""
    asked = CHOICE in request.GET or any(name.startswith(NUMBER) for name in request.GET)
    sent = request.GET.copy()
    sent.setdefault("submission", str(new_id()))
    return NumbersForm(row, sent if asked else None), asked


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
    form, asked = _asked(request, row)
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
                seen=request.POST.get("seen", ""),
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
    wrong = request.method == "POST" and (form.errors or (settling is not None and settling.errors))
    context = _panel(request, row, form, preview=preview, settling=settling)
    context["panel_at"] = reverse("lead-rule", args=[row.id])
    return render(request, "director/rule.html", context, status=422 if wrong else 200)


def _panel(
    request: HttpRequest,
    row: RuleRow,
    form: NumbersForm,
    *,
    preview: bool = False,
    settling: SignForm | None = None,
) -> dict[str, Any]:
    """The card in which a rule is set, and what it would change."""
    # What is wrong with the signature alone takes nothing of the preview away.
    readable = form.is_valid() or set(form.errors) <= {"words", "password", "code"}
    told = _preview(request, row, form) if preview and row.can_change and readable else None
    return {
        "row": row,
        "numbers": form,
        "settling": settling or SignForm(),
        "preview": told,
        "seen": seen_of(rules_at(organisation(request).id, now()).rule(row.id)) if told else "",
        "limits": {"months": MONTHS, "most": MOST, "few": FEW, "seconds": SECONDS},
        "may_sign": may(request, Kind.RULES, Act.SIGN),
        "may_second": may(request, Kind.RULES, Act.CONFIRM),
        "demonstration": is_demonstration(),
        "zone": str(zone(request)),
    }


def _for_seconds(seconds: float) -> Callable[[], bool]:
    """Says when so much time has passed from now: a page that is waited for."""
    until = monotonic() + seconds
    return lambda: monotonic() > until


def _preview(request: HttpRequest, row: RuleRow, form: NumbersForm) -> dict[str, Any] | None:
    """What the past would have read like, and which open courses it touches. Writes nothing."""
    held = {number.name: number.value for number in row.numbers}
    moved = {name: value for name, value in form.values.items() if value != Decimal(held[name])}
    here, at = organisation(request), now()
    try:
        starts = starts_at(here, form.cleaned_data["from_on"], at)
        entries_of(here, rule_known(row.id), moved, at)
    except Refused as refusal:
        fields = (refusal.field, NUMBER + refusal.field)
        form.add_error(next((name for name in fields if name in form.fields), None), refusal.because)
        return None
    change = Change(row.id, tuple(sorted(moved.items())), second=True)
    law = law_of(here.id)
    touched = open_now(here.id, law, change, row.area, at, _for_seconds(SECONDS / 2))
    told = past(here.id, law, change, row.area, at, _for_seconds(SECONDS / 2))
    return {
        "values": [(NUMBER + name, plain(value)) for name, value in form.values.items()],
        "moved": [
            {
                "name": n.words,
                "beside": n.beside,
                "was": n.reads,
                "now": f"{moved[n.name].normalize():f} {n.unit}",
            }
            for n in row.numbers
            if n.name in moved
        ],
        "asked": [(_(KINDS[kind]), count) for kind, count in told.asked.items()],
        "different": [(one, _(KINDS[one.kind])) for one in told.different],
        "people": told.people,
        "counted": sum(told.asked.values()),
        "open": touched.different,
        "stopped": told.stopped,
        "open_asked": touched.asked,
        "open_left": touched.left,
        "address": urlencode(
            {NUMBER + name: plain(value) for name, value in form.values.items()}
            | {name: form.data.get(name, "") for name in ("from_on", "words")}
        ),
        "second": asks_second(row.id, moved),
        "starts": starts,
        "today": starts <= at,
    }
