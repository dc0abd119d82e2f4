"""How staff sign in: allauth's pages with our frame, closed to a name after five failed tries.

Decided here: a name is closed for the address it is tried from, for 15 minutes, and says so (429): not
for everyone, so that nobody can be kept out of a clinic from outside.
"""

from __future__ import annotations

from typing import Any

from allauth.account.views import AccountInactiveView, LoginView
from allauth.mfa.base.views import AuthenticateView
from axes.handlers.proxy import AxesProxyHandler
from django.http import HttpRequest, HttpResponseBase

from openkap.door.adapter import name_tried
from openkap.door.context import SiteShown
from openkap.door.trouble import locked_out


class SignInView(LoginView):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST" and not AxesProxyHandler.is_allowed(
            request, {"email": name_tried(request)}
        ):
            return locked_out(request)
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # The package names its own `site` here, which would hide whether this is a demonstration.
        return {**super().get_context_data(**kwargs), "site": SiteShown(self.request)}


class SecondFactorView(AuthenticateView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "site": SiteShown(self.request)}


class ClosedView(AccountInactiveView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "site": SiteShown(self.request)}
