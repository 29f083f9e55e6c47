"""The same table in every format; files that change while they are read."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import os
import sqlite3
from contextlib import closing

import duckdb
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import strategies
from kohorte import reading
from kohorte.errors import ReadError
from kohorte.reading.formats import opening
from kohorte.settings import Settings

HEADER = ("order_id", "customer_id", "date", "amount", "product")
TEXT = st.text(st.sampled_from("aB7ß€;,.|\"'\t\n -+=@"), max_size=8).filter(
    lambda text: text == text.strip() and text.lower() not in ("-", "--")
)
ORDERS = st.lists(
    st.tuples(
        st.one_of(st.integers(1, 10**12), st.sampled_from(("0017", "A-7", "17850.0"))),
        st.datetimes(*map(dt.datetime.fromisoformat, ("2001-01-01", "2030-01-01"))).map(
            lambda instant: instant.replace(microsecond=0)
        ),
        st.integers(0, 9_999_999),
        TEXT,
    ),
    min_size=1,
    max_size=10,
)


def write_csv(path, rows):
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerows([HEADER, *((*row[:2], row[2].isoformat(" "), *row[3:]) for row in rows)])
    path.write_text(text.getvalue(), encoding="utf-8", newline="")
    return path


def write_xlsx(path, rows):
    with xlsxwriter.Workbook(
        path, {"default_date_format": "dd.mm.yyyy hh:mm:ss", "strings_to_formulas": False}
    ) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        for number, row in enumerate(rows, start=1):
            sheet.write_row(number, 0, row)
    return path


def write_parquet(path, rows):
    with duckdb.connect() as connection:
        connection.execute(
            "CREATE TABLE t (order_id VARCHAR, customer_id VARCHAR, date TIMESTAMP, amount DOUBLE, "
            "product VARCHAR)"
        )
        connection.executemany("INSERT INTO t VALUES (?, ?, ?, ?, ?)", rows)
        connection.execute(f"COPY t TO '{path}' (FORMAT parquet)")
    return path


def write_json(path, rows):
    records = (dict(zip(HEADER, row, strict=True)) for row in rows)
    path.write_text("".join(json.dumps(record, default=str) + "\n" for record in records))
    return path


def write_sqlite(path, rows):
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as opened, opened:
        opened.execute("CREATE TABLE orders (order_id, customer_id, date, amount, product)")
        opened.executemany(
            "INSERT INTO orders VALUES (?, ?, ?, ?, ?)", ((*r[:2], str(r[2]), *r[3:]) for r in rows)
        )
    return f"sqlite:///{path}?table=orders"


WRITERS = {
    "orders.csv": write_csv,
    "orders.xlsx": write_xlsx,
    "orders.parquet": write_parquet,
    "orders.jsonl": write_json,
    "orders.db": write_sqlite,
}


@settings(
    max_examples=strategies.count(6),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(orders=ORDERS)
def test_the_same_table_reads_the_same_in_every_format(tmp_path, orders):
    rows = [
        (f"N{number}", customer, placed_at, cents / 100, product or None)
        for number, (customer, placed_at, cents, product) in enumerate(orders)
    ]
    found = {}
    for name, write in WRITERS.items():
        place = write(tmp_path / name, rows)
        with duckdb.connect() as connection:
            read = reading.read([place], connection=connection, settings=Settings())
            found[name] = (
                read.raw_amount,
                [(guess.meaning, guess.column) for guess in read.files[0].guesses],
                connection.execute(
                    "SELECT order_id, customer_id, placed_at, amount_minor FROM orders ORDER BY ALL"
                ).fetchall(),
                connection.execute(
                    "SELECT reason, line, order_id FROM excluded_rows ORDER BY ALL"
                ).fetchall(),
            )

    rows_read = found["orders.parquet"][2]
    assert rows_read == sorted(
        (f"N{number}", str(customer).removesuffix(".0"), placed_at, cents)
        for number, (customer, placed_at, cents, _) in enumerate(orders)
    )
    for name, each in found.items():
        assert each == found["orders.parquet"], name


CONTENT = "order_id,customer_id,date,amount\n1,a,2024-01-05,3\n"


def changing(monkeypatch, change):
    """Let a file change just when it has been opened."""
    true = opening.open_source

    def opened(path, **rest):
        source = true(path, **rest)
        change(path)
        return source

    monkeypatch.setattr(opening, "open_source", opened)


def grow(path):
    with path.open("a") as file:
        file.write("2,b,2024-01-06,4\n")


def replace(path):
    other = path.with_suffix(".new")
    other.write_text(CONTENT.replace("a", "z"))
    os.replace(other, path)


@pytest.mark.parametrize("change", [grow, replace, os.unlink])
def test_a_file_that_changes_while_it_is_read_is_refused(shop, monkeypatch, change):
    changing(monkeypatch, change)

    with pytest.raises(ReadError) as refused:
        shop.text(CONTENT)

    assert str(refused.value) == (
        "The file orders.csv changed while it was read. Wait until it is complete and try again."
    )
    assert shop.tables() == set()


def test_a_change_explains_what_went_wrong_because_of_it(shop, monkeypatch):
    true = opening.open_source

    def opened(path, **rest):
        path.write_text("order_id,customer_id,date,amount\n1,a\n")
        return true(path, **rest)

    monkeypatch.setattr(opening, "open_source", opened)

    with pytest.raises(ReadError, match="changed while it was read"):
        shop.text(CONTENT + "2,b,2024-01-06,4\n")
