"""How one file beside the orders is to be read: its columns, its days, its numbers, its words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import duckdb

from kohorte.errors import ReadError
from kohorte.language import Sentence, Text
from kohorte.reading.amounts import decimals
from kohorte.reading.amounts.decimals import Mark
from kohorte.reading.beside import footers, matches, moments, recognizing, surveys, telling
from kohorte.reading.beside.declaring import Field, FileKind
from kohorte.reading.beside.matches import Match
from kohorte.reading.beside.spans import Span
from kohorte.reading.days.dates import Writing
from kohorte.reading.meaning.words import GERMAN, normal
from kohorte.reading.options import ReadOptions
from kohorte.reading.plan import Plan
from kohorte.reading.source import Column, Source
from kohorte.results import Guess, Question

_NUMBERS = ("number", "whole", "money", "cost", "duration")


@dataclass(kw_only=True)
class Understood:
    """How one file beside the orders is to be read.

    Parameters
    ----------
    source, kind
        The file, and what its rows are.
    columns, guesses
        The column of each field that was found, and why.
    is_own
        Whether the columns are the table's own: its instants are in UTC then.
    score, said
        How sure the kind is, and the headers that speak for it.
    given
        The fields that the user named.
    writings, spans
        How the days of a column are written, or the spans that its cells name.
    zones
        The zone of columns that are not in the shop's.
    units
        Seconds in the unit of a duration.
    marks
        The decimal mark of each column of numbers.
    words, constants
        What the words of a choice mean, and what holds where no column tells it.
    asked
        Of a survey with a column for each question: the column that says which one a row is about.
    remarks, questions
        What was assumed, and what is left open.
    """

    source: Source
    kind: FileKind
    columns: dict[str, Column]
    guesses: tuple[Guess, ...]
    is_own: bool
    score: float
    said: tuple[str, ...]
    given: frozenset[str] = frozenset()
    writings: dict[str, Writing] = field(default_factory=dict)
    spans: dict[str, Mapping[str, Span]] = field(default_factory=dict)
    zones: dict[str, str] = field(default_factory=dict)
    units: dict[str, int] = field(default_factory=dict)
    marks: dict[str, Mark] = field(default_factory=dict)
    words: dict[str, Mapping[str, str]] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    asked: Column | None = None
    remarks: list[Sentence] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)

    def forget(self, name: str) -> None:
        """Take a column for nothing after all."""
        column = self.columns.pop(name)
        self.guesses = tuple(each for each in self.guesses if each.column != column.name)

    def of(self, *reads: str) -> list[tuple[Field, Column]]:
        """Return the fields that are read in one of these ways, with their columns."""
        return [
            (each, self.columns[each.name])
            for each in self.kind.fields
            if each.reads in reads and each.name in self.columns
        ]


def make(
    source: Source,
    kind: FileKind,
    *,
    orders: Sequence[Plan],
    connection: duckdb.DuckDBPyConnection,
    options: ReadOptions,
    today: dt.date | None = None,
    fixed: Mapping[str, Column] | None = None,
) -> Understood:
    """Find out how a file of a kind is to be read.

    Parameters
    ----------
    orders
        How the files of orders are read; a header that means somebody or an order there does here.
    today
        The day behind which nothing lies; it may tell day from month.
    fixed
        The only columns of a file that fills another table first.

    Raises
    ------
    ReadError
        If a column that such a file needs is not recognized, or one that means something repeats.
    """
    cells = recognizing.first_cells(source, connection=connection)
    found = recognizing.match(
        source, kind, cells=cells, options=options, orders=orders, fixed=fixed
    )
    if fixed:
        found = matches.only(found, fixed)
    _require_columns(source, found)
    made = Understood(
        source=source,
        kind=kind,
        columns=dict(found.columns),
        guesses=found.guesses,
        is_own=found.is_own,
        score=found.score,
        said=found.said,
        given=found.given,
    )
    if kind.asks:
        surveys.widen(made, cells=cells, connection=connection, options=options)
    footers.leave_out(made, connection=connection)
    moments.settle(made, connection=connection, options=options, today=today)
    _settle_numbers(made, connection=connection, options=options)
    telling.settle_units(made, options=options)
    telling.settle_words(made, connection=connection, options=options)
    return made


def _require_columns(source: Source, found: Match) -> None:
    for column in found.columns.values():
        if column.name in source.repeated:
            raise ReadError(
                "The file {file} has two columns named “{column}”. Rename one of them.",
                file=source.name,
                column=column.name,
            )
    if found.missing:
        field = found.missing[0]
        raise ReadError(
            "{file} holds {what}, but no column was recognized as “{meaning}” ({field}). Name it with "
            "--column {field}=HEADER; the columns are: {columns}.",
            file=source.name,
            what=found.kind.name,
            meaning=meaning_of(found.kind, field),
            field=f"{found.kind.table.name}.{field}",
            columns=source.headers,
        )


def meaning_of(kind: FileKind, name: str) -> Text:
    """Return what a field of a kind means, in words."""
    own = {column.name: column.meaning for column in kind.table.columns}
    return own.get(name) or FURTHER[name]


# Fields that no column of a table has, of which columns are made.
FURTHER: Mapping[str, Text] = {
    "email": Text(de="E-Mail-Adresse des Kunden", en="e-mail address of the customer"),
    "customer_id": Text(de="Kundennummer", en="customer number"),
    "amount": Text(de="Betrag in Euro, Pfund …", en="amount in euros, pounds …"),
    "currency": Text(de="Währung des Betrags", en="currency of the amount"),
    "monthly": Text(
        de="Betrag je Monat in Euro, Pfund …", en="amount per month in euros, pounds …"
    ),
    "every": Text(de="wie oft der Betrag anfällt", en="how often the amount is paid"),
    "every_count": Text(de="jeder wievielte Zeitraum", en="every how many of these periods"),
    "quantity": Text(de="Menge", en="quantity"),
    "category": Text(de="Warengruppe des Artikels", en="category of the product"),
    "state": Text(de="Status", en="status"),
    "cancelled_at": Text(de="wann gekündigt wurde", en="when it was cancelled"),
    "trial_ends_at": Text(de="Ende der Probezeit", en="end of the trial"),
    "answered_after": Text(de="Zeit bis zur ersten Antwort", en="time until the first answer"),
    "solved_after": Text(de="Zeit bis zur Lösung", en="time until it was solved"),
    "reopens": Text(de="wie oft sie wieder geöffnet wurde", en="how often it was opened again"),
    "friend": Text(
        de="E-Mail-Adresse oder Kundennummer des Geworbenen",
        en="e-mail address or customer number of who was referred",
    ),
    "referred_at": Text(de="wann empfohlen wurde", en="when it was referred"),
    "solved_first": Text(de="beim ersten Kontakt gelöst", en="solved at first contact"),
}


def is_german(source: Source) -> bool:
    """Return whether a file shows German signs: semicolons between cells, or German headers."""
    words = {word for column in source.columns for word in normal(column.name).split()}
    return source.delimiter == ";" or bool(words & GERMAN)


def _settle_numbers(
    made: Understood, *, connection: duckdb.DuckDBPyConnection, options: ReadOptions
) -> None:
    """Settle the decimal marks by this file alone; the option decides what is open then."""
    numbers = {each.name: column for each, column in made.of(*_NUMBERS)}
    found = {
        name: decimals.evidence(connection, source=made.source, column=column)
        for name, column in numbers.items()
    }
    for name, own in found.items():
        mark, is_open = decimals.decide(
            list(found.values()), own=own, german=is_german(made.source)
        )
        if is_open and options.decimal:
            mark, is_open = options.decimal, False
        made.marks[name] = mark
        if is_open and not any(each.option == "decimal" for each in made.questions):
            asked = decimals.question(numbers[name], cell=own.example, assumed=mark)
            made.questions.append(asked)


def reading(made: Understood) -> Sentence:
    """Tell what a file was taken for, by which headers, and how sure that is."""
    values = {
        "what": made.kind.name,
        "share": min(99, round(100 * made.score)),
        "headers": ", ".join(made.said[:6]),
    }
    if made.is_own:
        return Sentence("{what}, under kohorte's own names; times are in UTC.", values)
    if not made.said:
        return Sentence("Taken for: {what}.", values)
    return Sentence("Taken for: {what} ({share}% sure), by {headers}.", values)
