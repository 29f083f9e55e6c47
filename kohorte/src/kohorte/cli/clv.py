"""`kohorte clv`: who comes back, when, and what they will be worth, with the model's own track record."""

from __future__ import annotations

import datetime as dt
import json
import re
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kohorte.cli import listing, options, progress
from kohorte.errors import SettingError

if TYPE_CHECKING:
    from kohorte.models.horizons import Horizon


class Model(StrEnum):
    """The models of repeat purchases."""

    mbg_nbd = "mbg_nbd"
    bg_nbd = "bg_nbd"
    pareto_nbd = "pareto_nbd"
    mbg_cnbd_k = "mbg_cnbd_k"
    nbd = "nbd"


class Period(StrEnum):
    """How long it is between two renewals or occasions."""

    month = "month"
    quarter = "quarter"
    year = "year"


@options.with_shop
def clv(
    *,
    files: options.Files,
    model: Annotated[
        Model | None,
        typer.Option(
            "--model",
            help="Use this model; the one that foretold the shop's past best unless given.",
        ),
    ] = None,
    horizon: Annotated[
        str,
        typer.Option(
            "--horizon",
            help="Until when orders are foretold: 12 months, 52 weeks, 90 days or a day.",
        ),
    ] = "12 months",
    discount: Annotated[
        float, typer.Option("--discount", min=0, help="Discount of future revenue, % a year.")
    ] = 10.0,
    contracts: Annotated[
        Period | None,
        typer.Option(
            "--contracts", help="Foretell contracts, renewed every month, quarter or year."
        ),
    ] = None,
    occasions: Annotated[
        Period | None,
        typer.Option(
            "--occasions",
            help="Foretell purchases at fixed occasions, such as one donation a year.",
        ),
    ] = None,
    most: Annotated[int, typer.Option("--most", min=1, help="So many customers at most.")] = 10,
    out: Annotated[Path | None, typer.Option("--out", help="Write all customers to a CSV.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
    shop: options.Shop,
) -> None:
    """Foretell who comes back and what customers will be worth, beside how well that went before."""
    spoken = shop.spoken
    until = parse(horizon)
    with (
        progress.bar(spoken) as tell,
        options.history(files, shop, progress=tell) as history,
    ):
        from kohorte.cli import fixed_words, forecast_words
        from kohorte.forecasts import churn, forecast

        if contracts is not None or occasions is not None:
            wanted = (
                contracts.value if contracts else None,
                occasions.value if occasions else None,
            )
            said = fixed_words.answer(history, *wanted, discount_percent=discount, most=most)
            if out is not None and said.listing is not None:
                count = listing.save(said.listing, out)
                typer.echo(listing.saved(count, out).render(spoken), err=as_json)
            for line in said.json(spoken) if as_json else said.lines(spoken):
                typer.echo(line)
            return
        found = forecast.of(
            history,
            model=model.value if model else None,
            horizon=until,
            discount_percent=discount,
        )
        currency, expected = history.currency, churn.expected(history, found)
    if out is not None:
        count = listing.save(found.listing(found.best()), out)
        typer.echo(listing.saved(count, out).render(spoken), err=as_json)
    if as_json:
        known = forecast_words.as_record(found, expected, spoken, most=most)
        typer.echo(json.dumps(known, ensure_ascii=False, allow_nan=False, indent=2))
        return
    for line in forecast_words.lines(found, expected, currency, spoken, most=most):
        typer.echo(line)


_UNITS = {
    "day": 1, "days": 1, "tag": 1, "tage": 1,
    "week": 7, "weeks": 7, "woche": 7, "wochen": 7,
}  # fmt: skip
_MONTHS = {
    "month": 1, "months": 1, "monat": 1, "monate": 1,
    "year": 12, "years": 12, "jahr": 12, "jahre": 12,
}  # fmt: skip


def parse(text: str) -> Horizon:
    """Return the horizon that a text says; a number without a unit is none.

    Raises
    ------
    SettingError
        It is neither a day nor a number with a unit.

    Examples
    --------
    >>> parse("90 days"), parse("2027-01-31")
    (datetime.timedelta(days=90), datetime.date(2027, 1, 31))
    """
    from kohorte.models.horizons import Months

    said = re.fullmatch(r"\s*(\d{1,5})\s*([^\W\d]+)\s*", text)
    if said:
        count, unit = int(said[1]), said[2].lower()
        if unit in _UNITS:
            return dt.timedelta(days=count * _UNITS[unit])
        if unit in _MONTHS and count * _MONTHS[unit] <= 1200:
            return Months(count * _MONTHS[unit])
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError:
        raise SettingError(
            "“{text}” is no horizon. Write 12 months, 52 weeks, 90 days, or a day as 2027-01-31.",
            text=text,
        ) from None
