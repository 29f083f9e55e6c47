"""Any table, written in any dialect, is read back the same: numbers, customers, days, amounts."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import strategies
from kohorte import reading
from kohorte.settings import Settings

HEADERS = (
    ("order_id", "customer_id", "date", "amount", "note"),
    ("Bestellnummer", "Kunden-Nr.", "Bestelldatum", "Gesamtbetrag", "Bemerkung"),
    ("Order No.", "Customer", "Created at", "Total", 'Comment; internal, "quoted"'),
    ("Auftrag\nNr.", "Käufer; Nr.", "Datum | Uhrzeit", "Summe, brutto", "größe\tß"),
)
MONTHS, SHORT, WEEKDAYS = (
    words.split()
    for words in (
        "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
        "Jan. Feb. Mär. Apr. Mai Jun. Jul. Aug. Sep. Okt. Nov. Dez.",
        "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
    )
)
EPOCH = dt.datetime.fromisoformat("1899-12-30")
# A day above 12 tells day from month.
TELLING = tuple(map(dt.datetime.fromisoformat, ("2024-01-31", "2023-12-13")))


def serial(instant: dt.datetime) -> str:
    return f"{(instant - EPOCH) / dt.timedelta(days=1):.6f}"


# How days are written, and whether their seconds and their time are kept.
WRITINGS: dict[str, tuple[Callable[[dt.datetime], str], str]] = {
    "iso": (lambda at: at.strftime("%Y-%m-%d %H:%M:%S"), "second"),
    "iso T": (lambda at: at.strftime("%Y-%m-%dT%H:%M:%S"), "second"),
    "iso day": (lambda at: at.strftime("%Y/%m/%d"), "day"),
    "points": (lambda at: at.strftime("%d.%m.%Y"), "day"),
    "points and time": (lambda at: at.strftime("%d.%m.%Y %H:%M"), "minute"),
    "points, time": (lambda at: at.strftime("%d.%m.%Y, %H:%M:%S"), "second"),
    "short points": (lambda at: f"{at.day}.{at.month}.{at:%y}", "day"),
    "strokes": (lambda at: at.strftime("%d/%m/%Y"), "day"),
    "american": (lambda at: at.strftime("%m/%d/%Y %I:%M %p"), "minute"),
    "month": (lambda at: f"{at.day}. {MONTHS[at.month - 1]} {at.year}", "day"),
    "short month": (lambda at: f"{at:%d} {SHORT[at.month - 1]} {at:%Y %H:%M}", "minute"),
    "weekday": (
        lambda at: f"{WEEKDAYS[at.weekday()]}, {at.day}. {MONTHS[at.month - 1].upper()} {at.year}",
        "day",
    ),
    "serial": (serial, "second"),
    "serial with comma": (lambda at: serial(at).replace(".", ","), "second"),
    "seconds": (lambda at: str(int(at.replace(tzinfo=dt.UTC).timestamp())), "second"),
}


@dataclass(frozen=True)
class Dialect:
    """How a table is written."""

    header: tuple[str, ...]
    writing: str
    mark: str
    thousands: bool
    currency: str
    delimiter: str
    encoding: str
    line_break: str
    quoting: int

    def amount(self, amount: Decimal) -> str:
        text = f"{amount:,.2f}" if self.thousands else f"{amount:.2f}"
        text = text if self.mark == "." else text.translate(str.maketrans(",.", ".,"))
        return self.currency.format(text)

    def content(self, orders: list[tuple[str, str, dt.datetime, Decimal, str]]) -> bytes:
        text = io.StringIO()
        writer = csv.writer(
            text, delimiter=self.delimiter, lineterminator=self.line_break, quoting=self.quoting
        )
        writer.writerow(self.header)
        write, _ = WRITINGS[self.writing]
        for number, customer, placed_at, amount, note in orders:
            writer.writerow([number, customer, write(placed_at), self.amount(amount), note])
        return text.getvalue().encode(self.encoding)


DIALECTS = st.builds(
    Dialect,
    header=st.sampled_from(HEADERS),
    writing=st.sampled_from(sorted(WRITINGS)),
    mark=st.sampled_from(",."),
    thousands=st.booleans(),
    currency=st.sampled_from(("{}", "{} €", "€ {}", "{} EUR")),
    delimiter=st.sampled_from(";,\t|"),
    encoding=st.sampled_from(("utf-8", "utf-8-sig", "cp1252", "latin-1", "utf-16", "utf-16-le")),
    line_break=st.sampled_from(("\n", "\r\n")),
    quoting=st.sampled_from((csv.QUOTE_MINIMAL, csv.QUOTE_ALL)),
)
MISSING = re.compile(r"(?i)nan|null|none|n/a|na|#n/a|nat|-|<na>|\\n")
NAMES = st.text(
    st.characters(codec="cp1252", exclude_categories=("Cc", "Zs", "Zl", "Zp")), min_size=1
).filter(lambda text: not MISSING.fullmatch(text) and not re.fullmatch(r"\d+\.0", text))
NUMBERS = st.one_of(
    st.integers(0, 99).map("{:05}".format),
    st.integers(10**17, 10**22).map(str),
    st.integers(1, 10**9).map("R-{}".format),
    st.integers(1, 99).map("2024/{:03}".format),
)
NOTES = st.text(st.sampled_from("aä€ß,;\t|\"'\n ."), max_size=12)
MOMENTS = st.datetimes(*map(dt.datetime.fromisoformat, ("2002-01-01", "2039-01-01"))).map(
    lambda instant: instant.replace(microsecond=0)
)
TABLES = st.lists(
    st.tuples(
        NUMBERS, NAMES, MOMENTS, st.decimals(Decimal(0), Decimal(9_999_999), places=2), NOTES
    ),
    min_size=1,
    max_size=12,
    unique_by=lambda order: order[0],
)
LOOKS_LIKE_UTF_8 = re.compile(rb"[\xc2-\xf4][\x80-\xbf]")


def kept(instant: dt.datetime, unit: str) -> dt.datetime:
    if unit == "second":
        return instant
    instant = instant.replace(second=0)
    return instant if unit == "minute" else instant.replace(hour=0, minute=0)


def check(folder: Path, table: list[tuple], dialect: Dialect) -> None:
    orders = [
        *table,
        *((f"T{n}", "z", at, Decimal("1234.56"), "") for n, at in enumerate(TELLING)),
    ]
    try:
        content = dialect.content(orders)
    except UnicodeEncodeError:
        assume(dialect.encoding != "latin-1")
        raise
    # “Ã¼” in Windows-1252 has the bytes of “ü” in UTF-8: nobody can tell.
    single = dialect.encoding in ("cp1252", "latin-1")
    assume(not (single and LOOKS_LIKE_UTF_8.search(content)))
    path = folder / "orders.csv"
    path.write_bytes(content)

    with duckdb.connect() as connection:
        found = reading.read([path], connection=connection, settings=Settings())
        rows = connection.execute(
            "SELECT order_id, customer_id, placed_at, amount_minor FROM orders"
        ).fetchall()

    _, unit = WRITINGS[dialect.writing]
    assert sorted(rows) == sorted(
        (number, customer, kept(instant, unit), int(amount * 100))
        for number, customer, instant, amount, _ in orders
    )
    assert found.rows_read == len(orders)
    assert found.raw_amount == sum(amount for *_, amount, _ in orders)
    assert found.files[0].delimiter == dialect.delimiter


@settings(
    max_examples=strategies.count(60),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(table=TABLES, dialect=DIALECTS)
def test_any_table_in_any_dialect_reads_the_same(tmp_path, table, dialect):
    check(tmp_path, table, dialect)


@pytest.mark.soak
@settings(
    max_examples=strategies.count(300),
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(table=TABLES, dialect=DIALECTS)
def test_many_tables_in_many_dialects_read_the_same(tmp_path, table, dialect):
    check(tmp_path, table, dialect)
