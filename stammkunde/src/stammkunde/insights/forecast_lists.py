"""Lists of customers by what is foretold of them, one page at a time, read from the file of the forecast."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

import duckdb

from stammkunde.core.shops.models import Shop
from stammkunde.insights import forecast_rows
from stammkunde.insights.models import Forecast

Row = Mapping[str, Any]
Read = TypeVar("Read")
State = Literal["", "overdue", "due"]
MEMORY_LIMIT = "256MB"
AT_ONCE = 10_000
# An order is due when half of such customers have come within so many days, and it is not overdue.
DUE_DAYS = 30
_BY_VALUE = "value_12 DESC NULLS LAST, orders_12 DESC, customer_id"
# What a program may sort by; the numbers that a customer lacks come last, whichever way.
SORTS = {
    "customer_id": "customer_id", "purchase_days": "purchase_days", "last_on": "last_on",
    "alive": "alive", "orders": "orders_12", "value": "value_12", "due_on": "due_on",
    "late_days": "late_days",
}  # fmt: skip
_LAST = 1e300


@dataclass(frozen=True)
class Chosen:
    """Which customers: of a class of staying and of value (from 0), or by when their order is due."""

    alive: int | None = None
    value: int | None = None
    state: State = ""

    def condition(self, as_of: dt.date) -> tuple[str, dict[str, Any]]:
        """Return the condition of a select with its parameters."""
        parts, given = ["true"], dict[str, Any]()
        if self.alive is not None:
            parts.append("alive_class = $alive")
            given["alive"] = self.alive
        if self.value is not None:
            parts.append("value_class = $value")
            given["value"] = self.value
        if self.state == "overdue":
            parts.append("overdue")
        if self.state == "due":
            parts.append("NOT overdue AND alive > 0.5 AND due_on <= $until")
            given["until"] = as_of + dt.timedelta(days=DUE_DAYS)
        return " AND ".join(parts), given


EVERYBODY = Chosen()


def page(
    shop: Shop, forecast: Forecast, chosen: Chosen, *, offset: int, size: int
) -> tuple[list[Row], int]:
    """Return some customers, those of most value first, and how many there are in all."""
    return _twice(forecast, lambda: _page(shop, forecast, chosen, offset=offset, size=size))


def _page(
    shop: Shop, forecast: Forecast, chosen: Chosen, *, offset: int, size: int
) -> tuple[list[Row], int]:
    with _opened(shop, forecast) as (connection, source):
        condition, given = chosen.condition(forecast.as_of or dt.date.max)
        select = f"SELECT * FROM {source} WHERE {condition}"
        (count,) = connection.execute(f"SELECT count(*) FROM ({select})", given).fetchall()[0]
        order = f" ORDER BY {_BY_VALUE} LIMIT {int(size)} OFFSET {int(offset)}"
        return list(_rows(connection.execute(select + order, given))), int(count)


def following(
    shop: Shop,
    forecast: Forecast,
    chosen: Chosen,
    *,
    sort: str,
    downwards: bool,
    after: tuple[float, int] | None,
    size: int,
) -> tuple[list[Row], int, tuple[float, int] | None]:
    """Return the customers behind a mark, how many there are in all, and the mark of the last one.

    Parameters
    ----------
    sort
        One of `SORTS`.
    after
        The mark of the page before; without one from the first on.

    Returns
    -------
    The rows; the count of all pages; and the mark, None where nothing follows.
    """
    column = SORTS[sort]
    by = f"CAST({column} AS DOUBLE)"
    if column.endswith("_on"):
        by = f"CAST({column} - DATE '1970-01-01' AS DOUBLE)"
    by = f"coalesce({by}, {-_LAST if downwards else _LAST})"
    way, than = ("DESC", "<") if downwards else ("ASC", ">")

    def read() -> tuple[list[Row], int, tuple[float, int] | None]:
        with _opened(shop, forecast) as (connection, source):
            condition, given = chosen.condition(forecast.as_of or dt.date.max)
            select = f"SELECT *, {by} AS mark FROM {source} WHERE {condition}"
            (count,) = connection.execute(f"SELECT count(*) FROM ({select})", given).fetchall()[0]
            beyond = ""
            if after is not None:
                beyond = f"WHERE mark {than} $mark OR (mark = $mark AND customer_id > $behind)"
                given |= {"mark": float(after[0]), "behind": int(after[1])}
            order = f"ORDER BY mark {way}, customer_id LIMIT {int(size) + 1}"
            found = connection.execute(f"SELECT * FROM ({select}) {beyond} {order}", given)
            rows = list(_rows(found))
        more = len(rows) > size
        last = rows[size - 1] if more else None
        mark = (float(last["mark"]), int(last["customer_id"])) if last else None
        return rows[:size], int(count), mark

    return _twice(forecast, read)


def every(shop: Shop, forecast: Forecast, chosen: Chosen) -> Iterator[Row]:
    """Yield all customers, those of most value first."""
    with _opened(shop, forecast) as (connection, source):
        condition, given = chosen.condition(forecast.as_of or dt.date.max)
        select = f"SELECT * FROM {source} WHERE {condition} ORDER BY {_BY_VALUE}"
        yield from _rows(connection.execute(select, given))


def one(shop: Shop, forecast: Forecast, customer_id: int) -> Row | None:
    """Return what is foretold of one customer; None where nothing is."""
    return _twice(forecast, lambda: _one(shop, forecast, customer_id))


def _one(shop: Shop, forecast: Forecast, customer_id: int) -> Row | None:
    with _opened(shop, forecast) as (connection, source):
        select = f"SELECT * FROM {source} WHERE customer_id = $customer"
        return next(_rows(connection.execute(select, {"customer": customer_id})), None)


def _twice(forecast: Forecast, read: Callable[[], Read]) -> Read:
    """Read, and once more where a newer forecast took the file's place at this very moment."""
    try:
        return read()
    except duckdb.IOException:
        forecast.refresh_from_db()
        return read()


@contextmanager
def _opened(shop: Shop, forecast: Forecast) -> Iterator[tuple[duckdb.DuckDBPyConnection, str]]:
    with duckdb.connect(config={"memory_limit": MEMORY_LIMIT, "threads": 1}) as connection:
        yield connection, forecast_rows.view(shop, forecast, connection=connection)


def _rows(found: duckdb.DuckDBPyConnection) -> Iterator[Row]:
    names = [column[0] for column in found.description or []]
    while some := found.fetchmany(AT_ONCE):
        for row in some:
            yield dict(zip(names, row, strict=True))
