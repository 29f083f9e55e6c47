"""UCI Online Retail: a British web wholesaler, 2010-12-01 to 2011-12-09.

Layout as published: `InvoiceNo, StockCode, Description, Quantity, InvoiceDate, UnitPrice,
CustomerID, Country`, dates month first. Traps: cancellations are later invoices that begin with C
and do not name the original; A is a correction of bad debt; a quarter of the lines has no
customer; customer numbers may come as 17850.0; postage, fees, samples and vouchers stand among
the goods.
"""

from __future__ import annotations

from kohorte.language import Text
from kohorte.reading.profiles.layout import Layout

NOT_GOODS = (
    "POST", "DOT", "M", "C2", "C3", "D", "S", "B", "BANK CHARGES", "AMAZONFEE", "ADJUST*", "CRUK",
    "GIFT*", "TEST*",
)  # fmt: skip

LAYOUT = Layout(
    slug="online_retail",
    name=Text(de="UCI Online Retail", en="UCI Online Retail"),
    headers=(
        {
            "order_id": "invoiceno",
            "product_id": "stockcode",
            "product": "description",
            "quantity": "quantity",
            "date": "invoicedate",
            "unit_price": "unitprice",
            "customer_id": "customerid",
            "country": "country",
        },
    ),
    rows="lines",
    currency="GBP",
    month_first=True,
    kinds={"C": "cancellation", "A": "adjustment"},
    positive_only=True,
    not_goods=NOT_GOODS,
)
