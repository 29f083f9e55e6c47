"""The rights of a customer: everything the shop holds, and being forgotten."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpResponse
from django.utils.translation import gettext_noop as N
from ninja import Query, Router
from pydantic import BaseModel, ConfigDict, Field

from stammkunde.faces.api.answers import Answer
from stammkunde.faces.api.bearer import Visit
from stammkunde.faces.api.customers import Id
from stammkunde.faces.api.endpoints import read, write
from stammkunde.faces.api.jobs_of_shop import ShownJob, started
from stammkunde.faces.personal import readable, written
from stammkunde.flows import customer_erased

router = Router(tags=["privacy"])


class Form(BaseModel):
    """In which form it is wanted."""

    model_config = ConfigDict(extra="forbid")

    form: Annotated[
        Literal["json", "html"], Field(description=N("For programs, or a page for people."))
    ] = "json"


@read(
    router, "/customers/{customer_id}/export", "customers.export", dict[str, Any],
    summary=N("Export everything about a customer"),
)  # fmt: skip
def export_customer(visit: Visit, customer_id: Id, asked: Query[Form]) -> HttpResponse:
    """Send everything the shop holds of a person; that it was sent is noted."""
    exported = customer_erased.export(visit.shop, customer_id, actor=visit.actor)
    if asked.form == "html":
        return HttpResponse(readable(exported), content_type="text/html; charset=utf-8")
    return HttpResponse(written(exported), content_type="application/json")


@write(
    router, "POST", "/customers/{customer_id}/erasure", "customers.erase", {202: ShownJob},
    summary=N("Erase a customer"),
)  # fmt: skip
def erase_customer(visit: Visit, customer_id: Id) -> Answer:
    """Have a person forgotten in the background."""
    return started(visit, customer_erased.start_erasing(visit.shop, customer_id, actor=visit.actor))
