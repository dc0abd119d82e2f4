"""Addresses of the director's desk."""

from __future__ import annotations

from django.urls import path

from openkap.desks.director import (
    certification,
    law,
    leaving,
    license,
    practice,
    rules,
    running,
    staff,
    views,
)

urlpatterns = [
    path("lead/", views.lead, name="lead"),
    path("lead/trail/", views.trail, name="lead-trail"),
    path("lead/rules/", rules.rules, name="lead-rules"),
    path("lead/rules/all/", law.rules_desk, name="lead-law"),
    path("lead/rules/history/", law.law_history, name="lead-law-history"),
    path("lead/rules/all/<slug:rule>/", law.rule, name="lead-rule"),
    path("lead/rules/all/<slug:rule>/sign/", law.sign, name="lead-rule-sign"),
    path("lead/rules/changes/<uuid:change>/<slug:act>/", law.settle, name="lead-rule-settle"),
    path("lead/rules/<slug:route>/", rules.route, name="lead-route"),
    path("lead/rules/<slug:route>/sign/", rules.sign, name="lead-sign"),
    path("lead/rules/<slug:route>/withdraw/", rules.withdraw, name="lead-withdraw"),
    path("lead/certification/", certification.certification, name="lead-certification"),
    path("lead/overrides/", rules.overrides, name="lead-overrides"),
    path("lead/overrides/print/", rules.overrides_paper, name="lead-overrides-print"),
    path("lead/before-care/", practice.before_care, name="lead-before-care"),
    path("lead/practice/", practice.practice, name="lead-practice"),
    path("lead/consent/", practice.documents, name="lead-consent"),
    path("lead/consent/<slug:route>/", practice.document, name="lead-consent-document"),
    path("lead/running/", running.running, name="lead-running"),
    path("lead/running/mail/<uuid:mail>/again/", running.again, name="lead-mail-again"),
    path("lead/staff/", staff.staff_list, name="lead-staff"),
    path("lead/staff/invite/", staff.invite, name="lead-staff-invite"),
    path("lead/staff/invitations/<uuid:invitation>/", staff.invitation, name="lead-staff-invitation"),
    path("lead/staff/leaving/<uuid:departure>/stays/", leaving.stays, name="lead-staff-stays"),
    path("lead/staff/licenses/<uuid:asked>/", license.look, name="lead-staff-license"),
    path("lead/staff/<uuid:person>/", staff.person, name="lead-staff-person"),
    path("lead/staff/<uuid:person>/holds/", leaving.work, name="lead-staff-work"),
    path("lead/staff/<uuid:person>/let-in/", leaving.let_in, name="lead-staff-let-in"),
]
