"""`kohorte experiment`: did it work? A trial read against its control group."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kohorte.cli import experiment_words, options, progress, shares
from kohorte.errors import SettingError

if TYPE_CHECKING:
    import duckdb

    from kohorte.experiments.columns import Kind
    from kohorte.experiments.ends import End
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
    currency = shop.currency
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
                end=_end(once, looks, planned, shop.confidence),
                shares=shares.parse(share, example="control=10"),
                by=_group(by, table),
            )

        if orders:
            began = options.day(start)
            if began is None:
                raise SettingError("Say when the trial began, as --start 2026-03-01.")
            with (
                progress.bar(spoken) as tell,
                options.history(orders, shop, progress=tell) as history,
            ):
                table = load(history.engine.connection)
                kinds = outcomes.add(history, table, start=began, days=days)
                currency = history.currency
                measures = _own(measure, kinds, history.lacking)
                found = read(history.engine.connection, outcomes.OUTCOMES, table, measures)
        else:
            with Engine() as engine:
                table = load(engine.connection)
                found = read(
                    engine.connection, files.TABLE, table, _measures(measure, table.kinds, table)
                )
    if as_json:
        known = records.as_record(found)
        typer.echo(json.dumps(known, ensure_ascii=False, allow_nan=False, indent=2))
        return
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


def _end(once: bool, looks: str | None, planned: int | None, confidence: float) -> End:
    from kohorte.experiments.ends import PLANNED, Always, Fixed, Planned

    if once:
        return Fixed(confidence)
    if looks is not None:
        try:
            at = tuple(float(look) for look in looks.split(","))
        except ValueError:
            raise SettingError(
                "“{text}” are no looks. Write them as 0.25,0.5.", text=looks
            ) from None
        return Planned(at, confidence_percent=confidence)
    return Always(planned or PLANNED, confidence)


def _measures(told: Sequence[str] | None, kinds: Mapping[str, Kind], table: Table) -> list[Measure]:
    """Return what a trial is judged by; without a word about it the user is asked."""
    if not told:
        raise SettingError(
            "Say what the trial is judged by, the most important first, as --measure {first}. The file "
            "counts: {names}.",
            first=next(iter(kinds), "COLUMN"),
            names=", ".join(kinds) or "–",
        )
    return [_measure(each, kinds) for each in told]


def _own(
    told: Sequence[str] | None, kinds: Mapping[str, Kind], lacking: frozenset[str]
) -> list[Measure]:
    """Return what is judged by the shop's orders: who ordered, how often, for how much."""
    from kohorte.experiments.measures import Measure
    from kohorte.experiments.outcomes import BEFORE

    known = [name for name in kinds if name != "revenue" or "amounts" not in lacking]
    for name in told or ():
        if name not in known:
            raise SettingError(
                "“{name}” was not measured. There are: {names}.", name=name, names=", ".join(known)
            )
    return [Measure(name, before=BEFORE[name], kind=kinds[name]) for name in told or known]


def _measure(text: str, kinds: Mapping[str, Kind]) -> Measure:
    """Read `spend`, `spend/orders`, `spend-history` or `spend/orders-history/orders_before`."""
    from kohorte.experiments.measures import Measure

    def known(name: str) -> str:
        found = next((one for one in kinds if one.casefold() == name.strip().casefold()), None)
        if found is None:
            raise SettingError(
                "“{name}” was not measured. There are: {names}.",
                name=name.strip(),
                names=", ".join(kinds),
            )
        return found

    if text.casefold() in {name.casefold() for name in kinds}:
        return Measure(known(text), kind=kinds[known(text)])
    now, _, before = text.partition("-")
    top, _, below = now.partition("/")
    top_before, _, below_before = before.partition("/")
    kind = kinds[known(top)]
    return Measure(
        known(top),
        per=known(below) if below else None,
        before=known(top_before) if before else None,
        before_per=known(below_before) if below_before else None,
        kind="count" if below and kind == "share" else kind,
    )


def _group(by: str | None, table: Table) -> str | None:
    if by is None:
        return None
    found = next((one for one in table.texts if one.casefold() == by.casefold()), None)
    if found is None:
        raise SettingError(
            "Customers cannot be told apart by “{name}”. There are: {names}.",
            name=by,
            names=", ".join(table.texts) or "–",
        )
    return found
