"""Addresses of the director's desk."""

from __future__ import annotations

from django.urls import path

from openkap.desks.director import views

urlpatterns = [
    path("lead/", views.lead, name="lead"),
    path("lead/trail/", views.trail, name="lead-trail"),
    path("lead/staff/", views.staff_list, name="lead-staff"),
]
