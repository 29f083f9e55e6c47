"""BigCommerce: the default template of “Export orders”.

One row for each order. Traps: `Customer ID` is 0 for every guest; each amount stands twice, with
and without taxes; `Incomplete` orders were never paid; the lines are one text in `Product Details`.
"""

from __future__ import annotations

from kohorte.language import Text
from kohorte.reading.profiles.layout import Layout, headers, signs

LAYOUT = Layout(
    slug="bigcommerce",
    name=Text(de="BigCommerce-Bestellexport", en="BigCommerce order export"),
    signs=(signs("Order ID, Order Date, Order Status, Order Total (inc tax)"),),
    columns=headers(
        order_id="Order ID",
        customer_id="Customer ID",
        email="Customer Email, Billing Email",
        date="Order Date",
        amount="Order Total (inc tax)",
        currency="Order Currency Code",
        status="Order Status",
        quantity="Total Quantity",
        country="Billing Country, Shipping Country",
        channel="Channel Name, Order Source",
        refund="Refund Amount",
        tax="Tax Total",
        postage="Shipping Cost (inc tax)",
    ),
    guests=("0",),
    states={
        "incomplete": "unpaid",
        "pending": "open",
        "manual verification required": "open",
    },
    taxes="inside",
    postage="inside",
)
