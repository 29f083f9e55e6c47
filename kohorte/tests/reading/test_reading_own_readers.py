"""Our readers of .xls and .ods find the cells that the library finds, which we do not let near them."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import Any

import pytest
import python_calamine
from hypothesis import given, settings
from hypothesis import strategies as st

import strategies
from kohorte.reading.formats import ods as ods_reader
from kohorte.reading.formats import xls as xls_reader
from reading.workbooks import ods, xls

# The library takes the mark of byte order for none of the text.
TEXTS = st.text(
    st.characters(
        codec="utf-8",
        exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp"),
        exclude_characters="\ufeff",
    ),
    max_size=12,
)
NUMBERS = st.integers(-(10**9), 10**9) | st.floats(-1e12, 1e12)
DAYS = st.datetimes(
    dt.datetime.fromisoformat("1900-03-02"), dt.datetime.fromisoformat("2099-12-31")
).map(lambda day: day.replace(microsecond=0))
TABLES = st.integers(1, 6).flatmap(
    lambda width: st.lists(
        st.lists(TEXTS | NUMBERS | DAYS, min_size=width, max_size=width), min_size=1, max_size=12
    )
)


def of_library(content: bytes) -> dict[tuple[int, int], Any]:
    """Return all filled cells by row and column."""
    sheet = python_calamine.load_workbook(io.BytesIO(content)).get_sheet_by_index(0)
    top, left = sheet.start or (0, 0)
    rows = sheet.to_python(skip_empty_area=True)
    return {
        (top + row + 1, left + column): plain(cell)
        for row, cells in enumerate(rows)
        for column, cell in enumerate(cells)
        if cell != ""
    }


def of_ours(path: Path, reader: Any) -> dict[tuple[int, int], Any]:
    with reader.opened(path, name=path.name) as (sheet, *_):
        return {
            (number, column): plain(cell)
            for number, cells in sheet.rows()
            for column, cell in enumerate(cells)
            if cell != ""
        }


def plain(cell: Any) -> Any:
    """Return what is compared: a day without a time is that day's midnight."""
    if isinstance(cell, dt.datetime | dt.time):
        return cell
    if isinstance(cell, dt.date):
        return dt.datetime.combine(cell, dt.time())
    return float(cell) if isinstance(cell, int | float) else cell


@pytest.mark.parametrize(("write", "reader"), [(xls, xls_reader), (ods, ods_reader)])
@settings(max_examples=strategies.count(60), deadline=None)
@given(rows=TABLES)
def test_cells_are_those_of_the_library(
    tmp_path_factory: pytest.TempPathFactory, write: Any, reader: Any, rows: list[list[Any]]
) -> None:
    escaped = [[escape(cell) if write is ods else cell for cell in row] for row in rows]
    content = write(escaped)
    path = tmp_path_factory.mktemp("book") / "book"
    path.write_bytes(content)

    assert of_ours(path, reader) == of_library(content)


def escape(cell: Any) -> Any:
    """Return a text as XML writes it."""
    if not isinstance(cell, str):
        return cell
    return cell.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
