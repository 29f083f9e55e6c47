"""UCI Online Retail II: the same shop with the year before, 2009-12-01 to 2011-12-09.

Layout as published: `Invoice, StockCode, Description, Quantity, InvoiceDate, Price, Customer ID,
Country`. The traps are those of `online_retail`; besides, the two years overlap: the first nine
days of December 2010 stand in both.
"""

from __future__ import annotations

from dataclasses import replace

from kohorte.language import Text
from kohorte.reading.profiles import online_retail

LAYOUT = replace(
    online_retail.LAYOUT,
    slug="online_retail_ii",
    name=Text(de="UCI Online Retail II", en="UCI Online Retail II"),
    headers=(
        {
            "order_id": "invoice",
            "product_id": "stockcode",
            "product": "description",
            "quantity": "quantity",
            "date": "invoicedate",
            "unit_price": "price",
            "customer_id": "customerid",
            "country": "country",
        },
    ),
)
