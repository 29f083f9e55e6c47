"""Which kind of file beside the orders a file is: by its headers, by what stands below, by its name.

Each header that hardly any other file has speaks for a kind, as does the name of the file; each
column that only orders have speaks against it. That all is there which such a file needs takes
half of the doubt, each sign half of what is left: a score of 0.75, 0.875, 0.94 …
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

import duckdb

from kohorte.language import Sentence
from kohorte.reading import sql
from kohorte.reading.beside import fitting, kind_words
from kohorte.reading.beside.declared import DECLARED
from kohorte.reading.beside.declaring import Field, FileKind, writings
from kohorte.reading.beside.matches import Match
from kohorte.reading.meaning import meanings
from kohorte.reading.meaning.words import MISSING, compact, normal
from kohorte.reading.options import MEANINGS, Meaning, ReadOptions
from kohorte.reading.plan import Plan
from kohorte.reading.source import Column, Source
from kohorte.results import Guess

SAMPLE = 1_000
_TELLING, _USUAL, _STEP, _LEAST = 1.0, 0.9, 0.01, 0.5
# Headers with more words are sentences and say nothing about orders.
_WORDS_MAX = 4
# A column without any cell is taken only where no other is.
_EMPTY = 0.5
_OWN = Sentence("This is kohorte's own name for it.")
# Names of our own columns that files of orders and customers have as well.
_COMMON = {"created_at", "customer_id", "order_id", "product_id", "amount_minor"}

Cells = Mapping[int, Sequence[str]]


def best(
    source: Source, *, connection: duckdb.DuckDBPyConnection, options: ReadOptions
) -> list[Match]:
    """Return the kinds that a file may be of, the likeliest first; none for files of orders."""
    if not source.has_header:
        return []
    cells = first_cells(source, connection=connection)
    found = [match(source, kind, cells=cells, options=options) for kind in DECLARED.values()]
    fitting = [each for each in found if each.is_whole and each.signs > 0]
    return sorted(fitting, key=lambda each: (-each.score, -each.signs, -len(each.columns)))


def match(
    source: Source,
    kind: FileKind,
    *,
    cells: Cells,
    options: ReadOptions,
    orders: Sequence[Plan] = (),
    fixed: Mapping[str, Column] | None = None,
) -> Match:
    """Return a file taken for one kind, whether it is one or not.

    Headers that mean somebody or an order in the files of orders mean the same here, unless this
    kind knows a better one; `fixed` are columns that are known already.
    """
    given = {**(fixed or {}), **_given(source, kind, options=options)}
    found = dict(given)
    guesses = {
        name: (
            1.0,
            Sentence("The header says “{phrase}” and the cells fit.", {"phrase": column.name})
            if column in (fixed or {}).values()
            else Sentence("You said so."),
        )
        for name, column in given.items()
    }
    is_own = _is_own(source, kind)
    for weight, field, column in _candidates(source, kind, cells=cells):
        if field.name in found or column in found.values():
            continue
        found[field.name] = column
        fits = Sentence("The header says “{phrase}” and the cells fit.", {"phrase": column.name})
        guesses[field.name] = (1.0, _OWN) if is_own else (weight, fits)
    for name, column in _alike(source, kind, orders=orders).items():
        if name not in found and column not in found.values():
            found[name] = column
            guesses[name] = (1.0, Sentence("The orders have the same header."))
    told = _telling(source, kind, taken=found)
    against = _against(source, kind, taken=list(found.values()))
    named = len(named_kinds(source.name) & {kind.table.name})
    prefix = kind.table.name
    return Match(
        kind=kind,
        columns=found,
        guesses=tuple(
            Guess(f"{prefix}.{name}", found[name].name, score, reason)
            for name, (score, reason) in sorted(
                guesses.items(), key=lambda each: _place(kind, each[0])
            )
            if not name.startswith("told_by")
        ),
        signs=len(source.columns) if is_own else len(told) + named - against,
        said=told,
        is_own=is_own,
        given=frozenset(given),
    )


def _place(kind: FileKind, name: str) -> int:
    names = [each.name for each in kind.fields]
    return names.index(name) if name in names else len(names)


def named_kinds(name: str) -> set[str]:
    """Return the kinds that the name of a file or table speaks of.

    >>> sorted(named_kinds("Werbekosten-2026.xlsx")), sorted(named_kinds("public.nps_survey"))
    (['spend'], ['responses'])
    """
    words = normal(name).split()
    spoken = {*words, *("".join(pair) for pair in pairwise(words))}
    return {table for table, kind in DECLARED.items() if kind.named & spoken}


def first_cells(source: Source, *, connection: duckdb.DuckDBPyConnection) -> Cells:
    """Return the filled cells of the first rows by the column's place."""
    chosen = ", ".join(f"trim({column.sql}::VARCHAR)" for column in source.columns)
    rows = sql.rows(connection, f"SELECT {chosen} FROM {source.relation} LIMIT {SAMPLE}")
    return {
        column.index: [row[place] for row in rows if _is_filled(row[place])]
        for place, column in enumerate(source.columns)
    }


