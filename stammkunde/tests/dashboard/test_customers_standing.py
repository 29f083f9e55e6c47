"""Where customers stand on their pages: columns, sorting, conditions, the file, and why."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Callable
from decimal import Decimal
from html import unescape
from typing import Any

import duckdb
import pytest
from django.http import QueryDict
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from kohorte.conditions import complete, judge, parse, where
from stammkunde.core import clock
from stammkunde.core.people.models import Person
from stammkunde.core.shops.models import Shop
from stammkunde.faces.dashboard.customers.filters import Filter
from stammkunde.records.customers import conditions, queries, standings
from stammkunde.records.customers.models import Customer, Standing
from stores_and_cast import Cast  # type: ignore[import-not-found]

pytestmark = pytest.mark.django_db
LIST = "/kaesehaus/customers/"
SignIn = Callable[[Person], Client]
TODAY, AS_OF = dt.date(2026, 6, 30), dt.date(2026, 6, 20)
COLUMNS = ("rfm", "due", "value", "alive", "expected", "worth", "cohort")


def stands(shop: Shop, name: str, **rest: Any) -> Customer:
    """Let a customer with a standing be known."""
    made = Customer.objects.create(shop=shop, name=name, first_order_on=dt.date(2026, 3, 2))
    Standing.objects.create(customer=made, shop=shop, **rest)
    return made


def as_of(shop: Shop, **rest: Any) -> None:
    standings.rest_on(shop, as_of=AS_OF, made_at=clock.now(), customers=2, **rest)


def names(answer: Any) -> list[str]:
    found = re.findall(r'<a class="row" href="[^"]*">([^<]*)</a>', answer.content.decode())
    return [unescape(name) for name in found]


def overdue(shop: Shop, name: str, **rest: Any) -> Customer:
    return stands(
        shop, name, last_on=dt.date(2026, 3, 2), due_on=dt.date(2026, 4, 2),
        late_on=dt.date(2026, 5, 2), purchase_days=2, basis="shop", **rest,
    )  # fmt: skip


class TestColumns:
    def test_the_list_shows_them_in_words(self, cast: Cast, as_: SignIn) -> None:
        as_of(cast.cheese)
        overdue(cast.cheese, "Anna", rfm=1, value_minor=123450, alive_percent=42,
                expected_orders=130, expected_value_minor=9900)  # fmt: skip
        Customer.objects.create(shop=cast.cheese, name="Ben")

        page = as_(cast.olga).get(LIST, {"column": COLUMNS}).content.decode()

        for said in ("Champions", "€1,234.50", "2 Apr 2026", "overdue", "42%", "1.3", "€99.00",
                     "2026-03"):  # fmt: skip
            assert said in page, said
        assert "Ben" in page

    @pytest.mark.parametrize("column", COLUMNS)
    @pytest.mark.parametrize("downwards", [False, True])
    def test_each_sorts_over_pages_and_nobody_comes_twice(
        self, cast: Cast, column: str, downwards: bool, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from stammkunde.faces.dashboard import lists
        from stammkunde.faces.dashboard.customers import columns

        for place in range(7):
            stands(cast.cheese, f"P{place}", rfm=place % 3 + 1, value_minor=100 * (place % 2),
                   due_on=dt.date(2026, 1, 1 + place % 4), alive_percent=place // 2 or None,
                   expected_orders=place % 3, expected_value_minor=place)  # fmt: skip
        Customer.objects.create(shop=cast.cheese, name="Q")
        stands(cast.tea, "Tilo", rfm=1)
        head = columns.COLUMNS[column].head
        asked = QueryDict(mutable=True)
        asked["sort"] = f"-{column}" if downwards else column
        seen: list[Customer] = []
        while True:
            found = queries.of_shop(cast.cheese).select_related("standing")
            listing = lists.page(found, columns.heads(cast.cheese, [column]), asked, size=3)
            seen += listing.rows
            if not listing.next_url:
                break
            asked = QueryDict(listing.next_url.removeprefix("?"), mutable=True)

        assert len(seen) == len({one.pk for one in seen}) == 8
        field = (head.order or "").split("__")[-1]
        values = [
            getattr(one if column == "cohort" else conditions.standing(one), field, None)
            for one in seen
        ]
        known = [each for each in values if each is not None]
        assert values == sorted(known, reverse=downwards) + [None] * (8 - len(known))

    @pytest.mark.parametrize("sort", ["last", "-last"])
    def test_those_chosen_by_it_come_by_their_last_order(
        self, cast: Cast, as_: SignIn, sort: str
    ) -> None:
        as_of(cast.cheese)
        for name, day in (("Anna", 3), ("Ben", 1), ("Cleo", 2)):
            overdue(cast.cheese, name, last_order_on=dt.date(2026, 3, day))
        overdue(cast.cheese, "Nobody knows when")
        Customer.objects.create(shop=cast.cheese, name="Zoe")

        listed = names(as_(cast.olga).get(LIST, {"where": "is_overdue", "sort": sort}))

        order = ["Ben", "Cleo", "Anna"] if sort == "last" else ["Anna", "Cleo", "Ben"]
        assert listed == [*order, "Nobody knows when"]

    def test_the_file_holds_them_as_programs_read_them(self, cast: Cast, as_: SignIn) -> None:
        as_of(cast.cheese)
        overdue(cast.cheese, "Anna", rfm=1, recency=5, frequency=4, value_minor=-50,
                expected_orders=5)  # fmt: skip
        Customer.objects.create(shop=cast.cheese, name="Ben")

        answer: Any = as_(cast.olga).post(f"{LIST}export/")
        text = b"".join(answer.streaming_content).decode("utf-8-sig")
        anna, ben = csv.DictReader(io.StringIO(text))

        assert (anna["RFM group"], anna["Value so far"], anna["Next order due"]) == (
            "champions", "'-0.50", "2026-04-02",
        )  # fmt: skip
        assert (anna["Overdue"], anna["Orders in 12 months"], anna["Cohort"]) == (
            "1", "0.05", "2026-03",
        )  # fmt: skip
        assert (ben["RFM group"], ben["Overdue"], ben["Value in 12 months"]) == ("", "", "")


class TestOneCustomer:
    def test_the_page_says_where_and_why(self, cast: Cast, as_: SignIn) -> None:
        as_of(cast.cheese, pauses={"0": 90, "2": 35}, model="bg_nbd",
              model_name={"en": "BG/NBD", "de": "BG/NBD"}, foretold_on=AS_OF)  # fmt: skip
        one = overdue(cast.cheese, "Anna", rfm=1, recency=5, frequency=4, monetary=3,
                      value_minor=123450, profit_minor=2000, alive_percent=42, expected_orders=125,
                      expected_value_minor=9900, expected_low_minor=0,
                      expected_high_minor=20000)  # fmt: skip

        page = unescape(as_(cast.olga).get(f"{LIST}{one.pk}/").content.decode())

        for said in ("Scores 5 · 4 · 3", "€20.00 gross profit", "late after 2 May 2026",
                     "among 2 customers", "after 31 days", "after 61",
                     "known from 35 pauses", "Foretold by BG/NBD", "orders until 20 Jun 2026"):  # fmt: skip
            assert said in page, said

    def test_a_model_that_loses_shows_why_instead_of_numbers(self, cast: Cast, as_: SignIn) -> None:
        as_of(cast.cheese, withheld={"en": "It told worse.", "de": "Es sagte schlechter."})
        one = overdue(cast.cheese, "Anna", rfm=1)

        page = as_(cast.olga).get(f"{LIST}{one.pk}/").content.decode()

        assert "It told worse." in page

    def test_who_has_no_standing_has_a_page_all_the_same(self, cast: Cast, as_: SignIn) -> None:
        one = Customer.objects.create(shop=cast.cheese, name="Ben")

        answer = as_(cast.olga).get(f"{LIST}{one.pk}/")

        assert answer.status_code == 200
        assert "Why?" not in answer.content.decode()


tests = (
    some.builds(lambda name, sign, n: f"{name} {sign} {n}",
                some.sampled_from(["value", "profit", "alive", "expected_orders", "expected_value",
                                   "recency_score", "monetary_score"]),
                some.sampled_from(["=", "!=", "<", "<=", ">", ">="]),
                some.sampled_from(["0", "1", "3", "0.5", "1.25", "1.255", "50", "99999999999999"]))
    | some.builds(lambda how: f"rfm_group {how}",
                  some.sampled_from(['= "champions"', '!= "lost"', 'in ("new", "lost")',
                                     'not in ("new")', "is known", "is unknown"]))
    | some.builds(lambda how: f"next_order_due {how}",
                  some.sampled_from(["between 2026-06-01 and 2026-07-05", "within next 10 days",
                                     "more than 10 days ago", "is unknown", "= 2026-07-01"]))
    | some.sampled_from(["is_overdue", "is_overdue is unknown", "alive is known", "orders >= 1",
                         "alive between 10 and 60", "value in (1, 1.5)"])
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


def fill(shop: Shop) -> None:
    """Let there be customers of every kind, some of whom nothing is known."""
    as_of(shop)
    days = [None, dt.date(2026, 6, 1), dt.date(2026, 7, 1), dt.date(2026, 6, 20)]
    for place in range(24):
        late = days[(place + 1) % 4]
        stands(
            shop, f"P{place}", rfm=place % 9 + 1, recency=place % 5 + 1, frequency=1,
            monetary=None if place % 7 == 0 else 1 + place % 5,
            value_minor=None if place % 5 == 0 else 50 * place, profit_minor=place * 25 - 100,
            due_on=days[place % 4], late_on=late,
            last_on=dt.date(2025, 6, 20) if place % 3 else dt.date(2026, 5, 5),
            alive_percent=None if place % 5 == 1 else place * 4,
            expected_orders=None if place % 3 == 0 else place * 25,
            expected_value_minor=None if place % 4 == 0 else place * 30,
        )  # fmt: skip
    Customer.objects.create(shop=shop, name="Nobody knows", orders=1)


def on_columns(shop: Shop, text: str) -> set[int]:
    """Return of whom a condition holds by `kohorte`'s SQL over a relation of facts."""
    facts, basis = conditions.facts(shop), standings.basis(shop)
    kinds = {"number": "DECIMAL(18, 4)", "money": "BIGINT", "text": "VARCHAR", "day": "INTEGER",
             "flag": "BOOLEAN"}  # fmt: skip
    names = ", ".join(f"{name} {kinds[fact.kind]}" for name, fact in facts.by_name.items())
    epoch = dt.date(1970, 1, 1)
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE facts (id BIGINT, {names})")
        for one in queries.of_shop(shop):
            known = conditions.case(one, shop=shop, basis=basis)
            cells = [known.get(name) for name in facts.by_name]
            values = [(each - epoch).days if isinstance(each, dt.date) else each for each in cells]
            marks = ", ".join("?" * (len(values) + 1))
            connection.execute(f"INSERT INTO facts VALUES ({marks})", [one.pk, *values])
        sql = where(parse(text, facts), facts=facts, today=TODAY)
        return {
            row[0] for row in connection.execute(f"SELECT id FROM facts WHERE {sql}").fetchall()
        }


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=written)
def test_a_condition_holds_for_the_same_customers_in_three_ways(cast: Cast, text: str) -> None:
    if not Standing.objects.exists():
        fill(cast.cheese)
    shop, basis = cast.cheese, standings.basis(cast.cheese)
    facts = conditions.facts(shop)
    node = parse(text, facts)
    everybody = queries.of_shop(shop).select_related("standing")

    judged = {
        one.pk for one in everybody
        if judge(node, conditions.case(one, shop=shop, basis=basis), facts=facts, today=TODAY).holds
    }  # fmt: skip

    holding = conditions.holding(everybody, node, shop=shop, today=TODAY)
    assert set(holding.values_list("pk", flat=True)) == judged
    if conditions.is_of_standing(node):
        found = conditions.standings_holding(shop, node, today=TODAY)
        assert set(found.values_list("pk", flat=True)) == judged
    assert on_columns(shop, text) == judged


