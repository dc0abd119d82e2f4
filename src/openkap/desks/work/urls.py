"""Addresses of the work list."""

from __future__ import annotations

from django.urls import path

from openkap.desks.work import entries, license, on_call, views

urlpatterns = [
    path("work/", views.work, name="care-work"),
    path("work/entries/<uuid:shared>/", entries.entry, name="shared-entry"),
    path("work/<uuid:task>/license/", license.license_check, name="care-license"),
    path("work/<uuid:task>/done/", views.done, name="care-work-done"),
    path("work/<uuid:task>/take/", views.take, name="care-work-take"),
    path("work/<uuid:task>/hand-over/", views.hand_over, name="care-work-hand-over"),
    path("work/on-call/", on_call.on_call, name="care-on-call"),
    path("work/on-call/<uuid:row>/end/", on_call.end, name="care-on-call-end"),
]
