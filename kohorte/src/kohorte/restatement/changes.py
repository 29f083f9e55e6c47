"""What is different between the orders of two reports, one kind of difference after the other.

The orders of both are laid side by side by the hash of their number. A stage is a table of orders
in which some kinds of differences are as they are now and all later ones still as they were then.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from kohorte import periods, tables
from kohorte.engine import Engine
from kohorte.errors import KohorteError
from kohorte.language import Sentence

# Less than this share of the smaller report's orders again, on the same day: another shop.
_SAME_SHOP = 0.1
_SIDE_BY_SIDE = """
CREATE OR REPLACE TABLE side_by_side AS
WITH known AS (
  SELECT n.customer, ARG_MIN(t.customer, (n.day, n.key)) AS customer_then
  FROM orders_now AS n
  JOIN orders_then AS t ON t.key = n.key
  WHERE t.customer IS NOT NULL
  GROUP BY n.customer
)
SELECT
  COALESCE(t.key, n.key) AS key,
  t.key IS NOT NULL AS was,
  n.key IS NOT NULL AS is_now,
  CASE
    WHEN t.key IS NOT NULL THEN 'then ' || t.customer
    WHEN k.customer_then IS NOT NULL THEN 'then ' || k.customer_then
    ELSE 'now ' || n.customer
  END AS customer_then,
  'now ' || n.customer AS customer_now,
  t.day AS day_then,
  n.day AS day_now,
  t.state AS state_then,
  n.state AS state_now,
  t.amount_minor AS amount_minor_then,
  n.amount_minor AS amount_minor_now,
  t.refunded_minor AS refunded_minor_then,
  n.refunded_minor AS refunded_minor_now,
  t.units AS units_then,
  n.units AS units_now
FROM orders_then AS t
FULL JOIN orders_now AS n ON n.key = t.key
LEFT JOIN known AS k ON k.customer = n.customer AND t.key IS NULL
"""
_BOTH = "was AND is_now AND "


@dataclass(frozen=True)
class Difference:
    """One kind of difference: its slug, how many orders it is about, and its words."""

    slug: str
    orders: int
    name: Sentence


def read(engine: Engine, name: str, path: Path) -> None:
    """Read the orders that a report kept.

    Raises
    ------
    duckdb.Error
        The file does not hold them.
    """
    engine.connection.execute(
        f"CREATE OR REPLACE TABLE {name} AS SELECT CAST(key AS UBIGINT) AS key, "
        "CAST(customer AS BIGINT) AS customer, CAST(day AS INTEGER) AS day, state, "
        "CAST(amount_minor AS BIGINT) AS amount_minor, "
        "CAST(refunded_minor AS BIGINT) AS refunded_minor, CAST(units AS DECIMAL(18,3)) AS units "
        "FROM read_parquet($path)",
        {"path": str(path)},
    )


def lay_side_by_side(engine: Engine) -> None:
    """Pair the orders of then and now by the hash of their number."""
    engine.connection.execute(_SIDE_BY_SIDE)


def require_same_shop(engine: Engine, folder: Path) -> None:
    """Refuse the report of other orders.

    Raises
    ------
    KohorteError
        Hardly any order is in both.
    """
    (found,) = engine.rows(
        "SELECT COUNT(*) FILTER (WHERE was) AS was, COUNT(*) FILTER (WHERE is_now) AS is_now, "
        f"COUNT(*) FILTER (WHERE {_BOTH} ABS(day_now - day_then) <= 1) AS again FROM side_by_side"
    )
    if not found["was"] or found["again"] < _SAME_SHOP * min(found["was"], found["is_now"]):
        raise KohorteError(
            "The report in {folder} is about other orders: of its {count} hardly any is in these "
            "files. Perhaps it is another shop's.",
            folder=str(folder),
            count=int(found["was"]),
        )


def cut(engine: Engine) -> int:
    """Return the last day of the orders of then."""
    (found,) = engine.rows("SELECT MAX(day_then) AS day FROM side_by_side")
    return int(found["day"])


def differences(engine: Engine, *, zones: tuple[str, str]) -> Iterator[Difference]:
    """Give every kind of difference that there is, in the order in which they are replaced.

    Parameters
    ----------
    zones
        The time zones of then and now; a change of them moves days.
    """
    day = cut(engine)
    shown = {"day": periods.from_day_number(day)}
    zone = {"then": zones[0], "now": zones[1]}
    moved = Sentence("{count} {count:order lies|orders lie} on another day")
    if zones[0] != zones[1]:
        moved = Sentence(
            "{count} {count:order lies|orders lie} on another day, by the zone {now} instead of "
            "{then}",
            zone,
        )
    for slug, test, name in (
        ("gone", "was AND NOT is_now", Sentence("{count} {count:order is|orders are} gone")),
        (
            "late",
            f"NOT was AND day_now < {day}",
            Sentence("{count} {count:order|orders} from before {day} came in later", shown),
        ),
        ("days", _BOTH + "day_then <> day_now", moved),
        (
            "states",
            _BOTH + "state_then <> state_now",
            Sentence("{count} {count:order has|orders have} another state, such as cancelled"),
        ),
        (
            "refunds",
            _BOTH + "refunded_minor_then IS DISTINCT FROM refunded_minor_now",
            Sentence("{count} {count:order has|orders have} other refunds"),
        ),
        (
            "amounts",
            _BOTH + "(amount_minor_then IS DISTINCT FROM amount_minor_now "
            "OR units_then IS DISTINCT FROM units_now)",
            Sentence("{count} {count:order has|orders have} another amount or quantity"),
        ),
    ):
        (found,) = engine.rows(f"SELECT COUNT(*) AS orders FROM side_by_side WHERE {test}")
        if found["orders"]:
            yield _difference(slug, int(found["orders"]), name)
    yield from _people(engine)
    (found,) = engine.rows(
        f"SELECT COUNT(*) AS orders FROM side_by_side WHERE NOT was AND day_now >= {day}"
    )
    if found["orders"]:
        name = Sentence("{count} {count:order|orders} from {day} on", shown)
        yield _difference("newer", int(found["orders"]), name)


def _difference(slug: str, count: int, name: Sentence) -> Difference:
    return Difference(slug, count, Sentence(name.msgid, {**name.values, "count": count}))


_PEOPLE = """
SELECT
  (SELECT COUNT(*) FROM (
    SELECT customer_now FROM side_by_side WHERE was AND is_now AND customer_now IS NOT NULL
    GROUP BY customer_now HAVING COUNT(DISTINCT customer_then) > 1
  ) AS j) AS joined,
  (SELECT COUNT(*) FROM (
    SELECT customer_then FROM side_by_side WHERE was AND is_now AND customer_then IS NOT NULL
    GROUP BY customer_then HAVING COUNT(DISTINCT customer_now) > 1
  ) AS p) AS parted,
  (SELECT COUNT(*) FROM side_by_side WHERE was AND is_now
    AND (customer_then IS NULL) <> (customer_now IS NULL)) AS known
