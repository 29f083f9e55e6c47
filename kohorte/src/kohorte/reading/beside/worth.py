"""Amounts of files beside the orders in minor units of the shop's currency."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import duckdb

from kohorte.currencies import SIGNS, is_currency
from kohorte.currencies import exponent as digits_of
from kohorte.errors import BadRowsError, ReadError
from kohorte.reading import address, sql
from kohorte.reading.amounts import currency_cells, exact, rates
from kohorte.reading.formats import opening
from kohorte.reading.options import ReadOptions

if TYPE_CHECKING:
    from kohorte.reading.beside.understanding import Understood

RATE = "rate"
CODES_MAX = 200
_SAMPLE = 200
# A mean of rates is kept with so many decimals.
_DIGITS = 12
_CODE = re.compile(r"\b([A-Z]{3})\b|([€£$])")


@dataclass(frozen=True, kw_only=True)
class Money:
    """What the amounts of a file are in.

    Parameters
    ----------
    shop
        The currency that everything counts in, None if nobody knows it.
    file
        The currency of rows that tell none.
    codes
        The texts of the currency column with what they stand for.
    exchange
        The table of daily rates, where there is anything to convert.
    """

    shop: str | None
    file: str | None
    codes: Mapping[str, str] = field(default_factory=dict)
    exchange: str | None = None

    @property
    def foreign(self) -> set[str]:
        """The currencies that are not the shop's."""
        found = set(self.codes.values()) or ({self.file} if self.file else set())
        return {each for each in found if self.shop and each != self.shop}


def settle(
    made: Understood,
    *,
    shop: str | None,
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    options: ReadOptions,
) -> Money:
    """Return what the amounts of a file are in, with the rates that they need.

    Raises
    ------
    ReadError
        If they are in another currency than the shop's and there are no rates.
    """
    if not made.of("money", "cost"):
        return Money(shop=shop, file=shop)
    codes = _codes(made, connection=connection)
    own = _of_headers(made) or _of_cells(made, connection=connection)
    money = Money(shop=shop, file=own or shop, codes=codes)
    if not money.foreign:
        return money
    if not options.rates:
        raise ReadError(
            "{file} is in {currency}, but the orders are in {known}. Convert it with a file of daily "
            "rates (--rates FILE and --currency {known}), or write its amounts in {known}.",
            file=made.source.name,
            currency=", ".join(sorted(money.foreign)),
            known=str(shop),
        )
    opened = opening.open_source(
        address.place(options.rates), connection=connection, folder=folder, options=ReadOptions()
    )
    exchange = rates.table(
        opened,
        currency=str(shop),
        wanted=money.foreign,
        connection=connection,
        folder=folder,
    )
    return Money(shop=shop, file=money.file, codes=codes, exchange=exchange)


