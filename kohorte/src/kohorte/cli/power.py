"""`kohorte power`: what a trial with a control group could see, before it starts."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from kohorte.cli import options, progress, trial_words
from kohorte.errors import SettingError
from kohorte.language import Language, Sentence, translate

if TYPE_CHECKING:
    from kohorte.experiments.baseline import Baseline
    from kohorte.experiments.power import Base, Plan

_CONTROLS = (5.0, 10.0, 20.0, 30.0, 50.0)
_REPEATS = (3, 6, 12)


@options.with_shop
def power(
    *,
    files: Annotated[
        list[str] | None,
        typer.Argument(help="Order files: then the shop's own customers are the base."),
    ] = None,
    customers: Annotated[
        int | None, typer.Option("--customers", min=4, help="Customers of the trial.")
    ] = None,
    share: Annotated[
        float | None,
        typer.Option("--share", help="Percent of customers who order without the treatment."),
    ] = None,
    mean: Annotated[
        float | None, typer.Option("--mean", help="Revenue per customer without the treatment.")
    ] = None,
    variation: Annotated[
        float,
        typer.Option(
            "--variation", help="Standard deviation of revenue, in multiples of its mean."
        ),
    ] = 3.0,
    correlation: Annotated[
        float,
        typer.Option("--correlation", min=0, help="How far the time before foretells it, 0 to 1."),
    ] = 0.0,
    control: Annotated[
        float, typer.Option("--control", help="Percent of customers who are held back.")
    ] = 10.0,
    days: Annotated[
        int, typer.Option("--days", min=1, help="Length of the time that is measured.")
    ] = 30,
    sure: Annotated[
        float, typer.Option("--power", help="How surely the effect shall be found, in percent.")
    ] = 80.0,
    shop: options.Shop,
) -> None:
    """Tell which effects a trial could see, before it starts, and what would help it see smaller ones."""
    from kohorte.experiments.ends import Fixed
    from kohorte.experiments.power import Plan

    spoken = shop.spoken
    found: Baseline | None = None
    currency = shop.currency
    if files:
        from kohorte.experiments import baseline

        with (
            progress.bar(spoken) as tell,
            options.history(files, shop, progress=tell) as history,
        ):
            found = baseline.of(history, days=days)
            currency = history.currency
        bases = dict(found.bases)
        customers = customers or found.customers
    else:
        bases = _told(share, mean, variation, correlation)
    if customers is None or not bases:
        raise SettingError(
            "Name order files, or say --customers and --share or --mean: what customers do without "
            "the treatment."
        )
    plan = Plan(customers, control, sure, Fixed(shop.confidence))
    for line in _lines(plan, bases, found, currency, spoken):
        typer.echo(line)


def _told(
    share: float | None, mean: float | None, variation: float, correlation: float
) -> dict[str, Base]:
    from kohorte.experiments.power import Base

    bases = {}
    if share is not None:
        bases["ordered"] = Base.share(share / 100, correlation=correlation)
    if mean is not None:
        bases["revenue"] = Base.money(mean, variation=variation, correlation=correlation)
    return bases


def _lines(
    plan: Plan,
    bases: dict[str, Base],
    found: Baseline | None,
    currency: str | None,
    spoken: Language,
) -> Iterator[str]:
    """Give the lines that the command prints."""
    from kohorte.experiments.ends import Always

    if found is not None:
        values = {"n": found.customers, "days": found.days, "day": found.start}
        told = Sentence(
            "{n} active {n:customer|customers} on {day}; what they did in the {days} days after:",
            values,
        )
        yield told.render(spoken)
    for name, base in bases.items():
        yield "  " + trial_words.base(name, base, currency, spoken)
    yield ""
    looking = replace(plan, end=Always(plan.customers, plan.end.confidence_percent))
    for name, base in bases.items():
        yield trial_words.smallest(name, base, plan, currency, spoken)
        yield "  " + trial_words.looking(base, looking, spoken)
    yield ""
    yield translate("Smallest effect that is found, by the share that is held back:", spoken)
    yield from _table(plan, bases, spoken)
    yield ""
    yield translate("What helps to see smaller effects:", spoken)
    first = next(iter(bases.values()))
    for line in _helps(plan, first, spoken):
        yield f"- {line}"


def _table(plan: Plan, bases: dict[str, Base], spoken: Language) -> Iterator[str]:
    names = [trial_words.name(name, spoken) for name in bases]
    widths = [max(len(name), 10) for name in names]
    yield " " * 10 + "  ".join(n.rjust(w) for n, w in zip(names, widths, strict=True))
    for control in sorted({*_CONTROLS, plan.control_percent}):
        cells = [
            _percent(replace(plan, control_percent=control).smallest(base) / base.mean, spoken)
            for base in bases.values()
        ]
        head = _percent(control / 100, spoken).rjust(8)
        yield head + "  " + "  ".join(c.rjust(w) for c, w in zip(cells, widths, strict=True))


def _helps(plan: Plan, base: Base, spoken: Language) -> Iterator[str]:
    """Give what makes smaller effects visible, each with how small they may be then."""
    if plan.control_percent < 50:
        half = replace(plan, control_percent=50.0).smallest(base) / base.mean
        yield Sentence(
            "hold back half of the customers: effects from {percent} on",
            {"percent": _percent(half, spoken)},
        ).render(spoken)
    now = plan.smallest(base) / base.mean
    for repeats in _REPEATS:
        yield Sentence(
            "repeat the trial {times} times and pool the results: from about {percent} on, if the "
            "effect is the same each time",
            {"times": repeats, "percent": _percent(now / math.sqrt(repeats), spoken)},
        ).render(spoken)
    if not base.correlation:
        yield translate(
            "measure the same before the start: what foretells half lowers it by an eighth", spoken
        )


def _percent(share: float, spoken: Language) -> str:
    return "–" if math.isinf(share) else trial_words.whole_percent(100 * share, spoken)
