"""`kohorte survival`: by when customers order again, with those who are still waiting."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kohorte.cli import groups, listing, options, progress
from kohorte.conditions.customers import RFM_GROUP
from kohorte.contrasts import UNTESTED
from kohorte.language import Language, Sentence, number, translate
from kohorte.results import Listing, LogRank, Survival, SurvivalPoint

if TYPE_CHECKING:
    from kohorte.history import History

DAYS = (7, 30, 60, 90, 180, 365, 730)
QUARTERS = (0.25, 0.5, 0.75)


@options.with_shop
def survival(
    *,
    files: options.Files,
    to_order: Annotated[
        int, typer.Option("--to-order", min=2, help="Which order they wait for; 2 is the second.")
    ] = 2,
    by: groups.ByOption = None,
    most: groups.MostOption = 8,
    out: Annotated[Path | None, typer.Option("--out", help="Write every day to a CSV.")] = None,
    shop: options.Shop,
) -> None:
    """Show by which day customers have ordered again, also counting those who still wait."""
    spoken = shop.spoken
    groups.require(by)
    with (
        progress.bar(spoken) as tell,
        options.history(files, shop, progress=tell) as history,
    ):
        curves, test = _curves(history, to_order, by, most, spoken)
    if out is not None:
        count = listing.save(_listing(curves), out)
        typer.echo(listing.saved(count, out).render(spoken))
    for name, curve in curves.items():
        _show(name, curve, spoken)
    if test is not None:
        _show_test(test, spoken)
    elif by == RFM_GROUP:
        typer.echo(UNTESTED[RFM_GROUP].render(spoken))


def _curves(
    history: History, to_order: int, by: str | None, most: int, spoken: Language
) -> tuple[dict[str, Survival], LogRank | None]:
    if by is None:
        return {"": history.survival(to_order)}, None
    from kohorte.survival import log_rank

    curves, waits = {}, {}
    for group, part in groups.parts(history, by, most):
        name = groups.name(group, by, spoken)
        curves[name], waits[name] = part.survival(to_order), part.waits(to_order)
    return curves, None if by == RFM_GROUP else log_rank(waits)


def _show(name: str, curve: Survival, spoken: Language) -> None:
    customers = {"order": curve.to_order - 1, "customers": curve.customers}
    said = Sentence("Customers with order {order}: {customers}", customers).render(spoken)
    typer.echo(f"{name}\n  {said}" if name else said)
    for day in DAYS:
        if point := curve.by(day):
            typer.echo(f"  {_line(day, point, curve.watched(day), spoken)}")
    for share in QUARTERS:
        reached = curve.quantile(share)
        if reached is not None:
            percent = f"{share:.0%}".replace("%", " %" if spoken == "de" else "%")
            values = {"share": percent, "day": reached}
            sentence = Sentence("{share} have ordered again by day {day}.", values)
            typer.echo(f"  {sentence.render(spoken)}")


def _line(day: int, point: SurvivalPoint, watched: int, spoken: Language) -> str:
    def percent(share: float) -> str:
        return number(share * 100, spoken, digits=1)

    band = ""
    if point.low is not None and point.high is not None:
        band = f"{percent(point.low)}–{percent(point.high)}; "
    sign = " %" if spoken == "de" else "%"
    so_long = Sentence("{count} watched so long", {"count": watched}).render(spoken)
    name = Sentence("by day {day}", {"day": day}).render(spoken)
    return f"{name:<12} {percent(point.returned):>5}{sign} ({band}{so_long})"


def _show_test(test: LogRank, spoken: Language) -> None:
    p = "< 0.001" if test.p < 0.001 else f"= {test.p:.3f}"
    values = {"p": p.replace(".", ",") if spoken == "de" else p}
    typer.echo(
        Sentence(
            "The groups differ more than chance explains (log-rank, p {p})."
            if test.p < 0.05
            else "The groups do not differ more than chance explains (log-rank, p {p}).",
            values,
        ).render(spoken)
    )
    typer.echo(translate("Whether the group is the reason, this does not tell.", spoken))


def _listing(curves: dict[str, Survival]) -> Listing:
    columns = ("group", "day", "at_risk", "came", "waiting", "returned", "low", "high")
    rows = tuple(
        (name, p.day, p.at_risk, p.came, p.waiting, p.returned, p.low, p.high)
        for name, curve in curves.items()
        for p in curve.points
    )
    return Listing(columns, rows)
