"""What the last audit found, and asking for another."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from stammkunde.core.jobs import queries as jobs
from stammkunde.core.jobs.models import OPEN
from stammkunde.faces.dashboard.access import Visit, page_of_shop
from stammkunde.ledger.books import reckonings, terms

KEY = "ledger:{shop}:audit"


@page_of_shop("ledger.read")
def audit(visit: Visit) -> HttpResponse:
    """Show whether everything holds."""
    line = jobs.latest(visit.shop, key=KEY.format(shop=visit.shop.pk))
    return visit.page(
        "ledger/audit.html",
        units=terms.units(visit.shop),
        kept=reckonings.last_audit(visit.shop),
        is_running=line is not None and line.job.state in OPEN,
    )


@page_of_shop("ledger.read")
def again(visit: Visit) -> HttpResponse:
    """Have everything proved again."""
    if visit.request.method == "POST":
        reckonings.start_audit(visit.shop, actor=visit.actor)
        return visit.go("ledger_audit", say=_("The audit has begun. You can close this page."))
    return visit.go("ledger_audit")
