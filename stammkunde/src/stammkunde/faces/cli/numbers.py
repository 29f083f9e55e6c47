"""`stammkunde numbers`: the numbers of a shop's pages, as CSV or JSON for programs."""

from __future__ import annotations

import csv
import json
import sys
from typing import Annotated, Any, Literal

import typer

from stammkunde.faces.cli import product, words

Grain = Literal["day", "week", "month", "quarter", "year", "all"]
Dimension = Literal["country", "channel", "first_product", "category", "cohort", "rfm_group"]
Age = Literal["calendar", "rolling"]
Status = Literal["overdue", "due", "not_due", "lapsed"]


def numbers(
    shop: Annotated[str, typer.Argument(help="Address of the shop, as `shop list` shows it.")],
    what: Annotated[
        str | None,
        typer.Argument(
            help="One metric, by the name in the address of its page; all without. Or `cohorts`, "
            "`movements`, `rfm`, `survival`, `groups`, `due`, `moves`, `reasons`, `exclusions`; of the "
            "forecast `forecast`, `expected_churn`, `record`, `drivers`, `foretold` (its customers)."
        ),
    ] = None,
    grain: Annotated[
        Grain | None, typer.Option("--grain", help="Kind of period; all time unless given.")
    ] = None,
    where: Annotated[
        str | None,
        typer.Option("--where", help="Only customers of whom a condition holds."),
    ] = None,
    by: Annotated[
        Dimension | None,
        typer.Option("--by", help="In groups: of a metric by month, of `groups` over all time."),
    ] = None,
    age: Annotated[
        Age | None,
        typer.Option(
            "--age", help="How the age of cohorts is counted; by the calendar unless given."
        ),
    ] = None,
    to_order: Annotated[
        int | None,
        typer.Option(
            "--to-order",
            min=2,
            max=10,
            help="To which order `survival` runs; the second unless given.",
        ),
    ] = None,
    status: Annotated[
        Status | None,
        typer.Option(
            "--status",
            help="List the customers of `due` who stand so, by their number; of `foretold` those who "
            "are `overdue` or `due`.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON instead of CSV.")] = False,
    language: words.LanguageOption = None,
) -> None:
    """Write the numbers of a shop as CSV, computed anew where something changed since."""
    spoken = words.language(language)
    product.load(spoken)
    from stammkunde.faces.cli import topics_of_numbers as topics

    chosen = topics.Chosen(grain, where, by, age, to_order, status)
    found = topics.rows(product.shop(shop), what, chosen, spoken)
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        _write(found)


def _write(rows: list[dict[str, Any]]) -> None:
    from stammkunde.faces.exports import safe

    writer = csv.writer(sys.stdout, lineterminator="\n")
    if rows:
        writer.writerow(rows[0])
    writer.writerows([safe(cell) for cell in row.values()] for row in rows)
