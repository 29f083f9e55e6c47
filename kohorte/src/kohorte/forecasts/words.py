"""What a forecast says of itself, as sentences that render in both languages.

The terminal, the report and the product's pages speak with these, so that the same thing is said in the same words.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from kohorte.conditions.customers import DIMENSIONS
from kohorte.language import Sentence, Text, number

if TYPE_CHECKING:
    from kohorte.forecasts.churn import ExpectedChurn
    from kohorte.forecasts.foretold import Forecast, Worth
    from kohorte.validate.contest import Contest

_FACTS = {
    **DIMENSIONS,
    "first_value": Text(de="Wert des ersten Kaufs", en="Value of the first purchase"),
    "first_discount": Text(de="Rabatt beim ersten Kauf", en="Discount on the first purchase"),
    "returned": Text(
        de="Retoure binnen 30 Tagen nach dem ersten Kauf",
        en="Return within 30 days of the first purchase",
    ),
    "ticket": Text(
        de="Anfrage binnen 30 Tagen nach dem ersten Kauf",
        en="Request within 30 days of the first purchase",
    ),
    "leaving": Text(
        de="Kündigungsgrund binnen 30 Tagen nach dem ersten Kauf",
        en="Reason for leaving within 30 days of the first purchase",
    ),
    "nps": Text(
        de="Weiterempfehlung (NPS) binnen 30 Tagen nach dem ersten Kauf",
        en="Recommendation (NPS) within 30 days of the first purchase",
    ),
    "csat": Text(
        de="Zufriedenheit (CSAT) binnen 30 Tagen nach dem ersten Kauf",
        en="Satisfaction (CSAT) within 30 days of the first purchase",
    ),
    "ces": Text(
        de="Aufwand (CES) binnen 30 Tagen nach dem ersten Kauf",
        en="Effort (CES) within 30 days of the first purchase",
    ),
    "dispatch": Text(de="Versand des ersten Kaufs", en="Dispatch of the first purchase"),
    "delivery": Text(de="Lieferung des ersten Kaufs", en="Delivery of the first purchase"),
    "promise": Text(
        de="Zugesagter Liefertag des ersten Kaufs", en="Promised day of the first delivery"
    ),
}
_WITHIN = {
    "no": Text(de="Tag nicht bekannt", en="day not known"),
    "within_2": Text(de="binnen 2 Tagen", en="within 2 days"),
    "within_4": Text(de="nach 3 bis 4 Tagen", en="after 3 to 4 days"),
    "within_7": Text(de="nach 5 bis 7 Tagen", en="after 5 to 7 days"),
    "later": Text(de="nach mehr als 7 Tagen", en="after more than 7 days"),
}
_NO_ANSWER = Text(de="keine Antwort", en="no answer")
_UPPER = Text(de="oberes Viertel der Skala", en="upper quarter of the scale")
_LOWER = Text(de="unter dem oberen Viertel der Skala", en="below the upper quarter of the scale")
_VALUES = {
    ("first_value", "low"): Text(de="unteres Drittel", en="lowest third"),
    ("first_value", "middle"): Text(de="mittleres Drittel", en="middle third"),
    ("first_value", "high"): Text(de="oberes Drittel", en="highest third"),
    ("first_discount", "none"): Text(de="keiner", en="none"),
    ("first_discount", "small"): Text(de="bis ein Zehntel", en="up to a tenth"),
    ("first_discount", "deep"): Text(de="mehr als ein Zehntel", en="more than a tenth"),
    ("returned", "no"): Text(de="keine", en="none"),
    ("returned", "yes"): Text(de="ja", en="yes"),
    ("ticket", "no"): Text(de="keine", en="none"),
    ("ticket", "yes"): Text(de="ja", en="yes"),
    ("leaving", "no"): Text(de="keiner", en="none"),
    ("leaving", "yes"): Text(de="genannt", en="stated"),
    ("nps", "no"): _NO_ANSWER,
    ("nps", "promoter"): Text(de="Promotoren (9–10)", en="promoters (9–10)"),
    ("nps", "passive"): Text(de="Passive (7–8)", en="passives (7–8)"),
    ("nps", "detractor"): Text(de="Kritiker (0–6)", en="detractors (0–6)"),
    ("csat", "no"): _NO_ANSWER,
    ("csat", "top"): _UPPER,
    ("csat", "below"): _LOWER,
    ("ces", "no"): _NO_ANSWER,
    ("ces", "top"): _UPPER,
    ("ces", "below"): _LOWER,
    **{(fact, value): said for fact in ("dispatch", "delivery") for value, said in _WITHIN.items()},
    ("promise", "no"): Text(de="nicht bekannt", en="not known"),
    ("promise", "on_time"): Text(de="gehalten", en="kept"),
    ("promise", "late"): Text(de="zu spät geliefert", en="delivered late"),
}


def fact(name: str) -> Text:
    """Return what a fact that may drive a second order is called.

    >>> fact("first_value").render("en")
    'Value of the first purchase'
    """
    return _FACTS.get(name) or Text(de=name, en=name)


def fact_value(name: str, value: str) -> Text:
    """Return a value of a fact: in words where it is one of ours, else as the data say it.

    >>> fact_value("first_value", "low").render("en"), fact_value("country", "DE").render("en")
    ('lowest third', 'DE')
    """
    return _VALUES.get((name, value)) or Text(de=value, en=value)


def model(found: Forecast) -> Sentence:
    """Return which model speaks, of how many customers, until when.

    Examples
    --------
    >>> import numpy as np
    >>> from kohorte import History
    >>> from kohorte.forecasts import forecast
    >>> orders = [
    ...     dict(order_id=f"{n}-{k}", customer_id=str(n), placed_at=f"2026-0{1 + k}-{1 + n % 28:02}")
    ...     for n in range(120) for k in range(1 + n % 3)
    ... ]
    >>> with History.from_records(orders=orders) as history:
    ...     print(model(forecast.of(history, model="nbd", draws=2)).render("en"))
    NBD, fitted to 120 customers until 28 Mar 2026
    """
    fitted = found.fit.model
    values = {"model": fitted.name, "n": round(fitted.customers_), "day": found.as_of}
    return Sentence("{model}, fitted to {n} {n:customer|customers} until {day}", values)


def held(contest: Contest) -> Sentence:
    """Return how long and to whom models were held, and what those customers really did."""
    values = {
        "days": contest.length.days,
        "n": contest.customers,
        "actual": round(contest.actual),
        "back": contest.came_back,
    }
    return Sentence(
        "Held to the last {days} days: {n} {n:customer|customers} known before, of whom {back} came "
        "back with {actual} {actual:order|orders}.",
        values,
    )


def measures() -> Sentence:
    """Return what the columns of a track record mean."""
    return Sentence(
        "Error: of the sum of orders. Ranking: the chance that who came back was ranked above who did "
        "not; 50 is a coin. Deviance: error per customer, the smaller the better."
    )


def verdict(contest: Contest) -> tuple[Sentence, ...]:
    """Return which model did best out of sample, and which do not beat the last purchase alone."""
    best = contest.trial(contest.best) if contest.best else None
    if best is None:
        return (Sentence("No model did better than the day of the last purchase alone."),)
    said = [Sentence("{model} did best out of sample.", {"model": best.name})]
    lost = [each.name for each in contest.models if each.loses]
    if lost:
        said.append(Sentence("Behind the last purchase alone: {names}.", {"names": listed(lost)}))
    return tuple(said)


def listed(names: Iterable[Text]) -> Text:
    """Return several names as one value of a sentence, parted by commas.

    >>> listed([Text(de="Käufe", en="purchases"), Text(de="Tage", en="days")]).render("de")
    'Käufe, Tage'
    """
    known = tuple(names)
    return Text(de=", ".join(name.de for name in known), en=", ".join(name.en for name in known))


def value(found: Forecast) -> tuple[Sentence, ...]:
    """Return what the amounts of a forecast mean; nothing where there are none."""
    if not found.worth:
        return ()
    said = [
        Sentence(
            "Still to come: revenue of all customers of today after today, with its range. Of a new "
            "customer: the first purchase and what follows. Discounted by {percent} % a year.",
            {"percent": found.discount_percent},
        )
    ]
    if found.margin_percent is not None:
        said.append(
            Sentence("As profit is the most that winning a new customer may cost without a loss.")
        )
    return tuple(said)


def churn(found: ExpectedChurn) -> tuple[Sentence, ...]:
    """Return the expected churn, and what the same reckoning said before the trial beside what came.

    Examples
    --------
    >>> from kohorte.forecasts.churn import YEAR, ExpectedChurn, Held
    >>> found = ExpectedChurn(41.26, 38.0, 44.5, 90, 365, YEAR, "mbg_nbd", Held(120, 80, 55.0, 57.5))
    >>> for said in churn(found):
    ...     print(said.render("en"))
    Expected churn: 41.3 % (38.0 to 44.5 %) of the 90 customers who ordered in the last 365 days will not order within 12 months.
    Of the 80 customers who were active 120 days ago 55.0 % were expected to stay away until today, and 57.5 % did.
    """
    values = {
        "value": _tenths(found.value), "low": _tenths(found.low), "high": _tenths(found.high),
        "n": found.customers, "days": found.active_days,
    }  # fmt: skip
    said = Sentence(
        "Expected churn: {value} % ({low} to {high} %) of the {n} {n:customer|customers} who ordered in "
        "the last {days} days will not order within 12 months.",
        values,
    )
    if found.held is None:
        return (said,)
    then = {
        "n": found.held.customers, "days": found.held.days,
        "expected": _tenths(found.held.expected), "actual": _tenths(found.held.actual),
    }  # fmt: skip
    return said, Sentence(
        "Of the {n} {n:customer|customers} who were active {days} days ago {expected} % were expected to "
        "stay away until today, and {actual} % did.",
        then,
    )


def _tenths(percent: float) -> Text:
    """Return a share with one digit behind the mark of each language."""
    return Text(de=number(percent, "de", digits=1), en=number(percent, "en", digits=1))


def ahead(worth: Worth) -> Sentence:
    """Return how far an amount looks ahead: 12 months."""
    return Sentence("{n} {n:month|months}", {"n": worth.months})
