"""Checks of the tables beside the orders: answers of nobody, requests without an answer, gaps in spend."""

from __future__ import annotations

from collections.abc import Callable

from kohorte.language import Sentence
from kohorte.quality.facts import Facts
from kohorte.results import Finding

# Below so many rows a share says little.
ROWS_AT_LEAST = 30
NOBODY_SHARE = 0.5
UNANSWERED_SHARE = 0.2


def answers_of_nobody(facts: Facts) -> Finding | None:
    """Answers that name no customer, so that nothing can be told of those who gave them."""
    answers, nobodys = facts.totals["answers"], facts.totals["answers_of_nobody"]
    if answers < ROWS_AT_LEAST or nobodys <= NOBODY_SHARE * answers:
        return None
    return Finding(
        "answers_of_nobody",
        "note",
        Sentence(
            "{count} of {every} answers name no customer.", {"count": nobodys, "every": answers}
        ),
        Sentence("The scores are right, but nobody can be asked back, and groups have no score."),
        Sentence("Ask for the e-mail address, or send surveys by links that bear the customer."),
        ("net_promoter_score", "customer_satisfaction_score", "customer_effort_score"),
    )


def requests_without_answer(facts: Facts) -> Finding | None:
    """Requests that are neither answered nor solved."""
    requests, silent = facts.totals["requests"], facts.totals["requests_without_answer"]
    if requests < ROWS_AT_LEAST or silent <= UNANSWERED_SHARE * requests:
        return None
    return Finding(
        "requests_without_answer",
        "warning",
        Sentence(
            "{count} of {every} requests to customer service are neither answered nor solved.",
            {"count": silent, "every": requests},
        ),
        Sentence("Medians of the times stay empty where most requests of a period are open."),
        Sentence("Close old requests, or export when they were answered and solved."),
        ("first_response_time", "resolution_time", "first_contact_resolution"),
    )


def months_without_spend(facts: Facts) -> Finding | None:
    """Months with orders and without any expense, among or behind months that have some."""
    count = facts.totals["months_without_spend"]
    if not count:
        return None
    return Finding(
        "months_without_spend",
        "note",
        Sentence(
            "Months with orders but without any expense, after the first one that has some: {count}.",
            {"count": count},
        ),
        Sentence("If expenses are missing there, customers look cheaper than they were."),
        Sentence(
            "Add these months to the file of expenses; a row of 0 says that nothing was spent."
        ),
        ("customer_acquisition_cost", "customer_retention_cost", "return_on_investment"),
    )


CHECKS: tuple[Callable[[Facts], Finding | None], ...] = (
    answers_of_nobody,
    requests_without_answer,
    months_without_spend,
)
