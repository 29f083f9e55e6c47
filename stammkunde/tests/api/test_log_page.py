"""What programs write stands in the activity log for people."""

from __future__ import annotations

import pytest
from django.test import Client

from api.conftest import MakeProgram, told
from stammkunde.core.people.models import Person
from stores_and_cast import Cast  # type: ignore[import-not-found]

pytestmark = pytest.mark.django_db


def test_rows_of_programs_are_told_in_words(cast: Cast, program: MakeProgram) -> None:
    asking = program(cast.cheese)
    row = {"created_at": "2026-01-05T09:00:00Z", "qualified": True}
    told(asking.ask("POST", "/customers/batch", {"rows": [{"email": "anna@example.com"}]}))
    told(asking.ask("PUT", "/leads/shop/L1", row), 201)
    told(asking.ask("DELETE", "/leads/shop/L1"))

    Person.objects.filter(pk=cast.olga.pk).update(language="en")
    client = Client()
    client.force_login(cast.olga)
    page = client.get(f"/{cast.cheese.slug}/log/")

    assert page.status_code == 200
    shown = page.content.decode()
    assert "Records written by a program" in shown
    assert "Customers new" in shown
    assert "Leads new" in shown
