"""The kinds of files beside the orders. To add one, write a module with a `KIND` and name it here."""

from __future__ import annotations

from kohorte.reading.beside.declared import (
    deliveries,
    leads,
    order_lines,
    products,
    referrals,
    responses,
    returns,
    spend,
    subscriptions,
    tickets,
)
from kohorte.reading.beside.declaring import FileKind

DECLARED: dict[str, FileKind] = {
    each.KIND.table.name: each.KIND
    for each in (
        products, subscriptions, responses, spend, leads, tickets, referrals, returns, deliveries,
    )
}  # fmt: skip
# Lines of orders are not recognized by themselves but beside a file with their orders.
ORDER_LINES = order_lines.KIND
EVERY: dict[str, FileKind] = {**DECLARED, ORDER_LINES.table.name: ORDER_LINES}
