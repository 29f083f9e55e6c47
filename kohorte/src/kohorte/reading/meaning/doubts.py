"""Columns between which the reading could hardly choose: one question each, with the better one assumed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from kohorte.language import Sentence
from kohorte.reading import profiles
from kohorte.reading.amounts import fees
from kohorte.reading.meaning import likely, meanings, naming
from kohorte.reading.meaning.candidates import Candidate
from kohorte.reading.meaning.facts import Facts
from kohorte.reading.options import Meaning
from kohorte.reading.plan import Plan
from kohorte.reading.source import Column
from kohorte.results import Choice, Question

# Closer scores are asked about; then all down to the second distance are offered.
CLOSE = 0.1
_OFFERED = 0.2
_EXAMPLES = 3
_LENGTH = 24
_ASKS: Mapping[Meaning, Sentence] = {
    "order_id": Sentence("Several columns could be the number of the order. Which one is it?"),
    "customer_id": Sentence("Several columns could tell customers apart. Which one does?"),
    "email": Sentence("Several columns could be the customer's e-mail address. Which one is it?"),
    "date": Sentence("Several columns could be the day of the order. Which one is it?"),
    "amount": Sentence("Several columns could be the amount of an order. Which one counts?"),
    "unit_price": Sentence("Several columns could be the price of one piece. Which one is it?"),
    "quantity": Sentence("Several columns could be the number of pieces. Which one is it?"),
    "status": Sentence("Several columns could be the state of the order. Which one is it?"),
}


def ask(plan: Plan, *, given: Mapping[Meaning, Column]) -> None:
    """Ask about the columns of a file that no layout describes.

    Parameters
    ----------
    plan
        The plan with the columns that were found, and what was asked about them before.
    given
        What the user said; it is not asked about.
    """
    if plan.layout is not profiles.GENERIC:
        return
    candidates = meanings.weigh(_columns(plan), plan.facts, given=given)
    _ask_of_customers(plan, given)
    _tell_scaled(plan)
    for meaning, asks in _ASKS.items():
        column = plan.columns.get(meaning)
        asked = {question.option for question in plan.questions}
        if column is None or meaning in given or f"columns.{meaning}" in asked:
            continue
        if _does_not_matter(meaning, plan):
            continue
        if rivals := _rivals(meaning, plan, candidates):
            plan.questions.append(_question(meaning, asks, [column, *rivals], plan))


def _columns(plan: Plan) -> list[Column]:
    """Return the columns of the file, without one that was made of others."""
    return [column for column in plan.source.columns if column.index in plan.samples]


def _does_not_matter(meaning: Meaning, plan: Plan) -> bool:
    if meaning == "unit_price":
        return "amount" in plan.columns
    return meaning == "quantity" and "unit_price" not in plan.columns


def _rivals(meaning: Meaning, plan: Plan, candidates: Sequence[Candidate]) -> list[Column]:
    """Return the columns that come close to the one which was taken, and hold something else."""
    own, facts = plan.columns[meaning], plan.facts
    if own.index not in facts:
        return []
    score = next((guess.score for guess in plan.guesses if guess.meaning == meaning), 1.0)
    taken = {column.index for column in plan.columns.values()}
    others = [
        each
        for each in candidates
        if each.meaning == meaning
        and each.column.index not in taken
        and each.score >= meanings.THRESHOLD
        and len(facts[each.column.index].counts) > 1
        and not facts[each.column.index].same_as(facts[own.index])
    ]
    places = [own.index, *(each.column.index for each in others)]
    paid_out = fees.left_over(places, facts, plan.source.columns) if meaning == "amount" else ()
    kept = [each for each in others if each.column.index not in paid_out]
    if not any(round(score - each.score, 2) < CLOSE for each in kept):
        return []
    return [each.column for each in kept if round(score - each.score, 2) <= _OFFERED]


def _ask_of_customers(plan: Plan, given: Mapping[Meaning, Column]) -> None:
    """Ask about a customer's number that differs from order to order, and about names."""
    column, orders = plan.columns.get("customer_id"), plan.columns.get("order_id")
    facts = plan.facts
    if column is None or "customer_id" in given:
        return
    others = [each for each in likely.customers(plan) if each.index != column.index]
    if naming.of_person(column.name)[0] or facts[column.index].looks_like_names:
        if not others:
            plan.remarks.append(
                Sentence(
                    "The file knows customers by name only; people of the same name count as one. An "
                    "export with e-mail addresses is better."
                )
            )
            return
        asks = Sentence(
            "Customers are told apart by “{column}” only; people of the same name count as one. "
            "Does another column do better?",
            {"column": column.name},
        )
    elif orders is not None and facts[column.index].differs_by(facts[orders.index]):
        asks = Sentence(
            "“{column}” differs from order to order, so that nobody ever comes back. Which column "
            "is the same in all orders of a customer?",
            {"column": column.name},
        )
    else:
        return
    question = _question("customer_id", asks, [column, *others] if others else [], plan)
    plan.questions.append(replace(question, assumed=column.name))


def _tell_scaled(plan: Plan) -> None:
    """Tell of amounts that are no money any more, as data sets for exercises have them."""
    column = plan.first("amount", "unit_price")
    if column is None or not plan.facts[column.index].looks_scaled:
        return
    plan.remarks.append(
        Sentence(
            "The amounts in “{column}” are far below 1 and have many digits, so they seem to be "
            "scaled; what they add up to is no money.",
            {"column": column.name},
        )
    )


def _question(meaning: Meaning, asks: Sentence, columns: Sequence[Column], plan: Plan) -> Question:
    choices = tuple(
        Choice(
            column.name,
            Sentence(
                "“{column}”, for example {cells}",
                {"column": column.name, "cells": _examples(plan.facts[column.index])},
            ),
        )
        for column in columns
    )
    assumed = columns[0].name if columns else None
    return Question(f"columns.{meaning}", asks, choices, assumed=assumed)


def _examples(facts: Facts) -> str:
    """Return a few different cells, cut at a readable length."""
    cells = list(facts.counts)[:_EXAMPLES]
    return ", ".join(cell if len(cell) <= _LENGTH else f"{cell[:_LENGTH]}…" for cell in cells)
