"""When each customer's next order is to be expected, from the pauses that the shop has seen.

Until a customer has six finished pauses, the shop's own curve tells: of those who came back within
w days after as many purchase days, when had half of them, and four of five, come back? It is the
Kaplan–Meier curve, so pauses that are still open count for as long as they have been watched. Both
days are also given on the condition that the customer has not come until today, which moves them
on. This describes what customers like these did; no model foretells the single one.
"""

from __future__ import annotations

from typing import Literal, get_args

from kohorte.engine import Engine
from kohorte.errors import UnknownNameError
from kohorte.results import Listing

Status = Literal["overdue", "due", "not_due", "lapsed"]
STATUSES: tuple[Status, ...] = get_args(Status)

# A curve of its own takes so many finished pauses after as many purchase days (`next_orders.sql`).
KNOWN_FROM = 30
# From so many purchase days on they share one curve.
TOGETHER_FROM = 4

_DUE = """
SELECT
  n.customer_id,
  n.status,
  DATE '1970-01-01' + n.last_day AS last_on,
  n.elapsed_days,
  n.purchase_days,
  n.basis,
  n.usual_days,
  n.late_days,
  DATE '1970-01-01' + n.due_day AS due_on,
  DATE '1970-01-01' + n.late_day AS late_on,
  100 * n.chance AS chance_percent,
  CAST(v.value_minor AS DOUBLE) / $minor_units AS value
FROM next_orders AS n
JOIN customer_values AS v ON v.customer_id = n.customer_id
WHERE $status IN ('', n.status)
ORDER BY
  CASE n.status WHEN 'overdue' THEN 0 WHEN 'due' THEN 1 WHEN 'not_due' THEN 2 ELSE 3 END,
  v.value_minor DESC NULLS LAST,
  n.chance DESC NULLS LAST,
  n.customer_id
"""
COLUMNS = (
    *("customer_id", "status", "last_on", "elapsed_days", "purchase_days", "basis"),
    *("usual_days", "late_days", "due_on", "late_on", "chance_percent", "value"),
)
NOBODY = Listing(COLUMNS, ())


def customers(engine: Engine, *, status: str | None) -> Listing:
    """Return one row per customer, the overdue first and among them those of most value.

    Raises
    ------
    UnknownNameError
        There is no such status.
    """
    if status is not None and status not in STATUSES:
        raise UnknownNameError(
            "There is no status “{name}”. There are: {names}.",
            name=status,
            names=", ".join(STATUSES),
        )
    result = engine.cursor(_DUE, {"status": status or ""})
    columns = tuple(column[0] for column in result.description or [])
    return Listing(columns, tuple(result.fetchall()))
