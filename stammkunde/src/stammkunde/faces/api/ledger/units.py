"""What a shop counts, for programs."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N
from ninja import Body, Query
from pydantic import BaseModel, Field

from stammkunde.core.errors import Refused
from stammkunde.faces.api import paging
from stammkunde.faces.api.answers import Answer
from stammkunde.faces.api.bearer import Visit
from stammkunde.faces.api.endpoints import read, write
from stammkunde.faces.api.ledger.routing import router
from stammkunde.faces.api.models_of_rows import SAID
from stammkunde.faces.api.paging import Asked, Page
from stammkunde.ledger import units
from stammkunde.ledger.models import Unit

Kind = Literal["points", "status", "money", "uses", "budget", "allowance"]


class ShownUnit(BaseModel):
    """What is counted."""

    code: str
    name: str
    kind: Kind
    scale: Annotated[int, Field(description=N("Digits behind the comma when it is shown."))]
    currency: str
    four_eyes_above: int | None


class SaidUnit(BaseModel):
    """A unit that the shop counts from now on."""

    model_config = SAID

    code: Annotated[
        str, Field(pattern=r"^[a-z][a-z0-9_\-]{0,39}$", description=N("Its name in addresses."))
    ]
    name: Annotated[str, Field(min_length=1, max_length=80, description=N("As people read it."))]
    kind: Kind = "points"
    scale: Annotated[
        int,
        Field(ge=0, le=6, strict=True, description=N("Digits behind the comma when it is shown.")),
    ] = 0
    currency: Annotated[
        Annotated[str, Field(pattern="^([A-Z]{3})?$")],
        Field(description=N("Of units of money.")),
    ] = ""
    four_eyes_above: Annotated[
        int | None,
        Field(
            ge=0, le=10**12, strict=True, description=N("Corrections of more need a second person.")
        ),
    ] = None


@read(router, "/units", "ledger.read", Page[ShownUnit], summary=N("List units"))
def list_units(visit: Visit, asked: Query[Asked]) -> Answer:
    """Tell what the shop counts."""
    found = Unit.objects.filter(shop=visit.shop)
    return paging.page(visit, found, asked, _unit)


@write(router, "POST", "/units", "units.change", {201: ShownUnit}, summary=N("Open a unit"))
def open_unit(visit: Visit, said: Body[SaidUnit]) -> Answer:
    """Count something from now on."""
    if Unit.objects.filter(shop=visit.shop, code=said.code).exists():
        raise Refused(_("There is a unit of this code already."), name="ledger.unit_exists")
    made = units.open_unit(
        visit.shop.pk, said.code, kind=said.kind, name=said.name, actor=visit.actor,
        scale=said.scale, currency=said.currency, four_eyes_above=said.four_eyes_above,
    )  # fmt: skip
    return Answer(_unit(made), status=201)


def _unit(unit: Unit) -> dict[str, Any]:
    return {name: getattr(unit, name) for name in ShownUnit.model_fields}
