"""The rights of a customer: everything the shop holds as a file, and being forgotten."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from stammkunde.core.jobs import queries as jobs
from stammkunde.core.jobs.models import OPEN
from stammkunde.faces.dashboard import confirming
from stammkunde.faces.dashboard.access import Visit, page_of_shop
from stammkunde.faces.dashboard.confirming import Question
from stammkunde.faces.dashboard.customers import one
from stammkunde.faces.dashboard.jobs import left
from stammkunde.faces.personal import readable, written
from stammkunde.flows import customer_erased
from stammkunde.records.customers import queries

KINDS = {"json": "application/json", "html": "text/html; charset=utf-8"}


@page_of_shop("customers.export")
def privacy(visit: Visit, customer: int) -> HttpResponse:
    """Offer what a customer may ask for."""
    found = queries.one(visit.shop, customer)
    line = jobs.latest(visit.shop, key=customer_erased.erasing(found.pk))
    return visit.page(
        "customers/privacy.html",
        **one.about(visit, found),
        tab="privacy",
        line=line,
        is_erasing=line is not None and line.job.state in OPEN,
        left=left(line.seconds_left) if line else "",
    )


@page_of_shop("customers.export")
def export(visit: Visit, customer: int) -> HttpResponseBase:
    """Send everything the shop holds of a customer; that it was sent is noted."""
    if visit.request.method != "POST":
        return visit.go("customers_privacy", customer)
    kind = "html" if visit.request.POST.get("kind") == "html" else "json"
    exported = customer_erased.export(visit.shop, customer, actor=visit.actor)
    return HttpResponse(
        readable(exported) if kind == "html" else written(exported),
        content_type=KINDS[kind],
        headers={
            "Content-Disposition": f'attachment; filename="{visit.shop.slug}-{customer}.{kind}"',
            "Cache-Control": "no-store",
        },
    )


@page_of_shop("customers.erase", confirmed=True)
def erase(visit: Visit, customer: int) -> HttpResponse:
    """Forget a customer, after the name was typed."""
    found = queries.one(visit.shop, customer)
    question = Question(
        title=_("Erase %(name)s?") % {"name": found},
        consequences=(
            _("Name, addresses, numbers and everything written freely are gone for good, also from imported files."),
            _("Orders and amounts stay, without anybody's name, so that figures and accounts remain right."),
            _("Old files imported again do not bring this customer back."),
        ),
        button=_("Erase for good"),
        done=_("The erasure has begun. You can close this page."),
        back="customers_privacy",
        of=(found.pk,),
        typed=(_("Type %(name)s to confirm") % {"name": found}, str(found)),
    )  # fmt: skip
    return confirming.ask(
        visit,
        question,
        lambda: customer_erased.start_erasing(visit.shop, customer, actor=visit.actor),
    )
