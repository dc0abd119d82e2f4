"""Addresses of the therapist's desk, under /practice/."""

from __future__ import annotations

from django.urls import path

from openkap.desks.therapist import notes, person, today

urlpatterns = [
    path("", today.today, name="practice-today"),
    path("windows/", today.windows, name="practice-windows"),
    path("people/", today.people, name="practice-people"),
    path("people/<uuid:file>/", person.person, name="practice-person"),
    path("people/<uuid:file>/hold/", person.hold, name="practice-hold"),
    path("sessions/<uuid:session>/note/", notes.note, name="practice-note"),
]
