"""Background work of trials."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from stammkunde.core.jobs import services as jobs
from stammkunde.insights.trials import queries, services
from stammkunde.insights.trials.models import READING, Trial


@jobs.work(queries.WORK, title=_("Read a trial"))
def read(run: jobs.Running) -> None:
    """Turn the file of a trial into sums; done already, there is nothing to do."""
    trial = Trial.objects.filter(
        pk=run.args["trial"], shop_id=run.shop_id or 0, state=READING
    ).first()
    if trial is None:
        return

    def tell(done: int, total: int) -> None:
        run.progress(done, total)
        run.stop_if_cancelled()

    services.read(trial, tell=tell)


@jobs.work("trials.purge", title=_("Forget deleted trials"))
def purge(_run: jobs.Running) -> str:
    """Delete for good what nobody brought back, and files that were never read."""
    return _("Rows deleted: %(count)s.") % {"count": services.purge()}


jobs.every("trials.purge", at="04:50")
