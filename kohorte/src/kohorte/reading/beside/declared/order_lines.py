"""Lines of orders that stand in another file: order_items.csv beside orders.csv.

Traps: a line has neither a customer nor, mostly, a day; its amount is before discounts and without
postage, so that the lines of an order do not add up to what was paid.
"""

from __future__ import annotations

from kohorte import tables
from kohorte.language import Sentence, Text
from kohorte.reading.beside.declaring import Field, FileKind, said

KIND = FileKind(
    table=tables.ORDER_LINES,
    name=Text(de="Positionen von Bestellungen", en="Lines of orders"),
    row=Sentence("a line of an order"),
    needs=(
        ("order_id",),
        ("product_id", "product"),
        ("quantity", "unit_price", "amount"),
    ),
    named=frozenset(),
    never=("customer_id", "email", "refund"),
    fields=(
        Field(
            name="order_id",
            reads="id",
            required=True,
            usual=said(
                "order_id, Bestellnummer, Bestell-Nr, Bestellung, Auftragsnummer, Auftrag, "
                "Order number, Order ID, Order, Order name, Order no, id_order, Externe "
                "Auftragsnummer, Rechnungsnummer, Invoice number"
            ),
        ),
        Field(
            name="product_id",
            reads="id",
            usual=said(
                "product_id, Artikelnummer, Artikel-Nr, Artikelnr, Art-Nr, SKU, Product number, "
                "Produktnummer, Item number, Lineitem sku, Variant SKU, Product code, Product ID, "
                "Artikel-ID, product_reference, Handle, EAN"
            ),
        ),
        Field(
            name="product",
            reads="text",
            usual=said(
                "product, Artikelname, Artikelbezeichnung, Bezeichnung, Produktname, Product name, "
                "Item name, order_item_name, Lineitem name, Label, Title, Titel, Artikel, Produkt, "
                "Name, Description, Beschreibung"
            ),
        ),
        Field(
            name="category",
            reads="text",
            usual=said(
                "category, Warengruppe, Kategorie, Artikelgruppe, Produktgruppe, Product category, "
                "Product type, Sortiment, Collection"
            ),
        ),
        Field(
            name="quantity",
            reads="number",
            usual=said(
                "quantity, Menge, Anzahl, Stück, Stückzahl, Qty, Lineitem quantity, product_qty, "
                "product_quantity, Units"
            ),
        ),
        Field(
            name="unit_price",
            reads="cost",
            usual=said(
                "unit_price, Einzelpreis, Stückpreis, Unit price, Preis, Price, Item price, "
                "Lineitem price, unit_price_tax_incl, Price each"
            ),
        ),
        Field(
            name="amount",
            reads="money",
            usual=said(
                "amount, Positionssumme, Positionsbetrag, Zeilensumme, Gesamtpreis, Line total, "
                "Item total, Total price, total_price, row_total, line_subtotal, Betrag, Summe, "
                "Total, product_gross_revenue, total_price_tax_incl"
            ),
        ),
        Field(name="currency", reads="code", usual=said("currency, Währung, Currency code")),
    ),
)
