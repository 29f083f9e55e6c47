"""What cells beside the orders become: days, spans, amounts, words, customers; and bad ones."""

from __future__ import annotations

import datetime as dt

import pytest

from kohorte.errors import ReadError

ORDERS = (
    "Bestellnummer;E-Mail;Kundennummer;Bestelldatum;Betrag\n"
    "B-1;anna@example.com;K1;05.01.2026;20,00\n"
    "B-2;ben@example.com;K2;25.01.2026;30,00\n"
    "B-3;anna@example.com;K3;26.01.2026;30,00\n"
)
DAY = dt.date.fromisoformat


def read(shop, content, name="x.csv", **options):
    options = {"currency": "EUR", **options}
    return shop.read(shop.file(ORDERS), shop.file(content, name), **options)


@pytest.mark.parametrize(
    ("header", "cell", "first", "last"),
    [
        ("Monat", "2026-02", "2026-02-01", "2026-02-28"),
        ("Monat", "02.2026", "2026-02-01", "2026-02-28"),
        ("Monat", "Februar 2026", "2026-02-01", "2026-02-28"),
        ("Month", "Feb 2026", "2026-02-01", "2026-02-28"),
        ("Quartal", "Q1 2026", "2026-01-01", "2026-03-31"),
        ("Zeitraum", "1. Quartal 2026", "2026-01-01", "2026-03-31"),
        ("Woche", "KW 2/2026", "2026-01-05", "2026-01-11"),
        ("Week", "2026-W02", "2026-01-05", "2026-01-11"),
        ("Jahr", "2026", "2026-01-01", "2026-12-31"),
        ("Zeitraum", "01.01.2026 - 15.02.2026", "2026-01-01", "2026-02-15"),
        ("Zeitraum", "2026-01-01 bis 2026-02-15", "2026-01-01", "2026-02-15"),
        ("Datum", "15.02.2026", "2026-02-15", "2026-02-15"),
        ("Week", "2026-01-05", "2026-01-05", "2026-01-11"),
        ("Month", "2026-02-01", "2026-02-01", "2026-02-28"),
    ],
)
def test_an_expense_lasts_as_long_as_its_cell_says(shop, header, cell, first, last):
    read(shop, f"{header};Zweck;Betrag\n{cell};Neukunden;90,00\n")

    assert shop.row("SELECT starts_on, ends_on FROM spend") == (DAY(first), DAY(last))


def test_days_that_are_all_the_first_of_a_month_are_asked_about(shop):
    content = "Datum;Zweck;Betrag\n01.01.2026;Neukunden;90,00\n01.02.2026;Neukunden;80,00\n"

    read(shop, content)

    assert shop.rows("SELECT ends_on FROM spend") == [(DAY("2026-01-31"),), (DAY("2026-02-28"),)]
    assert "words.length.x.csv" in shop.questions()

    read(shop, content, words={"length.x.csv": "day"})

    assert shop.rows("SELECT ends_on FROM spend") == [(DAY("2026-01-01"),), (DAY("2026-02-01"),)]
    assert "words.length.x.csv" not in shop.questions()


def test_an_unknown_purpose_is_asked_and_counts_as_it_is_answered(shop):
    content = "Monat;Zweck;Betrag\n2026-01;Branding;90,00\n2026-01;Neukundenwerbung;80,00\n"

    read(shop, content)

    assert shop.rows("SELECT purpose, amount_minor FROM spend") == [("acquisition", 8000)]
    assert "words.purpose.Branding" in shop.questions()
    assert (
        "Expenses for anything but customers, as their purpose says, were left out: 1."
        in shop.remarks()
    )

    read(shop, content, words={"purpose.Branding": "acquisition"})

    assert shop.row("SELECT count(*), sum(amount_minor) FROM spend") == (2, 17000)
    assert "words.purpose.Branding" not in shop.questions()


def test_the_purpose_of_a_file_without_one_is_asked_once(shop):
    content = "Tag,Kampagne,Kosten,Klicks\n2026-01-05,Marke,9.50,3\n"

    read(shop, content, "ads.csv")
    assert "words.purpose.ads.csv" in shop.questions()

    read(shop, content, "ads.csv", words={"purpose.ads.csv": "retention"})
    assert shop.row("SELECT purpose FROM spend") == ("retention",)
    assert "words.purpose.ads.csv" not in shop.questions()


