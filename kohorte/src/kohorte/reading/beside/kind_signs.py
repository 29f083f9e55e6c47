"""What the headers of a file, and what stands below them, say of its kind."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from kohorte.reading import sql
from kohorte.reading.beside import kind_words
from kohorte.reading.meaning import meanings
from kohorte.reading.meaning.words import MISSING, compact
from kohorte.reading.options import Meaning, ReadOptions
from kohorte.reading.source import SAMPLE_ROWS, Column, Source

# A header names an order's number for certain with this score; “Id” and “Nr.” have less.
_CERTAIN = 0.75
# Of so many rows a column is filled that tells of each row what it is.
_NEARLY_ALL = 0.9
_ITEMS: tuple[Meaning, ...] = ("quantity", "unit_price", "product", "product_id")
_VALUES: tuple[Meaning, ...] = ("amount", "amount_minor", "unit_price")


class Headers:
    """The columns of a file by what their headers say."""

    def __init__(self, source: Source, *, options: ReadOptions) -> None:
        self.source = source
        self.given = {
            meaning
            for meaning, header in options.columns.items()
            if compact(header) in {compact(column.name) for column in source.columns}
        }
        self.refund: dict[str, Column] = {}
        self.dates: list[Column] = []
        self.values: list[Column] = []
        self.plain: list[Column] = []
        for column in source.columns:
            said = kind_words.of_refund(column.name)
            if said:
                self.refund.setdefault(said, column)
            elif not kind_words.is_of_people(column.name):
                self.plain.append(column)
        self.dates = [column for column in self.plain if _names(column, "date")]
        self.values = [column for column in self.plain if _names(column, *_VALUES)]

    @property
    def tells_orders(self) -> bool:
        """Whether a date says of itself that it is an order's."""
        return any(kind_words.of_an_order(column.name) for column in self.dates)

    def name(self, *meanings_: Meaning, at_least: float = meanings.THRESHOLD) -> bool:
        """Return whether a header that is not about refunds or people has one of the meanings."""
        return any(_names(column, *meanings_, at_least=at_least) for column in self.plain)


def _names(column: Column, *given: Meaning, at_least: float = meanings.THRESHOLD) -> bool:
    return any(meanings.by_header(column.name, meaning)[0] >= at_least for meaning in given)


def holds_refunds(headers: Headers, *, named: bool, connection: duckdb.DuckDBPyConnection) -> bool:
    """Return whether each row is a refund.

    It is where a refund has no other date than its own, where nearly every row has the number or
    the date of a refund and there are not two amounts, the order's and the refund's, or where
    nearly every row gives something back and no order has a date or an amount. A name that says
    so counts unless a date is the order's.
    """
    refund, source = headers.refund, headers.source
    if "date" in refund and not headers.dates:
        return not any(_is_date(column, source, connection) for column in headers.plain)
    document = refund.get("document")
    number = refund.get("number")
    if document and not number and is_number(document, _cells(document, source, connection)):
        number = document
    amount = "amount" in refund or (document is not None and document is not number)
    mark = number or refund.get("date")
    if mark and _filled(mark, source, connection) and not (amount and headers.values):
        return True
    if named and not headers.tells_orders:
        return True
    if "amount" not in refund or headers.tells_orders or headers.values:
        return False
    items = headers.name(*_ITEMS)
    return bool(headers.dates) and not items and _filled(refund["amount"], source, connection)


def is_number(column: Column, cells: Sequence[str]) -> bool:
    """Return whether a bare “Gutschrift” or “Credit memo” is a number and no amount.

    Numbers have letters, or stand in front and are whole.
    """
    if column.index == 0:
        return not any(mark in cell for cell in cells for mark in ",.")
    return bool(cells) and not any(meanings.CONTENT["amount"](cell) for cell in cells)


def _filled(column: Column, source: Source, connection: duckdb.DuckDBPyConnection) -> bool:
    """Return whether nearly every row of a file has such a cell, and one other than zero."""
    text = f"lower(trim({column.sql}::VARCHAR))"
    (filled,) = sql.row(
        connection,
        f"SELECT count(*) FILTER (WHERE {text} NOT IN ({sql.texts(MISSING)}) "
        f"AND NOT regexp_full_match({text}, '[-+]?0*[.,]?0*')) FROM {source.relation}",
    )
    return bool(filled >= _NEARLY_ALL * source.rows)


def holds_customers(
    headers: Headers, *, named: bool, connection: duckdb.DuckDBPyConnection
) -> bool:
    """Return whether each row is a customer, who has no order number, goods, amount or order date.

    The only date may be that on which the account was made, if other columns, or the name, tell
    that the file is about people.
    """
    is_known = headers.given & {"customer_id", "email"} or headers.name("customer_id", "email")
    if not is_known and not (named and headers.name("order_id")):
        return False
    if (
        headers.given & {"date", "paid_at"}
        or headers.refund
        or headers.values
        or headers.name(*_ITEMS)
    ):
        return False
    if headers.name("order_id", at_least=_CERTAIN) or headers.name("paid_at"):
        return False
    own, usual = kind_words.of_people(column.name for column in headers.source.columns)
    if headers.dates:
        created = all(kind_words.of_creation(column.name) for column in headers.dates)
        return created and (named or own > 0 or usual > 1)
    if own or named:
        return True
    told = usual > 0 or headers.name("country")
    return told and not any(
        _is_date(column, headers.source, connection) for column in headers.plain
    )


def _is_date(column: Column, source: Source, connection: duckdb.DuckDBPyConnection) -> bool:
    if column.kind in ("day", "time", "instant"):
        return True
    cells = _cells(column, source, connection)
    return (
        bool(cells)
        and all(meanings.CONTENT["date"](cell) for cell in cells)
        and (not all(cell.isdigit() for cell in cells))
    )


def _cells(column: Column, source: Source, connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Return what stands in the first rows of a column."""
    found = sql.rows(
        connection,
        f"SELECT DISTINCT trim({column.sql}::VARCHAR) FROM "
        f"(SELECT {column.sql} FROM {source.relation} LIMIT {SAMPLE_ROWS}) "
        f"WHERE lower(trim({column.sql}::VARCHAR)) NOT IN ({sql.texts(MISSING)}) LIMIT 200",
    )
    return [str(cell) for (cell,) in found]
