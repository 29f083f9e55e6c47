"""Rows that say again what the other rows of their order add up to, as tills write sales.

A column such as “Line Type” tells them from the lines. Were both counted, every order would cost
twice as much; so the rows with the sum are left out, and a remark says how many.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace

import duckdb

from kohorte.language import Sentence
from kohorte.reading import sql
from kohorte.reading.plan import Plan
from kohorte.reading.rows import kinds_of_rows
from kohorte.reading.source import Column

# So many orders with rows of several kinds at least, and this share of them, must repeat their sum.
ORDERS_MIN = 3
NEARLY_ALL = 0.9
_TOLERANCE = 0.02


def leave_out(plan: Plan, *, connection: duckdb.DuckDBPyConnection) -> None:
    """Leave rows that repeat the sum of their order out of a file, and tell it."""
    for column in kinds_of_rows.columns(plan):
        word = _repeating(plan, column)
        if word is None:
            continue
        relation = plan.source.relation
        is_sum = f"coalesce(trim({column.sql}::VARCHAR) = {sql.literal(word)}, false)"
        (count,) = sql.row(connection, f"SELECT count_if({is_sum}) FROM {relation}")
        plan.source = replace(
            plan.source,
            relation=f"(SELECT * FROM {relation} WHERE NOT {is_sum})",
            rows=plan.source.rows - count,
        )
        plan.remarks.append(
            Sentence(
                "Rows with “{word}” in “{column}” repeat what the other rows of their order add up "
                "to and were left out: {count}.",
                {"word": word, "column": column.name, "count": count},
            )
        )
        return


def _repeating(plan: Plan, column: Column) -> str | None:
    """Return the word of the rows with the sum: one in nearly every order of several kinds.

    In an order of one line both kinds bear the same amount; the kind with fewer rows is the sum.
    """
    order, money = plan.columns.get("order_id"), plan.columns.get("amount")
    if order is None or money is None:
        return None
    kinds = plan.facts[column.index]
    orders: defaultdict[str, list[tuple[str, float]]] = defaultdict(list)
    for number, word, amount in zip(
        plan.facts[order.index].cells, kinds.cells, plan.facts[money.index].numbers, strict=True
    ):
        if number is not None and word is not None and amount:
            orders[number].append((word, amount))
    several = [rows for rows in orders.values() if len({word for word, _ in rows}) > 1]
    hits: Counter[str] = Counter()
    for rows in several:
        hits.update(_sums(rows))
    least = max(ORDERS_MIN, NEARLY_ALL * len(several))
    found = [word for word, count in hits.items() if count >= least]
    return min(found, key=lambda word: (kinds.counts[word], word), default=None)


def _sums(rows: list[tuple[str, float]]) -> list[str]:
    """Return the words that one row of an order bears, which is worth as much as all others."""
    times = Counter(word for word, _ in rows)
    total = sum(amount for _, amount in rows)
    return [
        word for word, amount in rows if times[word] == 1 and abs(total - 2 * amount) <= _TOLERANCE
    ]
