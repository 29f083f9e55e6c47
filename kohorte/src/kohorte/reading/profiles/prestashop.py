"""PrestaShop: what the list of orders exports.

One row for each order, semicolons between the cells; the amount, with taxes and postage, bears a
currency sign. Traps: `Reference` may be shared by several orders of one basket, so `ID` is the
order; `Customer` is an initial and a surname; the words of the state are the shop's own, in its
language.
"""

from __future__ import annotations

from kohorte.language import Sentence, Text
from kohorte.reading.profiles.layout import Layout, headers, signs

LAYOUT = Layout(
    slug="prestashop",
    name=Text(de="PrestaShop-Bestellliste", en="PrestaShop order list"),
    signs=(
        signs("ID, Reference, New client, Customer, Total, Status, Date"),
        signs("ID, Bestell-Nr., Neukunde, Kunde, Gesamt, Status, Datum"),
    ),
    columns=headers(
        order_id="ID",
        customer_id="Customer, Kunde",
        date="Date, Datum",
        amount="Total, Gesamt",
        status="Status",
        country="Delivery, Lieferung",
    ),
    states={
        "payment error": "unpaid",
        "zahlungsfehler": "unpaid",
        "fehler bei der bezahlung": "unpaid",
        "rueckerstattung": "refunded",
        "on backorder not paid": "open",
    },
    taxes="inside",
    postage="inside",
    remarks=(
        Sentence(
            "The file knows customers by initial and surname only; those who share them count as "
            "one. An export with id_customer or e-mail addresses is better."
        ),
    ),
)
