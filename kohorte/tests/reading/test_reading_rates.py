"""Several currencies converted by a file of daily rates, to the cent and on the order's day."""

from __future__ import annotations

import datetime as dt
import os
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kohorte.errors import ReadError
from kohorte.reading.amounts import rate_columns, rates

ORDERS = (
    "order_id,customer_id,date,amount,currency,refund\n"
    "1,a,2024-01-05,10.00,EUR,0\n2,b,2024-01-06,10.96,USD,5.48\n3,c,2024-01-07,1500,JPY,0\n"
    "4,c,2024-01-08,7.00,usd,0\n"
)
LONG = (
    "Datum;Währung;Kurs\n05.01.2024;USD;1,0960\n05.01.2024;JPY;157,50\n08.01.2024;USD;1,0900\n"
    "08.01.2024;XXX;n/a\n"
)
WIDE = "Date,USD,JPY,GBP,\n2024-01-08,1.0900,N/A,0.8500,\n2024-01-05,1.0960,157.50,0.8600,\n"
ASKED = (
    "SELECT order_id, amount_minor, currency, original_currency, original_minor FROM orders "
    "ORDER BY order_id"
)
EUROS = [
    ("1", 1_000, "EUR", None, None),
    # 10.96 ÷ 1.0960 on a Saturday: the rate of Friday.
    ("2", 1_000, "EUR", "USD", 1_096),
    # 1500 ÷ 157.50 = 9.5238…
    ("3", 952, "EUR", "JPY", 1_500),
    # 7.00 ÷ 1.0900 = 6.4220…
    ("4", 642, "EUR", "USD", 700),
]


@pytest.fixture
def convert(shop):
    """Read orders with a file of rates."""

    def read(content, table, *, currency="EUR", name="rates.csv", **options):
        path = shop.file(table, name)
        shop.read(shop.file(content), rates=str(path), currency=currency, **options)
        return shop

    return read


@pytest.mark.parametrize("table", [LONG, WIDE], ids=["long", "wide"])
def test_amounts_are_converted_at_the_rate_of_their_day(convert, table):
    shop = convert(ORDERS, table)

    assert shop.rows(ASKED) == EUROS
    assert shop.rows("SELECT order_id, amount_minor FROM refunds") == [("2", 500)]
    assert shop.reading.currency == "EUR"
    assert shop.remarks() == [
        "Orders in JPY: 1, over 1,500, converted at the rates of their days to 9.52 EUR.",
        "Orders in USD: 2, over 17.96, converted at the rates of their days to 16.42 EUR.",
    ]
    # The sum of all rows is in the currency that counts: 10 + 10 + 1500/157.5 + 7/1.09.
    assert shop.reading.raw_amount == Decimal("35.945827873")


def test_rates_per_euro_make_those_between_other_currencies(convert):
    shop = convert(ORDERS, WIDE, currency="GBP")

    assert shop.rows(ASKED) == [
        ("1", 860, "GBP", "EUR", 1_000),
        ("2", 860, "GBP", "USD", 1_096),
        # 1500 × 0.86 ÷ 157.5 = 8.1904…
        ("3", 819, "GBP", "JPY", 1_500),
        # 7 × 0.85 ÷ 1.09 = 5.4587…
        ("4", 546, "GBP", "USD", 700),
    ]


def test_minor_units_are_those_of_each_currency(convert):
    shop = convert(ORDERS, WIDE, currency="JPY")

    assert [row[:2] for row in shop.rows(ASKED)] == [
        ("1", 1_575),
        ("2", 1_575),
        ("3", 1_500),
        ("4", 1_006),
    ]
    assert shop.reading.exponent == 0


@pytest.mark.parametrize(
    "table",
    [
        "date,currency,value of one unit in EUR,rate in EUR\n2024-01-05,USD,x,0.9\n",
        "date;currency;EUR per unit\n2024-01-05;USD;0,9\n",
        "date,base,currency,rate\n2024-01-05,USD,EUR,0.9\n",
        "date,base currency,quote,rate\n2024-01-05,CHF,EUR,1.08\n2024-01-05,CHF,USD,1.2\n",
    ],
    ids=["in", "per", "base", "third"],
)
def test_a_header_or_a_base_says_which_way_a_rate_is_meant(convert, table):
    shop = convert("id,customer,date,amount,currency\n1,a,2024-01-05,10,USD\n", table)

    assert shop.rows(ASKED) == [("1", 900, "EUR", "USD", 1_000)]


