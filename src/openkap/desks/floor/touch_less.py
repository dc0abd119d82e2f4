"""No touch from now on: one tap in the room, for the patient's word or raised hand.

Decided here: nothing stands in its way. A tap sent twice, or without its own id, narrows all the same.
"""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from openkap.desks.floor.session_page import the_session
from openkap.door.enter import staff
from openkap.door.page import StepForm, actor, attempt, now
from openkap.permits import Act
from openkap.steps.preparation import narrow_touch


@staff
@require_POST
def touch_less(request: HttpRequest, session: UUID) -> HttpResponse:
    row = the_session(request, session, Act.ADD)
    form = StepForm(request.POST)
    sent = form.cleaned_data.get("submission") if form.is_valid() else None
    if attempt(
        form,
        lambda: narrow_touch(by=actor(request), at=now(), course=row.course, session=row, submission=sent),
    ):
        messages.success(request, _("No touch from now on."))
    return redirect("rooms-session", session=row.id)
