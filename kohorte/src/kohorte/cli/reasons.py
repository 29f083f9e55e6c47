"""`kohorte reasons`: why customers leave, send back, cancel and get in touch, as they said it."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from kohorte.cli import listing, options, progress
from kohorte.language import Language, Sentence, number, translate
from kohorte.results import Listing, Reason, Reasons


class About(StrEnum):
    """What a reason is for."""

    leaving = "leaving"
    contract_end = "contract_end"
    goods_back = "return"
    cancellation = "cancellation"
    ticket = "ticket"


@options.with_shop
def reasons(
    *,
    files: options.Files,
    about: Annotated[
        About | None, typer.Option("--about", help="Only the reasons for one of these.")
    ] = None,
    most: Annotated[int, typer.Option("--most", min=1, help="So many reasons of each at most.")] = (
        10
    ),
    out: Annotated[Path | None, typer.Option("--out", help="Write all reasons to a CSV.")] = None,
    shop: options.Shop,
) -> None:
    """Tell why customers leave, send back, cancel and get in touch, as far as it was said."""
    spoken = shop.spoken
    with (
        progress.bar(spoken) as tell,
        options.history(files, shop, progress=tell) as history,
    ):
        found = history.reasons(about.value if about else None)
    if out is not None:
        count = listing.save(_listing(found), out)
        typer.echo(listing.saved(count, out).render(spoken))
    if not found:
        typer.echo(
            translate(
                "No reasons are stated. They stand in returns, tickets, contracts and answers; "
                "`kohorte template returns` shows how.",
                spoken,
            )
        )
    for one in found:
        _show(one, most, spoken)


def _show(one: Reasons, most: int, spoken: Language) -> None:
    values = {"name": one.name, "given": one.given, "silent": one.silent}
    said = Sentence("{name} ({given} stated)", values)
    if one.silent:
        said = Sentence("{name} ({given} stated, {silent} without a reason)", values)
    typer.echo(said.render(spoken))
    for reason in one.reasons[:most]:
        typer.echo(f"  {_line(reason, spoken)}")
    if rest := one.reasons[most:]:
        count = {"count": len(rest), "times": sum(reason.times for reason in rest)}
        typer.echo(
            "  " + Sentence("{count} more, stated {times} {times:time|times}", count).render(spoken)
        )


def _line(reason: Reason, spoken: Language) -> str:
    def percent(value: float) -> str:
        return number(value, spoken, digits=1)

    sign = " %" if spoken == "de" else "%"
    band = ""
    if reason.low is not None and reason.high is not None:
        band = f" ({percent(reason.low)}–{percent(reason.high)})"
    share = f"{percent(reason.percent)}{sign}{band}"
    return f"{number(reason.times, spoken):>7}  {share:<22} {reason.words}"


def _listing(found: list[Reasons]) -> Listing:
    columns = ("about", "reason", "times", "stated", "percent", "low", "high")
    rows = tuple(
        (one.kind, reason.words, reason.times, one.given, reason.percent, reason.low, reason.high)
        for one in found
        for reason in one.reasons
    )
    return Listing(columns, rows)
