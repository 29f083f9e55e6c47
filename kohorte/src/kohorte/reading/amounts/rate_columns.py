"""The cells of a file of exchange rates: which column is what, and the numbers in them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction

import duckdb

from kohorte.currencies import SIGNS, is_currency
from kohorte.errors import ReadError
from kohorte.reading import sql
from kohorte.reading.days import date_ways, dates
from kohorte.reading.meaning.words import MISSING, normal
from kohorte.reading.source import Column, Source

ROWS_MAX = 1_000_000
DIGITS_MAX = 12
EURO = "EUR"
# Words of headers, as `words.normal` writes them.
_DAYS = ("date", "day", "datum", "tag", "stichtag", "time period", "kursdatum", "rate date")
_CODES = (
    "currency", "waehrung", "currency code", "waehrungscode", "iso", "iso code", "code", "quote",
    "to", "waehrungskuerzel", "foreign currency", "fremdwaehrung",
)  # fmt: skip
_BASES = (
    "base", "basis", "base currency", "basiswaehrung", "from", "currency denom", "leitwaehrung",
)  # fmt: skip
_RATES = (
    "rate", "kurs", "wechselkurs", "exchange rate", "fx rate", "fx", "umrechnungskurs", "value",
    "wert", "obs value", "tageskurs", "devisenkurs", "referenzkurs", "mittelkurs",
)  # fmt: skip
_PER = ("per", "je", "pro", "fuer", "for")
_EMPTY = frozenset((*MISSING, ".", "..", "k.a.", "k. a."))


@dataclass(frozen=True)
class Quote:
    """One unit of `base` buys `rate` units of `code` on a day; `line` says where it stands."""

    line: int
    day: dt.date
    base: str
    code: str
    rate: Fraction


def read(
    source: Source,
    *,
    currency: str,
    wanted: Collection[str],
    connection: duckdb.DuckDBPyConnection,
) -> list[Quote]:
    """Return the rates of a file that are wanted.

    Raises
    ------
    ReadError
        If it has no columns of rates, or a cell is no rate.
    """
    day = _named(source.columns, _DAYS)
    rate = _of_rates(source.columns)
    code = _named(source.columns, _CODES)
    wide = [column for column in source.columns if is_currency(column.name.strip())]
    if day is None or (not wide and (rate is None or code is None)):
        raise ReadError(
            "{file} is no file of exchange rates. It needs the columns date, currency and rate, or "
            "a column for each currency as the European Central Bank writes it; it has: {columns}.",
            file=source.name,
            columns=source.headers,
        )
    cells = _Cells(source, day=day, connection=connection)
    if rate is None or code is None:
        return list(_wide(cells, [column for column in wide if column.name.strip() in wanted]))
    return list(_long(cells, rate=rate, code=code, currency=currency, wanted=wanted))


class _Cells:
    """The rows of a file of rates with their days."""

    def __init__(
        self, source: Source, *, day: Column, connection: duckdb.DuckDBPyConnection
    ) -> None:
        self.source = source
        self.connection = connection
        if source.rows > ROWS_MAX:
            raise ReadError(
                "{file} has {rows} rows; at most {limit} rows of exchange rates are read.",
                file=source.name,
                rows=source.rows,
                limit=ROWS_MAX,
            )
        writing = date_ways.settle(
            connection, source=source, column=day, given=None, month_first=False
        )
        if writing is None:
            raise ReadError(
                "The column “{column}” of {file} holds no days that can be read.",
                column=day.name,
                file=source.name,
            )
        self.day = f"{dates.instant(day, writing=writing, zone='UTC')}::DATE"

    def rows(self, *columns: Column) -> list[tuple[int, dt.date | None, list[str]]]:
        """Return line, day and texts of every row that has a text in the last column."""
        texts = ", ".join(f"trim(coalesce({column.sql}::VARCHAR, ''))" for column in columns)
        found = sql.rows(
            self.connection,
            f"SELECT line, {self.day}, {texts} FROM {self.source.relation} ORDER BY line",
        )
        return [
            (int(line), day, [str(cell) for cell in cells])
            for line, day, *cells in found
            if str(cells[-1]).lower() not in _EMPTY
        ]

    def rate(self, text: str, *, line: int, mark: str) -> Fraction:
        """Return the number in a cell."""
        other = "," if mark == "." else "."
        plain = re.sub(r"[\s'’\u00a0\u202f]", "", text).replace(other, "").replace(mark, ".")
        try:
            rate = Decimal(plain)
        except InvalidOperation:
            rate = Decimal("NaN")
        usual = rate.is_finite() and rate > 0 and -DIGITS_MAX <= rate.adjusted() <= DIGITS_MAX
        if not usual:
            raise ReadError(
                "Line {line} of {file}: “{text}” is no exchange rate.",
                line=line,
                file=self.source.name,
                text=text[:80],
            )
        return Fraction(rate)

    def require_day(self, day: dt.date | None, *, line: int) -> dt.date:
        """Return the day of a row that has a rate."""
        if day is None:
            raise ReadError(
                "Line {line} of {file} has an exchange rate, but no day that can be read.",
                line=line,
                file=self.source.name,
            )
        return day


def _wide(cells: _Cells, columns: Sequence[Column]) -> Iterator[Quote]:
    for column in columns:
        rows = cells.rows(column)
        mark = decimal_mark([text for _, _, (text,) in rows])
        for line, day, (text,) in rows:
            on = cells.require_day(day, line=line)
            rate = cells.rate(text, line=line, mark=mark)
            yield Quote(line, on, EURO, column.name.strip(), rate)


def _long(
    cells: _Cells, *, rate: Column, code: Column, currency: str, wanted: Collection[str]
) -> Iterator[Quote]:
    base = _named(cells.source.columns, _BASES)
    turned = base is None and is_turned(rate.name, currency=currency)
    rows = cells.rows(code, base or code, rate)
    mark = decimal_mark([texts[-1] for *_, texts in rows])
    for line, day, (quoted, based, text) in rows:
        one, other = (_code(based) if base else currency), _code(quoted)
        if other in wanted or (one in wanted and one != currency):
            on = cells.require_day(day, line=line)
            number = cells.rate(text, line=line, mark=mark)
            yield (
                Quote(line, on, other, one, number)
                if turned
                else Quote(line, on, one, other, number)
            )


def decimal_mark(texts: Collection[str]) -> str:
    """Return the decimal mark of rates; one mark alone is no mark of thousands.

    >>> decimal_mark(["1,095", "1,1"]), decimal_mark(["17,123.45"]), decimal_mark(["1.095"])
    (',', '.', '.')
    """
    last = [max(text.rfind("."), text.rfind(",")) for text in texts]
    sure = [
        text[place]
        for text, place in zip(texts, last, strict=True)
        if place >= 0 and (len(text) - place != 4 or ("." in text and "," in text))
    ]
    marks = sure or [text[place] for text, place in zip(texts, last, strict=True) if place >= 0]
    return "," if 2 * marks.count(",") > len(marks) else "."


def is_turned(header: str, *, currency: str) -> bool:
    """Return whether a header says that a rate is in the reporting currency, per foreign unit.

    >>> [is_turned(header, currency="EUR") for header in ("Kurs in EUR", "EUR per unit", "per EUR")]
    [True, True, False]
    """
    words = normal(header).split()
    code = currency.lower()
    if code not in words:
        return False
    place = words.index(code)
    before = words[place - 1] if place else ""
    if before.isdecimal() and place > 1:
        before = words[place - 2]
    after = words[place + 1] if place + 1 < len(words) else ""
    return before not in _PER and (before == "in" or after in _PER)


def _of_rates(columns: Sequence[Column]) -> Column | None:
    """Return the column of the rates: by its whole header, or by a header that begins so."""
    exact = _named(columns, _RATES)
    if exact is not None:
        return exact
    return next(
        (
            column
            for column in columns
            if any(word in ("rate", "kurs", "wechselkurs") for word in normal(column.name).split())
            or " per " in f" {normal(column.name)} "
            or " je " in f" {normal(column.name)} "
        ),
        None,
    )


def _named(columns: Sequence[Column], names: Sequence[str]) -> Column | None:
    by_name = {normal(column.name): column for column in reversed(columns)}
    return next((by_name[name] for name in names if name in by_name), None)


def _code(text: str) -> str:
    upper = text.upper()
    return {"EURO": EURO, **SIGNS}.get(upper, upper)
