"""The way in: one's shops, or straight into the only one."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from stammkunde.core.shops import queries
from stammkunde.faces.dashboard import access


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Show the shops of the person; whoever has one and looks after no others goes straight there."""
    person = access.signed_in(request)
    memberships = list(queries.of(person))
    is_sent_here = request.GET.get("all") is None
    if len(memberships) == 1 and is_sent_here and not person.is_operator:
        return redirect("overview", memberships[0].shop.slug)
    return render(request, "home.html", {"memberships": memberships})
