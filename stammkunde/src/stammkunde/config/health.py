"""`/health/` for whoever watches the product: does it answer, and does its database?

It stands before everything else: it asks for no host name, no encryption and no session, since a load
balancer has none of them, and says nothing that a stranger may not know.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse

PATH = "/health/"
log = logging.getLogger("stammkunde.health")


class Middleware:
    """Answers the one address, and leaves all others alone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info != PATH:
            return self.get_response(request)
        answers = _database_answers()
        answer = JsonResponse(
            {"status": "ok" if answers else "unavailable"}, status=200 if answers else 503
        )
        answer["Cache-Control"] = "no-store"
        return answer


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            # Of a table of ours: an empty file in place of a lost one answers as well.
            cursor.execute("SELECT 1 FROM django_migrations LIMIT 1")
    except DatabaseError as fault:
        log.warning("The database does not answer (%s).", type(fault).__name__)
        return False
    return True
