"""What present customers will bring, the track record of that forecast, and what goes with coming back."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from kohorte.language import Sentence, Text


@dataclass(frozen=True)
class Ahead:
    """What all customers of today will bring over so many months, with its range, in major units.

    `new_customer` is what one who buys for the first time today brings in that time, the first
    purchase included. Discounted to today.
    """

    months: int
    value: float
    low: float
    high: float
    new_customer: float


@dataclass(frozen=True)
class Tenth:
    """A tenth of the customers by what was foretold: how many, and the mean purchases of both."""

    customers: int
    foretold: float
    actual: float


@dataclass(frozen=True)
class Tried:
    """How a model, or a rule that needs none, did on the shop's own past.

    `error_percent` is that of the sum of purchases, `ranking_percent` the chance that who came back was ranked above
    who did not, `deviance` the error per customer. `loses` says that it ranks worse than the last purchase alone.
    """

    slug: str
    name: Text
    foretold: float | None
    error_percent: float | None
    ranking_percent: float | None
    deviance: float | None
    loses: bool


@dataclass(frozen=True)
class Influence:
    """A value of a fact against the commonest: how much sooner and oftener customers come again.

    `ratio` is the hazard ratio of the second order; None of `low` and `high` where nothing bounds it.
    """

    fact: str
    name: Text
    value: Text
    against: Text
    customers: int
    ratio: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Outlook:
    """A forecast as a report shows it, in no language yet.

    Attributes
    ----------
    as_of, customers, still
        The last day of the data, the customers known then, and how many of them are expected to be ones still.
    model
        The sentence that names the model.
    notes
        Why it is not another, if it is not, and what its fit did.
    discount_percent, ahead
        Per year; for 12, 24 and 36 months, empty where values are withheld or amounts not known.
    withheld
        Why there are no values; None where there are.
    held, verdict
        To what models were held, and which did best; empty where the past is too short.
    trials
        The best first, rules that are no models last.
    step_days, actual, foretold
        The sums of purchases at the end of each equally long step of the trial, as they came and as the model told.
    tenths
        Customers by what the model told of them, least first.
    influences, no_influences
        What goes with a second order, the strongest first; or why that is not known.
    """

    as_of: dt.date
    customers: int
    still: float
    model: Sentence
    notes: tuple[Sentence, ...]
    discount_percent: float
    ahead: tuple[Ahead, ...]
    withheld: Sentence | None
    held: Sentence | None
    verdict: tuple[Sentence, ...]
    trials: tuple[Tried, ...]
    step_days: tuple[int, ...]
    actual: tuple[float, ...]
    foretold: tuple[float, ...]
    tenths: tuple[Tenth, ...]
    influences: tuple[Influence, ...]
    no_influences: Sentence | None
