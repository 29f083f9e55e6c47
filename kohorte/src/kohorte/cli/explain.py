"""`kohorte explain`: what a number means, its SQL, and the customers and orders behind it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kohorte import metrics, relations
from kohorte.cli import headline, listing, options, progress
from kohorte.errors import SettingError
from kohorte.history import History
from kohorte.language import Language, translate


@options.with_shop
def explain(
    *,
    metric: Annotated[
        str, typer.Argument(help="Slug of the metric; `kohorte metrics` lists them.")
    ],
    files: Annotated[
        list[Path] | None, typer.Argument(help="Order files, to see one number of them.")
    ] = None,
    sql: Annotated[bool, typer.Option("--sql", help="Print the whole query.")] = False,
    grain: Annotated[options.Grain, typer.Option("--grain", help="Kind of period.")] = (
        options.Grain.all
    ),
    period: Annotated[
        str, typer.Option("--period", help="Which period, such as 2011-11 or 2011-Q4.")
    ] = "all",
    customers: Annotated[
        Path | None, typer.Option("--customers", help="Write the customers behind it to a CSV.")
    ] = None,
    orders: Annotated[
        Path | None, typer.Option("--orders", help="Write the orders behind it to a CSV.")
    ] = None,
    shop: options.Shop,
) -> None:
    """Explain a metric; with files, also one of their numbers and who is behind it."""
    spoken = shop.spoken
    _define(metric, spoken, sql=sql)
    if not files:
        if customers or orders:
            raise SettingError("It takes order files to list who is behind a number.")
        return
    with (
        progress.bar(spoken) as tell,
        options.history(files, shop, progress=tell) as history,
    ):
        _answer(history, metric, grain, period, spoken, customers=customers, orders=orders)


def _define(slug: str, spoken: Language, *, sql: bool) -> None:
    metric = metrics.get(slug)
    typer.echo(f"{metric.name.render(spoken)} ({slug})")
    for name, text in (
        (translate("Meaning", spoken), metric.sentence.render(spoken)),
        (translate("Formula", spoken), metric.formula.render(spoken)),
        (translate("n counts", spoken), metric.denominator.render(spoken)),
        (translate("Left empty", spoken), metric.censoring.render(spoken)),
        (translate("Source", spoken), metric.source),
    ):
        typer.echo(f"  {name}: {text}")
    if not sql:
        return
    typer.echo("\n-- " + translate("The number, for all periods at once", spoken))
    typer.echo(relations.compose(metric.sql))
    typer.echo("\n-- " + translate("The customers behind it, for one period", spoken))
    typer.echo(relations.compose(metric.behind.strip()))


def _answer(
    history: History,
    slug: str,
    grain: options.Grain,
    label: str,
    spoken: Language,
    *,
    customers: Path | None,
    orders: Path | None,
) -> None:
    period = history.period(grain.value, label)
    typer.echo("")
    for row in history.metric(slug, grain=grain.value):
        if row.period == period.label:
            name = "" if row.segment == "all" else f"{translate(row.segment, spoken)}: "
            typer.echo(f"{period.label}: {name}{headline.written(row, history.currency, spoken)}")
    for path, find in ((customers, history.behind), (orders, history.orders_behind)):
        if path is not None:
            count = listing.save(find(slug, grain=grain.value, period=label), path)
            typer.echo(listing.saved(count, path).render(spoken))
