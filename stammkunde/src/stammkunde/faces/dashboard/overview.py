"""The first page of a shop: what to do next, until there are figures to show."""

from __future__ import annotations

from django.http import HttpResponse

from stammkunde.core.jobs import queries as jobs
from stammkunde.faces.dashboard import checklist
from stammkunde.faces.dashboard.access import Visit, page_of_shop
from stammkunde.insights import reports
from stammkunde.records.orders import queries as orders


@page_of_shop("shop.read")
def overview(visit: Visit) -> HttpResponse:
    """Show the shop."""
    has_orders = orders.has_orders(visit.shop)
    steps = checklist.steps(visit, has_orders=has_orders)
    return visit.page(
        "overview.html",
        steps=steps,
        has_orders=has_orders,
        report=reports.made(visit.shop),
        making=jobs.latest(visit.shop, key=reports.key(visit.shop)),
    )
