"""A forecast in words and tables for the terminal, and as a record for JSON."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from kohorte.cli import aligned
from kohorte.forecasts import words
from kohorte.language import Language, Sentence, date, money, number, translate

if TYPE_CHECKING:
    from kohorte.forecasts.churn import ExpectedChurn
    from kohorte.forecasts.foretold import Forecast, Worth
    from kohorte.validate.contest import Contest, Trial


def lines(
    found: Forecast,
    expected: ExpectedChurn | None,
    currency: str | None,
    spoken: Language,
    *,
    most: int,
) -> Iterator[str]:
    """Give the lines that the command prints: model, track record, value, churn, customers."""
    yield from _model(found, spoken)
    yield ""
    yield from _record(found, spoken)
    if found.worth:
        yield ""
        yield from _value(found, currency, spoken)
    if expected is not None:
        yield ""
        yield from (said.render(spoken) for said in words.churn(expected))
    yield ""
    if found.withheld is not None:
        yield found.withheld.render(spoken)
        return
    yield from _customers(found, currency, spoken, most)


def _model(found: Forecast, spoken: Language) -> Iterator[str]:
    model = found.fit.model
    yield words.model(found).render(spoken)
    estimates = [*model.summary()]
    if found.spending is not None and found.spending.model is not None:
        estimates += found.spending.model.summary()
    head = ["", translate("value", spoken), "±", translate("± plain", spoken)]
    rows = [
        [
            each.name,
            _rounded(each.value, spoken),
            _rounded(each.robust_error, spoken),
            _rounded(each.error, spoken),
        ]
        for each in estimates
    ]
    yield from aligned.lines([head, *rows])
    fit = {"value": number(model.log_likelihood_, spoken, digits=2)}
    yield Sentence("Log-likelihood: {value}", fit).render(spoken)
    for note in found.notes:
        yield note.render(spoken)


def _record(found: Forecast, spoken: Language) -> Iterator[str]:
    if found.contest is None:
        if found.untested is not None:
            yield found.untested.render(spoken)
        return
    held = found.contest
    yield words.held(held).render(spoken)
    head = ["", *(translate(each, spoken) for each in ("foretold", "error", "ranking", "deviance"))]
    rows = [_trial(each, spoken) for each in (*held.models, *held.rules)]
    yield from aligned.lines([head, *rows])
    yield words.measures().render(spoken)
    yield " ".join(each.render(spoken) for each in words.verdict(held))


def _trial(trial: Trial, spoken: Language) -> list[str]:
    return [
        trial.name.render(spoken),
        "" if trial.foretold is None else number(trial.foretold, spoken),
        "" if trial.error_percent is None else _percent(trial.error_percent, spoken, sign="+"),
        "" if trial.area is None else number(100 * trial.area, spoken, digits=1),
        "" if trial.deviance is None else number(trial.deviance, spoken, digits=3),
    ]


def _value(found: Forecast, currency: str | None, spoken: Language) -> Iterator[str]:
    names = ("still to come", "from", "to", "of a new customer")
    head = ["", *(translate(name, spoken) for name in names)]
    margin = found.margin_percent
    if margin is not None:
        head.append(translate("as profit", spoken))
    rows = []
    for worth in found.worth:
        amounts = [worth.shop.value, worth.shop.low, worth.shop.high, worth.first + worth.newcomer]
        if margin is not None:
            amounts.append((worth.first + worth.newcomer) * margin / 100)
        rows.append(
            [
                words.ahead(worth).render(spoken),
                *(_money(each, currency, spoken) for each in amounts),
            ]
        )
    yield from aligned.lines([head, *rows])
    for said in words.value(found):
        yield said.render(spoken)


def _customers(found: Forecast, currency: str | None, spoken: Language, most: int) -> Iterator[str]:
    listing = found.listing(found.best(most))
    records: list[dict[str, Any]] = [
        dict(zip(listing.columns, row, strict=True)) for row in listing.rows
    ]
    names = (
        "Customer",
        "Last order",
        "Customer still",
        "Orders",
        "12 months",
        "from",
        "to",
        "Next by",
    )
    head = [translate(each, spoken) for each in names]
    rows = [
        [
            str(one["customer_id"]),
            _cell(one["last_on"], spoken),
            _percent(one["alive_percent"], spoken),
            number(one["purchases"], spoken, digits=1),
            *(_money(one[name], currency, spoken) for name in ("value_12", "low_12", "high_12")),
            _cell(one["due_on"], spoken),
        ]
        for one in records
    ]
    yield from aligned.lines([head, *rows])
    if len(found.alive) > most:
        values = {"shown": most, "count": len(found.alive)}
        rest = Sentence("{shown} of {count} customers; --out writes all of them.", values)
        yield rest.render(spoken)


def as_record(
    found: Forecast, expected: ExpectedChurn | None, spoken: Language, *, most: int
) -> dict[str, Any]:
    """Return a forecast as plain values, in the manner of JSON."""
    model, held = found.fit.model, found.contest
    spend = found.spending.model if found.spending is not None else None
    listing = found.listing(found.best(most))
    return {
        "as_of": found.as_of.isoformat(),
        "model": model.slug,
        "parameters": [_estimate(each) for each in model.summary()],
        "log_likelihood": _finite(model.log_likelihood_),
        "reason": found.fit.reason,
        "own_percent": found.fit.own_percent,
        "notes": [note.render(spoken) for note in found.notes],
        "spending": [_estimate(each) for each in spend.summary()] if spend else None,
        "validation": None if held is None else _contest(held, spoken),
        "untested": found.untested.render(spoken) if found.untested else None,
        "discount_percent": found.discount_percent,
        "margin_percent": found.margin_percent,
        "value": [
            {
                "months": each.months,
                "residual": _finite(each.shop.value),
                "low": _finite(each.shop.low),
                "high": _finite(each.shop.high),
                "new_customer": _finite(each.first + each.newcomer),
                "first_purchase": _finite(each.first),
                **_profit(found, each),
            }
            for each in found.worth
        ],
        "expected_churn": None if expected is None else _churn(expected),
        "withheld": found.withheld.render(spoken) if found.withheld else None,
        "customers": [
            dict(zip(listing.columns, map(_plain, row), strict=True)) for row in listing.rows
        ],
    }


def _profit(found: Forecast, worth: Worth) -> dict[str, float | None]:
    """Return value as profit at the margin; of a new customer it is the most that winning one may cost."""
    amounts = {
        "profit": worth.shop.value,
        "profit_low": worth.shop.low,
        "profit_high": worth.shop.high,
        "cac_most": worth.first + worth.newcomer,
    }
    if found.margin_percent is None:
        return dict.fromkeys(amounts)
    share = found.margin_percent / 100
    return {name: _finite(share * amount) for name, amount in amounts.items()}


def _churn(expected: ExpectedChurn) -> dict[str, Any]:
    held = expected.held
    return {
        "percent": expected.value, "low": expected.low, "high": expected.high,
        "customers": expected.customers, "active_days": expected.active_days, "months": 12,
        "model": expected.model, "validation": None if held is None else vars(held),
    }  # fmt: skip


def _contest(held: Contest, spoken: Language) -> dict[str, Any]:
    return {
        "days": held.length.days,
        "customers": held.customers,
        "came_back": held.came_back,
        "actual": held.actual,
        "tracking": list(held.tracking),
        "best": held.best,
        "trials": [
            {
                "slug": each.slug,
                "foretold": each.foretold,
                "error_percent": each.error_percent,
                "area": each.area,
                "deviance": each.deviance,
                "absolute_error": each.absolute_error,
                "loses": each.loses,
                "deciles": [vars(decile) for decile in each.deciles],
                "tracking": list(each.tracking),
                "notes": [note.render(spoken) for note in each.notes],
            }
            for each in (*held.models, *held.rules)
        ],
    }


def _estimate(each: Any) -> dict[str, Any]:
    return {name: _plain(value) for name, value in vars(each).items()}


def _plain(value: object) -> object:
    if isinstance(value, dt.date):
        return value.isoformat()
    return _finite(value) if isinstance(value, float) else value


def _finite(value: float) -> float | None:
    return float(value) if abs(value) < float("inf") else None


def _rounded(value: float | None, spoken: Language) -> str:
    """Write a value with four digits that say something."""
    if value is None:
        return "–"
    whole = len(str(int(abs(value)))) if abs(value) >= 1 else 0
    return number(value, spoken, digits=max(0, 4 - whole))


def _percent(value: float, spoken: Language, *, sign: str = "") -> str:
    plus = "+" if sign and value >= 0.05 else ""
    return f"{plus}{number(value, spoken, digits=1)}{' %' if spoken == 'de' else '%'}"


def _money(amount: object, currency: str | None, spoken: Language) -> str:
    return money(amount, currency, spoken) if isinstance(amount, float) else ""


def _cell(value: object, spoken: Language) -> str:
    return date(value, spoken) if isinstance(value, dt.date) else ""
