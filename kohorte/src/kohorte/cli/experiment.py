"""`kohorte experiment`: did it work? A trial read against its control group."""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kohorte.cli import experiment_words, options, progress, shares, trial_terms
from kohorte.errors import SettingError

if TYPE_CHECKING:
    import duckdb

    from kohorte.experiments.files import Table
    from kohorte.experiments.measures import Measure


@options.with_shop
def experiment(
    *,
    file: Annotated[
        str, typer.Argument(help="File of the trial: one row per customer, with the arm.")
    ],
    orders: Annotated[
        list[str] | None,
        typer.Option("--orders", help="Order files: what customers did is counted there."),
    ] = None,
    start: Annotated[
        str | None, typer.Option("--start", help="Day on which the trial began, as 2026-03-01.")
    ] = None,
    days: Annotated[
        int, typer.Option("--days", min=1, help="Days from the start that are measured.")
    ] = 30,
    arm: Annotated[str | None, typer.Option("--arm", help="Column that says who got what.")] = None,
    control: Annotated[
        str | None, typer.Option("--control", help="The arm that got nothing.")
    ] = None,
    measure: Annotated[
        list[str] | None,
        typer.Option(
            "--measure",
            help="What it is judged by, the headline first: spend, spend/orders, or spend-history "
            "with what was before. May be repeated.",
        ),
    ] = None,
    share: Annotated[
        list[str] | None,
        typer.Option("--share", help="What was planned: control=10. May be repeated."),
    ] = None,
    by: Annotated[
        str | None, typer.Option("--by", help="Column by which customers are told apart.")
    ] = None,
    once: Annotated[
        bool,
        typer.Option("--once", help="The trial is read this once, at its planned end."),
    ] = False,
    looks: Annotated[
        str | None,
        typer.Option("--looks", help="Planned looks so far, as shares of all: 0.25,0.5."),
    ] = None,
    planned: Annotated[
        int | None,
        typer.Option(
            "--planned",
            min=2,
            help="Customers with which it is to be decided, said beforehand: the range is narrowest there.",
        ),
    ] = None,
    cost: Annotated[
        float, typer.Option("--cost", min=0, help="What the treatment costs per customer.")
    ] = 0.0,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
    shop: options.Shop,
) -> None:
    """Tell whether a campaign worked: every arm of a trial against the one that got nothing."""
    from kohorte.engine import Engine
    from kohorte.experiments import files, outcomes, records, trial

    spoken = shop.spoken
    currency, left_out = shop.currency, None
    with tempfile.TemporaryDirectory(prefix="kohorte-") as folder:

        def load(connection: duckdb.DuckDBPyConnection) -> Table:
            return files.load(
                file,
                connection=connection,
                folder=Path(folder),
                options=shop.reading,
                arm=arm,
                control=control,
            )

        def read(
            connection: duckdb.DuckDBPyConnection, name: str, table: Table, measures: list[Measure]
        ) -> trial.Trial:
            return trial.read(
                connection,
                name,
                measures,
                control=table.control,
                end=trial_terms.end_of(once, looks, planned, shop.confidence),
                shares=shares.parse(share, example="control=10"),
                by=trial_terms.group(by, table),
            )

        if orders:
            began = options.day(start)
            if began is None:
                raise SettingError("Say when the trial began, as --start 2026-03-01.")
            with (
                progress.bar(spoken) as tell,
                options.history(orders, shop, progress=tell, keep_people=True) as history,
            ):
                table = load(history.engine.connection)
                kinds = outcomes.add(history, table, start=began, days=days)
                currency, left_out = history.currency, outcomes.left_out(history, table)
                measures = trial_terms.counted(measure, kinds, history.lacking)
                found = read(history.engine.connection, outcomes.OUTCOMES, table, measures)
        else:
            with Engine() as engine:
                table = load(engine.connection)
                found = read(
                    engine.connection,
                    files.TABLE,
                    table,
                    trial_terms.named(measure, table.kinds, table),
                )
    if as_json:
        known = records.as_record(found) | ({"left_out": asdict(left_out)} if left_out else {})
        typer.echo(json.dumps(known, ensure_ascii=False, allow_nan=False, indent=2))
        return
    for sentence in left_out.sentences() if left_out else ():
        typer.echo(sentence.render(spoken))
    is_planned = once or bool(looks)
    for line in experiment_words.lines(
        found,
        currency,
        spoken,
        is_planned=is_planned,
        cost=cost,
        margin_percent=shop.margin,
        confidence_percent=shop.confidence,
    ):
        typer.echo(line)
