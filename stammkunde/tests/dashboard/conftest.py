"""Browsers without a window: one for each of the cast, signed in and reading English."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from stammkunde.core.people.models import Person

SignIn = Callable[..., Client]
PASSWORD = "a sentence only one of them thinks of"  # noqa: S105 - of people who do not exist


@pytest.fixture
def as_(db: None) -> SignIn:
    """Return a function that gives a browser in which a person is signed in."""

    def sign_in(person: Person, *, language: str = "en") -> Client:
        Person.objects.filter(pk=person.pk).update(language=language)
        client = Client()
        client.force_login(person)
        return client

    return sign_in


@pytest.fixture(autouse=True)
def quick_passwords(settings: Any) -> None:
    """Spare each test the second that a good hash takes."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def no_limits_left(request: pytest.FixtureRequest) -> None:
    """Begin with nothing counted against anybody."""
    if "db" in request.fixturenames:
        cache.clear()
