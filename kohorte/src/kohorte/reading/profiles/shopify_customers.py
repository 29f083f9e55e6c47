"""Shopify: the file that the administration exports under “Customers”, in both of its layouts.

The older one names its address columns plainly (`Country Code`), the newer one with `Default
Address` before them. Trap: it has a number, an e-mail and an amount in each row and looks like a
file of orders; it is none. Beside a file of orders it adds the customers' countries, by e-mail or
number.
"""

from __future__ import annotations

from kohorte.language import Text
from kohorte.reading.profiles.layout import Layout, headers, signs

LAYOUT = Layout(
    slug="shopify_customers",
    name=Text(de="Shopify-Kundenexport", en="Shopify customer export"),
    signs=(
        signs("First Name, Last Name, Email, Total Spent, Total Orders"),
        signs("First Name, Last Name, Email, Total Spent, Orders Count"),
    ),
    columns=headers(
        customer_id="Customer ID",
        email="Email",
        country="Country Code, Default Address Country Code, Country",
    ),
    apostrophes=True,
    holds="customers",
)
