"""The examples: people of example.com, what they bought, and what stands beside it, table by table."""

from __future__ import annotations

from kohorte.templates.examples.goods import DELIVERIES, PRODUCTS, RETURNS, SUBSCRIPTIONS
from kohorte.templates.examples.growth import LEADS, REFERRALS, SPEND
from kohorte.templates.examples.orders import ORDER_LINES, ORDERS
from kohorte.templates.examples.people import CUSTOMERS, REFUNDS
from kohorte.templates.examples.voices import RESPONSES, TICKETS

EVERY = (
    *(ORDERS, ORDER_LINES, REFUNDS, CUSTOMERS),
    *(PRODUCTS, SUBSCRIPTIONS, RESPONSES, SPEND, LEADS, TICKETS, REFERRALS, RETURNS, DELIVERIES),
)
