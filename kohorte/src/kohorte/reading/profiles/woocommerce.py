"""WooCommerce: the file that “Analytics → Orders” of the shop itself exports.

One row for each order, and one with a negative amount for each refund, under the order's number.
Traps: the customer is only a name, so people of the same name are one; `N. Revenue` (later `Net
Sales`) holds neither taxes nor postage, and its formatted twin is a text with a currency sign;
`pending` means that a customer never paid at the gateway, while `on-hold` waits for a transfer.
"""

from __future__ import annotations

from kohorte.language import Sentence, Text
from kohorte.reading.profiles.layout import Layout, headers, signs

LAYOUT = Layout(
    slug="woocommerce",
    name=Text(de="WooCommerce-Analyse „Bestellungen“", en="WooCommerce analytics “Orders”"),
    signs=(
        signs("Date, Order #, Status, Customer, Customer type, N. Revenue"),
        signs("Date, Order #, Status, Customer, Customer type, Net Sales"),
    ),
    columns=headers(
        order_id="Order #",
        customer_id="Customer",
        date="Date",
        amount="N. Revenue, Net Sales",
        status="Status",
        quantity="Items sold",
        channel="Attribution",
    ),
    rows="orders",
    states={
        **dict.fromkeys(("pending", "pending payment", "zahlung ausstehend"), "unpaid"),
        "trash": "cancelled",
        "checkout draft": "cancelled",
    },
    taxes="outside",
    postage="outside",
    remarks=(
        Sentence(
            "The file knows customers by name only; people of the same name count as one. An "
            "export with e-mail addresses is better."
        ),
    ),
)
