"""Amazon: the order reports of Seller Central, text with tabs, one row for each line.

Three forms share the names of their columns: “All orders” (`amazon-order-id`, with `order-status`),
the fulfilment reports, and the list of what is still to be sent, which has no prices. Traps: the
buyer's address is an alias of the marketplace and is no customer; `item-price` is the price of the
whole line, not of a piece, before promotions and without postage, with taxes in Europe and without
them in America; an order that is still pending has no price.
"""

from __future__ import annotations

from kohorte.language import Sentence, Text
from kohorte.reading.profiles.layout import Layout, headers, signs

LAYOUT = Layout(
    slug="amazon",
    name=Text(de="Amazon-Bestellbericht", en="Amazon order report"),
    signs=(
        signs("amazon-order-id, purchase-date, sku"),
        signs("order-id, order-item-id, purchase-date"),
    ),
    columns=headers(
        order_id="amazon-order-id, order-id",
        date="purchase-date",
        amount="item-price",
        currency="currency",
        quantity="quantity-purchased, quantity, quantity-shipped",
        product="product-name",
        product_id="sku",
        status="order-status",
        country="ship-country",
        channel="sales-channel",
        tax="item-tax",
    ),
    rows="lines",
    states={
        # A pending order has no price yet: the marketplace has not taken the money.
        "pending": "unpaid",
        "shipped delivered to buyer": "counted",
        "shipped picked up": "counted",
        "shipped out for delivery": "counted",
        "shipped returning to seller": "counted",
        "shipped returned to seller": "refunded",
        "shipped rejected by buyer": "refunded",
    },
    marketplace=True,
    postage="outside",
    remarks=(
        Sentence(
            "The buyers' addresses are aliases of the marketplace; these orders count, but in no "
            "customer metric."
        ),
    ),
)
