"""Parcels of orders, as carriers, JTL-Wawi, Shopify, Amazon and own lists have them.

Traps: an order has several parcels, and arrives with the last; what is on its way has no day of
arrival yet; an export of orders that tells when they were sent is one of orders all the same.
"""

from __future__ import annotations

from kohorte import tables
from kohorte.language import Sentence, Text
from kohorte.reading.beside.declaring import Field, FileKind, said

KIND = FileKind(
    table=tables.BESIDE["deliveries"],
    name=Text(de="Lieferungen", en="Deliveries"),
    row=Sentence("a parcel"),
    needs=(("order_id",), ("delivered_at", "shipped_at")),
    named=frozenset(
        [
            "deliveries",
            "delivery",
            "shipments",
            "shipment",
            "parcels",
            "fulfillments",
            "fulfilments",
            "lieferungen",
            "lieferung",
            "sendungen",
            "sendung",
            "pakete",
            "zustellungen",
        ]
    ),
    without=("email",),
    never=("amount", "unit_price", "refund"),
    fields=(
        Field(
            name="delivery_id",
            reads="id",
            telling=said(
                "delivery_id, Sendungsnummer, Sendungs-Nr, Paketnummer, Paket-Nr, Tracking number, "
                "Tracking-Nummer, Trackingnummer, Tracking ID, Trackingcode, Tracking code, Shipment ID, "
                "Shipment number, Parcel number, Fulfillment ID, Lieferscheinnummer, Lieferschein-Nr, "
                "Delivery number, Delivery note number"
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
                "amazon-order-id, Rechnungsnummer, Invoice number, Referenz, Reference, Name"
            ),
        ),
        Field(
            name="shipped_at",
            reads="instant",
            telling=said(
                "shipped_at, Versanddatum, Versandt am, Versendet am, Verschickt am, Versandtag, "
                "Shipped at, Shipped on, Shipped, Ship date, Shipping date, Date shipped, Shipment date, "
                "Shipment-date, Dispatched at, Dispatch date, Fulfilled at, Fulfillment date, "
                "Sendungsdatum, Warenausgang"
            ),
        ),
        Field(
            name="delivered_at",
            reads="instant",
            telling=said(
                "delivered_at, Zugestellt am, Zustelldatum, Zustellung am, Zustellzeitpunkt, Geliefert am, "
                "Angekommen am, Ausgeliefert am, Delivered at, Delivered on, Delivered, Date delivered, "
                "Delivered date, Actual delivery date, Ankunft"
            ),
            usual=said("Lieferdatum, Delivery date, Liefertag"),
        ),
        Field(
            name="promised_at",
            reads="instant",
            telling=said(
                "promised_at, Zugesagt für, Zugesagter Liefertermin, Zugesagt bis, Liefertermin, "
                "Voraussichtliche Lieferung, Voraussichtliches Lieferdatum, Lieferung bis, Promised at, "
                "Promised for, Promise date, Promised delivery date, Estimated delivery date, "
                "Estimated delivery, Expected delivery date, Expected delivery, Latest delivery date"
            ),
        ),
    ),
    left_out={
        "coalesce(shipped_at_text, delivered_at_text) IS NULL": Sentence(
            "Orders that were not sent yet were left out: {count}."
        ),
    },
    # An order that comes in one parcel needs no number for it, and bears the same one in the next file.
    made={"delivery_id": "coalesce(l.delivery_id, o.order_id, l.order_id)"},
    same=("order_id", "delivery_id"),
)
