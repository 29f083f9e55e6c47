"""The same definitions on a second engine: every metric and relation, equal to the cent."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import pytest
import sqlglot
from sqlglot import exp

import kohorte
from engines import more_tables
from kohorte import bridge, metrics, periods, relations, tables
from tools import postgres

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.engines,
    pytest.mark.skipif(postgres.programs() is None, reason="PostgreSQL is not installed"),
]
# Which of two orders on one day is the neighbor of the other is left open; their days are not.
COLUMNS = {
    "purchases": "customer_id, day, first_day, previous_day, next_day, nth",
    "sampled_purchases": "customer_id, day, next_day, weight",
}
# Composite values of random groups depend on the engine's own hash; their sums do not.
SUMMED = {"customer_lifetime_value", "customer_lifetime_profit"}
SUMS = {
    "activity": ("at_day", "active"),
    "group_days": ("day", "begun"),
    "group_retention": ("period", "retained"),
}
TYPES = {
    "VARCHAR": "text",
    "TIMESTAMP": "timestamp",
    "BIGINT": "bigint",
    "INTEGER": "integer",
    "DOUBLE": "double precision",
}
TABLES = (
    *("orders", "order_lines", "refunds", "customers"),
    *tables.BESIDE,
    *relations.QUESTION_TABLES,
)


def records() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return a shop of three years with guests, returns, tests and orders around midnight."""
    chance = random.Random(20110901)  # noqa: S311 - a shop, not a secret
    start = dt.datetime(2022, 1, 1, tzinfo=dt.UTC)
    orders: list[dict[str, Any]] = []
    refunds: list[dict[str, Any]] = []
    for number in range(900):
        customer = f"c{int(chance.paretovariate(0.7)) % 120}" if chance.random() > 0.1 else None
        amount = chance.randrange(0, 30_000)
        orders.append(
            {
                "order_id": str(number),
                "customer_id": customer,
                "placed_at": start + dt.timedelta(minutes=chance.randrange(1_100 * 1_440)),
                "amount_minor": amount,
                "units": Decimal(chance.randrange(1, 9)),
                "state": "test" if chance.random() < 0.02 else "counted",
                "channel": (None, "search", "mail", "marketplace")[number % 4],
            }
        )
        if chance.random() < 0.15:
            refunds.append(
                {
                    "refund_id": f"r{number}",
                    "order_id": str(number) if chance.random() < 0.8 else "unknown",
                    "customer_id": customer,
                    "refunded_at": start + dt.timedelta(days=chance.randrange(1_100)),
                    "amount_minor": amount if chance.random() < 0.3 else amount // 2,
                }
            )
    return orders, refunds


@pytest.fixture(scope="module")
def history() -> Iterator[kohorte.History]:
    orders, refunds = records()
    settings = kohorte.Settings(
        timezone="Europe/Berlin", active_days=200, retention_days=120, margin_percent=40
    )
    with kohorte.History.from_records(
        orders=orders,
        refunds=refunds,
        currency="EUR",
        settings=settings,
        **more_tables.tables(orders),
    ) as opened:
        run = opened.engine.connection.execute
        run(
            "INSERT INTO order_lines BY NAME SELECT order_id, 1 + CAST(line AS INTEGER) AS line_number, "
            "'P' || (length(order_id) + line) AS product_id, NULL AS product, 2 AS quantity, 300 AS amount_minor FROM orders, range(2) t(line)"
        )
        run(
            "INSERT INTO customers BY NAME SELECT customer_id, CASE WHEN ends_with(customer_id, '1') "
            "THEN 'AT' WHEN ends_with(customer_id, '2') THEN 'DE' END AS country "
            "FROM orders WHERE customer_id IS NOT NULL GROUP BY customer_id"
        )
        opened.rows("month")
        yield opened


@pytest.fixture(scope="module")
def server(history: kohorte.History) -> Iterator[postgres.Server]:
    """Give PostgreSQL the same tables, and the same question by month."""
    bin_folder = postgres.programs()
    assert bin_folder is not None
    with postgres.running(bin_folder) as running:
        for table in TABLES:
            result = history.engine.connection.execute(f"SELECT * FROM {table}")
            columns = {
                name: TYPES.get(str(kind), str(kind).lower())
                for name, kind, *_ in result.description
            }
            running.load(table, columns, result.fetchall())
        yield running