def test_prices_and_lines_are_converted_and_an_order_has_one_currency(convert):
    shop = convert(
        "order_id,customer_id,date,sku,quantity,unit price,currency\n"
        "1,a,2024-01-05,x,3,1.00,USD\n1,a,2024-01-05,y,1,2.00,\n2,b,2024-01-05,x,1,2.00,EUR\n",
        "date,currency,rate\n2024-01-05,USD,1.6\n",
    )

    assert shop.rows(
        "SELECT order_id, unit_price, amount_minor FROM order_lines ORDER BY order_id, line_number"
    ) == [("1", Decimal("0.625"), 188), ("1", Decimal("1.25"), 125), ("2", Decimal(2), 200)]
    assert shop.rows(ASKED) == [("1", 313, "EUR", "USD", 500), ("2", 200, "EUR", None, None)]


def test_signs_beside_the_amounts_tell_currencies_too(convert):
    shop = convert(
        "Bestellung;Kunde;Datum;Betrag\n1;a;05.01.2024;12,50 €\n2;b;05.01.2024;8,00 $\n",
        "date,currency,rate\n2024-01-05,USD,1.6\n",
    )

    assert shop.rows(ASKED) == [("1", 1_250, "EUR", None, None), ("2", 500, "EUR", "USD", 800)]


def test_amounts_in_minor_units_are_those_of_their_own_currency(convert):
    shop = convert(
        "order_id,customer_id,date,amount_cents,currency\n1,a,2024-01-05,800,USD\n2,b,2024-01-05,1600,JPY\n",
        "date,currency,rate\n2024-01-05,USD,1.6\n2024-01-05,JPY,160\n",
    )

    assert shop.rows(ASKED) == [("1", 500, "EUR", "USD", 800), ("2", 1_000, "EUR", "JPY", 1_600)]


def test_taxes_are_taken_out_and_the_rest_converted_in_one_step(convert):
    shop = convert(
        "order_id,customer_id,date,amount,currency\n1,a,2024-01-05,11.90,USD\n",
        "date,currency,rate\n2024-01-05,USD,1.25\n",
        net=True,
        taxes="inside",
        tax_rate="19",
    )

    assert shop.rows(ASKED) == [("1", 800, "EUR", "USD", 1_000)]


def test_the_day_is_the_local_one_of_the_shop(convert):
    content = "id,customer,date,amount,currency\n1,a,2024-01-04T23:30:00Z,10,USD\n"
    table = "date,currency,rate\n2024-01-05,USD,1.6\n2024-01-04,USD,2\n"

    assert convert(content, table).rows(ASKED)[0][1] == 500
    assert convert(content, table, zone="Europe/Berlin").rows(ASKED)[0][1] == 625


def test_a_rate_holds_for_seven_days_and_no_longer(convert):
    table = "date,currency,rate\n2024-01-05,USD,2\n"
    content = "id,customer,date,amount,currency\n1,a,2024-01-01,1,EUR\n2,a,2024-01-{},10,USD\n"
    assert convert(content.format("12"), table).rows(ASKED)[1][1] == 500

    sentence = r"^Line 3 of orders\.csv: there is no rate of USD on 13 Jan 2024, nor in the seven days before"
    with pytest.raises(ReadError, match=sentence):
        convert(content.format("13"), table)
    with pytest.raises(ReadError, match="no rate of USD on 4 Jan 2024"):
        convert(content.format("04"), table)
    shop = convert(content.format("13"), table, skip_bad_rows=True)
    assert shop.rows("SELECT reason, line FROM excluded_rows") == [("unreadable_row", 3)]


