"""Answering a form: one question a screen, each tap kept, later and skip beside it.

Decided here: without scripts every tap is a post and a new page. A worrying answer gets its page as the
post's own reply: a person and a time first, then the crisis line; nothing more is asked. The whole form
on one page is there for whoever would rather see it all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from openkap.desks.patient.frame import language_of, needed_course, show, tell_opened, zone_of
from openkap.desks.patient.words import form_row
from openkap.door.enter import patient
from openkap.door.page import StepForm, actor, now, number_sent, scope
from openkap.medicine.course.follow_up import answered_alone
from openkap.medicine.instruments.instrument import Value
from openkap.reads.calls import who_calls
from openkap.reads.form import Form, Question, form_of, last_sent
from openkap.reads.patient_home import asks_of
from openkap.records.ids import new_id
from openkap.records.models import Course
from openkap.steps.frame import AlreadyDone, Refused
from openkap.steps.measures import Answered, answer_form, keep_answer
from openkap.ui.templatetags.ui import listed

CHECK, WHOLE = "check", "all"
LONGEST_POINT = 20  # as the records hold it


@dataclass(frozen=True, slots=True)
class FormPage:
    """A form at its address. `leave`: where "later" leads; `skip` takes a no; `sent`: where one goes then."""

    course: Course
    instrument: str
    point: str
    address: str
    leave: str
    late: bool
    sent: Callable[[], str]
    skip: str = ""


@patient
@require_GET
def forms(request: HttpRequest) -> HttpResponse:
    """What waits to be answered."""
    course = needed_course(request)
    tell_opened(request, course, "forms")
    asks = asks_of(scope(request), course, now())
    rows = [form_row(ask, zone_of(course)) for ask in asks]
    return show(request, "patient/forms.html", course, rows=rows)


@patient
@require_http_methods(["GET", "POST"])
def form(request: HttpRequest, course: UUID, instrument: str, point: str) -> HttpResponse:
    """For a patient who is signed in."""
    if request.GET.get("sent"):
        return _sent_page(request, needed_course(request, course))
    page = FormPage(
        course=needed_course(request, course),
        instrument=instrument,
        point=point,
        address=reverse("me-form", args=[course, instrument, point]),
        leave=reverse("me-home"),
        late=False,
        sent=lambda: reverse("me-form", args=[course, instrument, point]) + "?sent=1",
    )
    return form_page(request, page)


def _sent_page(request: HttpRequest, course: Course) -> HttpResponse:
    """Thanks; and where only a longer form is left, that it can wait, or be gone on with."""
    left = asks_of(scope(request), course, now())
    enough = bool(left) and all(ask.can_wait for ask in left)
    go_on = reverse("me-form", args=[left[0].course, left[0].instrument, left[0].point]) if enough else ""
    return show(request, "patient/sent.html", course, enough=enough, go_on=go_on)


def form_page(request: HttpRequest, page: FormPage) -> HttpResponse:
    """The question asked for, the first open one, the whole form, or the last look before sending."""
    if not answered_alone(page.instrument) or len(page.point) > LONGEST_POINT:
        raise Http404
    form = form_of(scope(request), page.course, page.instrument, page.point, language_of(request), now())
    if form is None:
        raise Http404
    if request.method == "POST":
        return _posted(request, page, form)
    wanted = request.GET.get("q", "")
    if not wanted:  # the form was opened; going on to its next question is the same opening
        tell_opened(request, page.course, "form")
    question = next((q for q in form.questions if q.item == wanted), None) or form.first_open
    if wanted == WHOLE:
        return _whole(request, page, form)
    if question is None or wanted == CHECK:
        return _check(request, page, form)
    return _question(request, page, form, question)


def _posted(request: HttpRequest, page: FormPage, form: Form) -> HttpResponse:
    sending = StepForm(request.POST)
    if not sending.is_valid():
        return _check(request, page, form, error=_("Open this page again and send it once more."))
    submission = sending.cleaned_data["submission"]
    try:
        if "item" in request.POST and not form.is_one_question:
            answered = _keep(request, page, form, submission)
        else:
            answered = _send(request, page, form, submission)
    except AlreadyDone:
        if last_sent(page.course, page.instrument, page.point).worrying:
            return _worrying(request, page)
        answered = None
    except Refused as refusal:
        return _refused(request, page, form, refusal)
    if isinstance(answered, Answered):
        after = page.sent()
        return _worrying(request, page) if answered.worrying else HttpResponseRedirect(after)
    return HttpResponseRedirect(_next(request, page, form))


def _keep(request: HttpRequest, page: FormPage, form: Form, submission: UUID) -> Answered | None:
    return keep_answer(
        by=actor(request),
        at=now(),
        course=page.course,
        instrument=page.instrument,
        item=request.POST["item"],
        value=_sent_value(request, form, request.POST["item"], "value"),
        point=page.point,
        late=page.late,
        language=language_of(request),
        submission=submission,
    )


def _send(request: HttpRequest, page: FormPage, form: Form, submission: UUID) -> Answered:
    answers = dict(form.answers)
    if "item" in request.POST:
        item = request.POST["item"]
        answers[item] = _sent_value(request, form, item, "value")
    for item in answers:
        if (given := _sent_value(request, form, item, f"answer_{item}")) is not None:
            answers[item] = given
    return answer_form(
        by=actor(request),
        at=now(),
        course=page.course,
        instrument=page.instrument,
        answers=answers,
        point=page.point,
        late=page.late,
        language=form.language,
        submission=submission,
    )


def _sent_value(request: HttpRequest, form: Form, item: str, name: str) -> Value | None:
    """The number that was sent for an item; None for nothing. Refused where it is no number."""
    sent = request.POST.get(name, "").strip()
    value = number_sent(sent)
    if sent and value is None:
        question = form.question(item)
        wanted = question.range_words if question is not None else ""
        raise Refused(_("This is not a number. Write one: %(wanted)s.") % {"wanted": wanted}, field=item)
    return value


def _next(request: HttpRequest, page: FormPage, form: Form) -> str:
    """The question that follows upon this answer: it may have opened some, or left some out."""
    if "item" not in request.POST:
        return page.sent()
    item = request.POST["item"]
    following = form.after(item, {item: _sent_value(request, form, item, "value")})
    return f"{page.address}?q={following or CHECK}"


def _question(
    request: HttpRequest, page: FormPage, form: Form, question: Question, error: str = ""
) -> HttpResponse:
    return show(
        request,
        "patient/check_in.html" if form.is_one_question else "patient/question.html",
        page.course,
        page=page,
        form=form,
        readers=listed(form.readers),
        question=question,
        before=form.before(question.item),
        typed=request.POST.get("value", "") if error else None,
        submission=new_id(),
        error=error,
        status=422 if error else 200,
    )


def _whole(
    request: HttpRequest, page: FormPage, form: Form, error: str = "", wrong: str = ""
) -> HttpResponse:
    return show(
        request,
        "patient/whole_form.html",
        page.course,
        page=page,
        form=form,
        readers=listed(form.readers),
        submission=request.POST.get("submission") or new_id(),
        questions=[_asked(request, q) for q in form.every],
        error=error,
        wrong=wrong,
        status=422 if error else 200,
    )


def _asked(request: HttpRequest, question: Question) -> dict[str, Any]:
    """A question of the whole form, with what was chosen there or tapped before."""
    given = request.POST.get(f"answer_{question.item}", question.chosen)
    return {"q": question, "given": "" if given is None else given}


def _check(request: HttpRequest, page: FormPage, form: Form, error: str = "") -> HttpResponse:
    return show(
        request,
        "patient/check_form.html",
        page.course,
        page=page,
        form=form,
        readers=listed(form.readers),
        submission=new_id(),
        error=error,
        status=422 if error else 200,
    )


def _refused(request: HttpRequest, page: FormPage, form: Form, refusal: Refused) -> HttpResponse:
    """Nothing tapped is lost: the same screen again, with the reason."""
    question = form.question(request.POST.get("item", ""))
    if question is not None:
        return _question(request, page, form, question, refusal.because)
    if any(name.startswith("answer_") for name in request.POST):
        return _whole(request, page, form, refusal.because, refusal.field)
    return _check(request, page, form, refusal.because)


def _worrying(request: HttpRequest, page: FormPage) -> HttpResponse:
    """The page itself, as the reply: no redirect stands between the answer and help."""
    calls = who_calls(page.course, now(), zone_of(page.course))
    harm = last_sent(page.course, page.instrument, page.point).harm
    return show(request, "patient/worrying.html", page.course, calls=calls, harm=harm)
