"""What each opened file holds: orders, refunds, customers, or one of the tables beside the orders.

A known layout says it. Otherwise the headers do, and where they leave it open, the name of the
file or table; the user's word outweighs both. In doubt a file holds orders: a file of orders with
columns for refunds, or with a status that speaks of them, stays one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import duckdb

from kohorte.errors import ReadError
from kohorte.language import Sentence
from kohorte.reading import profiles
from kohorte.reading.beside import kind_signs, kind_words, order_items, recognizing
from kohorte.reading.beside.declared import DECLARED, EVERY, ORDER_LINES
from kohorte.reading.options import KINDS, Kind, ReadOptions
from kohorte.reading.source import Source
from kohorte.results import Choice, Question
from kohorte.tables import BESIDE


@dataclass(frozen=True)
class Parted:
    """The files by what they hold, each in the order in which they were named."""

    orders: list[Source] = field(default_factory=list)
    refunds: list[Source] = field(default_factory=list)
    customers: list[Source] = field(default_factory=list)
    beside: dict[str, list[Source]] = field(default_factory=dict)

    def add(self, source: Source, kind: str) -> None:
        """Put a file to those of its kind."""
        if kind in EVERY:
            self.beside.setdefault(kind, []).append(source)
        else:
            getattr(self, kind).append(source)


def parse(text: str) -> tuple[str, Kind]:
    """Read a kind as it is written on the command line; return the file and its kind.

    Raises
    ------
    ReadError
        It does not name both.

    Examples
    --------
    >>> parse("refunds:gutschriften.csv")
    ('gutschriften.csv', 'refunds')
    """
    named, _, name = text.partition(":")
    kind = next((each for each in KINDS if each == named.strip()), None)
    if kind is None or not name.strip():
        raise ReadError(
            "“{text}” does not say what a file holds. Write it as --kind refunds:FILE; the kinds are "
            "{kinds}.",
            text=text,
            kinds=", ".join(KINDS),
        )
    return name.strip(), kind


def part(
    sources: Sequence[Source], *, connection: duckdb.DuckDBPyConnection, options: ReadOptions
) -> Parted:
    """Part the files by what they hold.

    Raises
    ------
    ReadError
        If no file holds orders, or the user spoke of a file that is not there.
    """
    _require_files(sources, options=options)
    parted = Parted()
    for source in sources:
        kind = _said(source, options=options) or of(source, connection=connection, options=options)
        parted.add(source, kind)
    _part_lines(parted, connection=connection, options=options)
    if parted.orders:
        return parted
    if parted.refunds:
        raise ReadError(
            "{file} is a list of refunds and holds no orders. Name a file of orders as well; if "
            "its rows are orders, say --kind orders:{file}.",
            file=parted.refunds[0].name,
        )
    if not parted.customers:
        table, (first, *_) = next(iter(parted.beside.items()))
        raise ReadError(
            "{file} holds {what} and no orders. Name a file of orders as well; if its rows are orders, "
            "say --kind orders:{file}.",
            file=first.name,
            what=EVERY[table].name,
        )
    raise ReadError(
        "{file} is a list of customers and holds no orders. Name a file of orders as well; if its "
        "rows are orders, say --kind orders:{file}.",
        file=parted.customers[0].name,
    )


def goes_with_orders(
    source: Source, *, connection: duckdb.DuckDBPyConnection, options: ReadOptions
) -> bool:
    """Return whether a table beside orders can be read with them: their lines, refunds, customers …"""
    if of(source, connection=connection, options=options) != "orders":
        return True
    return order_items.holds(source, connection=connection, options=options)


def _part_lines(
    parted: Parted, *, connection: duckdb.DuckDBPyConnection, options: ReadOptions
) -> None:
    """Take files that tell no customer for the lines of the orders that other files hold."""
    if len(parted.orders) < 2:
        return
    lines = [
        source
        for source in parted.orders
        if not _said(source, options=options)
        and order_items.holds(source, connection=connection, options=options)
    ]
    if len(lines) < len(parted.orders):
        for source in lines:
            parted.orders.remove(source)
            parted.add(source, ORDER_LINES.table.name)


def beside_finished(
    sources: Sequence[Source],
    *,
    orders: Source,
    connection: duckdb.DuckDBPyConnection,
    options: ReadOptions,
) -> dict[str, list[Source]]:
    """Part files beside finished tables, of which they can only be tables beside the orders.

    Raises
    ------
    ReadError
        If one holds something else.
    """
    parted = Parted()
    for source in sources:
        kind = _said(source, options=options) or of(source, connection=connection, options=options)
        if kind not in BESIDE:
            raise ReadError(
                "{file} holds finished tables, {other} does not. Read them one after the other.",
                file=orders.name,
                other=source.name,
            )
        parted.add(source, kind)
    return parted.beside


def of(source: Source, *, connection: duckdb.DuckDBPyConnection, options: ReadOptions) -> Kind:
    """Return what a file holds, by its layout, its headers and its name."""
    layout, _ = profiles.recognize(source)
    if layout is not profiles.GENERIC:
        return layout.holds
    if not source.has_header:
        return "orders"
    beside = recognizing.best(source, connection=connection, options=options)
    if beside:
        return beside[0].kind.table.name  # type: ignore[return-value]  # tables are kinds
    said = kind_words.named(source.name)
    headers = kind_signs.Headers(source, options=options)
    if kind_signs.holds_refunds(headers, named=said == "refunds", connection=connection):
        return "refunds"
    if kind_signs.holds_customers(headers, named=said == "customers", connection=connection):
        return "customers"
    return "orders"


def doubt(
    source: Source, *, connection: duckdb.DuckDBPyConnection, options: ReadOptions
) -> list[Question]:
    """Return the question about a file of orders whose name says that it holds something else."""
    if _said(source, options=options) or not source.has_header:
        return []
    if profiles.recognize(source)[0] is not profiles.GENERIC:
        return []
    if kind_words.named(source.name) == "refunds":
        return [
            Question(
                option=f"kinds.{source.name}",
                asks=Sentence(
                    "{file} is called a list of refunds, but its columns are those of orders. What is "
                    "a row of it?",
                    {"file": source.name},
                ),
                choices=(
                    Choice("orders", Sentence("an order")),
                    Choice("refunds", Sentence("a refund")),
                ),
                assumed="orders",
            )
        ]
    cells = recognizing.first_cells(source, connection=connection)
    named = [
        name
        for name in sorted(recognizing.named_kinds(source.name))
        if recognizing.match(source, DECLARED[name], cells=cells, options=options).is_whole
    ]
    return _asked(source, ["orders", *named], assumed="orders") if named else []


def doubt_beside(
    source: Source, kind: str, *, connection: duckdb.DuckDBPyConnection, options: ReadOptions
) -> list[Question]:
    """Return the question about a file beside the orders that may be of two kinds, or of orders."""
    if _said(source, options=options) or profiles.recognize(source)[0] is not profiles.GENERIC:
        return []
    found = recognizing.best(source, connection=connection, options=options)
    if not found or found[0].kind.table.name != kind:
        return []
    first, *others = found
    alike = [each.kind.table.name for each in others if each.signs == first.signs]
    headers = kind_signs.Headers(source, options=options)
    lone = len(first.said) == 1 and not recognizing.named_kinds(source.name)
    if lone and headers.dates and headers.name("customer_id", "email"):
        alike.append("orders")
    return _asked(source, [kind, *alike], assumed=kind) if alike else []


def _asked(source: Source, kinds: Sequence[str], *, assumed: str) -> list[Question]:
    says = {"orders": Sentence("an order"), **{name: each.row for name, each in DECLARED.items()}}
    return [
        Question(
            option=f"kinds.{source.name}",
            asks=Sentence(
                "What is a row of {file}? Its columns do not tell for certain.",
                {"file": source.name},
            ),
            choices=tuple(Choice(kind, says[kind]) for kind in kinds),
            assumed=assumed,
        )
    ]


def _require_files(sources: Sequence[Source], *, options: ReadOptions) -> None:
    names = {source.name for source in sources} | {str(source.path) for source in sources}
    for name in options.kinds:
        if name not in names:
            raise ReadError(
                "--kind names {file}, which is not among the files. Those are: {files}.",
                file=name,
                files=", ".join(source.name for source in sources),
            )


def _said(source: Source, *, options: ReadOptions) -> Kind | None:
    said = options.kinds
    return said.get(source.name) or said.get(str(source.path))  # type: ignore[return-value]  # the options were checked when made
