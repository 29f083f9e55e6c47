"""The typed lines of all files as the canonical tables, in one transaction.

Files are ranked by their last instant: an order that stands in several files is taken from the
last one, whole, and the other copies are listed. Everything here is set-based; the lines stay in
their temporary files.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import duckdb

from kohorte.reading import sql
from kohorte.reading.amounts import unpriced
from kohorte.reading.lines import Lines
from kohorte.reading.persons import identity
from kohorte.reading.plan import Plan
from kohorte.reading.rows import left_out
from kohorte.settings import UNCOUNTED

TABLES = ("orders", "order_lines", "refunds", "customers", "excluded_rows", "identities")
SHARED = "kohorte_reading_shared"
GROUPED = "kohorte_reading_grouped"


@dataclass(frozen=True, kw_only=True)
class Files:
    """All files with their typed lines, in the order in which they were named."""

    plans: Sequence[Plan]
    lines: Sequence[Lines]
    currency: str | None
    exponent: int
    skip_bad_rows: bool = False
    has_unpriced: bool = False
    separate_accounts: bool = False
    accounts_per_address: int | None = None

    @property
    def accounts_most(self) -> int:
        """With how many customer numbers an address still joins them."""
        return self.accounts_per_address or identity.SHARED_MAX

    @property
    def is_plain(self) -> bool:
        """Whether every row of the only file counts, and none is below zero."""
        return len(self.lines) == 1 and self.lines[0].is_plain and not self.has_unpriced


@contextmanager
def created(
    files: Files, *, lists: Sequence[str] = (), connection: duckdb.DuckDBPyConnection
) -> Iterator[None]:
    """Create the canonical tables, or none of them if anything fails, here or with them.

    `lists` are tables of people beside the orders, by which customers are known as well.
    """
    # The order of rows is asked for where it matters; without one no thread waits for another.
    with sql.file_order(connection, kept=False):
        sql.rows(connection, "BEGIN TRANSACTION")
        try:
            _create(files, lists=lists, connection=connection)
            yield
            sql.rows(connection, "COMMIT")
        except BaseException:
            with suppress(duckdb.Error):
                sql.rows(connection, "ROLLBACK")
            raise


def _create(files: Files, *, lists: Sequence[str], connection: duckdb.DuckDBPyConnection) -> None:
    drop(connection)
    _share(files, connection=connection)
    files = unpriced.found(files, lines=judged(files), connection=connection)
    identity.join(
        sql.parquet([each.path for each in files.lines]),
        addresses=any("email" in plan.columns for plan in files.plans),
        separate=files.separate_accounts,
        most=files.accounts_most,
        lists=lists,
        connection=connection,
    )
    _group(files, connection=connection)
    for name, select in (
        ("orders", _orders(files)),
        ("order_lines", _order_lines(files)),
        ("refunds", _refunds(files)),
        ("customers", _customers(files)),
        ("excluded_rows", left_out.select(files, lines=judged(files), grouped=GROUPED)),
    ):
        sql.rows(connection, f"CREATE TABLE {name} AS {select}")
    if len(files.lines) == 1:
        sql.rows(connection, f"DROP TABLE {SHARED}")


def drop(connection: duckdb.DuckDBPyConnection) -> None:
    """Drop tables and views of an earlier reading."""
    for name, kind in sql.rows(
        connection,
        f"SELECT table_name, 'TABLE' FROM duckdb_tables() WHERE {_own('table_name')} UNION ALL "
        f"SELECT view_name, 'VIEW' FROM duckdb_views() WHERE {_own('view_name')}",
    ):
        sql.rows(connection, f"DROP {kind} {name}")


def _own(name: str) -> str:
    return f"schema_name = current_schema() AND NOT temporary AND {name} IN ({sql.texts(TABLES)})"


def forget(connection: duckdb.DuckDBPyConnection) -> None:
    """Drop what only the remarks still needed."""
    for table in (SHARED, GROUPED, unpriced.TABLE):
        sql.rows(connection, f"DROP TABLE IF EXISTS {table}")
    identity.forget(connection)


def judged(files: Files) -> str:
    """Return the lines of all files with the reason why they do not count, if any."""
    table = sql.parquet([lines.path for lines in files.lines])
    if len(files.lines) > 1:
        table = (
            "(SELECT l.* EXCLUDE (reason), CASE WHEN shared.owner <> l.file "
            "THEN 'seen_in_another_file' ELSE l.reason END AS reason "
            f"FROM {table} l LEFT JOIN {SHARED} shared ON shared.order_id = l.order_id)"
        )
    return unpriced.left_out(table) if files.has_unpriced else f"(SELECT * FROM {table})"


def _share(files: Files, *, connection: duckdb.DuckDBPyConnection) -> None:
    """Note the orders that stand in several files, and the file that owns them."""
    last = sorted(range(len(files.lines)), key=lambda number: (files.lines[number].latest, number))
    ranks = ", ".join(str(last.index(number)) for number in range(len(files.lines)))
    owners = ", ".join(map(str, last))
    sql.rows(connection, f"DROP TABLE IF EXISTS {SHARED}")
    sql.rows(
        connection,
        f"CREATE TEMP TABLE {SHARED} AS "
        f"SELECT order_id, [{owners}][max([{ranks}][file + 1]) + 1] AS owner, "
        "max(placed_at)::DATE - min(placed_at)::DATE AS days "
        f"FROM {sql.parquet([lines.path for lines in files.lines])} "
        "WHERE order_id IS NOT NULL GROUP BY order_id HAVING min(file) <> max(file)",
    )


def _kept(reason: str = "reason") -> str:
    """Return the test for lines that make orders, whatever the orders' state.

    Left out by their state, not by their shape, such orders stay in `orders` with that state, and
    their rows are listed as excluded only where other lines of the order count.
    """
    return f"({reason} IS NULL OR {sql.among(reason, UNCOUNTED)})"


def _group(files: Files, *, connection: duckdb.DuckDBPyConnection) -> None:
    """Add lines up to orders; an order counts if any of its lines does."""
    priced = any(plan.has_amounts for plan in files.plans)
    units = any("quantity" in plan.columns for plan in files.plans)
    # Of aggregates with a filter the engine computes many more.
    counted = "" if files.is_plain else "FILTER (WHERE reason IS NULL)"
    some = "true" if files.is_plain else f"count(*) {counted} > 0"
    amount = _sum("amount_minor", counted, some) if priced else "NULL"
    quantity = _sum("quantity", counted, some) if units else "NULL"
    taken_back = _taken_back(amount) if priced and not files.is_plain else "false"
    # Behind a customer number nobody asks for the address.
    has_guests = any(each.has_guests for each in files.lines)
    email = "min(CASE WHEN customer_id IS NULL THEN email END)" if has_guests else "NULL::VARCHAR"
    state, refunded = "'counted'", "false"
    if not files.is_plain:
        left_out = " ".join(f"WHEN bool_or(reason = '{why}') THEN '{why}'" for why in UNCOUNTED)
        open_or_counted = (
            f"CASE WHEN bool_or(state = 'open') {counted} THEN 'open' ELSE 'counted' END"
        )
        state = f"CASE WHEN {some} THEN {open_or_counted} {left_out} END"
        refunded = f"bool_and(state = 'refunded') OR {taken_back}"
    has_channel = any("channel" in plan.columns for plan in files.plans)
    channel = "min(channel)" if has_channel else "NULL::VARCHAR"
    added = (
        f"SELECT order_id, min(customer_id) AS customer_id, {email} AS email, "
        f"min(placed_at) AS placed_at, ({_before(amount, taken_back)})::BIGINT AS amount_minor, "
        f"({quantity})::DECIMAL(18,3) AS units, {state} AS state, "
        f"sum(refund_minor)::BIGINT AS refund_minor, {_original(files, counted, some, taken_back)}, "
        f"{channel} AS channel, "
        f"{refunded} AS refunded, min(line) AS first_line, "
        "max(line) - min(line) + 1 = count(*) AND count(reason) IN (0, count(*)) AS is_together "
        f"FROM {judged(files)} WHERE {_kept()} GROUP BY order_id"
    )
    sql.rows(connection, f"DROP TABLE IF EXISTS {GROUPED}")
    sql.rows(
        connection, f"CREATE TEMP TABLE {GROUPED} AS SELECT * FROM {identity.known(f'({added})')}"
    )


def _original(files: Files, counted: str, some: str, taken_back: str) -> str:
    """Return currency and amount of an order before they were converted; both or neither."""
    if not any(plan.foreign for plan in files.plans):
        return "NULL::VARCHAR AS original_currency, NULL::BIGINT AS original_minor"
    summed = _sum("original_minor", counted, some)
    amount = _before(summed, taken_back, added="original_minor")
    one = "count(original_currency) = count(*) AND count(DISTINCT original_currency) = 1"
    return (
        f"CASE WHEN {one} THEN min(original_currency) END AS original_currency, "
        f"(CASE WHEN {one} THEN {amount} END)::BIGINT AS original_minor"
    )


def _taken_back(amount: str) -> str:
    """Return the test for orders that later rows or negative quantities take back to zero."""
    negative = "FILTER (WHERE reason IS NULL AND amount_minor < 0)"
    returned = f"max(placed_at) {negative} > min(placed_at) OR min(quantity) {negative} < 0"
    return f"coalesce({amount} = 0 AND ({returned}), false)"


def _before(amount: str, taken_back: str, *, added: str = "amount_minor") -> str:
    """Return the amount; of an order that was taken back, what it was before."""
    if taken_back == "false":
        return amount
    bought = f"sum({added}) FILTER (WHERE reason IS NULL AND amount_minor > 0)"
    return f"CASE WHEN {taken_back} THEN coalesce({bought}, 0) ELSE {amount} END"


def _sum(column: str, counted: str, some: str) -> str:
    """Return the sum over the counted lines, over all lines if none counts; nothing is 0."""
    part = f"coalesce(sum({column}) {counted}, 0)"
    return f"CASE WHEN {some} THEN {part} ELSE coalesce(sum({column}), 0) END"


def _orders(files: Files) -> str:
    currency = f"{sql.literal(files.currency)}" if files.currency else "NULL"
    return (
        f"SELECT order_id, customer_id, placed_at, {currency}::VARCHAR AS currency, amount_minor, "
        f"units, state, original_currency, original_minor, channel FROM {GROUPED} "
        "WHERE coalesce(amount_minor, 0) >= 0 ORDER BY placed_at, order_id"
    )


def _order_lines(files: Files) -> str:
    """Return the numbered lines of orders.

    Where the lines of an order stand together, as they do in nearly all files, each is as many
    lines behind the first of them as its number says; the others are sorted.
    """
    numbers = [str(n) for n, plan in enumerate(files.plans) if plan.rows == "lines"]
    lines = f"{judged(files)} l JOIN {GROUPED} o ON o.order_id = l.order_id"
    kept = (
        f"{_kept('l.reason')} AND l.file IN ({', '.join(numbers) or 'NULL'}) "
        "AND coalesce(o.amount_minor, 0) >= 0"
    )
    cells = "l.product_id, l.product, l.quantity, l.unit_price, l.amount_minor"
    place = "row_number() OVER (PARTITION BY l.order_id ORDER BY l.file, l.line)"
    return (
        f"SELECT l.order_id, (l.line - o.first_line + 1)::INTEGER AS line_number, {cells} "
        f"FROM {lines} WHERE o.is_together AND {kept} "
        f"UNION ALL SELECT l.order_id, {place}::INTEGER, {cells} "
        f"FROM {lines} WHERE NOT o.is_together AND {kept} "
        "AND NOT (l.reason IS NOT NULL AND o.state IN ('counted', 'open'))"
    )


def _refunds(files: Files) -> str:
    """Return refunds: cancellations and negative orders name no order, the others theirs."""
    return (
        "SELECT order_id AS refund_id, NULL::VARCHAR AS order_id, min(customer_id) AS customer_id, "
        "min(placed_at) AS refunded_at, (-sum(amount_minor))::BIGINT AS amount_minor "
        f"FROM {identity.known(judged(files))} WHERE reason = 'cancellation' "
        "GROUP BY ALL HAVING sum(amount_minor) < 0 "
        "UNION ALL SELECT order_id, NULL, customer_id, placed_at, -amount_minor "
        f"FROM {GROUPED} WHERE amount_minor < 0 AND state IN ('counted', 'open') "
        "UNION ALL SELECT order_id, order_id, customer_id, placed_at, "
        "CASE WHEN abs(coalesce(refund_minor, 0)) > 0 THEN abs(refund_minor) ELSE amount_minor END "
        f"FROM {GROUPED} WHERE amount_minor > 0 AND state IN ('counted', 'open') "
        "AND (abs(coalesce(refund_minor, 0)) > 0 OR refunded) ORDER BY refunded_at, refund_id"
    )


def _customers(files: Files) -> str:
    return (
        "SELECT customer_id, arg_max(country, placed_at) AS country "
        f"FROM {identity.known(judged(files))} WHERE customer_id IS NOT NULL "
        f"AND ({_kept()} OR reason = 'cancellation') GROUP BY customer_id ORDER BY customer_id"
    )
