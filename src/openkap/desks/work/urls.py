"""Addresses of the work list."""

from __future__ import annotations

from django.urls import path

from openkap.desks.work import answers, entries, license, on_call, views

urlpatterns = [
    path("my-work/", views.work, name="care-work"),
    path("my-work/entries/<uuid:shared>/", entries.entry, name="shared-entry"),
    path("answers/<uuid:course>/", answers.answers, name="form-answers"),
    path("my-work/<uuid:task>/license/", license.license_check, name="care-license"),
    path("my-work/<uuid:task>/done/", views.done, name="care-work-done"),
    path("my-work/<uuid:task>/take/", views.take, name="care-work-take"),
    path("my-work/<uuid:task>/hand-over/", views.hand_over, name="care-work-hand-over"),
    path("my-work/on-call/", on_call.on_call, name="care-on-call"),
    path("my-work/on-call/<uuid:row>/end/", on_call.end, name="care-on-call-end"),
]
