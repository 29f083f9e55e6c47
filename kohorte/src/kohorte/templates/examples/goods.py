"""The examples of products with their costs, of contracts, of returns and of deliveries."""

from __future__ import annotations

from kohorte import tables
from kohorte.language import Text
from kohorte.templates.examples.words import BESIDE, IF_KNOWN, NUMBER, WHO
from kohorte.templates.fields import Field, Template, each, same

_PRODUCTS, _SUBSCRIPTIONS, _RETURNS, _DELIVERIES = (
    tables.BESIDE[name] for name in ("products", "subscriptions", "returns", "deliveries")
)
_PRODUCT = Text(de="Artikelnummer", en="Product number")

PRODUCTS = Template(
    _PRODUCTS,
    BESIDE,
    (
        Field(
            _PRODUCTS,
            "product_id",
            _PRODUCT,
            same("T-7", "K-2", "S-1"),
            Text(de="wie in den Bestellungen", en="as in the orders"),
        ),
        Field(
            _PRODUCTS,
            "product",
            Text(de="Artikelname", en="Product name"),
            each(("Tasse", "Kanne", "Schale"), ("Cup", "Pot", "Bowl")),
        ),
        Field(
            _PRODUCTS,
            "category",
            Text(de="Warengruppe", en="Category"),
            each(("Geschirr", "Geschirr", "Deko"), ("Tableware", "Tableware", "Decoration")),
        ),
        Field(
            _PRODUCTS,
            "unit_cost",
            Text(de="Einkaufspreis", en="Unit cost"),
            each(("2,80", "11,35", ""), ("2.80", "11.35", "")),
            Text(
                de=f"was ein Stück Sie kostet, ohne Umsatzsteuer; {IF_KNOWN.de}",
                en=f"what one unit costs you, without VAT; {IF_KNOWN.en}",
            ),
        ),
    ),
)
SUBSCRIPTIONS = Template(
    _SUBSCRIPTIONS,
    Text(
        de=f"{BESIDE.de} Nötig sind Kunde, Beginn und Monatsbetrag.",
        en=f"{BESIDE.en} Customer, start and monthly amount are needed.",
    ),
    (
        Field(
            _SUBSCRIPTIONS,
            "subscription_id",
            Text(de="Vertragsnummer", en="Contract number"),
            same("V-1", "V-2", "V-2"),
        ),
        Field(
            _SUBSCRIPTIONS,
            "customer_id",
            WHO,
            same("anna@example.com", "ben@example.com", "ben@example.com"),
            Text(
                de="E-Mail-Adresse oder Kundennummer, wie in den Bestellungen",
                en="e-mail address or customer number, as in the orders",
            ),
        ),
        Field(
            _SUBSCRIPTIONS,
            "starts_at",
            Text(de="Vertragsbeginn", en="Contract start"),
            each(
                ("01.01.2025", "15.01.2025", "15.01.2026"),
                ("2025-01-01", "2025-01-15", "2026-01-15"),
            ),
            Text(de="erster Tag der Laufzeit", en="first day of the term"),
        ),
        Field(
            _SUBSCRIPTIONS,
            "due_at",
            Text(de="Laufzeitende", en="Term end"),
            each(
                ("31.12.2025", "14.01.2026", ""),
                ("2025-12-31", "2026-01-14", ""),
            ),
            Text(
                de="vereinbarter letzter Tag; leer ohne feste Laufzeit",
                en="agreed last day; empty without a fixed term",
            ),
        ),
        Field(
            _SUBSCRIPTIONS,
            "ends_at",
            Text(de="Beendet am", en="Ended at"),
            each(
                ("31.12.2025", "15.01.2026", ""),
                ("2025-12-31", "2026-01-15", ""),
            ),
            Text(
                de="Tag, ab dem nichts mehr bezahlt wird; leer, solange der Vertrag läuft",
                en="day from which on nothing is paid; empty while the contract runs",
            ),
        ),
        Field(
            _SUBSCRIPTIONS,
            "monthly_minor",
            Text(de="Monatsbetrag", en="Monthly amount"),
            each(("9,90", "19,00", "24,00"), ("9.90", "19.00", "24.00")),
            Text(
                de="Betrag je Monat mit zwei Nachkommastellen",
                en="amount per month with two decimals",
            ),
        ),
        Field(
            _SUBSCRIPTIONS,
            "reason",
            Text(de="Kündigungsgrund", en="Cancellation reason"),
            each(("zu teuer", "", ""), ("too expensive", "", "")),
            Text(de=f"warum er endete; {IF_KNOWN.de}", en=f"why it ended; {IF_KNOWN.en}"),
        ),
    ),
)
RETURNS = Template(
    _RETURNS,
    Text(
        de=f"{BESIDE.de} Nötig sind Bestellung und Tag; was erstattet wurde, steht in `refunds`.",
        en=f"{BESIDE.en} Order and day are needed; what was paid back stands in `refunds`.",
    ),
    (
        Field(
            _RETURNS,
            "return_id",
            Text(de="Retourennummer", en="Return number"),
            same("R-1", "R-2", "R-3"),
        ),
        Field(
            _RETURNS,
            "order_id",
            NUMBER,
            same("B-1001", "B-1002", "B-1002"),
            Text(de="wie in den Bestellungen", en="as in the orders"),
        ),
        Field(
            _RETURNS,
            "product_id",
            _PRODUCT,
            same("T-7", "T-7", ""),
            Text(de="leer, wenn unbekannt", en="empty if unknown"),
        ),
        Field(
            _RETURNS,
            "quantity",
            Text(de="Menge", en="Quantity"),
            same("1", "2", ""),
            Text(de="zurückgesandte Stück", en="units returned"),
        ),
        Field(
            _RETURNS,
            "returned_at",
            Text(de="Rückgabedatum", en="Return date"),
            each(
                ("22.01.2026", "04.02.2026", "29.01.2026"),
                ("2026-01-22", "2026-02-04", "2026-01-29"),
            ),
            Text(de="Tag der Rückgabe oder Stornierung", en="day of the return or cancellation"),
        ),
        Field(
            _RETURNS,
            "kind",
            Text(de="Art", en="Kind"),
            each(("Retoure", "Retoure", "Stornierung"), ("return", "return", "cancellation")),
            Text(de="Retoure oder Stornierung", en="return or cancellation"),
        ),
        Field(
            _RETURNS,
            "reason",
            Text(de="Grund", en="Reason"),
            each(
                ("zu klein", "defekt", "Kunde hat es sich anders überlegt"),
                ("too small", "broken", "customer changed their mind"),
            ),
            Text(de=f"warum; {IF_KNOWN.de}", en=f"why; {IF_KNOWN.en}"),
        ),
    ),
)
DELIVERIES = Template(
    _DELIVERIES,
    Text(
        de=f"{BESIDE.de} Nötig sind die Bestellung und der Tag, an dem sie abging oder ankam.",
        en=f"{BESIDE.en} The order and the day it was sent or arrived are needed.",
    ),
    (
        Field(
            _DELIVERIES,
            "delivery_id",
            Text(de="Sendungsnummer", en="Parcel number"),
            same("S-1", "S-2", "S-3"),
        ),
        Field(
            _DELIVERIES,
            "order_id",
            NUMBER,
            same("B-1001", "B-1002", "B-1002"),
            Text(de="wie in den Bestellungen", en="as in the orders"),
        ),
        Field(
            _DELIVERIES,
            "shipped_at",
            Text(de="Versanddatum", en="Ship date"),
            each(
                ("16.01.2026", "30.01.2026", "31.01.2026"),
                ("2026-01-16", "2026-01-30", "2026-01-31"),
            ),
            Text(de="Tag, an dem sie abging", en="day it was sent"),
        ),
        Field(
            _DELIVERIES,
            "delivered_at",
            Text(de="Zugestellt am", en="Delivered at"),
            each(("18.01.2026", "02.02.2026", ""), ("2026-01-18", "2026-02-02", "")),
            Text(
                de="Tag, an dem sie ankam; leer, solange unterwegs",
                en="day it arrived; empty while on its way",
            ),
        ),
        Field(
            _DELIVERIES,
            "promised_at",
            Text(de="Zugesagt für", en="Promised for"),
            each(("19.01.2026", "01.02.2026", ""), ("2026-01-19", "2026-02-01", "")),
            Text(de=f"zugesagter Liefertag; {IF_KNOWN.de}", en=f"promised day; {IF_KNOWN.en}"),
        ),
    ),
)
