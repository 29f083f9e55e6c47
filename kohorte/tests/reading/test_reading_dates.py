"""Dates in every way in which shops and spreadsheets write them."""

from __future__ import annotations

import pytest

from kohorte.errors import ReadError
from kohorte.reading.days import date_words

UNPRICED = "There are no amounts; only orders and customers count."


def orders(*dates: str) -> str:
    return "id;customer;date\n" + "".join(f"{n};a;{day}\n" for n, day in enumerate(dates))


def placed(shop) -> list[str]:
    found = shop.rows("SELECT placed_at::VARCHAR FROM orders ORDER BY order_id::INTEGER")
    return [text.removesuffix(" 00:00:00") for (text,) in found]


@pytest.mark.parametrize(
    ("dates", "first"),
    [
        (("03/04/2024", "13/06/2024"), "2024-04-03"),
        (("03/04/2024", "05/16/2024"), "2024-03-04"),
        (("03.04.2024", "05.06.2024"), "2024-04-03"),
        (("3.4.24", "5.6.24 17:01"), "2024-04-03"),
        (("2024-04-03", "2024-06-05 10:00:00"), "2024-04-03"),
        (("2024/4/3", "2024/12/31 10:11"), "2024-04-03"),
        (("20240403", "20240605"), "2024-04-03"),
        (("3 Apr 2024", "5 Jun 2024"), "2024-04-03"),
        (("03.04.2024, um 14:03 Uhr", "05.06.2024, um 9:00 Uhr"), "2024-04-03 14:03:00"),
        (("03.13.2024", "05.06.2024"), "2024-03-13"),
        (("infinity", "2024-04-03"), None),
    ],
)
def test_the_whole_column_tells_how_dates_are_written(shop, dates, first):
    if first is None:
        with pytest.raises(ReadError, match="is not a date"):
            shop.text(orders(*dates))
        return
    shop.text(orders(*dates))

    assert placed(shop)[0] == first
    assert shop.remarks() == [UNPRICED]
    assert shop.reading.questions == ()


def test_months_and_days_of_the_week_may_be_words(shop):
    shop.text(
        orders(
            "3. März 2024",
            "03. Mär 2024",
            "15 Dez 2024",
            "15. Dez. 2024 14:03",
            "Mittwoch, 3. April 2024",
            "WEDNESDAY, APRIL 3, 2024",
            "Mo., 6. MAI 2024, 14:03 Uhr",
            "11-Mrz-2024",
            "1. Jänner 2024",
            "Oct 5th, 2024 2:03 PM",
            "2. Ma\u0308rz 2024",
        )
    )

    assert placed(shop) == [
        "2024-03-03",
        "2024-03-03",
        "2024-12-15",
        "2024-12-15 14:03:00",
        "2024-04-03",
        "2024-04-03",
        "2024-05-06 14:03:00",
        "2024-03-11",
        "2024-01-01",
        "2024-10-05 14:03:00",
        "2024-03-02",
    ]
    assert shop.remarks() == [UNPRICED]
    again = shop.text(orders("3. März 2024"), date_format=shop.reading.mapping.date_format)
    assert placed(shop) == ["2024-03-03"]
    assert again.mapping.date_format.startswith("%d %B %Y")


def test_the_day_of_the_week_may_stand_before_digits(shop):
    shop.text(orders("Mi, 03.04.2024", "Do 13.06.2024 10:00", "14.06.2024"))

    assert placed(shop) == ["2024-04-03", "2024-06-13 10:00:00", "2024-06-14"]


def test_words_are_put_into_digits_by_the_engine_as_in_python(shop):
    texts = ["3. März 24", "Jan 5 2024", "2024-Okt-05", "So. 5.5.2024", "15 Rosen 2024", "May", ""]
    texts += [
        f"{n}. {month} 2024 10:00" for n, month in enumerate(("Juli", "SEPT.", "dezember"), 1)
    ]
    quoted = ", ".join(f"('{text}')" for text in texts)

    found = shop.rows(f"SELECT {date_words.numbered_sql('t')} FROM (VALUES {quoted}) given(t)")

    assert [text for (text,) in found] == [date_words.numbered(text) for text in texts]
    assert ("3 3 24",) in found
    assert ("15 Rosen 2024",) in found


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        (("44959,5", "44960"), ["2023-02-02 12:00:00", "2023-02-03"]),
        (("44959.5", "44960.25"), ["2023-02-02 12:00:00", "2023-02-03 06:00:00"]),
        (("1704067200", "1704153601"), ["2024-01-01", "2024-01-02 00:00:01"]),
        (("1704067200000", "1704153600500"), ["2024-01-01", "2024-01-02 00:00:00.5"]),
    ],
)
def test_dates_may_be_numbers_of_a_spreadsheet_or_of_a_program(shop, dates, expected):
    shop.text(orders(*dates))

    assert placed(shop) == expected


