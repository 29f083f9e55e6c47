"""The shop of a token, and what happened in it."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from django.utils.translation import gettext_noop as N
from ninja import Query, Router
from pydantic import BaseModel, Field

from stammkunde.core.audit import queries as log
from stammkunde.core.audit.models import Event
from stammkunde.faces.api import paging
from stammkunde.faces.api.answers import Answer
from stammkunde.faces.api.bearer import Visit
from stammkunde.faces.api.endpoints import read
from stammkunde.faces.api.models_of_rows import Instant
from stammkunde.faces.api.paging import Asked, Page

router = Router(tags=["shop"])
DECISIONS = (
    "slug", "name", "zone", "currency", "language", "week_start", "tax_view", "payment_days",
    "window_days",
)  # fmt: skip


class Shop(BaseModel):
    """A shop with the decisions that its numbers rest on."""

    slug: str
    name: str
    zone: str
    currency: str
    language: str
    week_start: Annotated[int, Field(description=N("1 is Monday, 7 is Sunday."))]
    tax_view: Annotated[str, Field(description=N("`gross` counts with taxes, `net` without."))]
    payment_days: int
    window_days: Annotated[int, Field(description=N("So long a customer counts as active."))]
    permissions: Annotated[list[str], Field(description=N("What this token may do."))]


class Happened(BaseModel):
    """An entry of the activity log."""

    id: int
    at: dt.datetime
    name: Annotated[str, Field(description=N("Dotted: what happened."))]
    actor_kind: str
    actor_id: int | None
    object_kind: str
    object_id: str
    data: dict[str, Any]


class LogFilter(Asked):
    """Which entries are wanted."""

    name: Annotated[str | None, Field(max_length=80, description=N("Only of this name."))] = None
    since: Annotated[Instant | None, Field(description=N("Not before."))] = None
    until: Annotated[Instant | None, Field(description=N("Before."))] = None


@read(router, "/shop", "shop.read", Shop, summary=N("Read the shop"), name="read_shop")
def shop(visit: Visit) -> Answer:
    """Tell what the shop decided, and what the token may do."""
    found = {name: getattr(visit.shop, name) for name in DECISIONS}
    return Answer(Shop(**found, permissions=visit.token.permissions))


@read(router, "/log", "audit.read", Page[Happened], summary=N("Read the activity log"))
def list_log(visit: Visit, asked: Query[LogFilter]) -> Answer:
    """Tell what happened in the shop, newest first."""
    found = log.search(visit.shop.pk, name=asked.name or "", since=asked.since, until=asked.until)
    return paging.page(visit, found, asked, _happened, sort="-id")


def _happened(event: Event) -> dict[str, Any]:
    shown = {name: getattr(event, name) for name in Happened.model_fields}
    return Happened(**shown).model_dump(mode="json")
