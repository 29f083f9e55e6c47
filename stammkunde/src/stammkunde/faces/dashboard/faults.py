"""Pages for what went wrong."""

from __future__ import annotations

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

RETRY_SECONDS = 5


def server_error(_request: HttpRequest) -> HttpResponse:
    """Say what went wrong; ask neither the session nor the store, which may be what failed."""
    if _is_of_store(sys.exception()):
        text = render_to_string("500.html", {"is_store_lost": True})
        return HttpResponse(text, status=503, headers={"Retry-After": str(RETRY_SECONDS)})
    return HttpResponse(render_to_string("500.html"), status=500)


def _is_of_store(fault: BaseException | None) -> bool:
    """Return whether a fault is one of the store: gone, restarting, or too busy to answer."""
    while fault is not None:
        if isinstance(fault, OperationalError | InterfaceError):
            return True
        fault = fault.__cause__ or fault.__context__
    return False
