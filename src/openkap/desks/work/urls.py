"""Addresses of the work list."""

from __future__ import annotations

from django.urls import path

from openkap.desks.work import views

urlpatterns = [
    path("work/", views.work, name="care-work"),
    path("work/<uuid:task>/done/", views.done, name="care-work-done"),
]
