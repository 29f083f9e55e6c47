"""`stammkunde export` and `stammkunde erase`: what a customer may ask for."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stammkunde.faces.cli import product, words

Shop = Annotated[str, typer.Argument(help="Address of the shop, as `shop list` shows it.")]
Customer = Annotated[
    str,
    typer.Argument(help="E-mail address or number of the customer, or the id of the page as #17."),
]


def export(
    shop: Shop,
    customer: Customer,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="File to write; .html to read, .json for programs."),
    ] = None,
    language: words.LanguageOption = None,
) -> None:
    """Write everything a shop holds of a customer, as JSON or as a page to read."""
    spoken = words.language(language)
    product.load(spoken)
    from stammkunde.core.audit.services import COMMAND
    from stammkunde.faces.personal import readable, written
    from stammkunde.flows import customer_erased
    from stammkunde.records.customers import searching

    where = product.shop(shop)
    found = searching.exactly(where, customer)
    exported = customer_erased.export(where, found.pk, actor=COMMAND)
    if output is None:
        typer.echo(written(exported))
        return
    is_page = output.suffix.lower() in (".html", ".htm")
    output.write_text(readable(exported) if is_page else written(exported), encoding="utf-8")
    words.say("Written to {file}.", spoken, file=output)


def erase(
    shop: Shop,
    customer: Customer,
    is_agreed: Annotated[
        bool, typer.Option("--yes", help="Do not ask; the customer is erased at once.")
    ] = False,
    language: words.LanguageOption = None,
) -> None:
    """Forget a customer: name, addresses and texts go for good, orders and amounts stay nameless."""
    spoken = words.language(language)
    product.load(spoken)
    from stammkunde.core.audit.services import COMMAND
    from stammkunde.flows import customer_erased
    from stammkunde.records.customers import searching

    where = product.shop(shop)
    found = searching.exactly(where, customer)
    question = words.translate("Erase {name} for good? This cannot be undone.", spoken)
    if not is_agreed:
        typer.confirm(question.format(name=found), abort=True)
    customer_erased.erase(where, found.pk, actor=COMMAND)
    words.say("The customer has been erased.", spoken)


COMMANDS = (export, erase)
