"""`kohorte bridge`: why another tool shows another number."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import typer

from kohorte import metrics, periods
from kohorte.cli import options, progress, steps
from kohorte.errors import SettingError
from kohorte.language import Language, Sentence, translate
from kohorte.periods import Span
from kohorte.yardsticks import Bridge


@options.with_shop
def bridge(
    *,
    metric: Annotated[
        str, typer.Argument(help="Slug of the metric; `kohorte metrics` lists them.")
    ],
    files: options.Files,
    to: Annotated[
        str, typer.Option("--to", help="The other tool: shopify, woocommerce or textbook.")
    ] = "shopify",
    theirs: Annotated[
        float | None, typer.Option("--theirs", help="What the other tool shows, such as 83.")
    ] = None,
    period: Annotated[
        str, typer.Option("--period", help="Which period, such as 2011, 2011-Q4 or 2011-11.")
    ] = "all",
    grain: Annotated[
        options.Grain | None,
        typer.Option("--grain", help="Kind of period, where its name does not tell."),
    ] = None,
    seen: Annotated[
        str | None,
        typer.Option("--seen", help="Day on which the other tool was read, as 2026-01-31."),
    ] = None,
    their_timezone: Annotated[
        str | None,
        typer.Option("--their-timezone", help="Time zone of the other tool, if it is another."),
    ] = None,
    their_first: Annotated[
        str | None,
        typer.Option("--their-first", help="First day of its number, if it is another."),
    ] = None,
    their_last: Annotated[
        str | None, typer.Option("--their-last", help="Last day of its number, if it is another.")
    ] = None,
    shop: options.Shop,
) -> None:
    """Lead from another tool's number to ours, in steps that add up."""
    from kohorte.bridge import Assumed, get

    spoken = shop.spoken
    get(to, metric)
    assumed = Assumed(
        seen_on=options.day(seen),
        timezone=their_timezone,
        days=_days(options.day(their_first), options.day(their_last)),
    )
    with (
        progress.bar(spoken) as tell,
        options.history(files, shop, progress=tell) as history,
    ):
        found = history.bridge(
            metric,
            to=to,
            grain=grain.value if grain else periods.grain_of(period),
            period=period,
            theirs=theirs,
            assumed=assumed,
        )
    _show(found, history.currency, spoken)


def _days(first: dt.date | None, last: dt.date | None) -> Span | None:
    if first is None and last is None:
        return None
    if first is None or last is None or first > last:
        raise SettingError(
            "The days of the other tool take a first and a last one: --their-first 2026-01-05 "
            "--their-last 2026-02-04."
        )
    return Span(first, last + dt.timedelta(days=1))


def _show(found: Bridge, currency: str | None, spoken: Language) -> None:
    metric = metrics.get(found.metric)
    amounts = steps.Amounts(metric.unit, currency, spoken)
    when = Sentence("{first} to {last}", {"first": found.first_on, "last": found.last_on})
    typer.echo(f"{metric.name.render(spoken)} ({found.metric}), {when.render(spoken)}")
    for name, text in (
        (found.tool.render(spoken), found.formula.render(spoken)),
        (translate("Source", spoken), found.source.render(spoken)),
        (translate("Here", spoken), metric.formula.render(spoken)),
    ):
        typer.echo(f"  {name}: {text}")
    typer.echo("")
    by_tool = {"tool": found.tool}
    if found.told is not None:
        shown = Sentence("{tool} shows", by_tool).render(spoken)
        typer.echo(f"{amounts.value(found.told):>18}  {shown}")
        if amounts.moves(found.told, found.theirs):
            unexplained = translate("unexplained: no step leads there", spoken)
            typer.echo(f"  {amounts.move(found.told, found.theirs):>16}  {unexplained}")
    calculated = Sentence("as {tool} calculates, on these data", by_tool).render(spoken)
    typer.echo(f"{amounts.value(found.theirs):>18}  {calculated}")
    for line in steps.lines(found.theirs, found.steps, amounts):
        typer.echo(line)
    typer.echo(f"{amounts.value(found.ours):>18}  {translate('as it is calculated here', spoken)}")
    typer.echo("")
    still = steps.without_effect(found.theirs, found.steps, amounts)
    for note in [still, *(note.render(spoken) for note in found.notes)]:
        if note:
            typer.echo(note)
    typer.echo(steps.order_matters(spoken))
