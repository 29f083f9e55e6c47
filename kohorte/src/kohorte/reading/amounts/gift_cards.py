"""Lines that sell gift cards: money taken for later, and no revenue until it is spent.

A line is one if its product's name or number says so and its amount is above zero. A bare
“Gutschein”, “voucher” or “coupon” is not: shops write a discount that way.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from decimal import Decimal

import duckdb

from kohorte.language import Sentence
from kohorte.reading import sql
from kohorte.reading.options import Meaning
from kohorte.reading.plan import Plan

# Ways to say gift card; a blank stands for any number of blanks, hyphens and underscores.
NAMES = (
    "gift cards?",
    "gift vouchers?",
    "gift certificates?",
    "gift tokens?",
    "(?:^|[^a-z])e gift",
    "geschenk gutscheine?",
    "geschenk karten?",
    "geschenk codes?",
    "wert gutscheine?",
    "gutschein karten?",
    "guthaben karten?",
    "präsent gutscheine?",
    "kauf gutscheine?",
)
# What is made for gift cards, and is none.
GOODS = (
    "box", "holder", "sleeve", "envelope", "wallet", "tin", "wrap", "packaging", "hülle", "halter",
    "schachtel", "umschlag", "verpackung", "etui", "mappe",
)  # fmt: skip
_BLANK = r"[\s_-]*"
_NAME = f"(?i){'|'.join(name.replace(' ', _BLANK) for name in NAMES)}"
_GOODS = rf"(?i)(?:cards?|vouchers?|certificates?|karten?|gutscheine?){_BLANK}(?:{'|'.join(GOODS)})"
# Only texts with one of these are worth a closer look.
_HINTS = ("gift", "gutschein", "geschenk", "guthaben")
_TOLD_BY: tuple[Meaning, ...] = ("product", "product_id")


def settle(plan: Plan, *, connection: duckdb.DuckDBPyConnection) -> None:
    """Note whether a file sells gift cards, and whether its amounts are those of whole orders.

    Layouts that know by product numbers what is no goods are left as they are.
    """
    columns = [plan.columns[meaning] for meaning in _TOLD_BY if meaning in plan.columns]
    if not columns or not plan.has_amounts or plan.layout.not_goods or plan.kind != "orders":
        return
    tests = " OR ".join(named(f"{column.sql}::VARCHAR") for column in columns)
    found = sql.rows(connection, f"SELECT 1 FROM {plan.source.relation} WHERE {tests} LIMIT 1")
    plan.sells_gift_cards = bool(found)
    plan.first_rows_pay = bool(found) and _first_rows_pay(plan, connection=connection)


def _first_rows_pay(plan: Plan, *, connection: duckdb.DuckDBPyConnection) -> bool:
    """Return whether the amount is the order's and stands on one of its rows, or counts once."""
    if plan.rows != "lines" or plan.priced or "amount" not in plan.columns:
        return False
    if plan.whole_orders or plan.layout.filled_down:
        return True
    if "order_id" not in plan.columns or "unit_price" not in plan.columns:
        return False
    order, amount = plan.columns["order_id"].sql, plan.columns["amount"].sql
    several, once = sql.row(
        connection,
        "SELECT count(*), count_if(filled = 1) FROM ("
        f"SELECT count(nullif(trim({amount}::VARCHAR), '')) AS filled FROM {plan.source.relation} "
        f"WHERE {order} IS NOT NULL GROUP BY {order} HAVING count(*) > 1)",
    )
    return bool(several) and several == once


def named(text: str) -> str:
    """Return the SQL test for texts that name a gift card."""
    hints = " OR ".join(f"contains(lower({text}), {sql.literal(hint)})" for hint in _HINTS)
    return (
        f"(({hints}) AND regexp_matches({text}, {sql.literal(_NAME)}) "
        f"AND NOT regexp_matches({text}, {sql.literal(_GOODS)}))"
    )


def taken_out(lines: str, *, plan: Plan, uncounted: Collection[str]) -> str:
    """Return the lines with `gift`, the amount of a gift card, and `rest`, what remains.

    A gift card never takes more out of an order than the order is worth. Orders in one of the
    states `uncounted` keep their amounts: they do not count anyway.
    """
    told = " OR ".join(
        f"coalesce({named(meaning)}, false)" for meaning in _TOLD_BY if meaning in plan.columns
    )
    test = f"({told}) AND coalesce(state, 'counted') NOT IN ({sql.texts(uncounted) or 'NULL'})"
    if not plan.first_rows_pay:
        gift = f"CASE WHEN ({test}) AND amount > 0 THEN amount END"
        cards = f"SELECT *, {gift} AS gift FROM ({lines})"
        rest = "CASE WHEN gift IS NULL THEN amount ELSE 0 END"
        return f"(SELECT *, ({rest})::DECIMAL(38,9) AS rest FROM ({cards}))"
    order = "PARTITION BY order_id"
    before = f"{order} ORDER BY line ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING"
    marked = f"SELECT *, ({test}) AS is_gift, {_price(plan)} AS price FROM ({lines})"
    summed = (
        f"SELECT *, greatest(max(amount) OVER ({order}), 0) AS whole, "
        f"bool_and(is_gift) OVER ({order}) AS only_gifts, "
        f"row_number() OVER ({order} ORDER BY amount IS NULL, line) = 1 AS pays FROM ({marked})"
    )
    priced = (
        "SELECT * REPLACE (CASE WHEN is_gift THEN coalesce(greatest(price, 0), "
        f"CASE WHEN only_gifts THEN whole ELSE 0 END) ELSE 0 END AS price) FROM ({summed})"
    )
    left = f"whole - coalesce(sum(price) OVER ({before}), 0)"
    cards = (
        "SELECT *, CASE WHEN is_gift THEN nullif(greatest(least(price, "
        f"{left}), 0), 0) END::DECIMAL(38,9) AS gift FROM ({priced})"
    )
    rest = f"amount - CASE WHEN pays THEN coalesce(sum(gift) OVER ({order}), 0) ELSE 0 END"
    names = "is_gift, price, whole, only_gifts, pays"
    return f"(SELECT * EXCLUDE ({names}), ({rest})::DECIMAL(38,9) AS rest FROM ({cards}))"


def _price(plan: Plan) -> str:
    """Return the SQL of what the pieces of a line cost, NULL if the file does not tell."""
    if "unit_price" not in plan.columns:
        return "NULL::DECIMAL(38,9)"
    return "(coalesce(given_quantity, 1)::DECIMAL(38,3) * unit_price)::DECIMAL(38,9)"


def remarks(
    lines: str,
    *,
    plans: Sequence[Plan],
    exponent: int,
    connection: duckdb.DuckDBPyConnection,
) -> dict[int, list[Sentence]]:
    """Return by the number of a file what its counted lines sell of gift cards."""
    if not any(plan.sells_gift_cards for plan in plans):
        return {}
    found = sql.rows(
        connection,
        f"SELECT file, count(*), sum(gift_minor) FROM {lines} "
        "WHERE reason IS NULL AND gift_minor IS NOT NULL GROUP BY file",
    )
    return {
        int(file): [
            Sentence(
                "Rows that sell gift cards: {rows}, over {amount}. That is no revenue until they are "
                "spent; the orders themselves count. --count gift_card counts the amount as well.",
                {"rows": int(count), "amount": Decimal(int(amount)).scaleb(-exponent)},
            )
        ]
        for file, count, amount in found
    }
