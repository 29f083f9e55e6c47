"""The naive oracle: every definition a second time, in loops, sets and exact fractions.

Slow and plain on purpose. It shares no code with the SQL that it checks, and where both are asked
the same question over random order logs they must agree.
"""

from oracle.orders import Log, Order, Purchase, Refund, read
from oracle.table import Row, rows

__all__ = ["Log", "Order", "Purchase", "Refund", "Row", "read", "rows"]
