"""`kohorte rfm`: customers in groups with names, and thresholds kept for next time."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from kohorte.cli import groups, options, progress
from kohorte.errors import SettingError
from kohorte.language import Language, number, translate
from kohorte.results import Rfm
from kohorte.rfm import Thresholds


@options.with_shop
def rfm(
    *,
    files: options.Files,
    thresholds: Annotated[
        Path | None,
        typer.Option(
            "--thresholds", help="JSON file with kept thresholds; written if it does not exist."
        ),
    ] = None,
    by: groups.ByOption = None,
    most: groups.MostOption = 8,
    shop: options.Shop,
) -> None:
    """Group customers by recency, frequency and monetary value."""
    spoken = shop.spoken
    groups.require(by)
    kept = _kept(thresholds)
    with (
        progress.bar(spoken) as tell,
        options.history(files, shop, progress=tell) as history,
    ):
        found = history.rfm(thresholds=kept)
        _show(found, spoken)
        for group, part in history.by(by, most=most) if by else ():
            typer.echo(groups.name(group, by or "", spoken))
            if group.customers:
                _show(part.rfm(thresholds=found.thresholds), spoken)
    if thresholds is not None and kept is None:
        thresholds.write_text(json.dumps(found.thresholds, indent=2) + "\n", encoding="utf-8")
        typer.echo(f"{translate('Thresholds kept in', spoken)} {thresholds}")


def _show(found: Rfm, spoken: Language) -> None:
    for group in found.groups:
        share = number(100 * group.customers / max(1, found.customers), spoken, digits=1)
        typer.echo(
            f"{group.name.render(spoken):<26} {number(group.customers, spoken):>9} "
            f"{share:>6} %  {group.meaning.render(spoken)}"
        )


def _kept(path: Path | None) -> Thresholds | None:
    if path is None or not path.exists():
        return None
    try:
        found: Thresholds = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        raise SettingError(
            "{path} does not hold thresholds. Delete it to compute them anew.", path=str(path)
        ) from None
    return found
