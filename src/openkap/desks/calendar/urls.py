"""Addresses of the calendar."""

from __future__ import annotations

from django.urls import path

from openkap.desks.calendar import answers, book, session, week

urlpatterns = [
    path("calendar/", week.week, name="calendar"),
    path("calendar/courses/<uuid:course>/dose/", book.dose, name="calendar-dose"),
    path("calendar/sessions/<uuid:session>/", session.session, name="calendar-session"),
    path("calendar/sessions/<uuid:session>/move/", session.move, name="calendar-move"),
    path("calendar/sessions/<uuid:session>/cancel/", session.cancel, name="calendar-cancel"),
    path("calendar/sessions/<uuid:session>/missed/", session.missed, name="calendar-missed"),
    path("calendar/sessions/<uuid:session>/arrived/", session.arrived, name="calendar-arrived"),
    path("calendar/sessions/<uuid:session>/longer/", session.longer, name="calendar-longer"),
    path("calendar/sessions/<uuid:session>/hold/", session.hold, name="calendar-hold"),
    path("calendar/sessions/<uuid:session>/escort/", session.escort, name="calendar-escort"),
    path("calendar/escorts/<uuid:escort>/yes/", session.escort_yes, name="calendar-escort-yes"),
    path("calendar/proposals/", answers.proposals, name="calendar-proposals"),
    path("calendar/proposals/<uuid:proposal>/", answers.proposal, name="calendar-proposal"),
]
