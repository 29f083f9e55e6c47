"""How the files were understood, told in sentences and as options that can be saved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import TypeVar

import duckdb

from kohorte.language import Sentence
from kohorte.reading import sql
from kohorte.reading.amounts import converting, gift_cards
from kohorte.reading.lines import Lines
from kohorte.reading.options import Held, ReadOptions
from kohorte.reading.persons import identity_remarks
from kohorte.reading.tables import SHARED, Files, judged
from kohorte.results import FileReading

Value = TypeVar("Value")
_BEFORE_SHOPS = dt.date(1980, 1, 1)


def of_files(files: Files, *, connection: duckdb.DuckDBPyConnection) -> tuple[FileReading, ...]:
    """Return how each file was understood, with what was assumed and what is odd in it."""
    odd = _not_goods(files, connection=connection)
    twice = _repeated(files, connection=connection)
    worth = _of_amounts(files, connection=connection)
    readings = [
        FileReading(
            path=plan.source.place,
            layout=plan.layout.slug,
            layout_name=plan.layout.name,
            rows=lines.rows + len(plan.source.bad_rows),
            encoding=plan.source.encoding,
            delimiter=plan.source.delimiter,
            guesses=plan.guesses,
            remarks=(
                *plan.source.remarks,
                *plan.remarks,
                *_of_days(lines, connection=connection),
                *identity_remarks.of_file(plan, lines, connection=connection),
                *odd.get(number, ()),
                *twice.get(number, ()),
                *worth.get(number, ()),
            ),
            questions=tuple(plan.questions),
        )
        for number, (plan, lines) in enumerate(zip(files.plans, files.lines, strict=True))
    ]
    of_all = identity_remarks.of_all(files, connection=connection)
    if len(readings) > 1:
        of_all = [*_reused(files, connection=connection), *of_all]
    readings[-1] = replace(readings[-1], remarks=(*readings[-1].remarks, *of_all))
    return tuple(readings)


def _of_amounts(
    files: Files, *, connection: duckdb.DuckDBPyConnection
) -> dict[int, list[Sentence]]:
    """Tell what was converted, and what gift cards were sold."""
    lines, plans = judged(files), files.plans
    told = converting.remarks(
        lines,
        plans=plans,
        currency=files.currency,
        exponent=files.exponent,
        connection=connection,
    )
    sold = gift_cards.remarks(lines, plans=plans, exponent=files.exponent, connection=connection)
    return {number: [*told.get(number, ()), *sold.get(number, ())] for number in range(len(plans))}


def _of_days(lines: Lines, *, connection: duckdb.DuckDBPyConnection) -> list[Sentence]:
    """Tell of days that an order hardly has: after tomorrow, or before there were online shops."""
    tomorrow = dt.datetime.now(tz=dt.UTC).date() + dt.timedelta(days=1)
    count, line, day = sql.row(
        connection,
        "SELECT count(*), min(line), arg_min(placed_at, line)::DATE "
        f"FROM {sql.parquet([lines.path])} "
        f"WHERE placed_at::DATE > DATE '{tomorrow}' OR placed_at < DATE '{_BEFORE_SHOPS}'",
    )
    if not count:
        return []
    return [
        Sentence(
            "Rows whose day lies in the future or before {year}: {count}, the first in line {line} "
            "({day}). They stretch the whole report; --since and --until leave them out.",
            {"year": str(_BEFORE_SHOPS.year), "count": int(count), "line": int(line), "day": day},
        )
    ]


def _not_goods(files: Files, *, connection: duckdb.DuckDBPyConnection) -> dict[int, list[Sentence]]:
    """Tell which product ids of counted lines are no goods, and what they are worth."""
    if not any(plan.layout.not_goods for plan in files.plans):
        return {}
    found = sql.rows(
        connection,
        "SELECT file, count(*), coalesce(sum(amount_minor), 0), "
        "list_sort(list(DISTINCT upper(product_id))) "
        f"FROM {judged(files)} WHERE reason IS NULL AND NOT goods GROUP BY file ORDER BY file",
    )
    return {
        int(file): [
            Sentence(
                "{lines} counted lines over {amount} are no goods but postage, fees or vouchers "
                "({codes}). --goods-only leaves them out.",
                {
                    "lines": int(count),
                    "amount": Decimal(int(amount)).scaleb(-files.exponent),
                    "codes": ", ".join(codes[:12]) + (" …" if len(codes) > 12 else ""),
                },
            )
        ]
        for file, count, amount, codes in found
    }


def _repeated(files: Files, *, connection: duckdb.DuckDBPyConnection) -> dict[int, list[Sentence]]:
    """Tell which files of orders hold an order id on several rows that differ."""
    result = {}
    for number, (plan, lines) in enumerate(zip(files.plans, files.lines, strict=True)):
        if not plan.repeated:
            continue
        (count,) = sql.row(
            connection,
            f"SELECT count(*) FROM (SELECT order_id FROM {sql.parquet([lines.path])} "
            "WHERE reason IS NULL GROUP BY order_id HAVING count(*) > 1)",
        )
        if count:
            result[number] = [
                Sentence(
                    "Order numbers on several rows with different amounts: {count}; their rows "
                    "were added up to one order each.",
                    {"count": int(count)},
                )
            ]
    return result


def _reused(files: Files, *, connection: duckdb.DuckDBPyConnection) -> list[Sentence]:
    """Tell if files share order ids that do not look like the same orders."""
    if not all("order_id" in plan.columns for plan in files.plans):
        return []
    (count,) = sql.row(connection, f"SELECT count(*) FROM {SHARED} WHERE days > 1")
    if not count:
        return []
    return [
        Sentence(
            "Order numbers that stand in several files with different dates: {count}. Perhaps the "
            "shop began to count anew; then make the numbers differ, for example by the year.",
            {"count": int(count)},
        )
    ]


def mapping(files: Files, *, options: ReadOptions) -> ReadOptions:
    """Return the options as finally understood, as far as they are the same for all files."""
    plans = files.plans
    headers = [
        {str(meaning): column.name for meaning, column in plan.columns.items()} for plan in plans
    ]
    texts = [plan for plan in plans if plan.source.delimiter]
    marks = {mark for plan in texts for mark in plan.marks.values()}
    return replace(
        options,
        columns=headers[0] if all(each == headers[0] for each in headers) else options.columns,
        rows=_same(plan.rows for plan in plans),
        date_format=_same("|".join(plan.writing.formats) for plan in plans),
        decimal=marks.pop() if len(marks) == 1 else None,
        delimiter=_same(plan.source.delimiter for plan in texts),
        encoding=_same(plan.source.encoding for plan in texts),
        currency=files.currency,
        taxes=options.taxes or _held({plan.taxes for plan in plans}),
        postage=options.postage or _held({plan.postage for plan in plans}),
    )


def _held(found: set[Held | None]) -> Held | None:
    return found.pop() if len(found) == 1 else None


def _same(values: Iterable[Value]) -> Value | None:
    found = list(values)
    return found[0] if found and all(each == found[0] for each in found) else None
