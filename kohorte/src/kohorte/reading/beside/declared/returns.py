"""Returns with their reasons, as returns portals, JTL-Wawi and own lists have them.

Traps: one return of several products has one number on several rows; a list with amounts is one of
refunds, and of returns as well if it tells why something came back.
"""

from __future__ import annotations

from kohorte import tables
from kohorte.language import Sentence, Text
from kohorte.reading.beside.declaring import Field, FileKind, choices, said

KIND = FileKind(
    table=tables.BESIDE["returns"],
    name=Text(de="Retouren mit Gründen", en="Returns with reasons"),
    row=Sentence("a returned product"),
    needs=(("order_id",), ("returned_at",)),
    named=frozenset(
        [
            "returns",
            "return",
            "retouren",
            "retoure",
            "ruecksendungen",
            "rueckgaben",
            "rma",
            "stornierungen",
            "stornos",
            "cancellations",
        ]
    ),
    without=("email",),
    never=("amount", "unit_price", "refund"),
    fields=(
        Field(
            name="return_id",
            reads="id",
            telling=said(
                "return_id, Retourennummer, Retoure, Retouren-Nr, Retourennr, Retoure-Nr, RMA, "
                "RMA number, RMA-Nummer, RMA-Nr, Return ID, Return number, Return no, "
                "Rücksendenummer, Rücksendung, Rückgabenummer, Return name"
            ),
            usual=said("ID, Nr, Nummer"),
        ),
        Field(
            name="order_id",
            reads="id",
            required=True,
            usual=said(
                "order_id, Bestellnummer, Bestell-Nr, Bestellung, Auftragsnummer, Auftrag, "
                "Order number, Order ID, Order, Order name, Order no, Externe Auftragsnummer, "
                "Rechnungsnummer, Invoice number"
            ),
        ),
        Field(
            name="product_id",
            reads="id",
            usual=said(
                "product_id, Artikelnummer, Artikel-Nr, Artikelnr, Art-Nr, SKU, Product number, "
                "Product ID, Item number, Variant SKU, Produktnummer, Item SKU, Artikel"
            ),
        ),
        Field(
            name="quantity",
            reads="number",
            usual=said("quantity, Menge, Anzahl, Stück, Stückzahl, Qty, Returned quantity, Units"),
        ),
        Field(
            name="returned_at",
            reads="instant",
            required=True,
            telling=said(
                "returned_at, Retourendatum, Rückgabedatum, Rücksendedatum, Zurückgesandt am, "
                "Zurückgegeben am, Retourniert am, Returned at, Return date, Returned on, Returned, "
                "Date returned, Stornodatum, Storniert am, Cancelled at, Cancellation date, "
                "Return created at, Return requested at, Retoure erstellt am"
            ),
            usual=said("Datum, Date, Erstellt am, Created at, Eingang, Eingangsdatum, Created"),
        ),
        Field(
            name="kind",
            reads="choice",
            otherwise="return",
            usual=said("kind, Art, Typ, Type, Vorgang"),
            choices=choices(
                **{
                    "return": "Retoure, Rücksendung, Rückgabe, Widerruf, Returned, RMA, Reklamation, "
                    "Umtausch, Exchange, Refund, Gutschrift",
                    "cancellation": "Storno, Stornierung, Storniert, Cancelled, Canceled, Cancel, "
                    "Abbruch",
                }
            ),
        ),
        Field(
            name="reason",
            reads="text",
            telling=said(
                "Retourengrund, Rücksendegrund, Rückgabegrund, Grund der Retoure, Grund der "
                "Rücksendung, Return reason, Reason for return, Returns reason, Stornogrund, "
                "Stornierungsgrund, Cancellation reason, Cancel reason, Return reason code"
            ),
            usual=said("reason, Grund, Reason code, Bemerkung"),
        ),
    ),
    made={"kind": "coalesce(kind, 'return')"},
    same=("return_id", "order_id", "product_id"),
)
