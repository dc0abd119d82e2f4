"""Addresses of the patient's desk, under /me/. Those of a link need no sign-in: the link is held."""

from __future__ import annotations

from django.urls import path

from openkap.desks.patient import about, consent, forms, home, invite, links, sharing

urlpatterns = [
    path("", home.home, name="me-home"),
    path("consent/", consent.consent, name="me-consent"),
    path("documents/", consent.documents, name="me-documents"),
    path("documents/<uuid:signature>/", consent.document, name="me-document"),
    path("forms/", forms.forms, name="me-forms"),
    path("forms/<uuid:course>/<slug:instrument>/<slug:point>/", forms.form, name="me-form"),
    path("sharing/", sharing.sharing, name="me-sharing"),
    path("sharing/new/", sharing.new, name="me-sharing-new"),
    path("sharing/invite/", invite.invite, name="me-invite"),
    path("sharing/invitations/<uuid:invitation>/", invite.invitation, name="me-invitation"),
    path("sharing/invitations/<uuid:invitation>/end/", invite.end, name="me-invitation-end"),
    path("sharing/invitations/<uuid:invitation>/again/", invite.again, name="me-invitation-again"),
    path("sharing/<uuid:grant>/", sharing.change, name="me-sharing-change"),
    path("sharing/<uuid:grant>/stop/", sharing.stop, name="me-sharing-stop"),
    path("sharing/<uuid:grant>/again/", sharing.again, name="me-sharing-again"),
    path("looked/", about.looked, name="me-looked"),
    path("outcome/", about.outcome, name="me-outcome"),
    path("by-link/consent/", links.consent, name="link-consent"),
    path("by-link/form/", links.measure, name="link-measure"),
    path("by-link/skip/", links.skip, name="link-skip"),
    path("by-link/done/", links.done, name="link-done"),
]
