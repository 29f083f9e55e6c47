"""Gambio: orders under the names of its tables, which exports and modules share.

Known from its documentation. Traps: `customers_id` is 0 for guests; the state may be a number, 99
being cancelled; whether an amount holds taxes depends on the customer's group.
"""

from __future__ import annotations

from kohorte.language import Text
from kohorte.reading.profiles.layout import Layout, headers, signs

LAYOUT = Layout(
    slug="gambio",
    name=Text(de="Gambio-Bestellungen", en="Gambio orders"),
    seen=False,
    signs=(
        signs("orders_id, customers_email_address, date_purchased"),
        signs("orders_id, customers_id, date_purchased"),
    ),
    columns=headers(
        order_id="orders_id",
        customer_id="customers_id",
        email="customers_email_address",
        date="date_purchased",
        amount="order_total, orders_total, total, final_price",
        currency="currency",
        status="orders_status_name, orders_status",
        product="products_name",
        product_id="products_model, products_id",
        quantity="products_quantity",
        unit_price="products_price",
        country="billing_country, customers_country",
    ),
    without=("amount_minor", "refund"),
    guests=("0",),
    states={"99": "cancelled"},
)
