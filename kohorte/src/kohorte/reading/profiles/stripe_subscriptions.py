"""Stripe: the file that “Subscriptions” exports, which holds contracts and no orders.

Traps: it has a number, a customer, a day and an amount in each row and looks like a file of orders;
amounts are per plan and interval; the columns are read as `beside.declared.subscriptions` says.
"""

from __future__ import annotations

from kohorte.language import Text
from kohorte.reading.profiles.layout import Layout, signs

LAYOUT = Layout(
    slug="stripe_subscriptions",
    name=Text(de="Stripe-Abonnements", en="Stripe subscriptions"),
    signs=(
        signs("id, Customer ID, Status, Current Period Start (UTC)"),
        signs("id, Customer ID, Status, Plan, Interval"),
    ),
    holds="subscriptions",
    zone="UTC",
)
