"""What each opened file holds: orders, refunds or customers.

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
from kohorte.reading.beside import kind_signs, kind_words
from kohorte.reading.options import KINDS, Kind, ReadOptions
from kohorte.reading.source import Source
from kohorte.results import Choice, Question


@dataclass(frozen=True)
class Parted:
    """The files by what they hold, each in the order in which they were named."""

    orders: list[Source] = field(default_factory=list)
    refunds: list[Source] = field(default_factory=list)
    customers: list[Source] = field(default_factory=list)


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
        If a file is known to hold nothing that can be read, none holds orders, or the user spoke
        of a file that is not there.
    """
    _require_files(sources, options=options)
    parted = Parted()
    for source in sources:
        kind = _said(source, options=options) or of(source, connection=connection, options=options)
        getattr(parted, kind).append(source)
    if parted.orders:
        return parted
    if parted.refunds:
        raise ReadError(
            "{file} is a list of refunds and holds no orders. Name a file of orders as well; if "
            "its rows are orders, say --kind orders:{file}.",
            file=parted.refunds[0].name,
        )
    raise ReadError(
        "{file} is a list of customers and holds no orders. Name a file of orders as well; if its "
        "rows are orders, say --kind orders:{file}.",
        file=parted.customers[0].name,
    )


def of(source: Source, *, connection: duckdb.DuckDBPyConnection, options: ReadOptions) -> Kind:
    """Return what a file holds, by its layout, its headers and its name.

    Raises
    ------
    ReadError
        If its layout is known as one that cannot be read.
    """
    layout, _ = profiles.recognize(source)
    if layout.refused:
        raise ReadError(layout.refused.msgid, file=source.name)
    if layout is not profiles.GENERIC:
        return layout.holds
    if not source.has_header:
        return "orders"
    said = kind_words.named(source.name)
    headers = kind_signs.Headers(source, options=options)
    if kind_signs.holds_refunds(headers, named=said == "refunds", connection=connection):
        return "refunds"
    if kind_signs.holds_customers(headers, named=said == "customers", connection=connection):
        return "customers"
    return "orders"


def doubt(source: Source, *, options: ReadOptions) -> list[Question]:
    """Return the question about a file of orders whose name says that it holds refunds."""
    if _said(source, options=options) or not source.has_header:
        return []
    if profiles.recognize(source)[0] is not profiles.GENERIC:
        return []
    if kind_words.named(source.name) != "refunds":
        return []
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
