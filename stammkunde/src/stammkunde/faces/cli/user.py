"""`stammkunde user`: people who sign in. A password is asked for, never an argument."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from stammkunde.faces.cli import product, words

MEANING = "Add people, set their password, make them operators."
Email = Annotated[str, typer.Argument(help="E-mail address that the person signs in with.")]


class Role(StrEnum):
    """What a person may do in a shop."""

    owner = "owner"
    marketer = "marketer"
    analyst = "analyst"
    support = "support"


def add(
    email: Email,
    name: Annotated[str, typer.Option("--name", help="Name of the person.")] = "",
    operator: Annotated[
        bool, typer.Option("--operator", help="May found shops and look after the installation.")
    ] = False,
    shop: Annotated[
        str | None, typer.Option("--shop", help="Address of a shop that the person joins.")
    ] = None,
    role: Annotated[
        Role, typer.Option("--role", help="What the person may do there.")
    ] = Role.owner,
    invite: Annotated[
        bool,
        typer.Option("--invite", help="Print a link by which the person joins the shop instead."),
    ] = False,
    address: Annotated[
        str, typer.Option("--address", help="Where the product is reached, for the link.")
    ] = "http://localhost:8000",
    language: words.LanguageOption = None,
) -> None:
    """Add a person; the password is asked for. With --invite nobody is added: a link is printed."""
    spoken = words.language(language)
    product.load(spoken)
    from stammkunde.core.audit.services import COMMAND
    from stammkunde.core.shops import installation, services
    from stammkunde.core.upkeep import starting

    starting.begin()
    found = product.shop(shop) if shop else None
    if invite:
        if found is None:
            raise typer.BadParameter("", param_hint="--shop")
        token = services.invite(found, email, role=role.value, actor=COMMAND, by=None)
        link = f"{address.rstrip('/')}{_path(token)}"
        words.say("This link works once, for {days} days:", spoken, days=services.INVITATION_DAYS)
        typer.echo(link)
        return
    installation.add(
        email,
        name=name,
        language=spoken,
        password=_ask_password(spoken),
        is_operator=operator,
        shop=found,
        role=role.value,
        actor=COMMAND,
    )
    words.say("Added {email}.", spoken, email=email)


def list_(language: words.LanguageOption = None) -> None:
    """List everybody who signs in, with their shops and roles."""
    spoken = words.language(language)
    product.load(spoken)
    from stammkunde.core.shops import installation

    for person, roles in installation.everybody():
        operator = f" · {words.translate('operator', spoken)}" if person.is_operator else ""
        typer.echo(f"{person.email}\t{person.name}\t{', '.join(roles)}{operator}")


def password(email: Email, language: words.LanguageOption = None) -> None:
    """Set a person's password, which is asked for; every session of theirs ends."""
    spoken = words.language(language)
    product.load(spoken)
    from stammkunde.core.audit.services import COMMAND
    from stammkunde.core.people import services

    person = product.person(email)
    services.set_password(person, _ask_password(spoken), actor=COMMAND)
    words.say("The password of {email} is set.", spoken, email=person.email)


def operator(
    email: Email,
    remove: Annotated[bool, typer.Option("--remove", help="No longer an operator.")] = False,
    language: words.LanguageOption = None,
) -> None:
    """Make a person an operator, who may found shops and look after the installation."""
    spoken = words.language(language)
    product.load(spoken)
    from stammkunde.core.audit.services import COMMAND
    from stammkunde.core.people import services

    person = services.set_operator(product.person(email), not remove, actor=COMMAND)
    sentence = "{email} is no operator." if remove else "{email} is an operator."
    words.say(sentence, spoken, email=person.email)


def _ask_password(spoken: words.Language) -> str:
    return str(
        typer.prompt(
            words.translate("Password", spoken),
            hide_input=True,
            confirmation_prompt=words.translate("The same again", spoken),
        )
    )


def _path(token: str) -> str:
    from django.urls import reverse

    return reverse("invitation", args=[token])


COMMANDS = (add, list_, password, operator)
