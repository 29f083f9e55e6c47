"""OXID eShop: the table of orders, `oxorder`, as modules and database programs write it.

Known from the shop's table, not from a file, because the shop has no export of its own. Traps:
`OXSTORNO` is 1 for a cancelled order, whatever its state; a basket that was left at the gateway has
the state `NOT_FINISHED` and no number; countries are ids; there are sums with and without taxes.
"""

from __future__ import annotations

from kohorte.language import Text
from kohorte.reading.profiles.layout import Layout, headers, signs

LAYOUT = Layout(
    slug="oxid",
    name=Text(de="OXID-Bestellungen", en="OXID orders"),
    seen=False,
    signs=(
        signs("OXORDERNR, OXORDERDATE, OXTOTALORDERSUM"),
        signs("OXORDERID, OXORDERDATE, OXTOTALORDERSUM"),
    ),
    columns=headers(
        order_id="OXORDERNR, OXORDERID",
        customer_id="OXUSERID",
        email="OXBILLEMAIL",
        date="OXORDERDATE",
        amount="OXTOTALORDERSUM",
        currency="OXCURRENCY",
        status="OXTRANSSTATUS",
        postage="OXDELCOST",
    ),
    without=("amount_minor", "quantity", "unit_price", "country", "refund"),
    states={"not finished": "unpaid", "notfinished": "unpaid", "error": "unpaid"},
    flags={"OXSTORNO": {"1": "cancelled", "true": "cancelled"}},
    taxes="inside",
    postage="inside",
)
