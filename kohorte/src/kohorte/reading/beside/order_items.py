"""Lines that stand in another file than their orders: told apart, and joined by the order number.

The lines give products, categories and units; the amount of an order stays that of its own file,
and where the lines add up to another one, that is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import duckdb

from kohorte.language import Sentence
from kohorte.reading import categories, profiles, sql
from kohorte.reading.beside import recognizing
from kohorte.reading.beside.declared import ORDER_LINES
from kohorte.reading.beside.filling import Read, exclude
from kohorte.reading.beside.knowing import NUMBERS, bare
from kohorte.reading.options import Meaning, ReadOptions
from kohorte.reading.plan import Plan
from kohorte.reading.source import Source
from kohorte.results import FileReading

JOINED = "kohorte_reading_joined_lines"
SUMS = "kohorte_reading_line_sums"
# Of so many of its orders the other files know a file of lines that tells customers as well.
_KNOWN_SHARE = 0.9
# So many of the cells must list several articles; a comma may stand in the name of one.
_LISTS_SHARE = 0.3
_GOODS: frozenset[Meaning] = frozenset({"product_id", "product", "unit_price"})


def holds(source: Source, *, connection: duckdb.DuckDBPyConnection, options: ReadOptions) -> bool:
    """Return whether the rows of a file are lines, and nothing in it tells who bought them."""
    said = {"customer_id", "email", "date"} & set(options.columns)
    headers = {column.name for column in source.columns}
    if any(options.columns[meaning] in headers for meaning in said):
        return False
    if not source.has_header or profiles.recognize(source)[0] is not profiles.GENERIC:
        return False
    cells = recognizing.first_cells(source, connection=connection)
    found = recognizing.match(source, ORDER_LINES, cells=cells, options=options)
    return found.is_whole and found.signs >= 0


def apart(
    plans: Sequence[Plan], *, connection: duckdb.DuckDBPyConnection, options: ReadOptions
) -> list[Plan]:
    """Return the files of lines whose orders stand, each in one row, in the other files.

    Such an order may list all of its articles in one cell, which says nothing about any of them.
    """
    orders = [
        plan
        for plan in plans
        if "order_id" in plan.columns
        and (
            (plan.rows == "orders" and not _tells_goods(plan))
            or (_lists_goods(plan) and options.rows is None)
        )
    ]
    if not orders:
        return []
    known = " UNION ".join(_numbers(plan) for plan in orders)
    found = [
        plan
        for plan in plans
        if plan.rows == "lines"
        and plan not in orders
        and "order_id" in plan.columns
        and _tells_goods(plan)
        and plan.source.name not in options.kinds
        and _fits(plan, connection=connection, options=options)
        and _share(plan, known, connection=connection) >= _KNOWN_SHARE
    ]
    for plan in orders if found else ():
        _forget_goods(plan)
    return found


def _lists_goods(plan: Plan) -> bool:
    """Return whether each order has one row, and some rows several articles in one cell."""
    goods, amount = plan.first("product_id", "product"), plan.columns.get("amount")
    if goods is None or amount is None or "unit_price" in plan.columns:
        return False
    cells = plan.facts[goods.index].filled
    lists = sum("," in cell or ";" in cell or "|" in cell for cell in cells)
    numbers = plan.facts[plan.columns["order_id"].index].counts
    return max(numbers.values(), default=0) == 1 and lists >= _LISTS_SHARE * len(cells)


def _forget_goods(plan: Plan) -> None:
    """Take the rows of a file for orders, whose articles its lines tell."""
    if plan.rows == "lines":
        plan.rows = "orders"
        for meaning in ("product_id", "product"):
            plan.columns.pop(meaning, None)
        plan.guesses = tuple(
            each for each in plan.guesses if each.meaning not in ("product_id", "product")
        )


def _tells_goods(plan: Plan) -> bool:
    """Return whether a file tells what was bought, in cells that are not empty."""
    columns = plan.every(*_GOODS)
    return any(cell and cell.strip() for each in columns for cell in plan.samples[each.index])


def _fits(plan: Plan, *, connection: duckdb.DuckDBPyConnection, options: ReadOptions) -> bool:
    cells = recognizing.first_cells(plan.source, connection=connection)
    return recognizing.match(plan.source, ORDER_LINES, cells=cells, options=options).is_whole


def _numbers(plan: Plan) -> str:
    number = bare(f"trim({plan.columns['order_id'].sql}::VARCHAR)")
    return f"SELECT {number} AS key FROM {plan.source.relation}"


def _share(plan: Plan, known: str, *, connection: duckdb.DuckDBPyConnection) -> float:
    (share,) = sql.row(
        connection,
        f"SELECT coalesce(avg((key IN ({known}))::INTEGER), 0) FROM (SELECT DISTINCT key "
        f"FROM ({_numbers(plan)}) WHERE key <> '')",
    )
    return float(share)


def add(
    files: Sequence[Read], *, exponent: int, connection: duckdb.DuckDBPyConnection
) -> list[FileReading]:
    """Join the lines to the orders by their number; return how each file was understood.

    Lines of an order that several files hold are taken from the last one. What has lines already
    keeps them.
    """
    _join(files, exponent=exponent, connection=connection)
    exclude(files, staged=False, connection=connection)
    told = _remarks(files, exponent=exponent, connection=connection)
    _add_lines(connection=connection)
    _complete_orders(connection=connection)
    categories.note(f"SELECT product_id, product, category FROM {JOINED}", connection=connection)
    for table in (JOINED, SUMS):
        sql.rows(connection, f"DROP TABLE {table}")
    readings = [_reading(each) for each in files]
    last = readings[-1]
    return [
        *readings[:-1],
        FileReading(**{**vars(last), "remarks": (*last.remarks, *told)}),
    ]


def _join(files: Sequence[Read], *, exponent: int, connection: duckdb.DuckDBPyConnection) -> None:
    """Note the readable lines with their orders, and what those of each order add up to."""
    rows = sql.parquet([each.rows.path for each in files], numbered=False)
    priced = f"round(coalesce(l.quantity, 1) * l.unit_price * 1{'0' * exponent})"
    sql.rows(
        connection,
        f"CREATE OR REPLACE TEMP TABLE {JOINED} AS SELECT l.file, l.line, o.order_id, "
        "l.order_id AS told, l.product_id, l.product, l.category, "
        "l.quantity::DECIMAL(18,3) AS quantity, l.unit_price, "
        f"coalesce(l.amount, {priced})::BIGINT AS amount_minor FROM {rows} l "
        f"LEFT JOIN {NUMBERS} o ON o.key = {bare('l.order_id')} "
        "WHERE l.fault IS NULL AND l.gone IS NULL "
        "QUALIFY l.file = max(l.file) OVER (PARTITION BY coalesce(o.order_id, l.order_id))",
    )
    sql.rows(
        connection,
        f"CREATE OR REPLACE TEMP TABLE {SUMS} AS SELECT order_id, sum(quantity) AS units, "
        "CASE WHEN count(amount_minor) = count(*) THEN sum(amount_minor) END AS amount_minor "
        f"FROM {JOINED} WHERE order_id IS NOT NULL GROUP BY order_id",
    )


def _add_lines(*, connection: duckdb.DuckDBPyConnection) -> None:
    sql.rows(
        connection,
        "INSERT INTO order_lines SELECT order_id, "
        "row_number() OVER (PARTITION BY order_id ORDER BY file, line)::INTEGER, product_id, "
        f"product, quantity, unit_price, amount_minor FROM {JOINED} WHERE order_id IS NOT NULL "
        "AND order_id NOT IN (SELECT order_id FROM order_lines)",
    )


def _complete_orders(*, connection: duckdb.DuckDBPyConnection) -> None:
    """Give orders the units of their lines, and their amounts if no file of orders tells any."""
    priced, counted = sql.row(
        connection,
        "SELECT (SELECT count(amount_minor) FROM orders) = 0 AND count(amount_minor) > 0, "
        f"count(units) > 0 FROM {SUMS}",
    )
    changed = []
    if counted:
        changed.append("coalesce(s.units, o.units, 0)::DECIMAL(18,3) AS units")
    if priced:
        changed.append("coalesce(s.amount_minor, 0)::BIGINT AS amount_minor")
    if changed:
        sql.rows(
            connection,
            f"CREATE OR REPLACE TABLE orders AS SELECT o.* REPLACE ({', '.join(changed)}) "
            f"FROM orders o LEFT JOIN {SUMS} s ON s.order_id = o.order_id "
            "ORDER BY o.placed_at, o.order_id",
        )


def _reading(each: Read) -> FileReading:
    made, source = each.made, each.made.source
    told = [Sentence("Taken for: {what}.", {"what": made.kind.name})]
    bad = each.rows.faults + len(source.bad_rows)
    if bad:
        told.append(Sentence("Rows that cannot be read were left out: {count}.", {"count": bad}))
    return FileReading(
        path=source.place,
        layout="order_lines",
        layout_name=made.kind.name,
        rows=source.rows + len(source.bad_rows),
        encoding=source.encoding,
        delimiter=source.delimiter,
        guesses=made.guesses,
        remarks=(*source.remarks, *made.remarks, *told),
        questions=tuple(made.questions),
    )


def _remarks(
    files: Sequence[Read], *, exponent: int, connection: duckdb.DuckDBPyConnection
) -> list[Sentence]:
    """Tell how many orders found their lines, and where the amounts of both differ."""
    lines, strange, first, found, orders = sql.row(
        connection,
        "SELECT count(order_id), count(*) FILTER (order_id IS NULL), min(told) FILTER "
        "(order_id IS NULL), count(DISTINCT order_id), (SELECT count(*) FROM orders) "
        f"FROM {JOINED}",
    )
    told = [
        Sentence(
            "{lines} {lines:line|lines} joined to {found} of {orders} orders by the order number.",
            {"lines": int(lines), "found": int(found), "orders": int(orders)},
        )
    ]
    if strange:
        told.append(
            Sentence(
                "Rows that name an order which is in none of the files: {count}, the first is "
                "“{number}”.",
                {"count": int(strange), "number": first},
            )
        )
    if found < orders and any("quantity" in each.made.columns for each in files):
        told.append(
            Sentence(
                "Orders without a line: {count}; they count without units unless their own file "
                "tells them.",
                {"count": int(orders - found)},
            )
        )
    differ, ours, theirs, lacking, priced = sql.row(
        connection,
        "SELECT count(*) FILTER (s.amount_minor <> o.amount_minor), "
        "coalesce(sum(o.amount_minor) FILTER (s.amount_minor <> o.amount_minor), 0), "
        "coalesce(sum(s.amount_minor) FILTER (s.amount_minor <> o.amount_minor), 0), "
        "count(o.amount_minor) = 0, count(s.amount_minor) > 0 "
        f"FROM {SUMS} s JOIN orders o ON o.order_id = s.order_id",
    )
    if lacking and priced:
        told.append(Sentence("As no file of orders tells amounts, those of the lines count."))
    if differ:
        told.append(
            Sentence(
                "{count} {count:order costs|orders cost} {ours} by {count:its|their} own file and "
                "{theirs} by the lines; the orders' amounts hold. Postage, discounts and taxes may be "
                "the difference.",
                {
                    "count": int(differ),
                    "ours": Decimal(int(ours)).scaleb(-exponent),
                    "theirs": Decimal(int(theirs)).scaleb(-exponent),
                },
            )
        )
    return told
