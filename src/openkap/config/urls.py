"""Every address. Each desk keeps its own; the names are the access matrix's list."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("openkap.door.urls")),
    path("", include("openkap.desks.public.urls")),
    path("", include("openkap.desks.demo.urls")),
    path("me/", include("openkap.desks.patient.urls")),
    path("", include("openkap.desks.therapist.urls")),
    path("", include("openkap.desks.office.urls")),
    path("", include("openkap.desks.clinic.urls")),
    path("", include("openkap.desks.director.urls")),
    path("", include("openkap.desks.work.urls")),
    path("", include("openkap.desks.calendar.urls")),
    path("", include("openkap.desks.team.urls")),
    path("", include("openkap.desks.floor.urls")),
]

handler400 = "openkap.door.trouble.not_understood"
handler403 = "openkap.door.trouble.forbidden"
handler404 = "openkap.door.trouble.not_here"
handler500 = "openkap.door.trouble.broken"