def _is_filled(cell: str | None) -> bool:
    return cell is not None and cell.lower() not in MISSING


def asked(column: Column, kind: FileKind) -> str | None:
    """Return the kind of question that the header of a survey asks.

    >>> asked(Column(0, "Wie wahrscheinlich ist es, dass Sie uns weiterempfehlen?"), DECLARED["responses"])
    'nps'
    """
    header = normal(column.name)
    return next((name for name, said in kind.asks.items() if re.search(said, header)), None)


def questions(source: Source, kind: FileKind, *, cells: Cells) -> dict[Column, str]:
    """Return the columns of a survey that are a question each, with the kind of question."""
    found = {column: asked(column, kind) for column in source.columns}
    return {
        column: name
        for column, name in found.items()
        if name and (name == "leaving" or fitting.fits(column, "score", cells[column.index]))
    }


def _given(source: Source, kind: FileKind, *, options: ReadOptions) -> dict[str, Column]:
    """Return the columns that the user named, such as `spend.channel`, as far as they are here."""
    by_name = {compact(column.name): column for column in source.columns}
    said = {
        name.partition(".")[2]: compact(header)
        for name, header in options.columns.items()
        if name.partition(".")[0] == kind.table.name
    }
    return {name: by_name[header] for name, header in said.items() if header in by_name}


def _alike(source: Source, kind: FileKind, *, orders: Sequence[Plan]) -> dict[str, Column]:
    """Return the columns whose headers mean somebody or an order in the files of orders."""
    by_name = {compact(column.name): column for column in source.columns}
    fields = {each.name for each in kind.fields if each.reads in ("person", "email") and each.usual}
    wanted: tuple[Meaning, ...] = ("customer_id", "email", "order_id")
    return {
        meaning: by_name[compact(plan.columns[meaning].name)]
        for meaning in wanted
        for plan in reversed(orders)
        if meaning in (fields | ({"order_id"} & {each.name for each in kind.fields}))
        and meaning in plan.columns
        and compact(plan.columns[meaning].name) in by_name
    }


def is_telling(column: Column, field: Field) -> bool:
    """Return whether a header names a field for certain."""
    return _weight(column, field) == _TELLING


def _is_own(source: Source, kind: FileKind) -> bool:
    """Return whether the columns are the table's own, all that must be filled among them."""
    names = {column.name for column in source.columns}
    own = {column.name for column in kind.table.columns}
    needed = {column.name for column in kind.table.columns if not column.nullable}
    return needed <= names <= own


def _candidates(
    source: Source, kind: FileKind, *, cells: Cells
) -> list[tuple[float, Field, Column]]:
    found = []
    for place, field in enumerate(kind.fields):
        for column in source.columns:
            weight = _weight(column, field)
            if field.name == "score" and not weight and asked(column, kind):
                weight = _USUAL
            weight *= 1.0 if cells[column.index] else _EMPTY
            if weight and fitting.fits(column, field.reads, cells[column.index]):
                found.append((-weight, place, column.index, field, column))
    return [(-each[0], each[3], each[4]) for each in sorted(found, key=lambda each: each[:3])]


def _weight(column: Column, field: Field) -> float:
    """Return how surely a header names a field; 0 if it does not."""
    for header in writings(column.name):
        if header in field.surely:
            return _TELLING
        if header in field.likely:
            return max(_LEAST, _USUAL - _STEP * field.likely[header])
    return 0.0


def _telling(source: Source, kind: FileKind, *, taken: Mapping[str, Column]) -> tuple[str, ...]:
    """Return the headers that speak for a kind."""
    words = {word for field in kind.fields for word in field.surely}
    found = [
        column.name
        for column in source.columns
        if set(writings(column.name)) & words or (kind.asks and asked(column, kind))
    ]
    needed = {column.name for column in kind.table.columns} & set(taken)
    own = [name for name in sorted(needed - _COMMON) if taken[name].name == name and "_" in name]
    return tuple(dict.fromkeys([*found, *own]))


def _against(source: Source, kind: FileKind, *, taken: Sequence[Column]) -> int:
    """Return how many meanings of orders other columns have; many if one rules the kind out."""
    others = [
        column
        for column in source.columns
        if column not in taken and len(normal(column.name).split()) <= _WORDS_MAX
    ]
    said = {meaning for column in others for meaning in _of_orders(column)}
    if said & set(kind.never):
        return len(source.columns) + 1
    placed = any(
        "date" in _of_orders(each) and kind_words.of_an_order(each.name) for each in others
    )
    both = 2 if placed and said & {"amount", "unit_price"} else 0
    return len(said & set(kind.without)) + both


def _of_orders(column: Column) -> set[str]:
    """Return what a header would mean in a file of orders, or in one of refunds."""
    said = {
        meaning
        for meaning in MEANINGS
        if meanings.by_header(column.name, meaning)[0]
        >= (0.75 if meaning == "order_id" else meanings.THRESHOLD)
    }
    if kind_words.of_refund(column.name) in ("amount", "document"):
        said = {*said, "refund"}
    return {str(each) for each in said}
