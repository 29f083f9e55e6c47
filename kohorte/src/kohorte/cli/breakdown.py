"""`kohorte breakdown`: metrics by country, first product, cohort or group, side by side."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kohorte import metrics as registry
from kohorte.cli import groups, headline, listing, options, progress
from kohorte.conditions.customers import CHANNEL
from kohorte.contrasts import UNTESTED
from kohorte.language import Language, Sentence, translate
from kohorte.results import Breakdown, Grain, Listing, Row

if TYPE_CHECKING:
    from kohorte.history import History

METRICS = ("customers", "repeat_purchase_rate", "average_order_value", "customer_value")
OF_CHANNELS = ("customer_acquisition_cost", "lead_to_customer_ratio")


@options.with_shop
def breakdown(
    *,
    files: options.Files,
    by: Annotated[
        str,
        typer.Option("--by", help="What tells customers apart: country, channel, first_product …"),
    ] = "country",
    metric: Annotated[
        list[str] | None,
        typer.Option("--metric", help="Slug of a metric. May be repeated."),
    ] = None,
    grain: Annotated[options.Grain, typer.Option("--grain", help="Kind of period.")] = (
        options.Grain.all
    ),
    most: groups.MostOption = 8,
    out: Annotated[Path | None, typer.Option("--out", help="Write all rows to a CSV.")] = None,
    shop: options.Shop,
) -> None:
    """Show metrics for groups of customers side by side, each with its range and n."""
    spoken = shop.spoken
    groups.require(by)
    for slug in metric or ():
        registry.get(slug)
    with (
        progress.bar(spoken) as tell,
        options.history(files, shop, progress=tell) as history,
    ):
        slugs = metric or _usual(by, history)
        found = history.breakdown(by, slugs=slugs, grain=grain.value, most=most)
    if out is not None:
        count = listing.save(_listing(found), out)
        typer.echo(listing.saved(count, out).render(spoken))
        return
    for side in found.sides:
        typer.echo(groups.name(side.group, by, spoken))
        for row in side.rows:
            # A channel through which nobody came has costs and leads, and nothing else.
            if not (metric or side.group.customers or row.metric in OF_CHANNELS):
                continue
            _show(row, grain.value, history.currency, spoken)
    _show_apart(found, shop.settings.confidence_percent, spoken)


def _usual(by: str, history: History) -> list[str]:
    """Return the metrics shown unless others are asked for; by channel also what customers cost."""
    known = history.measurable()
    return [*METRICS, *(slug for slug in OF_CHANNELS if by == CHANNEL and slug in known)]


def _show_apart(found: Breakdown, confidence_percent: float, spoken: Language) -> None:
    """Say which metrics differ between the groups by more than chance."""
    if found.dimension in UNTESTED:
        typer.echo(UNTESTED[found.dimension].render(spoken))
    if not found.apart:
        return
    level = 1 - confidence_percent / 100
    names = [registry.get(slug).name.render(spoken) for slug, p in found.apart.items() if p < level]
    said = (
        Sentence(
            "The groups differ by more than chance explains in: {names}. Whether the group is the "
            "reason, this does not tell.",
            {"names": ", ".join(names)},
        )
        if names
        else Sentence("In no metric do the groups differ by more than chance explains.")
    )
    typer.echo(said.render(spoken))


def _show(row: Row, grain: Grain, currency: str | None, spoken: Language) -> None:
    period = "" if grain == "all" else f" ({row.period})"
    name = registry.get(row.metric).name.render(spoken)
    if row.segment != "all":
        name = f"{name} ({translate(row.segment, spoken)})"
    typer.echo(f"  {name + period:<38} {headline.written(row, currency, spoken)}")


def _listing(found: Breakdown) -> Listing:
    columns = (
        *(found.dimension, "rest", "metric", "segment", "period"),
        *("value", "low", "high", "n", "complete"),
    )
    rows = tuple(
        (
            side.group.value or "",
            side.group.rest,
            row.metric,
            row.segment,
            row.period,
            row.value,
            row.low,
            row.high,
            row.n,
            row.complete,
        )
        for side in found.sides
        for row in side.rows
    )
    return Listing(columns, rows)
