"""Lists of products with their costs, as Shopify, JTL-Wawi and merchandise management write them.

Traps: Shopify's list has further rows for pictures and variants without a number; prices for
customers stand beside the cost.
"""

from __future__ import annotations

from kohorte import tables
from kohorte.language import Sentence, Text
from kohorte.reading.beside.declaring import Field, FileKind, said

KIND = FileKind(
    table=tables.BESIDE["products"],
    name=Text(de="Artikel mit Kosten", en="Products with costs"),
    row=Sentence("a product"),
    needs=(("product_id",), ("unit_cost",)),
    named=frozenset(
        [
            "products",
            "product",
            "produkte",
            "artikel",
            "artikelliste",
            "artikelstamm",
            "produktliste",
            "cogs",
            "einkaufspreise",
            "kosten",
            "wareneinsatz",
        ]
    ),
    without=("customer_id", "email", "order_id"),
    fields=(
        Field(
            name="product_id",
            reads="id",
            usual=said(
                "product_id, Variant SKU, SKU, Artikelnummer, Artikel-Nr, Artikelnr, Art-Nr, "
                "Produktnummer, Produkt-Nr, Product number, Item number, Item no, Product ID, "
                "Artikel-ID, Handle, StockCode, EAN, GTIN, Product code, Variant ID, ID"
            ),
        ),
        Field(
            name="product",
            reads="text",
            usual=said(
                "product, Title, Artikelname, Artikelbezeichnung, Bezeichnung, Produktname, "
                "Product name, Item name, Description, Beschreibung, Artikel, Produkt, Name"
            ),
        ),
        Field(
            name="category",
            reads="text",
            usual=said(
                "category, Warengruppe, Kategorie, Artikelgruppe, Produktgruppe, Product category, "
                "Product type, Type, Sortiment, Collection"
            ),
        ),
        Field(
            name="unit_cost",
            reads="cost",
            telling=said(
                "unit_cost, Einstandskosten, Einstandspreis, Einkaufspreis, EK, EK-Preis, EK netto, "
                "Netto-EK, Einkaufspreis netto, Durchschnittlicher EK, Durchschnittlicher EK netto, "
                "EK netto für GLD, GLD, Wareneinsatz, Herstellungskosten, Herstellkosten, "
                "Kosten je Stück, Kosten pro Stück, Stückkosten, Cost per item, Cost price, "
                "Purchase price, Cost of goods, Cost of goods sold, COGS, Unit cost, Cost per unit, "
                "Variant cost, Landed cost, Average cost, Wholesale cost, Selbstkosten"
            ),
            usual=said("Kosten, Cost"),
        ),
        Field(name="currency", reads="code", usual=said("currency, Währung, Currency code")),
    ),
    left_out={
        "product_id IS NULL": Sentence("Rows without a product number were left out: {count}."),
    },
    same=("product_id",),
)
