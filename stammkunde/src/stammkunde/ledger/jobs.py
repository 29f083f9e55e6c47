"""Background work of the ledger: what time does to lots and holds, and the audit of every night."""

from __future__ import annotations

import logging

from django.utils.translation import gettext_lazy as _

from stammkunde.core import clock
from stammkunde.core.audit.services import JOB
from stammkunde.core.jobs import services as jobs
from stammkunde.core.shops.models import Shop
from stammkunde.ledger import auditing, closing, refusals, ticks
from stammkunde.ledger.books import reckonings

log = logging.getLogger("stammkunde.ledger")
SHOWN = 5


@jobs.work("ledger.tick", title=_("Points that mature, expire or are free again"))
def tick(run: jobs.Running) -> str:
    """Let due holds lapse, lots mature and expire, in pieces; running it again is no matter."""
    shop_id, now = run.shop_id or 0, clock.now()
    counts = []
    for work in (ticks.lapse, ticks.mature, ticks.expire):
        count, more = 0, True
        while more:
            run.stop_if_cancelled()
            done = work(shop_id, effective_at=now)
            count, more = count + done.count, done.more
        counts.append(count)
    return _("Free again: %(lapsed)s. Matured: %(matured)s. Expired: %(expired)s.") % dict(
        zip(("lapsed", "matured", "expired"), counts, strict=True)
    )


@jobs.work("ledger.audit", title=_("Audit of the ledger"), attempts=1)
def audit(run: jobs.Running) -> str:
    """Prove the ledger of a shop; what does not hold stands in the log and fails the job."""
    found = auditing.audit(run.shop_id, between=run.stop_if_cancelled)
    if run.shop_id:
        reckonings.keep_audit(run.shop_id, found)
    if not found:
        return str(_("All bookings are in order."))
    for finding in found:
        log.error("The ledger does not hold: %s", finding)
    raise refusals.DoesNotHold(count=len(found), places="; ".join(map(str, found[:SHOWN])))


@jobs.work("ledger.close", title=_("Close of the ledger's months"))
def close(run: jobs.Running) -> None:
    """Close what was recorded before this month; once that is done, nothing."""
    closing.close_months(Shop.objects.get(pk=run.shop_id or 0), actor=JOB)


jobs.every("ledger.tick", minutes=15, per_shop=True)
# Before the audit, which proves what was closed.
jobs.every("ledger.close", at="01:50", per_shop=True)
jobs.every("ledger.audit", at="02:40", per_shop=True)
