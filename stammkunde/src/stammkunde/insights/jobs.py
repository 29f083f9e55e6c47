"""Background work of the numbers: following the records, and what somebody asked for."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from stammkunde.core import bulk
from stammkunde.core.jobs import services as jobs
from stammkunde.core.shops.models import Shop
from stammkunde.insights import (
    changes,
    export,
    forecast_rows,
    forecasts,
    snapshots,
    standing,
)
from stammkunde.insights.export import Progress
from stammkunde.insights.models import Snapshot
from stammkunde.insights.questions import Question

ROUNDS = 5


@jobs.work("insights.refresh", title=_("Compute the numbers"))
def refresh(run: jobs.Running) -> None:
    """Let the numbers follow the records, until nothing new has come meanwhile."""
    shop = Shop.objects.get(pk=run.shop_id or 0)
    bulk.learn()
    for _round in range(ROUNDS):
        found = snapshots.refresh(shop, progress=_telling(run))
        if found.mark == changes.mark(shop.pk):
            break
    if standing.refresh(shop, between=run.stop_if_cancelled):
        # Only those who write need numbers and their libraries; pages do without.
        from stammkunde.insights import foretold

        foretold.follow(shop)
    forecast_rows.forget_erased(shop)
    forecasts.follow(shop)


@jobs.work("insights.answer", title=_("Compute what a page asked for"))
def answer(run: jobs.Running) -> None:
    """Answer questions from the columns of a snapshot; what cannot be asked is answered with why."""
    shop = Shop.objects.get(pk=run.shop_id or 0)
    snapshot = Snapshot.objects.filter(shop=shop, pk=run.args["snapshot"]).first()
    found = export.current(shop.pk)
    if snapshot is None or found is None:
        return
    asked = [Question(name, tuple(arguments)) for name, arguments in run.args["questions"]]
    snapshots.complete(shop, snapshot, found, asked, progress=_telling(run))


def _telling(run: jobs.Running) -> Progress:
    def tell(done: int, total: int) -> None:
        run.progress(done, total)
        run.stop_if_cancelled()

    return tell


@jobs.work(forecasts.WORK, title=_("Fit the forecast"))
def forecast(run: jobs.Running) -> None:
    """Foretell from the columns as they are; what is of them already is not foretold again."""
    forecasts.made(Shop.objects.get(pk=run.shop_id or 0), progress=_telling(run))


jobs.every("insights.refresh", at="03:30", per_shop=True)
jobs.every(forecasts.WORK, at="04:30", per_shop=True)
