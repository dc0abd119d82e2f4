"""Addresses of the therapist's desk, under /practice/, and of joining a course."""

from __future__ import annotations

from django.urls import path

from openkap.desks.therapist import join, notes, person, shown, today

urlpatterns = [
    path("join/<str:token>/", join.join, name="join"),
    path("practice/", today.today, name="practice-today"),
    path("practice/windows/", today.windows, name="practice-windows"),
    path("practice/people/", today.people, name="practice-people"),
    path("practice/people/<uuid:file>/", person.person, name="practice-person"),
    path("practice/people/<uuid:file>/shown/", shown.shown, name="practice-shown"),
    path("practice/people/<uuid:file>/hold/", person.hold, name="practice-hold"),
    path("practice/sessions/<uuid:session>/note/", notes.note, name="practice-note"),
]
