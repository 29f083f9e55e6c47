"""eBay: the orders report of the Seller Hub, in English and German.

Empty lines stand before and after the header, and two lines at the end say how many orders follow
and whose they are. Traps: the buyer's address is an alias of the marketplace and is no customer; an
order of several articles begins with a row that bears its total, followed by one row for each
article; days are written with the name of the month and two digits for the year.
"""

from __future__ import annotations

from kohorte.language import Sentence, Text
from kohorte.reading.profiles.layout import Layout, headers, signs

LAYOUT = Layout(
    slug="ebay",
    name=Text(de="eBay-Bestellbericht", en="eBay orders report"),
    signs=(
        signs("Sales Record Number, Order Number, Sale Date"),
        signs("Sales Record Number, Order ID, Sale Date"),
        signs("Verkaufsprotokollnummer, Bestellnummer, Verkauft am"),
        signs("Verkaufsprotokollnummer, Bestellnummer, Verkaufsdatum"),
    ),
    columns=headers(
        order_id="Order Number, Order ID, Bestellnummer",
        date="Sale Date, Verkauft am, Verkaufsdatum",
        amount="Total Price, Gesamtbetrag, Gesamtpreis",
        quantity="Quantity, Anzahl, Stückzahl",
        product="Item Title, Angebotstitel, Artikelbezeichnung",
        product_id="Custom Label, Bestandseinheit, Item Number, Artikelnummer",
    ),
    rows="lines",
    filled_down=("date",),
    marketplace=True,
    taxes="inside",
    postage="inside",
    remarks=(
        Sentence(
            "The buyers' addresses are aliases of the marketplace; these orders count, but in no "
            "customer metric."
        ),
    ),
)
