"""The pages of one customer: what happened, the orders with their lines, and why it is one person."""

from __future__ import annotations

from typing import Any

from django.core import signing
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stammkunde.core.errors import NotFound
from stammkunde.core.shops import rules as roles
from stammkunde.faces.dashboard import confirming, lists
from stammkunde.faces.dashboard.access import Visit, page_of_shop
from stammkunde.faces.dashboard.confirming import Question
from stammkunde.faces.dashboard.customers import standing, timeline
from stammkunde.faces.dashboard.ledger import card
from stammkunde.faces.dashboard.predictions import people as foretold
from stammkunde.faces.dashboard.templatetags import formats
from stammkunde.flows import customers_merged
from stammkunde.records.customers import conditions, queries
from stammkunde.records.customers.models import Customer, Merge
from stammkunde.records.orders import queries as orders_of

SIZE = 30
SALT = "moments"
# So many other customers are shown as perhaps the same.
PERHAPS_MAX = 10
ORDERS = (
    lists.Column("number", gettext_lazy("Order")),
    lists.Column("placed", gettext_lazy("Placed"), order="placed_at"),
    lists.Column("amount", gettext_lazy("Amount"), order="amount_minor", is_number=True, may_be_empty=True),
)  # fmt: skip


@page_of_shop("customers.read")
def customer(visit: Visit, customer: int) -> HttpResponse:
    """Show what happened to a customer, newest first."""
    found = queries.one(visit.shop, customer)
    if found.pk != customer:
        return redirect("customers_customer", visit.shop.slug, found.pk)
    after = _mark(visit.request.GET.get("after", ""))
    moments, has_more = orders_of.moments(found, size=SIZE, after=after)
    return visit.page(
        "customers/customer.html",
        **about(visit, found),
        tab="customer",
        years=timeline.years(visit.shop, moments),
        is_first=after is None,
        foretold=foretold.card(visit, found) if after is None else None,
        points=card.of(visit, found) if after is None else [],
        next=signing.dumps(moments[-1].mark, salt=SALT) if has_more else None,
    )


@page_of_shop("customers.read")
def orders(visit: Visit, customer: int) -> HttpResponse:
    """Show the orders of a customer with their lines."""
    found = queries.one(visit.shop, customer)
    listing = lists.page(
        orders_of.orders(found), ORDERS, visit.request.GET, default="-placed", size=SIZE
    )
    return visit.page(
        "customers/orders.html",
        **about(visit, found),
        tab="orders",
        listing=listing,
        rows=[(order, timeline.remark(order)) for order in listing.rows],
    )


@page_of_shop("customers.read")
def identity(visit: Visit, customer: int) -> HttpResponse:
    """Show what a customer is known by, what was merged, and who may be the same person."""
    found = queries.one(visit.shop, customer)
    return visit.page(
        "customers/identity.html",
        **about(visit, found),
        tab="identity",
        keys=[
            (key, timeline.key_reason(key), _sure(key.confidence)) for key in queries.keys(found)
        ],
        merges=[
            (merge, timeline.rule(merge.rule), _sure(merge.confidence)) for merge in _merges(found)
        ],
        perhaps=_perhaps(visit, found),
    )


@page_of_shop("customers.change")
def join(visit: Visit, customer: int, other: int) -> HttpResponse:
    """Let two customers be one, after asking."""
    kept, gone = queries.one(visit.shop, customer), queries.one(visit.shop, other)
    question = Question(
        title=_("Are %(one)s and %(other)s one person?") % {"one": kept, "other": gone},
        consequences=(
            _("Orders, revenue and everything else of both stand with one customer from then on."),
            _("You can undo this on the page of the customer."),
        ),
        button=_("Make them one customer"),
        done=_("They are one customer now."),
        back="customers_identity",
        of=(kept.pk,),
    )
    return confirming.ask(
        visit,
        question,
        lambda: customers_merged.merge(
            visit.shop, kept_id=kept.pk, gone_id=gone.pk, actor=visit.actor
        ),
    )


@page_of_shop("customers.change")
def part(visit: Visit, customer: int, merge: int) -> HttpResponse:
    """Undo a merge, after asking."""
    found = queries.one(visit.shop, customer)
    made = _merges(found).filter(pk=merge, undone_at=None).first()
    if made is None:
        raise NotFound(_("There is no such merge."), name="merge.unknown")
    question = Question(
        title=_("Make two customers of %(name)s again?") % {"name": found},
        consequences=(
            _(
                "What came with the keys of the other customer goes back there: orders, revenue and all else."
            ),
            _("Later imports do not join the two again."),
        ),
        button=_("Undo the merge"),
        done=_("They are two customers again."),
        back="customers_identity",
        of=(found.pk,),
    )
    return confirming.ask(
        visit, question, lambda: customers_merged.part(visit.shop, merge, actor=visit.actor)
    )


def about(visit: Visit, customer: Customer) -> dict[str, Any]:
    """Return what stands above every page of a customer."""
    return {
        "customer": customer,
        "average": conditions.average(customer),
        "standing": standing.of(visit.shop, customer),
        "gap": orders_of.usual_gap(visit.shop, customer),
        "may_change": roles.may(visit.role, "customers.change"),
    }


def _merges(customer: Customer) -> QuerySet[Merge]:
    return queries.merges(customer).select_related("gone")


def _perhaps(visit: Visit, customer: Customer) -> list[tuple[Customer, str, str]]:
    """Return who may be the same person, why, and how sure that is."""
    if customer.erased_at:
        return []
    pairs = queries.perhaps_same(visit.shop, customer_id=customer.pk)[:PERHAPS_MAX]
    others = [pair.other_id if pair.one_id == customer.pk else pair.one_id for pair in pairs]
    known = queries.of_shop(visit.shop).in_bulk(others)
    return [
        (known[other], timeline.rule(pair.rule), _sure(pair.confidence))
        for pair, other in zip(pairs, others, strict=True)
        if other in known
    ]


def _sure(confidence: int) -> str:
    return formats.percent(confidence / 100, 0)


def _mark(text: str) -> tuple[str, str, int] | None:
    try:
        at, kind, key = signing.loads(text, salt=SALT)
    except signing.BadSignature:
        return None
    return at, kind, key