"""


def _people(engine: Engine) -> Iterator[Difference]:
    """Give the difference in who is one customer, if there is one."""
    (found,) = engine.rows(_PEOPLE)
    counts = {name: int(found[name]) for name in ("joined", "parted", "known")}
    if any(counts.values()):
        name = Sentence(
            "{joined} {joined:customer was|customers were} joined from several, {parted} parted, "
            "{known} {known:order|orders} won or lost a customer",
            counts,
        )
        yield Difference("customers", sum(counts.values()), name)


def write_orders(engine: Engine, replaced: Collection[str]) -> frozenset[str]:
    """Write the tables with some kinds of differences replaced; return what orders lack then."""
    for table in tables.TABLES.values():
        tables.create(engine.connection, table)
    day = cut(engine)
    held = " OR ".join(
        f"({test})"
        for test in (
            "was AND is_now",
            "FALSE" if "gone" in replaced else "was AND NOT is_now",
            f"NOT was AND day_now < {day}" if "late" in replaced else "FALSE",
            f"NOT was AND day_now >= {day}" if "newer" in replaced else "FALSE",
        )
    )

    def column(name: str, slug: str) -> str:
        now = f"{name}_now"
        if slug in replaced:
            return f"CASE WHEN is_now THEN {now} ELSE {name}_then END"
        return f"CASE WHEN was THEN {name}_then ELSE {now} END"

    who = "customer_now" if "customers" in replaced else "customer_then"
    engine.write(
        "stage",
        "SELECT CAST(key AS VARCHAR) AS order_id, "
        f"CASE WHEN is_now THEN {who} ELSE customer_then END AS customer_id, "
        f"CAST(DATE '1970-01-01' + {column('day', 'days')} AS TIMESTAMP) AS placed_at, "
        f"{column('amount_minor', 'amounts')} AS amount_minor, {column('units', 'amounts')} "
        f"AS units, {column('state', 'states')} AS state, "
        f"{column('refunded_minor', 'refunds')} AS refunded_minor FROM side_by_side WHERE {held}",
    )
    engine.connection.execute(
        "INSERT INTO orders BY NAME SELECT order_id, customer_id, placed_at, amount_minor, units, "
        "state FROM stage"
    )
    engine.connection.execute(
        "INSERT INTO refunds BY NAME SELECT order_id AS refund_id, order_id, customer_id, "
        "placed_at AS refunded_at, refunded_minor AS amount_minor FROM stage "
        "WHERE refunded_minor IS NOT NULL"
    )
    (known,) = engine.rows(
        "SELECT COUNT(*) AS orders, COUNT(amount_minor) AS amounts, COUNT(units) AS units FROM stage"
    )
    return frozenset(name for name in ("amounts", "units") if known[name] < known["orders"])


def last_day(engine: Engine) -> dt.date:
    """Return the day up to which the earlier report knew orders."""
    return periods.from_day_number(cut(engine))
