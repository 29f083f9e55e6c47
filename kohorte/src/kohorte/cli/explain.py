"""`kohorte explain`: what a number means, its SQL, and the customers and orders behind it."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from kohorte import exclusions, metrics, periods, relations
from kohorte.cli import groups, headline, listing, options, progress, steps
from kohorte.errors import SettingError
from kohorte.history import History
from kohorte.language import Language, Sentence, translate
from kohorte.results import Grain, Listing

# Of profit every single customer's is wanted, in money and not in the halves of a mean.
PROFIT = "profit_per_customer"


@options.with_shop
def explain(
    *,
    metric: Annotated[
        str, typer.Argument(help="Slug of the metric; `kohorte metrics` lists them.")
    ],
    files: Annotated[
        list[str] | None, typer.Argument(help="Order files, to see one number of them.")
    ] = None,
    sql: Annotated[bool, typer.Option("--sql", help="Print the whole query.")] = False,
    period: Annotated[
        str, typer.Option("--period", help="Which period, such as 2011, 2011-Q4 or 2011-11.")
    ] = "all",
    grain: Annotated[
        options.Grain | None,
        typer.Option("--grain", help="Kind of period, where its name does not tell."),
    ] = None,
    segment: Annotated[
        str, typer.Option("--segment", help="Orders of: all, new, existing, unidentified.")
    ] = "all",
    customers: Annotated[
        Path | None, typer.Option("--customers", help="Write the customers behind it to a CSV.")
    ] = None,
    orders: Annotated[
        Path | None, typer.Option("--orders", help="Write the orders behind it to a CSV.")
    ] = None,
    earlier: Annotated[
        Path | None,
        typer.Option(
            "--earlier", help="Folder of an earlier report, to see why the number changed since."
        ),
    ] = None,
    by: groups.ByOption = None,
    most: groups.MostOption = 8,
    shop: options.Shop,
) -> None:
    """Explain a metric; with files, also one of their numbers and who is behind it."""
    spoken = shop.spoken
    groups.require(by)
    _define(metric, spoken, sql=sql)
    if not files:
        _require_nothing(by=by, behind=customers or orders, earlier=earlier)
        return
    with (
        progress.bar(spoken) as tell,
        options.history(files, shop, progress=tell) as history,
    ):
        kind = grain.value if grain else periods.grain_of(period)
        _show(history, metric, kind, period, spoken)
        left_out = exclusions.by_reason(history.engine, exponent=history.exponent)
        headline.show_exclusions(left_out, spoken)
        if by is not None:
            _show_groups(history, metric, kind, period, spoken, by=by, most=most, sql=sql)
        if earlier is not None:
            _restate(history, earlier, metric, kind, period, spoken)
        if customers is not None:
            listed = history.profits if metric == PROFIT else partial(history.behind, metric)
            _save(listed(grain=kind, period=period), customers, spoken)
        if orders is not None:
            found = history.orders_behind(metric, grain=kind, period=period, segment=segment)
            _save(found, orders, spoken)


def _require_nothing(*, by: str | None, behind: Path | None, earlier: Path | None) -> None:
    """Refuse what only files can answer."""
    if by:
        raise SettingError("It takes order files to show a number by group.")
    if behind:
        raise SettingError("It takes order files to list who is behind a number.")
    if earlier:
        raise SettingError("It takes order files to compare a number with an earlier report.")


def _define(slug: str, spoken: Language, *, sql: bool) -> None:
    metric = metrics.get(slug)
    typer.echo(f"{metric.name.render(spoken)} ({slug})")
    for name, text in (
        (translate("Meaning", spoken), metric.sentence.render(spoken)),
        (translate("Formula", spoken), metric.formula.render(spoken)),
        (translate("n counts", spoken), metric.denominator.render(spoken)),
        (translate("Bear in mind", spoken), metric.censoring.render(spoken)),
        (translate("Source", spoken), metric.source.render(spoken)),
    ):
        typer.echo(f"  {name}: {text}")
    if not sql:
        return
    typer.echo("\n-- " + translate("The number, for all periods at once", spoken))
    typer.echo(relations.compose(metric.sql))
    typer.echo("\n-- " + translate("The customers behind it, for one period", spoken))
    typer.echo(relations.compose(metric.behind.strip()))


def _show_groups(
    history: History,
    slug: str,
    grain: Grain,
    label: str,
    spoken: Language,
    *,
    by: str,
    most: int,
    sql: bool,
) -> None:
    """Print the number of each group, and how the tables were narrowed for it."""
    typer.echo("")
    for group, part in history.by(by, most=most):
        typer.echo(groups.name(group, by, spoken))
        if sql:
            typer.echo(
                "  -- " + translate("How the tables show these customers only, as it ran", spoken)
            )
            for statement in part.narrowed_by:
                typer.echo(f"  {statement};")
        _show(part, slug, grain, label, spoken, indent="  ")


def _show(
    history: History, slug: str, grain: Grain, label: str, spoken: Language, *, indent: str = ""
) -> None:
    period = history.period(grain, label)
    if not indent:
        typer.echo("")
    for row in history.metric(slug, grain=grain):
        if row.period == period.label:
            segment = "" if row.segment == "all" else f" ({translate(row.segment, spoken)})"
            when = translate("All time", spoken) if grain == "all" else period.label
            number = headline.written(row, history.currency, spoken)
            typer.echo(f"{indent}{when}{segment}: {number}")


def _restate(
    history: History, earlier: Path, slug: str, grain: Grain, label: str, spoken: Language
) -> None:
    """Print the way from the number of an earlier report to the one of now."""
    from kohorte import restatement

    found = restatement.explain(history, earlier, slug, grain=grain, period=label)
    amounts = steps.Amounts(metrics.get(slug).unit, history.currency, spoken)
    then = Sentence("in the report in {folder}", {"folder": str(earlier)}).render(spoken)
    typer.echo("")
    typer.echo(f"{amounts.value(found.before):>18}  {then}")
    for line in steps.lines(found.before, found.steps, amounts):
        typer.echo(line)
    typer.echo(f"{amounts.value(found.after):>18}  {translate('now', spoken)}")
    if not found.steps:
        typer.echo(translate("Nothing about this number has changed.", spoken))
        return
    still = steps.without_effect(found.before, found.steps, amounts)
    if still:
        typer.echo(still)
    typer.echo(steps.order_matters(spoken))


def _save(found: Listing, path: Path, spoken: Language) -> None:
    typer.echo(listing.saved(listing.save(found, path), path).render(spoken))
