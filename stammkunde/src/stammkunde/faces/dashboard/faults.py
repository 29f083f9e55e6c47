"""Pages for what went wrong."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string


def server_error(_request: HttpRequest) -> HttpResponse:
    """Say that the fault is ours; ask neither the session nor the store, which may be what failed."""
    return HttpResponse(render_to_string("500.html"), status=500)
