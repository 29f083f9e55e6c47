"""Second thoughts about the columns, once the best of each meaning stand side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from kohorte.language import Sentence
from kohorte.reading.meaning import naming
from kohorte.reading.meaning.candidates import BY_CELLS, Candidate
from kohorte.reading.meaning.facts import ROWS_MIN, Facts
from kohorte.reading.options import Meaning
from kohorte.reading.source import Column

_AT_MOST = 0.6
_PRICES_MIN = 6


def revised(
    chosen: Sequence[Candidate],
    *,
    columns: Sequence[Column],
    facts: Mapping[int, Facts],
    given: Mapping[Meaning, Column],
) -> list[Candidate]:
    """Return the chosen candidates after a look at how their columns fit together.

    Parameters
    ----------
    chosen
        The best candidate of each meaning.
    columns, facts
        All columns, and what the cells of each tell, by its place.
    given
        What the user said; it is not revised.
    """
    found = {each.meaning: each for each in chosen}
    _keep_address_alone(found, facts)
    _take_names(found, columns, facts, given)
    _take_pieces(found, columns, facts, given)
    _take_price_of_row(found, facts, given)
    return list(found.values())


def _keep_address_alone(found: dict[Meaning, Candidate], facts: Mapping[int, Facts]) -> None:
    """Forget names, and a number that differs from order to order, where addresses tell more."""
    number, address = found.get("customer_id"), found.get("email")
    if number is None or address is None:
        return
    cells, addresses = facts[number.column.index], facts[address.column.index]
    told = cells.looks_like_names and not addresses.is_empty and not addresses.has_gaps
    orders = found.get("order_id")
    changes = orders is not None and cells.differs_by(facts[orders.column.index])
    if told or (changes and not addresses.is_unique):
        del found["customer_id"]


def _take_names(
    found: dict[Meaning, Candidate],
    columns: Sequence[Column],
    facts: Mapping[int, Facts],
    given: Mapping[Meaning, Column],
) -> None:
    """Tell customers apart by name if there is neither a number nor an address."""
    if {"customer_id", "email"} & {*found, *given}:
        return
    taken = {each.column.index for each in found.values()}
    named = [
        Candidate(weight, "customer_id", column, _only(naming.as_written(column.name, phrase)))
        for column in columns
        if column.index not in taken and facts[column.index].filled
        for weight, phrase in [naming.of_person(column.name)]
        if weight
    ]
    if named:
        found["customer_id"] = max(named, key=lambda each: (each.score, -each.column.index))


def _only(phrase: str) -> Sentence:
    return Sentence(
        "The header says “{phrase}”; nothing else tells customers apart.", {"phrase": phrase}
    )


def _take_pieces(
    found: dict[Meaning, Candidate],
    columns: Sequence[Column],
    facts: Mapping[int, Facts],
    given: Mapping[Meaning, Column],
) -> None:
    """Take what is called an amount and looks like numbers of pieces for the quantity."""
    if "quantity" in found or "quantity" in given:
        return
    taken = {each.column.index for each in found.values()}
    for column in columns:
        named = naming.by_header(column.name, "amount")[0] >= 1.0
        if named and column.index not in taken and facts[column.index].looks_like_pieces:
            reason = Sentence("The cells look like numbers of pieces.")
            found["quantity"] = Candidate(BY_CELLS, "quantity", column, reason)
            return


def _take_price_of_row(
    found: dict[Meaning, Candidate], facts: Mapping[int, Facts], given: Mapping[Meaning, Column]
) -> None:
    """Take a price that grows with the quantity for the amount of the whole row."""
    price, pieces = found.get("unit_price"), found.get("quantity")
    if price is None or pieces is None or {"amount", "amount_minor"} & {*found, *given}:
        return
    if not grows(facts[price.column.index], facts[pieces.column.index]):
        return
    reason = Sentence(
        "The price grows with the number of pieces in “{column}”, so it is that of the whole row.",
        {"column": pieces.column.name},
    )
    found["amount"] = replace(price, meaning="amount", reason=reason)
    del found["unit_price"]


def grows(prices: Facts, pieces: Facts) -> bool:
    """Return whether prices are those of whole rows: divided by the pieces, few different ones are left."""
    pairs = [
        (price, count)
        for price, count in zip(prices.numbers, pieces.numbers, strict=True)
        if price and count and count > 1
    ]
    whole = {price for price, _ in pairs}
    each = {round(price / count, 4) for price, count in pairs}
    return (
        len(pairs) >= ROWS_MIN and len(whole) >= _PRICES_MIN and len(each) <= _AT_MOST * len(whole)
    )
