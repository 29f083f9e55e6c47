"""Sheets of .xlsx: packed anew in pieces, each of which a library reads by itself."""

from __future__ import annotations

import html
import posixpath
import re
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import python_calamine

from kohorte.reading import copies
from kohorte.reading.formats import archive, staging
from kohorte.reading.formats.pieces import MAIN, Cut, Cutter
from kohorte.reading.formats.sheet import Row, Sheet
from kohorte.reading.source import LINE_BYTES_MAX

# More sheets are not looked through.
SHEETS_MAX = 60
# Texts that cells share are all in memory: their bytes, and what each takes besides.
SHARED_BYTES_MAX = 300_000_000
SHARED_EACH = 40
# Shared texts so long are counted in each cell that holds them.
LONG = 1_000

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_TAG = re.compile(r"<(?:\w+:)?(?:sheet|Relationship|workbookPr)\s[^>]*>")
_ATTRIBUTE = re.compile(r"([\w:]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_SHARED = re.compile(rb"<(?:[^\s<>:/]*:)?si[\s/>]")

Tag = dict[str, str]


@contextmanager
def opened(path: Path, *, name: str, folder: Path, wanted: str | None) -> Iterator[list[Sheet]]:
    """Open the sheets; those that are hidden, or not the one wanted, have no rows.

    Raises
    ------
    ReadError
        If the workbook is damaged, or its texts do not fit into memory.
    """
    tags = _tags(path, "xl/workbook.xml", name=name)
    links = _tags(path, "xl/_rels/workbook.xml.rels", name=name)
    parts = {
        tag.get("Id"): _part(tag) for tag in links if tag.get("Type", "").endswith("/worksheet")
    }
    found = [(tag, parts[tag.get("id")]) for tag in tags if tag.get("id") in parts]
    copy = copies.name(folder, "xlsx")
    cuts: dict[int, Cut] = {}
    with zipfile.ZipFile(copy, "w") as packed:
        _copy_styles(path, packed, name=name, links=links)
        longest = _copy_texts(path, packed, name=name, links=links)
        cutter = Cutter(packed, longest=longest)
        for place, (tag, part) in enumerate(found):
            if _is_wanted(tag, wanted) and len(cuts) < SHEETS_MAX:
                cuts[place] = cutter.cut(path, part, name=name)
        is_1904 = any(tag.get("date1904") in ("1", "true") for tag in tags)
        _write_book(packed, cutter.pieces, is_1904=is_1904)
    with _loaded(copy, name=name) as book:
        yield [
            _sheet(book, tag, cuts.get(place, Cut()), path=path, longest=longest)
            for place, (tag, _) in enumerate(found)
        ]
    copy.unlink()


def _is_visible(tag: Tag) -> bool:
    return tag.get("state", "visible") == "visible"


def _is_wanted(tag: Tag, wanted: str | None) -> bool:
    return _is_visible(tag) if wanted is None else tag.get("name", "").strip().lower() == wanted


def _sheet(
    book: python_calamine.CalamineWorkbook, tag: Tag, cut: Cut, *, path: Path, longest: int
) -> Sheet:
    width = cut.extent.right
    return Sheet(
        name=tag.get("name", ""),
        is_visible=_is_visible(tag),
        width=width,
        rows=partial(_rows, book, cut.pieces, width=width, path=path, longest=longest),
        merged=cut.merged,
        unknown=cut.unknown,
        errors=cut.errors,
    )


def _tags(path: Path, part: str, *, name: str) -> list[Tag]:
    text = archive.whole(path, part, name=name).decode("utf-8", errors="replace")
    return [
        {
            key.rpartition(":")[2]: html.unescape(double or single)
            for key, double, single in _ATTRIBUTE.findall(tag)
        }
        for tag in _TAG.findall(text)
    ]


def _part(link: Tag) -> str:
    return posixpath.normpath(posixpath.join("/xl", link.get("Target", ""))).lstrip("/")


def _linked(links: Sequence[Tag], kind: str) -> str:
    found = (_part(link) for link in links if link.get("Type", "").endswith(f"/{kind}"))
    return next(found, f"xl/{kind}.xml")


def _copy_styles(path: Path, packed: zipfile.ZipFile, *, name: str, links: Sequence[Tag]) -> None:
    if styles := archive.whole(path, _linked(links, "styles"), name=name):
        packed.writestr("xl/styles.xml", styles)


def _copy_texts(path: Path, packed: zipfile.ZipFile, *, name: str, links: Sequence[Tag]) -> int:
    """Copy the texts that cells share; return the bytes of the longest."""
    size = count = longest = 0
    part = _linked(links, "sharedStrings")
    with packed.open("xl/sharedStrings.xml", "w") as target:
        for block in archive.blocks(path, part, name=name, end=b"si>"):
            each = _SHARED.split(block)
            longest = max(longest, *map(len, each))
            count += len(each) - 1
            size += len(block)
            if size + count * SHARED_EACH > SHARED_BYTES_MAX:
                raise archive.bomb(name, size + count * SHARED_EACH)
            target.write(block)
        if not size:
            target.write(f'<sst xmlns="{MAIN}"/>'.encode())
    return longest


def _write_book(packed: zipfile.ZipFile, pieces: Sequence[str], *, is_1904: bool) -> None:
    """Write a workbook whose sheets are the pieces."""
    named = "".join(
        f'<sheet name="{piece}" sheetId="{number}" r:id="r{piece}"/>'
        for number, piece in enumerate(pieces, start=1)
    )
    linked = "".join(
        f'<Relationship Id="r{piece}" Type="{_OFFICE}/worksheet" Target="worksheets/{piece}.xml"/>'
        for piece in pieces
    )
    book = (
        f'<workbook xmlns="{MAIN}" xmlns:r="{_OFFICE}"><workbookPr date1904="{int(is_1904)}"/>'
        f"<sheets>{named}</sheets></workbook>"
    )
    root = f'<Relationship Id="r" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
    for part, content in (("xl/_rels/workbook.xml.rels", linked), ("_rels/.rels", root)):
        packed.writestr(part, f'<Relationships xmlns="{_PACKAGE}">{content}</Relationships>')
    packed.writestr("xl/workbook.xml", book)


@contextmanager
def _loaded(copy: Path, *, name: str) -> Iterator[python_calamine.CalamineWorkbook]:
    with _refused(name):
        book = python_calamine.load_workbook(copy)
    with book:
        yield book


@contextmanager
def _refused(name: str) -> Iterator[None]:
    """Say of what the library cannot read that it is damaged."""
    try:
        yield
    except python_calamine.CalamineError:
        raise archive.damaged(name) from None
    except BaseException as error:
        # What the library written in Rust calls its own failures, which derive from no Exception.
        if type(error).__name__ == "PanicException":
            raise archive.damaged(name) from None
        raise


def _rows(
    book: python_calamine.CalamineWorkbook,
    pieces: Sequence[str],
    *,
    width: int,
    path: Path,
    longest: int,
) -> Iterator[Row]:
    size, name = 0, path.name
    for piece in pieces:
        with _refused(name):
            sheet = book.get_sheet_by_name(piece)
            top, left = sheet.start or (0, 0)
            rows = sheet.to_python()
        if left + sheet.width > width:
            raise archive.damaged(name)
        before, after = [""] * left, [""] * (width - left - sheet.width)
        for number, cells in enumerate(rows, start=top + 1):
            if longest > LONG:
                characters = sum(len(cell) for cell in cells if isinstance(cell, str))
                size += characters
                if characters > LINE_BYTES_MAX:
                    raise staging.too_long(number, name=name)
                archive.require_small(size, path, name=name)
            yield number, [*before, *cells, *after]
