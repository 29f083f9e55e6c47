"""Magento 2 and Adobe Commerce: what “Sales → Orders” exports, the sales order grid.

One row for each order and no lines. Traps: `Grand Total (Base)` is in the shop's currency, `Grand
Total (Purchased)` in the buyer's, and the file names neither, so that only the first can be added
up; `Closed` means fully refunded, `Pending Payment` that a customer never came back from the
gateway, `Pending` that a transfer or an invoice is still to be paid; there is no customer number, so guests and accounts are told apart by e-mail.
"""

from __future__ import annotations

from kohorte.language import Text
from kohorte.reading.profiles.layout import Layout, headers, signs

LAYOUT = Layout(
    slug="magento",
    name=Text(de="Magento-2-Bestellübersicht", en="Magento 2 sales order grid"),
    signs=(signs("ID, Purchase Date, Grand Total (Base), Status, Customer Email"),),
    columns=headers(
        order_id="ID",
        email="Customer Email",
        date="Purchase Date",
        amount="Grand Total (Base)",
        status="Status",
        refund="Total Refunded",
    ),
    states={
        "closed": "refunded",
        "geschlossen": "refunded",
        "pending": "open",
        "pending payment": "unpaid",
        "pending paypal": "unpaid",
        "suspected fraud": "open",
        "paypal reversed": "refunded",
        "paypal canceled reversal": "counted",
    },
    taxes="inside",
    postage="inside",
)
