"""Counts every request, and answers `/metrics` to whoever knows the token.

It stands before everything else, as `/health/` does: who scrapes from this machine has no host name of ours
and no encryption. Without a token in the environment there is no such address.
"""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

from stammkunde.faces.watching import counts, exposition, gauges

PATH = "/metrics"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
NOBODYS = "unmatched"
# Answered before there are routes.
HEALTH = "/health/"
log = logging.getLogger("stammkunde.watching")


class Middleware:
    """Counts, and answers the one address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not settings.METRICS_TOKEN:
            raise MiddlewareNotUsed
        self.get_response = get_response
        self.counts = counts.of_this_process()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info == PATH:
            return self._told(request)
        began = time.perf_counter()
        answer = self.get_response(request)
        # What a method is called is up to the caller; it must not make a series of its own.
        method = request.method if request.method in METHODS else "other"
        key = (_route(request), method or "other", str(answer.status_code))
        self.counts.observe(key, time.perf_counter() - began)
        return answer

    def _told(self, request: HttpRequest) -> HttpResponse:
        if not _knows_token(request):
            return _plain("A token is needed.\n", 401, {"WWW-Authenticate": "Bearer"})
        if request.method not in ("GET", "HEAD"):
            return _plain("Read only.\n", 405, {"Allow": "GET, HEAD"})
        try:
            text = exposition.text(gauges.families(self.counts))
        except DatabaseError as fault:
            log.warning("The database does not answer (%s).", type(fault).__name__)
            return _plain("The database does not answer.\n", 503, {})
        return HttpResponse(
            text, content_type=exposition.CONTENT_TYPE, headers={"Cache-Control": "no-store"}
        )


def _knows_token(request: HttpRequest) -> bool:
    scheme, _blank, said = request.headers.get("Authorization", "").partition(" ")
    given = said.strip().encode("utf-8", "replace")
    # In a time that tells nobody how much of it was right.
    is_right = secrets.compare_digest(given, settings.METRICS_TOKEN.encode())
    return is_right and scheme.lower() == "bearer"


def _route(request: HttpRequest) -> str:
    """Return the route that answered: as many as there are views, never an address somebody made up."""
    if request.path_info.startswith(f"/{settings.STATIC_URL.strip('/')}/"):
        return "static"
    if request.path_info == HEALTH:
        return HEALTH
    match = getattr(request, "resolver_match", None)
    return f"/{match.route}" if match else NOBODYS


def _plain(text: str, status: int, headers: dict[str, str]) -> HttpResponse:
    return HttpResponse(
        text, status=status, content_type="text/plain; charset=utf-8",
        headers={**headers, "Cache-Control": "no-store"},
    )  # fmt: skip