def test_amounts_in_another_currency_take_the_rate_of_their_day(shop):
    content = "Date,Campaign,Amount spent (USD),Clicks\n2026-01-05,Brand,11.00,3\n"

    with pytest.raises(ReadError, match=r"x\.csv is in USD, but the orders are in EUR"):
        read(shop, content)
    assert shop.tables() == set()

    rates = shop.file("date;currency;rate\n2026-01-02;USD;1.10\n", "rates.csv")
    read(shop, content, rates=str(rates))
    assert shop.row("SELECT amount_minor FROM spend") == (1000,)


def spent(shop, content, days):
    rows = "".join(f"{day};USD;{rate}\n" for day, rate in days)
    read(shop, content, rates=str(shop.file(f"date;currency;rate\n{rows}", "rates.csv")))
    return [amount for (amount,) in shop.rows("SELECT amount_minor FROM spend ORDER BY ALL")]


def test_an_expense_in_another_currency_takes_the_rates_of_its_own_days(shop):
    content = "Reporting starts,Reporting ends,Amount spent (USD)\n{},{},100.00\n"
    days = [("2026-01-01", "1.00"), ("2026-01-05", "1.25"), ("2026-02-01", "2.00")]

    assert spent(shop, content.format("2026-01-05", "2026-01-05"), days) == [8000]
    # Four days at 1.00 and four at 1.25 dollars; a later rate changes nothing.
    assert spent(shop, content.format("2026-01-01", "2026-01-08"), days) == [9000]
    # Nobody knows the rates of days to come.
    assert spent(shop, content.format("2026-02-01", "2026-03-31"), days) == [5000]
    with pytest.raises(ReadError, match=r"there is no rate of USD on (2026-01-13|13 Jan 2026)"):
        spent(shop, content.format("2026-01-05", "2026-02-03"), days)


def test_a_day_without_a_rate_is_told_with_its_line(shop):
    rates = shop.file("date;currency;rate\n2026-01-02;USD;1.10\n", "rates.csv")
    content = "Date,Campaign,Amount spent,Currency,Clicks\n2026-01-05,B,5.00,EUR,3\n2026-03-05,B,11.00,USD,3\n"

    with pytest.raises(
        ReadError, match=r"Line 3 of x\.csv: there is no rate of USD on 2026-03-05|5 Mar 2026"
    ):
        read(shop, content, rates=str(rates))

    read(shop, content, rates=str(rates), skip_bad_rows=True)
    assert shop.rows("SELECT amount_minor FROM spend") == [(500,)]


def test_minor_units_are_those_of_the_shop(shop):
    read(shop, "Monat;Zweck;Betrag\n2026-01;Neukunden;1.250\n", currency="JPY", decimal=",")

    assert shop.row("SELECT amount_minor FROM spend") == (1250,)


def test_instants_are_those_of_the_shops_zone_unless_the_header_says_utc(shop):
    read(
        shop,
        "Ticket;Eingang;Gelöst am (UTC)\n1;05.07.2026 10:00;05.07.2026 10:00\n",
        zone="Europe/Berlin",
    )

    opened, solved = shop.row("SELECT opened_at, solved_at FROM tickets")
    assert (opened.hour, solved.hour) == (8, 10)


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin"])
def test_our_own_names_are_read_as_the_table_has_them(shop, zone):
    read(shop, "ticket_id;opened_at;contacts\n1;2026-07-05 10:00:00;2\n", zone=zone)

    (opened, contacts) = shop.row("SELECT opened_at, contacts FROM tickets")
    assert (str(opened), contacts) == ("2026-07-05 10:00:00", 2)
    (file,) = shop.reading.files[1:]
    assert {guess.score for guess in file.guesses} == {1.0}
    assert file.questions == ()


def test_customers_are_found_by_number_and_by_address(shop):
    read(
        shop,
        "Ticket;Eingang;Kundennummer;E-Mail\n1;05.01.2026;K2;\n2;05.01.2026;;ANNA@example.com\n"
        "3;05.01.2026;k2;\n4;05.01.2026;;dora@example.com\n5;05.01.2026;;\n",
    )

    assert shop.rows("SELECT ticket_id, customer_id FROM tickets") == [
        ("1", "K2"),
        ("2", "K1"),
        ("3", "K2"),
        ("4", "dora@example.com"),
        ("5", None),
    ]
    assert "Rows: 5; with a customer: 4; of them with orders here: 3." in shop.remarks()


def test_order_numbers_match_with_and_without_their_sign(shop):
    read(shop, "Bestellnummer;Empfohlen von\n#b-1;K2\nB-9;K2\n")

    assert shop.rows("SELECT order_id FROM referrals") == [("B-1",), ("B-9",)]
    assert (
        "Rows that name an order which is in none of the files: 1, the first is “B-9”."
        in shop.remarks()
    )


