"""CDNOW: customers of a CD shop who first bought in the first quarter of 1997.

Layout as published by Fader and Hardie: blank-separated text without a header – customer, day as
yyyymmdd, number of CDs, dollars. The sample of the papers has a second customer number of its own
behind the first; the first one joins it to the whole. Copies with a header are known as well.
Traps: no order number (a customer's purchases of one day are one order), and a few purchases of
0 dollars.
"""

from __future__ import annotations

from kohorte.language import Text
from kohorte.reading.profiles.layout import Layout

LAYOUT = Layout(
    slug="cdnow",
    name=Text(de="CDNOW", en="CDNOW"),
    headers=(
        {
            "customer_id": "customerid",
            "date": "date",
            "quantity": "numberofcds",
            "amount": "dollarvalue",
        },
        {"customer_id": "masterid", "date": "date", "quantity": "cds", "amount": "value"},
        {"customer_id": "customerid", "date": "date", "quantity": "cds", "amount": "value"},
    ),
    fields=(
        ("customer_id", "date", "quantity", "amount"),
        ("customer_id", None, "date", "quantity", "amount"),
    ),
    delimiter=" ",
    rows="lines",
    currency="USD",
)
