"""`kohorte change`: which numbers moved by more than chance, and why one of them did."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from kohorte import currencies
from kohorte import metrics as registry
from kohorte.cli import groups, headline, options, progress
from kohorte.errors import SettingError
from kohorte.language import Language, Sentence, money, number, translate
from kohorte.results import Cause, Decomposition, Grain, Group, Row

if TYPE_CHECKING:
    from kohorte.history import History


@options.with_shop
def change(
    *,
    files: options.Files,
    metric: Annotated[
        str | None, typer.Option("--metric", help="The metric whose move is to be explained.")
    ] = None,
    by: Annotated[
        str,
        typer.Option("--by", help="What tells customers apart: country, channel, first_product …"),
    ] = "country",
    grain: Annotated[options.Grain, typer.Option("--grain", help="Kind of period.")] = (
        options.Grain.month
    ),
    before: Annotated[
        str | None,
        typer.Option("--before", help="The earlier period; the last but one unless set."),
    ] = None,
    after: Annotated[
        str | None, typer.Option("--after", help="The later period; the last whole one unless set.")
    ] = None,
    most: groups.MostOption = 8,
    shop: options.Shop,
) -> None:
    """Show which metrics moved by more than chance; with --metric, why one of them did."""
    spoken = shop.spoken
    groups.require(by)
    if metric is not None:
        registry.get(metric)
    with (
        progress.bar(spoken) as tell,
        options.history(files, shop, progress=tell) as history,
    ):
        if metric is None:
            _show_moves(history, grain.value, spoken)
            return
        pair = _periods(history, grain.value, before, after)
        found = history.why(
            metric, grain=grain.value, before=pair[0], after=pair[1], by=by, most=most
        )
        _show(found, metric, by, history.currency, spoken)


def _periods(
    history: History, grain: Grain, before: str | None, after: str | None
) -> tuple[str, str]:
    """Return the two periods asked for; the last two whole ones where nothing is said."""
    labels = [period.label for period in history.periods(grain)]
    whole = [period.label for period in history.periods(grain) if period.complete]
    last = after or (whole[-1] if whole else "")
    if before is None:
        place = labels.index(last) if last in labels else 0
        if not place:
            raise SettingError(
                "There are no two whole periods to compare. Name them with --before and --after."
            )
        before = labels[place - 1]
    return before, last


def _show_moves(history: History, grain: Grain, spoken: Language) -> None:
    by_metric: dict[str, list[Row]] = {}
    for move in history.moves(grain):
        by_metric.setdefault(move.after.metric, [move.after]).append(move.before)
    if not by_metric:
        typer.echo(translate("No metric moved by more than chance.", spoken))
    for slug, rows in by_metric.items():
        typer.echo(f"{registry.get(slug).name.render(spoken)} ({slug})")
        for row in sorted(rows, key=lambda row: row.starts_on):
            typer.echo(f"  {row.period}: {headline.written(row, history.currency, spoken)}")
    typer.echo(
        translate(
            "Each is compared with the period before and with the same one a year before, corrected "
            "for looking at all of them.",
            spoken,
        )
    )


def _show(
    found: Decomposition | None, slug: str, by: str, currency: str | None, spoken: Language
) -> None:
    metric = registry.get(slug)
    typer.echo(metric.name.render(spoken))
    if found is None:
        typer.echo(translate("It is not known in both periods.", spoken))
        return
    for row in (found.before, found.after):
        typer.echo(f"  {row.period}: {headline.written(row, currency, spoken)}")
    if found.kind == "neither":
        typer.echo(
            translate(
                "This metric is no sum and no mean of groups; it cannot be divided among them.",
                spoken,
            )
        )
        return

    def moved(value: float) -> str:
        return signed(value, metric.unit, currency, spoken)

    for cause in found.causes:
        typer.echo(f"  {_line(cause, found.kind, moved, by, spoken)}")
    if abs(found.rest) > _VISIBLE[metric.unit]:
        said = Sentence(
            "{amount} belong to no group: orders without a customer.", {"amount": moved(found.rest)}
        )
        typer.echo(f"  {said.render(spoken)}")


def _line(cause: Cause, kind: str, moved: Callable[[float], str], by: str, spoken: Language) -> str:
    rate, mix = cause.rate or 0.0, cause.mix or 0.0
    name = groups.bare_name(Group(cause.group, 0, cause.rest), by, spoken)
    if kind == "total":
        return f"{moved(rate):>14}  {name}"
    values = {"rate": moved(rate), "mix": moved(mix)}
    parts = Sentence("{rate} by its own value, {mix} by its share", values).render(spoken)
    return f"{moved(rate + mix):>14}  {name} ({parts})"


_VISIBLE = {"percent": 0.05, "count": 0.5, "money": 0.005, "ratio": 0.005}


def signed(value: float, unit: str, currency: str | None, spoken: Language) -> str:
    """Write a move with its sign: +1,2 Punkte, −12,50 €."""
    sign = "+" if value >= 0 else "−"
    match unit:
        case "money":
            return sign + money(round(abs(value), currencies.exponent(currency)), currency, spoken)
        case "percent":
            written = number(abs(value), spoken, digits=1)
            return sign + Sentence("{number} points", {"number": written}).render(spoken)
        case "count":
            return sign + number(abs(value), spoken)
    return sign + number(abs(value), spoken, digits=2)
