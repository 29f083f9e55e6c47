"""Categories of products, told by lines of orders where no list of products tells them."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from kohorte import tables
from kohorte.language import Sentence
from kohorte.reading import cells, sql
from kohorte.reading.beside.declared import ORDER_LINES
from kohorte.reading.meaning.words import compact
from kohorte.reading.plan import Plan
from kohorte.reading.source import Column

_HEADERS = frozenset(
    compact(header)
    for field in ORDER_LINES.fields
    if field.name == "category"
    for header in field.usual
)


def add(plans: Sequence[Plan], *, connection: duckdb.DuckDBPyConnection) -> None:
    """Note the categories that files of orders tell on their lines, and tell which column does."""
    for plan in plans:
        column, product = _column(plan), plan.columns.get("product_id")
        if column is None or product is None or plan.rows != "lines":
            continue
        note(
            f"SELECT {cells.identity(product)} AS product_id, NULL::VARCHAR AS product, "
            f"{cells.filled(column)} AS category FROM {plan.source.relation}",
            connection=connection,
        )
        plan.remarks.append(
            Sentence("“{column}” holds the categories of the products.", {"column": column.name})
        )


def _column(plan: Plan) -> Column | None:
    taken = {column.index for column in plan.columns.values()}
    return next(
        (
            column
            for column in plan.source.columns
            if column.index not in taken and compact(column.name) in _HEADERS
        ),
        None,
    )


def note(lines: str, *, connection: duckdb.DuckDBPyConnection) -> None:
    """Note the category of products that no list of products gives one.

    `lines` is a select of `product_id`, `product` and `category`; a product in several categories
    takes the first one by the alphabet.
    """
    named = (
        "(SELECT product_id, min(product) AS product, min(category) AS category "
        f"FROM ({lines}) WHERE product_id IS NOT NULL AND category IS NOT NULL GROUP BY product_id)"
    )
    (some,) = sql.row(connection, f"SELECT count(*) FROM {named}")
    if not some:
        return
    (there,) = sql.row(
        connection, "SELECT count(*) FROM duckdb_tables() WHERE table_name = 'products'"
    )
    if not there:
        tables.create(connection, tables.BESIDE["products"])
    sql.rows(
        connection,
        f"UPDATE products SET category = n.category FROM {named} n "
        "WHERE n.product_id = products.product_id AND products.category IS NULL",
    )
    sql.rows(
        connection,
        f"INSERT INTO products BY NAME SELECT product_id, product, category FROM {named} "
        "WHERE product_id NOT IN (SELECT product_id FROM products)",
    )
