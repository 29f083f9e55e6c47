"""Why a number is another one than in the last report: every edit lands in its own step."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

import kohorte
from kohorte import restatement, summary
from kohorte.errors import KohorteError
from kohorte.report import write
from kohorte.settings import Settings
from kohorte.yardsticks import Restated

Shop = list[dict[str, Any]]
# Anna buys every month, the others once in one month each.
ORDERS: Shop = [
    *(
        {
            "order_id": f"A{month}", "customer_id": "anna@example.com",
            "placed_at": f"2024-{month:02}-05", "amount_minor": 1000, "units": 1,
        }
        for month in range(1, 7)
    ),
    *(
        {
            "order_id": f"B{month}", "customer_id": f"person {month}",
            "placed_at": f"2024-{month:02}-10", "amount_minor": 3000, "units": 2,
        }
        for month in range(1, 7)
    ),
]  # fmt: skip


def history(orders: Shop, **given: Any) -> kohorte.History:
    return kohorte.History.from_records(orders=orders, **{"currency": "EUR"} | given)


def report(folder: Path, orders: Shop, **given: Any) -> Path:
    """Write what of a report matters here: its numbers by month and over all, and its orders."""
    folder.mkdir(exist_ok=True)
    with history(orders, **given) as found:
        rows = [
            dataclasses.asdict(row) | {"reason": row.reason.render("en") if row.reason else None}
            for grain in ("month", "all")
            for row in found.rows(grain)  # type: ignore[arg-type]
        ]
        numbers = json.dumps({"rows": rows}, default=str)
        (folder / "metrics.json").write_text(numbers, "utf-8")
        restatement.save(found, folder / restatement.FILE)
    return folder


def test_a_whole_report_can_be_explained(tmp_path: Path) -> None:
    with history(ORDERS) as found:
        write(
            summary.summarize(found),
            tmp_path / "r",
            language="de",
            metrics=found.measurable(),
            keep={
                restatement.FILE: lambda path: restatement.save(
                    found, path, made_on=dt.date(2024, 7, 1)
                )
            },
        )
    late = edited(lambda orders: orders.append(order("L", "late", "2024-03-20", 500)))
    assert moving(explained(tmp_path / "r", late)) == {"late": 5.0}
    with history(late) as found:
        told = restatement.compare(found, tmp_path / "r", found.rows("month"))
    assert told.made_on == dt.date(2024, 7, 1)


def edited(change: Callable[[Shop], None]) -> Shop:
    orders = [dict(order) for order in ORDERS]
    change(orders)
    return orders


def find(orders: Shop, number: str) -> dict[str, Any]:
    (found,) = [order for order in orders if order["order_id"] == number]
    return found


def explained(
    folder: Path, orders: Shop, slug: str = "revenue", period: str = "2024-03", **given: Any
) -> Restated:
    with history(orders, **given) as found:
        return restatement.explain(found, folder, slug, grain="month", period=period)


def moving(found: Restated) -> dict[str, float]:
    """Return the steps by slug, after proving that they add up without a rest."""
    total = found.before + sum(step.amount for step in found.steps)
    assert total == pytest.approx(found.after, abs=1e-9)
    return {step.slug: round(step.amount, 6) for step in found.steps}


def order(number: str, customer: str | None, day: str, cents: int) -> dict[str, Any]:
    return {
        "order_id": number, "customer_id": customer, "placed_at": day, "amount_minor": cents,
        "units": 1,
    }  # fmt: skip


def test_the_same_orders_give_the_same_number(tmp_path: Path) -> None:
    found = explained(report(tmp_path / "r", ORDERS), ORDERS)
    assert (found.before, moving(found), found.after) == (40.0, {}, 40.0)


def test_names_do_not_matter_only_which_orders_share_a_customer(tmp_path: Path) -> None:
    def rename(orders: Shop) -> None:
        for each in orders:
            each["customer_id"] = each["customer_id"].upper()[::-1]

    folder = report(tmp_path / "r", ORDERS)
    found = explained(folder, edited(rename), "returning_customer_rate")
    assert (found.before, moving(found)) == (50.0, {})


@pytest.mark.parametrize(
    ("change", "steps"),
    [
        (lambda orders: orders.append(order("L", "late", "2024-03-20", 500)), {"late": 5.0}),
        (lambda orders: orders.remove(find(orders, "B3")), {"gone": -30.0}),
        (lambda orders: find(orders, "B3").update(state="cancelled"), {"states": -30.0}),
        (lambda orders: find(orders, "B3").update(amount_minor=3500), {"amounts": 5.0}),
        (lambda orders: find(orders, "B2").update(placed_at="2024-03-01"), {"days": 30.0}),
        (lambda orders: orders.append(order("N", "new", "2024-07-20", 500)), {}),
    ],
    ids=["late", "gone", "cancelled", "amount", "day", "new"],
)
def test_an_edit_lands_in_its_own_step(
    change: Callable[[Shop], None], steps: dict[str, float], tmp_path: Path
) -> None:
    found = explained(report(tmp_path / "r", ORDERS), edited(change))
    assert found.before == 40.0
    assert moving(found) == steps


def test_a_refund_of_an_old_order_is_a_step(tmp_path: Path) -> None:
    refund = {
        "refund_id": 1, "order_id": "B3", "customer_id": None, "refunded_at": "2024-07-01",
        "amount_minor": 1000,
    }  # fmt: skip
    folder = report(tmp_path / "r", ORDERS)
    assert moving(explained(folder, ORDERS, refunds=[refund])) == {"refunds": -10.0}


def test_joined_customers_are_a_step(tmp_path: Path) -> None:
    folder = report(tmp_path / "r", ORDERS)
    joined = edited(lambda orders: find(orders, "B3").update(customer_id="person 1"))
    assert moving(explained(folder, joined, "returning_customer_rate")) == {"customers": 50.0}
    back = explained(report(tmp_path / "r", joined), ORDERS, "returning_customer_rate")
    assert moving(back) == {"customers": -50.0}
    assert back.steps[0].name.render("de") == (
        "0 Kunden wurden aus mehreren zusammengeführt, 1 getrennt, 0 Bestellungen haben einen "
        "Kunden gewonnen oder verloren"
    )


def test_orders_since_then_can_change_an_old_number(tmp_path: Path) -> None:
    """Who first ordered in June had no 90 days then; now somebody of them came back."""
    more = edited(lambda orders: orders.append(order("N", "person 2", "2024-08-20", 500)))
    folder = report(tmp_path / "r", ORDERS)
    with history(more) as found:
        lifetime = restatement.explain(found, folder, "orders", grain="all", period="all")
    assert moving(lifetime) == {"newer": 1.0}
    assert lifetime.steps[0].name.render("en") == "1 order from 10 Jun 2024 on"


def test_several_edits_have_a_step_each_and_add_up(tmp_path: Path) -> None:
    def change(orders: Shop) -> None:
        orders.remove(find(orders, "A3"))
        find(orders, "B3").update(amount_minor=9000)
        find(orders, "B5").update(placed_at="2024-03-09", state="test")
        orders.append(order("L", "late", "2024-03-20", 500))

    found = explained(report(tmp_path / "r", ORDERS), edited(change))
    assert moving(found) == {
        "gone": -10.0, "late": 5.0, "days": 30.0, "states": -30.0, "amounts": 60.0
    }  # fmt: skip
    assert (found.before, found.after) == (40.0, 95.0)


def test_changed_settings_come_one_by_one(tmp_path: Path) -> None:
    orders = edited(lambda orders: find(orders, "B3").update(state="test"))
    folder = report(tmp_path / "r", orders, settings=Settings(active_days=60))
    settings = Settings(active_days=30, count=("test",), repeat_days=30)
    found = explained(folder, orders, "orders_per_active_customer", "2024-06", settings=settings)
    assert [step.name.render("en") for step in found.steps] == [
        "Setting active_days 60 → 30, retention_days 60 → 30"
    ]
    found = explained(folder, orders, settings=settings)
    assert moving(found) == {"settings": 30.0}
    assert found.steps[0].name.render("de") == "Einstellung count – → test"


def test_another_zone_moves_days(tmp_path: Path) -> None:
    night = edited(lambda orders: find(orders, "B2").update(placed_at="2024-02-29 23:30"))
    folder = report(tmp_path / "r", night)
    found = explained(folder, night, settings=Settings(timezone="Europe/Berlin"))
    assert moving(found) == {"days": 30.0}
    assert found.steps[0].name.render("en") == (
        "1 order lies on another day, by the zone Europe/Berlin instead of UTC"
    )


def test_an_order_that_nobody_paid_in_time_falls_with_the_days_since(tmp_path: Path) -> None:
    owed = edited(lambda orders: find(orders, "B5").update(state="open"))
    patient = Settings(payment_days=45)
    folder = report(tmp_path / "r", owed, settings=patient)
    later = [*owed, order("N", "new", "2024-09-20", 500)]
    found = explained(folder, later, period="2024-05", settings=patient)
    assert moving(found) == {"newer": -30.0}


def test_another_program_is_a_step(tmp_path: Path) -> None:
    folder = report(tmp_path / "r", ORDERS)
    numbers = folder / "metrics.json"
    said = json.loads(numbers.read_text("utf-8"))
    for row in said["rows"]:
        if (row["metric"], row["period"], row["segment"]) == ("revenue", "2024-03", "all"):
            row["value"] = 41
    numbers.write_text(json.dumps(said), "utf-8")
    assert moving(explained(folder, ORDERS)) == {"program": -1.0}


def test_nothing_about_a_customer_is_kept(tmp_path: Path) -> None:
    kept = report(tmp_path / "r", ORDERS) / restatement.FILE
    assert b"anna" not in kept.read_bytes()
    with duckdb.connect() as connection:
        columns = connection.execute("DESCRIBE FROM read_parquet($1)", [str(kept)]).fetchall()
        rows = connection.execute("SELECT customer FROM read_parquet($1)", [str(kept)]).fetchall()
    names = [name for name, *_ in columns]
    assert names == ["key", "customer", "day", "state", "amount_minor", "refunded_minor", "units"]
    assert {customer for (customer,) in rows} == set(range(1, 8))


def test_a_report_tells_what_changed_since_the_one_before(tmp_path: Path) -> None:
    folder = report(tmp_path / "r", ORDERS)
    late = edited(lambda orders: orders.append(order("L", "late", "2024-05-20", 500)))
    with history(late) as found:
        told = restatement.compare(found, folder, found.rows("month"))
    assert told.refused is None
    assert told.made_on is None
    assert told.last_on == dt.date(2024, 5, 31)
    assert told.checked > 30
    assert 0 < told.changed < told.checked
    explained_now = {each.metric: moving(each) for each in told.numbers}
    assert explained_now["revenue"] == {"late": 5.0}
    assert len(explained_now) == 8


def refused(folder: Path, orders: Shop = ORDERS, slug: str = "revenue", **given: Any) -> str:
    with pytest.raises(KohorteError) as caught:
        explained(folder, orders, slug, **given)
    return caught.value.render("en")


def test_a_folder_without_a_report_is_refused(tmp_path: Path) -> None:
    assert "holds no earlier report that keeps its orders" in refused(tmp_path)


@pytest.mark.parametrize("damage", ["truncated", "text", "other parquet", "empty", "no numbers"])
def test_a_damaged_report_is_refused_in_one_sentence(damage: str, tmp_path: Path) -> None:
    folder = report(tmp_path / "r", ORDERS)
    kept = folder / restatement.FILE
    match damage:
        case "truncated":
            kept.write_bytes(kept.read_bytes()[:300])
        case "text":
            kept.write_text("order;day\n", "utf-8")
        case "empty":
            kept.write_bytes(b"")
        case "no numbers":
            (folder / "metrics.json").write_text("{", "utf-8")
        case _:
            about = json.dumps(
                {
                    "format": 1, "version": "1", "made_on": None, "currency": "EUR",
                    "settings": {}, "only": [],
                }
            )  # fmt: skip
            with duckdb.connect() as connection:
                connection.execute(
                    f"COPY (SELECT 1 AS key) TO '{kept}' (FORMAT parquet, "
                    f"KV_METADATA {{kohorte: '{about}'}})"
                )
    assert "is damaged" in refused(folder)


def test_a_report_of_another_version_is_refused(tmp_path: Path) -> None:
    folder = report(tmp_path / "r", ORDERS)
    with duckdb.connect() as connection:
        connection.execute(
            f"COPY (SELECT 1 AS key) TO '{folder / restatement.FILE}' (FORMAT parquet, "
            'KV_METADATA {kohorte: \'{"format": 99, "version": "9.1"}\'})'
        )
    assert "another version of kohorte (9.1)" in refused(folder)


def test_another_shops_report_is_refused(tmp_path: Path) -> None:
    folder = report(tmp_path / "r", ORDERS)
    other = [dict(each, order_id=f"X{each['order_id']}") for each in ORDERS]
    assert "Perhaps it is another shop's." in refused(folder, other)
    same_numbers = [dict(each, placed_at="2023-01-01") for each in ORDERS]
    assert "Perhaps it is another shop's." in refused(folder, [*same_numbers, *other])


def test_a_report_in_another_currency_or_of_other_customers_is_refused(tmp_path: Path) -> None:
    folder = report(tmp_path / "r", ORDERS)
    assert "counts in EUR, these numbers in CHF" in refused(folder, currency="CHF")
    with history(ORDERS) as found, found.only("orders >= 2"), pytest.raises(KohorteError) as caught:
        restatement.explain(found, folder, "revenue", grain="month", period="2024-03")
    assert "about other customers" in caught.value.render("en")


def test_a_number_that_was_not_known_is_refused_with_its_reason(tmp_path: Path) -> None:
    said = refused(report(tmp_path / "r", ORDERS), slug="customer_retention_rate")
    assert said.endswith(
        "It takes 730 days of data before the end of the period; the data begin on 5 Jan 2024."
    )


def test_a_metric_of_more_than_orders_is_refused(tmp_path: Path) -> None:
    spend = [
        {
            "starts_on": "2024-03-01",
            "ends_on": "2024-03-31",
            "purpose": "acquisition",
            "amount_minor": 100,
        }
    ]
    said = refused(
        report(tmp_path / "r", ORDERS), slug="customer_acquisition_cost", spend=spend
    )  # fmt: skip
    assert "is made of more than orders (spend)" in said