def test_equal_answers_without_a_number_are_different_people(shop):
    read(shop, "Datum;NPS\n" + "05.01.2026;9\n" * 4)

    assert shop.row("SELECT count(*), count(DISTINCT response_id) FROM responses") == (4, 4)


def test_an_id_that_most_rows_share_numbers_no_answers(shop):
    read(shop, "ID;Datum;NPS\n" + "1;05.01.2026;9\n" * 4 + "2;05.01.2026;9\n" * 4)

    assert shop.row("SELECT count(*) FROM responses") == (8,)


def test_an_answer_with_a_number_that_stands_twice_counts_once(shop):
    one = shop.file("Response ID,Answered at,NPS\n1,2026-01-05,9\n2,2026-01-06,3\n", "a.csv")
    two = shop.file("Response ID,Answered at,NPS\n2,2026-01-06,3\n3,2026-01-07,8\n", "b.csv")

    shop.read(shop.file(ORDERS), one, two, currency="EUR")

    assert shop.rows("SELECT response_id FROM responses ORDER BY 1") == [("1",), ("2",), ("3",)]
    assert (
        "Rows that stand there twice with the same number: 1; each counts once." in shop.remarks()
    )
    assert shop.rows("SELECT reason, file, line FROM excluded_rows") == [("seen_twice", "a.csv", 3)]


def test_of_a_request_told_twice_the_last_row_holds(shop):
    read(shop, "Ticket;Eingang;Gelöst am\n1;05.01.2026;\n1;05.01.2026;06.01.2026\n")

    assert shop.rows("SELECT ticket_id, solved_at IS NULL FROM tickets") == [("1", False)]
    assert (
        "Rows whose number stands there again with something else: 1; the last one holds."
        in shop.remarks()
    )


def test_equal_expenses_all_count_and_overlapping_files_are_told(shop):
    content = "Monat;Zweck;Betrag\n2026-01;Neukunden;90,00\n2026-01;Neukunden;90,00\n"
    one, two = shop.file(content, "a.csv"), shop.file(content, "b.csv")

    shop.read(shop.file(ORDERS), one, two, currency="EUR")

    assert shop.row("SELECT count(*) FROM spend") == (4,)
    assert any(
        text.startswith("Rows that stand in several files alike: 4.") for text in shop.remarks()
    )


def test_a_product_has_one_cost(shop):
    read(shop, "SKU,Cost per item\nT-7,2.80\nT-7,2.80\nT-7,3.00\n")

    assert shop.rows("SELECT product_id, unit_cost::DOUBLE FROM products") == [("T-7", 3.0)]


@pytest.mark.parametrize(
    ("every", "amount", "monthly"),
    [
        ("monatlich", "9,90", 990),
        ("jährlich", "120,00", 1000),
        ("3 Monate", "30,00", 1000),
        ("Woche", "10,00", 4348),
        ("täglich", "1,00", 3044),
        ("Halbjahr", "60,00", 1000),
    ],
)
def test_amounts_of_contracts_become_monthly(shop, every, amount, monthly):
    read(shop, f"Vertrag;Kunde;Beginn;Betrag;Intervall\n1;K1;05.01.2026;{amount};{every}\n")

    assert shop.row("SELECT monthly_minor FROM subscriptions") == (monthly,)


