"""What to call someone and where to reach them: links go to the mail address kept here."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from openkap.desks.clinic.forms import ContactForm
from openkap.desks.clinic.patient_page import show, the_file
from openkap.door.enter import staff
from openkap.door.page import actor, attempt, now
from openkap.permits import Kind
from openkap.records.models import PatientFile
from openkap.steps.people import change_contact


@staff
def contact(request: HttpRequest, file: UUID) -> HttpResponse:
    """Name to go by, pronouns, mail address and phone."""
    row = the_file(request, file)
    person = row.patient
    kept = {name: getattr(person, name) for name in ("chosen_name", "pronouns", "email", "phone", "language")}
    form = ContactForm(request.POST or None, initial=kept)
    sent = request.method == "POST" and form.is_valid()
    if sent and _kept(request, row, form):
        messages.success(request, _("Kept."))
        return redirect("care-patient", file=row.id)
    status = 422 if form.errors else 200
    return show(
        request,
        "clinic/contact.html",
        row,
        page="contact",
        kind=Kind.IDENTITY,
        status=status,
        file=row,
        form=form,
    )


def _kept(request: HttpRequest, row: PatientFile, form: ContactForm) -> object:
    return attempt(form, lambda: change_contact(by=actor(request), at=now(), file=row, **form.said()))
