"""One remark on each file: what its amounts hold, how that is known, and what is taken out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import reduce

from kohorte.language import Sentence, Text
from kohorte.reading.amounts import taking
from kohorte.reading.options import ReadOptions
from kohorte.reading.plan import Plan

_HELD: Mapping[tuple[str | None, str | None], Sentence] = {
    ("inside", "inside"): Sentence("The amounts hold {taxes} and postage."),
    ("inside", "outside"): Sentence("The amounts hold {taxes} and no postage."),
    ("outside", "inside"): Sentence("The amounts hold postage and no taxes."),
    ("outside", "outside"): Sentence("The amounts hold neither taxes nor postage."),
    ("inside", None): Sentence(
        "The amounts hold {taxes}; the file does not say whether they hold postage."
    ),
    ("outside", None): Sentence(
        "The amounts hold no taxes; the file does not say whether they hold postage."
    ),
    (None, "inside"): Sentence(
        "The amounts hold postage; the file does not say whether they hold taxes."
    ),
    (None, "outside"): Sentence(
        "The amounts hold no postage; the file does not say whether they hold taxes."
    ),
}


def sentence(plan: Plan, *, reasons: Sequence[Sentence], options: ReadOptions) -> Sentence | None:
    """Return what is known about taxes and postage in a file, None if it is nothing."""
    held = _HELD.get((plan.taxes, plan.postage))
    if held is None:
        return None
    values = {"taxes": _taxes(options)} if "{taxes}" in held.msgid else {}
    told = [Sentence(held.msgid, values), *reasons, *_taken(plan)]
    return reduce(lambda one, more: Sentence("{one} {more}", {"one": one, "more": more}), told)


def _taxes(options: ReadOptions) -> Sentence:
    """Return the word for taxes with the rate that the user said."""
    rate = taking.percent(options.tax_rate)
    if rate is not None:
        return Sentence("taxes ({rate}%)", {"rate": written(rate)})
    if options.tax_rate:
        return Sentence("taxes (those of the buyer's country)")
    return Sentence("taxes")


def written(rate: Decimal) -> Text:
    """Return a rate as it is written: 19, 25.5.

    >>> written(Decimal("25.50")).render("de")
    '25,5'
    """
    text = f"{rate.normalize():f}"
    return Text(de=text.replace(".", ","), en=text)


def _taken(plan: Plan) -> list[Sentence]:
    cut = plan.deductions
    told = []
    if cut.takes_taxes:
        column = cut.tax or cut.net or cut.tax_percent
        if cut.tax is not None:
            told.append(Sentence("Revenue is counted without the taxes in “{column}”."))
        elif cut.net is not None:
            told.append(Sentence("Revenue is counted without taxes, as “{column}” has it."))
        elif cut.tax_percent is not None:
            told.append(Sentence("Revenue is counted without taxes, by the rates in “{column}”."))
        elif cut.by_country:
            told.append(
                Sentence(
                    "Revenue is counted without taxes, by the standard rate of the buyer's country on "
                    "the day of the order."
                )
            )
        else:
            told.append(Sentence("Revenue is counted without taxes."))
        if column is not None:
            told = [Sentence(each.msgid, {"column": column.column.name}) for each in told]
    if cut.postage is not None:
        told.append(
            Sentence(
                "Revenue is counted without the postage in “{column}”.",
                {"column": cut.postage.column.name},
            )
        )
    return told
