"""Checks of what orders hold: look-alikes, amounts that cannot be, what is not known."""

from __future__ import annotations

from collections.abc import Callable

from kohorte.language import Sentence
from kohorte.quality import bends
from kohorte.quality.facts import Facts
from kohorte.results import Finding

ALIKE_SHARE = 0.01
BEYOND_SHARE = 0.01
ROUND_SHARE = 0.5
VALUED_AT_LEAST = 30


def look_alikes(facts: Facts) -> Finding | None:
    """Orders of one customer, one day and one amount: perhaps the same order twice."""
    count = facts.totals["look_alikes"]
    if not count:
        return None
    share = count / facts.orders
    return Finding(
        "look_alikes",
        "warning" if share > ALIKE_SHARE else "note",
        Sentence(
            "{count} {count:order|orders} ({share}%) {count:equals|equal} another one in customer, "
            "day and amount.",
            {"count": count, "share": 100 * share},
        ),
        Sentence("If they are copies, orders, revenue and frequency are too high."),
        Sentence("Compare a few of them in the shop; export each order once, with its number."),
        ("orders", "revenue", "purchase_frequency", "repeat_purchase_rate"),
    )


def unreadable(facts: Facts) -> Finding | None:
    """Rows that were left out because they cannot be read."""
    count = facts.totals["unreadable"]
    if not count:
        return None
    return Finding(
        "unreadable",
        "warning",
        Sentence(
            "{count} {count:row|rows} cannot be read and {count:was|were} left out.",
            {"count": count},
        ),
        Sentence("What they hold is missing in every number."),
        Sentence("List them with `kohorte check --excluded` and correct them."),
        bends.VOLUME,
    )


def beyond_measure(facts: Facts) -> Finding | None:
    """Amounts of more than 100 times the median and 10 times what 99 of 100 orders reach."""
    count, minor = facts.totals["beyond"], facts.totals["beyond_minor"]
    if not count:
        return None
    share = minor / facts.totals["revenue_minor"]
    return Finding(
        "beyond_measure",
        "warning" if share > BEYOND_SHARE else "note",
        Sentence(
            "{count} orders are more than a hundred times as large as usual; they bring {share}% "
            "of the revenue.",
            {"count": count, "share": 100 * share},
        ),
        Sentence("If they are mistyped or taken back, all values are too high."),
        Sentence("Look at the largest orders, and mark as cancelled what was no sale."),
        bends.VALUE,
    )


def round_amounts(facts: Facts) -> Finding | None:
    """More than half of the amounts are multiples of ten."""
    count, valued = facts.totals["round_amounts"], facts.totals["valued"]
    if valued < VALUED_AT_LEAST or count <= ROUND_SHARE * valued:
        return None
    return Finding(
        "round_amounts",
        "note",
        Sentence(
            "{share}% of the amounts are whole multiples of ten.", {"share": 100 * count / valued}
        ),
        Sentence("If they are rounded or estimated, values are no more exact than that."),
        Sentence("Export the amount as it was charged."),
        bends.VALUE,
    )


def loose_refunds(facts: Facts) -> Finding | None:
    """Refunds that name no order."""
    count = facts.totals["loose_refunds"]
    if not count:
        return None
    return Finding(
        "loose_refunds",
        "note",
        Sentence(
            "{count} {count:refund names|refunds name} no order of these data.", {"count": count}
        ),
        Sentence("They are not subtracted from any order, so order values are before refunds."),
        Sentence("Export refunds with the number of the order they belong to."),
        bends.VALUE,
    )


def free_orders(facts: Facts) -> Finding | None:
    """Counted orders with an amount of zero."""
    count = facts.totals["free_orders"]
    if not count:
        return None
    return Finding(
        "free_orders",
        "note",
        Sentence("{count} counted orders have an amount of zero.", {"count": count}),
        Sentence("They count as purchases and lower the average order value."),
        Sentence("Mark them as test or cancelled if they are no purchases."),
        ("orders", "average_order_value", "purchase_frequency"),
    )


def no_amounts(facts: Facts) -> Finding | None:
    """Files without any amounts."""
    if "amounts" not in facts.lacking:
        return None
    return Finding(
        "no_amounts",
        "note",
        Sentence("The files hold no amounts."),
        Sentence("Revenue, order value, customer value and lifetime value stay empty."),
        Sentence("Export the total of each order, or quantity and unit price."),
        bends.VALUE,
    )


def tax_unknown(facts: Facts) -> Finding | None:
    """Nobody says whether amounts hold tax."""
    if "amounts" in facts.lacking:
        return None
    return Finding(
        "tax_unknown",
        "note",
        Sentence("Amounts are taken as they stand in the file, gross or net."),
        Sentence("Revenue, order value and customer value include tax if the file does."),
        Sentence("Compare them only with figures of the same kind."),
        bends.VALUE,
    )


CHECKS: tuple[Callable[[Facts], Finding | None], ...] = (
    look_alikes,
    unreadable,
    beyond_measure,
    loose_refunds,
    free_orders,
    round_amounts,
    no_amounts,
    tax_unknown,
)
