"""`kohorte breakdown`: metrics by country, first product, cohort or group, side by side."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kohorte import metrics as registry
from kohorte.cli import headline, listing, options, progress
from kohorte.language import Language
from kohorte.results import Grain, Listing, Row
from kohorte.scope import Group

METRICS = ("customers", "repeat_purchase_rate", "average_order_value", "customer_value")


@options.with_shop
def breakdown(
    *,
    files: options.Files,
    by: Annotated[
        str,
        typer.Option("--by", help="What tells customers apart: country, first_product, cohort …"),
    ] = "country",
    metric: Annotated[
        list[str] | None,
        typer.Option("--metric", help="Slug of a metric. May be repeated."),
    ] = None,
    grain: Annotated[options.Grain, typer.Option("--grain", help="Kind of period.")] = (
        options.Grain.all
    ),
    most: Annotated[
        int, typer.Option("--most", min=2, help="So many groups; smaller ones are one.")
    ] = 8,
    out: Annotated[Path | None, typer.Option("--out", help="Write all rows to a CSV.")] = None,
    shop: options.Shop,
) -> None:
    """Show metrics for groups of customers side by side, each with its range and n."""
    spoken = shop.spoken
    slugs = tuple(metric or METRICS)
    for slug in slugs:
        registry.get(slug)
    with (
        progress.bar(spoken) as tell,
        options.history(files, shop, progress=tell) as history,
    ):
        found = [
            (group, row)
            for group, part in history.by(by, most=most)
            for slug in slugs
            for row in part.metric(slug, grain=grain.value, segment="all")
        ]
    if out is not None:
        count = listing.save(_listing(found, by), out)
        typer.echo(listing.saved(count, out).render(spoken))
        return
    for group in dict.fromkeys(group for group, _ in found):
        typer.echo(f"{headline.group_name(group, spoken)}")
        for row in (row for other, row in found if other == group):
            _show(row, grain.value, history.currency, spoken)


def _show(row: Row, grain: Grain, currency: str | None, spoken: Language) -> None:
    period = "" if grain == "all" else f" ({row.period})"
    name = registry.get(row.metric).name.render(spoken)
    typer.echo(f"  {name + period:<38} {headline.written(row, currency, spoken)}")


def _listing(found: list[tuple[Group, Row]], by: str) -> Listing:
    columns = (by, "rest", "metric", "period", "value", "low", "high", "n", "complete")
    rows = tuple(
        (
            group.value or "",
            group.rest,
            row.metric,
            row.period,
            row.value,
            row.low,
            row.high,
            row.n,
            row.complete,
        )
        for group, row in found
    )
    return Listing(columns, rows)
