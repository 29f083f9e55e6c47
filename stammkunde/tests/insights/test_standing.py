"""What the history says of each customer stands beside the customer, follows it, and goes with it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.utils import translation

from importing import imported, rows, undone  # type: ignore[import-not-found]
from kohorte import rfm
from kohorte.language import Sentence
from stammkunde.core.audit.services import COMMAND
from stammkunde.core.shops.models import Shop
from stammkunde.faces import personal
from stammkunde.flows import customer_erased, customers_merged
from stammkunde.insights import export, foretold, history, standing
from stammkunde.records.customers import standings
from stammkunde.records.customers.models import Basis, Customer, Standing
from stores_and_cast import Cast  # type: ignore[import-not-found]

LINE = "A{n};{day:%d.%m.%Y} 10:00;{c};x{c}@example.com;Person {c};{amount},00;bezahlt;Brie;1".format
FIRST = dt.date(2026, 1, 1)


@pytest.fixture(autouse=True)
def data(settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path / "data"


def bought(customers: range, *, orders: int = 4, gap: int = 7, start: int = 0) -> str:
    """Return a file in which customers order every few days, each at a pace of its own."""
    lines = [
        LINE(n=f"{c}-{start}-{k}", day=FIRST + dt.timedelta(days=start + c + k * (gap + c % 5)), c=c,
             amount=10 + c)
        for c in customers for k in range(1 + (c + orders) % 5)
    ]  # fmt: skip
    found: str = rows(*lines)
    return found


def refreshed(shop: Shop) -> bool:
    export.refresh(shop.pk)
    return standing.refresh(shop)


def standing_rows(shop: Shop) -> list[Standing]:
    return list(Standing.objects.filter(shop=shop).select_related("customer"))


def by_number(shop: Shop) -> dict[str, Standing]:
    return {one.customer.number: one for one in standing_rows(shop)}


@pytest.mark.django_db
class TestWriting:
    def test_it_says_of_each_customer_what_kohorte_says(self, cast: Cast) -> None:
        imported(cast.cheese, bought(range(40)))
        assert refreshed(cast.cheese)

        found = {str(one.customer_id): one for one in standing_rows(cast.cheese)}
        columns = export.current(cast.cheese.pk)
        assert columns
        with history.of_columns(cast.cheese, columns) as opened:
            bounds = rfm.bound(opened.rfm().thresholds, exponent=2)
            scores = opened.engine.rows(f"SELECT * FROM ({rfm.SCORED}) AS s", bounds)
            due = opened.due()
        assert len(scores) == len(found) > 30
        for row in scores:
            one = found[row["customer_id"]]
            assert (one.recency, one.frequency, one.monetary, one.value_minor) == (
                row["recency"], row["frequency"], row["monetary"], row["revenue_minor"],
            )  # fmt: skip
            assert standings.group(one.rfm) == rfm.group_of(row["recency"], row["frequency"])
            assert one.last_order_on == one.customer.last_order_on
        basis = standings.basis(cast.cheese)
        assert basis.customers == len(found)
        for line in due.rows:
            told = dict(zip(due.columns, line, strict=True))
            one = found[str(told["customer_id"])]
            assert one.last_on == told["last_on"]
            assert one.last_on
            assert one.due_on
            assert one.late_on
            assert (one.due_on - one.last_on).days == told["usual_days"]
            assert (one.late_on - one.last_on).days == told["late_days"]
            assert (one.basis, one.purchase_days) == (told["basis"], told["purchase_days"])
            assert standings.is_overdue(
                one, as_of=basis.as_of, window_days=cast.cheese.window_days
            ) is (told["status"] == "overdue")

    def test_what_was_given_back_without_naming_an_order_is_no_value(self, cast: Cast) -> None:
        back = "S1;30.03.2026 10:00;1;x1@example.com;Person 1;-7,00;bezahlt;Brie;-1"
        imported(cast.cheese, bought(range(40)) + back + "\r\n")
        assert refreshed(cast.cheese)

        one = Customer.objects.get(shop=cast.cheese, number="1")
        found = Standing.objects.get(customer=one)
        assert (one.revenue_minor, one.refunded_minor) == (1_100, 700)
        assert found.value_minor == 400

    def test_only_rows_that_differ_are_written(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        imported(cast.cheese, bought(range(40)))
        refreshed(cast.cheese)
        written: list[int] = []
        put = standings.put

        def counted(shop_id: int, columns: Any, some: Any) -> None:
            written.extend(row[0] for row in some)
            put(shop_id, columns, some)

        monkeypatch.setattr(standings, "put", counted)
        assert not refreshed(cast.cheese)
        Basis.objects.update(of="")
        assert refreshed(cast.cheese)
        assert written == []

        imported(cast.cheese, bought(range(3, 4), start=100))
        # The day of the last order, by which lists are sorted, follows the customer at once.
        for one in standing_rows(cast.cheese):
            assert one.last_order_on == one.customer.last_order_on, one
        assert refreshed(cast.cheese)
        assert 0 < len(written) < 40

    def test_an_undone_import_takes_its_standings_away(self, cast: Cast) -> None:
        imported(cast.cheese, bought(range(20)))
        second = imported(cast.cheese, bought(range(20, 30)))
        refreshed(cast.cheese)
        assert "25" in by_number(cast.cheese)
        undone(second)
        assert set(by_number(cast.cheese)) <= {str(c) for c in range(20)}
        refreshed(cast.cheese)
        assert Standing.objects.filter(shop=cast.cheese).count() == 20

        undone(type(second).objects.exclude(pk=second.pk).get())
        refreshed(cast.cheese)
        assert not Standing.objects.filter(shop=cast.cheese).exists()

    def test_a_merged_customer_has_none_and_one_that_parted_has_one_again(self, cast: Cast) -> None:
        imported(cast.cheese, bought(range(20)))
        refreshed(cast.cheese)
        kept, gone = Customer.objects.get(number="3"), Customer.objects.get(number="4")
        made = customers_merged.merge(cast.cheese, kept_id=kept.pk, gone_id=gone.pk, actor=COMMAND)
        assert not Standing.objects.filter(customer=gone).exists()
        refreshed(cast.cheese)
        assert by_number(cast.cheese)["3"].value_minor == kept.revenue_minor + gone.revenue_minor
        assert not Standing.objects.filter(customer=gone).exists()

        customers_merged.part(cast.cheese, made.pk, actor=COMMAND)
        refreshed(cast.cheese)
        assert by_number(cast.cheese)["4"].value_minor == gone.revenue_minor

    def test_nobody_who_is_erased_has_one_before_or_after_the_next_time(self, cast: Cast) -> None:
        imported(cast.cheese, bought(range(20)))
        refreshed(cast.cheese)
        one = Customer.objects.get(number="5")
        customer_erased.erase(cast.cheese, one.pk, actor=COMMAND)
        assert not Standing.objects.filter(customer=one).exists()
        refreshed(cast.cheese)
        assert not Standing.objects.filter(customer=one).exists()
        assert Standing.objects.filter(shop=cast.cheese).count() == 19

    def test_who_is_merged_while_standings_are_written_is_left_out(self, cast: Cast) -> None:
        imported(cast.cheese, bought(range(5)))
        kept, gone = Customer.objects.order_by("id")[:2]
        Customer.objects.filter(pk=gone.pk).update(merged_into=kept)
        standings.put(
            cast.cheese.pk, ("customer_id", "rfm", "basis"), [(kept.pk, 1, ""), (gone.pk, 2, "")]
        )
        assert list(Standing.objects.values_list("customer_id", "rfm")) == [(kept.pk, 1)]

    def test_standings_are_their_shops_own(self, cast: Cast) -> None:
        imported(cast.cheese, bought(range(5)))
        refreshed(cast.cheese)
        theirs = Customer.objects.create(shop=cast.tea, name="Tilo")
        standings.put(cast.cheese.pk, ("customer_id", "rfm", "basis"), [(theirs.pk, 1, "")])
        refreshed(cast.tea)
        assert not Standing.objects.filter(shop=cast.tea).exists()
        assert Standing.objects.filter(shop=cast.cheese).count() == 5


@pytest.mark.django_db
class TestForetelling:
    def test_what_was_foretold_is_written_beside_the_customers(self, cast: Cast) -> None:
        told = self.written(cast.cheese)
        gone, *others = (int(each) for each in told.customers[:5])
        Standing.objects.filter(customer_id=gone).delete()
        moved = replace(told, value=np.array([9.0, 123.456, 0.004, 7.1, 1.5, 2.0]),
                        low=np.zeros(6), high=np.full(6, np.nan))  # fmt: skip

        assert foretold.write(cast.cheese, moved) == 4
        assert foretold.write(cast.cheese, moved) == 0

        assert not Standing.objects.filter(customer_id=gone).exists()
        found = Standing.objects.in_bulk()
        assert [found[each].expected_value_minor for each in others] == [12300, 0, 710, 150]
        for each in others:
            one = found[each]
            assert (one.alive_percent, one.expected_orders) == (50, 100)
            assert (one.expected_low_minor, one.expected_high_minor) == (0, None)
            assert one.rfm
        basis = standings.basis(cast.cheese)
        assert (basis.model, basis.foretold_on, basis.withheld) == (told.model, told.as_of, {})

    def test_what_is_withheld_is_taken_away_and_says_why(self, cast: Cast) -> None:
        self.written(cast.cheese)
        why = Sentence("There were no customers yet when the trial would have begun.")

        foretold.withdraw(cast.cheese, why)

        assert not Standing.objects.exclude(alive_percent=None).exists()
        basis = standings.basis(cast.cheese)
        assert basis.withheld["en"] == why.render("en") != basis.withheld["de"]

    def test_what_is_computed_of_a_person_is_part_of_their_data(self, cast: Cast) -> None:
        self.written(cast.cheese)
        one = Customer.objects.get(number="3")

        found = customer_erased.export(cast.cheese, one.pk, actor=COMMAND)["person"]

        assert "alive_percent" not in found
        assert found["rfm_group"] in rfm.GROUPS
        assert found["value_minor"] == one.revenue_minor
        with translation.override("de"):
            page = personal.readable(customer_erased.export(cast.cheese, one.pk, actor=COMMAND))
        assert "RFM-Gruppe" in page

    def test_new_standings_leave_it_as_it_is(self, cast: Cast) -> None:
        self.written(cast.cheese)
        imported(cast.cheese, bought(range(5), start=200))
        refreshed(cast.cheese)

        assert set(Standing.objects.values_list("alive_percent", flat=True)) == {50}

    def written(self, shop: Shop) -> foretold.Foretold:
        imported(shop, bought(range(5)))
        refreshed(shop)
        ids = list(Standing.objects.values_list("customer_id", flat=True))
        told = foretold.Foretold(
            customers=[*ids, 10**9],
            alive=np.full(6, 0.5),
            orders=np.ones(6),
            model="bg_nbd",
            as_of=FIRST,
        )
        assert foretold.write(shop, told) == 5
        return told
