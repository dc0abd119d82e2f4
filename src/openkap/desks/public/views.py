"""The public home: what this is, where to sign in, where help is. No one's data."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from openkap.door.enter import anyone


@anyone
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "public/home.html")
