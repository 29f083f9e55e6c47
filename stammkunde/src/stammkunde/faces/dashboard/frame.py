"""What every page shows around its content, whoever made the page."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from stammkunde.core.people.models import Person
from stammkunde.core.shops import queries
from stammkunde.core.shops.models import Membership


def context(request: HttpRequest) -> dict[str, Any]:
    """Return the shops of whoever is signed in (asked for when shown), and what is offered here."""
    return {
        "my_shops": SimpleLazyObject(lambda: _shops(request)),
        "languages": settings.LANGUAGES,
        "sends_mail": "dummy" not in settings.EMAIL_BACKEND,
    }


def _shops(request: HttpRequest) -> list[Membership]:
    person = request.user
    return list(queries.of(person)) if isinstance(person, Person) else []
