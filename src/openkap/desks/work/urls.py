"""Addresses of the work list."""

from __future__ import annotations

from django.urls import path

from openkap.desks.work import alert, answers, cover, entries, license, licenses, on_call, plan, views

urlpatterns = [
    path("my-work/", views.work, name="care-work"),
    path("my-work/entries/<uuid:shared>/", entries.entry, name="shared-entry"),
    path("answers/<uuid:course>/", answers.answers, name="form-answers"),
    path("account/licenses/", licenses.mine, name="account-licenses"),
    path("account/licenses/<uuid:credential>/", licenses.correct, name="account-license"),
    path("my-work/<uuid:task>/license/", license.license_check, name="care-license"),
    path("my-work/<uuid:task>/done/", views.done, name="care-work-done"),
    path("my-work/<uuid:task>/take/", views.take, name="care-work-take"),
    path("my-work/<uuid:task>/hand-over/", views.hand_over, name="care-work-hand-over"),
    path("my-work/plans/<uuid:course>/", plan.plan, name="safety-plan"),
    path("my-work/plans/<uuid:course>/reviewed/", plan.reviewed, name="safety-plan-reviewed"),
    path("my-work/<uuid:task>/", alert.alert, name="care-alert"),
    path("my-work/<uuid:task>/close/", alert.close, name="care-alert-close"),
    path("my-work/<uuid:task>/tried/", alert.tried, name="care-alert-tried"),
    path("my-work/on-call/cover/", on_call.cover, name="care-on-call-cover"),
    path("my-work/on-call/cover/<uuid:row>/end/", cover.end, name="care-on-call-cover-end"),
    path("my-work/on-call/", on_call.on_call, name="care-on-call"),
    path("my-work/on-call/<uuid:row>/end/", on_call.end, name="care-on-call-end"),
]
