"""Addresses of the director's desk."""

from __future__ import annotations

from django.urls import path

from openkap.desks.director import rules, views

urlpatterns = [
    path("lead/", views.lead, name="lead"),
    path("lead/trail/", views.trail, name="lead-trail"),
    path("lead/rules/", rules.rules, name="lead-rules"),
    path("lead/rules/<slug:route>/", rules.route, name="lead-route"),
    path("lead/rules/<slug:route>/sign/", rules.sign, name="lead-sign"),
    path("lead/rules/<slug:route>/withdraw/", rules.withdraw, name="lead-withdraw"),
    path("lead/overrides/", rules.overrides, name="lead-overrides"),
    path("lead/overrides/print/", rules.overrides_paper, name="lead-overrides-print"),
    path("lead/staff/", views.staff_list, name="lead-staff"),
]
