"""Columns follow the records: whatever happens in whatever order, they hold what a full export would."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from importing import imported, rows, undone  # type: ignore[import-not-found]
from kohorte import tables
from kohorte.engine import Engine
from stammkunde.core.audit.services import COMMAND
from stammkunde.core.errors import Refused
from stammkunde.core.shops.models import Shop
from stammkunde.features.imports.models import Import
from stammkunde.flows import customer_erased, customers_merged, order_recorded
from stammkunde.insights import export, history, manifest, parts
from stammkunde.insights.manifest import Manifest
from stammkunde.records.customers.models import Customer, Merge
from stammkunde.records.orders import typed
from stammkunde.records.orders.models import Change, Delivery, Order
from stammkunde.records.orders.rules import Line, Said
from stores_and_cast import Cast, make_cast  # type: ignore[import-not-found]

LINE = (
    "A{n};{day:02}.0{month}.2026 10:00;{c};x{e}@example.com;Person {c};{amount},00;{state};Brie;1"
)
# What is proved for a change must not depend on its luck.
IS_CI = bool(os.environ.get("CI"))
MONDAY = dt.datetime(2026, 1, 5, 9, tzinfo=dt.UTC)
WORDS = ("example.com", "person", "@")


@pytest.fixture(autouse=True)
def data(settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path / "data"


def held(write: Callable[[Engine], None]) -> dict[str, list[tuple[Any, ...]]]:
    """Return the canonical tables that something writes."""
    with Engine(memory_limit="500MB") as engine:
        write(engine)
        return {
            name: sorted(engine.connection.execute(f"SELECT * FROM {name}").fetchall(), key=repr)
            for name in tables.EVERY
        }


def of_records(shop: Shop) -> dict[str, list[tuple[Any, ...]]]:
    return held(lambda engine: history.write(shop, connection=engine.connection))


def of_columns(found: Manifest) -> dict[str, list[tuple[Any, ...]]]:
    return held(lambda engine: history.read(found, connection=engine.connection))


@contextmanager
def undone_afterwards() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


orders = st.tuples(
    st.integers(0, 9), st.integers(1, 5), st.integers(0, 3), st.integers(1, 5),
    st.integers(1, 28), st.integers(1, 3), st.sampled_from(["bezahlt", "storniert"]),
)  # fmt: skip
# What happens, with what, and whether the columns follow before the next thing happens.
KINDS = ("import", "import", "order", "merge", "part", "erase", "undo", "undo", "spend")
steps = st.tuples(st.sampled_from(KINDS), st.lists(orders, min_size=1, max_size=5), st.booleans())


def line(order: tuple[Any, ...]) -> str:
    n, customer, address, amount, day, month, state = order
    return LINE.format(n=n, c=customer, e=address, amount=amount, day=day, month=month, state=state)


def said(order: tuple[Any, ...]) -> Said:
    n, customer, address, amount, day, month, state = order
    return Said(
        number=f"A{n}",
        placed_at=dt.datetime(2026, month, day, 10, tzinfo=dt.UTC),
        amount_minor=amount * 100,
        state="counted" if state == "bezahlt" else "cancelled",
        customer_number=str(customer),
        email=f"x{address}@example.com",
        lines=(Line(product="Brie", amount_minor=amount * 100),),
    )


def do(shop: Shop, what: str, about: list[tuple[Any, ...]]) -> None:
    """Do one thing, if it can be done."""
    people = list(
        Customer.objects.filter(shop=shop, merged_into=None, erased_at=None).order_by("id")
    )
    place = about[0][0]
    match what:
        case "import":
            unique = {order[0]: order for order in about}
            imported(shop, rows(*map(line, unique.values())))
        case "order":
            order_recorded.record(shop, said(about[0]), actor=COMMAND)
        case "merge" if len(people) > 1:
            one, other = people[place % len(people)], people[(place + 1) % len(people)]
            customers_merged.merge(shop, kept_id=one.pk, gone_id=other.pk, actor=COMMAND)
        case "part":
            merge = Merge.objects.filter(shop=shop, undone_at=None).first()
            if merge:
                customers_merged.part(shop, merge.pk, actor=COMMAND)
        case "erase" if people:
            customer_erased.erase(shop, people[place % len(people)].pk, actor=COMMAND)
        case "undo":
            last = Import.objects.filter(shop=shop, state="published").order_by("-id").first()
            if last:
                undone(last)
        case "spend":
            typed.spend(
                shop, month=MONDAY.date(), purpose="acquisition", channel=f"c{place % 2}",
                amount_minor=place * 100 or None, actor=COMMAND,
            )  # fmt: skip


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("times", [8, pytest.param(60, marks=pytest.mark.soak)])
@pytest.mark.parametrize("parted_from", [10**6, 3], ids=["whole", "by month"])
def test_following_equals_writing_everything_anew(
    store: Any, parted_from: int, times: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "PARTED_FROM", parted_from)
    monkeypatch.setattr(export, "STEP", 3)
    monkeypatch.setattr(export, "FETCHED_AT_ONCE", 2)

    @settings(
        max_examples=times, deadline=None, database=None, derandomize=IS_CI,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(st.lists(steps, min_size=4, max_size=12))
    def check(happened: list[tuple[str, list[tuple[Any, ...]], bool]]) -> None:
        with undone_afterwards():
            shop = make_cast().cheese
            for what, about, follows in happened:
                try:
                    with transaction.atomic():
                        do(shop, what, about)
                except Refused:
                    continue
                if follows:
                    export.refresh(shop.pk)
            assert of_columns(export.refresh(shop.pk)) == of_records(shop)

    check()


ONE, TWO, LATER = (
    (1, 1, 1, 5, 5, 1, "bezahlt"),
    (2, 2, 2, 7, 6, 2, "bezahlt"),
    (3, 1, 3, 9, 7, 3, "bezahlt"),
)
CHANGED = (1, 1, 1, 4, 8, 3, "bezahlt")
GONE = (2, 2, 2, 7, 6, 2, "storniert")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "parted_from",
    [pytest.param(10**6, id="whole"), pytest.param(1, id="by month", marks=pytest.mark.slow)],
)
@pytest.mark.parametrize(
    "happened",
    [
        [("import", [CHANGED, LATER])],
        [("import", [CHANGED, LATER]), ("undo", [ONE])],
        [("undo", [ONE])],
        [("order", [LATER])],
        [("order", [CHANGED])],
        [("order", [GONE])],
        [("merge", [ONE])],
        [("merge", [ONE]), ("part", [ONE])],
        [("merge", [ONE]), ("erase", [ONE])],
        [("erase", [ONE])],
        [("spend", [LATER]), ("spend", [(0, *ONE[1:])])],
    ],
    ids=str,
)
def test_each_thing_that_can_happen_is_followed(
    cast: Cast, happened: Any, parted_from: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "PARTED_FROM", parted_from)
    shop = cast.cheese
    imported(shop, rows(line(ONE), line(TWO)))
    export.refresh(shop.pk)
    for what, about in happened:
        do(shop, what, about)
        assert of_columns(export.refresh(shop.pk)) == of_records(shop), what


@pytest.mark.django_db
class TestWhatIsWritten:
    def test_a_merge_rewrites_the_links_alone(self, cast: Cast) -> None:
        shop = cast.cheese
        imported(
            shop, rows(line((1, 1, 1, 5, 5, 1, "bezahlt")), line((2, 2, 2, 5, 6, 1, "bezahlt")))
        )
        before = export.refresh(shop.pk)
        one, other = Customer.objects.order_by("id")
        customers_merged.merge(shop, kept_id=one.pk, gone_id=other.pk, actor=COMMAND)
        after = export.refresh(shop.pk)

        changed = {name for name in parts.TABLES if before.tables[name] != after.tables[name]}
        assert changed == {"keys"}
        assert {row[1] for row in of_columns(after)["orders"]} == {str(one.pk)}

    def test_a_late_order_rewrites_its_month_alone(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(parts, "PARTED_FROM", 1)
        shop = cast.cheese
        imported(shop, rows(*(line((n, n, n, 5, 5, n, "bezahlt")) for n in (1, 2, 3))))
        before = export.refresh(shop.pk)
        order_recorded.record(shop, said((9, 1, 1, 5, 20, 2, "bezahlt")), actor=COMMAND)
        after = export.refresh(shop.pk)

        months = {part.month for part in after.tables["orders"]}
        kept = set(before.tables["orders"]) & set(after.tables["orders"])
        assert months == {"2026-01", "2026-02", "2026-03"}
        assert {part.month for part in kept} == {"2026-01", "2026-03"}

    def test_nothing_changed_writes_nothing(self, cast: Cast) -> None:
        imported(cast.cheese, rows(line((1, 1, 1, 5, 5, 1, "bezahlt"))))
        assert export.refresh(cast.cheese.pk) == export.refresh(cast.cheese.pk)
        assert not Change.objects.exists()

    def test_no_name_and_no_address_is_in_it(self, cast: Cast) -> None:
        imported(cast.cheese, rows(line((1, 1, 1, 5, 5, 1, "bezahlt"))))
        export.refresh(cast.cheese.pk)
        with Engine() as engine:
            for path in manifest.folder(cast.cheese.pk).glob("*.parquet"):
                found = engine.connection.execute(f"SELECT * FROM '{path}'").fetchall()
                assert not [word for word in WORDS if word in repr(found).lower()], path.name

    def test_what_an_erasure_took_away_is_gone_from_the_disk_at_once(self, cast: Cast) -> None:
        imported(cast.cheese, rows(line((1, 1, 1, 5, 5, 1, "bezahlt"))))
        before = export.refresh(cast.cheese.pk)
        customer_erased.erase(cast.cheese, Customer.objects.get().pk, actor=COMMAND)
        after = export.refresh(cast.cheese.pk)

        left = {path.name for path in after.folder.glob("*.parquet")}
        assert left == set(after.files())
        assert before.files() - left
        assert of_columns(after) == of_records(cast.cheese)

    def test_what_names_an_order_follows_it_when_its_number_is_hidden(self, cast: Cast) -> None:
        # The number of the order is that of its customer as well, so it goes with the person.
        imported(cast.cheese, rows(line((1, 1, 1, 5, 5, 1, "bezahlt")).replace(";1;", ";A1;", 1)))
        Delivery.objects.create(
            shop=cast.cheese, source=Order.objects.get().source, external_id="P1", hash="x",
            order_number="A1", delivered_at=MONDAY,
        )  # fmt: skip
        assert of_columns(export.refresh(cast.cheese.pk))["deliveries"][0][1] == "A1"
        customer_erased.erase(cast.cheese, Customer.objects.get().pk, actor=COMMAND)

        found = of_columns(export.refresh(cast.cheese.pk))
        assert found == of_records(cast.cheese)
        assert found["deliveries"][0][1] == found["orders"][0][0] != "A1"

    @pytest.mark.parametrize("loss", ["schema", "file", "store", "journal"])
    def test_what_does_not_fit_is_written_anew(self, cast: Cast, loss: str) -> None:
        shop = cast.cheese
        imported(shop, rows(line((1, 1, 1, 5, 5, 1, "bezahlt"))))
        first = export.refresh(shop.pk)
        order_recorded.record(shop, said((2, 1, 1, 5, 6, 1, "bezahlt")), actor=COMMAND)
        if loss == "schema":
            path = first.folder / manifest.NAME
            path.write_text(path.read_text().replace('"schema": 1', '"schema": 0'))
        elif loss == "file":
            next(first.folder.glob("orders-*.parquet")).unlink()
        elif loss == "store":
            manifest.save(replace(first, id="another"))
        else:
            Change.objects.all().delete()
        assert of_columns(export.refresh(shop.pk)) == of_records(shop)


@pytest.mark.django_db
def test_a_first_export_goes_on_where_it_stopped(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = cast.cheese
    imported(shop, rows(*(line((n, n % 5, n % 5, 5, 5, n % 3 + 1, "bezahlt")) for n in range(9))))
    monkeypatch.setattr(export, "STEP", 2)
    real, ran = export._stage, []

    def stage(shop_id: int, name: str, first: int, last: int, **rest: Any) -> None:
        if len(ran) == 3:
            raise KeyboardInterrupt
        ran.append((name, first))
        real(shop_id, name, first, last, **rest)

    monkeypatch.setattr(export, "_stage", stage)
    with pytest.raises(KeyboardInterrupt):
        export.refresh(shop.pk)
    assert export.current(shop.pk) is None
    # Meanwhile the records change, also in what was fetched already.
    order_recorded.record(shop, said((0, 0, 0, 4, 6, 3, "bezahlt")), actor=COMMAND)
    monkeypatch.setattr(export, "_stage", lambda *a, **k: (ran.append(a[1:3]), real(*a, **k)))
    found = export.refresh(shop.pk)

    assert len(ran) == len(set(ran))
    assert of_columns(found) == of_records(shop)
    assert not (found.folder / "staging").exists()
