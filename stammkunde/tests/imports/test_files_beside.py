"""Costs, spend, contracts, answers, tickets and the rest: with orders, after them, and again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from importing import FILE, imported, looked, undone  # type: ignore[import-not-found]
from stammkunde.features.imports import previews
from stammkunde.insights import history
from stammkunde.records.orders.models import (
    Delivery,
    Lead,
    Order,
    Product,
    Referral,
    Refund,
    Response,
    Return,
    Spend,
    Subscription,
    Ticket,
)
from stores_and_cast import Cast  # type: ignore[import-not-found]

pytestmark = pytest.mark.django_db
FILES = {
    "costs.csv": "Artikelnummer;Artikel;Einstandspreis\r\nBrie;Brie;1,50\r\nGouda;Gouda;0,75\r\n",
    "spend.csv": "Monat;Kanal;Zweck;Betrag\r\n2026-01;Suchanzeigen;Neukunden;100,00\r\n"
    "2026-01;Newsletter;Kundenbindung;20,00\r\n",
    "tickets.csv": "Ticketnummer;E-Mail;Eröffnet;Erste Antwort;Gelöst;Grund\r\n"
    "T1;anna@example.com;06.01.2026 10:00;06.01.2026 11:00;07.01.2026 10:00;Käse weich\r\n"
    "T2;neu@example.com;08.01.2026 10:00;;;Frage\r\n",
    "nps.csv": "Antwort-ID;Kundennummer;Datum;NPS\r\nR1;17;06.01.2026;9\r\nR2;18;07.01.2026;3\r\n",
    "leads.csv": "Lead-ID;Erstellt am;Kanal;Qualifiziert;Kundennummer\r\n"
    "L1;01.01.2026;Messe;ja;17\r\nL2;02.01.2026;Messe;nein;\r\n",
    "contracts.csv": "Vertragsnummer;Kundennummer;Beginn;Ende;Monatsbetrag\r\n"
    "V1;17;01.01.2026;;19,90\r\n",
    "returns.csv": "Retourennummer;Bestellnummer;Artikelnummer;Menge;Retourendatum;Retourengrund\r\n"
    "X1;A2;Brie;1;12.01.2026;zu weich\r\n",
    "deliveries.csv": "Sendungsnummer;Bestellnummer;Versanddatum;Zugestellt am;Zugesagt für\r\n"
    "D1;A2;06.01.2026;09.01.2026;08.01.2026\r\nD2;A3;07.01.2026;;\r\n",
    "referrals.csv": "Bestellnummer;Empfohlen von\r\nA3;17\r\n",
}
TABLES = (Product, Spend, Ticket, Response, Lead, Subscription, Return, Referral, Delivery)


@pytest.fixture(autouse=True)
def data(settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path / "data"


def counts() -> dict[str, int]:
    return {table.__name__: table.objects.count() for table in TABLES}  # type: ignore[attr-defined]


EXPECTED = {
    "Product": 2, "Spend": 2, "Ticket": 2, "Response": 2, "Lead": 2, "Subscription": 1,
    "Return": 1, "Referral": 1, "Delivery": 2,
}  # fmt: skip


def test_they_come_with_the_orders_and_go_to_their_people(cast: Cast) -> None:
    imported(cast.cheese, {"orders.csv": FILE, **FILES})

    assert counts() == EXPECTED
    anna = Order.objects.get(external_id="A1").customer
    for row in (Ticket.objects.get(external_id="T1"), Response.objects.get(external_id="R1"),
                Lead.objects.get(external_id="L1"), Subscription.objects.get(),
                Referral.objects.get()):  # fmt: skip
        assert row.customer == anna
    assert Ticket.objects.get(external_id="T2").customer.email == "neu@example.com"  # type: ignore[union-attr]
    assert Subscription.objects.get().monthly_minor == 1990


def test_they_come_alone_after_the_orders_and_find_the_same_people(cast: Cast) -> None:
    imported(cast.cheese, FILE)
    for name, text in FILES.items():
        import_ = imported(cast.cheese, {name: text})
        assert import_.understood["counts"]["orders"] == 0

    assert counts() == EXPECTED
    assert Order.objects.count() == 4
    anna = Order.objects.get(external_id="A1").customer
    assert Ticket.objects.get(external_id="T1").customer == anna
    assert Response.objects.get(external_id="R1").customer == anna
    assert Referral.objects.get().customer == anna
    again = imported(cast.cheese, {"tickets.csv": FILES["tickets.csv"] + "\r\n"})
    assert (again.counts["new"], again.counts["same"]) == ({}, {"tickets": 2})
    undone(again)
    assert counts() == EXPECTED


def test_files_without_orders_are_not_blamed_for_what_orders_lack(cast: Cast) -> None:
    imported(cast.cheese, FILE)
    found = previews.quality(looked(cast.cheese, {"tickets.csv": FILES["tickets.csv"]}))

    assert found == {"score": None, "parts": [], "findings": []}


def test_without_any_orders_they_say_what_is_missing(cast: Cast) -> None:
    import_ = looked(cast.cheese, {"costs.csv": FILES["costs.csv"]})
    assert import_.state == "failed"
    assert "Bestellungen" in import_.fault["de"]


def test_the_numbers_know_them(cast: Cast) -> None:
    imported(cast.cheese, {"orders.csv": FILE, **FILES})
    with history.history(cast.cheese) as found:
        for slug in ("net_promoter_score", "referral_rate"):
            rows = found.metric(slug, grain="all")
            assert any(row.value is not None for row in rows), slug


def test_refunds_of_an_order_reach_its_customer(cast: Cast) -> None:
    refunds = "Gutschriftnummer;Bestellnummer;Datum;Betrag\r\nG1;A2;15.01.2026;5,00\r\n"
    imported(cast.cheese, {"orders.csv": FILE, "gutschriften.csv": refunds})

    refund = Refund.objects.get()
    assert (refund.order_number, refund.amount_minor) == ("A2", 500)
    assert refund.customer == Order.objects.get(external_id="A2").customer
    assert refund.customer is not None
    assert refund.customer.refunded_minor == 500
