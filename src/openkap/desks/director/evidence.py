"""What is known: the whole source list, which rules rest on each, and the practice's own words for a claim.

Decided here: every member of the staff may read it, since it tells of nobody; the medical director alone
publishes a card or takes one back. What is asked stands in the address, and works without scripts.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from openkap.desks.director.rules import may
from openkap.door.enter import staff
from openkap.door.page import StepForm, actor, attempt, now, organisation, scope, zone
from openkap.medicine.evidence import LANGUAGES, cards
from openkap.medicine.protocols.routes import Route
from openkap.permits import Act, Kind
from openkap.reads.evidence import published, versions
from openkap.reads.source_list import (
    KINDS_OF_LIST,
    READS_OF_LIST,
    WantedSources,
    source_list,
    source_named,
    sources_to_pick,
)
from openkap.records.models import EvidenceCard
from openkap.steps.evidence import WORDS, publish_card, withdraw_card

SPOKEN = {"en": gettext_lazy("English"), "es": gettext_lazy("Spanish")}


class NarrowForm(forms.Form):
    """What to narrow the list to."""

    word = forms.CharField(label=gettext_lazy("Find"), required=False, max_length=80)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), required=False)
    read = forms.ChoiceField(label=gettext_lazy("How well read"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for name, words in (("kind", KINDS_OF_LIST), ("read", READS_OF_LIST)):
            self.fields[name].choices = [("", _("Any")), *((k, _(says)) for k, says in words.items())]  # type: ignore[attr-defined]


class CardForm(StepForm):
    """A claim in the practice's own words."""

    claim = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=list(SPOKEN.items()))
    asks = forms.CharField(label=gettext_lazy("The question"), required=False, max_length=WORDS["asks"])
    patient = forms.CharField(
        label=gettext_lazy("What patients read"),
        required=False,
        max_length=WORDS["patient"],
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    staff = forms.CharField(
        label=gettext_lazy("What staff read"),
        required=False,
        max_length=WORDS["staff"],
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    strength = forms.CharField(
        label=gettext_lazy("How strong it is"),
        required=False,
        max_length=WORDS["strength"],
        help_text=gettext_lazy("In words, as in “one small trial without a comparison group”."),
    )
    not_said = forms.CharField(
        label=gettext_lazy("What it does not say"), required=False, max_length=WORDS["not_said"]
    )
    sources = forms.MultipleChoiceField(
        label=gettext_lazy("Sources"),
        required=False,
        choices=sources_to_pick,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": gettext_lazy("Choose from the list.")},
    )
    routes = forms.MultipleChoiceField(
        label=gettext_lazy("Which ways of giving it speaks to"),
        required=False,
        choices=[(str(route), route.words) for route in Route],
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None chosen: all of them."),
    )


class WithdrawForm(StepForm):
    """Taking a card back."""

    reason = forms.CharField(label=gettext_lazy("Why"), required=False, max_length=500)


@staff
@require_GET
def evidence(request: HttpRequest) -> HttpResponse:
    """Every source, narrowed by word, kind and how well it was read; and the practice's own claims."""
    form = NarrowForm(request.GET)
    wanted = WantedSources(**form.cleaned_data) if form.is_valid() else WantedSources()
    here = organisation(request).id
    own = {(row.claim, row.language): row for row in published(here)}
    asks = {row.claim: row.asks for row in own.values()} | {
        c.id: c.words["en"].asks for c in cards().values()
    }
    claims = [
        (claim, asks[claim], [(key, SPOKEN[key], own.get((claim, key))) for key in LANGUAGES])
        for claim in sorted(asks, key=lambda claim: claim not in cards())
    ]
    context = {
        "form": form,
        "list": source_list(wanted),
        "claims": claims,
        "of_library": set(cards()),
        "may_write": may(request, Kind.RULES, Act.SIGN),
        "may_rules": may(request, Kind.RULES),
    }
    return render(request, "director/evidence.html", context)


@staff
@require_GET
def source(request: HttpRequest, key: str) -> HttpResponse:
    """One source: what it shows and does not, how well it was read, and what rests on it."""
    found = source_named(key)
    if found is None:
        raise Http404
    context = {
        "source": found,
        "claims": [(id, cards()[id].words["en"].asks) for id in found.claims],
        "may_rules": may(request, Kind.RULES),
    }
    return render(request, "director/source.html", context)


@staff
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A claim of the practice's own."""
    if not may(request, Kind.RULES, Act.SIGN):
        raise Http404
    form = CardForm(request.POST or None, initial={"version": 0})
    if form.is_bound and form.is_valid():
        said = {**form.cleaned_data, "claim": _name_of(form.cleaned_data["asks"])}
        if _published(request, form, said):
            return redirect("lead-evidence")
    context = {"form": form, "zone": str(zone(request))}
    return render(request, "director/card.html", context, status=422 if form.errors else 200)


@staff
@require_http_methods(["GET", "POST"])
def card(request: HttpRequest, claim: str, language: str) -> HttpResponse:
    """The practice's words for one claim in one language: published anew, or taken back."""
    if not may(request, Kind.RULES, Act.SIGN) or language not in LANGUAGES:
        raise Http404
    history = versions(scope(request), organisation(request).id, claim, language)
    library = cards().get(claim)
    beside = next((row for row in published(organisation(request).id) if row.claim == claim), None)
    if library is None and not history and beside is None:
        raise Http404
    latest = history[0] if history else None
    takes_back = request.method == "POST" and "reason" in request.POST
    form = CardForm(
        request.POST if request.method == "POST" and not takes_back else None,
        initial=_initial(claim, language, latest, beside),
    )
    back = WithdrawForm(request.POST if takes_back else None, initial={"version": _number(latest)})
    for name in ("claim", "language"):
        form.fields[name].widget = forms.HiddenInput()
    asked = {"claim": claim, "language": language}
    done = (
        back.is_valid() and _withdrawn(request, back, asked)
        if takes_back
        else form.is_bound and form.is_valid() and _published(request, form, {**form.cleaned_data, **asked})
    )
    if done:
        return redirect("lead-evidence-card", claim=claim, language=language)
    context = {
        "form": form,
        "back": back,
        "claim": claim,
        "language": SPOKEN[language],
        "library": library.words[language] if library is not None else None,
        "asks": library.words["en"].asks
        if library is not None
        else beside.asks
        if beside is not None
        else "",
        "latest": latest if latest is not None and not latest.withdrawn else None,
        "history": history,
        "zone": str(zone(request)),
    }
    return render(request, "director/card.html", context, status=422 if form.errors or back.errors else 200)


def _initial(
    claim: str, language: str, latest: EvidenceCard | None, beside: EvidenceCard | None
) -> dict[str, Any]:
    """The words that stand: the practice's own, or the library's to begin from; else what the claim rests on
    in the other language."""
    start: dict[str, Any] = {"claim": claim, "language": language, "version": _number(latest)}
    library = cards().get(claim)
    if latest is not None and not latest.withdrawn:
        words = {name: getattr(latest, name) for name in WORDS}
        return {**start, **words, "sources": latest.sources, "routes": latest.routes}
    if library is None:
        return start if beside is None else {**start, "sources": beside.sources, "routes": beside.routes}
    said = library.words[language]
    words = {name: getattr(said, name) for name in WORDS}
    return {**start, **words, "sources": list(library.sources), "routes": list(library.routes)}


def _name_of(asks: str) -> str:
    """What a claim of the practice's own is kept under, made of its question: nobody types a key."""
    return slugify(asks)[:40].strip("-") or "our-claim"


def _number(latest: EvidenceCard | None) -> int:
    return latest.version if latest is not None else 0


def _published(request: HttpRequest, form: CardForm, said: dict[str, Any]) -> bool:
    return _done(request, form, publish_card, said, _("Published."))


def _withdrawn(request: HttpRequest, form: WithdrawForm, asked: dict[str, str]) -> bool:
    return _done(request, form, withdraw_card, {**form.cleaned_data, **asked}, _("Taken back."))


def _done(request: HttpRequest, form: StepForm, work: Any, said: dict[str, Any], says: str) -> bool:
    done = attempt(
        form, lambda: work(by=actor(request), at=now(), organisation=organisation(request), **said)
    )
    if done:
        messages.success(request, says)
    return bool(done)