@pytest.mark.parametrize(
    ("table", "currency", "sentence"),
    [
        (
            LONG,
            None,
            r"^rates\.csv holds exchange rates, but nothing says into which currency to con",
        ),
        (
            "a,b\n1,2\n",
            "EUR",
            r"^rates\.csv is no file of exchange rates\. It needs the columns date",
        ),
        (
            "date,currency,rate\n2024-01-05,USD,-1\n",
            "EUR",
            r"^Line 2 of rates\.csv: “-1” is no exch",
        ),
        ("date,currency,rate\n2024-01-05,USD,1..1\n", "EUR", "“1..1” is no exchange rate"),
        (
            "date,currency,rate\n2024-01-05,USD,1.1\n2024-01-05,USD,1.2\n",
            "EUR",
            r"^Line 3 of rates\.csv: USD has a second rate on 5 Jan 2024, which differs from the first",
        ),
    ],
)
def test_rates_that_cannot_be_are_refused(convert, table, currency, sentence):
    with pytest.raises(ReadError, match=sentence):
        convert(ORDERS, table, currency=currency)


def test_a_text_that_is_no_currency_is_named(convert):
    with pytest.raises(
        ReadError, match=r"^Line 2 of orders\.csv: “GOLD” in the column “currency” is"
    ):
        convert(
            "id,customer,date,amount,currency\n1,a,2024-01-05,1,gold\n",
            LONG,
            columns={"currency": "currency"},
        )


def test_without_rates_the_refusal_names_them(shop):
    with pytest.raises(ReadError, match=r"--rates FILE and --currency EUR"):
        shop.text(ORDERS)


def test_rates_that_change_while_files_are_read_are_noticed(shop, monkeypatch):
    path = shop.file(LONG, "rates.csv")
    real = rates.table

    def changing(*given, **named):
        path.write_text(LONG + "09.01.2024;USD;1,2\n", encoding="utf-8")
        os.utime(path, ns=(1, 1))
        return real(*given, **named)

    monkeypatch.setattr(rates, "table", changing)
    with pytest.raises(ReadError, match=r"^The file rates\.csv changed while it was read"):
        shop.read(shop.file(ORDERS), rates=str(path), currency="EUR")


@pytest.mark.parametrize(
    ("texts", "mark"),
    [
        (["1,095", "1,1"], ","),
        (["17,123.45"], "."),
        (["1.095"], "."),
        (["1,095"], ","),
        (["1.432,10", "1.095"], ","),
    ],
)
def test_one_mark_alone_is_no_mark_of_thousands(texts, mark):
    assert rate_columns.decimal_mark(texts) == mark


@given(
    days=st.lists(st.dates(dt.date(2020, 1, 1), dt.date(2020, 3, 1)), min_size=1, unique=True),
    day=st.dates(dt.date(2019, 12, 25), dt.date(2020, 3, 20)),
)
def test_a_day_has_the_last_rate_of_at_most_seven_days_before(days, day):
    worth = {each: Fraction(each.toordinal()) for each in days}
    carried = dict(rates.carried(worth))
    near = [each for each in days if 0 <= (day - each).days <= rates.DAYS_BACK]

    assert carried.get(day) == (worth[max(near)] if near else None)


REFUNDED = "Bestellnr;Erstattungsdatum;Erstattungsbetrag\n1;10.01.2024;8,00\n"


def test_a_refund_on_a_list_has_currency_and_rate_of_its_order(shop):
    orders = shop.file("order_id,customer_id,date,amount,currency\n1,a,2024-01-05,16.00,USD\n")
    returned = shop.file(REFUNDED, "refunds.csv")
    table = shop.file("date,currency,rate\n2024-01-05,USD,1.6\n2024-01-10,USD,1.25\n", "rates.csv")
    shop.read(orders, returned, rates=str(table), currency="EUR")

    assert shop.rows("SELECT order_id, amount_minor FROM refunds") == [("1", 500)]


def test_a_refund_without_a_currency_beside_orders_in_several_is_refused(shop):
    orders = shop.file(ORDERS)
    returned = shop.file(REFUNDED, "refunds.csv")
    table = shop.file(LONG, "rates.csv")
    with pytest.raises(ReadError, match=r"^refunds\.csv does not say its currency, and the orders"):
        shop.read(orders, returned, rates=str(table), currency="EUR")
