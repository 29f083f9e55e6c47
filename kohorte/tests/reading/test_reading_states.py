"""What the words of a status column say, what is asked about them, and orders without payment."""

from __future__ import annotations

import pytest

from kohorte import History, Settings
from kohorte.reading.rows import states

HEAD = "Bestellung;Kunde;Datum;Betrag;{}\n"


def table(header: str, *cells: str) -> str:
    rows = (f"{n};k{n};2024-01-{n:02};10,00;{cell}\n" for n, cell in enumerate(cells, start=1))
    return HEAD.format(header) + "".join(rows)


def found(shop) -> list[str]:
    rows = shop.rows("SELECT state FROM orders ORDER BY order_id::INTEGER")
    return [state for (state,) in rows]


def asked(shop) -> dict[str, str | None]:
    return {
        question.option.removeprefix("states."): question.assumed
        for question in shop.reading.questions
        if question.option.startswith("states.")
    }


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("open", "offen, On Hold, Zahlung ausstehend, Warten auf Zahlungseingang, authorized"),
        ("open", "wartet auf Zahlung, Awaiting bank wire payment, überfällig, payment_pending"),
        ("unpaid", "unbezahlt, nicht bezahlt, Zahlung fehlgeschlagen, abandoned, Expired"),
        ("exchange", "Umtausch, Ersatzlieferung, replacement"),
        ("staff", "Mitarbeiterbestellung, staff"),
        ("test", "Testbestellung, TEST"),
        ("cancelled", "Storniert, cancelled, Widerrufen"),
        ("refunded", "Erstattet, returned"),
        ("counted", "bezahlt, Versendet, in_progress, Abgeschlossen, unfulfilled, Zugestellt"),
        ("counted", "warten auf Versand, Anzahlung, gibt es nicht"),
    ],
)
def test_words_say_what_an_order_is(state, words):
    assert {word: states.meaning(word) for word in words.split(", ")} == dict.fromkeys(
        words.split(", "), state
    )


def test_words_that_nobody_knows_count_and_are_asked_about(shop):
    shop.text(table("Status", "Zurückgestellt", "bezahlt", "Klärfall", "zurückgestellt", "-", ""))

    assert found(shop) == ["counted"] * 6
    assert asked(shop) == {"Zurückgestellt": "counted", "Klärfall": "counted"}
    question = shop.reading.questions[0]
    assert question.asks.render("en") == (
        "What does “Zurückgestellt” in “Status” say of an order? Rows with it: 2."
    )
    assert [choice.value for choice in question.choices] == [
        "counted",
        "cancelled",
        "open",
        "test",
        "refunded",
    ]


def test_an_answer_settles_a_word_however_it_is_written(shop):
    content = table("Status", "Zurückgestellt", "zurückgestellt", "bezahlt")
    shop.text(content, states={"Zurückgestellt": "open"})

    assert found(shop) == ["open", "open", "counted"]
    assert asked(shop) == {}


def test_at_most_eight_words_are_asked_about_the_most_frequent_first(shop):
    words = [f"Stufe {letter}" for letter in "abcdefghij"]
    shop.text(table("Status", *words, "Stufe j", "Stufe j", "Stufe c"))

    assert list(asked(shop)) == [f"Stufe {letter}" for letter in "jcabdefg"]


@pytest.mark.parametrize(
    ("header", "question"),
    [("Bestellstatus", {"Offen": "open"}), ("Zahlungsstatus", {})],
)
def test_an_order_may_be_open_because_it_was_not_sent_yet(shop, header, question):
    shop.text(table(header, "Offen", "Abgeschlossen"))

    assert found(shop) == ["open", "counted"]
    assert asked(shop) == question


def test_a_status_that_knows_all_words_outweighs_the_day_of_payment(shop):
    shop.text(
        "Bestellung;Kunde;Datum;Betrag;Status;Bezahlt am\n"
        "1;a;2024-01-05;10,00;Versendet;\n2;b;2024-01-06;10,00;Versendet;07.01.2024\n"
    )

    assert found(shop) == ["counted", "counted"]


UNPAID = (
    "Bestellung;Kunde;Datum;Betrag;Bezahlt am\n"
    "1;a;2024-01-05;10,00;\n"
    "2;b;2024-01-06;20,00;07.01.2024\n"
    "3;c;2024-03-01;40,00;\n"
    "4;d;2024-03-02;80,00;0000-00-00 00:00:00\n"
    "5;e;2024-03-03;160,00;04.03.2024\n"
)


def test_without_a_status_orders_that_were_never_paid_are_open(shop):
    shop.text(UNPAID)

    assert found(shop) == ["open", "counted", "open", "open", "counted"]
    assert shop.row("SELECT count(*) FROM excluded_rows") == (0,)


def test_one_day_of_payment_is_enough_for_an_order_of_several_lines(shop):
    shop.text(
        "Bestellung;Kunde;Datum;Artikel;Einzelpreis;Menge;Bezahlt am\n"
        "1;a;2024-01-05;Tee;10,00;1;\n1;a;2024-01-05;Tasse;5,00;2;2024-01-06\n"
        "2;b;2024-01-05;Tee;10,00;1;\n2;b;2024-01-05;Tasse;5,00;2;\n"
    )

    assert found(shop) == ["counted", "open"]


@pytest.mark.parametrize(
    ("settings", "counted", "revenue"),
    [
        ({}, {"2", "3", "4", "5"}, 30_000),
        ({"payment_days": 90}, {"1", "2", "3", "4", "5"}, 31_000),
        ({"payment_days": 1}, {"2", "4", "5"}, 26_000),
        ({"payment_days": 0}, {"2", "5"}, 18_000),
        ({"count": ("unpaid",)}, {"1", "2", "3", "4", "5"}, 31_000),
        ({"leave_out": ("open",)}, {"2", "5"}, 18_000),
    ],
)
def test_open_orders_count_until_the_time_to_pay_is_over(shop, settings, counted, revenue):
    path = shop.file(UNPAID)

    with History.from_files(path, settings=Settings(**settings)) as history:
        rows = history.engine.rows(
            "SELECT order_id, revenue_minor FROM judged_orders WHERE reason IS NULL"
        )

    assert {row["order_id"] for row in rows} == counted
    assert sum(row["revenue_minor"] for row in rows) == revenue


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("[8] Storniert", "cancelled"),
        ("[7] Warenausgang gebucht", "counted"),
        ("completed_shipped", "counted"),
        ("processing_awaiting_payment", "open"),
    ],
)
def test_numbered_and_double_words_of_a_status_are_known(shop, word, state):
    shop.text(f"order_id,customer_id,date,amount,status\n1,a,2024-01-05,1,{word}\n")

    assert found(shop) == [state]
    assert [each for each in shop.questions() if "status" in each] == []


@pytest.mark.parametrize(
    ("cells", "states"),
    [
        (("ja", "nein", "ja"), ["counted", "open", "counted"]),
        (("ja", "storniert", "ja"), ["counted", "cancelled", "counted"]),
    ],
)
def test_a_column_that_says_who_has_paid_is_a_status(shop, cells, states):
    rows = "".join(f"{n};a;0{n}.01.2024;10,00;{cell}\n" for n, cell in enumerate(cells, start=1))
    shop.text("Bestellnummer;Kunde;Datum;Betrag €;bezahlt?\n" + rows)

    assert found(shop) == states
