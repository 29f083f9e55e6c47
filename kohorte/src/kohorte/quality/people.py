"""Checks of who buys: orders without a customer, one person under two ids, one large customer."""

from __future__ import annotations

from collections.abc import Callable

from kohorte.language import Sentence
from kohorte.quality import bends
from kohorte.quality.facts import Facts
from kohorte.results import Finding

LARGE_SHARE = 0.1
SAME_SHARE = 0.01
CUSTOMERS_AT_LEAST = 20


def unidentified(facts: Facts) -> Finding | None:
    """Orders that name no customer, such as those of guests."""
    count = facts.totals["unidentified"]
    if not count:
        return None
    share = 100 * count / facts.orders
    return Finding(
        "unidentified",
        "warning" if share > 100 * LARGE_SHARE else "note",
        Sentence(
            "{count} {count:order|orders} ({share}%) {count:names|name} no customer.",
            {"count": count, "share": share},
        ),
        Sentence("They count in no customer metric; repeat rates may be higher in truth."),
        Sentence("Export the customer number or the e-mail address with every order."),
        bends.PEOPLE,
    )


def same_person(facts: Facts) -> Finding | None:
    """Customers whose ids differ in writing only.

    Customers with the same address were joined when their files were read; these were not.
    """
    people, ids = facts.totals["same_people"], facts.totals["same_ids"]
    if not people:
        return None
    return Finding(
        "same_person",
        "warning" if ids - people > SAME_SHARE * facts.totals["customers"] else "note",
        Sentence(
            "{ids} customers may be {people} {people:person|people}: their e-mail address or "
            "number differs in writing only.",
            {"ids": ids, "people": people},
        ),
        Sentence(
            "They were not joined and count apart, so there are too many customers and too few "
            "come back."
        ),
        Sentence("Write each customer's address or number the same way in every order."),
        bends.PEOPLE,
    )


def one_large_customer(facts: Facts) -> Finding | None:
    """One customer with a large part of the revenue."""
    largest, total = facts.totals["largest_customer"], facts.totals["revenue_minor"]
    if not largest or not total or facts.totals["customers"] < CUSTOMERS_AT_LEAST:
        return None
    share = largest / total
    if share < LARGE_SHARE:
        return None
    return Finding(
        "one_large_customer",
        "note",
        Sentence("One customer brings {share}% of the revenue.", {"share": 100 * share}),
        Sentence("Averages of order and customer value lean on this one customer."),
        Sentence("Look at wholesale and staff customers separately."),
        bends.VALUE,
    )


CHECKS: tuple[Callable[[Facts], Finding | None], ...] = (
    unidentified,
    same_person,
    one_large_customer,
)
