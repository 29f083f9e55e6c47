"""The way in: one's shops, or straight into the only one."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from stammkunde.core.shops import queries
from stammkunde.faces.dashboard import access


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Show the shops of the person."""
    return render(request, "home.html", {"memberships": queries.of(access.signed_in(request))})
