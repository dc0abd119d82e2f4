"""The session's own pages: lock and unlock, stay, sign out, begin, change hats, and what was kept.

Decided here: a locked session is opened again by what opened it: a password, a new code, or on a
demonstration site a button. It comes back to the page it left, with what was being sent.
"""

from __future__ import annotations

from urllib.parse import urlencode

from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.contrib.auth import authenticate, logout
from django.contrib.auth.signals import user_logged_in
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from openkap.door.adapter import HAT_COOKIE
from openkap.door.context import acting
from openkap.door.enter import anyone, is_nobody
from openkap.door.hats import Hat, hat_named
from openkap.door.idle import LOCK_ADDRESS, act, is_background, lock_address
from openkap.door.kept import kept_named, let_go
from openkap.door.page import actor, now
from openkap.door.trouble import locked_out
from openkap.door.who import HAT, LOCKED, PERSON, SIGN_IN, STRONG, actor_of, empty, nobody, wear
from openkap.reads.patient_home import practice_of
from openkap.records.models import Person, User
from openkap.records.site import is_demonstration
from openkap.steps.arrive import arrive, leave

YEAR_S = 365 * 24 * 3600


def way_back(request: HttpRequest, otherwise: str = "") -> str:
    """Where `next` says to go, if that is a page of this site."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure()):
        return wanted
    return otherwise or reverse("start")


@anyone
@require_POST
def session_act(request: HttpRequest) -> HttpResponse:
    """A person moved on an open page. 423 where the session has locked meanwhile.

    Sent as background it only asks: a quiet window learns whether another one is still in use.
    """
    if request.session.get(LOCKED):
        return HttpResponse(status=423, headers={LOCK_ADDRESS: lock_address(request)})
    if request.session.get(PERSON) and not is_background(request):
        act(request, now())
    return HttpResponse(status=204)


@anyone
@require_POST
def session_lock(request: HttpRequest) -> HttpResponse:
    """Lock now. The key changes, so that nothing still under way can open it again."""
    if request.session.get(PERSON) and not request.session.get(LOCKED):
        leave(by=actor(request), at=now(), how="locked")
        request.session.cycle_key()
        request.session[LOCKED] = True
        request.actor = nobody(request)  # type: ignore[attr-defined]
    return HttpResponseRedirect(reverse("lock") + "?" + urlencode({"next": way_back(request)}))


@anyone
@require_http_methods(["GET", "POST"])
def lock(request: HttpRequest) -> HttpResponse:
    """The lock page, and opening it again."""
    known = request.session.get(PERSON)
    person = Person.objects.filter(id=known).first() if known else None
    if person is None:
        return HttpResponseRedirect(reverse("account_login"))
    if not request.session.get(LOCKED):
        return HttpResponseRedirect(_after(request))
    user = User.objects.filter(person=person).first()
    demonstration = is_demonstration()
    error = ""
    if request.method == "POST":
        if demonstration and request.POST.get("as") == "persona":
            return _open_again(request, person, "persona")
        if user is not None and not AxesProxyHandler.is_allowed(request, {"email": user.email}):
            return locked_out(request)
        if user is not None and _knows_password(request, user):
            return _open_again(request, person, "password")
        error = _("That is not the password. Try again; after five tries it closes for 15 minutes.")
    words = {
        "person": person,
        "by_password": user is not None and request.session.get(HAT) != "patient",
        "demonstration": demonstration,
        "error": error,
        "next": way_back(request),
        "kept": request.POST.get("kept") or request.GET.get("kept") or "",
    }
    return render(request, "door/lock.html", words, status=422 if error else 200)


def _knows_password(request: HttpRequest, user: User) -> bool:
    found = authenticate(request, email=user.email, password=request.POST.get("password", ""))
    return found is not None and found.pk == user.pk


def _open_again(request: HttpRequest, person: Person, how: str) -> HttpResponse:
    session = request.session
    wear(request, person, session[HAT], strong=bool(session.get(STRONG)), at=now())
    if how == "password":
        # What counts failed tries starts again from none; nobody is signed in a second time.
        user_logged_in.send(sender=User, request=request, user=User.objects.get(person=person))
    arrive(by=actor(request), at=now(), how=f"unlock.{how}")
    return HttpResponseRedirect(_after(request))


def _after(request: HttpRequest) -> str:
    """To what was kept if anything was, else back to the page."""
    name = request.POST.get("kept") or request.GET.get("kept") or ""
    if name and kept_named(request, name):
        return reverse("kept", args=[name]) + "?" + urlencode({"next": way_back(request)})
    return way_back(request)


@anyone
@require_http_methods(["GET", "POST"])
def kept(request: HttpRequest, name: str) -> HttpResponse:
    """What was being sent when the session locked: send it now, or let it go."""
    found = kept_named(request, name) if not is_nobody(actor(request)) else None
    if found is None:
        raise Http404
    if request.method == "POST":
        let_go(request, name)
        return HttpResponseRedirect(way_back(request))
    return render(request, "door/kept.html", {"found": found, "next": way_back(request)})


@anyone
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this session, whoever it was."""
    by = actor_of(request)
    if not is_nobody(by) and by.person is not None:
        leave(by=by, at=now(), how="signed_out", sign_in=request.session.get(SIGN_IN))
    logout(request)
    empty(request)
    response = HttpResponseRedirect("/")
    if by.as_patient:
        response.headers["Clear-Site-Data"] = '"storage"'  # own words on this phone, and its worker
    return response


