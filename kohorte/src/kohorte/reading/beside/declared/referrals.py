"""Orders that go back to a referral, as ReferralCandy, Friendbuy, Smile and own lists have them.

Traps: order numbers stand with or without the sign in front of them; friends who have not bought
anything stand among the others. Where no order number stands, the friend's first order since then
is the referred one.
"""

from __future__ import annotations

from dataclasses import replace

from kohorte import tables
from kohorte.language import Sentence, Text
from kohorte.reading.beside.declaring import CUSTOMER, EMAIL, Field, FileKind, said

_WHO = (
    "referrer_id, Referrer, Referrer ID, Referrer number, Empfehler, Empfehlernummer, Werber, Geworben "
    "von, Empfohlen von, Empfehlende Kundennummer, Referred by, Advocate, Advocate ID, "
    "Referring customer, Referring customer ID, Werbender Kunde, Empfehlender, Empfehlender Kunde"
)
_ADDRESS = (
    "Advocate email, Referrer email, Referring customer email, Advocate email address, "
    "Referrer email address, E-Mail des Empfehlers, Empfehler E-Mail, Werber E-Mail, Sender email"
)
KIND = FileKind(
    table=tables.BESIDE["referrals"],
    name=Text(de="Empfehlungen", en="Referrals"),
    row=Sentence("a referred order"),
    needs=(("order_id", "friend"), ("customer_id", "email", "friend", "told_by_program")),
    named=frozenset(
        [
            "referrals",
            "referral",
            "empfehlungen",
            "empfehlung",
            "weiterempfehlungen",
            "referralcandy",
            "friendbuy",
            "kundenwerben",
        ]
    ),
    without=("quantity", "unit_price", "product_id"),
    fields=(
        Field(
            name="order_id",
            reads="id",
            telling=said(
                "Referred order, Referred order ID, Referred order number, Empfohlene Bestellung, "
                "Bestellung des Geworbenen, Friend order number, Referral order ID"
            ),
            usual=said(
                "order_id, Bestellnummer, Bestell-Nr, Bestellung, Order number, Order ID, Order, "
                "Order name, Auftragsnummer, Auftrag, Invoice number, External reference ID, "
                "Purchase ID, Rechnungsnummer"
            ),
        ),
        replace(CUSTOMER, telling=said(_WHO), usual=()),
        replace(EMAIL, telling=said(_ADDRESS), usual=()),
        Field(
            name="friend",
            reads="text",
            telling=said(
                "Friend email, Friend email address, Friend, Referee email, Referee, Referred "
                "customer email, Referred customer, Referred customer ID, Referred email, Friend ID, "
                "Friend customer ID, Geworbener Kunde, Geworbener, Geworbene Kundennummer, "
                "Kundennummer des Geworbenen, E-Mail des Geworbenen, Geworbener E-Mail, "
                "Empfohlener Kunde, Freund E-Mail"
            ),
        ),
        Field(
            name="referred_at",
            reads="instant",
            telling=said(
                "Referral date, Referred at, Referred on, Empfehlungsdatum, Empfohlen am, Geworben am"
            ),
            usual=said("Datum, Date, Created at, Erstellt am, Purchase date"),
        ),
        Field(
            name="told_by_program",
            reads="text",
            telling=said(
                "Friend name, Referred friend, Referral ID, Empfehlungscode, Referral code, "
                "Empfehlungsnummer"
            ),
        ),
    ),
    made={"referrer_id": "customer_id"},
    left_out={
        "order_id IS NULL AND friend IS NULL": Sentence(
            "Referrals that led to no order were left out: {count}."
        ),
    },
    same=("order_id",),
)
