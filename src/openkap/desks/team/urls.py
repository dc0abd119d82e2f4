"""Addresses of a course's way, and of the page around a dose."""

from __future__ import annotations

from django.urls import path

from openkap.desks.team import around, event, way

urlpatterns = [
    path("team/courses/<uuid:course>/way/", way.way, name="team-way"),
    path("team/courses/<uuid:course>/therapist/", way.therapist, name="team-therapist"),
    path("team/courses/<uuid:course>/enrollment/", way.enrolment, name="team-enrolment"),
    path("team/doses/<uuid:session>/", around.dose, name="team-dose"),
    path("team/doses/<uuid:session>/in/", around.come, name="team-in"),
    path("team/doses/<uuid:session>/out/", around.go, name="team-out"),
    path("team/doses/<uuid:session>/before/", around.before, name="team-before"),
    path("team/doses/<uuid:session>/after/", around.after, name="team-after"),
    path("team/doses/<uuid:session>/read/<slug:which>/", around.read, name="team-read"),
    path("team/doses/<uuid:session>/note/", around.note, name="team-note"),
    path("team/doses/<uuid:session>/event/", event.event, name="team-event"),
    path("team/doses/<uuid:session>/sent/", around.sent, name="team-sent"),
]
