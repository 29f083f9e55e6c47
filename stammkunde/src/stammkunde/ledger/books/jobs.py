"""Background work of the books."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from stammkunde.core.jobs import services as jobs
from stammkunde.core.shops.models import Shop
from stammkunde.ledger.books import owing, reckonings
from stammkunde.ledger.models import Unit


@jobs.work(reckonings.LIABILITY, title=_("Calculate what is owed for points"))
def liability(run: jobs.Running) -> None:
    """Reckon what is owed for a unit, or for every unit of the shop."""
    shop = Shop.objects.get(pk=run.shop_id or 0)
    found = Unit.objects.filter(shop=shop)
    if run.args.get("unit"):
        found = found.filter(pk=run.args["unit"])
    for unit in found:
        owing.reckon(shop, unit, run.args.get("month"))
        run.stop_if_cancelled()


jobs.every(reckonings.LIABILITY, at="04:10", per_shop=True)
