"""The self-check, a question a page: not a diagnosis, and nothing of it is kept.

Decided here: each answer is a POST and its reply the next page, so that it works without scripts and leaves
no address behind. Being in danger is asked first, and yes or not sure is answered at once with whom to call,
as that post's own reply. Under age and elsewhere end kindly, and say whom to call.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from openkap.desks.public.answers import (
    AGE,
    COUNTRY,
    CRISIS,
    GATES,
    NO,
    RESULT,
    UNSURE,
    YES,
    Answers,
    field,
    order,
    read,
    slip,
)
from openkap.desks.public.views import shown, the_front
from openkap.door.enter import anyone
from openkap.door.language import remember, speak, wished
from openkap.door.page import now
from openkap.medicine.screening.selfcheck import NONE, Weighed, step_named, weigh
from openkap.medicine.screening.selfcheck import UNSURE as NOT_SURE
from openkap.medicine.sources import resolve
from openkap.medicine.verdict import Level
from openkap.reads.front import Front
from openkap.records.facts.law import rules_at


@anyone
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def self_check(request: HttpRequest, slug: str) -> HttpResponse:
    """The next question, an end, or the result; GET begins anew."""
    front = the_front(slug)
    if request.method != "POST":
        return _ask(request, front, Answers({}), CRISIS)
    answers, wanted = read(request.POST), request.POST.get("show", "")
    if language := wished(request):
        return _in(request, front, answers, language)
    if wanted in order():
        return _ask(request, front, answers, wanted)
    asked = request.POST.get("step", "")
    if asked in order() and (wrong := slip(asked, tuple(request.POST.getlist(field(asked))))):
        return _ask(request, front, answers, asked, wrong)
    return _reply(request, front, answers, asked)


def _in(request: HttpRequest, front: Front, answers: Answers, language: str) -> HttpResponse:
    """The page one is on, in another language, with every answer."""
    speak(request, language)
    front = the_front(front.slug)  # its roles and its country are said in the reader's language too
    step = request.POST.get("step", "")
    asked = request.POST.get("asked", "")
    page = _ask(request, front, answers, step) if step in order() else _reply(request, front, answers, asked)
    remember(page, language)
    return page


def _reply(request: HttpRequest, front: Front, answers: Answers, asked: str) -> HttpResponse:
    """What follows an answer. Danger comes first, whatever else was said."""
    if asked == CRISIS and answers.one(CRISIS) in (YES, UNSURE):
        words = {"hidden": answers.without(""), "following": AGE, "asked": CRISIS}
        return shown(request, front, "public/in_danger.html", words)
    if answers.one(AGE) == NO or answers.one(COUNTRY) == NO:
        ended = AGE if answers.one(AGE) == NO else COUNTRY
        return shown(
            request,
            front,
            "public/ended.html",
            {
                "because": ended,
                "years": _of_age(front),
                "hidden": answers.without(""),
                "asked": ended,
            },
        )
    if (following := answers.next_open) != RESULT:
        return _ask(request, front, answers, following)
    return _result(request, front, answers)


def _ask(request: HttpRequest, front: Front, answers: Answers, key: str, wrong: str = "") -> HttpResponse:
    at = order().index(key)
    words: dict[str, Any] = {
        "step": key,
        "name": field(key),
        "hidden": answers.without(key),
        "chosen": answers.given.get(key, ()),
        "number": at + 1,
        "of": len(order()),
        "before": order()[at - 1] if at else "",
        "wrong": _said_of(wrong),
    }
    words |= _gate(front, key) if key in GATES else _step(key)
    return shown(request, front, "public/question.html", words, 422 if wrong else 200)


def _gate(front: Front, key: str) -> dict[str, Any]:
    yes_no = [(YES, _("Yes")), (NO, _("No"))]
    if key == CRISIS:
        return {
            "asks": _("Are you thinking about ending your life, or are you in danger now?"),
            "why": _("We ask this first, so that help comes first."),
            "options": [(NO, _("No")), (YES, _("Yes")), (UNSURE, _("Not sure"))],
        }
    if key == AGE:
        return {
            "asks": _("Are you %(years)s or older?") % {"years": _of_age(front)},
            "why": "",
            "options": yes_no,
        }
    return {
        "asks": _("Do you live in %(country)s?") % {"country": front.country},
        "why": _("%(practice)s can only treat people there.") % {"practice": front.name},
        "options": yes_no,
    }


def _step(key: str) -> dict[str, Any]:
    step = step_named(key)
    assert step is not None, "order() names known steps only"
    options = [(option.key, _(option.words)) for option in step.options]
    ends = [(NONE, _("None of these")), (NOT_SURE, _("Not sure"))]
    return {"asks": _(step.asks), "why": _(step.why), "options": options, "ends": ends}


def _said_of(wrong: str) -> str:
    if not wrong:
        return ""
    if wrong == "both":
        return _("You chose “None of these” and something else. Take one of them away.")
    return _("Choose an answer. “Not sure” is fine, where it stands there.")


def _result(request: HttpRequest, front: Front, answers: Answers) -> HttpResponse:
    weighed = weigh(answers.of_health)
    rows = [
        {
            "level": "caution" if option.level is Level.CAUTION else "stop",
            "title": _(option.words),
            "words": _means(option.level, option.decides),
            "rule": option.rule,
            "rule_title": _(option.rule.title),
            "sources": "; ".join(resolve(key).text for key in option.rule.sources),
        }
        for option in weighed.told
    ]
    words = {
        "hidden": answers.without(""),
        "rows": rows,
        "unsure": [{"key": step.key, "about": _(step.about)} for step in weighed.unsure],
        "level": _level(weighed),
        "says": _says(weighed),
        "why": _sums_up(weighed),
        "of": len(order()),
        "first": order()[len(GATES)],
    }
    return shown(request, front, "public/result.html", words)


def _means(level: Level, decides: str) -> str:
    if level is Level.CAUTION:
        return _("This needs care. It does not rule ketamine out. Tell the clinician about it.")
    if level is Level.HOLD:
        return _("This has to be settled before any dose. A clinician says how.")
    if decides:
        return _("Ketamine is usually not given with this. Only a medical director may decide otherwise.")
    return _("Ketamine is not given with this. An evaluation can say what else may help.")


def _level(weighed: Weighed) -> str:
    return {Level.STOP: "stop", Level.UNKNOWN: "unknown"}.get(weighed.level, "caution")


def _says(weighed: Weighed) -> str:
    if weighed.level is Level.STOP:
        return _("Talk this over with a clinician first")
    if weighed.told or weighed.unsure:
        return _("Worth talking over with a clinician")
    return _("Nothing you answered stands in the way")


def _sums_up(weighed: Weighed) -> str:
    grave = sum(option.level is not Level.CAUTION for option in weighed.told)
    care = len(weighed.told) - grave
    said = []
    if grave:
        said.append(_("Some of what you answered usually speaks against it, at least for now."))
    else:
        said.append(_("Nothing you answered rules ketamine out."))
    if care:
        said.append(_("Some of it needs care."))
    if weighed.unsure:
        said.append(_("What you were not sure about is checked before any dose."))
    if not weighed.told and not weighed.unsure:
        said.append(_("Only an evaluation can say whether it is right for you."))
    return " ".join(said)


def _of_age(front: Front) -> int:
    """From which age the screening rules allow a dose at all."""
    return int(rules_at(front.organisation.id, now()).rule("S34")["years_under"])
