"""Paging by where the last page ended: every row once, whatever the sort and whatever comes in meanwhile."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.http import QueryDict

from stammkunde.core.audit.services import COMMAND
from stammkunde.core.shops import queries, services
from stammkunde.core.shops.models import Token
from stammkunde.faces.dashboard import lists
from stores_and_cast import Cast  # type: ignore[import-not-found]

pytestmark = pytest.mark.django_db
COLUMNS = (
    lists.Column("name", "Name", order="name"),
    lists.Column("expires", "Valid until", order="expires_at"),
    lists.Column("shop", "Shop", order="shop__name"),
    lists.Column("may", "Permissions"),
)


@pytest.fixture
def keys(cast: Cast) -> list[Token]:
    """Make keys of which several have the same name and moment."""
    made = []
    for number in range(23):
        key, _ = services.make_token(
            cast.cheese,
            f"Key {number % 4}",
            permissions={"metrics.read"},
            days=1 + number % 3,
            actor=COMMAND,
        )
        key.expires_at = key.made_at.replace(microsecond=number % 5) + dt.timedelta(days=1)
        key.save()
        made.append(key)
    return made


def walk(cast: Cast, sort: str, size: int, between: Any = None) -> list[Token]:
    seen: list[Token] = []
    asked = QueryDict(f"sort={sort}")
    while True:
        listing = lists.page(queries.tokens(cast.cheese), COLUMNS, asked, size=size)
        seen += listing.rows
        if listing.next_url is None:
            return seen
        asked = QueryDict(listing.next_url.removeprefix("?"))
        if between:
            between()


@pytest.mark.parametrize("sort", ["", "name", "-name", "expires", "-expires", "shop", "may"])
@pytest.mark.parametrize("size", [1, 7, 23])
def test_every_row_comes_once_in_order(cast: Cast, keys: list[Token], sort: str, size: int) -> None:
    seen = walk(cast, sort, size)

    assert sorted(key.pk for key in seen) == [key.pk for key in keys]
    values = {
        "name": lambda key: (key.name, key.pk),
        "expires": lambda key: (key.expires_at, key.pk),
    }.get(sort.removeprefix("-"))
    if values:
        assert [values(key) for key in seen] == sorted(
            map(values, seen), reverse=sort.startswith("-")
        )


def test_what_comes_in_meanwhile_repeats_nothing(cast: Cast, keys: list[Token]) -> None:
    def another() -> None:
        services.make_token(cast.cheese, "A", permissions={"metrics.read"}, days=1, actor=COMMAND)

    seen = [key.pk for key in walk(cast, "name", 5, between=another)]

    assert len(seen) == len(set(seen)) == len(keys)


@pytest.mark.parametrize("after", ["nonsense", "a:b:c", ""])
def test_a_made_up_mark_shows_the_beginning(cast: Cast, keys: list[Token], after: str) -> None:
    asked = QueryDict(mutable=True)
    asked["after"] = after
    listing = lists.page(queries.tokens(cast.cheese), COLUMNS, asked, size=5)

    assert not listing.has_before
    assert [key.pk for key in listing.rows] == [key.pk for key in reversed(keys[-5:])]


def test_a_mark_of_another_sort_shows_the_beginning(cast: Cast, keys: list[Token]) -> None:
    by_name = lists.page(queries.tokens(cast.cheese), COLUMNS, QueryDict("sort=name"), size=5)
    turned = QueryDict(str(by_name.next_url).removeprefix("?").replace("sort=name", "sort=-name"))

    assert not lists.page(queries.tokens(cast.cheese), COLUMNS, turned, size=5).has_before


def test_heads_lead_to_the_other_way_round(cast: Cast, keys: list[Token]) -> None:
    listing = lists.page(queries.tokens(cast.cheese), COLUMNS, QueryDict("sort=name&x=1"))
    name, expires, _shop, may = listing.columns

    assert (name.sorted, name.url) == ("ascending", "?x=1&sort=-name")
    assert (expires.sorted, expires.url) == (None, "?x=1&sort=expires")
    assert may.url is None
