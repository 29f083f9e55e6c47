"""`stammkunde ledger`: balances, statements, roll-forward, audit and corrections at the terminal."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated

import typer

from stammkunde.faces.cli import ledger_words, product, words

if TYPE_CHECKING:
    from stammkunde.core.shops.models import Shop
    from stammkunde.ledger.commands import Owner

MEANING = "Points, store credit and other units: balances, statements, audit, corrections."
Slug = Annotated[str, typer.Argument(help="Address of the shop, as `shop list` shows it.")]
Code = Annotated[str, typer.Argument(help="Code of the unit, such as points.")]
Customer = Annotated[
    str,
    typer.Argument(help="E-mail address or number of the customer, or the id of the page as #17."),
]
Day = Annotated[
    dt.datetime | None, typer.Option("--since", formats=["%Y-%m-%d"], help="First day.")
]
LastDay = Annotated[
    dt.datetime | None, typer.Option("--until", formats=["%Y-%m-%d"], help="Last day.")
]
LINES_MAX = 100_000
FIRST, LAST = dt.datetime(1900, 1, 1, tzinfo=dt.UTC), dt.datetime(9800, 1, 1, tzinfo=dt.UTC)


def balance(
    shop: Slug, unit: Code, customer: Customer, language: words.LanguageOption = None
) -> None:
    """Show what a customer has of a unit."""
    spoken = words.language(language)
    product.load(spoken)
    from stammkunde.ledger import queries
    from stammkunde.ledger.books import terms

    ledger_words.plain(shop=shop, unit=unit, customer=customer)
    where = product.shop(shop)
    terms.unit(where, unit)
    found = [queries.balances(where.pk, unit, each) for each in _owners(where, customer)]
    for role in ("pending", "available", "held", "debt"):
        amount = sum(getattr(each, role) for each in found)
        typer.echo(f"{words.translate(role, spoken)}\t{amount}")


def statement(
    shop: Slug,
    unit: Code,
    customer: Customer,
    since: Day = None,
    until: LastDay = None,
    language: words.LanguageOption = None,
) -> None:
    """Show what happened on a customer's account, with the balance after each booking."""
    spoken = words.language(language)
    product.load(spoken)
    from stammkunde.ledger.books import statements, terms

    ledger_words.plain(shop=shop, unit=unit, customer=customer)
    where = product.shop(shop)
    found = terms.unit(where, unit)
    begin, end = ledger_words.days(where, since, until)
    # Somebody who was merged with others has an account of each.
    for owner in _owners(where, customer):
        told = statements.statement(
            found.pk, owner, since=begin, until=end, lines_max=LINES_MAX,
        )  # fmt: skip
        typer.echo(f"{words.translate('Opening', spoken)}\t\t\t{told.opening}")
        for line in told.lines:
            at = line.at.isoformat(timespec="minutes")
            typer.echo(f"{at}\t{line.kind} {line.cause}\t{line.amount:+d}\t{line.balance}")
        typer.echo(f"{words.translate('Closing', spoken)}\t\t\t{told.closing}")


def roll_forward(
    shop: Slug,
    unit: Code,
    since: Day = None,
    until: LastDay = None,
    language: words.LanguageOption = None,
) -> None:
    """Show what changed what is owed in a unit, from opening to closing."""
    spoken = words.language(language)
    product.load(spoken)
    from stammkunde.ledger.books import rolling, terms

    ledger_words.plain(shop=shop, unit=unit)
    where = product.shop(shop)
    found = terms.unit(where, unit)
    begin, end = ledger_words.days(where, since, until)
    rolled = rolling.roll_forward(found.pk, begin or FIRST, end or LAST)
    typer.echo(f"{words.translate('Opening', spoken)}\t{rolled.opened}")
    for door, amount in rolled.doors.items():
        if amount:
            typer.echo(f"{words.translate(door, spoken)}\t{amount:+d}")
    typer.echo(f"{words.translate('Closing', spoken)}\t{rolled.closed}")
    if rolled.rest:
        words.say("{amount} cannot be explained: audit the ledger.", spoken, amount=rolled.rest)
        raise typer.Exit(1)


def audit(
    shop: Annotated[
        str | None, typer.Argument(help="Address of one shop; all of them unless given.")
    ] = None,
    language: words.LanguageOption = None,
) -> None:
    """Rebuild every balance and prove every promise; exit code 1 names what does not hold."""
    spoken = words.language(language)
    product.load(spoken)
    from stammkunde.ledger import auditing

    ledger_words.plain(shop=shop or "")
    # A shop that is named but empty is none, and not all of them.
    found = auditing.audit(None if shop is None else product.shop(shop).pk)
    for finding in found:
        typer.echo(str(finding), err=True)
    if found:
        raise typer.Exit(1)
    words.say("Everything holds.", spoken)


def adjust(
    shop: Slug,
    unit: Code,
    customer: Customer,
    amount: Annotated[int, typer.Option("--amount", help="Above zero gives, below takes away.")],
    reason: Annotated[
        str, typer.Option("--reason", help="Why; stands on the statement for good. No names.")
    ],
    key: Annotated[
        str, typer.Option("--key", help="Yours, one for each correction: the same books once.")
    ],
    by: Annotated[str, typer.Option("--by", help="E-mail address of the person who corrects.")],
    language: words.LanguageOption = None,
) -> None:
    """Correct a balance by hand; above the limit of the unit a second person agrees on the page."""
    spoken = words.language(language)
    product.load(spoken)
    from django.db import transaction

    from stammkunde.core import clock
    from stammkunde.features.wallets import services as wallets
    from stammkunde.ledger import queries
    from stammkunde.ledger.books import terms
    from stammkunde.ledger.commands import Adjust
    from stammkunde.records.customers import searching

    ledger_words.plain(shop=shop, unit=unit, customer=customer, by=by)
    where = product.shop(shop)
    terms.unit(where, unit)
    why, key = ledger_words.reason(reason), ledger_words.key(key)
    who = ledger_words.corrector(where, by)
    before = queries.effective_at(where.pk, scope=Adjust.kind, key=key)
    # What is refused leaves no account behind.
    with transaction.atomic():
        posted = wallets.book(
            where,
            Adjust(
                shop_id=where.pk, unit=unit, key=key, reason=why, cause=why, amount=amount,
                effective_at=before or clock.now(),
                owner=wallets.owner_of(where, searching.exactly(where, customer).pk), by=who,
            ),
        )  # fmt: skip
    sentence = "Somebody else has to agree first." if posted.proposal_id else "It has been booked."
    words.say(sentence, spoken)


def _owners(shop: Shop, customer: str) -> list[Owner]:
    """Return the owners that a customer is; looking makes nobody's account."""
    from stammkunde.features.wallets import services as wallets
    from stammkunde.ledger.commands import Owner
    from stammkunde.records.customers import searching

    return wallets.owners_of(searching.exactly(shop, customer)) or [Owner(wallets.KIND, "")]


COMMANDS = (balance, statement, roll_forward, audit, adjust)
