"""Customers: found, looked at one by one, and what they said about consent."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from django.db.models import Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N
from ninja import Query, Router
from pydantic import BaseModel, Field

from kohorte.conditions import parse
from kohorte.errors import ConditionError
from stammkunde.core import clock
from stammkunde.faces.api import models_of_customers as of_customers
from stammkunde.faces.api import paging, records
from stammkunde.faces.api.answers import Answer
from stammkunde.faces.api.bearer import Visit
from stammkunde.faces.api.endpoints import read
from stammkunde.faces.api.paging import Asked, Page
from stammkunde.faces.api.problems import Problem
from stammkunde.records.customers import conditions, queries, searching, standings
from stammkunde.records.customers.models import Customer
from stammkunde.records.orders import queries as orders_of
from stammkunde.records.orders import rules
from stammkunde.records.orders.queries import Moment

router = Router(tags=["customers"])
Id = Annotated[int, Field(ge=1, le=2**53)]
CONDITION_MAX = 2_000


class KnownBy(BaseModel):
    """A number, address or phone by which a customer is known."""

    kind: Literal["number", "email", "phone"]
    source: Annotated[str, Field(description=N("The channel of a number; empty for all others."))]
    value: str
    is_shared: bool
    rule: str
    confidence: Annotated[int, Field(description=N("How sure it is, in percent."))]
    since: dt.datetime


class Merged(BaseModel):
    """Another customer that turned out to be this one."""

    id: int
    gone_id: int
    rule: str
    confidence: int
    at: dt.datetime
    undone_at: dt.datetime | None


class OneCustomer(of_customers.StandingCustomer):
    """A customer with everything by which it is known as one person."""

    known_by: list[KnownBy]
    merges: list[Merged]


class Happening(BaseModel):
    """Something that happened to a customer."""

    at: dt.datetime
    kind: Annotated[
        str, Field(description=N("Such as `order`, `refund`, `ticket`, `consent` or `merge`."))
    ]
    id: int
    data: dict[str, Any]


class Filter(Asked):
    """Which customers are wanted."""

    q: Annotated[
        str | None,
        Field(
            max_length=searching.LENGTH_MAX,
            description=N("Words of a name, an address or a number."),
        ),
    ] = None
    where: Annotated[
        str | None,
        Field(
            max_length=CONDITION_MAX,
            description=N(
                "A condition, such as `orders >= 2 and last_order more than 180 days ago`."
            ),
        ),
    ] = None
    sort: Annotated[
        Literal[
            "id", "-id", "name", "-name", "last_order", "-last_order", "first_order",
            "-first_order", "orders", "-orders", "revenue", "-revenue", "rfm", "-rfm", "value",
            "-value", "next_order_due", "-next_order_due", "alive", "-alive", "expected_orders",
            "-expected_orders", "expected_value", "-expected_value",
        ],
        Field(description=N("What comes first; “-” turns the order round.")),
    ] = "id"  # fmt: skip


@read(
    router, "/customers", "customers.read", Page[of_customers.StandingCustomer],
    summary=N("List customers"),
)  # fmt: skip
def list_customers(visit: Visit, asked: Query[Filter]) -> Answer:
    """Find customers by words and by a condition."""
    basis = standings.basis(visit.shop)
    return paging.page(
        visit,
        _found(visit, asked).select_related("standing"),
        asked,
        lambda found: of_customers.show(visit.shop, found, basis),
        sort=asked.sort,
        fields=of_customers.SORTS | of_customers.SORTS_OF_STANDING,
        may_be_empty=of_customers.MAY_BE_EMPTY,
        known=Q(standing__shop=visit.shop),
    )


@read(
    router, "/customers/{customer_id}", "customers.read", OneCustomer, summary=N("Read a customer"),
)  # fmt: skip
def read_customer(visit: Visit, customer_id: Id) -> Answer:
    """Tell who a customer is; of one that was merged, the customer it went into."""
    found = queries.one(visit.shop, customer_id)
    told = of_customers.fields(visit.shop, found, standings.basis(visit.shop))
    keys = [
        {name: getattr(key, name) for name in KnownBy.model_fields} for key in queries.keys(found)
    ]
    merges = [
        {name: getattr(merge, name) for name in Merged.model_fields}
        for merge in queries.merges(found)
    ]
    return Answer(OneCustomer.model_validate({**told, "known_by": keys, "merges": merges}))


@read(
    router, "/customers/{customer_id}/orders", "customers.read",
    records.ORDERS_PAGE, summary=N("List the orders of a customer"),
)  # fmt: skip
def list_orders_of_customer(visit: Visit, customer_id: Id, asked: Query[Asked]) -> Answer:
    """Tell what a customer ordered, with lines."""
    found = orders_of.orders(queries.one(visit.shop, customer_id))
    return paging.page(visit, found, asked, records.DOORS["orders"].show)


@read(
    router, "/customers/{customer_id}/timeline", "customers.read", Page[Happening],
    summary=N("Read what happened to a customer"),
)  # fmt: skip
def read_timeline(visit: Visit, customer_id: Id, asked: Query[Asked]) -> Answer:
    """Tell what happened to a customer, newest first."""
    customer = queries.one(visit.shop, customer_id)
    mark = paging.mark_asked(visit, asked.cursor, "-at")
    moments, has_more = orders_of.moments(
        customer, size=asked.limit, after=(mark[0], mark[1], mark[2]) if mark else None
    )
    shown = [_moment(moment) for moment in moments]
    return paging.answered(visit, shown, moments[-1].mark if has_more else None, sort="-at")


def _found(visit: Visit, asked: Filter) -> QuerySet[Customer]:
    found = queries.of_shop(visit.shop)
    if asked.q:
        found = found.filter(searching.matching(visit.shop.pk, asked.q))
    if not asked.where or not asked.where.strip():
        return found
    facts = conditions.facts(visit.shop)
    try:
        node = parse(asked.where, facts)
        today = clock.today(visit.shop.zone)
        return conditions.holding(found, node, shop=visit.shop, today=today)
    except ConditionError as fault:
        sentence = fault.render("de" if get_language() == "de" else "en")
    except RecursionError:
        sentence = _("The condition is nested too deep.")
    raise Problem(
        422, "condition.unreadable", sentence, errors=[{"parameter": "where", "detail": sentence}]
    )


_KINDS = {kind.table: kind for kind in rules.KINDS.values()}
_OTHERS = {
    "consent": ("purpose", "channel", "state", "source"),
    "merge": ("gone_id", "rule", "confidence"),
    "parting": ("gone_id", "rule", "confidence"),
}


def _moment(moment: Moment) -> dict[str, Any]:
    kind = _KINDS.get(moment.row._meta.db_table)
    if kind is None:
        data = {name: getattr(moment.row, name) for name in _OTHERS[moment.kind]}
    else:
        columns = {name: getattr(moment.row, name) for name in kind.columns}
        data = {"source": moment.row.source, "number": moment.row.external_id, **columns}
    return Happening(at=moment.at, kind=moment.kind, id=moment.row.pk, data=data).model_dump(
        mode="json"
    )