class TestConditions:
    def test_they_are_said_counted_and_completed(self, cast: Cast, as_: SignIn) -> None:
        fill(cast.cheese)
        client = as_(cast.olga)

        counted = client.get(f"{LIST}count/", {"where": "is_overdue and alive < 30"})
        chosen = Filter(cast.cheese, QueryDict("where=is_overdue+and+alive+%3C+30"))

        assert "The next order is overdue and the probability" in counted.content.decode()
        assert chosen.count == chosen.found.count() > 0
        assert complete("is_o", conditions.facts(cast.cheese))[0].text == "is_overdue"
        offered = [each.text for each in complete("rfm_group = ", conditions.facts(cast.cheese))]
        assert '"champions"' in offered

    def test_before_anything_is_computed_they_hold_for_nobody(
        self, cast: Cast, as_: SignIn
    ) -> None:
        Customer.objects.create(shop=cast.cheese, name="Anna")

        for text in ("is_overdue", "not is_overdue", "alive < 30", "not alive < 30"):
            assert names(as_(cast.olga).get(LIST, {"where": text})) == [], text
        assert names(as_(cast.olga).get(LIST, {"where": "alive is unknown"})) == ["Anna"]

    def test_amounts_are_compared_in_whole_units(self, cast: Cast, as_: SignIn) -> None:
        stands(cast.cheese, "Anna", value_minor=10000, expected_orders=Decimal(150))
        stands(cast.cheese, "Ben", value_minor=9999, expected_orders=149)

        assert names(as_(cast.olga).get(LIST, {"where": "value >= 100"})) == ["Anna"]
        assert names(as_(cast.olga).get(LIST, {"where": "expected_orders >= 1.5"})) == ["Anna"]

    @pytest.mark.parametrize("few", [0, 500])
    @pytest.mark.parametrize(
        "query",
        [
            "where=is_overdue", "where=is_overdue+and+orders+%3D+0", "where=alive+%3C+30&q=p1",
            "where=alive+%3C+30+or+orders+%3D+1", "bought=never&where=value+%3E+1", "where=alive+<",
            "bought=never", "where=profit+is+known",
        ],
    )  # fmt: skip
    def test_few_or_many_are_counted_as_they_are_listed(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch, few: int, query: str
    ) -> None:
        from stammkunde.faces.dashboard.customers import filters

        fill(cast.cheese)
        stands(cast.tea, "Tilo", alive_percent=1, value_minor=1000)
        monkeypatch.setattr(filters, "FEW", few)
        chosen = Filter(cast.cheese, QueryDict(query))

        assert chosen.count == len(set(chosen.found))
        assert all(one.shop_id == cast.cheese.pk for one in chosen.found)
