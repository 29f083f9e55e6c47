"""What a model foretells of each customer is written beside the customer, as precisely as it is known.

Estimates are kept in whole percent, hundredths of orders and amounts of three digits: more is not known,
and so a new day changes fewer rows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt

from kohorte import currencies
from kohorte.language import LANGUAGES, Sentence
from kohorte.models import choosing
from stammkunde.core import clock
from stammkunde.core.shops.models import Shop
from stammkunde.insights import codec, forecasts, standing
from stammkunde.insights.standing import Between, silent
from stammkunde.records.customers import standings

Array = npt.NDArray[Any]
HELD = {
    "customer_id": "BIGINT", "alive_percent": "SMALLINT", "expected_orders": "INTEGER",
    "expected_value_minor": "BIGINT", "expected_low_minor": "BIGINT", "expected_high_minor": "BIGINT",
}  # fmt: skip
_DIGITS = 3


@dataclass(frozen=True, eq=False)
class Foretold:
    """What was foretold of customers, as plain arrays of equal length.

    Parameters
    ----------
    customers
        Our ids.
    alive
        The probability of still being a customer, from 0 to 1.
    orders
        Orders expected in the twelve months after `as_of`.
    value, low, high
        Value expected in them and the range of four of five futures, in major units; None where not known.
    model
        The slug of the model.
    as_of
        The last day of the data.
    withheld
        Why nothing is to be shown, if that is so; then there are no customers (`withdraw`).
    """

    customers: Sequence[int] | Array
    alive: Array
    orders: Array
    model: str
    as_of: dt.date
    value: Array | None = None
    low: Array | None = None
    high: Array | None = None
    withheld: Sentence | None = None


def kept(shop: Shop) -> Foretold | None:
    """Return what the forecast that holds says of each customer; None where it names nobody."""
    with duckdb.connect() as connection:
        found = forecasts.of_customers(shop, connection=connection, into="told")
        if found is None or not found.file or found.as_of is None:
            return None
        told = connection.execute("SELECT * FROM told").fetchnumpy()
    minor_units = 10 ** currencies.exponent(shop.currency)
    value, low, high = (
        np.ma.filled(np.ma.asarray(told[f"{name}_12"], dtype=float), np.nan) / minor_units
        for name in ("value", "low", "high")
    )
    return Foretold(
        customers=told["customer_id"],
        alive=np.asarray(told["alive"], dtype=float),
        orders=np.asarray(told["orders_12"], dtype=float),
        model=codec.decode(found.result)["model"]["slug"],
        as_of=found.as_of,
        value=value,
        low=low,
        high=high,
    )


def follow(shop: Shop) -> None:
    """Write what the forecast that holds says beside customers who have a standing only now."""
    found = kept(shop)
    if found is not None:
        write(shop, found)


def withdraw(shop: Shop, why: Sentence, model: str = "") -> None:
    """Empty what was foretold of the customers of a shop, and say why nothing is.

    Parameters
    ----------
    model
        The slug of the model that would say so; unless given, the one that spoke last, if any did.
    """
    model = model or standings.basis(shop).model
    if model:
        none = np.empty(0)
        write(shop, Foretold(none, none, none, model, clock.today(shop.zone), withheld=why))


def write(shop: Shop, found: Foretold, *, between: Between = silent) -> int:
    """Write what differs from what the store holds; return how many rows that was.

    Customers who have no standing, for they were merged or erased meanwhile, get none.

    Parameters
    ----------
    between
        Called between the parts; may raise to stop.
    """
    written, exponent = 0, currencies.exponent(shop.currency)
    with duckdb.connect() as connection:
        standing.fetch_held(shop.pk, connection, HELD)
        _compute(found, connection, exponent=exponent)
        for rows in standing.parts(connection, standing.changed(HELD)):
            standings.change(shop.pk, tuple(HELD), rows)
            written += len(rows)
            between()
    withheld, name = found.withheld, choosing.kind(found.model).name
    standings.rest_on(
        shop,
        model=found.model,
        model_name={each: name.render(each) for each in LANGUAGES},
        foretold_on=found.as_of,
        foretold_at=clock.now(),
        withheld={each: withheld.render(each) for each in LANGUAGES} if withheld else {},
    )
    return written


def _compute(found: Foretold, connection: duckdb.DuckDBPyConnection, *, exponent: int) -> None:
    """Make the table of what is to stand with each customer who has a standing."""
    keys = np.asarray(found.customers, dtype=np.int64)
    unknown = np.full(len(keys), np.nan)
    told = {
        "customer_id": keys,
        "alive_percent": np.rint(100 * found.alive),
        "expected_orders": np.rint(100 * found.orders),
    }
    for name in ("value", "low", "high"):
        amounts: Array | None = getattr(found, name)
        told[f"expected_{name}_minor"] = (
            unknown if amounts is None else _rounded(amounts * 10**exponent)
        )
    connection.register("told", told)
    cells = ", ".join(
        f"CAST(CASE WHEN NOT isnan(t.{name}) THEN t.{name} END AS {kind}) AS {name}"
        for name, kind in list(HELD.items())[1:]
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {standing.NEW} AS SELECT h.customer_id, {cells} "
        f"FROM {standing.HELD} AS h LEFT JOIN told AS t ON t.customer_id = h.customer_id"
    )
    connection.unregister("told")


def _rounded(amounts: Array) -> Array:
    """Return whole numbers of three digits that count.

    >>> _rounded(np.array([0.0, 12.4, 123456.0])).tolist()
    [0.0, 12.0, 123000.0]
    """
    size = np.floor(np.log10(np.maximum(np.abs(amounts), 1)))
    step = 10 ** np.maximum(size - _DIGITS + 1, 0)
    return np.asarray(np.rint(amounts / step) * step)
