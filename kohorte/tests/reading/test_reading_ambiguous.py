"""Dates and numbers that can be read in two ways: what settles them, and what is asked."""

from __future__ import annotations

import datetime as dt

import pytest

from kohorte import reading
from kohorte.results import Question
from kohorte.settings import Settings

# The first and the second of each month: all could be read with the month first.
DAYS = [dt.date(2024, month, day) for month in range(1, 13) for day in (1, 2)]


def table(*orders: tuple[object, str]) -> str:
    return "id,customer,date\n" + "".join(f"{number},a,{day}\n" for number, day in orders)


def question(shop, option: str) -> Question | None:
    return next((each for each in shop.reading.questions if each.option == option), None)


def told(shop) -> list[str]:
    return [text for text in shop.remarks() if text.startswith("In “date”")]


def days(shop) -> list[str]:
    return [day for (day,) in shop.rows("SELECT placed_at::DATE::VARCHAR FROM orders ORDER BY 1")]


@pytest.mark.parametrize("how", ["%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y %H:%M"])
def test_order_numbers_that_rise_with_time_tell_what_comes_first(shop, how):
    rows = [(f"A-{100 + number}", day.strftime(how)) for number, day in enumerate(DAYS)]

    shop.text(table(*rows[::2], *rows[1::2]))

    assert days(shop) == [str(day) for day in DAYS]
    (sentence,) = told(shop)
    assert sentence.endswith("so the dates rise with the order numbers.")
    assert question(shop, "date_format") is None


@pytest.mark.parametrize("step", [1, -1])
def test_lines_in_the_order_of_time_tell_as_well(shop, step):
    numbers = ("b7", "a3", "c1", "b2", "c9", "a8", "b5", "a1", "c4", "a6", "c2", "b9")
    rows = [(number, f"0{2 + n % 2}/{n + 1:02}/2024") for n, number in enumerate(numbers)]

    shop.text(table(*rows[::step]))

    assert days(shop) == [f"2024-{n + 1:02}-0{2 + n % 2}" for n in range(12)]
    text, day = ("02/01/2024", "2 Jan 2024") if step == 1 else ("03/12/2024", "3 Dec 2024")
    assert told(shop) == [
        f"In “date” “{text}” is {day}: so the dates follow the lines of the file."
    ]


def test_lines_that_are_sorted_as_texts_tell_nothing(shop):
    rows = sorted(day.strftime("%d/%m/%Y") for day in DAYS)

    shop.text("customer,date\n" + "".join(f"a{number},{day}\n" for number, day in enumerate(rows)))

    assert told(shop) == []
    assert question(shop, "date_format") is not None


def test_two_falls_are_not_enough(shop):
    shop.text(table((1, "11/02/2024"), (2, "01/03/2024"), (3, "02/03/2024"), (4, "01/04/2024")))

    assert told(shop) == []
    assert question(shop, "date_format") is not None


def test_what_the_dates_do_not_tell_is_asked(shop):
    content = table((1, "01/01/2024"), (2, "03/04/2024"), (3, "05/06/2024"))

    shop.text(content)

    asked = question(shop, "date_format")
    assert asked.asks.render("en") == (
        "What comes first in “date”, the day or the month? The dates do not tell."
    )
    assert [(each.value, each.says.render("en")) for each in asked.choices] == [
        ("%d/%m/%Y", "The day: “03/04/2024” is 3 Apr 2024"),
        ("%m/%d/%Y", "The month: “03/04/2024” is 4 Mar 2024"),
    ]
    assert asked.assumed == shop.reading.mapping.date_format == "%d/%m/%Y"
    assert days(shop) == ["2024-01-01", "2024-04-03", "2024-06-05"]
    shop.text(content, date_format="%m/%d/%Y")
    assert days(shop) == ["2024-01-01", "2024-03-04", "2024-05-06"]
    assert question(shop, "date_format") is None


def test_american_signs_let_the_month_be_assumed(shop):
    shop.text(table((1, "03/04/2024 1:05 PM"), (2, "05/06/2024 2:00 AM")))

    assert days(shop) == ["2024-03-04", "2024-05-06"]
    assert question(shop, "date_format").assumed == "%m/%d/%Y %I:%M %p"


