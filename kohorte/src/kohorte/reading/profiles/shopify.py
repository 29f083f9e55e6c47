"""Shopify: the file that the administration exports under “Orders”.

One row for each line of an order. What belongs to the whole order – its total, status, currency
and refunds – stands in the order's first row only; number, e-mail and time stand in every row.
Traps: `Id` is empty on further rows, so `Name` is the order number; `Paid at`, `Fulfilled at` and
`Cancelled at` are not when it was placed; the total holds postage and taxes, unlike the prices of
the lines.
"""

from __future__ import annotations

from kohorte.language import Text
from kohorte.reading.options import Meaning
from kohorte.reading.profiles.layout import Layout

_ALWAYS: dict[Meaning, str] = {
    "order_id": "name",
    "email": "email",
    "date": "createdat",
    "amount": "total",
    "currency": "currency",
    "status": "financialstatus",
    "quantity": "lineitemquantity",
    "product": "lineitemname",
    "unit_price": "lineitemprice",
}
_MOST: dict[Meaning, str] = {
    "product_id": "lineitemsku",
    "refund": "refundedamount",
    "country": "billingcountry",
}

LAYOUT = Layout(
    slug="shopify",
    name=Text(de="Shopify-Bestellexport", en="Shopify order export"),
    headers=({**_ALWAYS, **_MOST}, _ALWAYS),
    rows="lines",
)
