"""Files of daily exchange rates, and what one unit of a currency is worth in another.

Two forms are read. The long one has a row for each day and currency: `date;currency;rate`, where
the rate is what one unit of the reporting currency buys – or of the currency in a column `base`.
A header such as “Kurs in EUR” or “EUR per unit” turns it round. The wide form, as the European
Central Bank publishes it, has a column for each currency and is per euro; two of its rates make
the one between two other currencies.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from fractions import Fraction
from pathlib import Path

import duckdb

from kohorte.errors import ReadError
from kohorte.reading import copies, sql
from kohorte.reading.amounts import rate_columns
from kohorte.reading.amounts.rate_columns import Quote
from kohorte.reading.source import Source

# A weekend or a holiday takes the last rate before, which may be so many days old.
DAYS_BACK = 7
# The days of a currency whose rates hold, each with the worth of one unit.
Worth = dict[dt.date, Fraction]
_COLUMNS = (
    "{'code': 'VARCHAR', 'rate_day': 'DATE', 'rate_above': 'HUGEINT', 'rate_below': 'HUGEINT'}"
)


def table(
    source: Source,
    *,
    currency: str,
    wanted: Collection[str],
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
) -> str:
    """Return the SQL table with the worth of each wanted currency on each day.

    Parameters
    ----------
    source
        The file of rates.
    currency
        The currency into which everything is converted.
    wanted
        The currencies of the orders.

    Raises
    ------
    ReadError
        If the file is none of rates, or holds one that cannot be.
    """
    quotes = rate_columns.read(
        source, currency=currency, wanted={*wanted, currency}, connection=connection
    )
    path = copies.name(folder, "rates.csv")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("code", "rate_day", "rate_above", "rate_below"))
        for code, worth in worths(quotes, currency=currency, file=source.name).items():
            if code in wanted:
                for day, value in carried(worth):
                    writer.writerow((code, day, value.numerator, value.denominator))
    return (
        f"read_csv({sql.literal(str(path))}, auto_detect = false, header = true, delim = ',', "
        f"quote = '\"', columns = {_COLUMNS})"
    )


def worths(quotes: Iterable[Quote], *, currency: str, file: str) -> dict[str, Worth]:
    """Return what one unit of each currency is worth in `currency`, by the days that have rates.

    Raises
    ------
    ReadError
        If a day has two different rates of a currency.
    """
    found: dict[str, Worth] = defaultdict(dict)
    for (day, base), rates in _by_base(quotes, file=file).items():
        per_base = {**rates, base: Fraction(1)}
        if currency in per_base:
            for code, rate in per_base.items():
                if code != currency:
                    found[code].setdefault(day, per_base[currency] / rate)
    return found


def _by_base(
    quotes: Iterable[Quote], *, file: str
) -> Mapping[tuple[dt.date, str], dict[str, Fraction]]:
    found: dict[tuple[dt.date, str], dict[str, Fraction]] = defaultdict(dict)
    for quote in quotes:
        rates = found[quote.day, quote.base]
        if rates.setdefault(quote.code, quote.rate) != quote.rate:
            raise ReadError(
                "Line {line} of {file}: {currency} has a second rate on {day}, which differs from "
                "the first. Keep one of them.",
                line=quote.line,
                file=file,
                currency=quote.code,
                day=quote.day,
            )
    return found


def carried(worth: Worth) -> Iterator[tuple[dt.date, Fraction]]:
    """Give each day its worth, days without a rate that of the last one before."""
    days = sorted(worth)
    for day, following in zip(days, [*days[1:], dt.date.max], strict=True):
        last = min(DAYS_BACK, (following - day).days - 1)
        for back in range(last + 1):
            yield day + dt.timedelta(days=back), worth[day]