def test_where_both_readings_are_the_same_day_nothing_is_asked(shop):
    shop.text(table((1, "01/01/2024"), (2, "04/04/2024")))

    assert question(shop, "date_format") is None


def test_a_second_way_of_writing_leaves_the_doubt(shop):
    shop.text(table((1, "2024-02-28"), (2, "03/04/2024"), (3, "04/04/2024")))

    asked = question(shop, "date_format")
    assert [(each.value, each.says.render("en")) for each in asked.choices] == [
        ("%d/%m/%Y|iso", "The day: “03/04/2024” is 3 Apr 2024"),
        ("%m/%d/%Y|iso", "The month: “03/04/2024” is 4 Mar 2024"),
    ]


@pytest.mark.parametrize(
    ("today", "first", "because"),
    [
        (
            dt.date(2024, 4, 20),
            "2024-04-03",
            ["In “date” “07/04/2024” is 7 Apr 2024: otherwise orders would lie in the future."],
        ),
        (None, "2024-03-04", []),
    ],
)
def test_orders_do_not_lie_in_the_future(shop, today, first, because):
    """Where no day is given nothing is known of the future: the clock is not asked."""
    lines = [f"{n},a,0{n}/04/2024,$5" for n in (7, 3, 6, 5)]
    path = shop.file("id,customer,date,total\n" + "\n".join(lines))

    shop.reading = reading.read(
        [path], connection=shop.connection, settings=Settings(), today=today
    )

    assert first in days(shop)
    assert told(shop) == because
    assert (question(shop, "date_format") is None) == bool(because)


AMOUNTS = "Bestellung;Kunde;Datum;Betrag;Menge\n1;a;2024-01-05;1.234;1\n"


def test_a_decimal_mark_that_the_cells_do_not_tell_is_asked(shop):
    shop.text(AMOUNTS)

    assert shop.row("SELECT amount_minor FROM orders") == (123_400,)
    asked = question(shop, "decimal")
    assert asked.asks.render("en") == (
        "Which decimal mark do the numbers in “Betrag” have? The cells do not tell."
    )
    assert [(each.value, each.says.render("en")) for each in asked.choices] == [
        (",", "The comma: “1.234” is 1,234.00"),
        (".", "The point: “1.234” is 1.23"),
    ]
    assert asked.assumed == ","
    shop.text(AMOUNTS, decimal=".")
    assert shop.row("SELECT amount_minor FROM orders") == (123,)
    assert question(shop, "decimal") is None


@pytest.mark.parametrize(
    ("cell", "comma", "point"),
    [("1,234", "1.23", "1,234.00"), ("€ 12,347", "12.35", "12,347.00")],
)
def test_a_question_about_numbers_shows_what_the_first_cell_would_be(shop, cell, comma, point):
    shop.text(f'order_id|customer_id|date|sku|line total\n1|a|2024-01-05|s|"{cell}"\n')

    asked = question(shop, "decimal")
    assert asked.assumed == "."
    assert [each.says.render("en") for each in asked.choices] == [
        f"The comma: “{cell}” is {comma}",
        f"The point: “{cell}” is {point}",
    ]


@pytest.mark.parametrize(
    ("cells", "minor"),
    [
        (("1.234", "0,5"), 123_450),
        (("1,234", "0.5"), 123_450),
        (("1,234.5", "-0.5"), 123_400),
        (("1 234,50", "(0,50)"), 123_400),
        (("1'234.50", "0.50-"), 123_400),
        (("€ 1.234,50", "0,50 EUR"), 123_500),
    ],
)
def test_decimal_marks_are_settled_by_the_whole_column(shop, cells, minor):
    lines = "".join(f'1\ta\t2024-01-05\ts{n}\t"{cell}"\n' for n, cell in enumerate(cells))
    shop.text("order_id\tcustomer_id\tdate\tsku\tline total\n" + lines)

    assert shop.row("SELECT amount_minor FROM orders") == (minor,)
    assert shop.remarks() == []
    assert question(shop, "decimal") is None
