"""Addresses for everyone."""

from __future__ import annotations

from django.urls import path

from openkap.desks.public import ask, evidence, health, selfcheck, views

urlpatterns = [
    path("", views.home, name="public-home"),
    path("at/<slug:slug>/", views.front, name="public-front"),
    path("evidence/", evidence.evidence, name="evidence"),
    path("at/<slug:slug>/evidence/", evidence.evidence, name="public-evidence"),
    path("at/<slug:slug>/self-check/", selfcheck.self_check, name="public-self-check"),
    path("at/<slug:slug>/ask/", ask.ask, name="public-ask"),
    path("at/<slug:slug>/asked/", ask.asked, name="public-asked"),
    path("health/live", health.live, name="health-live"),
    path("health/ready", health.ready, name="health-ready"),
    path("csp-report/", health.csp_report, name="csp-report"),
]
