"""Short ways through clean files: they lead to what the long ways find."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import duckdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import strategies
from kohorte.errors import ReadError
from kohorte.reading import cells, sql
from kohorte.reading.amounts import decimals, exact
from kohorte.reading.amounts.exact import Exact
from kohorte.reading.days import date_ways, dates
from kohorte.reading.formats import lines, scan
from kohorte.reading.meaning.words import MISSING
from kohorte.reading.persons import emails
from kohorte.reading.rows import total_words
from kohorte.reading.source import Column, Source

CELL = Column(0, "cell")
BLANKS = " \t\r\n\u00a0"
WORDS = st.one_of(
    st.sampled_from([*MISSING, *map(str.upper, MISSING), "17850.0", "x.0", "Größe", "é", "nano"]),
    st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=12),
)
AROUND = st.text(BLANKS, max_size=2)
HEADER = "Bestellnr.;Kundennr.;Datum;Artikel;Menge;Einzelpreis;Status\n"


def evaluated(expression: str, values: list[str | None]) -> list[object]:
    """Return what an expression on the column `c0` makes of cells."""
    query = f"SELECT {expression} FROM (SELECT unnest($values::VARCHAR[]) AS c0)"
    return [value for (value,) in duckdb.execute(query, {"values": values}).fetchall()]


@settings(max_examples=strategies.count(40), deadline=None)
@given(found=st.lists(st.tuples(AROUND, WORDS, AROUND), min_size=1, max_size=20))
def test_texts_lose_the_blanks_around_them_and_words_for_nothing(found):
    values = ["".join(each) for each in found]
    bare = [value.strip(BLANKS) for value in values]
    filled = [None if text.lower() in MISSING else text for text in bare]

    assert evaluated(cells.filled(CELL), values) == filled
    assert evaluated(sql.trimmed("c0"), values) == bare
    assert evaluated(sql.is_blank("c0"), [*values, None]) == evaluated(
        "coalesce(trim(c0), '') = ''", [*values, None]
    )


@settings(max_examples=strategies.count(40), deadline=None)
@given(
    values=st.lists(WORDS, min_size=1, max_size=20), letters=st.text("#-9AZ\\\\anz~", min_size=1)
)
def test_ranges_of_first_letters_are_these_letters(values, letters):
    assert evaluated(f"coalesce({sql.begins_with('c0', letters)}, false)", values) == [
        value[:1] in set(letters) and value != "" for value in values
    ]


@pytest.mark.parametrize(
    "word", ["Summen", "Gesamt", "zwischensumme", "Grand Total", "Σ", "Insgesamt"]
)
def test_no_total_begins_with_a_letter_by_which_other_cells_are_told(word):
    assert re.fullmatch(total_words.TOTAL, word, re.IGNORECASE)
    assert not total_words.OTHER_LETTERS & {word[0], word[0].swapcase()}


@settings(max_examples=strategies.count(60), deadline=None)
@given(
    values=st.lists(
        st.from_regex(
            r" ?<?[a-zA-Z0-9ß.+]{1,5}@([a-zA-Zü-]{1,4}\.){1,2}[a-z]{1,3}>? ?", fullmatch=True
        ),
        min_size=1,
        max_size=20,
    )
)
@example(values=["a@b.de", "A@b.de", "a@b-.de", " a@b.de", "a@b.d", f"{'a' * 250}@b.de", "n/a"])
def test_addresses_that_are_plain_already_stay_as_they_are(values):
    plain = evaluated(emails.is_plain("c0"), values)

    assert plain == [emails.normal(value) == value and value.isascii() for value in values]


@settings(max_examples=strategies.count(60), deadline=None)
@given(
    values=st.lists(
        st.from_regex(
            r"20[0-9]{2}-[01][0-9]-[0-3][0-9]([T +][0-9]:?[0-9]?:[0-9]{2}(:[0-9]{2})?)?"
            r"( ?(Z|z|UTC|[+-][0-9]{2}|[+-][0-9]{2}:?[0-9]{2}))?",
            fullmatch=True,
        ),
        min_size=1,
        max_size=30,
    )
)
@example(values=["2024-1-1 1:11+01:00", "2024-01-01 10:11:1Z", "2024-01-01T10:11+01"])
def test_a_distance_from_utc_is_found_however_the_rest_is_written(values):
    assert evaluated(dates.has_offset(CELL), values) == [
        re.search(dates.OFFSET, value) is not None for value in values
    ]


CELLS_OF_NUMBERS = ("1.234,50", "1,234.50", "12,5", "12.5", "1.234", "1,234", "7", "", None)


@settings(max_examples=strategies.count(60), deadline=None)
@given(
    table=st.lists(st.tuples(*[st.sampled_from(CELLS_OF_NUMBERS)] * 3), min_size=1, max_size=6),
    german=st.booleans(),
)
@example(table=[("12,5", "12.5", "1.234"), ("12,5", "7", "7")], german=False)
def test_marks_are_the_same_whether_the_cells_that_decide_are_counted(table, german):
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE cells (line INTEGER, c0 TEXT, c1 TEXT, c2 TEXT)")
        connection.executemany(
            "INSERT INTO cells VALUES (?, ?, ?, ?)",
            [(line, *row) for line, row in enumerate(table)],
        )
        columns = tuple(Column(place, "Betrag") for place in range(3))
        source = Source(
            path=Path("x"), name="x", relation="cells", columns=columns, has_header=True, rows=1
        )
        counted = [decimals.evidence(connection, source=source, column=each) for each in columns]
        found = decimals.evidences(connection, source=source, columns=columns)

    for one, other in zip(counted, found, strict=True):
        expected = decimals.decide(counted, own=one, german=german)
        assert decimals.decide(found, own=other, german=german) == expected
        assert (one.either, one.example) == (other.either, other.example)


@settings(max_examples=strategies.count(60), deadline=None)
@given(
    content=st.lists(st.sampled_from(["a;b", "ü", "\n", "\r\n", "\r"]), min_size=1, max_size=12),
    chunk=st.integers(3, 9),
)
def test_line_breaks_are_told_alike_however_a_file_is_cut(tmp_path_factory, content, chunk):
    text = "".join(content)
    breaks = re.findall("\r\n|\r|\n", text)
    file = tmp_path_factory.mktemp("cut") / "orders.csv"
    file.write_bytes(text.encode("cp1252"))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scan, "CHUNK_BYTES", chunk)
        found = scan.scan(file, name="orders.csv", encoding="cp1252")

    kind = "mac" if set(breaks) == {"\r"} else "plain"
    lines_of_file = text.count("\n") or text.count("\r")
    assert found.breaks == (kind if len(set(breaks)) < 2 else "mixed")
    assert found.lines == lines_of_file + (text[-1] not in "\r\n")


@settings(max_examples=strategies.count(40), deadline=None)
@given(
    values=st.lists(st.from_regex(r"-?[0-9.,]{1,9}", fullmatch=True), min_size=1, max_size=20),
    mark=st.sampled_from((",", ".")),
)
@example(values=["1.234,50", "1,234.50", "1.234", "0,5", "12.", ",5", "-7", "1.2.3"], mark=",")
@example(values=["1.234,50", "1,234.50", "1.234", "0,5", "12.", ",5", "-7", "1.2.3"], mark=".")
def test_bare_numbers_are_what_they_are_behind_a_sign_of_money(values, mark):
    number = decimals.number(CELL, mark=mark, kind="DECIMAL(18,6)")

    bare = evaluated(number, values)

    assert bare == evaluated(number, [f"€ {value}" for value in values])
    assert bare == evaluated(number, [f" {value} " for value in values])


@settings(max_examples=strategies.count(40), deadline=None)
@given(
    amounts=st.lists(st.decimals(-(10**14), 10**14, places=9), min_size=1, max_size=20),
    digits=st.integers(0, 3),
)
@example(amounts=[Decimal(text) for text in ("0.005", "-0.005", "999999999.995")], digits=2)
@example(amounts=[Decimal(text) for text in ("1000000000.005", "-1000000000.005")], digits=2)
def test_short_and_long_amounts_are_rounded_alike(amounts, digits):
    unit = 10**digits
    minor = exact.minor(Exact(first="c0::DECIMAL(38,9)"), unit=str(unit))

    assert evaluated(minor, [f"{amount:f}" for amount in amounts]) == [
        int((amount * unit).to_integral_value(ROUND_HALF_UP)) for amount in amounts
    ]


def rows(*numbers: int, status: str = "bezahlt") -> str:
    return "".join(
        f"{number};K{number % 3};0{1 + number % 9}.01.2024;Tee;{line};1.0{number:02},50;{status}\n"
        for number in numbers
        for line in (1, 2)
    )


def test_orders_are_added_up_alike_where_all_count_and_where_one_does_not(shop):
    """What does not count keeps the engine from the short way to orders."""
    told = (
        "SELECT * FROM orders WHERE order_id < '6' ORDER BY order_id",
        "SELECT * FROM order_lines WHERE order_id < '6' ORDER BY order_id, line_number",
        "SELECT * FROM customers ORDER BY customer_id",
        "SELECT * FROM refunds",
    )
    shop.text(HEADER + rows(1, 2, 3, 4, 5))
    alone = [shop.rows(query) for query in told]
    assert shop.rows("FROM excluded_rows") == []

    shop.text(HEADER + rows(1, 2, 3, 4, 5) + rows(6, status="storniert"))

    assert [shop.rows(query) for query in told] == alone
    assert shop.row("SELECT state FROM orders WHERE order_id = '6'") == ("cancelled",)
    assert alone[0][0][3:7] == (None, 300_450, 3, "counted")


def test_lines_are_numbered_alike_where_they_stand_together_and_where_they_do_not(shop):
    """What is cancelled among the lines of an order takes no number."""
    told = "SELECT * FROM order_lines ORDER BY order_id, line_number"
    block = (rows(1, 2, 3) + rows(4, status="storniert")).splitlines(keepends=True)
    block[3:3] = [block[2].replace("bezahlt", "storniert")]
    shop.text(HEADER + "".join(block))
    together = shop.rows(told)

    # The second line of every order now stands behind the first ones of all.
    shop.text(HEADER + "".join(sorted(block, key=lambda row: row.split(";")[4])))

    assert shop.rows(told) == together
    assert [line[:2] for line in together] == [
        (str(order), number) for order in (1, 2, 3, 4) for number in (1, 2)
    ]


def test_the_last_cell_of_a_column_tells_day_from_month(shop):
    days = [
        dt.date(*day) for day in itertools.product((2022, 2023, 2024), range(1, 13), range(1, 13))
    ]
    assert len(days) > 2 * date_ways.SAMPLE_DATES
    cells_of_days = [f"{day:%d/%m/%Y}" for day in days] + ["31/12/2024"]
    content = "".join(f"{day};a;1\n" for day in cells_of_days)

    shop.text("Datum;Kunde;Betrag\n" + content)

    assert "date_format" not in shop.questions()
    assert shop.row("SELECT count(*), max(placed_at)::DATE FROM orders") == (
        len(cells_of_days),
        dt.date(2024, 12, 31),
    )


@pytest.mark.parametrize("dash", ["-", "–"], ids=["in Latin 1", "beyond Latin 1"])
def test_windows_files_are_the_same_whether_they_hold_latin_1_alone(shop, dash):
    content = HEADER.replace("Artikel", "Größe") + rows(1).replace("Tee", f"Müsli {dash} groß")

    shop.text(content.encode("cp1252"), columns={"product": "Größe"})

    assert shop.reading.files[0].encoding == "cp1252"
    assert shop.rows("SELECT DISTINCT product FROM order_lines") == [(f"Müsli {dash} groß",)]


def test_a_bad_row_of_a_file_in_latin_1_is_named_by_its_line(shop):
    content = HEADER + rows(1).replace("Tee", "Müsli") + "2;ä\n"

    with pytest.raises(ReadError) as refusal:
        shop.text(content.encode("cp1252"))

    assert str(refusal.value).startswith("Line 4 of orders.csv has 2 cells, but the table has 7")


def test_lines_are_counted_alike_by_steps_and_by_a_join(shop, monkeypatch):
    content = HEADER + "\n".join(rows(number, 10 + number) for number in (1, 2, 3, 4))
    content = content.replace("14;K2", "14;").replace("Tee", '"Tee\nund\nKuchen"', 5)
    told = "SELECT line FROM excluded_rows WHERE reason = 'no_customer' ORDER BY line"
    shop.text(content)
    found = shop.rows(told)

    monkeypatch.setattr(lines, "STEPS_MAX", 0)
    shop.text(content)

    assert shop.rows(told) == found == [(29,), (30,)]
