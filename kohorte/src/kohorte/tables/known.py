"""All canonical tables by name."""

from __future__ import annotations

from kohorte.settings import UNCOUNTED
from kohorte.tables.beside import BESIDE
from kohorte.tables.orders import (
    CUSTOMERS,
    EXCLUDED_ROWS,
    IDENTITIES,
    ORDER_LINES,
    ORDERS,
    REFUNDS,
)
from kohorte.tables.table import Table

# All that the state of an order may be; `open` counts while the time to pay is not over.
STATES = ("counted", "open", *UNCOUNTED)
TABLES = {
    table.name: table
    for table in (ORDERS, ORDER_LINES, REFUNDS, CUSTOMERS, EXCLUDED_ROWS, IDENTITIES)
}
# With the tables beside the orders, which may all be empty.
EVERY: dict[str, Table] = {**TABLES, **BESIDE}
