"""Shopify: the file that the administration exports under “Orders”, with up to 79 columns.

One row for each line of an order. What belongs to the whole order – its total, status, currency
and refunds – stands in the order's first row only; number, e-mail and time mostly stand in every
row, and are filled down where they do not. Traps: `Id` is empty on further rows, so `Name` is the
order number; `Paid at`, `Fulfilled at` and `Cancelled at` are not when it was placed; cells such as
a telephone number begin with an apostrophe; `Total` is what was paid after discounts, with postage
and taxes, unlike the prices of the lines; a cancelled order keeps its financial status, so that
`Cancelled at` decides; orders of the test gateway bear its name as `Payment Method`. `pending` and
`authorized` are orders placed on invoice or prepayment, which count until the time to pay is over.
"""

from __future__ import annotations

from kohorte.language import Text
from kohorte.reading.profiles.layout import Layout, headers, signs

LAYOUT = Layout(
    slug="shopify",
    name=Text(de="Shopify-Bestellexport", en="Shopify order export"),
    signs=(signs("Name, Email, Created at, Total, Currency, Financial Status, Lineitem quantity"),),
    columns=headers(
        order_id="Name",
        email="Email",
        date="Created at",
        amount="Total",
        currency="Currency",
        status="Financial Status",
        quantity="Lineitem quantity",
        product="Lineitem name",
        unit_price="Lineitem price",
        product_id="Lineitem sku",
        refund="Refunded Amount",
        country="Billing Country, Shipping Country",
        channel="Source",
        tax="Taxes",
        postage="Shipping",
    ),
    rows="lines",
    filled_down=("date", "email", "country"),
    apostrophes=True,
    states={"pending": "open", "authorized": "open", "partially paid": "counted"},
    flags={
        "Payment Method": {
            "bogus": "test",
            "bogus gateway": "test",
            "(for testing) bogus gateway": "test",
        },
        "Cancelled at": {"*": "cancelled"},
    },
    taxes="inside",
    postage="inside",
)
