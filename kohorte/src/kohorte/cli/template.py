"""`kohorte template`: an example file with a comment on each column."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kohorte import templates
from kohorte.cli import speaking
from kohorte.errors import KohorteError
from kohorte.language import Sentence


def template(
    *,
    table: Annotated[
        str,
        typer.Argument(
            help="Which table: `orders`, `order_lines`, `refunds`, `customers`, `products`, "
            "`subscriptions`, `responses`, `spend`, `leads`, `tickets`, `referrals`, `returns` or "
            "`deliveries`."
        ),
    ],
    out: Annotated[
        Path | None, typer.Option("--out", help="Write it to a new file instead of the terminal.")
    ] = None,
    language: speaking.LanguageOption = None,
) -> None:
    """Write an example file for a table, with a comment on each column."""
    spoken = speaking.language(language)
    text = templates.write(table, language=spoken)
    if out is None:
        typer.echo(text, nl=False)
        return
    try:
        # The mark at the beginning tells spreadsheets that umlauts are UTF-8.
        with out.open("x", encoding="utf-8-sig", newline="") as file:
            file.write(text)
    except FileExistsError:
        raise KohorteError(
            "{path} exists already and stays as it is. Name a new file.", path=str(out)
        ) from None
    typer.echo(Sentence("The example is in {path}.", {"path": str(out)}).render(spoken))
