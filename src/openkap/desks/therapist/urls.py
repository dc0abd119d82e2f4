"""Addresses of the therapist's desk, under /practice/, and of joining a course."""

from __future__ import annotations

from django.urls import path

from openkap.desks.therapist import join, notes, person, preparation, process, shown, small_things, today

urlpatterns = [
    path("join/<str:token>/", join.join, name="join"),
    path("practice/", today.today, name="practice-today"),
    path("practice/windows/", today.windows, name="practice-windows"),
    path("practice/people/", today.people, name="practice-people"),
    path("practice/people/<uuid:file>/", person.person, name="practice-person"),
    path("practice/people/<uuid:file>/shown/", shown.shown, name="practice-shown"),
    path("practice/people/<uuid:file>/small-things/", small_things.things, name="practice-things"),
    path("practice/small-things/<uuid:thing>/end/", small_things.end, name="practice-things-end"),
    path("practice/people/<uuid:file>/hold/", person.hold, name="practice-hold"),
    path("practice/people/<uuid:file>/preparation/", preparation.preparation, name="practice-preparation"),
    path(
        "practice/people/<uuid:file>/preparation/draft/",
        preparation.preparation_draft,
        name="practice-preparation-draft",
    ),
    path(
        "practice/people/<uuid:file>/preparation/plan/",
        preparation.meet,
        name="practice-preparation-plan",
    ),
    path("practice/people/<uuid:file>/touch/", preparation.touch, name="practice-touch"),
    path("practice/people/<uuid:file>/process/", process.process, name="practice-process"),
    path("practice/people/<uuid:file>/process/draft/", process.process_draft, name="practice-process-draft"),
    path("practice/people/<uuid:file>/process/download/", process.process_take, name="practice-process-take"),
    path("practice/sessions/<uuid:session>/note/", notes.note, name="practice-note"),
    path("practice/sessions/<uuid:session>/note/draft/", notes.note_draft, name="practice-note-draft"),
    path("practice/sessions/<uuid:session>/arrived/", preparation.arrived, name="practice-arrived"),
    path("practice/sessions/<uuid:session>/held/", preparation.held, name="practice-held"),
]
