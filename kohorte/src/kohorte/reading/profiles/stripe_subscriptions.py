"""Stripe: the file that “Subscriptions” exports, which holds contracts and no orders.

Trap: it has a number, a customer, a day and an amount in each row and looks like a file of orders.
"""

from __future__ import annotations

from kohorte.language import Sentence, Text
from kohorte.reading.profiles.layout import Layout, signs

LAYOUT = Layout(
    slug="stripe_subscriptions",
    name=Text(de="Stripe-Abonnements", en="Stripe subscriptions"),
    signs=(
        signs("id, Customer ID, Status, Current Period Start (UTC)"),
        signs("id, Customer ID, Status, Plan, Interval"),
    ),
    refused=Sentence(
        "{file} holds Stripe subscriptions, which are contracts and no orders, and cannot be read "
        "yet. Export the payments instead."
    ),
)
