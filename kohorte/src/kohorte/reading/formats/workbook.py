"""Workbooks (.xlsx, .xls, .ods): the sheet with the orders, its header, and its typed cells."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import python_calamine

from kohorte.errors import ReadError
from kohorte.language import Sentence
from kohorte.reading import meanings
from kohorte.reading.formats import archive, dialect, headers, staging
from kohorte.reading.options import Meaning, ReadOptions
from kohorte.reading.source import COLUMNS_MAX, Source

OLD_SIGN = b"\xd0\xcf\x11\xe0"
# How an .xlsx with a password is stored: under this name in the shell of an old file.
_LOCKED = "EncryptedPackage".encode("utf-16-le")
# More sheets are not looked through.
SHEETS_MAX = 60
_TOLD: tuple[Meaning, ...] = ("date", "customer_id", "email", "order_id", "amount", "quantity")


@dataclass(frozen=True, kw_only=True)
class _Found:
    """A sheet that may be the table: how many meanings its header names."""

    name: str
    score: int


def open_source(
    path: Path,
    *,
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    options: ReadOptions,
) -> Source:
    """Open the sheet of a workbook that holds the orders; its rows keep their numbers.

    Raises
    ------
    ReadError
        If the workbook is damaged, locked or a bomb, or if no sheet, or several, could be meant.
    """
    name = path.name
    copy, known = _checked(path, folder=folder)
    with _opened(copy, name=name) as book:
        visible, hidden = _names(book)
        title = _chosen(book, visible, hidden, name=name, wanted=options.sheet)
        sheet = book.get_sheet_by_name(title)
        told = known.get(title, archive.Sheet())
        if told.unknown:
            raise ReadError(
                "The sheet “{sheet}” of {file} has {count} formulas whose values were never "
                "computed. Open it in Excel or LibreOffice, save it and try again.",
                sheet=title,
                file=name,
                count=told.unknown,
            )
        source = _source(sheet, path=path, folder=folder, connection=connection)
    copy.unlink()
    unread = [each for each in visible if each != title]
    remarks = [
        Sentence(text, values)
        for text, values, said in (
            (
                "The sheet “{sheet}” was read, the sheets {others} were not. --sheet changes it.",
                {"sheet": title, "others": _listed(unread)},
                unread,
            ),
            (
                "Hidden sheets that were not read: {others}.",
                {"others": _listed([each for each in hidden if each != title])},
                [each for each in hidden if each != title],
            ),
            (
                "Cells that hold an error such as #N/A and count as empty: {count}.",
                {"count": told.errors},
                told.errors,
            ),
        )
        if said
    ]
    return headers.remarked(source, remarks)


def _checked(path: Path, *, folder: Path) -> tuple[Path, dict[str, archive.Sheet]]:
    """Copy a workbook under the name that its content deserves, after a look at its bytes."""
    name = path.name
    with path.open("rb") as file:
        old = file.read(4) == OLD_SIGN
    copy = folder / f"{len(list(folder.iterdir()))}.book"
    shutil.copyfile(path, copy)
    if old:
        if _LOCKED in copy.read_bytes():
            raise archive.locked(name)
        return copy.rename(copy.with_suffix(".xls")), {}
    kind = archive.require_sane(copy, name=name)
    known = archive.sheets(copy, name=name) if kind == "xlsx" else {}
    return copy.rename(copy.with_suffix(f".{kind}")), known


@contextmanager
def _opened(copy: Path, *, name: str) -> Iterator[python_calamine.CalamineWorkbook]:
    try:
        with python_calamine.load_workbook(copy) as book:
            yield book
    except python_calamine.PasswordError:
        raise archive.locked(name) from None
    except (python_calamine.CalamineError, python_calamine.ZipError, python_calamine.XmlError):
        raise archive.damaged(name) from None
    except BaseException as error:
        # What the library written in Rust calls its own failures, which derive from no Exception.
        if type(error).__name__ == "PanicException":
            raise archive.damaged(name) from None
        raise


def _names(book: python_calamine.CalamineWorkbook) -> tuple[list[str], list[str]]:
    """Return the names of the visible and of the hidden sheets that hold cells."""
    cells = [
        each for each in book.sheets_metadata if each.typ == python_calamine.SheetTypeEnum.WorkSheet
    ]
    seen = python_calamine.SheetVisibleEnum.Visible
    return (
        [each.name for each in cells if each.visible == seen],
        [each.name for each in cells if each.visible != seen],
    )


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"“{name}”" for name in names[:20]) + (" …" if len(names) > 20 else "")


def _chosen(
    book: python_calamine.CalamineWorkbook,
    visible: Sequence[str],
    hidden: Sequence[str],
    *,
    name: str,
    wanted: str | None,
) -> str:
    """Return the name of the sheet to be read: the one named, or the one evident table of orders."""
    if wanted is not None:
        every = {each.strip().lower(): each for each in (*hidden, *visible)}
        if wanted.strip().lower() in every:
            return every[wanted.strip().lower()]
        raise ReadError(
            "The workbook {file} has no sheet “{sheet}”. Its sheets are: {sheets}.",
            file=name,
            sheet=wanted,
            sheets=_listed([*visible, *hidden]),
        )
    if len(visible) == 1:
        return visible[0]
    found = [one for each in visible[:SHEETS_MAX] if (one := _looked_at(book, each))]
    if len(found) == 1:
        return found[0].name
    best = max((one.score for one in found), default=0)
    winners = [one.name for one in found if one.score == best]
    if best and len(winners) == 1:
        return winners[0]
    raise ReadError(
        "The workbook {file} has several sheets that could hold the orders: {sheets}. Name one with "
        "--sheet.",
        file=name,
        sheets=_listed(winners if best else visible or hidden),
    )


def _looked_at(book: python_calamine.CalamineWorkbook, title: str) -> _Found | None:
    """Return how much the header of a sheet sounds like orders, None for a sheet without rows."""
    rows = list(itertools.islice(book.get_sheet_by_name(title).iter_rows(), dialect.SAMPLE_LINES))
    records = [headers.texts(row) for row in rows]
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
    return _Found(name=title, score=len(named) if orders else 0)


def _source(
    sheet: python_calamine.CalamineSheet,
    *,
    path: Path,
    folder: Path,
    connection: duckdb.DuckDBPyConnection,
) -> Source:
    width = sheet.width
    if width > COLUMNS_MAX:
        raise ReadError(
            "The file {file} has {columns} columns; at most {limit} are read.",
            file=path.name,
            columns=width,
            limit=COLUMNS_MAX,
        )
    rows = iter(sheet.iter_rows())
    first = list(itertools.islice(rows, dialect.SAMPLE_LINES))
    start = (sheet.start or (0, 0))[1]
    merged = [
        ((top, left - start), (bottom, right - start))
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
    ]
    head = headers.settle([headers.texts(row) for row in first], width=width, merged=merged)
    numbered = enumerate(itertools.chain(first, rows), start=1)
    staged = staging.stage(
        itertools.islice(numbered, head.rows, None),
        width=width,
        name=path.name,
        folder=folder,
        connection=connection,
    )
    return headers.source(head, staged, path=path, name=path.name)
