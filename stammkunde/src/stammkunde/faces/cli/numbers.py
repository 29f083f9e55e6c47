"""`stammkunde numbers`: the numbers of a shop's pages, as CSV for programs."""

from __future__ import annotations

import csv
import sys
from typing import Annotated, Literal

import typer

from stammkunde.faces.cli import product, words

Grain = Literal["day", "week", "month", "quarter", "year", "all"]
COLUMNS = (
    *("metric", "grain", "period", "starts_on", "ends_on", "segment", "value", "low", "high", "n"),
    "complete",
)


def numbers(
    shop: Annotated[str, typer.Argument(help="Address of the shop, as `shop list` shows it.")],
    metric: Annotated[
        str | None,
        typer.Argument(help="One metric, by the name in the address of its page; all without."),
    ] = None,
    grain: Annotated[Grain, typer.Option("--grain", help="Kind of period.")] = "all",
    language: words.LanguageOption = None,
) -> None:
    """Write the numbers of a shop as CSV, computed anew where something changed since."""
    product.load(words.language(language))
    from kohorte import metrics
    from kohorte.errors import KohorteError
    from stammkunde.core.errors import NotFound
    from stammkunde.insights import queries, snapshots
    from stammkunde.insights.questions import series

    where = product.shop(shop)
    try:
        slugs = [metrics.get(metric).slug] if metric else list(metrics.every())
    except KohorteError as fault:
        raise NotFound(fault.render(words.language(language)), name="metric.unknown") from fault
    found = queries.answers(snapshots.refresh(where), [series(slug, grain) for slug in slugs])
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(COLUMNS)
    for rows in found.values():
        writer.writerows([getattr(row, name) for name in COLUMNS] for row in rows)
