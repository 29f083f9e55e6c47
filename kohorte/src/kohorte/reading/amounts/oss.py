"""The standard rate of value added tax in the buyer's country on the day of the order.

What shops owe under the European Union's One Stop Shop. The rates stand in `tax_rates.csv`, from
2015 on; sales to other countries bear none. Monaco counts as France, the United Kingdom as a
member until the end of 2020.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cache
from importlib import resources
from pathlib import Path

import duckdb

from kohorte.reading import cells, copies, sql
from kohorte.reading.amounts import countries
from kohorte.reading.plan import Plan

COUNTRIES_MAX = 5_000
_FIRST, _LAST = dt.date(1900, 1, 1), dt.date(2200, 1, 1)
# Territories where the rates of another country hold.
_AS = {"MC": "FR", "IM": "GB"}
_COLUMNS = (
    "{'text': 'VARCHAR', 'since': 'DATE', 'until': 'DATE', 'tax_above': 'BIGINT', "
    "'tax_below': 'BIGINT'}"
)


@cache
def rates() -> dict[str, tuple[tuple[dt.date, Decimal], ...]]:
    """Return the rates in percent of each country with the day from which they hold."""
    table = resources.files("kohorte.reading.amounts").joinpath("tax_rates.csv")
    found: dict[str, tuple[tuple[dt.date, Decimal], ...]] = {}
    with table.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            since = dt.date.fromisoformat(row["since"])
            found[row["country"]] = (
                *found.get(row["country"], ()),
                (since, Decimal(row["percent"])),
            )
    return found


def percent(country: str, day: dt.date) -> Decimal | None:
    """Return the rate of a country by its ISO code, 0 without tax, None if it is not known.

    >>> percent("DE", dt.date(2020, 7, 1)), percent("CH", dt.date(2020, 7, 1))
    (Decimal('16'), Decimal('0'))
    """
    known = rates().get(_AS.get(country, country))
    if known is None:
        return Decimal(0)
    return next((rate for since, rate in reversed(known) if since <= day), None)


def net_part(percent: Decimal) -> Fraction:
    """Return the amount without taxes as a part of the amount with them.

    >>> net_part(Decimal(19))
    Fraction(100, 119)
    """
    return Fraction(100) / (100 + Fraction(percent))


def table(plans: Sequence[Plan], *, connection: duckdb.DuckDBPyConnection, folder: Path) -> str:
    """Return the SQL table of the rates of all countries that files name, by their text."""
    found = set()
    for plan in plans:
        if "country" in plan.columns:
            found |= _texts(plan, connection=connection)
    path = copies.name(folder, "tax-rates.csv")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("text", "since", "until", "tax_above", "tax_below"))
        for name in sorted(found):
            for since, until, part in _spans(name):
                writer.writerow((name, since, until, part.numerator, part.denominator))
    return (
        f"read_csv({sql.literal(str(path))}, auto_detect = false, header = true, delim = ',', "
        f"quote = '\"', columns = {_COLUMNS})"
    )


def _texts(plan: Plan, *, connection: duckdb.DuckDBPyConnection) -> set[str]:
    text = cells.filled(plan.columns["country"])
    found = sql.rows(
        connection,
        f"SELECT DISTINCT {text} FROM {plan.source.relation} WHERE {text} IS NOT NULL "
        f"LIMIT {COUNTRIES_MAX}",
    )
    return {str(name) for (name,) in found}


def _spans(text: str) -> list[tuple[dt.date, dt.date, Fraction]]:
    """Return the days from and to which a part of an amount is without taxes."""
    country = countries.code(text)
    if country is None:
        return []
    known = rates().get(_AS.get(country, country))
    if known is None:
        return [(_FIRST, _LAST, Fraction(1))]
    ends = [since for since, _ in known[1:]] + [_LAST]
    return [(since, end, net_part(rate)) for (since, rate), end in zip(known, ends, strict=True)]