@anyone
def start(request: HttpRequest) -> HttpResponse:
    """The first page of whoever this is."""
    who = acting(request)
    if who.nobody and request.user.is_authenticated:
        return render(request, "door/hat.html", {"offered": ()})  # signed in, and without a role
    if who.nobody:
        return HttpResponseRedirect(reverse("account_login"))
    if who.staff and not actor(request).strong:
        return HttpResponseRedirect(reverse("mfa_index"))
    if who.nav:
        return HttpResponseRedirect(who.nav[0].url)
    return HttpResponseRedirect(reverse("hat"))


@anyone
def menu(request: HttpRequest) -> HttpResponse:
    """Where a phone has no room for it: every place to go, and the way out."""
    if acting(request).nobody:
        return HttpResponseRedirect(reverse("account_login"))
    by = actor(request)
    person = Person.objects.filter(id=by.person).first() if by.as_patient and by.person else None
    return render(request, "door/menu.html", {"practice": practice_of(person) if person else None})


@anyone
@require_http_methods(["GET", "POST"])
def hat(request: HttpRequest) -> HttpResponse:
    """Choose as whom to act: one of one's own organisations, or oneself as a patient."""
    by = actor(request)
    if is_nobody(by) or by.person is None or acting(request).link:
        return HttpResponseRedirect(reverse("account_login"))
    offered = may_wear(request)
    if request.method == "POST":
        chosen = hat_named(offered, request.POST.get("hat"))
        if chosen is None:
            raise Http404
        return put_on(request, Person.objects.get(id=by.person), chosen, "hat")
    return render(request, "door/hat.html", {"offered": offered})


def may_wear(request: HttpRequest) -> tuple[Hat, ...]:
    """A session opened by a patient's link wears that hat alone: staff sign in with a password."""
    hats = acting(request).hats
    return hats if actor(request).strong else tuple(h for h in hats if h.key == request.session.get(HAT))


def put_on(request: HttpRequest, person: Person, chosen: Hat, how: str) -> HttpResponse:
    """Wear this hat, remember it in this browser, and begin."""
    wear(request, person, chosen.key, strong=how == "persona" or actor(request).strong, at=now(), how=how)
    arrive(by=actor(request), at=now(), how=how)
    response = HttpResponseRedirect(reverse("start"))
    response.set_cookie(
        HAT_COOKIE,
        chosen.key,
        max_age=YEAR_S,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response
