"""The journal: writing, reading back, adding, showing one entry to one person, and taking it back.

Decided here: what is typed stays as typed and comes back on every refusal. Without a connection the phone
keeps it and says so (`ui/scripts/lib/keep.js`); the page works without scripts too.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from openkap.desks.patient.frame import kept_reply, me, my_course, needed_course, show, tell_opened, zone_of
from openkap.door.enter import patient
from openkap.door.kept import own_words
from openkap.door.page import StepForm, actor, attempt, find, now, scope
from openkap.permits import Act
from openkap.reads.journal import Entry, as_text, entries_of, entry_of
from openkap.records.facts.altered import altered_until
from openkap.records.facts.journal import Treating, may_be_shown
from openkap.records.models import Course, JournalEntry, Organisation, Person, SharedEntry
from openkap.steps.frame import Refused
from openkap.steps.journal import LONGEST, share_entry, stop_sharing_entry, write_entry


class WriteForm(StepForm):
    words = forms.CharField(
        label=gettext_lazy("Your words"),
        strip=False,
        required=False,
        widget=forms.Textarea(attrs={"class": "input", "rows": 6, "maxlength": LONGEST}),
    )


@patient
@own_words
@require_http_methods(["GET", "POST"])
def journal(request: HttpRequest) -> HttpResponse:
    """Write, and what was written, newest first."""
    course = needed_course(request)
    form = WriteForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _write(request, course, form):
        messages.success(request, _("Kept. Only you can read it."))
        return kept_reply(request, reverse("me-journal"))
    tell_opened(request, course, "journal")
    return show(
        request,
        "patient/journal.html",
        course,
        form=form,
        keep=f"journal {me(request).id}",
        entries=entries_of(scope(request), me(request).id),
        status=422 if form.errors else 200,
    )


@patient
@own_words
@require_http_methods(["GET", "POST"])
def entry(request: HttpRequest, entry: UUID) -> HttpResponse:
    """One entry: read it, add to it, show it to someone, see who read it."""
    row = find(request, JournalEntry.objects.select_related("course__organisation", "adds_to"), entry)
    form = WriteForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _write(request, row.course, form, adds_to=row):
        messages.success(request, _("Added. What you wrote before stays as it was."))
        return kept_reply(request, reverse("me-journal-entry", args=[row.pk]))
    return _entry_page(request, row, form=form)


@patient
@require_POST
def share(request: HttpRequest, entry: UUID) -> HttpResponse:
    """Show this entry to one person, by name."""
    row = find(request, JournalEntry.objects.select_related("course__organisation"), entry, Act.SHARE)
    sending = StepForm(request.POST)
    chosen = next((one for one in may_be_shown(row.course, now()) if one.key == request.POST.get("to")), None)
    if chosen is None or not sending.is_valid():
        return _entry_page(request, row, refused=_("Choose who may read it."))
    try:
        _share(request, row, chosen, sending.cleaned_data["submission"])
    except Refused as refusal:
        return _entry_page(request, row, refused=refusal.because)
    messages.success(request, _("%(name)s can read this entry now.") % {"name": chosen.name})
    return HttpResponseRedirect(reverse("me-journal-entry", args=[row.pk]))


@patient
@require_POST
def take_back(request: HttpRequest, shared: UUID) -> HttpResponse:
    """Not shown any more, from now."""
    row = find(request, SharedEntry.objects.select_related("entry"), shared)
    stop_sharing_entry(by=actor(request), at=now(), shared=row)
    messages.success(request, _("Taken back. It is yours alone again."))
    return HttpResponseRedirect(reverse("me-journal-entry", args=[row.entry_id]))


@patient
@require_GET
def text(request: HttpRequest) -> HttpResponse:
    """The whole journal as plain text, to take along."""
    course = needed_course(request)
    tell_opened(request, course, "journal_text")
    words = as_text(entries_of(scope(request), me(request).id), zone_of(course))
    answer = HttpResponse(words, content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="journal.txt"'
    answer["Cache-Control"] = "no-store"
    return answer


def _write(request: HttpRequest, course: Course, form: WriteForm, adds_to: JournalEntry | None = None) -> Any:
    # A form's lines end as the web sends them; what is kept ends them as they were typed.
    words = form.cleaned_data["words"].replace("\r\n", "\n")
    return attempt(
        form,
        lambda: write_entry(
            by=actor(request),
            at=now(),
            course=course,
            words=words,
            adds_to=adds_to,
            submission=form.cleaned_data["submission"],
        ),
    )


def _share(request: HttpRequest, row: JournalEntry, to: Treating, submission: UUID) -> None:
    share_entry(
        by=actor(request),
        at=now(),
        entry=row,
        to_organisation=Organisation.objects.get(pk=to.organisation),
        to_person=Person.objects.get(pk=to.person),
        submission=submission,
    )


def _entry_page(
    request: HttpRequest, row: JournalEntry, *, form: WriteForm | None = None, refused: str = ""
) -> HttpResponse:
    found: Entry | None = entry_of(scope(request), me(request).id, row.pk)
    if found is None:
        raise Http404
    tell_opened(request, row.course, "journal")
    form = form or WriteForm()
    shown = {(one.name, one.practice) for one in found.shown_now}
    return show(
        request,
        "patient/journal_entry.html",
        my_course(request),
        entry=found,
        form=form,
        sharing=StepForm(),
        refused=refused,
        not_before=altered_until(row.patient_id, now()),
        to=[one for one in may_be_shown(row.course, now()) if (one.name, one.practice) not in shown],
        keep=f"journal {me(request).id} {row.pk}",
        status=422 if form.errors or refused else 200,
    )
