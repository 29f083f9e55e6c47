"""Referrals that name the friend and no order."""

from __future__ import annotations

import kohorte

ORDERS = """Bestellnummer;Kundennummer;E-Mail;Bestelldatum;Betrag
B-1;K1;anna@example.com;01.01.2026;20,00
B-2;K2;ben@example.com;05.01.2026;30,00
B-3;K2;ben@example.com;20.01.2026;30,00
B-4;K3;cleo@example.com;25.01.2026;10,00
"""
REFERRED = "SELECT order_id, referrer_id FROM referrals ORDER BY ALL"


def test_the_friends_first_order_since_the_referral_is_the_referred_one(shop):
    content = """Advocate email,Friend email,Referral date
anna@example.com,Ben@example.com,2026-01-06
anna@example.com,cleo@example.com,2026-01-24
anna@example.com,dora@example.com,2026-01-24
"""
    shop.read(shop.file(ORDERS), shop.file(content, "referrals.csv"))

    assert shop.rows(REFERRED) == [("B-3", "K1"), ("B-4", "K1")]
    assert "Referrals that led to no order were left out: 1." in shop.remarks()


def test_without_a_day_it_is_the_first_order_and_counts_once(shop):
    content = "Werber;Geworbener Kunde\nK1;K2\nK1;K2\nK2;K3\n"

    reading = shop.read(shop.file(ORDERS), shop.file(content, "empfehlungen.csv"))

    assert reading.files[1].layout == "referrals"
    assert shop.rows(REFERRED) == [("B-2", "K1"), ("B-4", "K2")]


def test_the_rate_counts_them(shop):
    content = "Werber;Geworbener Kunde\nK1;K2\n"
    with kohorte.read(shop.file(ORDERS), shop.file(content, "empfehlungen.csv")) as history:
        (rate,) = history.metric("referral_rate", grain="all")

    assert (rate.value, rate.n) == (25.0, 4)
