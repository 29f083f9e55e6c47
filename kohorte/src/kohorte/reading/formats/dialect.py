"""The dialect of a text file: what parts the cells, and where the header is."""

from __future__ import annotations

import csv
import itertools
import re
import statistics
from contextlib import suppress
from dataclasses import dataclass, replace

DELIMITERS = (",", ";", "\t", "|")
BLANKS = " "
SAMPLE_BYTES = 1 << 17
SAMPLE_LINES = 500
# So many lines of a title may stand above the header.
TITLES_MAX = 20

_MARKER = re.compile(r'"?sep=(.)"?\s*$', re.IGNORECASE)
_VALUE = re.compile(r"[-+]?[\d][\d.,:/\- ]*")


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """How a text file is written.

    Parameters
    ----------
    delimiter
        What parts the cells; a blank stands for any number of blanks.
    header
        The header's cells; None if the first line holds values.
    width
        Cells of a row.
    skip_records, skip_lines
        Records and physical lines in front of the first row of values.
    titles
        Records above the header that are no part of the table, blank ones aside.
    """

    delimiter: str
    header: tuple[str, ...] | None
    width: int
    skip_records: int
    skip_lines: int
    titles: int = 0


def sniff(sample: str, *, delimiter: str | None) -> Dialect:
    r"""Return the dialect that explains the beginning of a file best.

    >>> sniff("Kunde;Betrag\n7;1,50\n", delimiter=None).delimiter
    ';'
    """
    commented = _below_comments(sample, delimiter=delimiter)
    if commented is not None:
        return commented
    marker = _MARKER.match(sample.split("\n", 1)[0])
    if marker:
        delimiter = delimiter or marker[1]
    first = 1 if marker else 0
    best = delimiter or _best_delimiter(sample, begins=first)
    found = _records(sample, best)
    titles = _titles([cells for cells, _, _ in found[first:]], best)
    for before, (cells, begins, ends) in enumerate(found):
        if before < first + titles or not any(cells):
            continue
        bare = _has_value(cells)
        return Dialect(
            delimiter=best,
            header=None if bare else tuple(cells),
            width=len(cells),
            skip_records=before if bare else before + 1,
            skip_lines=begins if bare else ends,
            titles=sum(any(cells) for cells, _, _ in found[first : first + titles]),
        )
    return Dialect(delimiter=best, header=None, width=1, skip_records=0, skip_lines=0)


def _below_comments(sample: str, *, delimiter: str | None) -> Dialect | None:
    r"""Return the dialect below the lines that begin with #; None where they are no comments.

    They are comments if a header follows: a header may itself begin with #.

    >>> sniff("# Ihre Bestellungen\nKunde;Betrag\n7;1,50\n", delimiter=None).header
    ('Kunde', 'Betrag')
    >>> sniff("#;Kunde;Betrag\n1;7;1,50\n", delimiter=None).header
    ('#', 'Kunde', 'Betrag')
    """
    lines = sample.split("\n")
    count = sum(1 for _ in itertools.takewhile(lambda line: line.startswith("#"), lines))
    if not count or count == len(lines):
        return None
    below = sniff("\n".join(lines[count:]), delimiter=delimiter)
    if below.header is None:
        return None
    return replace(
        below,
        skip_records=below.skip_records + count,
        skip_lines=below.skip_lines + count,
        titles=below.titles + count,
    )


def _records(sample: str, delimiter: str) -> list[tuple[list[str], int, int]]:
    """Return the first records, each with the physical lines in front of it and up to its end."""
    lines = sample.splitlines(keepends=True)
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=delimiter == BLANKS)
    found: list[tuple[list[str], int, int]] = []
    begins = 0
    with suppress(csv.Error):
        for record in itertools.islice(reader, SAMPLE_LINES):
            found.append((_cells(record, delimiter), begins, reader.line_num))
            begins = reader.line_num
    return found


def _titles(records: list[list[str]], delimiter: str) -> int:
    """Return how many records stand above the header: far emptier than the rows of the table.

    A row of values is a title as well if a fuller row without any follows, which is the header.
    """
    filled = [sum(map(bool, cells)) for cells in records]
    usual = statistics.median_high([count for count in filled if count] or [0])
    if delimiter == BLANKS or usual < 3:
        return 0
    for place, count in enumerate(filled[: TITLES_MAX + 1]):
        if not count or 2 * count < usual:
            continue
        ahead = zip(records[place:], filled[place : TITLES_MAX + 1], strict=False)
        fuller = any(other > count and not _has_value(cells) for cells, other in ahead)
        if not _has_value(records[place]):
            return place
        if not fuller:
            return 0
    return 0


def _has_value(cells: list[str]) -> bool:
    return any(_VALUE.fullmatch(cell) for cell in cells)


def _cells(record: list[str], delimiter: str) -> list[str]:
    cells = [cell.strip() for cell in record]
    return [cell for cell in cells if cell] if delimiter == BLANKS else cells


def _best_delimiter(sample: str, *, begins: int) -> str:
    """Choose the delimiter under which most rows are as wide as the header, the widest first."""
    lines = sample.splitlines(keepends=True)[begins:SAMPLE_LINES]
    best, score = _best(lines)
    if score == (0.0, 0):
        agreement, width = _score(lines, BLANKS)
        if agreement == 1 and width >= 3:
            return BLANKS
    # Below a title, which is not as wide as the table, the table itself tells.
    doubtful = score[0] < 0.5 or score[1] < 3
    for titles in range(1, min(TITLES_MAX, len(lines) - 2) + 1 if doubtful else 0):
        below, clearer = _best(lines[titles:])
        if clearer[0] >= 0.8 and clearer[1] >= 3:
            return below
    return best


def _best(lines: list[str]) -> tuple[str, tuple[float, int]]:
    scores = {mark: _score(lines, mark) for mark in DELIMITERS}
    best = max(scores, key=lambda mark: scores[mark])
    return best, scores[best]


def _score(lines: list[str], mark: str) -> tuple[float, int]:
    try:
        records = [_cells(record, mark) for record in csv.reader(lines, delimiter=mark)]
    except csv.Error:
        return (0.0, 0)
    widths = [len(cells) for cells in records if any(cells)]
    if not widths or widths[0] < 2:
        return (0.0, 0)
    return (round(widths.count(widths[0]) / len(widths), 1), widths[0])


def header_of(records: list[list[str]]) -> tuple[int, bool, int]:
    """Return which record of a table is the header, whether it is a row of values, and the titles.

    >>> header_of([["Report", "", ""], ["Order", "Day", "Sum"], ["1", "2024-01-05", "7"]])
    (1, False, 1)
    """
    titles = _titles(records, "")
    place = next((n for n, cells in enumerate(records) if n >= titles and any(cells)), 0)
    return place, _has_value(records[place]), sum(any(cells) for cells in records[:titles])
