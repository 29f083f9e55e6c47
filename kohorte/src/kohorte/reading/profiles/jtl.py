"""JTL-Wawi: orders that JTL-Ameise exports, whose columns the shop chooses.

Known from its documentation. Traps: amounts stand with and without taxes beside each other, and
those with taxes are taken; a cancelled order says so in a column of its own, `Storniert`; the number
of a marketplace stands in `Externe Auftragsnummer`, which is not the order number; orders of
marketplaces stand among the shop's own.
"""

from __future__ import annotations

from kohorte.language import Text
from kohorte.reading.profiles.layout import Layout, headers, signs

LAYOUT = Layout(
    slug="jtl",
    name=Text(de="JTL-Wawi-Aufträge", en="JTL-Wawi orders"),
    seen=False,
    signs=(
        signs("Auftragsnummer, Externe Auftragsnummer"),
        signs("Auftragsnummer, Plattform, Kundennummer"),
        signs("Auftragsnummer, Firma, Plattform, Storniert"),
    ),
    columns=headers(
        order_id="Auftragsnummer",
        customer_id="Kundennummer, Kunden-Nr.",
        email="E-Mail, Rechnungsadresse E-Mail, Kunde E-Mail",
        date="Erstelldatum, Auftragsdatum, Bestelldatum",
        amount="Gesamtbetrag brutto, Auftragswert brutto, Gesamtsumme brutto, Bruttobetrag, "
        "Gesamtbetrag, Auftragswert",
        quantity="Menge, Anzahl",
        unit_price="VK brutto, Einzelpreis brutto, Preis brutto",
        product="Artikelname, Positionsname",
        product_id="Artikelnummer",
        currency="Währung, Währungs-ISO",
        status="Auftragsstatus, Status",
        country="Rechnungsadresse Land, Land",
        channel="Plattform, Verkaufskanal",
    ),
    without=("amount", "amount_minor", "status", "refund"),
    flags={"Storniert": dict.fromkeys(("ja", "j", "1", "true", "wahr", "y", "yes"), "cancelled")},
)
