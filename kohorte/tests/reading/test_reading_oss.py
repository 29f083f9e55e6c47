"""Revenue without the taxes of the buyer's country, at the rate of the day of the order."""

from __future__ import annotations

import datetime as dt

import pytest

from kohorte.errors import ReadError
from kohorte.reading.amounts import countries, oss

SUMS = "SELECT order_id, amount_minor FROM orders ORDER BY order_id"
BUYERS = (
    "order_id,customer_id,date,total,country\n"
    "1,a,2020-06-30,119.00,Deutschland\n2,a,2020-07-01,116.00,DE\n3,a,2021-01-01,119.00,Germany\n"
    "4,b,2024-08-31,124.00,Finnland\n5,b,2024-09-01,125.50,FI\n"
    "6,c,2025-07-01,124.00,Estland\n7,c,2024-01-01,122.00,EST\n8,d,2025-01-01,123.00,Slovakia\n"
    "9,e,2025-08-01,121.00,Rumänien\n10,e,2025-07-31,119.00,Romania\n"
    "11,f,2023-05-05,116.00,Luxemburg\n12,g,2020-12-31,121.00,Irland\n13,h,2024-05-05,100.00,Schweiz\n"
)


def test_oss_takes_the_rate_of_the_buyers_country_on_the_day_of_the_order(shop):
    shop.text(BUYERS, net=True, tax_rate="oss", currency="EUR", taxes="inside")

    assert shop.row("SELECT min(amount_minor), max(amount_minor), count(*) FROM orders") == (
        10_000,
        10_000,
        13,
    )
    assert shop.remarks()[0].startswith("The amounts hold taxes (those of the buyer's country)")


def test_the_day_of_an_order_is_that_of_the_shop(shop):
    content = "order_id,customer_id,date,total,country\n1,a,2020-12-31T23:30:00Z,119.00,DE\n"
    shop.text(
        content, zone="Europe/Berlin", net=True, tax_rate="oss", currency="EUR", taxes="inside"
    )
    assert shop.rows(SUMS) == [("1", 10_000)]

    shop.text(content, net=True, tax_rate="oss", currency="EUR", taxes="inside")
    assert shop.rows(SUMS) == [("1", 10_259)]


@pytest.mark.parametrize(
    ("country", "sentence"),
    [
        (
            "Mittelerde",
            "Line 2 of orders.csv: no rate of taxes is known for “Mittelerde” on 5 Jan 2024",
        ),
        ("", "Line 2 of orders.csv names no country, so that its taxes are not known"),
    ],
)
def test_a_country_that_is_not_known_is_named(shop, country, sentence):
    content = f"order_id,customer_id,date,total,country\n1,a,2024-01-05,9,{country}\n2,b,2024-01-05,9,DE\n"
    with pytest.raises(ReadError, match=f"^{sentence}"):
        shop.text(content, net=True, tax_rate="oss", currency="EUR", taxes="inside")


def test_rates_are_complete_from_2015_on():
    states = oss.rates()

    assert len(states) == 28
    assert all(spans[0][0] == dt.date(2015, 1, 1) for spans in states.values())
    assert oss.percent("GB", dt.date(2020, 12, 31)) == 20
    assert oss.percent("GB", dt.date(2021, 1, 1)) == 0
    assert oss.percent("MC", dt.date(2024, 1, 1)) == 20
    assert oss.percent("GR", dt.date(2016, 5, 31)) == 23
    assert oss.percent("DE", dt.date(2014, 12, 31)) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Österreich", "AT"),
        ("AUT", "AT"),
        ("at", "AT"),
        ("Deutschland (DE)", "DE"),
        ("United Kingdom (UK)", "GB"),
        ("EL", "GR"),
        ("España", "ES"),
        ("Tschechische Republik", "CZ"),
        ("Schweiz", "CH"),
        ("Mittelerde", None),
        ("EU", None),
        ("", None),
    ],
)
def test_countries_are_known_by_code_and_name(text, code):
    assert countries.code(text) == code
