"""The way from files to tables, readable from top to bottom."""

from __future__ import annotations

import datetime as dt
import os
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import duckdb

from kohorte.errors import ReadError
from kohorte.language import Sentence
from kohorte.reading import (
    address,
    canonical,
    categories,
    checks,
    planning,
    remarks,
    room,
    sql,
    tables,
    unchanged,
    unread,
    writing,
)
from kohorte.reading.address import Address
from kohorte.reading.beside import kinds, knowing, order_items, people, refund_lists, refunds, way
from kohorte.reading.formats import opening, parquet
from kohorte.reading.options import Reading, ReadOptions
from kohorte.reading.plan import Plan
from kohorte.reading.rows import rules
from kohorte.reading.source import Source
from kohorte.results import FileReading
from kohorte.settings import Settings

Progress = Callable[[Sentence, float | None], None]


def silent(_what: Sentence, _share: float | None) -> None:
    """Report progress to nobody."""


@dataclass(frozen=True)
class Planned:
    """What was understood of files before their rows are written.

    Parameters
    ----------
    sources
        The files, each by its place, opened.
    orders, customers
        How those of orders and lists of customers are to be read.
    """

    sources: Sequence[Source]
    orders: Sequence[Plan]
    customers: Sequence[people.Listing]


def unasked(_planned: Planned) -> None:
    """Tell nobody what was understood."""


def read(
    paths: Sequence[Path | str],
    *,
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    options: ReadOptions | None = None,
    progress: Progress = silent,
    today: dt.date | None = None,
    keep_people: bool = False,
    planned: Callable[[Planned], None] = unasked,
) -> Reading:
    """Read the files of one shop into the canonical tables.

    Parameters
    ----------
    paths
        The files, or addresses of tables such as `sqlite:///shop.db?table=orders`; orders that
        stand in several of them are one order.
    connection
        Where the tables `orders`, `order_lines`, `refunds`, `customers`, `excluded_rows` and
        `identities` are made; those of an earlier reading are replaced.
    settings
        The zone of local times.
    options
        What the user says about the files; the rest is recognized.
    progress
        Told what is being done, and the share of the files that is behind.
    today
        The day behind which no order lies; it may tell day from month. The clock is not asked.
    keep_people
        Whether to keep by which numbers and addresses customers go, for files that are read later.
    planned
        Told what was understood of the files while they are open, for whoever wants more of them than
        the tables hold; not told where they are our own tables already.

    Raises
    ------
    ReadError
        With file, line and remedy, if a file cannot be read; no table has changed then.
    """
    options = options or ReadOptions()
    if not paths:
        raise ReadError("No file was named. Name at least one file with orders.")
    places = [address.place(path) for path in paths]
    _require_different(places)
    checks.sheets(options.sheets, places=places)
    with (
        room.enough(),
        unchanged.watched([*places, *_rates(options)]) as require_unchanged,
        parquet.explained(places, connection=connection),
        sql.file_order(connection),
        tempfile.TemporaryDirectory(prefix="kohorte-") as temporary,
    ):
        folder = Path(temporary)
        if options.skip_bad_rows:
            unread.begin(connection)
        sources, others = [], []
        for number, path in enumerate(places):
            progress(Sentence("Reading {file}", {"file": path.name}), number / (len(paths) + 1))
            first, *more = opening.open_sources(
                path,
                connection=connection,
                folder=folder,
                options=options,
                takes=partial(kinds.goes_with_orders, connection=connection, options=options),
            )
            sources.append(first)
            others += more
        # Behind all files, which keep their places.
        sources += others
        finished = canonical.finished(sources)
        if finished:
            return _finished(
                finished,
                [source for source in sources if source not in finished],
                require_unchanged=require_unchanged,
                connection=connection,
                folder=folder,
                settings=settings,
                options=options,
                today=today,
            )
        parted = kinds.part(sources, connection=connection, options=options)
        plans = [
            planning.make(source, connection=connection, options=options, today=today)
            for source in parted.orders
        ]
        every = tuple(plans)
        for plan in order_items.apart(plans, connection=connection, options=options):
            plans.remove(plan)
            parted.add(plan.source, "order_lines")
        refund_plans = [
            refund_lists.plan(
                source, orders=plans, connection=connection, options=options, today=today
            )
            for source in parted.refunds
        ]
        lists = [
            people.plan(source, orders=plans, connection=connection, options=options)
            for source in parted.customers
        ]
        further = way.understand(
            parted.beside,
            refunds=parted.refunds,
            orders=plans,
            connection=connection,
            options=options,
            today=today,
        )
        rules.require_columns(
            options.exclude,
            found=[*(each.rules for each in plans), *(each.rules for each in lists)],
            sources=[*(each.source for each in plans), *(each.source for each in lists)],
        )
        planned(Planned(sources[: len(places)], every, lists))
        files, returned = writing.write(
            plans,
            refund_plans,
            connection=connection,
            folder=folder,
            settings=settings,
            options=options,
        )
        beside_files = way.write(
            further,
            currency=files.currency,
            zone=settings.timezone,
            connection=connection,
            folder=folder,
            options=options,
        )
        progress(Sentence("Putting orders together"), len(paths) / (len(paths) + 1))
        require_unchanged()
        if options.skip_bad_rows:
            for each in lists:
                unread.note_shapeless(each.source, connection=connection)
        noted = [
            people.note(each, number=number, connection=connection)
            for number, each in enumerate(lists)
        ]
        with tables.created(files, lists=noted, connection=connection):
            beside = refunds.add(returned, orders=files, connection=connection)
            beside += [
                people.add(each, table=table, connection=connection)
                for each, table in zip(lists, noted, strict=True)
            ]
            beside += way.add(
                beside_files, exponent=files.exponent, connection=connection, options=options
            )
            categories.add(plans, connection=connection)
        readings = remarks.of_files(files, connection=connection)
        if keep_people:
            knowing.know(connection)
        tables.forget(connection)
    reading = writing.summed(files, readings=readings, options=options)
    return replace(
        reading,
        files=(*reading.files, *beside),
        has_amounts=reading.has_amounts or beside_files.tells("amount", "unit_price"),
        has_units=reading.has_units or beside_files.tells("quantity"),
        has_lines=reading.has_lines or beside_files.tells("order_id"),
        mapping=way.mapping(reading.mapping, beside),
    )


def _finished(
    finished: Sequence[Source],
    others: Sequence[Source],
    *,
    require_unchanged: Callable[[], None],
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    settings: Settings,
    options: ReadOptions,
    today: dt.date | None,
) -> Reading:
    """Read our own tables of orders where they lie, and the files beside them."""
    parted = kinds.beside_finished(
        others, orders=finished[0], connection=connection, options=options
    )
    further = way.understand(parted, orders=(), connection=connection, options=options, today=today)

    def add(currency: str | None) -> list[FileReading]:
        written = way.write(
            further,
            currency=currency,
            zone=settings.timezone,
            connection=connection,
            folder=folder,
            options=options,
        )
        require_unchanged()
        return way.add(written, connection=connection, options=options)

    return canonical.read(finished, connection=connection, options=options, further=add)


def _rates(options: ReadOptions) -> list[Path | Address]:
    return [address.place(options.rates)] if options.rates else []


def _require_different(paths: Sequence[Path | Address]) -> None:
    seen: set[str] = set()
    for path in paths:
        place = str(path) if isinstance(path, Address) else os.path.realpath(path)
        if place in seen:
            raise ReadError("The file {file} was named twice. Name it once.", file=path.name)
        seen.add(place)
