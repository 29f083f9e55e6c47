from __future__ import annotations

import csv
import datetime as dt
import io
import re
from decimal import Decimal

import duckdb
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from kohorte import reading
from kohorte.settings import Settings

HEADERS = (
    ("order_id", "customer_id", "date", "amount", "note"),
    ("Bestellnummer", "Kunden-Nr.", "Bestelldatum", "Gesamtbetrag", "Bemerkung"),
    ("Order No.", "Customer", "Created at", "Total", 'Comment; internal, "quoted"'),
)
DATES = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%d.%m.%Y %H:%M:%S", "%d.%m.%Y, %H:%M:%S")
TEXT = st.text(
    st.characters(codec="cp1252", exclude_categories=("Cc", "Zs", "Zl", "Zp")), min_size=1
)
LOOKS_LIKE_UTF_8 = re.compile(rb"[\xc2-\xf4][\x80-\xbf]")
NOTES = st.text(st.sampled_from("aä€ß,;\t|\"'\n ."), max_size=12)
ORDERS = st.lists(
    st.tuples(
        TEXT.filter(lambda text: text.lower() not in ("nan", "null", "none", "n/a", "na", "-")),
        st.datetimes(*map(dt.datetime.fromisoformat, ("1999-01-01", "2031-01-01"))).map(
            lambda instant: instant.replace(microsecond=0)
        ),
        st.decimals(Decimal(0), Decimal(9_999_999), places=2),
        NOTES,
    ),
    min_size=1,
    max_size=12,
)


def written(amount: Decimal, *, mark: str, thousands: bool) -> str:
    text = f"{amount:,.2f}" if thousands else f"{amount:.2f}"
    return text if mark == "." else text.translate(str.maketrans(",.", ".,"))


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    orders=ORDERS,
    header=st.sampled_from(HEADERS),
    date=st.sampled_from(DATES),
    mark=st.sampled_from(",."),
    thousands=st.booleans(),
    delimiter=st.sampled_from(",;\t|"),
    encoding=st.sampled_from(("utf-8", "utf-8-sig", "cp1252", "utf-16")),
    line_break=st.sampled_from(("\n", "\r\n")),
    quoting=st.sampled_from((csv.QUOTE_MINIMAL, csv.QUOTE_ALL)),
)
def test_any_table_in_any_dialect_reads_the_same(
    tmp_path,
    orders,
    header,
    date,
    mark,
    thousands,
    delimiter,
    encoding,
    line_break,
    quoting,
):
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator=line_break, quoting=quoting)
    writer.writerow(header)
    for number, (customer, instant, amount, note) in enumerate(orders):
        cells = [f"N{number}", customer, instant.strftime(date)]
        writer.writerow([*cells, written(amount, mark=mark, thousands=thousands), note])
    content = text.getvalue().encode(encoding)
    # “Ã¼” in Windows-1252 has the bytes of “ü” in UTF-8: nobody can tell.
    assume(encoding != "cp1252" or not LOOKS_LIKE_UTF_8.search(content))
    path = tmp_path / "orders.csv"
    path.write_bytes(content)

    with duckdb.connect() as connection:
        found = reading.read([path], connection=connection, settings=Settings())
        rows = connection.execute(
            "SELECT order_id, customer_id, placed_at, amount_minor FROM orders"
        ).fetchall()

    assert sorted(rows) == sorted(
        (f"N{number}", customer, instant, int(amount * 100))
        for number, (customer, instant, amount, _) in enumerate(orders)
    )
    assert found.rows_read == len(orders)
    assert found.raw_amount == sum(amount for _, _, amount, _ in orders)


LINE_BREAKS = st.lists(
    st.tuples(st.integers(0, 3), st.booleans(), st.booleans()), min_size=1, max_size=12
)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rows=LINE_BREAKS, line_break=st.sampled_from(("\n", "\r\n")))
def test_line_numbers_are_physical_lines(tmp_path, rows, line_break):
    """Cells with line breaks, blank lines or rows that are no rows do not shift what follows."""
    content, expected, bad, line = "order_id,customer_id,date,amount" + line_break, [], [], 2
    for number, (breaks, blank, ragged) in enumerate(rows):
        expected.append(line)
        inside = line_break * breaks
        content += f'{number},"{inside}",2024-01-05,1{line_break}'
        line += 1 + breaks
        if ragged:
            bad.append(line)
            content += "ragged,row" + line_break
            line += 1
        if blank:
            content += line_break
            line += 1
    path = tmp_path / "orders.csv"
    path.write_bytes(content.encode())

    with duckdb.connect() as connection:
        reading.read(
            [path],
            connection=connection,
            settings=Settings(),
            options=reading.ReadOptions(skip_bad_rows=True),
        )
        found = connection.execute(
            "SELECT reason, line FROM excluded_rows ORDER BY line"
        ).fetchall()

    assert [line for reason, line in found if reason == "no_customer"] == expected
    assert [line for reason, line in found if reason == "unreadable_row"] == bad
