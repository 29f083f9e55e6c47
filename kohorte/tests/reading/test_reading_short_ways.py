"""Short ways through clean files: they lead to what the long ways find."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import duckdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kohorte.errors import ReadError
from kohorte.reading import cells, sql
from kohorte.reading.amounts import decimals, exact
from kohorte.reading.amounts.exact import Exact
from kohorte.reading.formats import lines
from kohorte.reading.meaning.words import MISSING
from kohorte.reading.source import Column

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


@settings(max_examples=40, deadline=None)
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


@settings(max_examples=40, deadline=None)
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


@settings(max_examples=40, deadline=None)
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
