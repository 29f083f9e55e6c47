"""Background work of questions in SQL."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from stammkunde.core.jobs import services as jobs
from stammkunde.insights.sql import services
from stammkunde.insights.sql.models import OPEN, Query


@jobs.work(services.WORK, title=_("Answer a query"), attempts=1, hours_max=0.1)
def ask(run: jobs.Running) -> None:
    """Answer a question in a process of its own."""
    query = Query.objects.select_related("shop").filter(pk=run.args["query"], state=OPEN).first()
    if query is not None:
        services.answer(query, between=run.stop_if_cancelled)


@jobs.work("sql.purge", title=_("Forget old queries"))
def purge(_run: jobs.Running) -> str:
    """Delete questions and results that nobody looks up any more."""
    return _("Rows deleted: %(count)s.") % {"count": services.purge()}


jobs.every("sql.purge", at="04:50")
