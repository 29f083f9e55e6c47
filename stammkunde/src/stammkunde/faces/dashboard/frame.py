"""What every page shows around its content, whoever made the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from stammkunde.core.people.models import Person
from stammkunde.core.shops import queries
from stammkunde.faces.dashboard import navigation


@dataclass(frozen=True)
class Place:
    """A shop that somebody can go to, on the page that they are on."""

    shop_id: int
    name: str
    url: str
    role: str


def context(request: HttpRequest) -> dict[str, Any]:
    """Return the shops of whoever is signed in (asked for when shown), and what is offered here."""
    return {
        "my_shops": SimpleLazyObject(lambda: _shops(request)),
        "languages": settings.LANGUAGES,
        "sends_mail": "dummy" not in settings.EMAIL_BACKEND,
    }


def _shops(request: HttpRequest) -> list[Place]:
    person, match = request.user, request.resolver_match
    if not isinstance(person, Person):
        return []
    page = (match.url_name if match else None) or ""
    return [
        Place(
            each.shop_id,
            each.shop.name,
            navigation.elsewhere(each.shop.slug, each.role, page, request.GET),  # type: ignore[arg-type]  # the database checks roles
            each.get_role_display(),
        )
        for each in queries.of(person)
    ]
