"""Background work of the numbers: following the records, and what somebody asked for."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kohorte.errors import KohorteError
from stammkunde.core.jobs import services as jobs
from stammkunde.core.shops.models import Shop
from stammkunde.insights import changes, export, history, questions, snapshots, standing
from stammkunde.insights.models import Snapshot
from stammkunde.insights.questions import Question

ROUNDS = 5


@jobs.work("insights.refresh", title=_("Compute the numbers"))
def refresh(run: jobs.Running) -> None:
    """Let the numbers follow the records, until nothing new has come meanwhile."""
    shop = Shop.objects.get(pk=run.shop_id or 0)

    def tell(done: int, total: int) -> None:
        run.progress(done, total)
        run.stop_if_cancelled()

    for _round in range(ROUNDS):
        found = snapshots.refresh(shop, progress=tell)
        if found.mark == changes.mark(shop.pk):
            break
    standing.refresh(shop, between=run.stop_if_cancelled)


@jobs.work("insights.answer", title=_("Compute what a page asked for"))
def answer(run: jobs.Running) -> None:
    """Answer questions from the columns of a snapshot; what cannot be asked is answered with why."""
    shop = Shop.objects.get(pk=run.shop_id or 0)
    snapshot = Snapshot.objects.filter(shop=shop, pk=run.args["snapshot"]).first()
    found = export.current(shop.pk)
    if snapshot is None or found is None:
        return
    asked = [Question(name, tuple(arguments)) for name, arguments in run.args["questions"]]
    with history.of_columns(shop, found) as opened:
        for done, question in enumerate(asked):
            run.progress(done, len(asked))
            run.stop_if_cancelled()
            try:
                result = questions.answer(opened, question)
            except KohorteError as fault:
                result = {"fault": fault.sentence}
            # The first block last: once it is there, all are.
            for part, block in reversed(list(questions.blocks(question, result))):
                snapshots.keep(snapshot, part, block)


jobs.every("insights.refresh", at="03:30", per_shop=True)
