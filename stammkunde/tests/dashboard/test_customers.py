"""The list of customers: who may see whom, what is found, how it is sorted, paged and sent."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from kohorte.conditions import judge, parse
from stammkunde.core.audit.models import Event
from stammkunde.core.people.models import Person
from stammkunde.core.shops.models import Shop
from stammkunde.records.customers import conditions, queries, searching, standings
from stammkunde.records.customers.models import Customer, Key
from stores_and_cast import Cast  # type: ignore[import-not-found]

pytestmark = pytest.mark.django_db
LIST = "/kaesehaus/customers/"
SignIn = Callable[[Person], Client]
TODAY = dt.date(2026, 6, 30)


def known(
    shop: Shop, name: str = "", *, number: str = "", email: str = "", **rest: Any
) -> Customer:
    """Let a customer be known."""
    made = Customer.objects.create(shop=shop, name=name, number=number, email=email, **rest)
    for kind, value in (("number", number), ("email", email)):
        if value:
            Key.objects.create(shop=shop, customer=made, kind=kind, value=value, written=value)
    return made


def names(answer: Any) -> list[str]:
    """Return who stands in the list, from top to bottom."""
    found = re.findall(r'<a class="row" href="[^"]*">([^<]*)</a>', answer.content.decode())
    return [unescape(name) for name in found]


def found(shop: Shop, text: str) -> set[str]:
    """Return who is found by a search."""
    matching = queries.of_shop(shop).filter(searching.matching(shop.pk, text))
    return set(matching.values_list("name", flat=True))


class TestWhoSeesWhom:
    @pytest.mark.parametrize(
        "rest", ["", "orders/", "identity/", "privacy/", "erase/", "data/", "join/{other}/"]
    )
    def test_a_customer_of_another_shop_does_not_exist(
        self, cast: Cast, as_: SignIn, rest: str
    ) -> None:
        theirs, ours = known(cast.tea, "Tilo"), known(cast.cheese, "Anna")
        client = as_(cast.olga)

        path = f"{LIST}{theirs.pk}/{rest.format(other=ours.pk)}"

        assert client.post(path).status_code in ((404, 302) if rest == "erase/" else (404,))
        assert client.get(f"{LIST}{theirs.pk}/").status_code == 404
        assert client.get(f"{LIST}{ours.pk}/join/{theirs.pk}/").status_code == 404
        assert "Tilo" not in client.get(LIST).content.decode()
        assert Customer.objects.get(pk=theirs.pk).erased_at is None

    def test_people_of_another_shop_see_no_list(self, cast: Cast, as_: SignIn) -> None:
        assert as_(cast.tina).get(LIST).status_code == 404

    def test_another_shops_customers_are_neither_found_nor_sent(
        self, cast: Cast, as_: SignIn
    ) -> None:
        theirs = known(cast.tea, "Tilo Tee", email="tilo@example.com")
        known(cast.cheese, "Anna")
        client = as_(cast.olga)

        assert names(client.get(LIST, {"q": "tilo"})) == []
        sent = client.post(f"{LIST}export/", {"customer": theirs.pk})
        assert b"Tilo" not in b"".join(sent.streaming_content)  # type: ignore[attr-defined]

    @pytest.mark.parametrize(
        ("who", "sends", "changes", "erases"),
        [
            ("olga", True, True, True),
            ("mara", True, True, False),
            ("anton", True, False, False),
            ("sven", False, True, False),
        ],
    )
    def test_roles_decide_what_is_offered_and_done(
        self, cast: Cast, as_: SignIn, who: str, sends: bool, changes: bool, erases: bool
    ) -> None:
        one = known(cast.cheese, "Anna", number="1")
        other = known(cast.cheese, "Anne", number="2")
        client = as_(getattr(cast, who))

        assert ("Export as CSV" in client.get(LIST).content.decode()) is sends
        assert client.post(f"{LIST}export/").status_code == (200 if sends else 403)
        assert client.get(f"{LIST}{one.pk}/privacy/").status_code == (200 if sends else 403)
        joining = client.get(f"{LIST}{one.pk}/join/{other.pk}/")
        assert joining.status_code == (200 if changes else 403)
        erasing = client.get(f"{LIST}{one.pk}/erase/")
        assert (erasing.status_code == 403) is not erases


class TestSearching:
    @pytest.mark.parametrize(
        "text", ["müller", "MÜLLER", "Mueller", "muller", "ülle", "jürgen müller", "müller jue"]
    )
    def test_umlauts_and_capitals_do_not_matter(self, cast: Cast, text: str) -> None:
        known(cast.cheese, "Jürgen Müller")
        known(cast.cheese, "Jürgen Maler")

        assert found(cast.cheese, text) == {"Jürgen Müller"}

    def test_numbers_and_addresses_are_found_by_a_piece(self, cast: Cast) -> None:
        known(cast.cheese, "Anna", number="K-10017", email="anna.ahorn@example.com")
        known(cast.cheese, "Ben", number="K-20018", email="ben@example.org")

        assert found(cast.cheese, "10017") == {"Anna"}
        assert found(cast.cheese, "AHORN@exa") == {"Anna"}
        assert found(cast.cheese, "k-2") == {"Ben"}

    def test_every_word_may_stand_in_the_name_or_in_any_key(self, cast: Cast) -> None:
        known(cast.cheese, "Anna Birke", number="K-10017", email="ahorn@example.com")
        known(cast.cheese, "Anna Ahorn", number="K-20018")
        known(cast.cheese, "Ben Eiche", email="anna@example.com")
        known(cast.tea, "Anna Ahorn", number="K-10017")

        assert found(cast.cheese, "anna ahorn") == {"Anna Birke", "Anna Ahorn"}
        for text in ("birke 10017", "10017 ahorn example", "anna ahorn birke"):
            assert found(cast.cheese, text) == {"Anna Birke"}, text
        assert found(cast.cheese, "ahorn eiche") == found(cast.cheese, "birke 20018") == set()

    def test_a_short_number_finds_exactly_that_one(self, cast: Cast) -> None:
        known(cast.cheese, "Anna", number="17")
        known(cast.cheese, "Ben", number="170")

        assert found(cast.cheese, "17") == {"Anna"}
        assert found(cast.cheese, "be") == {"Ben"}

    @pytest.mark.parametrize(
        "text", ['"', "' OR 1=1 --", "%%%", "___", "a\0b", "*" * 200, "\\\\\\"]
    )
    def test_signs_with_a_meaning_elsewhere_mean_nothing(self, cast: Cast, text: str) -> None:
        known(cast.cheese, "Anna")

        assert found(cast.cheese, text) == set()

    def test_what_changes_or_goes_is_found_as_it_is_now(self, cast: Cast) -> None:
        anna = known(cast.cheese, "Anna Ahorn", email="anna@example.com")
        Customer.objects.filter(pk=anna.pk).update(name="Anna Birke")
        known(cast.cheese, "Cleo Clematis").delete()

        assert found(cast.cheese, "ahorn") == set()
        assert found(cast.cheese, "birke") == {"Anna Birke"}
        assert found(cast.cheese, "clematis") == set()

    def test_the_store_folds_every_letter_as_the_search_does(self, cast: Cast) -> None:
        written = ["Åse Øst", "Łukasz Żak", "GROSS", "Groß", "Señor Peña", "Çelik", "Aennchen"]
        for name in written:
            known(cast.cheese, name)

        for name in written:
            assert name in found(cast.cheese, name.upper()), name
            assert name in found(cast.cheese, searching.fold(name)), name


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    rows=some.lists(
        some.tuples(
            some.sampled_from(["", "Anna", "anna", "Ärzte", "Ben"]),
            some.integers(0, 3),
            some.integers(0, 500),
            some.none() | some.dates(dt.date(2026, 1, 1), dt.date(2026, 1, 4)),
        ),
        max_size=14,
    ),
    sort=some.sampled_from(["name", "orders", "revenue", "first", "last"]),
    downwards=some.booleans(),
)
def test_every_row_comes_once_and_in_order(
    cast: Cast, rows: list[Any], sort: str, downwards: bool
) -> None:
    from django.http import QueryDict

    from stammkunde.faces.dashboard import lists
    from stammkunde.faces.dashboard.customers import columns

    Customer.objects.all().delete()
    for name, orders, revenue, day in rows:
        known(cast.cheese, name, orders=orders, revenue_minor=revenue, first_order_on=day,
              last_order_on=day)  # fmt: skip
    asked, seen = QueryDict(f"sort={'-' if downwards else ''}{sort}"), []
    heads = columns.heads(cast.cheese, list(columns.COLUMNS))
    while True:
        page = lists.page(queries.of_shop(cast.cheese), heads, asked, size=3)
        seen += list(page.rows)
        if page.next_url is None:
            break
        asked = QueryDict(page.next_url.removeprefix("?"))

    assert sorted(one.pk for one in seen) == sorted(
        queries.of_shop(cast.cheese).values_list("pk", flat=True)
    )
    field = next(head.order for head in heads if head.name == sort) or ""
    values = [getattr(one, field) for one in seen]
    told = [value for value in values if value is not None]
    assert values == told + [None] * (len(values) - len(told))
    if sort != "name":  # each store has an order of letters of its own
        assert told == sorted(told, reverse=downwards)


class TestSortingAndPaging:
    def test_the_columns_stand_in_the_address(self, cast: Cast, as_: SignIn) -> None:
        known(cast.cheese, "Anna", country="AT", orders=3)

        page = as_(cast.olga).get(LIST, {"column": ["country"]}).content.decode()

        assert 'data-label="Country">AT' in page
        assert 'data-label="Orders"' not in page

    def test_nonsense_in_the_address_is_the_usual_list(self, cast: Cast, as_: SignIn) -> None:
        known(cast.cheese, "Anna")

        asked = {"sort": "shoe", "after": "x", "column": "shoe", "seen": "shoe"}

        assert names(as_(cast.olga).get(LIST, asked)) == ["Anna"]


tests = (
    some.builds(lambda name, sign, n: f"{name} {sign} {n}",
                some.sampled_from(["orders", "revenue", "average_order_value"]),
                some.sampled_from(["=", "!=", "<", "<=", ">", ">="]),
                some.integers(0, 5) | some.sampled_from(["2.5", "0.05", "999999999999999"]))
    | some.builds(lambda name, low, n: f"{name} between {low} and {low + n}",
                  some.sampled_from(["orders", "revenue"]), some.integers(0, 3), some.integers(0, 3))
    | some.builds(lambda name, how: f"{name} {how}",
                  some.sampled_from(["first_order", "last_order"]),
                  some.sampled_from(["within last 30 days", "more than 2 months ago", "is unknown",
                                     "between 10 and 60 days ago", "= 2026-06-01", "!= 2026-06-01",
                                     "< 2026-05-01", "in (2026-06-01, 2026-01-01)", "is known"]))
    | some.builds(lambda how: f"country {how}",
                  some.sampled_from(['= "DE"', '!= "DE"', 'in ("DE", "AT")', 'not in ("DE")',
                                     'contains "e"', 'starts with "ö"', "is known", "is unknown"]))
    | some.builds(lambda how: f"cohort {how}",
                  some.sampled_from(['= "2026-06"', '!= "2026-06"', 'starts with "2026"',
                                     'contains "-0"', "is unknown", 'not in ("2026-01")']))
)  # fmt: skip
written = some.recursive(
    tests,
    lambda inner: (
        some.builds(lambda part: f"not ({part})", inner)
        | some.builds(lambda a, b: f"({a}) and ({b})", inner, inner)
        | some.builds(lambda a, b: f"({a}) or ({b})", inner, inner)
    ),
    max_leaves=5,
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=written)
def test_a_condition_holds_for_whom_kohorte_says(cast: Cast, text: str) -> None:
    if not Customer.objects.exists():
        days = [None, dt.date(2026, 6, 1), dt.date(2026, 1, 1), dt.date(2025, 12, 31)]
        for place, country in enumerate(["DE", "AT", "", "Österreich", "de"]):
            for orders, first in enumerate(days):
                bought = 0 if first is None else orders
                known(cast.cheese, country=country, orders=bought,
                      revenue_minor=bought * (95 + place), first_order_on=first,
                      last_order_on=first and max(first, dt.date(2026, 5, 20)))  # fmt: skip
    facts = conditions.facts(cast.cheese)
    node = parse(text, facts)
    everybody = queries.of_shop(cast.cheese)

    holding = conditions.holding(everybody, node, shop=cast.cheese, today=TODAY)

    basis = standings.basis(cast.cheese)
    assert set(holding) == {
        one
        for one in everybody
        if judge(
            node, conditions.case(one, shop=cast.cheese, basis=basis), facts=facts, today=TODAY
        ).holds
    }


class TestConditions:
    def test_the_list_shows_whom_it_holds_for_and_how_many(self, cast: Cast, as_: SignIn) -> None:
        known(cast.cheese, "Anna", orders=3)
        known(cast.cheese, "Ben", orders=1)

        page = as_(cast.olga).get(LIST, {"where": "orders >= 2"})

        assert names(page) == ["Anna"]
        assert "1 customer<" in page.content.decode()
        count = as_(cast.olga).get(f"{LIST}count/", {"where": "orders >= 2"}).content.decode()
        assert "The number of orders is at least 2." in count
        assert "<strong>1 customer</strong>" in count

    def test_an_error_is_shown_at_its_place(self, cast: Cast, as_: SignIn) -> None:
        known(cast.cheese, "Anna", orders=3)

        page = as_(cast.olga).get(LIST, {"where": 'orders >= 2 and revenu > "<b>"'})

        assert names(page) == []
        assert "orders &gt;= 2 and <mark>revenu</mark>" in page.content.decode()
        assert "Did you mean revenue?" in page.content.decode()
        assert "<b>" not in page.content.decode()

    def test_every_example_can_be_read(self, cast: Cast) -> None:
        from django.http import QueryDict

        from stammkunde.faces.dashboard.customers.filters import Filter

        chosen = Filter(cast.cheese, QueryDict())
        for example in chosen.examples():
            assert parse(example.condition, chosen.facts)
        for choices in chosen.choices.values():
            assert all(parse(text, chosen.facts) for _label, text in choices.values() if text)


class TestSending:
    def sent(self, client: Client, query: str = "", **posted: Any) -> list[dict[str, str]]:
        answer: Any = client.post(f"{LIST}export/{query}", posted)
        text = b"".join(answer.streaming_content).decode("utf-8-sig")
        assert answer["Cache-Control"] == "no-store"
        return list(csv.DictReader(io.StringIO(text)))

    def test_the_file_holds_whom_the_filter_finds(self, cast: Cast, as_: SignIn) -> None:
        known(cast.cheese, "Anna", orders=2, revenue_minor=123450)
        known(cast.cheese, "Ben", orders=1)

        (row,) = self.sent(as_(cast.anton), "?where=orders+%3E%3D+2")

        assert (row["Name"], row["Orders"], row["Revenue"], row["Currency"]) == (
            "Anna", "2", "1234.50", "EUR",
        )  # fmt: skip

    def test_marked_rows_are_sent_alone(self, cast: Cast, as_: SignIn) -> None:
        anna = known(cast.cheese, "Anna")
        known(cast.cheese, "Ben")

        assert [row["Name"] for row in self.sent(as_(cast.olga), customer=anna.pk)] == ["Anna"]

    def test_nothing_in_it_is_a_formula(self, cast: Cast, as_: SignIn) -> None:
        known(cast.cheese, '=HYPERLINK("http://x")', phone="+491712345678", email="@x", number="-1")

        (row,) = self.sent(as_(cast.olga))

        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row.values())

    def test_the_log_says_how_many_were_sent_and_not_who(self, cast: Cast, as_: SignIn) -> None:
        known(cast.cheese, "Anna")

        self.sent(as_(cast.mara), "?q=anna")

        event = Event.objects.get(name="customers.exported")
        assert (event.actor_id, event.shop_id, event.data) == (
            cast.mara.pk, cast.cheese.pk, {"rows": 1},
        )  # fmt: skip

    def test_looking_at_the_address_sends_nothing(self, cast: Cast, as_: SignIn) -> None:
        assert as_(cast.olga).get(f"{LIST}export/").status_code == 302
        assert not Event.objects.filter(name="customers.exported").exists()


class TestEmptyShop:
    def test_it_leads_to_the_import(self, cast: Cast, as_: SignIn) -> None:
        page = as_(cast.olga).get(LIST).content.decode()

        assert "No customers yet" in page
        assert '/kaesehaus/data/new/"' in page

    def test_whoever_may_not_import_sees_no_button(self, cast: Cast, as_: SignIn) -> None:
        assert "/data/new/" not in as_(cast.sven).get(LIST).content.decode()


def test_whoever_was_merged_or_erased_stands_in_no_list(cast: Cast, as_: SignIn) -> None:
    kept = known(cast.cheese, "Anna")
    known(cast.cheese, "Anne", merged_into=kept)
    known(cast.cheese, "Gone", erased_at=timezone.now())

    assert names(as_(cast.olga).get(LIST)) == ["Anna"]
