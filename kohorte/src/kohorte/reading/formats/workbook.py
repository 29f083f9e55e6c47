"""Workbooks (.xlsx, .xls, .ods): the sheet with the table, its header, and its typed cells."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from kohorte.errors import ReadError
from kohorte.language import Sentence, Text
from kohorte.reading.formats import archive, compound, dialect, headers, ods, staging, xls, xlsx
from kohorte.reading.formats.sheet import Row, Sheet, Span
from kohorte.reading.meaning import meanings
from kohorte.reading.options import Meaning, ReadOptions
from kohorte.reading.source import COLUMNS_MAX, Source

OLD_SIGN = compound.SIGN
# More sheets are not looked through.
SHEETS_MAX = 60
Takes = Callable[[Source], bool]
_TOLD: tuple[Meaning, ...] = ("date", "customer_id", "email", "order_id", "amount", "quantity")


@dataclass(frozen=True, kw_only=True)
class _Found:
    """A sheet that may be the table: how many meanings its header names."""

    sheet: Sheet
    score: int


def open_sources(
    path: Path,
    *,
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    options: ReadOptions,
    takes: Takes | None = None,
) -> list[Source]:
    """Open the sheet of a workbook that holds the orders, and those that go with it.

    Parameters
    ----------
    takes
        Says of another visible sheet whether it goes with the orders, as one of their lines does.
        None are asked about where the user names a sheet.

    Raises
    ------
    ReadError
        If the workbook is damaged, locked or a bomb, or if no sheet, or several, could be meant.
    """
    name = path.name
    named = options.sheets.get(name) or options.sheets.get(str(path)) or options.sheet
    wanted = named.strip().lower() if named is not None else None
    with _opened(path, name=name, folder=folder, wanted=wanted) as sheets:
        if not sheets:
            raise archive.damaged(name)
        sheet = _chosen(sheets, name=name, wanted=named)
        if sheet.unknown:
            raise ReadError(
                "The sheet “{sheet}” of {file} has {count} "
                "{count:formula whose value was|formulas whose values were} never "
                "computed. Open it in Excel or LibreOffice, save it and try again.",
                sheet=sheet.name,
                file=name,
                count=sheet.unknown,
            )
        source = _source(sheet, path=path, folder=folder, connection=connection)
        beside = {
            other.name: found
            for other in (sheets if takes and named is None else ())
            if other is not sheet and other.is_visible and not other.unknown
            if _looked_at(other)
            if (found := _beside(other, path=path, folder=folder, connection=connection))
            if takes and takes(found)
        }
        said = _remarks(sheets, sheet, beside=frozenset(beside))
    return [headers.remarked(source, said), *beside.values()]


def _beside(
    sheet: Sheet, *, path: Path, folder: Path, connection: duckdb.DuckDBPyConnection
) -> Source | None:
    """Return another sheet as a table named after it, None if it is none."""
    try:
        found = _source(sheet, path=path, folder=folder, connection=connection)
    except ReadError:
        return None
    return replace(found, name=f"{path.name} ({sheet.name})")


def _opened(
    path: Path, *, name: str, folder: Path, wanted: str | None
) -> AbstractContextManager[list[Sheet]]:
    with path.open("rb") as file:
        old = file.read(4) == OLD_SIGN
    if old:
        return xls.opened(path, name=name)
    if archive.require_sane(path, name=name) == "ods":
        return ods.opened(path, name=name)
    return xlsx.opened(path, name=name, folder=folder, wanted=wanted)


def _remarks(
    sheets: Sequence[Sheet], chosen: Sheet, *, beside: frozenset[str] = frozenset()
) -> list[Sentence]:
    others = [sheet for sheet in sheets if sheet is not chosen and sheet.name not in beside]
    unread = [sheet for sheet in others if sheet.is_visible]
    hidden = [sheet for sheet in others if not sheet.is_visible]
    remarks = []
    if unread:
        remarks.append(
            Sentence(
                "The sheet “{sheet}” was read, the {count:sheet|sheets} {others} {count:was|were} not. "
                "--sheet changes it.",
                {"sheet": chosen.name, "others": _listed(unread), "count": len(unread)},
            )
        )
    if hidden:
        text = "Hidden sheets that were not read: {others}."
        remarks.append(Sentence(text, {"others": _listed(hidden)}))
    if chosen.errors:
        text = "Cells that hold an error such as #N/A and count as empty: {count}."
        remarks.append(Sentence(text, {"count": chosen.errors}))
    return remarks


def _listed(sheets: Sequence[Sheet]) -> Text:
    names, more = [sheet.name for sheet in sheets[:20]], " …" if len(sheets) > 20 else ""
    return Text(
        de=", ".join(f"„{name}“" for name in names) + more,
        en=", ".join(f"“{name}”" for name in names) + more,
    )


def _chosen(sheets: Sequence[Sheet], *, name: str, wanted: str | None) -> Sheet:
    """Return the sheet to be read: the one named, or the one evident table of orders."""
    visible = [sheet for sheet in sheets if sheet.is_visible]
    hidden = [sheet for sheet in sheets if not sheet.is_visible]
    if wanted is not None:
        for sheet in (*visible, *hidden):
            if sheet.name.strip().lower() == wanted.strip().lower():
                return sheet
        raise ReadError(
            "The workbook {file} has no sheet “{sheet}”. Its sheets are: {sheets}.",
            file=name,
            sheet=wanted,
            sheets=_listed([*visible, *hidden]),
        )
    if len(visible) == 1:
        return visible[0]
    found = [one for each in visible[:SHEETS_MAX] if (one := _looked_at(each))]
    if len(found) == 1:
        return found[0].sheet
    best = max((one.score for one in found), default=0)
    winners = [one.sheet for one in found if one.score == best]
    if best and len(winners) == 1:
        return winners[0]
    raise ReadError(
        "The workbook {file} has several sheets that could be meant: {sheets}. Name one with "
        '--sheet "{file}=NAME".',
        file=name,
        sheets=_listed(winners if best else visible or hidden),
    )


def _first(sheet: Sheet) -> list[Row]:
    return list(itertools.islice(sheet.rows(), dialect.SAMPLE_LINES))


def _looked_at(sheet: Sheet) -> _Found | None:
    """Return how much the header of a sheet sounds like orders, None for a sheet without rows."""
    if sheet.width > COLUMNS_MAX:
        return None
    records = [headers.texts(cells) for _, cells in _first(sheet)]
    if not any(map(any, records)):
        return None
    place, bare, _ = dialect.header_of(records)
    named = {
        meaning
        for cell in ([] if bare else records[place])
        for meaning in _TOLD
        if cell and meanings.by_header(cell, meaning)[0] >= meanings.THRESHOLD
    }
    orders = "date" in named and named & {"customer_id", "email"}
    return _Found(sheet=sheet, score=len(named) if orders else 0)


def _source(
    sheet: Sheet, *, path: Path, folder: Path, connection: duckdb.DuckDBPyConnection
) -> Source:
    if sheet.width > COLUMNS_MAX:
        raise ReadError(
            "The file {file} has {columns} columns; at most {limit} are read.",
            file=path.name,
            columns=sheet.width,
            limit=COLUMNS_MAX,
        )
    rows = sheet.rows()
    first = list(itertools.islice(rows, dialect.SAMPLE_LINES))
    records = [headers.texts(cells) for _, cells in first]
    merged = _placed(sheet.merged, [number for number, _ in first])
    head = headers.settle(records, width=sheet.width, merged=merged)
    staged = staging.stage(
        itertools.chain(first[head.rows :], rows),
        width=sheet.width,
        name=path.name,
        folder=folder,
        connection=connection,
    )
    return headers.source(head, staged, path=path, name=path.name)


def _placed(merged: Sequence[Span], numbers: Sequence[int]) -> list[Span]:
    """Return the merged cells of the first rows, by the place of each row among them."""
    places = {number - 1: place for place, number in enumerate(numbers)}
    return [
        ((places[top], left), (places[bottom], right))
        for (top, left), (bottom, right) in merged
        if top in places and bottom in places
    ]
