"""The retention report of a shop, made from its own orders: to be read, and to be made anew."""

from __future__ import annotations

from django.http import HttpResponse

from kohorte.language import Language
from stammkunde.faces.dashboard.access import Visit, page_of_shop
from stammkunde.insights import reports

KINDS = {"csv": "text/csv; charset=utf-8", "json": "application/json"}
# The page lives apart from ours: its scripts see no cookie and no other page, whatever they try.
APART = "sandbox allow-scripts allow-downloads; frame-ancestors 'none'"


@page_of_shop("metrics.read")
def report(visit: Visit) -> HttpResponse:
    """Show the report in the language of whoever reads it."""
    found = reports.page(visit.shop, _language(visit))
    answer = HttpResponse(found.text)
    answer["Content-Security-Policy"] = f"{found.policy}; {APART}"
    answer["Cache-Control"] = "private, no-cache"
    return answer


@page_of_shop("metrics.read")
def table(visit: Visit, kind: str) -> HttpResponse:
    """Send the numbers of the report as a file."""
    answer = HttpResponse(
        reports.table(visit.shop, _language(visit), kind=kind), content_type=KINDS.get(kind)
    )
    answer["Content-Disposition"] = f'attachment; filename="{visit.shop.slug}-metrics.{kind}"'
    answer["Cache-Control"] = "private, no-cache"
    return answer


def _language(visit: Visit) -> Language:
    return "de" if visit.person.language == "de" else "en"


@page_of_shop("metrics.read")
def make(visit: Visit) -> HttpResponse:
    """Have the report made anew; the first page says when it is done."""
    if visit.request.method == "POST":
        reports.start(visit.shop, actor=visit.actor)
    return visit.go("overview")