def test_seconds_since_1970_are_instants_and_serial_days_local(shop):
    shop.text(orders("1704067200"), zone="Europe/Berlin")
    assert placed(shop) == ["2024-01-01"]

    shop.text(orders("45292"), zone="Europe/Berlin")
    assert placed(shop) == ["2023-12-31 23:00:00"]


@pytest.mark.parametrize("number", ["9999999999999", "1e300", "12", "999999999"])
def test_numbers_far_from_any_order_are_no_dates(shop, number):
    with pytest.raises(ReadError, match=f"“{number}” in the column “date” is not a date"):
        shop.text(orders("44959", number))


def test_two_ways_of_writing_are_read_where_every_cell_fits_one_alone(shop):
    shop.text(orders("2024-02-01", "2024-02-02 10:00", "01.03.2024", "03.03.2024 11:12"))

    assert placed(shop) == [
        "2024-02-01",
        "2024-02-02 10:00:00",
        "2024-03-01",
        "2024-03-03 11:12:00",
    ]
    assert shop.remarks() == [
        UNPRICED,
        "The dates in “date” are written in two ways, such as “2024-02-01” and “01.03.2024”; both "
        "were read.",
    ]
    mapping = shop.reading.mapping
    assert mapping.date_format == "iso|%d.%m.%Y|%d.%m.%Y %H:%M"
    shop.text(orders("01.03.2024", "2024-02-01"), date_format=mapping.date_format)
    assert placed(shop) == ["2024-03-01", "2024-02-01"]


def test_a_second_way_that_begins_late_is_found(shop):
    shop.text(orders(*["01.02.2024"] * 5_001, "3. März 2024 10:00"))

    assert placed(shop)[-1] == "2024-03-03 10:00:00"


def test_offsets_are_kept_where_there_is_a_second_way(shop):
    shop.text(orders("2024-07-01T00:30:00+02:00", "03.07.2024"))

    assert placed(shop) == ["2024-06-30 22:30:00", "2024-07-03"]


def test_a_cell_that_fits_two_ways_is_not_guessed(shop):
    with pytest.raises(ReadError, match="“03/14/2024” in the column “date” is not a date"):
        shop.text(orders("13/03/2024", "14/03/2024", "03/14/2024", "03/04/2024"))


def test_three_ways_are_too_many(shop):
    with pytest.raises(ReadError, match="is not a date"):
        shop.text(orders("2024-02-01", "13.03.2024", "20240314"))

    shop.text(orders("2024-02-01", "13.03.2024", "20240314"), date_format="iso|dd.mm.yyyy|yyyymmdd")
    assert placed(shop) == ["2024-02-01", "2024-03-13", "2024-03-14"]


def test_a_date_format_overrules_the_guess(shop):
    shop.text(orders("03/04/2024"), date_format="mm/dd/yyyy")

    assert placed(shop) == ["2024-03-04"]
    assert shop.remarks() == [UNPRICED]
    assert shop.reading.questions == ()


def test_a_file_without_the_given_format_keeps_its_own(shop):
    ours = shop.file(orders("03/04/2024"), "ours.csv")
    other = shop.file("id;customer;date\n7;b;2024-12-31\n", "other.csv")

    shop.read(ours, other, date_format="mm/dd/yyyy")

    assert placed(shop) == ["2024-03-04", "2024-12-31"]
    told = [text for text in shop.remarks() if text.startswith("No date")]
    assert told == [
        "No date in “date” is written as mm/dd/yyyy; they were read as they are written."
    ]


@pytest.mark.parametrize(
    ("given", "cell"),
    [
        ("TT.MM.JJJJ HH:MM", "03.04.2024 14:03"),
        ("dd. MMM yyyy, um HH:mm Uhr", "3. Apr. 2024, um 14:03 Uhr"),
        ("EEEE, d. MMMM yyyy HH:mm", "Mittwoch, 3. April 2024 14:03"),
        ("mm/dd/yyyy hh:mm am/pm", "4/3/2024 2:03 PM"),
        ("iso|unix", "1712152980"),
    ],
)
def test_formats_may_be_written_as_people_do(shop, given, cell):
    shop.text(f'id;customer;date\n1;a;"{cell}"\n', date_format=given)

    assert placed(shop) == ["2024-04-03 14:03:00"]


def test_offsets_are_honored_and_local_times_are_the_shops(shop):
    shop.text(
        "id,customer,date\n1,a,2024-07-01T00:30:00+02:00\n2,a,2024-07-01 00:30\n"
        "3,a,2024-07-01T00:30:00Z\n4,a,2024-01-01 00:30:00\n",
        zone="Europe/Berlin",
    )

    assert placed(shop) == [
        "2024-06-30 22:30:00",
        "2024-06-30 22:30:00",
        "2024-07-01 00:30:00",
        "2023-12-31 23:30:00",
    ]
