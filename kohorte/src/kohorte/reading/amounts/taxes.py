"""Whether the amounts of a file hold taxes and postage, and what is taken out of them.

It is known, in this order, from the user, from the layout, from the header of the amount, or from
the sums in the file. What nobody knows is asked once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from kohorte.language import Sentence
from kohorte.reading.amounts import sums, taking, tax_columns, tax_told, tax_words
from kohorte.reading.options import Held, ReadOptions
from kohorte.reading.plan import Plan
from kohorte.results import Choice, Question


@dataclass(frozen=True, kw_only=True)
class _Known:
    """Whether amounts hold something; by which header or sum it is known, if by one."""

    held: Held | None
    header: str | None = None
    total: Sentence | None = None


def settle(plan: Plan, *, connection: duckdb.DuckDBPyConnection, options: ReadOptions) -> None:
    """Settle what the amounts of a file of orders hold, and what is taken out of them.

    Raises
    ------
    ReadError
        If revenue is to be counted without taxes or postage and the file does not allow it.
    """
    if not plan.has_amounts:
        return
    found = sums.Concluded()
    taxes, postage = _taxes(plan, options=options), _postage(plan, options=options)
    if options.without_postage or not (taxes and postage):
        found = sums.conclude(plan, connection=connection, options=options)
    taxes = taxes or _Known(held=found.taxes, total=found.because)
    postage = postage or _Known(held=found.postage, total=found.because)
    plan.taxes, plan.postage = taxes.held, postage.held
    plan.deductions = taking.settle(
        plan, postage_is_net=found.postage_is_net, connection=connection, options=options
    )
    told = tax_told.sentence(plan, reasons=_reasons(taxes, postage), options=options)
    plan.remarks += [told] if told else []
    plan.questions += _questions(plan)


def settle_refunds(
    plan: Plan,
    *,
    orders: Sequence[Plan],
    connection: duckdb.DuckDBPyConnection,
    options: ReadOptions,
) -> None:
    """Settle the same for a list of refunds, whose amounts hold taxes if those of the orders do.

    Postage is not taken out: a refund takes no more from an order than what the order counts with.
    """
    of_orders = next((each.taxes for each in orders if each.taxes), None)
    known = _taxes(plan, options=options)
    plan.taxes = known.held if known else of_orders
    plan.deductions = taking.settle(
        plan, postage_is_net=False, connection=connection, options=options
    )


def _taxes(plan: Plan, *, options: ReadOptions) -> _Known | None:
    """Return what is known about taxes without a look at the rows."""
    meaning = tax_columns.counted(plan)
    header = plan.columns[meaning].name
    of_layout = plan.layout.taxes if tax_columns.is_of_layout(plan, meaning) else None
    return _first(options.taxes, of_layout, tax_words.of(header).taxes, header=header)


def _postage(plan: Plan, *, options: ReadOptions) -> _Known | None:
    meaning = tax_columns.counted(plan)
    header = plan.columns[meaning].name
    of_layout = plan.layout.postage if tax_columns.is_of_layout(plan, meaning) else None
    return _first(options.postage, of_layout, tax_words.of(header).postage, header=header)


def _first(
    given: Held | None, of_layout: Held | None, of_header: Held | None, *, header: str
) -> _Known | None:
    if given or of_layout:
        return _Known(held=given or of_layout)
    if of_header is None:
        return None
    return _Known(held=of_header, header=header)


def _reasons(taxes: _Known, postage: _Known) -> list[Sentence]:
    """Return how it is known what the amounts hold; nothing for what user or layout said."""
    reasons = []
    if taxes.header and postage.header:
        reasons.append(Sentence("The header “{column}” says so.", {"column": taxes.header}))
    elif taxes.header:
        reasons.append(Sentence("The header “{column}” tells the taxes.", {"column": taxes.header}))
    elif postage.header:
        reasons.append(
            Sentence("The header “{column}” tells the postage.", {"column": postage.header})
        )
    total = next((each.total for each in (taxes, postage) if each.held and each.total), None)
    return [*reasons, total] if total else reasons


def _questions(plan: Plan) -> list[Question]:
    """Return what nobody knows about the amounts; prices of pieces hardly hold postage."""
    counted = tax_columns.counted(plan)
    header = plan.columns[counted].name
    asked = []
    if plan.taxes is None:
        asked.append(
            Question(
                "taxes",
                Sentence("Do the amounts in “{column}” hold the taxes?", {"column": header}),
                choices=(
                    Choice("inside", Sentence("with taxes (gross)")),
                    Choice("outside", Sentence("without taxes (net)")),
                ),
            )
        )
    if plan.postage is None:
        asked.append(
            Question(
                "postage",
                Sentence("Do the amounts in “{column}” hold the postage?", {"column": header}),
                choices=(
                    Choice("inside", Sentence("with postage")),
                    Choice("outside", Sentence("without postage")),
                ),
                assumed="outside" if counted == "unit_price" else None,
            )
        )
    return asked
