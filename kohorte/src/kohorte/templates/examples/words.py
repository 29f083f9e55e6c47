"""What several examples say: who, when, and how a file is read."""

from __future__ import annotations

from kohorte.language import Text

CUSTOMER = Text(
    de="E-Mail-Adresse oder Kundennummer; leer, wenn unbekannt",
    en="e-mail address or customer number; empty if unknown",
)
WHEN = Text(
    de="Tag und Uhrzeit der Bestellung in der Zeitzone des Shops; der Tag genügt",
    en="day and time of the order in the shop's time zone; the day is enough",
)
WHO = Text(de="E-Mail-Adresse", en="E-mail address")
DATE = Text(de="Bestelldatum", en="Order date")
NUMBER = Text(de="Bestellnummer", en="Order number")

BESIDE = Text(
    de="Lesen mit: `kohorte report BESTELLUNGEN DATEI`, neben den Bestellungen.",
    en="Read it with: `kohorte report ORDERS FILE`, beside the orders.",
)
IF_KNOWN = Text(de="leer, wenn unbekannt", en="empty if unknown")
