"""Addresses of the door: signing in and out, the second factor, the lock, hats, personal links.

There is no signing up: staff are invited. Names beginning `account_` and `mfa_` are asked for by allauth.
"""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkey
from django.urls import path

from openkap.door import account as own
from openkap.door import installed, joining, links, paper, session, signin
from openkap.door.language import language
from openkap.door.look import look
from openkap.door.stream import stream

urlpatterns = [
    path("sign-in/", signin.SignInView.as_view(), name="account_login"),
    path("sign-in/again/", account.reauthenticate, name="account_reauthenticate"),
    path("sign-in/closed/", signin.ClosedView.as_view(), name="account_inactive"),
    path("sign-in/second-factor/", signin.SecondFactorView.as_view(), name="mfa_authenticate"),
    path("sign-in/code/", links.code, name="sign-in-code"),
    path("sign-in/code/send/", links.ask, name="sign-in-ask"),
    path("sign-out/", session.sign_out, name="sign-out"),
    path("second-factor/", mfa.index, name="mfa_index"),
    path("second-factor/again/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("second-factor/app/", totp.activate_totp, name="mfa_activate_totp"),
    path("second-factor/app/remove/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("second-factor/codes/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("second-factor/codes/new/", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("second-factor/passkeys/", passkey.list_webauthn, name="mfa_list_webauthn"),
    path("second-factor/passkeys/add/", passkey.add_webauthn, name="mfa_add_webauthn"),
    path(
        "second-factor/passkeys/again/", passkey.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"
    ),
    path("second-factor/passkeys/<int:pk>/remove/", passkey.remove_webauthn, name="mfa_remove_webauthn"),
    path("second-factor/passkeys/<int:pk>/name/", passkey.edit_webauthn, name="mfa_edit_webauthn"),
    path("account/", own.account, name="account"),
    path("account/look/", look, name="account-look"),
    path("account/everywhere/end/", own.end_all, name="account-end-all"),
    path("account/password/", own.password, name="account-password"),
    path("account/<uuid:sign_in>/end/", own.end_one, name="account-end"),
    path("staff/join/<str:token>/", joining.join, name="staff-join"),
    path("session/act", session.session_act, name="session-act"),
    path("session/lock", session.session_lock, name="session-lock"),
    path("lock/", session.lock, name="lock"),
    path("kept/<str:name>/", session.kept, name="kept"),
    path("start/", session.start, name="start"),
    path("hat/", session.hat, name="hat"),
    path("menu/", session.menu, name="menu"),
    path("l/", links.again, name="link-again"),
    path("l/<str:token>/", links.link, name="link"),
    path("paper/consent/<uuid:signature>/", paper.consent_paper, name="paper-consent"),
    path("stream/", stream, name="stream"),
    path("language/", language, name="language"),
    path("manifest.webmanifest", installed.manifest, name="manifest"),
    path("service-worker.js", installed.worker, name="service-worker"),
    path("offline/", installed.offline, name="offline"),
]
