"""Forecasts at fixed times in words: contracts that are renewed, and purchases at occasions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from kohorte.cli import aligned
from kohorte.errors import SettingError
from kohorte.language import Language, Sentence, money, number, translate
from kohorte.results import Grain, Listing

if TYPE_CHECKING:
    from kohorte.forecasts.contracts import ContractForecast
    from kohorte.forecasts.occasions import OccasionForecast
    from kohorte.history import History

_PERIODS_SHOWN = 12


@dataclass(frozen=True, eq=False)
class Answer:
    """What was foretold, of contracts or of occasions."""

    contracts: ContractForecast | None
    occasions: OccasionForecast | None
    currency: str | None
    most: int

    @property
    def listing(self) -> Listing | None:
        """The customers, where these were foretold one by one."""
        return self.occasions.listing() if self.occasions else None

    def lines(self, spoken: Language) -> Iterator[str]:
        """Give the lines for the terminal."""
        if self.contracts is not None:
            yield from _contracts(self.contracts, self.currency, spoken)
        if self.occasions is not None:
            yield from _occasions(self.occasions, self.most, spoken)

    def json(self, spoken: Language) -> Iterator[str]:
        """Give the same as a record."""
        record = {
            "contracts": _contract_record(self.contracts) if self.contracts else None,
            "occasions": _occasion_record(self.occasions, self.most) if self.occasions else None,
        }
        yield json.dumps(record, ensure_ascii=False, allow_nan=False, indent=2)


def answer(
    history: History,
    contracts: str | None,
    occasions: str | None,
    *,
    discount_percent: float,
    most: int,
) -> Answer:
    """Return the forecast of contracts or of occasions.

    Raises
    ------
    SettingError
        Both were asked for.
    """
    if contracts is not None and occasions is not None:
        raise SettingError("Ask for --contracts or for --occasions, not for both.")
    from kohorte.forecasts import contracts as of_contracts
    from kohorte.forecasts import occasions as of_occasions

    found = said = None
    if contracts is not None:
        found = of_contracts.of(history, period=contracts, discount_percent=discount_percent)
    else:
        said = of_occasions.of(history, grain=cast(Grain, occasions))
    return Answer(found, said, history.currency, most)


def _contracts(found: ContractForecast, currency: str | None, spoken: Language) -> Iterator[str]:
    lives, model = found.lives, found.model
    values = {
        "n": len(lives.running),
        "running": int(lives.running.sum()),
        "day": found.as_of,
    }
    yield Sentence(
        "sBG, fitted to {n} {n:contract|contracts}, of which {running} ran on {day}", values
    ).render(spoken)
    yield _estimates(model, spoken)
    if model.boundary_ is not None:
        yield model.boundary_.sentence.render(spoken)
    if found.held is not None:
        held = found.held
        yield Sentence(
            "Held to the past: of {n} {n:contract|contracts} that ran on {day}, {actual} were renewed "
            "until the end; {foretold} were foretold, {rate} by one rate for all ages.",
            {
                "n": held.contracts, "day": held.split_on, "actual": held.actual,
                "foretold": round(held.foretold), "rate": round(held.by_rate),
            },
        ).render(spoken)  # fmt: skip
    yield ""
    sign = " %" if spoken == "de" else "%"
    words = ("renewal", "came up", "renewed", "share", "by the model")
    rows = [[translate(word, spoken) for word in words]]
    for at, (renewed, up, expected) in enumerate(found.retention[:_PERIODS_SHOWN], start=1):
        share = 100 * renewed / up if up else 0.0
        rows.append(
            [str(at), number(up, spoken), number(renewed, spoken),
             f"{number(share, spoken, digits=1)}{sign}" if up else "",
             f"{number(100 * expected, spoken, digits=1)}{sign}"]
        )  # fmt: skip
    yield from aligned.lines(rows)
    yield ""
    names = ("still to come", "from", "to", "of a new contract")
    head = ["", *(translate(name, spoken) for name in names)]
    amounts = [
        [
            Sentence("{n} {n:month|months}", {"n": worth.months}).render(spoken),
            *(
                money(each, currency, spoken)
                for each in (worth.shop.value, worth.shop.low, worth.shop.high, worth.new)
            ),
        ]
        for worth in found.worth
    ]
    yield from aligned.lines([head, *amounts])
    yield translate(
        "Still to come: what running contracts pay for periods that are not renewed yet, discounted, "
        "with its range. Of a new contract: the first period and what follows.",
        spoken,
    )


def _estimates(model: Any, spoken: Language) -> str:
    return "  ".join(
        f"{each.name} {number(each.value, spoken, digits=3)}"
        + (f" ± {number(each.robust_error, spoken, digits=3)}" if each.robust_error else "")
        for each in model.summary()
    )


def _occasions(found: OccasionForecast, most: int, spoken: Language) -> Iterator[str]:
    values = {"n": len(found.customers), "most": int(found.buyers.T.max())}
    yield Sentence(
        "BG/BB, fitted to {n} {n:customer|customers} with {most} {most:occasion|occasions} at most",
        values,
    ).render(spoken)
    yield _estimates(found.model, spoken)
    if found.model.boundary_ is not None:
        yield found.model.boundary_.sentence.render(spoken)
    held = found.held
    if held is not None:
        yield Sentence(
            "Held to the last {n} {n:occasion|occasions}: {actual} were taken, {foretold} foretold. "
            "Ranking {ranking}, by the last one taken {recency}.",
            {
                "n": held.occasions, "actual": round(held.actual), "foretold": round(held.foretold),
                "ranking": _ranking(held.ranking_percent, spoken),
                "recency": _ranking(held.recency_percent, spoken),
            },
        ).render(spoken)  # fmt: skip
    yield ""
    sign = " %" if spoken == "de" else "%"
    words = ("Customer", "Occasions", "Taken", "Last taken", "Customer still", "Expected")
    rows = [[translate(word, spoken) for word in words]]
    shown: tuple[tuple[Any, ...], ...] = found.listing().rows[:most]
    for customer, occasions, taken, last, alive, expected in shown:
        rows.append(
            [str(customer), number(occasions, spoken), number(taken, spoken), number(last, spoken),
             f"{number(alive, spoken)}{sign}", number(expected, spoken, digits=2)]
        )  # fmt: skip
    yield from aligned.lines(rows)
    yield Sentence(
        "Expected: how many of the next {n} occasions the customer takes.", {"n": found.ahead}
    ).render(spoken)


def _ranking(percent: float | None, spoken: Language) -> str:
    return "–" if percent is None else number(percent, spoken, digits=1)


def _contract_record(found: ContractForecast) -> dict[str, Any]:
    return {
        "as_of": found.as_of.isoformat(),
        "period": found.period,
        "contracts": len(found.lives.running),
        "running": int(found.lives.running.sum()),
        "parameters": dict(found.model.parameters_),
        "validation": None
        if found.held is None
        else {**vars(found.held), "split_on": found.held.split_on.isoformat()},
        "retention": [
            {"renewal": at, "came_up": up, "renewed": renewed, "expected": expected}
            for at, (renewed, up, expected) in enumerate(found.retention, start=1)
        ],
        "value": [
            {
                "months": each.months, "residual": each.shop.value, "low": each.shop.low,
                "high": each.shop.high, "new_contract": each.new,
            }
            for each in found.worth
        ],
    }  # fmt: skip


def _occasion_record(found: OccasionForecast, most: int) -> dict[str, Any]:
    listing = found.listing()
    return {
        "grain": found.grain,
        "ahead": found.ahead,
        "parameters": dict(found.model.parameters_),
        "validation": None if found.held is None else vars(found.held),
        "customers": [dict(zip(listing.columns, row, strict=True)) for row in listing.rows[:most]],
    }
