"""Shopware 6: what the supplied export profile “Default orders” writes.

One row for each order, semicolons between the cells, times in UTC. Traps: no currency, no word on
taxes, and states and countries as ids without their names; `customer_email` is the only mark of
the customer, which guests have as well; `line_items` is a text.
"""

from __future__ import annotations

from kohorte.language import Text
from kohorte.reading.profiles.layout import Layout, headers, signs

LAYOUT = Layout(
    slug="shopware",
    name=Text(de="Shopware-6-Standardbestellungen", en="Shopware 6 default orders"),
    signs=(signs("order_number, customer_email, amount_total, order_date_time"),),
    columns=headers(
        order_id="order_number",
        email="customer_email",
        date="order_date_time",
        amount="amount_total",
        status="order_state_id",
    ),
    zone="UTC",
    postage="inside",
)
