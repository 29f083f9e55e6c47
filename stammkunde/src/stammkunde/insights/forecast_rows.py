"""The numbers of single customers in a forecast: one Parquet of ids and numbers, no names.

Customers who were merged since are followed to whom they went into; those who were erased are left out at
once, and leave the file with the next refresh.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
from django.conf import settings

from stammkunde.core.shops.models import Shop
from stammkunde.insights import manifest, parts
from stammkunde.insights.models import Forecast
from stammkunde.records.customers.models import Customer, Merge

if TYPE_CHECKING:
    import numpy as np

# A merge just before the columns were written may not be in them yet.
MARGIN = dt.timedelta(hours=1)
MEMORY_LIMIT = "512MB"
COLUMNS = {
    "customer_id": "BIGINT", "purchase_days": "INTEGER", "last_on": "DATE", "alive": "DOUBLE",
    "orders_12": "DOUBLE", "value_12": "BIGINT", "low_12": "BIGINT", "high_12": "BIGINT",
    "value_24": "BIGINT", "value_36": "BIGINT", "usual_days": "DOUBLE", "late_days": "DOUBLE",
    "early_on": "DATE", "due_on": "DATE", "by_on": "DATE", "overdue": "BOOLEAN",
    "alive_class": "TINYINT", "value_class": "TINYINT",
}  # fmt: skip


def write(shop_id: int, columns: Mapping[str, np.ndarray], path: Path) -> None:
    """Write the numbers of customers, the most valuable first, but of nobody who was erased."""
    cells = ", ".join(
        f"{name}::{type_} AS {name}" if name in columns else f"NULL::{type_} AS {name}"
        for name, type_ in COLUMNS.items()
    )
    with duckdb.connect(config={"memory_limit": MEMORY_LIMIT}) as connection:
        connection.register("foretold", dict(columns))
        _gone(shop_id, since=None, connection=connection)
        connection.execute(
            f"COPY (SELECT {cells} FROM foretold WHERE customer_id NOT IN (SELECT id FROM gone "
            f"WHERE into_id IS NULL) ORDER BY value_12 DESC NULLS LAST, orders_12 DESC, customer_id) "
            f"TO {parts.quoted(path)} (FORMAT parquet, COMPRESSION zstd)"
        )
    manifest.sync(path)


@contextmanager
def alone(shop_id: int) -> Iterator[None]:
    """Let no other process write or sweep the files of a shop; whoever is killed lets go."""
    where = folder(shop_id)
    where.mkdir(parents=True, exist_ok=True)
    with (where / "lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def sweep(shop_id: int) -> None:
    """Delete the files that no forecast names, such as those of one that was killed."""
    named = set(Forecast.objects.filter(shop_id=shop_id).values_list("file", flat=True))
    for path in folder(shop_id).glob("customers-*.parquet"):
        if path.name not in named:
            path.unlink(missing_ok=True)


def forget_erased(shop: Shop) -> None:
    """Take everybody who was erased since out of the numbers of single customers."""
    if folder(shop.pk).exists():
        with alone(shop.pk):
            _forget_erased(shop)


def _forget_erased(shop: Shop) -> None:
    found = Forecast.objects.filter(shop=shop).exclude(file="").first()
    if found is None or not (folder(shop.pk) / found.file).is_file():
        return
    old = folder(shop.pk) / found.file
    new = old.with_name(f"customers-{secrets.token_hex(6)}.parquet")
    with duckdb.connect(config={"memory_limit": MEMORY_LIMIT}) as connection:
        _gone(shop.pk, since=found.data_at - MARGIN, connection=connection)
        erased = "(SELECT id FROM gone WHERE into_id IS NULL)"
        source = parts.scan([old])
        (held,) = connection.execute(
            f"SELECT count(*) FROM {source} WHERE customer_id IN {erased}"
        ).fetchall()[0]
        if not held:
            return
        connection.execute(
            f"COPY (SELECT * FROM {source} WHERE customer_id NOT IN {erased}) "
            f"TO {parts.quoted(new)} (FORMAT parquet, COMPRESSION zstd)"
        )
    manifest.sync(new)
    Forecast.objects.filter(shop=shop, file=found.file).update(file=new.name)
    sweep(shop.pk)


def read(
    shop: Shop, found: Forecast | None, *, connection: duckdb.DuckDBPyConnection, into: str
) -> None:
    """Make a table of what is foretold of each customer who is one today.

    Its columns are `COLUMNS`: amounts in minor units, `orders_12` and `value_12` over twelve months,
    `low_12` and `high_12` where four of five futures lie, `alive` from 0 to 1; by `early_on`, `due_on`
    and `by_on` one, half and four of five would have ordered. Of customers who became one since, the
    numbers of the one who bought more are shown until the next fit.

    The table is empty where there is no forecast, or numbers are withheld.
    """
    source = view(shop, found, connection=connection)
    connection.execute(f"CREATE OR REPLACE TABLE {into} AS SELECT * FROM {source}")


def view(shop: Shop, found: Forecast | None, *, connection: duckdb.DuckDBPyConnection) -> str:
    """Return what a select reads the customers of a forecast from."""
    if found is None or not found.file:
        cells = ", ".join(f"NULL::{type_} AS {name}" for name, type_ in COLUMNS.items())
        return f"(SELECT {cells} WHERE false)"
    source = parts.scan([folder(shop.pk) / found.file])
    if not _gone(shop.pk, since=found.data_at - MARGIN, connection=connection):
        return source
    return (
        f"(SELECT * EXCLUDE (into_id, place) FROM (SELECT f.* REPLACE (coalesce(g.into_id, "
        "f.customer_id) AS customer_id), g.into_id, row_number() OVER (PARTITION BY "
        "coalesce(g.into_id, f.customer_id) ORDER BY f.purchase_days DESC, f.last_on DESC, "
        f"f.customer_id) AS place FROM {source} f LEFT JOIN gone g ON g.id = f.customer_id "
        "WHERE g.id IS NULL OR g.into_id IS NOT NULL) WHERE place = 1)"
    )


def _gone(shop_id: int, *, since: dt.datetime | None, connection: duckdb.DuckDBPyConnection) -> int:
    """Make `gone`, whom customers went into, none for those who were erased; return how many there are."""
    erased = Customer.objects.filter(shop_id=shop_id, erased_at__isnull=False)
    merges = Merge.objects.filter(shop_id=shop_id, undone_at=None)
    if since:
        erased, merges = erased.filter(erased_at__gte=since), merges.filter(at__gte=since)
    into: dict[int, int | None] = dict(
        merges.order_by("id").values_list("gone_id", "kept_id") if since else ()
    )
    into |= dict.fromkeys(erased.values_list("id", flat=True))
    rows = [(gone, _root(gone, into)) for gone in into]
    connection.execute("CREATE OR REPLACE TABLE gone (id BIGINT, into_id BIGINT)")
    if rows:
        ids, roots = [row[0] for row in rows], [row[1] for row in rows]
        connection.execute(
            "INSERT INTO gone SELECT unnest($ids), unnest($roots)", {"ids": ids, "roots": roots}
        )
    return len(rows)


def _root(gone: int, into: dict[int, int | None]) -> int | None:
    """Return whom a customer went into in the end; None if that one was erased."""
    at: int | None = gone
    seen: set[int] = set()
    while at is not None and at in into and at not in seen:
        seen.add(at)
        at = into[at]
    return at


def folder(shop_id: int) -> Path:
    """Return where the forecast of a shop is."""
    return Path(settings.DATA) / "forecasts" / str(shop_id)
