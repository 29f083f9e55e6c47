"""The table of rows that are left out: of everything, of customer metrics, or of revenue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kohorte.reading import source, sql
from kohorte.reading.persons import identity
from kohorte.settings import UNCOUNTED

if TYPE_CHECKING:
    from kohorte.reading.tables import Files


def select(files: Files, *, lines: str, grouped: str) -> str:
    """Return the select of the rows that do not count, or not everywhere.

    Parameters
    ----------
    lines
        The lines of all files with their reasons.
    grouped
        The table of the orders that they make.
    """
    names = f"[{sql.texts(plan.source.name for plan in files.plans)}]"
    markets = [str(n) for n, plan in enumerate(files.plans) if plan.layout.marketplace]
    nobody = (
        f"CASE WHEN l.file IN ({', '.join(markets) or 'NULL'}) OR l.email_kind = 'marketplace' "
        "THEN 'marketplace' ELSE 'no_customer' END"
    )
    why = (
        "CASE WHEN l.reason IS NOT NULL THEN l.reason "
        "WHEN o.amount_minor < 0 THEN 'refund' WHEN o.customer_id IS NULL "
        f"THEN {nobody} END"
    )
    by_state = sql.among("l.reason", UNCOUNTED)
    bad = source.shapeless(plan.source for plan in files.plans)
    shapeless = f"UNION ALL SELECT 'unreadable_row', file, line, NULL, NULL, NULL FROM {bad}"
    few = (
        f"SELECT * FROM {lines} WHERE reason IS NOT NULL OR order_id IN "
        f"(SELECT order_id FROM {grouped} WHERE amount_minor < 0 OR customer_id IS NULL)"
    )
    amount, gift_cards = "l.amount_minor", ""
    if any(plan.sells_gift_cards for plan in files.plans):
        of_rest = "l.reason IS NULL AND NOT coalesce(o.amount_minor < 0, false)"
        gift = f"CASE WHEN {of_rest} THEN 0 ELSE coalesce(l.gift_minor, 0) END"
        amount = f"l.amount_minor + {gift}"
        gift_cards = f"UNION ALL {_gift_cards(lines=lines, grouped=grouped)} "
    return (
        "SELECT reason, CASE WHEN reason IN ('no_customer', 'marketplace') THEN 'customer metrics' "
        "WHEN reason = 'gift_card' THEN 'revenue' ELSE 'everything' "
        f"END AS scope, {names}[file + 1] AS file, line, order_id, customer_id, amount_minor "
        f"FROM (SELECT {why} AS reason, l.file, l.line, l.order_id, l.customer_id, "
        f"{amount} FROM {identity.known(f'({few})')} l LEFT JOIN {grouped} o "
        f"ON o.order_id = l.order_id AND (l.reason IS NULL OR {by_state}) "
        f"WHERE (l.reason IS NOT NULL AND NOT ({by_state} AND o.state NOT IN ('counted', 'open'))) "
        "OR o.amount_minor < 0 OR (l.reason IS NULL AND o.customer_id IS NULL) "
        f"{gift_cards}{shapeless if bad else ''}) AS left_out"
        "(reason, file, line, order_id, customer_id, amount_minor) ORDER BY file, line, reason"
    )


def _gift_cards(*, lines: str, grouped: str) -> str:
    """Return the rows that sell gift cards; the rows themselves and their orders count."""
    by_state = f"{sql.among('l.reason', UNCOUNTED)} AND o.state NOT IN ('counted', 'open')"
    sold = f"(SELECT * FROM {lines} WHERE gift_minor IS NOT NULL)"
    return (
        "SELECT 'gift_card', l.file, l.line, l.order_id, l.customer_id, l.gift_minor "
        f"FROM {identity.known(sold)} l JOIN {grouped} o ON o.order_id = l.order_id "
        f"WHERE (l.reason IS NULL OR {by_state}) "
        "AND o.amount_minor >= 0"
    )
