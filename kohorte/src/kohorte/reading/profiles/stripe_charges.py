"""Stripe: the file that “Payments” exports.

One row for each attempt to pay, times in UTC. Traps: attempts that failed, that were never captured
or that were made in test mode stand among the others; the amount may be in the buyer's currency,
the converted one is in that of the account; a payment that was given back in part stays `Paid`.
"""

from __future__ import annotations

from kohorte.language import Sentence, Text
from kohorte.reading.profiles.layout import Layout, headers, signs

LAYOUT = Layout(
    slug="stripe_charges",
    name=Text(de="Stripe-Zahlungen", en="Stripe payments"),
    signs=(
        signs("id, Created (UTC), Amount, Amount Refunded, Currency, Status"),
        signs("id, Created date (UTC), Amount, Amount Refunded, Currency, Status"),
    ),
    columns=headers(
        order_id="id",
        customer_id="Customer ID",
        email="Customer Email",
        date="Created date (UTC), Created (UTC)",
        amount="Converted Amount, Amount",
        currency="Converted Currency, Currency",
        status="Status",
        refund="Converted Amount Refunded, Amount Refunded",
        country="Card Address Country, Card Issue Country",
    ),
    zone="UTC",
    states={
        "requires payment method": "unpaid",
        "requires confirmation": "unpaid",
        "requires action": "unpaid",
        "requires capture": "unpaid",
        "uncaptured": "unpaid",
    },
    flags={"Mode": {"test": "test"}, "Captured": {"false": "unpaid"}},
    taxes="inside",
    postage="inside",
    remarks=(Sentence("The file holds payments; each one counts as an order."),),
)