class TestScales:
    def scale(self, shop, question="csat"):
        return shop.row(
            "SELECT min(lowest)::INTEGER, max(highest)::INTEGER FROM responses "
            f"WHERE question = '{question}'"
        )

    def test_recommendation_runs_from_0_to_10_and_codes_beyond_are_told(self, shop):
        read(shop, "Datum;NPS\n05.01.2026;9\n05.01.2026;11\n05.01.2026;\n")

        assert self.scale(shop, "nps") == (0, 10)
        assert (
            "Answers outside the scale from 0 to 10, which count nowhere: 1 (11)." in shop.remarks()
        )
        assert "Rows without a score were left out: 1." in shop.remarks()
        assert not any(option.startswith("scales") for option in shop.questions())

    @pytest.mark.parametrize(
        ("header", "scores", "expected"),
        [
            ("CSAT (1-7)", (1, 2, 5), (1, 7)),
            ("CSAT", (1, 2, 5), (1, 5)),
            ("CSAT", (1, 6, 7), (1, 7)),
            ("CSAT", (0, 6, 10), (0, 10)),
            ("CSAT", (0, 1, 1), (0, 1)),
            ("CSAT", (10, 80, 100), (0, 100)),
        ],
    )
    def test_others_are_named_by_the_header_or_assumed_from_the_numbers(
        self, shop, header, scores, expected
    ):
        rows = "".join(f"05.01.2026;{score}\n" for score in scores)
        read(shop, f"Datum;{header}\n{rows}")

        assert self.scale(shop) == expected
        assert ("scales.csat" in shop.questions()) == (header == "CSAT")

    def test_the_user_says_a_scale_and_codes_beyond_it_are_no_answers(self, shop):
        read(shop, "Datum;CSAT\n05.01.2026;4\n05.01.2026;9\n", scales={"csat": "1-5"})

        assert self.scale(shop) == (1, 5)
        assert (
            "Answers outside the scale from 1 to 5, which count nowhere: 1 (9)." in shop.remarks()
        )
        assert "scales.csat" not in shop.questions()

    def test_columns_of_the_file_come_first(self, shop):
        read(shop, "Datum;Frage;Wert;Skala von;Skala bis\n05.01.2026;CSAT;4;1;6\n")

        assert self.scale(shop) == (1, 6)

    @pytest.mark.parametrize("scale", ["5", "5-1", "1-x"])
    def test_what_is_no_scale_is_refused(self, shop, scale):
        with pytest.raises(ReadError, match="is not a scale for csat"):
            read(shop, "Datum;CSAT\n05.01.2026;4\n", scales={"csat": scale})


def test_a_bare_score_is_asked_about(shop):
    content = "Datum;Score\n05.01.2026;9\n05.01.2026;10\n"

    read(shop, content)
    assert shop.rows("SELECT DISTINCT question FROM responses") == [("nps",)]
    assert "words.question.Score" in shop.questions()

    read(shop, content, words={"question.Score": "ces"})
    assert shop.rows("SELECT DISTINCT question FROM responses") == [("ces",)]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            "Monat;Zweck;Betrag\n2026-01;Neukunden;90,00\n2026-02;Neukunden;viel\n",
            "Line 3 of x.csv: “viel” in the column “Betrag” is not a number (such rows: 1).",
        ),
        (
            "Datum;Zweck;Betrag\n15.01.2026;Neukunden;90,00\n32.01.2026;Neukunden;1,00\n",
            "Line 3 of x.csv: “32.01.2026” in the column “Datum” is not a date (such rows: 1).",
        ),
        (
            "Datum;Zweck;Betrag\n15.01.2026;Neukunden;90,00\n16.01.2026;Neukunden;\n",
            "Line 3 of x.csv has nothing in the column “Betrag” (such rows: 1).",
        ),
        (
            "Ticket;Eingang;Kontakte\n1;05.01.2026;1\n2;06.01.2026;1,5\n",
            "Line 3 of x.csv: “1,5” in the column “Kontakte” is not a number (such rows: 1).",
        ),
        (
            "Datum;NPS;CSAT\n05.01.2026;9;4\n06.01.2026;8;sehr gut\n",
            "Line 3 of x.csv: “sehr gut” in the column “CSAT” is not a number (such rows: 1).",
        ),
        (
            "Vertrag;Kunde;Beginn;Monatsbetrag\n1;K1;05.01.2026;9,90\n2;;05.01.2026;9,90\n",
            "Line 3 of x.csv has nothing in the column “Kunde” (such rows: 1).",
        ),
        (
            "RMA;Bestellnummer;Retourendatum\n1;B-1;05.01.2026\n2;;06.01.2026\n",
            "Line 3 of x.csv has nothing in the column “Bestellnummer” (such rows: 1).",
        ),
    ],
)
def test_a_bad_row_is_told_with_line_and_column_or_left_out(shop, content, message):
    with pytest.raises(ReadError) as caught:
        read(shop, content)
    assert caught.value.render("en").startswith(message)
    assert "--skip-bad-rows" in caught.value.render("en")
    assert shop.tables() == set()

    read(shop, content, skip_bad_rows=True)
    assert "Rows that cannot be read were left out: 1." in shop.remarks()
    assert shop.rows("SELECT reason, file, line FROM excluded_rows") == [
        ("unreadable_row", "x.csv", 3)
    ]


@pytest.mark.parametrize(
    "ending", ["Gesamt;;90,00\n", ";;90,00 Summe\n", "Erstellt am 1. Februar;;\n"]
)
def test_totals_and_notes_below_the_table_are_left_out(shop, ending):
    read(shop, f"Monat;Zweck;Betrag\n2026-01;Neukunden;90,00\n{ending}", skip_bad_rows=True)

    assert shop.row("SELECT count(*) FROM spend") == (1,)
