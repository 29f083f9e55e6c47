"""The rows of an answered question as files for spreadsheets and programs."""

from __future__ import annotations

import json as plain
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from django.http import StreamingHttpResponse

from stammkunde.faces import exports
from stammkunde.insights.sql import results
from stammkunde.insights.sql.models import Query

KINDS = ("csv", "json", "parquet")


def csv(name: str, query: Query, folder: Path) -> StreamingHttpResponse:
    """Send rows as CSV; text that a spreadsheet would take for a formula gets an apostrophe."""
    return exports.csv_file(name, _cells(query, folder))


def json(name: str, query: Query, folder: Path) -> StreamingHttpResponse:
    """Send rows as a list of objects; numbers are numbers, everything else is text."""
    return StreamingHttpResponse(
        _objects(query, folder),
        content_type="application/json",
        headers={
            "Content-Disposition": f'attachment; filename="{name}.json"',
            "Cache-Control": "no-store",
        },
    )


def _cells(query: Query, folder: Path) -> Iterator[list[object]]:
    yield results.distinct([head for head, _type in query.columns])  # type: ignore[misc]
    numbers = [bool(results.NUMBERS.match(type_)) for _head, type_ in query.columns]
    for row in results.every(folder):
        yield [
            "" if cell is None else Decimal(cell) if is_number else cell
            for cell, is_number in zip(row, numbers, strict=True)
        ]


def _objects(query: Query, folder: Path) -> Iterator[str]:
    heads = results.distinct([head for head, _type in query.columns])
    types = [type_ for _head, type_ in query.columns]
    yield "[\n"
    for place, row in enumerate(results.every(folder)):
        told = {
            head: _value(cell, type_) for head, cell, type_ in zip(heads, row, types, strict=True)
        }
        yield f"{',' if place else ' '}{plain.dumps(told, ensure_ascii=False)}\n"
    yield "]\n"


def _value(cell: str | None, type_: str) -> object:
    if cell is None or not results.NUMBERS.match(type_):
        return cell
    number = Decimal(cell)
    if not number.is_finite():
        return None
    return int(number) if "INT" in type_ else float(number)