def translated(
    sql: str, history: kohorte.History, bound: Mapping[str, object] | None = None
) -> str:
    """Return a select with all it needs, parameters filled in, in PostgreSQL's words."""
    tree = sqlglot.parse_one(relations.compose(sql), read="duckdb")
    known = {**history.engine.parameters, **(bound or {})}
    for parameter in list(tree.find_all(exp.Placeholder)):
        parameter.replace(exp.convert(known[parameter.name]))
    return tree.sql(dialect="postgres")


def plain(value: object) -> object:
    """Return a value of either engine as a number or a text that can be compared."""
    if value is None or value == "":
        return None
    if isinstance(value, bool) or value in ("t", "f"):
        return value in (True, "t")
    try:
        return float(f"{round(float(str(value)), 6):.12g}")
    except ValueError:
        return str(value)


def compare(
    sql: str,
    history: kohorte.History,
    server: postgres.Server,
    bound: Mapping[str, object] | None = None,
) -> None:
    ours = history.engine.rows(sql, bound)
    theirs = server.ask(translated(sql, history, bound))
    assert ours

    def table(rows: list[Any]) -> list[str]:
        return sorted(str([plain(value) for value in row.values()]) for row in rows)

    assert table(theirs) == table(ours)


@pytest.mark.parametrize("slug", metrics.every())
def test_a_metric_is_the_same_on_both_engines(
    history: kohorte.History, server: postgres.Server, slug: str
) -> None:
    sql = metrics.get(slug).select
    if slug in SUMMED:
        sql = (
            "SELECT period, SUM(n) AS n, SUM(revenue_minor) AS revenue_minor, "
            f"SUM(retained) AS retained FROM ({sql}) AS groups GROUP BY period"
        )
    compare(sql, history, server)


@pytest.mark.parametrize("slug", metrics.every())
def test_the_customers_behind_a_metric_are_the_same_on_both_engines(
    history: kohorte.History, server: postgres.Server, slug: str
) -> None:
    day = periods.day_number
    bound = {
        "starts_day": day(dt.date(2023, 4, 1)),
        "ends_day": day(dt.date(2023, 7, 1)),
        "at_day": day(dt.date(2023, 7, 1)),
        "before_starts_day": day(dt.date(2022, 4, 1)),
        "before_ends_day": day(dt.date(2022, 7, 1)),
    }
    compare(metrics.get(slug).behind, history, server, bound)


@pytest.mark.parametrize("name", sorted(relations.every().keys() - SUMS.keys()))
def test_a_relation_is_the_same_on_both_engines(
    history: kohorte.History, server: postgres.Server, name: str
) -> None:
    compare(f"SELECT {COLUMNS.get(name, '*')} FROM {name}", history, server)


@pytest.mark.parametrize("name", sorted(SUMS))
def test_random_groups_add_up_to_the_same(
    history: kohorte.History, server: postgres.Server, name: str
) -> None:
    moment, counted = SUMS[name]
    compare(
        f"SELECT {moment}, SUM({counted}) AS counted FROM {name} GROUP BY {moment}", history, server
    )


def test_a_table_of_a_server_is_read_like_a_file(
    history: kohorte.History, server: postgres.Server
) -> None:
    address = f"postgresql://postgres@127.0.0.1:{server.port}/postgres?table=orders"
    options = kohorte.ReadOptions(columns={"amount_minor": "amount_minor"}, currency="EUR")
    with kohorte.read(address, options=options) as read:
        (counted,) = read.metric("orders", grain="all", segment="all")
    known = [order for order in records()[0] if order["customer_id"]]
    assert counted.n == sum(order["state"] == "counted" for order in known)


@pytest.mark.parametrize(
    "sql", [way.select for definition in bridge.DEFINITIONS.values() for way in definition.ways]
)
def test_another_tools_definition_is_the_same_on_both_engines(
    history: kohorte.History, server: postgres.Server, sql: str
) -> None:
    compare(sql, history, server)
