"""The forecast of a history as a report shows it: value ahead, track record, what goes with coming back."""

from __future__ import annotations

from kohorte.errors import ModelError
from kohorte.forecasts import drivers, forecast, words
from kohorte.forecasts.drivers import Driver
from kohorte.forecasts.first_orders import EARLY
from kohorte.forecasts.foretold import Forecast
from kohorte.history import History
from kohorte.language import Sentence
from kohorte.results.outlook import Ahead, Influence, Outlook, Tenth, Tried
from kohorte.validate.contest import STEPS, Contest, Trial

# Fitted to fewer customers who came back, a forecast is other shops' word rather than this one's.
_TOO_FEW = ("few_repeaters", "no_repeaters", "no_time")
_FACTS_SHOWN = 10


def of(history: History) -> Outlook | None:
    """Return what to show of a forecast; None where no order of a known customer counts.

    A report shows no values where the shop's past is too short for a trial, where too few customers
    came back, or where the model ranks worse than the last purchase alone: `withheld` says which.

    Examples
    --------
    >>> orders = [
    ...     dict(order_id=f"{n}-{k}", customer_id=str(n), placed_at=f"2026-0{1 + k}-{1 + n % 28:02}",
    ...          amount_minor=2000)
    ...     for n in range(120) for k in range(1 + n % 3)
    ... ]
    >>> with History.from_records(orders=orders, currency="EUR") as history:
    ...     found = of(history)
    >>> found.customers, found.withheld is None, [each.months for each in found.ahead]
    (120, True, [12, 24, 36])
    """
    try:
        found = forecast.of(history)
    except ModelError:
        return None
    withheld = _withheld(found)
    held = found.contest
    trial = held.trial(found.fit.model.slug) if held else None
    influences, no_influences = _influences(history)
    return Outlook(
        as_of=found.as_of,
        customers=len(found.alive),
        still=float(found.alive.sum()),
        model=words.model(found),
        notes=found.notes,
        discount_percent=found.discount_percent,
        ahead=_ahead(found) if withheld is None else (),
        withheld=withheld,
        held=words.held(held) if held else None,
        verdict=words.verdict(held) if held else (),
        trials=tuple(map(_tried, (*held.models, *held.rules))) if held else (),
        step_days=_steps(held) if held else (),
        actual=held.tracking if held else (),
        foretold=trial.tracking if trial else (),
        tenths=tuple(Tenth(one.customers, one.foretold, one.actual) for one in trial.deciles)
        if trial
        else (),
        influences=influences,
        no_influences=no_influences,
    )


def _withheld(found: Forecast) -> Sentence | None:
    """Return why a report shows no values: it is stricter than who asks for a forecast."""
    if found.withheld is not None:
        return found.withheld
    if found.untested is not None:
        return found.untested
    if found.fit.reason in _TOO_FEW:
        return found.fit.notes[0]
    if found.spending is None:
        return Sentence("Amounts are not known, so there are no values.")
    return None


def _ahead(found: Forecast) -> tuple[Ahead, ...]:
    return tuple(
        Ahead(
            each.months,
            each.shop.value,
            each.shop.low,
            each.shop.high,
            each.first + each.newcomer,
        )
        for each in found.worth
    )


def _tried(trial: Trial) -> Tried:
    return Tried(
        trial.slug,
        trial.name,
        trial.foretold,
        trial.error_percent,
        None if trial.area is None else 100 * trial.area,
        trial.deviance,
        trial.loses,
    )


def _steps(held: Contest) -> tuple[int, ...]:
    return tuple(held.length.days * step // STEPS for step in range(1, STEPS + 1))


def _influences(history: History) -> tuple[tuple[Influence, ...], Sentence | None]:
    """Return what goes with a second order, what happens soon after the first one before all else."""
    try:
        found = drivers.every(history).drivers
    except ModelError as error:
        return (), error.sentence
    shown = sorted(found, key=lambda one: (not one.beyond, one.fact not in EARLY))
    return tuple(map(_influence, shown[:_FACTS_SHOWN])), None


def _influence(one: Driver) -> Influence:
    return Influence(
        one.fact,
        words.fact(one.fact),
        words.fact_value(one.fact, one.value),
        words.fact_value(one.fact, one.against),
        one.customers,
        one.ratio,
        one.low,
        one.high,
    )
