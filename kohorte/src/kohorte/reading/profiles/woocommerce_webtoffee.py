"""WooCommerce: the orders that the extension “Order Export” of WebToffee writes.

One row for each order, its lines in columns `line_item_1`, `line_item_2` …, each a text. Traps:
`customer_user` is 0 for every guest; refunds stand as `amount:…` inside the text of `refund_items`;
states may begin with `wc-`; `order_total` holds postage and taxes and stays as it was when money is
given back.
"""

from __future__ import annotations

from kohorte.language import Text
from kohorte.reading.profiles.layout import Layout, headers, signs

_STATES = {
    "pending": "unpaid",
    "on hold": "open",
    "processing": "counted",
    "completed": "counted",
    "failed": "unpaid",
    "cancelled": "cancelled",
    "refunded": "refunded",
    "trash": "cancelled",
    "checkout draft": "cancelled",
}

LAYOUT = Layout(
    slug="woocommerce_webtoffee",
    name=Text(de="WooCommerce-Export von WebToffee", en="WooCommerce export by WebToffee"),
    signs=(signs("order_id, order_number, order_date, order_total, order_currency"),),
    columns=headers(
        order_id="order_id",
        customer_id="customer_user, customer_id",
        email="customer_email, billing_email",
        date="order_date",
        amount="order_total",
        currency="order_currency",
        status="status",
        country="billing_country",
        refund="refund_items",
        tax="tax_total",
        postage="shipping_total",
    ),
    guests=("0",),
    cuts={"refund": r"amount:\s*(-?[0-9]+(?:\.[0-9]+)?)"},
    states=_STATES | {f"wc {word}": state for word, state in _STATES.items()},
    taxes="inside",
    postage="inside",
)
