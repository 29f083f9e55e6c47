"""The canonical tables: what every reader delivers and every relation starts from."""

from __future__ import annotations

from kohorte.tables.beside import BESIDE
from kohorte.tables.filling import check, complete, create
from kohorte.tables.known import EVERY, STATES, TABLES
from kohorte.tables.orders import (
    CUSTOMERS,
    EXCLUDED_ROWS,
    IDENTITIES,
    ORDER_LINES,
    ORDERS,
    REFUNDS,
)
from kohorte.tables.table import Column, Table

__all__ = [
    "BESIDE",
    "CUSTOMERS",
    "EVERY",
    "EXCLUDED_ROWS",
    "IDENTITIES",
    "ORDERS",
    "ORDER_LINES",
    "REFUNDS",
    "STATES",
    "TABLES",
    "Column",
    "Table",
    "check",
    "complete",
    "create",
]
