"""`stammkunde shop`: found shops, list them, change what they decided."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from stammkunde.faces.cli import product, words

MEANING = "Found shops, list them, change their decisions."
Slug = Annotated[str, typer.Argument(help="Address of the shop, as `shop list` shows it.")]
Zone = Annotated[
    str | None, typer.Option("--zone", help="Time zone of the shop, such as Europe/Berlin.")
]
Currency = Annotated[str | None, typer.Option("--currency", help="Currency, such as EUR.")]
Tongue = Annotated[
    str | None, typer.Option("--shop-language", help="Language of the shop: `de` or `en`.")
]
WeekStart = Annotated[
    int | None,
    typer.Option("--week-start", help="First day of the week: 1 Monday, 6 Saturday, 7 Sunday."),
]
TaxView = Annotated[
    str | None, typer.Option("--tax-view", help="Revenue with taxes or without: `gross` or `net`.")
]
PaymentDays = Annotated[
    int | None,
    typer.Option("--payment-days", help="Days to pay; an order not paid by then does not count."),
]
WindowDays = Annotated[
    int | None,
    typer.Option("--window-days", help="Days after an order that its customer counts as active."),
]


def found(
    name: Annotated[str, typer.Argument(help="Name of the shop.")],
    owner: Annotated[
        str | None,
        typer.Option("--owner", help="E-mail address of a person who becomes its owner."),
    ] = None,
    zone: Zone = None,
    currency: Currency = None,
    shop_language: Tongue = None,
    week_start: WeekStart = None,
    tax_view: TaxView = None,
    payment_days: PaymentDays = None,
    window_days: WindowDays = None,
    language: words.LanguageOption = None,
) -> None:
    """Found a shop; what is not decided stays as usual: Europe/Berlin, EUR, German."""
    spoken = words.language(language)
    product.load(spoken)
    from stammkunde.core.audit.services import COMMAND
    from stammkunde.core.shops import services
    from stammkunde.core.upkeep import starting

    starting.begin()
    made = services.found(
        name,
        owner=product.person(owner) if owner else None,
        actor=COMMAND,
        **_decided(
            zone=zone,
            currency=currency,
            language=shop_language,
            week_start=week_start,
            tax_view=tax_view,
            payment_days=payment_days,
            window_days=window_days,
        ),
    )
    words.say("Founded “{name}” at the address {slug}.", spoken, name=made.name, slug=made.slug)


def list_(language: words.LanguageOption = None) -> None:
    """List all shops with their address, zone, currency and number of members."""
    spoken = words.language(language)
    product.load(spoken)
    from stammkunde.core.shops import installation

    for shop, members in installation.every_shop():
        closed = f" · {words.translate('closed', spoken)}" if shop.closed_at else ""
        typer.echo(f"{shop.slug}\t{shop.name}\t{shop.zone}\t{shop.currency}\t{members}{closed}")


def change(
    slug: Slug,
    name: Annotated[str | None, typer.Option("--name", help="Name of the shop.")] = None,
    zone: Zone = None,
    currency: Currency = None,
    shop_language: Tongue = None,
    week_start: WeekStart = None,
    tax_view: TaxView = None,
    payment_days: PaymentDays = None,
    window_days: WindowDays = None,
    language: words.LanguageOption = None,
) -> None:
    """Change what a shop decided; what is not named stays. Numbers follow at their next refresh."""
    spoken = words.language(language)
    product.load(spoken)
    from stammkunde.core.audit.services import COMMAND
    from stammkunde.core.shops import services

    decided = _decided(
        name=name,
        zone=zone,
        currency=currency,
        language=shop_language,
        week_start=week_start,
        tax_view=tax_view,
        payment_days=payment_days,
        window_days=window_days,
    )
    before = product.shop(slug)
    after = services.change(before, actor=COMMAND, **decided)
    sentence = "Changed “{name}”." if after.version > before.version else "Nothing has changed."
    words.say(sentence, spoken, name=after.name)


def _decided(**given: Any) -> dict[str, Any]:
    return {key: value for key, value in given.items() if value is not None}


COMMANDS = (found, list_, change)
