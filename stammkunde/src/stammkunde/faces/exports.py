"""Lists as CSV files that no spreadsheet mistakes for formulas."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator

from django.http import StreamingHttpResponse

from kohorte.spreadsheets import harmless

# At the beginning it tells spreadsheets that umlauts are UTF-8.
MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"


def csv_file(name: str, rows: Iterable[Iterable[object]]) -> StreamingHttpResponse:
    """Send rows as a file, one by one, in UTF-8 with the mark that Excel needs to see it."""
    return StreamingHttpResponse(
        lines(rows),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{name}.csv"',
            "Cache-Control": "no-store",
        },
    )


def safe(cell: object) -> object:
    """Return a cell that is read as what it is: text that looks like a formula gets an apostrophe.

    >>> safe("=1+1"), safe("A = B"), safe(-5)
    ("'=1+1", 'A = B', -5)
    """
    return harmless(cell) if isinstance(cell, str) else cell


def lines(rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """Return rows as the lines of a CSV file."""
    writer = csv.writer(_Echo())
    yield MARK
    for row in rows:
        yield writer.writerow([safe(cell) for cell in row])


class _Echo:
    """Gives back what is written to it."""

    def write(self, text: str) -> str:
        return text