def _codes(made: Understood, *, connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Return what the texts of the currency column stand for."""
    column = made.columns.get("currency")
    if column is None:
        return {}
    text = f"upper(trim({column.sql}::VARCHAR))"
    found = sql.rows(
        connection,
        f"SELECT {text} AS code, min(line) FROM {made.source.relation} "
        f"WHERE nullif({text}, '') NOT IN ('--', '-') GROUP BY 1 ORDER BY 2 LIMIT {CODES_MAX}",
    )
    codes = {}
    for text, line in found:
        code = currency_cells.code(str(text))
        if not is_currency(code):
            raise ReadError(
                "Line {line} of {file}: “{text}” in the column “{column}” is no currency. Use ISO "
                "codes such as EUR.",
                line=int(line),
                file=made.source.name,
                text=str(text)[:80],
                column=column.name,
            )
        codes[str(text)] = code
    return codes


def _of_headers(made: Understood) -> str | None:
    """Return the currency that the header of an amount names: “Amount spent (EUR)”."""
    for _, column in made.of("money", "cost"):
        if found := _named(column.name):
            return found
    return None


def _of_cells(made: Understood, *, connection: duckdb.DuckDBPyConnection) -> str | None:
    """Return the currency whose sign or code stands beside the first amounts."""
    for _, column in made.of("money", "cost"):
        if column.kind != "text":
            continue
        rows = sql.rows(
            connection,
            f"SELECT {column.sql} FROM {made.source.relation} "
            f"WHERE {column.sql} IS NOT NULL LIMIT {_SAMPLE}",
        )
        found = {named for (cell,) in rows if (named := _named(str(cell)))}
        if len(found) == 1:
            return found.pop()
    return None


def _named(text: str) -> str | None:
    for match in _CODE.finditer(text):
        code = match[1] or SIGNS.get(match[2], "")
        if is_currency(code):
            return code
    return None


def valued(rows: str, *, made: Understood, money: Money, zone: str) -> str:
    """Return the rows with their amounts in minor units of the shop's currency.

    A cost has no day and takes the latest rate; it stays in major units. What lasts several days takes
    the mean of their rates.
    """
    names = [each.name for each, _ in made.of("money")]
    costs = [each.name for each, _ in made.of("cost")]
    unit = "1" + "0" * digits_of(money.shop)
    if not money.exchange:
        replaced = ", ".join(f"{_minor(name, unit=unit)} AS {name}" for name in names)
        instead = f" REPLACE ({replaced})" if replaced else ""
        return f"SELECT *{instead}, NULL::VARCHAR AS unrated FROM ({rows})"
    shop = sql.literal(str(money.shop))
    cases = " ".join(f"WHEN {sql.literal(t)} THEN {sql.literal(c)}" for t, c in money.codes.items())
    told = f"CASE upper(currency_text) {cases} END" if cases else "NULL"
    coded = f"SELECT *, coalesce({told}, {sql.literal(money.file or str(money.shop))}) AS code FROM ({rows})"
    day, join = _joined(made, money=money, zone=zone)
    above, below = (
        f"CASE WHEN l.code = {shop} THEN 1::HUGEINT ELSE r.{name} END"
        for name in ("rate_above", "rate_below")
    )
    unrated = f"CASE WHEN l.code <> {shop} AND r.rate_above IS NULL THEN l.code || ' ' || {day} END"
    joined = f"SELECT l.*, {above} AS above, {below} AS below, {unrated} AS unrated FROM ({coded}) l {join}"
    converted = [
        *(f"{_minor(name, unit=unit, above='above', below='below')} AS {name}" for name in names),
        *(
            f"{exact.converted(name, above='above', below='below', digits=6)}::DECIMAL(18,6) AS {name}"
            for name in costs
        ),
    ]
    return f"SELECT * EXCLUDE (above, below, code) REPLACE ({', '.join(converted)}) FROM ({joined})"


def _minor(name: str, *, unit: str, above: str = "1", below: str = "1") -> str:
    return exact.minor(exact.Exact(first=name), unit=unit, above=above, below=below)


def _joined(made: Understood, *, money: Money, zone: str) -> tuple[str, str]:
    """Return the SQL of the day whose rate holds, and the join with the rates."""
    day = made.kind.day
    if day is None:
        latest = (
            "(SELECT code AS rate_code, arg_max(rate_above, rate_day) AS rate_above, "
            f"arg_max(rate_below, rate_day) AS rate_below FROM {money.exchange} GROUP BY code)"
        )
        return "''", f"LEFT JOIN {latest} r ON r.rate_code = l.code"
    local = f"l.{day}::DATE"
    if made.kind.field(day).reads == "instant":
        local = f"timezone({sql.literal(zone)}, timezone('UTC', l.{day}))::DATE"
    if made.kind.last_day:
        return _over_days(local, made.kind.last_day, exchange=str(money.exchange))
    daily = f"(SELECT code AS rate_code, rate_day, rate_above, rate_below FROM {money.exchange})"
    return local, f"LEFT JOIN {daily} r ON r.rate_code = l.code AND r.rate_day = {local}"


def _over_days(first: str, last: str, *, exchange: str) -> tuple[str, str]:
    """Return the SQL of the first day without a rate, and the join with the mean rate of all days.

    Days behind the newest rate are left out of it, as nobody knows theirs yet.
    """
    rated = (
        "SELECT code AS rate_code, rate_day, rate_above, rate_below, max(rate_day) OVER same AS newest, "
        f"lead(rate_day) OVER (same ORDER BY rate_day) AS next_day FROM {exchange} "
        "WINDOW same AS (PARTITION BY code)"
    )
    # One rate stays the fraction that it is.
    one = "count(DISTINCT (rate_above, rate_below)) = 1"
    mean = f"round(avg(rate_above / rate_below) * 1{'0' * _DIGITS})::HUGEINT"
    gap = "next_day > rate_day + 1 AND rate_day < until"
    is_whole = f"min(rate_day) = {first} AND count(*) FILTER ({gap}) = 0"
    found = (
        f"SELECT min(rate_day) AS first_day, min(rate_day + 1) FILTER ({gap}) AS gap_day, "
        f"CASE WHEN {is_whole} THEN CASE WHEN {one} THEN min(rate_above) "
        f"ELSE {mean} END END AS rate_above, "
        f"CASE WHEN {one} THEN min(rate_below) ELSE 1{'0' * _DIGITS}::HUGEINT END AS rate_below "
        f"FROM (SELECT *, least({last}, newest) AS until FROM ({rated}) "
        f"WHERE rate_code = l.code AND rate_day BETWEEN {first} AND {last})"
    )
    missing = f"CASE WHEN r.first_day = {first} THEN r.gap_day ELSE {first} END"
    return missing, f"LEFT JOIN LATERAL ({found}) r ON true"


def refuse(
    path: Path, *, made: Understood, connection: duckdb.DuckDBPyConnection, count: int
) -> NoReturn:
    """Raise for the first row whose currency has no rate on its day."""
    line, text = sql.row(
        connection,
        f"SELECT line, unrated FROM {sql.parquet([path])} WHERE fault = '{RATE}' "
        "ORDER BY line LIMIT 1",
    )
    code, _, day = str(text).partition(" ")
    raise BadRowsError(
        "Line {line} of {file}: there is no rate of {currency} on {day}, nor in the seven days "
        "before (such rows: {count}). Add it to the file of rates, or leave such rows out with "
        "--skip-bad-rows.",
        line=int(line),
        file=made.source.name,
        currency=code,
        day=dt.date.fromisoformat(day) if day else "",
        count=count,
    )
